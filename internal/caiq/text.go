package caiq

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// NormalizeText lower-cases text and joins its runs of letters, marks and
// numbers by one blank. Two texts that differ in case, spacing or punctuation
// alone normalise alike.
func NormalizeText(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N)
	}), " ")
}

// TextHash returns the SHA-256 of NormalizeText(text) in lower-case hex, or ""
// when nothing is left to hash.
func TextHash(text string) string {
	n := NormalizeText(text)
	if n == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(n))
	return hex.EncodeToString(sum[:])
}

// Counted says how many there are: "1 row is", "2 rows are".
func Counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

const openings = " how what which who where when why describe explain outline "

// AsksOpenly reports whether a question opens with a word that Yes does not answer:
// "How are keys protected?"
func AsksOpenly(text string) bool {
	words := strings.Fields(NormalizeText(text))
	if len(words) > 0 && words[0] == "please" {
		words = words[1:]
	}
	return len(words) > 0 && strings.Contains(openings, " "+words[0]+" ")
}

var idPattern = regexp.MustCompile(`^([A-Z][A-Z&]{1,4}) *- *(\d{1,3})(?:\. *(\d{1,2}))?$`)

// NormalizeID returns a CAIQ or CCM identifier without the stray blanks found in
// published workbooks ("AIS- 02.2" is "AIS-02.2"). Other identifiers only lose
// surrounding blanks.
func NormalizeID(id string) string {
	id = strings.TrimFunc(id, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B' })
	m := idPattern.FindStringSubmatch(strings.ToUpper(id))
	switch {
	case m == nil:
		return id
	case m[3] == "":
		return m[1] + "-" + m[2]
	default:
		return m[1] + "-" + m[2] + "." + m[3]
	}
}

// ControlID returns the control part of a question id ("IAM-14.1" gives
// "IAM-14"), or "" when id does not look like a CAIQ question.
func ControlID(questionID string) string {
	if !idPattern.MatchString(questionID) {
		return ""
	}
	control, _, ok := strings.Cut(questionID, ".")
	if !ok {
		return ""
	}
	return control
}
