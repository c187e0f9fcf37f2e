package caiq

import (
	"slices"
	"strings"
)

// Spell returns the value as one of the allowed spellings, or false when none
// of them means it: the word itself ("N/A"), else the one option that begins with
// it ("Yes, fully implemented"). With no list, the format's vocabulary decides.
func Spell(v Value, allowed []string, voc Vocabulary) (string, bool) {
	if v == "" {
		return "", true
	}
	if len(allowed) == 0 {
		switch v {
		case Yes:
			return voc.Yes, voc.Yes != ""
		case No:
			return voc.No, voc.No != ""
		case NA:
			return voc.NA, voc.NA != ""
		default:
			return "", false
		}
	}
	for _, a := range allowed {
		if ReadValue(a) == v {
			return a, true
		}
	}
	return onlyOne(v, allowed)
}

// onlyOne finds the one option that says the value in more words; of several none
// is chosen.
func onlyOne(v Value, allowed []string) (string, bool) {
	found := ""
	for _, a := range allowed {
		if !saysMore(v, a) {
			continue
		}
		if found != "" {
			return "", false
		}
		found = a
	}
	return found, found != ""
}

// saysMore reports whether an option says the value and something besides.
func saysMore(v Value, option string) bool {
	return leadingValue(option) == v || ReadValue(withoutCode(option)) == v
}

// leadingValue reads the beginning of "Yes, fully implemented" and "Yes - in part".
func leadingValue(option string) Value {
	first, _, qualified := strings.Cut(option, ",")
	if !qualified {
		first, _, _ = strings.Cut(option, " - ")
	}
	return ReadValue(first)
}

// withoutCode takes the digit off "1 - Yes" and "Yes (1)".
func withoutCode(option string) string {
	words := strings.Fields(NormalizeText(option))
	switch last := len(words) - 1; {
	case last < 1:
	case isDigit(words[0]):
		words = words[1:]
	case isDigit(words[last]):
		words = words[:last]
	}
	return strings.Join(words, " ")
}

func isDigit(word string) bool { return len(word) == 1 && "0" <= word && word <= "9" }

// Lacks reports whether a list says Yes or No in plain words and has none for the
// value. A list of "Fully met", "Partially met" and "Not met" says neither: each of
// these says more than Yes or No does, and which of them is true is not for a
// program to say. Nor does one lack Yes that offers two kinds of it.
func Lacks(v Value, allowed []string) bool {
	_, yes := Spell(Yes, allowed, Vocabulary{})
	_, no := Spell(No, allowed, Vocabulary{})
	return (yes || no) && !slices.ContainsFunc(allowed, func(a string) bool { return saysMore(v, a) })
}

// ReadValue reads a spelled answer ("Yes", "N/A", "Not Applicable") in English,
// German, French, Spanish, Italian, Dutch or Portuguese; "" when it is none. Only
// words that say Yes, No or not applicable and nothing else are read.
func ReadValue(s string) Value {
	if len(s) > maxValueBytes {
		return ""
	}
	switch NormalizeText(s) {
	case "yes", "y", "true", "ja", "j", "oui", "sí", "sì", "si", "sim":
		return Yes
	case "no", "n", "false", "nein", "non", "nee", "não", "nao":
		return No
	case "na", "n a", "not applicable",
		"nicht anwendbar", "entfällt", "sans objet", "non applicable", "no aplica", "non applicabile", //nolint:misspell // not English
		"niet van toepassing", "n v t", "nvt", "não aplicável", "nao aplicavel":
		return NA
	default:
		return ""
	}
}

// maxValueBytes is more than any spelled answer has.
const maxValueBytes = 64
