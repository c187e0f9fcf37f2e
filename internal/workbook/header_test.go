package workbook

import (
	"testing"

	"caique/internal/caiq"
)

// TestVocabulary_customers reads headers as customers put them, in several languages.
func TestVocabulary_customers(t *testing.T) {
	t.Parallel()
	tests := map[caiq.Role][]string{
		caiq.RoleQuestion: {
			"What we want to know", "Control requirement", "Security requirements", "Question (EN)", "Requirement / Control text",
			"Frage", "Anforderung", "Exigence", "Exigences de sécurité", "Pregunta", "Domanda", "Vraag", "Pergunta",
		},
		caiq.RoleDomain: {"Thema", "Bereich", "Domaine", "Catégorie", "Dominio", "Control family"},
		caiq.RoleID:     {"Nr.", "N°", "Réf.", "Lfd. Nr.", "Sr. No"},
		caiq.RoleAnswer: {
			"Your answer", "Your response", "Supplier response", "Response of the supplier", "Compliance status", "Compliance", "Status", "Met?",
			"Met / Not met", "Compliant (Y/N)", "Do you comply?", "In place?", "Self-assessment",
			"Antwort", "Antwort des Lieferanten", "Ja/Nein", "Erfüllt?", "Réponse", "Réponse du fournisseur", "Réponse / Answer", "Oui/Non", "Oui / Non",
			"Respuesta", "Sí/No", "Risposta", "Antwoord", "Ja/Nee", "Resposta", "Sim/Não",
		},
		caiq.RoleNotes: {
			"Supplier commentary", "Vendor comments", "If yes, describe", "If yes, describe / Comments", "If no, please explain", "Explanation",
			"Details", "Remarks", "Evidence", "Comments from the supplier", "Please describe",
			"Bemerkung", "Bemerkungen", "Kommentar", "Erläuterung", "Begründung", "Nachweis", "Commentaires", "Observaciones", "Osservazioni", "Toelichting",
		},
		"": {
			"Reviewed by us", "Customer comments", "Rating", "Expected answer (yes)", "Response required", "Bewertung", "Hinweise", "Gewichtung",
			"Date of the response", "Name of the respondent", "Reason for requirement",
		},
	}
	v := newVocabulary()
	for want, texts := range tests {
		for _, text := range texts {
			if got := v.role(text).role; got != want {
				t.Errorf("%q heads %q, want %q", text, got, want)
			}
		}
	}
}
