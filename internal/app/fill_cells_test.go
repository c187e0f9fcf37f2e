package app

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/internal/workbook"

	"github.com/google/go-cmp/cmp"
)

// withCells returns the sample with cells of its first row filled in.
func withCells(t *testing.T, cells map[string]string) Input {
	t.Helper()
	in := input(t, sample)
	f, err := workbook.Open(in.Name, in.Data, workbook.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var edits []workbook.Edit
	for _, cell := range slices.Sorted(maps.Keys(cells)) {
		edits = append(edits, workbook.Edit{Sheet: "CAIQv4.0.3", Cell: cell, Text: cells[cell]})
	}
	if in.Data, err = f.Patch(edits, workbook.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	return in
}

// TestFill_cellsThatTakeNoText fills rows some of whose cells may not be written.
func TestFill_cellsThatTakeNoText(t *testing.T) {
	t.Parallel()
	target := func(role caiq.Role, locked string) caiq.Target {
		return caiq.Target{Role: role, Cell: map[caiq.Role]string{caiq.RoleAnswer: "C2", caiq.RoleNotes: "D2"}[role], Locked: locked}
	}
	notes := caiq.Existing{caiq.RoleNotes: "x"}
	german, grades := target(caiq.RoleAnswer, ""), target(caiq.RoleAnswer, "")
	german.Allowed = []string{"Ja", "Nein"}
	grades.Allowed = []string{"Fully met", "Partly met", "Not met"}
	list := target(caiq.RoleAnswer, "")
	list.Allowed = []string{"Yes", "No"}
	for _, tt := range []struct {
		name      string
		targets   []caiq.Target
		existing  caiq.Existing
		overwrite bool
		want      Outcome
		need      string
		says      string
	}{
		{"everything fits", []caiq.Target{target(caiq.RoleAnswer, ""), target(caiq.RoleNotes, "")}, nil, false, Filled, "", ""},
		{"the answer is a formula", []caiq.Target{target(caiq.RoleAnswer, "formula"), target(caiq.RoleNotes, "")}, caiq.Existing{caiq.RoleAnswer: "Yes"}, false, Kept, needLockedAnswer, "C2"},
		{"the answer is a formula that cannot be overwritten", []caiq.Target{target(caiq.RoleAnswer, "formula"), target(caiq.RoleNotes, "")}, caiq.Existing{caiq.RoleAnswer: "Yes"}, true, Kept, needHalfAnswered, "C2 holds"},
		{"the notes are a formula", []caiq.Target{target(caiq.RoleAnswer, ""), target(caiq.RoleNotes, "formula")}, notes, false, Blank, needHalfAnswered, "may not be written (formula)"},
		{"the notes are a formula, overwriting", []caiq.Target{target(caiq.RoleAnswer, ""), target(caiq.RoleNotes, "formula")}, notes, true, Blank, needHalfAnswered, "D2"},
		{"the notes are merged away", []caiq.Target{list, target(caiq.RoleNotes, "covered by a merge")}, nil, false, Filled, needUnplaced, "D2 may not be written: covered by a merge"},
		{"there are no notes", []caiq.Target{list}, nil, false, Filled, needUnplaced, "no column"},
		{"the list says it in another language", []caiq.Target{german, target(caiq.RoleNotes, "")}, nil, false, Filled, "", ""},
		{"the list is of grades", []caiq.Target{grades, target(caiq.RoleNotes, "")}, nil, false, Blank, "not_in_list", "Fully met, Partly met or Not met, and Caique does not choose"},
		{"the list is of grades and an old one stays", []caiq.Target{grades, target(caiq.RoleNotes, "")}, caiq.Existing{caiq.RoleAnswer: "Not met"}, true, Kept, "not_in_list", "Not met"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := &caiq.Question{Sheet: "Q", Cell: "B2", Targets: tt.targets, Existing: tt.existing}
			p := &caiq.Proposal{Answer: caiq.Answer{Value: caiq.Yes, Description: "We do."}}
			got := new(Draft).decide(q, p, caiq.Vocabulary{}, Input{Overwrite: tt.overwrite})
			if got != tt.want {
				t.Errorf("the row is %s, want %s", got, tt.want)
			}
			if tt.need == "" && len(p.Needs) > 0 || tt.need != "" && (len(p.Needs) != 1 || p.Needs[0].Code != tt.need || !strings.Contains(p.Needs[0].Text, tt.says)) {
				t.Errorf("needs %v, want %s that says %q", p.Needs, tt.need, tt.says)
			}
		})
	}
}

func TestFill_editorialNotesAreNoAnswers(t *testing.T) {
	t.Parallel()
	for overwrite, want := range map[bool]Outcome{false: Blank, true: Filled} {
		q := &caiq.Question{
			Sheet: "Q", Cell: "B2", Editorial: true,
			Targets:  []caiq.Target{{Role: caiq.RoleNotes, Cell: "C2"}},
			Existing: caiq.Existing{caiq.RoleNotes: "Moves to another chapter."},
		}
		p := &caiq.Proposal{Answer: caiq.Answer{Value: caiq.Yes, Description: "We do."}}
		got := new(Draft).decide(q, p, caiq.Vocabulary{}, Input{Overwrite: overwrite})
		if got != want || want == Blank && p.Needs[0].Code != needEditorial {
			t.Errorf("overwriting %v: %s with needs %v, want %s", overwrite, got, p.Needs, want)
		}
	}
}

// TestFill_oldAnswersAreTold overwrites a file that answers more than the profile.
func TestFill_oldAnswersAreTold(t *testing.T) {
	t.Parallel()
	blank := input(t, sample)
	blank.Profile.Name = "aws" // which leaves questions open
	plain := fill(t, blank)
	open := slices.IndexFunc(plain.Rows, func(r Row) bool { return r.Proposal.Value == "" })
	if open < 0 {
		t.Fatal("the sample has no question that stays open")
	}
	row := strconv.Itoa(plain.Rows[open].Question.Row)
	in := withCells(t, map[string]string{"C3": "No", "C" + row: "Yes", "E" + row: "Theirs."})
	in.Profile = blank.Profile
	in.Overwrite = true
	d := fill(t, in)
	want := []OldAnswer{{Question: plain.Rows[open].Question.Key, Sheet: "CAIQv4.0.3", Cells: []string{"C" + row, "E" + row}}}
	if diff := cmp.Diff(want, d.OldAnswers()); diff != "" {
		t.Errorf("old answers (-want +got):\n%s", diff)
	}
	in.Overwrite = false
	if got := fill(t, in).OldAnswers(); got != nil {
		t.Errorf("without overwriting nothing is left over, got %v", got)
	}
}

// TestFill_existingAnswers fills a file whose first question, which the profile
// answers with Yes and CSP-owned, says something already.
func TestFill_existingAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		cells     map[string]string
		overwrite bool
		want      Outcome
		need      string
	}{
		{"an answer is kept whole", map[string]string{"C3": "No", "E3": "Not yet."}, false, Kept, ""},
		{"an answer is overwritten whole", map[string]string{"C3": "No", "D3": "Shared CSP and CSC", "F3": "Old."}, true, Filled, ""},
		{"another description stands in an open row", map[string]string{"E3": "See our trust page."}, false, Blank, "half_answered"},
		{"another owner stands in an open row", map[string]string{"D3": "CSC-owned"}, false, Blank, "half_answered"},
		{"our owner stands in an open row", map[string]string{"D3": "CSP-owned"}, false, Filled, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := withCells(t, c.cells)
			in.Overwrite = c.overwrite
			d := fill(t, in)
			if row := d.Rows[0]; row.Outcome != c.want || c.need != "" && row.Proposal.Needs[0].Code != c.need {
				t.Errorf("the row is %s with needs %v, want %s %s", row.Outcome, row.Proposal.Needs, c.want, c.need)
			}
			file, err := workbook.Open("out.xlsx", d.Output, workbook.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			got, err := file.Values([]workbook.CellRef{{Sheet: "CAIQv4.0.3", Cell: "D3"}, {Sheet: "CAIQv4.0.3", Cell: "F3"}})
			if err != nil {
				t.Fatal(err)
			}
			want := []string{c.cells["D3"], c.cells["F3"]}
			if c.want == Filled {
				want = []string{"CSP-owned", ""}
			}
			if !slices.Equal(got, want) {
				t.Errorf("columns D and F hold %q, want %q", got, want)
			}
		})
	}
}

