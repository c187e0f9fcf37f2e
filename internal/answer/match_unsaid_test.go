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
		{"a place of which nothing speaks", "Are backups stored in a separate geographic region?", "caiq-4.1/BCR-08.2", "They are kept in a separate account.", "geographic"},
		{"the same place, of which the answer speaks", "Are backups stored in a separate geographic region?", "caiq-4.1/BCR-08.2", "They are kept in a separate geographic region.", ""},
		{"a duty that a single phrasing names", "Do employees sign confidentiality agreements?", "caiq-4.1/HRS-10.1", "The General Counsel keeps templates of confidentiality agreements for employees.", "sign"},
		{"a kind of thing that only phrasings name", "Are passwords stored in hashed form?", "caiq-4.1/IAM-14.1", "Passwords are kept in the company vault.", "hashed"},
		{"a kind of thing that the answer names", "Are passwords stored in hashed form?", "caiq-4.1/IAM-14.1", "Passwords are salted and stored hashed.", ""},
		{"words that say only that it is done", "Do you support and maintain backup encryption?", "caiq-4.1/BCR-08.2", "", ""},
		{"a number that the answer has for something else", "Is access removed within 24 hours?", "caiq-4.1/IAM-07.1", "It is removed within one hour. We did so on 24 March.", "24"},
		{"a number that the answer has for this", "Is access removed within 24 hours?", "caiq-4.1/IAM-07.1", "It is removed within 24 hours.", ""},
		{"a name for which the answer has another", "Do you have a SOC 1 report?", "caiq-4.1/A&A-02.1", "We have a SOC 2 Type II report for 1 October 2025.", "soc 1"},
		{"a name that the answer says", "Do you have a SOC 2 report?", "caiq-4.1/A&A-02.1", "We have a SOC 2 Type II report.", ""},
		{"a name that the known question says and the answer does not", "Are you ISO 27001 certified?", "caiq-4.1/A&A-02.1", "We have a SOC 2 Type II report.", "iso 27001"},
		{"a name as an example", "Are you audited against a standard such as ISO 27001?", "caiq-4.1/A&A-02.1", "We have a SOC 2 Type II report each year.", ""},
		{"a question of the version before", "Do you go over your audit policy every year?", "caiq-4.0/A&A-01.2", "", ""},
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

// A row whose identifier says what it asks may speak of all that its control is about,
// in the official style; what goes beyond is strange to it.
func TestMatcher_Strange(t *testing.T) {
	t.Parallel()
	m := newPool(t, "strange", catalogueOf(library(), "caiq-4.1")).matcher
	tests := []struct {
		name, text string
		ref        caiq.Ref
		want       string
	}{
		{"other words of the same control", "Are backups evaluated, and encrypted according to provisions?", "caiq-4.1/BCR-08.2", ""},
		{"a place of which the control does not speak", "Are backups outside Antarctica encrypted?", "caiq-4.1/BCR-08.2", "outside"},
		{"a word that turns it round", "Are breach notifications withheld?", "caiq-4.1/SEF-08.1", "withheld"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := m.Strange(tt.text, tt.ref, ""); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
