package caiq

import (
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxCellText is the longest text a spreadsheet cell holds, in UTF-16 code
// units (ECMA-376 Part 1, 18.3.1.4 and Excel's published limits).
const MaxCellText = 32767

// ColumnRule is one rule between the four columns of a CAIQ v4 answer, from the
// Introduction sheet of the official workbooks.
type ColumnRule struct {
	Code    string
	Message string
	Broken  func(Answer) bool
}

// ColumnRules returns the rules that propose, approve and export all check.
func ColumnRules() []ColumnRule {
	return []ColumnRule{
		{"ownership_missing", "the answer is Yes or No, so column D must name the owner", func(a Answer) bool {
			return (a.Value == Yes || a.Value == No) && a.Ownership == OwnerNone
		}},
		{"no_unexplained", "the answer is No, so column E must say why and what is to be done", func(a Answer) bool {
			return a.Value == No && strings.TrimSpace(a.Description) == ""
		}},
		{"na_with_owner", "the answer is NA, so columns D and F stay empty", func(a Answer) bool {
			return a.Value == NA && (a.Ownership != OwnerNone || a.Customer != "")
		}},
		{"na_unexplained", "the answer is NA, so column E must give the reason", func(a Answer) bool {
			return a.Value == NA && strings.TrimSpace(a.Description) == ""
		}},
		{"customer_missing", "the customer has a part, so column F must say which", func(a Answer) bool {
			return a.Ownership.WithCustomer() && strings.TrimSpace(a.Customer) == ""
		}},
		{"customer_without_owner", "column F names a duty of the customer, so column D must be CSC-owned or Shared CSP and CSC", func(a Answer) bool {
			return strings.TrimSpace(a.Customer) != "" && a.Value != NA && !a.Ownership.WithCustomer()
		}},
		{"not_determined_unexplained", "the owner is Not Determined, so column E must say why", func(a Answer) bool {
			return a.Ownership == OwnerNotDetermined && strings.TrimSpace(a.Description) == ""
		}},
	}
}

// CheckColumns returns the rules that the answer breaks, as problems without a
// place. A blank answer breaks none.
func CheckColumns(a Answer) Problems {
	var ps Problems
	for _, r := range ColumnRules() {
		if r.Broken(a) {
			ps = append(ps, Problem{Code: r.Code, Message: r.Message})
		}
	}
	return ps
}

// CheckText refuses what no cell can hold: over MaxCellText UTF-16 units,
// control characters other than tab and line feed, invalid UTF-8, U+FFFE and U+FFFF.
func CheckText(s string) error {
	if !utf8.ValidString(s) {
		return Errorf(Invalid, "bad_utf8", "the text is not valid UTF-8")
	}
	if len(s) <= MaxCellText && plainASCII(s) {
		return nil
	}
	units := 0
	for _, r := range s {
		units += utf16.RuneLen(r)
		if r < 0x20 && r != '\t' && r != '\n' || r == 0x7F || r == 0xFFFE || r == 0xFFFF {
			return Errorf(Invalid, "control_character", "the text holds the control character U+%04X", r).
				WithHint("remove it; a cell may hold text, tabs and line breaks only")
		}
	}
	if units > MaxCellText {
		return Errorf(Invalid, "text_too_long", "the text has %d UTF-16 units, a cell holds %d", units, MaxCellText).
			WithHint("shorten it: nothing is ever cut silently")
	}
	return nil
}

// plainASCII reports whether the text holds printable ASCII, tabs and line feeds
// alone: what nearly every text is, and cheap to see.
func plainASCII(s string) bool {
	for i := range len(s) {
		if b := s[i]; b < 0x20 && b != '\t' && b != '\n' || b >= 0x7F {
			return false
		}
	}
	return true
}

// ReadOwnership reads a spelled ownership value; false when it is none.
func ReadOwnership(s string) (Ownership, bool) {
	n := NormalizeText(s)
	for _, o := range []Ownership{OwnerCSP, OwnerCSC, OwnerThirdParty, OwnerSharedCSC, OwnerSharedThird, OwnerNotDetermined} {
		if NormalizeText(string(o)) == n {
			return o, true
		}
	}
	return OwnerNone, false
}

// SpellOwnership returns the ownership as one of the allowed spellings; any
// spelling goes when there is no list.
func SpellOwnership(o Ownership, allowed []string) (string, bool) {
	if o == OwnerNone || len(allowed) == 0 {
		return string(o), true
	}
	if slices.Contains(allowed, string(o)) {
		return string(o), true
	}
	for _, a := range allowed {
		if got, ok := ReadOwnership(a); ok && got == o {
			return a, true
		}
	}
	return "", false
}

// ComposeText is the one free-text cell of questionnaires without the SSRM
// columns: description, then "Responsibility: …", then "Customer: …".
func ComposeText(a Answer) string {
	var parts []string
	if a.Description != "" {
		parts = append(parts, a.Description)
	}
	if a.Ownership != OwnerNone {
		parts = append(parts, "Responsibility: "+string(a.Ownership)+".")
	}
	if a.Customer != "" {
		parts = append(parts, "Customer: "+a.Customer)
	}
	return strings.Join(parts, "\n")
}