// TestFill_customersPartAlone fills a file by a profile that for one question knows
// the customer's part alone.
func TestFill_customersPartAlone(t *testing.T) {
	t.Parallel()
	in := input(t, sample)
	in.Profile.Name = "keystone-id"
	plain := fill(t, in)
	at := slices.IndexFunc(plain.Rows, func(r Row) bool { return r.Outcome == Partly })
	if at < 0 {
		t.Fatal("no row is filled in part")
	}
	q := plain.Rows[at].Question
	row := strconv.Itoa(q.Row)
	for _, c := range []struct {
		name  string
		cells map[string]string
		want  Outcome
	}{
		{"an empty row", nil, Partly},
		{"something stands beside the answer", map[string]string{"E" + row: "See our trust page."}, Blank},
		{"the row is answered", map[string]string{"C" + row: "Yes"}, Kept},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := withCells(t, c.cells)
			in.Profile.Name = "keystone-id"
			d := fill(t, in)
			r := d.Rows[at]
			if r.Outcome != c.want || r.Proposal.Value != "" || r.Proposal.Ownership != caiq.OwnerCSC {
				t.Fatalf("the row is %s with %+v", r.Outcome, r.Proposal.Answer)
			}
			written := slices.ContainsFunc(d.Manifest.Cells, func(m ManifestCell) bool { return m.Question == r.Question.Key })
			if written != (c.want == Partly) {
				t.Errorf("cells of the row are written: %t", written)
			}
			total := Summarize(d).Total
			if total.Outcomes[c.want] != d.Manifest.Counts[c.want] || total.Values[""] != 0 {
				t.Errorf("summary %+v, manifest %v", total, d.Manifest.Counts)
			}
			if want := len(plain.Rows) - d.Manifest.Counts[Filled] - d.Manifest.Counts[Kept]; Open(d.Manifest.Counts) != want {
				t.Errorf("%d questions are open, want %d", Open(d.Manifest.Counts), want)
			}
		})
	}
}

