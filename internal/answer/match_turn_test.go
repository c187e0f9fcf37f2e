package answer

import (
	"testing"

	"caique/internal/caiq"
)

// A question that is turned round comes as near as the one that is not, and is never
// answered by it.
func TestMatch_turned(t *testing.T) {
	t.Parallel()
	m := newPool(t, "turned", catalogueOf(library(), "caiq-4.1")).matcher
	for name, tc := range map[string]struct {
		text  string
		first caiq.Ref
		turns bool
	}{
		"as it is asked":                    {"Are backups encrypted?", "caiq-4.1/BCR-08.2", false},
		"with a not":                        {"Are backups not encrypted?", "caiq-4.1/BCR-08.2", true},
		"with a contracted not":             {"Aren't backups encrypted?", "caiq-4.1/BCR-08.2", true},
		"with a no before a thing":          {"Is there no encryption of backups?", "caiq-4.1/BCR-08.2", true},
		"with a not at the end":             {"Backups are encrypted, are they not?", "caiq-4.1/BCR-08.2", true},
		"where it turns nothing":            {"Are backups (including but not limited to databases) encrypted?", "caiq-4.1/BCR-08.2", false},
		"that stands in a phrasing as well": {"Vendor must not process personal data beyond the purposes stated", "caiq-4.1/DSP-12.1", false},
		"the time before turned to after":   {"Is background screening done after people start?", "caiq-4.1/HRS-01.1", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ask(t, m, tc.text)
			if len(got.Candidates) == 0 || got.Candidates[0].Refs[0] != tc.first {
				t.Fatalf("candidates %v", got.Candidates)
			}
			if turned := got.Candidates[0].Strays != ""; turned != tc.turns {
				t.Errorf("strays %q", got.Candidates[0].Strays)
			}
		})
	}
}
