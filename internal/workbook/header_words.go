package workbook

import (
	"strings"
	"unicode/utf8"

	"caique/internal/caiq"
)

// headerWord says what a header cell with these words heads.
type headerWord struct {
	role   caiq.Role // "" for columns that are not the answering party's
	words  string    // normalised
	weight float64   // 0..1: how surely the words alone mean the role
	reply  bool      // an answer in whatever words
}

// headerWords is the whole vocabulary of column headers: the common words in
// English, German, French, Spanish, Italian, Dutch and Portuguese.
func headerWords() []headerWord {
	var words []headerWord
	add := func(lists []headerWordList, reply bool) {
		for _, list := range lists {
			for phrase := range strings.SplitSeq(list.phrases, ",") {
				words = append(words, headerWord{list.role, strings.TrimSpace(phrase), list.weight, reply})
			}
		}
	}
	add(placeWords(), false)
	add(replyWords(), true)
	add(verdictWords(), false)
	add(textWords(), false)
	add(askerWords(), false)
	return words
}

// headerWordList is several headerWords of one role and weight.
type headerWordList struct {
	role    caiq.Role
	weight  float64
	phrases string // separated by commas; lower case, without accents
}

// placeWords head the columns that say what is asked and where it belongs.
func placeWords() []headerWordList {
	return []headerWordList{
		{caiq.RoleID, 1, "question id, questionid, question number, question no, question ref, question code, requirement id, requirement number, requirement no"},
		{caiq.RoleID, 1, "id, qid, q number, cid"}, // CAIQ 1.1 has CID
		{caiq.RoleID, .8, "number, ref, ref no, sr no, nr, nummer, numero, lfd nr"},
		{caiq.RoleID, .6, "reference, referenz, item, code"},

		{caiq.RoleQuestion, 1, "question, questions, question text, assessment question, assessment questions, question en, question english"},
		{caiq.RoleQuestion, 1, "what we want to know, what we need to know, what we would like to know, what we ask, our question, information requested, details requested"},
		{caiq.RoleQuestion, .9, "control requirement, control requirements, security requirement, security requirements, requirement text, requirement description, control question"},
		{caiq.RoleQuestion, .8, "requirement, requirements, inquiry, enquiry"},
		{caiq.RoleQuestion, .7, "query, control statement, control objective"},
		{caiq.RoleQuestion, .5, "statement"},
		{caiq.RoleQuestion, .4, "description"},
		{caiq.RoleQuestion, 1, "frage, fragen, fragestellung, pregunta, preguntas, domanda, domande, vraag, vragen, pergunta, perguntas"},
		{caiq.RoleQuestion, .8, "anforderung, anforderungen, exigence, exigences, requisito, requisitos, requisiti, eis, eisen, vereiste, vereisten"},

		{caiq.RoleControl, 1, "control id, control number, cgid"}, // CAIQ 1.1 has CGID
		{caiq.RoleControl, .6, "control, controls, security control, security controls"},
		{caiq.RoleControlTitle, 1, "control title, control name, control group"},
		{caiq.RoleSpecification, 1, "control specification, control description"},
		{caiq.RoleDomain, 1, "control domain, domain title, domain, domaine, dominio, domein"},
		{caiq.RoleDomain, .8, "category, kategorie, categorie, categoria, control family, control area"},
		{caiq.RoleDomain, .7, "topic, theme, thema, bereich, ambito, onderwerp"},
		{caiq.RoleDomain, .6, "area, subject"},
		{caiq.RoleSection, .8, "section, kapitel, abschnitt, chapitre, seccion, sezione, hoofdstuk"},
	}
}

// replyWords head the columns that take an answer of any kind.
func replyWords() []headerWordList {
	return []headerWordList{
		{caiq.RoleAnswer, 1, "answer, answers, response, responses, reply, vendor answer, vendor response, caiq answer, assessment answers"},
		{caiq.RoleAnswer, 1, "your answer, your response, your reply, supplier answer, supplier response, provider answer, provider response, supplier input, vendor input"},
		{caiq.RoleAnswer, 1, "antwort, antworten, reponse, reponses, respuesta, respuestas, risposta, risposte, antwoord, antwoorden, resposta, respostas"}, //nolint:misspell // not English
	}
}