// TestPartly_notByWordingAlone leaves a row open that only its wording connects with
// the customer's part, and one whose cells cannot take it.
func TestPartly_notByWordingAlone(t *testing.T) {
	t.Parallel()
	p := caiq.Proposal{Answer: caiq.Answer{Ownership: caiq.OwnerCSC, Customer: "You do it."}}
	q := caiq.Question{Match: caiq.Match{Kind: caiq.MatchFound}, Targets: []caiq.Target{{Role: caiq.RoleOwnership, Cell: "D3"}, {Role: caiq.RoleCustomer, Cell: "F3"}}}
	if partly(&q, &p, caiq.Vocabulary{}) {
		t.Error("written where the wording alone says what is asked")
	}
	q.Match.Kind = caiq.MatchKnown
	if !partly(&q, &p, caiq.Vocabulary{}) {
		t.Error("not written")
	}
	q.Targets[0].Allowed = []string{"CSP-owned"}
	if partly(&q, &p, caiq.Vocabulary{}) || len(p.Needs) != 1 || p.Needs[0].Code != "not_in_list" {
		t.Errorf("written into a list that does not have it; needs %v", p.Needs)
	}
}

func TestFill_assessedProfileSaysSo(t *testing.T) {
	t.Parallel()
	in := input(t, sample)
	in.Profile.Name = "aws"
	d := fill(t, in)
	if d.Manifest.PreparedBy != "assessor" || !strings.Contains(d.Manifest.Notice, "not by AWS") {
		t.Errorf("manifest says %q, %q", d.Manifest.PreparedBy, d.Manifest.Notice)
	}
	i := slices.IndexFunc(d.Rows, func(r Row) bool { return r.Outcome == Filled })
	if i < 0 || !strings.HasPrefix(d.Rows[i].Proposal.Description, d.Manifest.Notice) {
		t.Error("the first description does not say who prepared it")
	}
}

func TestFill_columnRules(t *testing.T) {
	t.Parallel()
	for _, audience := range []caiq.Release{caiq.ReleasePublic, caiq.ReleaseNDA, caiq.ReleaseInternal} {
		for _, profile := range []string{"example-saas", "aws"} {
			for _, format := range []caiq.FormatID{"caiq-1.1", "caiq-3.0.1", "caiq-3.1", "caiq-4.0", "caiq-4.1"} {
				t.Run(string(audience)+" "+profile+" "+string(format), func(t *testing.T) {
					t.Parallel()
					d, err := Survey(t.Context(), library(), format, mapping.ProfileSource{Name: profile}, caiq.Options{AsOf: asOf(t), Audience: audience})
					if err != nil {
						t.Fatal(err)
					}
					for _, row := range d.Rows {
						checkRow(t, row)
					}
				})
			}
		}
	}
}

// checkRow holds the promises that every proposal keeps, whatever the knowledge.
func checkRow(t *testing.T, row Row) {
	t.Helper()
	p := row.Proposal
	if broken := caiq.CheckColumns(p.Answer); len(broken) > 0 {
		t.Errorf("%s: %v", p.Question, broken)
	}
	if len(p.Basis) == 0 {
		t.Errorf("%s has no reason", p.Question)
	}
	if p.Value == "" && len(p.Needs) == 0 {
		t.Errorf("%s is blank and does not say what is missing", p.Question)
	}
	for _, text := range []string{p.Description, p.Customer} {
		if strings.Contains(text, "  ") || strings.Contains(text, "..") || strings.Contains(text, " .") {
			t.Errorf("%s: untidy text %q", p.Question, text)
		}
		if err := caiq.CheckText(text); err != nil {
			t.Errorf("%s: %v", p.Question, err)
		}
	}
}
