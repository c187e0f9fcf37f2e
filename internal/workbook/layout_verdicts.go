package workbook

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// offersAnswers tells a list of answers: Yes and No in any language that is read, or
// grades of fulfilment as in "Implemented" and "Not implemented".
func offersAnswers(values []string) bool {
	if len(values) == 0 {
		return false
	}
	_, yes := caiq.Spell(caiq.Yes, values, caiq.Vocabulary{})
	_, no := caiq.Spell(caiq.No, values, caiq.Vocabulary{})
	return yes && no || offersGrades(values)
}

// offersGrades tells a list whose options say that a requirement is met and that it
// is not, in so many words; at least half of them do.
func offersGrades(values []string) bool {
	grades, met, unmet := 0, false, false
	for _, v := range values {
		switch grade, not := readGrade(v); {
		case !grade:
			continue
		case not:
			unmet = true
		default:
			met = true
		}
		grades++
	}
	return met && unmet && 2*grades >= len(values)
}

// readGrade reads "Partially met", "Non-compliant", "Nicht umgesetzt": how a
// requirement fares, and whether it does not.
func readGrade(value string) (grade, not bool) {
	words := strings.Fields(caiq.NormalizeText(foldAccents().Replace(strings.ToLower(value))))
	if len(words) == 0 {
		return false, false
	}
	for len(words) > 0 && slices.Contains(gradeDegrees(), words[0]) {
		words = words[1:]
	}
	if len(words) > 0 && slices.Contains(gradeDenials(), words[0]) {
		words, not = words[1:], true
	}
	if len(words) == 1 {
		for _, denial := range []string{"non", "un"} {
			if rest, ok := strings.CutPrefix(words[0], denial); ok && slices.Contains(gradeWords(), rest) {
				words, not = []string{rest}, true
			}
		}
	}
	// "Full" and "None" grade by themselves.
	return len(words) == 0 || slices.Contains(gradeWords(), strings.Join(words, " ")), not
}

// gradeDegrees say how far a requirement is met.
func gradeDegrees() []string {
	return []string{
		"fully", "partially", "partly", "largely", "mostly", "completely", "substantially", "full", "partial",
		"voll", "vollstandig", "teilweise", "totalement", "entierement", "partiellement", "totalmente", "parcialmente",
		"completamente", "parzialmente", "volledig", "gedeeltelijk", "deels",
	}
}

// gradeDenials say that it is not.
func gradeDenials() []string {
	return []string{"not", "none", "non", "no", "nicht", "pas", "niet", "nao"}
}

// gradeWords say that a requirement is met. Accents are folded.
func gradeWords() []string {
	return []string{
		"met", "implemented", "compliant", "in place", "complies", "comply", "compliance", "conforms", "conforming", "conformant",
		"at all", "satisfied", "fulfilled", "achieved", "addressed", "covered", "complied",
		"erfullt", "umgesetzt", "vorhanden", "konform", "eingefuhrt",
		"conforme", "respecte", "applique", "en place", "mis en oeuvre", "mise en oeuvre", "realise", //nolint:misspell // not English
		"cumple", "cumplido", "implementado", "implantado", "implementato", "soddisfatto", "rispettato", //nolint:misspell // not English
		"voldaan", "voldoet", "geimplementeerd", "conform", "atende", "atendido",
	}
}
