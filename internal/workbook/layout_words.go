package workbook

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// asks reports whether a text asks or demands something: it ends as a question,
// opens like one, or says what must be.
func asks(text string) bool {
	if isInterrogative(text) {
		return true
	}
	words := strings.Fields(caiq.NormalizeText(text))
	if len(words) < 2 {
		return false
	}
	return slices.Contains(openings(), words[0]) || slices.ContainsFunc(words, func(w string) bool {
		return w == "must" || w == "shall" || w == "should"
	})
}

// states reports whether a short text is a sentence, as headings seldom are:
// "Backups are encrypted".
func states(text string) bool {
	return slices.ContainsFunc(strings.Fields(caiq.NormalizeText(text)), func(w string) bool {
		switch w {
		case "is", "are", "was", "were", "has", "have", "can", "will", "does", "do":
			return true
		default:
			return false
		}
	})
}

func isInterrogative(text string) bool { return strings.ContainsAny(text, "?？") }

// openings are the first words of questions and demands.
func openings() []string {
	return []string{
		"do", "does", "did", "is", "are", "was", "were", "has", "have", "had", "can", "could", "will", "would", "may",
		"what", "when", "where", "which", "who", "whom", "whose", "why", "how",
		"please", "describe", "explain", "provide", "list", "state", "specify", "indicate", "identify", "confirm", "name",
		"attach", "detail", "outline", "give", "if",
	}
}

// aside reports whether a row is told by its first words not to be a question:
// examples, instructions, footers.
func aside(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	return slices.ContainsFunc(asides(), func(opening string) bool { return strings.HasPrefix(text, opening) })
}

// asides are how rows begin that explain or close a questionnaire.
func asides() []string {
	return []string{
		"example:", "example -", "example –", "example (", "(example", "[example", "sample:", "e.g.", "for example",
		"instruction:", "instructions", "note:", "notes:", "please note", "n.b.", "legend", "©", "copyright", "(c) ",
		"end of ", "total:", "page ", "***",
	}
}
