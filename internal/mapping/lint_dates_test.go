package mapping

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The profile has one of each date; today decides which of them are told.
const dated = `schema: 1
id: acme
name: Acme, Inc.
short: Acme
service: Acme Service
model: saas
ccm: "9.0"
evidence:
  - {id: policy, kind: policy, title: Password Policy, issuer: Acme, owner: CISO, document: Password Policy, reviewed: 2026-03-17}
  - {id: iso, kind: iso27001, title: Certificate, issuer: Certifier, system: All, as_of: 2026-01-01, reliable_until: 2030-01-01}
controls:
  - id: C-1
    title: Passwords
    statement: We set rules for passwords; the review of 30 April 2026 changed two.
    owner: CISO
    evidence: [policy]
    addresses: [{ref: AC-01.1, says: The rules hold until 30 April 2026.}]
  - id: C-2
    title: Review of passwords
    statement: We count passwords; in the second quarter of 2026 there were nine.
    owner: CISO
    document: Count
    reviewed: 2026-06-29
    addresses: [{ref: AC-01.2, says: We counted in June 2026.}]
  - id: C-3
    title: Doors
    statement: We changed the locks in October 2026.
    owner: CISO
    evidence: [policy, iso]
    addresses: [DC-01]
  - id: C-4
    title: Second factor
    statement: We will require a second factor.
    owner: CISO
    status: planned
    target: 2026-09-30
    remedy: Passwords are long.
    addresses: [AC-02.1]
exclusions:
  - {id: X-1, addresses: [caiq-8.0/AC-01.2], reason: There is nothing to read., approved_by: CISO, date: 2026-12-01}
answers:
  - {question: caiq-8.0/AC-01.1, answer: "yes", ownership: CSP-owned, description: We asked all in August 2026., owner: CISO, reviewed: 2026-07-01}
`

func TestLint_datesByTheDay(t *testing.T) {
	t.Parallel()
	const (
		changed  = "controls[0].statement later_than_review"
		counted  = "controls[1].statement later_than_review"
		asked    = "answers[0].description later_than_review"
		planned  = "controls[3].target target_passed"
		excluded = "exclusions[0].date date_to_come"
	)
	for _, c := range []struct {
		today string
		want  []string
	}{
		{"", nil}, // no day, no judgement
		{"2026-03-16", []string{"evidence[0].reviewed date_to_come", "controls[1].reviewed date_to_come", excluded, "answers[0].reviewed date_to_come"}},
		{"2026-07-01", []string{changed, counted, excluded}},
		{"2026-09-30", []string{changed, counted, excluded, asked}},
		{"2026-10-01", []string{changed, counted, planned, excluded, asked}},
		{"2026-12-01", []string{changed, counted, planned, asked}},
		{"2027-03-18", []string{"evidence[0].reviewed review_overdue", changed, counted, planned, asked}},
		{"2028-01-02", []string{"evidence[0].reviewed review_overdue", changed, "controls[1].reviewed review_overdue", counted, planned, "answers[0].reviewed review_overdue", asked}},
	} {
		t.Run("on "+c.today, func(t *testing.T) {
			t.Parallel()
			source := ProfileSource{Path: "acme.yaml", Data: []byte(dated)}
			if c.today != "" {
				source.Today = day(c.today)
			}
			var got []string
			for _, p := range LintProfile(worldWith(t, nil), source) {
				if !p.Warning || p.Line == 0 {
					t.Errorf("%s should be a warning with its line", p)
				}
				got = append(got, p.Field+" "+p.Code)
			}
			sorted := cmp.Transformer("set", func(in []string) map[string]bool {
				set := make(map[string]bool)
				for _, s := range in {
					set[s] = true
				}
				return set
			})
			if diff := cmp.Diff(c.want, got, sorted); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestLint_builtInProfilesOnTheDayTheyWereWritten(t *testing.T) {
	t.Parallel()
	l := packs()
	for _, id := range l.ProfileIDs() {
		for _, p := range LintProfile(l, ProfileSource{Name: id, Today: day("2026-11-30")}) {
			t.Errorf("%s (%s)", p, p.Code)
		}
	}
}

func TestLint_exclusionsThatAProviderDoes(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]bool{
		"Host does this for us.":                                   true,
		"This is the responsibility of Host Ltd.":                  true,
		"The doors are handled by our hosting provider.":           true,
		"AWS is responsible for data centres.":                     true,
		"We inherited from AWS what there is.":                     true,
		"There are no doors: the service has no building.":         false,
		"Rules in AWS deny such copies.":                           false,
		"The data lie with the hosting provider alone.":            false,
		"No provider of ours has access, so there is none to ask.": false,
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			own := strings.Replace(dated, "There is nothing to read.", strconv.Quote(reason), 1) +
				"uses:\n  - {provider: host, for: hosting, monitored_by: C-1}\n"
			host := "schema: 1\nid: host\nname: Host Ltd\nshort: Host\nservice: Hosting\nmodel: iaas\nccm: \"9.0\"\n"
			l := worldWith(t, map[string]string{"mappings/profiles/host.yaml": host})
			got := false
			for _, p := range LintProfile(l, ProfileSource{Path: "acme.yaml", Data: []byte(own)}) {
				if p.Code != "provider_does_it" {
					t.Errorf("%s (%s)", p, p.Code)
				}
				got = got || p.Warning
			}
			if got != want {
				t.Errorf("told: %t, want %t", got, want)
			}
		})
	}
}
