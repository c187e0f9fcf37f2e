package app

import (
	"context"
	"errors"
	"testing"
)

// TestFill_stops ends the context at each stage: no draft comes back.
func TestFill_stops(t *testing.T) {
	t.Parallel()
	in := input(t, "../../questionnaires/samples/sample-custom.csv")
	in.Search = memory
	for _, last := range []string{"read", "match", "propose", "patch", "verify"} {
		ctx, cancel := context.WithCancel(t.Context())
		var met []string
		d, err := Fill(ctx, library(), in, func(stage string, _, _ int) {
			met = append(met, stage)
			if stage == last {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) || d != nil || met[len(met)-1] != last || last == "propose" && len(met) > 3 {
			t.Errorf("stopped at %s: draft %v, error %v, stages %v", last, d, err, met)
		}
	}
}
