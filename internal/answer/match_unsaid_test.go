package answer

import (
	"testing"

	"caique/internal/caiq"
)

// What an answer must speak of is what the row's own words ask, not what leads there.
func TestMatcher_Unsaid(t *testing.T) {
	t.Parallel()
	m := newPool(t, "unsaid", catalogueOf(library(), "caiq-4.1")).matcher
	tests := []struct {
		name, text   string
		ref          caiq.Ref
		answer, want string
	}{
		{"all of it is asked by the known question", "Are backups encrypted?", "caiq-4.1/BCR-08.2", "", ""},
		{"a place of which nothing speaks", "Are backups stored in a separate geographic region?", "caiq-4.1/BCR-08.2", "They are kept in a separate account.", "geograph"},
		{"the same place, of which the answer speaks", "Are backups stored in a separate geographic region?", "caiq-4.1/BCR-08.2", "They are kept in a separate geographic region.", ""},
		{"a duty that a single phrasing names", "Do employees sign confidentiality agreements?", "caiq-4.1/HRS-10.1", "The General Counsel keeps templates of confidentiality agreements for employees.", "sign"},
		{"words that say only that it is done", "Do you support and maintain backup encryption?", "caiq-4.1/BCR-08.2", "", ""},
		{"a question that is not known", "Are backups encrypted?", "caiq-4.1/ZZZ-01.1", "", "Are backups encrypted?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := m.Unsaid(tt.text, tt.ref, tt.answer); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
