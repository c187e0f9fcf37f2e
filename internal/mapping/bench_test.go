package mapping

import (
	"testing"

	"caique/internal/caiq"
)

// BenchmarkKnowledge loads what answering CAIQ 4.0 with example-saas needs, from
// a fresh library each time: the cost that every run of the command pays.
func BenchmarkKnowledge(b *testing.B) {
	for _, format := range []string{"caiq-3.0.1", "caiq-4.0", "caiq-4.1"} {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := packs().Knowledge(caiq.FormatID(format), ProfileSource{Name: "example-saas"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
