package caiq

import "testing"

func TestSpell_lists(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		allowed     []string
		yes, no, na string // as written; "" when the list says no such thing
	}{
		{"German", []string{"Ja", "Nein", "Entfällt"}, "Ja", "Nein", "Entfällt"},
		{"German, in part", []string{"Ja", "Nein", "Teilweise"}, "Ja", "Nein", ""},
		{"French", []string{"Oui", "Non", "Sans objet"}, "Oui", "Non", "Sans objet"},
		{"Spanish", []string{"Sí", "No", "No aplica"}, "Sí", "No", "No aplica"},
		{"Italian", []string{"Sì", "No", "Non applicabile"}, "Sì", "No", "Non applicabile"}, //nolint:misspell // not English
		{"Dutch", []string{"Ja", "Nee", "N.v.t."}, "Ja", "Nee", "N.v.t."},
		{"Portuguese", []string{"Sim", "Não", "Não aplicável"}, "Sim", "Não", "Não aplicável"},
		{"with numbers", []string{"1 - Yes", "0 - No"}, "1 - Yes", "0 - No", ""},
		{"with numbers behind", []string{"Yes (1)", "No (0)", "N/A (9)"}, "Yes (1)", "No (0)", "N/A (9)"},
		{"numbers alone", []string{"1", "0"}, "", "", ""},
		{"degrees of yes", []string{"Yes, fully", "Yes, partly", "No"}, "", "No", ""},
		{"degrees by number", []string{"1 Yes", "2 Yes", "No"}, "", "No", ""},
		{"more than yes and no", []string{"Implemented", "Not implemented"}, "", "", ""},
		{"fulfilment", []string{"Fully met", "Partially met", "Not met", "Not applicable"}, "", "", "Not applicable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for value, want := range map[Value]string{Yes: c.yes, No: c.no, NA: c.na} {
				if got, ok := Spell(value, c.allowed, Vocabulary{}); got != want || ok != (want != "") {
					t.Errorf("%s is spelled %q, %v; want %q", value, got, ok, want)
				}
			}
		})
	}
}

func TestLacks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		value   Value
		allowed []string
		want    bool
	}{
		{"no word for not applicable", NA, []string{"Yes", "No"}, true},
		{"no word for yes", Yes, []string{"No", "Partly"}, true},
		{"two kinds of yes", Yes, []string{"Yes, fully", "Yes, partly", "No"}, false},
		{"grades", Yes, []string{"Fully met", "Partly met", "Not met", "N/A"}, false},
		{"numbers", No, []string{"1", "2", "3"}, false},
	} {
		if got := Lacks(c.value, c.allowed); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
