package answer

import (
	"strings"
	"testing"

	"caique/internal/caiq"
)

// reason is what is said of a word of which nothing speaks; a longer text is the reason.
func reason(want string) string {
	if want == "" || strings.HasPrefix(want, "it ") || strings.HasPrefix(want, "the answer ") {
		return want
	}
	return unspoken(want)
}

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
		{"a body of people where the answer has another", "Does the board approve the information security policy?", "caiq-4.1/GRC-01.1", "The security committee approves the policy.", "board"},
		{"a thing where the answer has a like one", "Can lost phones be wiped remotely?", "caiq-4.1/UEM-13.1", "Each lost laptop is wiped over the network.", "lost phones"},
		{"a word that the known question has under a condition", "Are application vulnerabilities fixed automatically?", "caiq-4.1/AIS-07.2", "Engineers fix flaws in applications.", "automatically"},
		{"what the answer says under a condition", "Is a web application firewall in use?", "caiq-4.1/I&S-09.1", "We absorb flooding attacks. A web application firewall is there for customers to add.", `the answer speaks of "web" with a condition only`},
		{"what the answer says under a condition, asked as such", "Can customers add a web application firewall?", "caiq-4.1/I&S-09.1", "A web application firewall is there for customers to add.", ""},
		{"all of them", "Do all customers receive notice of a new subprocessor?", "caiq-4.1/DSP-14.1", "Customers on the list receive notice 30 days before a new subprocessor starts.", `it asks of all ("all customers receive notice"), and the answer does not say so`},
		{"all of them, and the answer says so", "Do all customers receive notice of a new subprocessor?", "caiq-4.1/DSP-14.1", "All customers receive notice 30 days before a new subprocessor starts.", ""},
		{"a shorter interval than some of the answer's", "Do you perform vulnerability scans daily?", "caiq-4.1/TVM-03.1", "Vulnerability scans run every week, and daily on laptops.", "it asks for an interval, and the answer tells of longer ones too"},
		{"a second question", "Are changes tested before release, and by whom?", "caiq-4.1/CCC-02.1", "Changes are tested before release.", `it also asks "whom"`},
		{"a copy", "Are backups encrypted? Please attach a copy of the procedure.", "caiq-4.1/BCR-08.2", "Backups are encrypted.", "it also wants something to be attached"},
		{"a question of the version before", "Do you go over your audit policy every year?", "caiq-4.0/A&A-01.2", "", ""},
		{"a question that is not known", "Are backups encrypted?", "caiq-4.1/ZZZ-01.1", "", "Are backups encrypted?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := m.Unsaid(tt.text, tt.ref, tt.answer); got != reason(tt.want) {
				t.Errorf("got %q, want %q", got, reason(tt.want))
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
			if got := m.Strange(tt.text, tt.ref, ""); got != reason(tt.want) {
				t.Errorf("got %q, want %q", got, reason(tt.want))
			}
		})
	}
}
