package app

import (
	"testing"

	"caique/internal/caiq"
)

func TestEvidenceUntilIsTheFirstDayOnWhichSomethingRunsOut(t *testing.T) {
	t.Parallel()
	day := func(s string) caiq.Date {
		d, err := caiq.ParseDate(s)
		if err != nil && s != "" {
			t.Fatal(err)
		}
		return d
	}
	k := &caiq.Knowledge{Profiles: map[string]*caiq.Profile{"acme": {
		ID:       "acme",
		Evidence: []caiq.Evidence{{ID: "iso", Kind: caiq.ISO27001, ReliableUntil: day("2028-03-27")}},
		Controls: []caiq.CompanyControl{
			{ID: "AC-01", Document: "Handbook", Reviewed: day("2026-02-01")},
			{ID: "AC-02", Document: "Handbook"},
		},
	}}}
	evidence := func(ref string) caiq.Step { return caiq.Step{Kind: caiq.StepEvidence, Ref: ref} }
	control := caiq.Step{Kind: caiq.StepControl, Ref: "acme:AC-01"}
	tests := []struct {
		name  string
		steps []caiq.Step
		asOf  string
		want  string
	}{
		{"a certificate", []caiq.Step{control, evidence("acme:iso")}, "2026-11-23", "2028-03-27"},
		{"a statement, by its review", []caiq.Step{control, evidence("acme:AC-01")}, "2026-11-23", "2027-08-01"},
		{"both: the earlier", []caiq.Step{evidence("acme:iso"), evidence("acme:AC-01")}, "2026-11-23", "2027-08-01"},
		{"a statement that has run out is not counted", []caiq.Step{evidence("acme:iso"), evidence("acme:AC-01")}, "2027-08-02", "2028-03-27"},
		{"a statement without a review", []caiq.Step{evidence("acme:AC-02")}, "2026-11-23", ""},
		{"another party", []caiq.Step{evidence("other:AC-01")}, "2026-11-23", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := evidenceUntil(k, tt.steps, day(tt.asOf)); got.String() != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
