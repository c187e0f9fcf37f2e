package app

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
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
		{name: "nothing speaks of a part of it", file: "Question,Answer,Comment\nAre backups stored in a separate geographic region?,,\n", why: "geographic"},
		{name: "only known questions are to be answered", file: "Question,Answer,Comment\nAre backups encrypted?,,\n", knownOnly: true, why: "only known"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := Input{
				Name: "own.csv", Data: []byte(tt.file), Profile: mapping.ProfileSource{Name: "example-saas"},
				Options: caiq.Options{AsOf: asOf(t), Audience: caiq.ReleaseNDA}, Search: memory, KnownOnly: tt.knownOnly,
			}
			d, err := Fill(t.Context(), library(), in, nil)
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

// Of questions that come near to what a profile answers, those are written that its
// answer tells all of.
func TestFill_nearlyAnswered(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/nearly.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sheets, written := make(map[string]*bytes.Buffer), make(map[string][]bool)
	for _, l := range lines[1:] {
		if sheets[l[0]] == nil {
			sheets[l[0]] = bytes.NewBufferString("Question,Answer,Comment\n")
		}
		fmt.Fprintf(sheets[l[0]], "%q,,\n", l[2])
		written[l[0]] = append(written[l[0]], l[1] == "yes")
	}
	for profile, sheet := range sheets {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			d, err := Fill(t.Context(), library(), Input{
				Name: "own.csv", Data: sheet.Bytes(), Profile: mapping.ProfileSource{Name: profile},
				Options: caiq.Options{AsOf: asOf(t), Audience: caiq.ReleaseNDA}, Search: memory,
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Rows) != len(written[profile]) {
				t.Fatalf("%d rows of %d", len(d.Rows), len(written[profile]))
			}
			for i, row := range d.Rows {
				if got := row.Outcome == Filled; got != written[profile][i] {
					t.Errorf("%s: written is %t, needs %v", row.Question.Text, got, row.Proposal.Needs)
				}
			}
		})
	}
}

// A row whose identifier is known and whose text is not is answered where its words
// ask the same, and only suggested where they turn it round or go beyond it.
func TestFill_answersChangedTexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, id, text string
		written        bool
	}{
		{"as it is", "BCR-08.2", "Do you keep backup data confidential, intact and available?", true},
		{"put as a demand", "BCR-08.2", "The supplier shall confirm that backups are kept confidential, intact and available", true},
		{"turned round", "BCR-08.2", "Is backup data not kept confidential, intact and available?", false},
		{"with something of which nothing speaks", "BCR-08.2", "Is backup data kept confidential in Antarctica?", false},
		{"withheld instead of given", "SEF-07.1", "Are breach notifications withheld from those concerned?", false},
		{"after instead of before", "HRS-07.1", "Do employees sign their employment agreement after they get access?", false},
		{"of all instead of some", "IAM-14.1", "Is multi-factor authentication required of all customers?", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := Input{
				Name:    "own.csv",
				Data:    []byte("Question ID,Question,CSP CAIQ Answer,SSRM Control Ownership,CSP Implementation Description,CSC Responsibilities\n" + tt.id + ",\"" + tt.text + "\",,,,\n"),
				Profile: mapping.ProfileSource{Name: "example-saas"}, Search: memory,
				Options: caiq.Options{AsOf: asOf(t), Audience: caiq.ReleaseNDA},
				Layout:  &caiq.Layout{Format: "caiq-4.0"},
			}
			d, err := Fill(t.Context(), library(), in, nil)
			if err != nil {
				t.Fatal(err)
			}
			row := d.Rows[0]
			if row.Question.Match.Kind != caiq.MatchChanged {
				t.Fatalf("recognised as %s", row.Question.Match.Kind)
			}
			if got := row.Outcome == Filled; got != tt.written {
				t.Errorf("outcome %s, needs %v", row.Outcome, row.Proposal.Needs)
			}
			if tt.written && row.Proposal.Band != caiq.BandPartial {
				t.Errorf("band %s", row.Proposal.Band)
			}
		})
	}
}

