package app_test

import (
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
)

func TestRow_FileValue(t *testing.T) {
	t.Parallel()
	box := []caiq.Target{{Role: caiq.RoleAnswer, Boolean: true}}
	marks := []caiq.Target{{Role: caiq.RoleYes, Boolean: true}, {Role: caiq.RoleNo, Boolean: true}}
	for name, test := range map[string]struct {
		existing caiq.Existing
		targets  []caiq.Target
		want     caiq.Value
	}{
		"a list value":                 {caiq.Existing{caiq.RoleAnswer: "N/A"}, nil, caiq.NA},
		"a text that begins with one":  {caiq.Existing{caiq.RoleAnswer: "No. We plan to."}, nil, caiq.No},
		"a text that begins otherwise": {caiq.Existing{caiq.RoleAnswer: "Not yet, but soon."}, nil, ""},
		"a mark":                       {caiq.Existing{caiq.RoleNo: "X"}, nil, caiq.No},
		"two marks":                    {caiq.Existing{caiq.RoleYes: "X", caiq.RoleNo: "x"}, nil, ""},
		"a ticked check box":           {caiq.Existing{caiq.RoleAnswer: "1"}, box, caiq.Yes},
		"one check box of two":         {caiq.Existing{caiq.RoleYes: "0", caiq.RoleNo: "1"}, marks, caiq.No},
		"notes alone":                  {caiq.Existing{caiq.RoleNotes: "Yes"}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row := app.Row{Question: &caiq.Question{Existing: test.existing, Targets: test.targets}}
			if got := row.FileValue(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			row.Outcome, row.Proposal.Value = app.Kept, caiq.Yes
			if got, want := row.Differs(), test.want != "" && test.want != caiq.Yes; got != want {
				t.Errorf("differs from Yes: %v, want %v", got, want)
			}
		})
	}
}
