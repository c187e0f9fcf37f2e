package app

import (
	"testing"

	"caique/internal/caiq"

	"github.com/google/go-cmp/cmp"
)

// TestCount_filledRows counts what a person should know of the answers written.
func TestCount_filledRows(t *testing.T) {
	t.Parallel()
	c := newCount()
	hidden := []caiq.Target{{Role: caiq.RoleAnswer, Cell: "C2", Hidden: true}}
	locked := []caiq.Target{{Role: caiq.RoleAnswer, Cell: "C2", Hidden: true, Locked: "formula"}, {Role: caiq.RoleNotes, Cell: "D2"}}
	withheld := caiq.Proposal{Basis: []caiq.Step{{Kind: caiq.StepRelease}}, Needs: []caiq.Need{{Code: needUnplaced}}}
	for _, row := range []Row{
		{Question: &caiq.Question{Hidden: "row"}, Outcome: Filled, Proposal: withheld},
		{Question: &caiq.Question{Hidden: "row and column"}, Outcome: Filled},
		{Question: &caiq.Question{Hidden: "sheet", Targets: hidden}, Outcome: Filled},
		{Question: &caiq.Question{Targets: hidden}, Outcome: Filled},
		{Question: &caiq.Question{Targets: locked}, Outcome: Filled},
		{Question: &caiq.Question{Hidden: "row", Targets: hidden}, Outcome: Blank, Proposal: withheld},
		{Question: &caiq.Question{Hidden: "sheet"}, Outcome: Partly, Proposal: caiq.Proposal{Answer: caiq.Answer{Ownership: caiq.OwnerCSC}}},
	} {
		c.add(row)
	}
	if diff := cmp.Diff(Hidden{Row: 2, Column: 2, Sheet: 2}, c.Hidden); diff != "" {
		t.Errorf("hidden (-want +got):\n%s", diff)
	}
	if c.Owners[caiq.OwnerCSC] != 1 || c.Outcomes[Partly] != 1 || c.Values[""] != 5 {
		t.Errorf("owners %v, outcomes %v, values %v", c.Owners, c.Outcomes, c.Values)
	}
	if c.Withheld != 1 || c.Unplaced != 1 {
		t.Errorf("%d withheld and %d unplaced, want one each: blank rows write nothing", c.Withheld, c.Unplaced)
	}
}
