package main

import (
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/workbook"
)

// TestPrintUnfit wants a sentence of the engine to stand in brackets without its full stop.
func TestPrintUnfit(t *testing.T) {
	t.Parallel()
	row := app.Row{Question: &caiq.Question{ID: "7"}, Outcome: app.Blank}
	row.Proposal.Value = caiq.Yes
	row.Proposal.Needs = []caiq.Need{{Code: "not_in_list", Text: "The answer does not fit its cell: Q!C7 takes 1, 2 or 3, not Yes."}}
	var out strings.Builder
	printUnfit(&out, []app.Row{row})
	if want := "unfit:     1 answer is not in the list of its cell: 7 (Q!C7 takes 1, 2 or 3, not Yes)\n"; out.String() != want {
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
