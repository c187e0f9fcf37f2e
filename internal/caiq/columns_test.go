package caiq

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckColumns(t *testing.T) {
	t.Parallel()
	full := Answer{Value: Yes, Ownership: OwnerCSP, Description: "We do."}
	for _, c := range []struct {
		name string
		a    Answer
		want []string
	}{
		{"blank breaks nothing", Answer{}, nil},
		{"Yes with an owner", full, nil},
		{"Yes without an owner", Answer{Value: Yes, Description: "We do."}, []string{"ownership_missing"}},
		{"No without a reason", Answer{Value: No, Ownership: OwnerCSP}, []string{"no_unexplained"}},
		{"No with blanks for a reason", Answer{Value: No, Ownership: OwnerCSP, Description: " \n"}, []string{"no_unexplained"}},
		{"NA with an owner", Answer{Value: NA, Ownership: OwnerCSP, Description: "Out of scope."}, []string{"na_with_owner"}},
		{"NA with a customer's duty", Answer{Value: NA, Description: "Out of scope.", Customer: "Do."}, []string{"na_with_owner"}},
		{"NA without a reason", Answer{Value: NA}, []string{"na_unexplained"}},
		{"shared with the customer, whose part is not named", Answer{Value: Yes, Ownership: OwnerSharedCSC}, []string{"customer_missing"}},
		{"CSC-owned while the answer is open", Answer{Ownership: OwnerCSC, Customer: "Configure it."}, nil},
		{"a customer's duty under an owner without one", Answer{Value: Yes, Ownership: OwnerThirdParty, Customer: "Do."}, []string{"customer_without_owner"}},
		{"Not Determined without a reason", Answer{Value: Yes, Ownership: OwnerNotDetermined}, []string{"not_determined_unexplained"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var codes []string
			for _, p := range CheckColumns(c.a) {
				codes = append(codes, p.Code)
			}
			if diff := cmp.Diff(c.want, codes); diff != "" {
				t.Errorf("broken rules (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, code string }{
		{"plain", "Yes.\n\tIndented – “quoted” 🙂", ""},
		{"control character", "bell\a", "control_character"},
		{"carriage return", "a\r\nb", "control_character"},
		{"not a character", "\uFFFE", "control_character"},
		{"invalid UTF-8", "a\xff", "bad_utf8"},
		{"the longest text", strings.Repeat("a", MaxCellText), ""},
		{"one unit too long", strings.Repeat("a", MaxCellText+1), "text_too_long"},
		{"surrogate pairs count twice", strings.Repeat("🙂", MaxCellText/2+1), "text_too_long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := CodeOf(CheckText(c.text)); got != c.code {
				t.Errorf("code %q, want %q", got, c.code)
			}
		})
	}
}

func TestSpell(t *testing.T) {
	t.Parallel()
	voc := Vocabulary{Yes: "Yes", No: "No", NA: "Not Applicable"}
	for _, c := range []struct {
		name    string
		v       Value
		allowed []string
		want    string
		ok      bool
	}{
		{"the format's own word", NA, nil, "Not Applicable", true},
		{"the cell's word", NA, []string{"Yes", "No", "N/A"}, "N/A", true},
		{"the cell's case", Yes, []string{"YES", "NO"}, "YES", true},
		{"the cell has no word for it", NA, []string{"Yes", "No"}, "", false},
		{"an option that begins with it", Yes, []string{"Yes, fully implemented", "No, not implemented"}, "Yes, fully implemented", true},
		{"two options that begin with it", Yes, []string{"Yes, fully", "Yes, in part", "No"}, "", false},
		{"no answer needs no word", "", []string{"Yes"}, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := Spell(c.v, c.allowed, voc)
			if got != c.want || ok != c.ok {
				t.Errorf("got %q, %v; want %q, %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func TestSpellOwnership(t *testing.T) {
	t.Parallel()
	got, ok := SpellOwnership(OwnerThirdParty, []string{"CSP-owned", "3rd-Party Outsourced"})
	if got != "3rd-Party Outsourced" || !ok {
		t.Errorf("got %q, %v", got, ok)
	}
	if _, ok := SpellOwnership(OwnerNotDetermined, []string{"CSP-owned"}); ok {
		t.Error("a value outside the cell's list must be refused")
	}
}

func TestComposeText(t *testing.T) {
	t.Parallel()
	a := Answer{Value: Yes, Ownership: OwnerSharedCSC, Description: "We encrypt.", Customer: "Rotate your tokens."}
	want := "We encrypt.\nResponsibility: Shared CSP and CSC.\nCustomer: Rotate your tokens."
	if got := ComposeText(a); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := ComposeText(Answer{}); got != "" {
		t.Errorf("a blank answer composes to %q", got)
	}
}
