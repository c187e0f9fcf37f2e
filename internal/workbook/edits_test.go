package workbook

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

// What asks how is not answered by Yes where a text tells it.
func TestEdits_openQuestions(t *testing.T) {
	t.Parallel()
	answer, notes := caiq.Target{Role: caiq.RoleAnswer, Cell: "C1"}, caiq.Target{Role: caiq.RoleNotes, Cell: "D1"}
	listed := answer
	listed.Allowed = []string{"Yes", "No"}
	we := caiq.Answer{Value: caiq.Yes, Description: "We do."}
	for _, tt := range []struct {
		name    string
		targets []caiq.Target
		answer  caiq.Answer
		want    []string
	}{
		{"one cell", []caiq.Target{answer}, we, []string{"We do."}},
		{"one cell, No", []caiq.Target{answer}, caiq.Answer{Value: caiq.No, Description: "Not yet."}, []string{"No. Not yet."}},
		{"beside comments", []caiq.Target{answer, notes}, we, []string{"See comment.", "We do."}},
		{"beside comments, No", []caiq.Target{answer, notes}, caiq.Answer{Value: caiq.No, Description: "Not yet."}, []string{"No", "Not yet."}},
		{"beside comments, nothing told", []caiq.Target{answer, notes}, caiq.Answer{Value: caiq.Yes}, []string{"Yes"}},
		{"a list", []caiq.Target{listed, notes}, we, []string{"Yes", "We do."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			edits, err := Edits(&caiq.Question{Sheet: "Q", Cell: "B1", Text: "How do you do it?", Targets: tt.targets}, tt.answer, caiq.Vocabulary{})
			must(t, err)
			var got []string
			for _, e := range edits {
				got = append(got, e.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("edits (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEdits(t *testing.T) {
	t.Parallel()
	v4 := []caiq.Target{
		{Role: caiq.RoleAnswer, Cell: "C3", Allowed: []string{"Yes", "No", "NA"}},
		{Role: caiq.RoleOwnership, Cell: "D3", Allowed: []string{"CSP-Owned", "Shared CSP and CSC"}},
		{Role: caiq.RoleDescription, Cell: "E3"},
		{Role: caiq.RoleCustomer, Cell: "F3"},
	}
	marks := []caiq.Target{{Role: caiq.RoleYes, Cell: "F5"}, {Role: caiq.RoleNo, Cell: "G5"}, {Role: caiq.RoleNA, Cell: "H5"}, {Role: caiq.RoleNotes, Cell: "I5"}}
	full := caiq.Answer{Value: caiq.Yes, Ownership: caiq.OwnerSharedCSC, Description: "We do.", Customer: "You too."}
	text := func(cell, text string) Edit { return Edit{Sheet: "Q", Cell: cell, Text: text} }
	clear := func(cell string) Edit { return Edit{Sheet: "Q", Cell: cell, Kind: EditClear} }
	tick := func(cell string, on bool) Edit { return Edit{Sheet: "Q", Cell: cell, Kind: EditBool, Bool: on} }
	tests := []struct {
		name     string
		targets  []caiq.Target
		existing caiq.Existing
		answer   caiq.Answer
		want     []Edit
	}{
		{"a blank answer", v4, nil, caiq.Answer{}, nil},
		{"four columns, spelled from the cell's own list", v4, nil, full, []Edit{text("C3", "Yes"), text("D3", "Shared CSP and CSC"), text("F3", "You too."), text("E3", "We do.")}},
		{"a list that spells ownership in its own way", v4, nil, caiq.Answer{Value: caiq.NA, Ownership: caiq.OwnerCSP}, []Edit{text("C3", "NA"), text("D3", "CSP-Owned")}},
		{"a mark with notes", marks, nil, full, []Edit{text("F5", "x"), text("I5", "We do.\nResponsibility: Shared CSP and CSC.\nCustomer: You too.")}},
		{"a mark that moves takes the old note away", marks, caiq.Existing{caiq.RoleYes: "X", caiq.RoleNotes: "old"}, caiq.Answer{Value: caiq.No}, []Edit{clear("F5"), text("G5", "x"), clear("I5")}},
		{
			"marks with a list of their own",
			[]caiq.Target{{Role: caiq.RoleYes, Cell: "A1", Allowed: []string{"X"}}, {Role: caiq.RoleNo, Cell: "B1", Allowed: []string{"✓"}}},
			nil,
			caiq.Answer{Value: caiq.No},
			[]Edit{text("B1", "✓")},
		},
		{
			"check boxes side by side",
			[]caiq.Target{{Role: caiq.RoleYes, Cell: "A1", Boolean: true}, {Role: caiq.RoleNo, Cell: "B1", Boolean: true}},
			nil,
			caiq.Answer{Value: caiq.No},
			[]Edit{tick("A1", false), tick("B1", true)},
		},
		{"a single check box", []caiq.Target{{Role: caiq.RoleAnswer, Cell: "A1", Boolean: true}}, nil, caiq.Answer{Value: caiq.Yes, Description: "Lost."}, []Edit{tick("A1", true)}},
		{
			"a free answer cell beside comments",
			[]caiq.Target{{Role: caiq.RoleAnswer, Cell: "C1"}, {Role: caiq.RoleNotes, Cell: "D1"}},
			nil,
			caiq.Answer{Value: caiq.NA, Description: "We do not."},
			[]Edit{text("C1", "N/A"), text("D1", "We do not.")},
		},
		{"one free cell for everything", []caiq.Target{{Role: caiq.RoleAnswer, Cell: "C1"}}, nil, full, []Edit{text("C1", "Yes. We do.\nResponsibility: Shared CSP and CSC.\nCustomer: You too.")}},
		{"comments and no answer column", []caiq.Target{{Role: caiq.RoleNotes, Cell: "G4"}}, nil, caiq.Answer{Value: caiq.No, Description: "Not yet."}, []Edit{text("G4", "No. Not yet.")}},
		{"only a value for the one free cell", []caiq.Target{{Role: caiq.RoleAnswer, Cell: "C1"}}, nil, caiq.Answer{Value: caiq.Yes}, []Edit{text("C1", "Yes")}},
		{
			"comments under a merge: the answer alone",
			[]caiq.Target{{Role: caiq.RoleYes, Cell: "F5"}, {Role: caiq.RoleNotes, Cell: "I5", Locked: lockedCovered}},
			nil, full,
			[]Edit{text("F5", "x")},
		},
		{
			"description beside notes",
			[]caiq.Target{{Role: caiq.RoleAnswer, Cell: "C1"}, {Role: caiq.RoleDescription, Cell: "D1"}, {Role: caiq.RoleNotes, Cell: "E1"}},
			nil, full,
			[]Edit{text("C1", "Yes"), text("D1", "We do."), text("E1", "Responsibility: Shared CSP and CSC.\nCustomer: You too.")},
		},
		{"nothing to write to", nil, nil, full, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Edits(&caiq.Question{Sheet: "Q", Cell: "B1", Targets: tt.targets, Existing: tt.existing}, tt.answer, caiq.Vocabulary{})
			must(t, err)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("edits (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEdits_refuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		target caiq.Target
		answer caiq.Answer
		code   string
	}{
		{"a value outside the list", caiq.Target{Role: caiq.RoleAnswer, Allowed: []string{"Yes", "No"}}, caiq.Answer{Value: caiq.NA}, "not_in_list"},
		{"an owner outside the list", caiq.Target{Role: caiq.RoleOwnership, Allowed: []string{"CSP-owned"}}, caiq.Answer{Ownership: caiq.OwnerNotDetermined}, "not_in_list"},
		{"a text outside the list", caiq.Target{Role: caiq.RoleNotes, Allowed: []string{"None"}}, caiq.Answer{Description: "Some."}, "not_in_list"},
		{"NA of a check box", caiq.Target{Role: caiq.RoleAnswer, Boolean: true}, caiq.Answer{Value: caiq.NA}, "not_in_list"},
		{"a mark without a column", caiq.Target{Role: caiq.RoleYes}, caiq.Answer{Value: caiq.No}, "not_in_list"},
		{"a number of a few", caiq.Target{Role: caiq.RoleAnswer, Allowed: []string{"1", "2", "3"}}, caiq.Answer{Value: caiq.Yes}, "not_in_list"},
		{"a formula", caiq.Target{Role: caiq.RoleAnswer, Locked: lockedFormula}, caiq.Answer{Value: caiq.Yes}, "locked_cell"},
		{"a text too long for a cell", caiq.Target{Role: caiq.RoleNotes}, caiq.Answer{Description: strings.Repeat("a", caiq.MaxCellText+1)}, "bad_text"},
		{"a control character", caiq.Target{Role: caiq.RoleDescription}, caiq.Answer{Description: "a\x07"}, "bad_text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.target.Cell = "C7"
			edits, err := Edits(&caiq.Question{Sheet: "Q", Cell: "B7", Targets: []caiq.Target{tt.target}}, tt.answer, caiq.Vocabulary{Yes: "Yes", No: "No", NA: "NA"})
			if caiq.CodeOf(err) != tt.code || edits != nil {
				t.Errorf("got %v and error %v, want %s", edits, err, tt.code)
			}
			if len(tt.target.Allowed) == 3 && err.Error() != "Q!C7 offers 1, 2 or 3, and Caique does not choose among them" {
				t.Errorf("it reads %q", err)
			}
			if err != nil && !strings.Contains(err.Error(), "Q!") {
				t.Errorf("error %q names no cell", err)
			}
		})
	}
}