// Of questions that no profile answers none is answered, from the first step to the last.
func TestFill_leavesOpenWhatNothingAnswers(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"negatives.csv", "practice.csv"} {
		data, err := os.ReadFile(filepath.Join("..", "answer", "testdata", "labels", name))
		if err != nil {
			t.Fatal(err)
		}
		labels, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var sheet bytes.Buffer
		w := csv.NewWriter(&sheet)
		_ = w.Write([]string{"ID", "Question", "Answer", "Comment"}) // a buffer takes all
		for _, l := range labels[1:] {
			_ = w.Write([]string{l[0], l[1], "", ""})
		}
		w.Flush()
		for _, profile := range []string{"example-saas", "aws"} {
			t.Run(name+"/"+profile, func(t *testing.T) {
				t.Parallel()
				d, err := Fill(t.Context(), library(), Input{
					Name: "own.csv", Data: sheet.Bytes(), Profile: mapping.ProfileSource{Name: profile}, Search: memory,
					Options: caiq.Options{AsOf: asOf(t), Audience: caiq.ReleaseInternal},
				}, nil)
				if err != nil {
					t.Fatal(err)
				}
				if len(d.Rows) < len(labels)*9/10 { // a few have no content and are no questions
					t.Errorf("only %d of %d rows were read", len(d.Rows), len(labels)-1)
				}
				for _, r := range d.Rows {
					if r.Outcome == Filled {
						t.Errorf("%q is answered %s as %s", r.Question.Text, r.Proposal.Value, r.Question.Match.Question)
					}
				}
			})
		}
	}
}

// A list of grades takes no Yes, and that a part of the question is not answered is
// told all the same, and first; the words of the answer are still offered.
func TestDraft_decide_doubtBesideUnfitList(t *testing.T) {
	t.Parallel()
	q := &caiq.Question{
		Sheet: "Q", Cell: "B2", Text: "All parcels shall be sealed with red wax only.", Match: caiq.Match{Kind: caiq.MatchFound, Question: "caiq-4.1/BCR-08.2"},
		Targets: []caiq.Target{{Role: caiq.RoleAnswer, Cell: "C2", Allowed: []string{"Fully met", "Not met"}}, {Role: caiq.RoleNotes, Cell: "D2"}},
	}
	p := &caiq.Proposal{Answer: caiq.Answer{Value: caiq.Yes, Description: "Parcels are sealed."}}
	if got := new(Draft).decide(q, p, caiq.Vocabulary{}, Input{}); got != Blank {
		t.Errorf("the row is %s", got)
	}
	if len(p.Needs) != 2 || p.Needs[0].Code != needFound || p.Needs[1].Code != "not_in_list" {
		t.Errorf("needs %v, want the doubt and then the list", p.Needs)
	}
	if p.Needs[0].Text == "" || strings.Contains(p.Needs[0].Text, "no place") || p.Description == "" {
		t.Errorf("needs %v, description %q", p.Needs, p.Description)
	}
}

// A drop-down list alone has no place for what an answer in words says.
func TestDraft_doubt_wantsAPlaceForTheText(t *testing.T) {
	t.Parallel()
	q := &caiq.Question{Text: "Are backups encrypted?", Match: caiq.Match{Kind: caiq.MatchFound, Question: "caiq-4.1/BCR-08.2"}}
	p := &caiq.Proposal{Answer: caiq.Answer{Value: caiq.Yes, Description: "They are."}}
	if _, why := new(Draft).doubt(q, p, caiq.Vocabulary{}, Input{}); !strings.Contains(why, "no place") {
		t.Errorf("got %q", why)
	}
	p.Value = caiq.NA
	if _, why := new(Draft).doubt(q, p, caiq.Vocabulary{}, Input{}); !strings.Contains(why, "not applicable") {
		t.Errorf("got %q", why)
	}
}
