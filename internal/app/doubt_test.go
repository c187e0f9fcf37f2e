package app

import (
	"bytes"
	"strings"
	"testing"

	"caique/internal/caiq"
	"caique/internal/mapping"
)

// An answer to a question that was recognised by its wording is written where a
// reader finds all of the question in it, and nowhere else.
func TestFill_answersByWording(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file string
		knownOnly  bool
		written    bool
		why        string
	}{
		{name: "all of the question is answered", file: "Question,Answer,Comment\nAre backups encrypted?,,\n", written: true},
		{name: "one cell takes both", file: "Question,Answer\nAre backups encrypted?,\n", written: true},
		{name: "nothing speaks of a part of it", file: "Question,Answer,Comment\nAre backups stored in a separate geographic region?,,\n", why: "geograph"},
		{name: "only known questions are to be answered", file: "Question,Answer,Comment\nAre backups encrypted?,,\n", knownOnly: true, why: "only known"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := Input{
				Name: "own.csv", Data: []byte(tt.file), Profile: mapping.ProfileSource{Name: "example-saas"},
				Options: caiq.Options{AsOf: asOf(t), Audience: caiq.ReleaseNDA}, Search: memory, KnownOnly: tt.knownOnly,
			}
			d, err := Fill(library(), in, nil)
			if err != nil {
				t.Fatal(err)
			}
			row := d.Rows[0]
			if row.Question.Match.Kind != caiq.MatchFound {
				t.Fatalf("recognised as %s", row.Question.Match.Kind)
			}
			if got := row.Outcome == Filled; got != tt.written || bytes.Equal(d.Output, in.Data) == tt.written {
				t.Errorf("outcome %s, needs %v", row.Outcome, row.Proposal.Needs)
			}
			if tt.written && row.Proposal.Band != caiq.BandPartial {
				t.Errorf("band %s", row.Proposal.Band)
			}
			if !tt.written && (row.Proposal.Needs[0].Code != "found_by_wording" || !strings.Contains(row.Proposal.Needs[0].Text, tt.why)) {
				t.Errorf("needs %v", row.Proposal.Needs)
			}
		})
	}
}

// A drop-down list alone has no place for what an answer in words says.
func TestDraft_doubt_wantsAPlaceForTheText(t *testing.T) {
	t.Parallel()
	q := &caiq.Question{Text: "Are backups encrypted?", Match: caiq.Match{Kind: caiq.MatchFound, Question: "caiq-4.1/BCR-08.2"}}
	p := &caiq.Proposal{Answer: caiq.Answer{Value: caiq.Yes, Description: "They are."}}
	if why := new(Draft).doubt(q, p, nil, Input{}); !strings.Contains(why, "no place") {
		t.Errorf("got %q", why)
	}
	p.Value = caiq.NA
	if why := new(Draft).doubt(q, p, nil, Input{}); !strings.Contains(why, "not applicable") {
		t.Errorf("got %q", why)
	}
}
