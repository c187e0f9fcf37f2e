package main

import (
	"slices"
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/workbook"
)

// TestPrintUnfit wants answers to be told by what their cells offer, in words without
// the full stop, and those that are in doubt anyway counted.
func TestPrintUnfit(t *testing.T) {
	t.Parallel()
	rowOf := func(id, why string, more ...caiq.Need) app.Row {
		row := app.Row{Question: &caiq.Question{ID: id}, Outcome: app.Blank}
		row.Proposal.Value = caiq.Yes
		row.Proposal.Needs = slices.Concat(more, []caiq.Need{{Code: "not_in_list", Text: "The answer does not fit its cell: " + why}})
		return row
	}
	var out strings.Builder
	printUnfit(&out, []app.Row{
		rowOf("7", "My sheet!C7 offers Met or Not met, and Caique does not choose among them."),
		rowOf("8", "My sheet!C8 takes Yes or No, not na."),
		rowOf("9", "My sheet!C9 offers Met or Not met, and Caique does not choose among them.", caiq.Need{Code: "found_by_wording"}),
	})
	want := "unfit:     3 answers are not in the lists of their cells: 7, 9 (offers Met or Not met, and Caique does not choose among them), " +
		"8 (takes Yes or No, not na); 1 is in doubt besides, see their needs with --json\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// TestPrintLocked wants rows with a formula for an answer among the notes.
func TestPrintLocked(t *testing.T) {
	t.Parallel()
	formula := app.Row{Question: &caiq.Question{Cell: "B7"}, Outcome: app.Blank}
	formula.Proposal.Value = caiq.Yes
	formula.Proposal.Needs = []caiq.Need{{Code: "locked_cell"}}
	open := app.Row{Question: &caiq.Question{Cell: "B8"}, Outcome: app.Filled, Proposal: formula.Proposal}
	var out strings.Builder
	printLocked(&out, []app.Row{formula, open})
	if want := "locked:    1 answer is not written, since a formula or a merge has the cell: B7\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// TestPrintNotes_clipped wants rows that stay too low, though they were raised, among the notes.
func TestPrintNotes_clipped(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	d := &app.Draft{Clipped: []workbook.RowRef{{Sheet: "Q", Row: 7}}}
	printNotes(&out, d, app.Count{})
	if want := "too low:   1 row has an answer longer than the 409 points that a row can be high: Q row 7\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