// verdictWords head the columns that take Yes, No and not applicable, or a grade.
func verdictWords() []headerWordList {
	return []headerWordList{
		{caiq.RoleAnswer, 1, "yes no, yes no na, yes no n a, y n, y n na, y n n a, answer yes no, response yes no, compliant yes no, compliant y n"},
		{caiq.RoleAnswer, 1, "ja nein, j n, oui non, o n, si no, ja nee, sim nao"},
		{caiq.RoleAnswer, .9, "compliance status, implementation status, met not met, self assessment, selbstbewertung, selbsteinschatzung"},
		{caiq.RoleAnswer, .8, "compliance level, level of compliance, degree of compliance, do you comply, erfullungsgrad, umsetzungsstand"},
		{caiq.RoleAnswer, .7, "in place, complies, comply, erfullt, umgesetzt, cumple"},
		{caiq.RoleAnswer, .6, "compliant, implemented, compliance, met, conformance, conformity, current status, conforme, conformite, cumplimiento"},
		{caiq.RoleAnswer, .5, "status, statut, estado, stato"},
		{caiq.RoleYes, 1, "yes, ja, oui, si, sim"},
		{caiq.RoleNo, 1, "no, nein, non, nee, nao"},
		{caiq.RoleNA, 1, "na, n a, not applicable, nicht anwendbar, sans objet, non applicable, no aplica, non applicabile, nvt, n v t"}, //nolint:misspell // not English
	}
}

// textWords head the columns that take what explains an answer.
func textWords() []headerWordList {
	return []headerWordList{
		{caiq.RoleOwnership, 1, "control ownership, ssrm ownership"},
		{caiq.RoleOwnership, .8, "ownership"},
		{caiq.RoleDescription, 1, "implementation description, csp implementation description"},
		{caiq.RoleCustomer, 1, "csc responsibilities, customer responsibilities, customer responsibility"},
		{caiq.RoleNotes, 1, "notes, comments, comment, commentary, comments and notes, additional information, additional comments, additional details"},
		{caiq.RoleNotes, 1, "details, details additional information, explanation, explanations"},
		{caiq.RoleNotes, .9, "if yes, if no, if not, please describe, please explain, please elaborate, further information, further details, more information, clarification, clarifications"},
		{caiq.RoleNotes, .8, "note, justification, remarks, remark, rationale, narrative, observations, how met, how achieved, how is this met, how is it met, how do you comply, how do you meet this"},
		{caiq.RoleNotes, .6, "evidence, supporting information, describe, explain"},
		{caiq.RoleNotes, 1, "bemerkung, bemerkungen, kommentar, kommentare, anmerkung, anmerkungen, erlauterung, erlauterungen"},
		{caiq.RoleNotes, 1, "commentaire, commentaires, comentario, comentarios, commento, commenti, opmerking, opmerkingen, toelichting"},
		{caiq.RoleNotes, .8, "begrundung, stellungnahme, remarque, remarques, precisions, observaciones, notas, justificacion, osservazioni, observacoes, justificativa"}, //nolint:misspell // not English
		{caiq.RoleNotes, .6, "nachweis, nachweise, preuve, preuves, evidencia, evidencias, evidenza, evidenze, bewijs"},
	}
}

// askerWords head the columns of whoever asked; whatever else the header says.
func askerWords() []headerWordList {
	return []headerWordList{
		{"", 1, "reviewer, review, analyst, assessor, auditor, evaluator, internal, buyer, customer comments, customer notes, client comments, client notes"},
		{"", 1, "guidance, instructions, example, score, scoring, rating, weight, weighting, mandatory, priority, criticality, mapping"},
		{"", 1, "compliant response, compliant override, expected response, expected answer, preferred response, answer type, response type, response format"},
		{"", 1, "response required, answer required, evidence required, required evidence"},
		{"", 1, "hinweis, hinweise, bewertung, gewichtung, beispiel, prioritat, consigne, consignes, exemple, evaluation, ponderation, ejemplo, ponderacion, esempio, voorbeeld"}, //nolint:misspell // not English
	}
}

// foldAccents spells letters as headerWords does: many a header is typed without
// its accents.
func foldAccents() *strings.Replacer {
	return strings.NewReplacer(
		"ä", "a", "á", "a", "à", "a", "â", "a", "ã", "a", "ç", "c",
		"é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "ì", "i", "î", "i", "ï", "i", "ñ", "n",
		"ö", "o", "ó", "o", "ò", "o", "ô", "o", "õ", "o", "œ", "oe", "ü", "u", "ú", "u", "ù", "u", "û", "u", "ß", "ss",
		"#", " number ", "№", " number ", "n°", " number ", "nº", " number ", "_", " ",
	)
}

// isFolded reports whether foldAccents may have something to do with a letter or sign.
func isFolded(r rune) bool { return r >= utf8.RuneSelf || r == '#' || r == '_' }
