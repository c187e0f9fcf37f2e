package answer

import (
	"testing"

	"caique/internal/caiq"
)

// Texts that come near a question and ask something else confirm nothing.
func TestMatching_Likely(t *testing.T) {
	t.Parallel()
	m := newPool(t, "likely", catalogueOf(library(), "caiq-4.1")).matcher
	tests := []struct {
		name, text string
		want       caiq.Ref // "" for none that is probable
	}{
		{"the same in other words", "Are managed assets scanned for vulnerabilities at least monthly?", "caiq-4.1/TVM-03.1"},
		{"results for customers", "Can tenants get the results of your vulnerability scans on request?", ""},
		{"what a policy says about private devices", "Is there a policy that makes BYOD users back up certain company data?", ""},
		{"keys that tenants make", "Can customers manage their own encryption keys (BYOK)?", "caiq-4.1/CEK-08.1"},
		{"the wrong way round", "Are any of your data centers located in places where floods or earthquakes are likely?", ""},
		{"something else altogether", "Do you have a dog?", ""},
		{"nothing", "n/a", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			found := ask(t, m, tt.text)
			likely := found.Likely(true)
			var got caiq.Ref
			if len(likely) > 0 && likely[0].Probability >= 0.5 {
				got = likely[0].Question
			}
			if got != tt.want {
				t.Errorf("got %v, want %q; %s", likely, tt.want, found.Why)
			}
		})
	}
}
