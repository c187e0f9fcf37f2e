package app

import (
	"testing"

	"caique/internal/caiq"
	"caique/internal/mapping"
)

// An identifier answers nothing by itself where the text is another one.
func TestMatchRows_changedText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		search     Search
		want       caiq.Value
	}{
		{"something else", "Do you have a dog?", memory, ""},
		{"the same in other words", "Is there an approved audit and assurance policy, with procedures that are kept up?", memory, caiq.Yes},
		{"the same, and nobody looks", "Is there an approved audit and assurance policy, with procedures that are kept up?", nil, ""},
		{"nothing", "", memory, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := changed(t, "A&A-01.1", tt.text, tt.search)
			if p.Value != tt.want || p.Needs[0].Code != "text_changed" || p.Value == "" && p.Band != caiq.BandWeak {
				t.Errorf("%q, %s, needs %v", p.Value, p.Band, p.Needs)
			}
		})
	}
}

// changed proposes an answer to one row of CAIQ 4.0 with another text.
func changed(t *testing.T, id, text string, search Search) caiq.Proposal {
	t.Helper()
	lib := library()
	format, err := lib.Format("caiq-4.0")
	if err != nil {
		t.Fatal(err)
	}
	d := &Draft{Questionnaire: blankQuestionnaire(format)}
	if d.Knowledge, err = lib.Knowledge("caiq-4.0", mapping.ProfileSource{Name: "example-saas"}); err != nil {
		t.Fatal(err)
	}
	in := Input{Options: caiq.Options{AsOf: asOf(t), Audience: caiq.ReleaseNDA}, Search: search}
	if err := d.ready(in.Options); err != nil {
		t.Fatal(err)
	}
	for i := range d.Questionnaire.Questions {
		if q := &d.Questionnaire.Questions[i]; q.ID == id {
			q.Text, q.Match.Kind = text, caiq.MatchChanged
			if err := d.matchRows(t.Context(), lib, in); err != nil {
				t.Fatal(err)
			}
			if err := d.propose(t.Context(), in, nil); err != nil {
				t.Fatal(err)
			}
			return d.Rows[i].Proposal
		}
	}
	t.Fatalf("no question %s", id)
	return caiq.Proposal{}
}
