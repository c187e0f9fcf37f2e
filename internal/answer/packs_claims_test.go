package answer_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"caique/internal/answer"
	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/mappings"
	"caique/questionnaires"
)

const exampleSaaS = "example-saas"

// builtIn is the engine of the example for one format.
func builtIn(t *testing.T, format caiq.FormatID) (*answer.Engine, *caiq.Knowledge) {
	t.Helper()
	k, err := mapping.New(questionnaires.FS, mappings.FS).Knowledge(format, mapping.ProfileSource{Name: exampleSaaS})
	if err != nil {
		t.Fatal(err)
	}
	e, err := answer.New(k, exampleSaaS, caiq.Options{AsOf: date(day), Audience: caiq.ReleaseNDA})
	if err != nil {
		t.Fatal(err)
	}
	return e, k
}

// Beside "was tested" no date may stand that is later than what was tested.
func TestNothingThatWasTestedIsDatedAfterTheTest(t *testing.T) {
	t.Parallel()
	_, k := builtIn(t, "caiq-4.1")
	dates := regexp.MustCompile(`(?:(\d{1,2}) )?(January|February|March|April|May|June|July|August|September|October|November|December) (20\d\d)`)
	for _, p := range k.Profiles {
		for _, c := range p.Controls {
			to := testedTo(p, &c)
			if to.IsZero() || c.Status != caiq.Implemented {
				continue
			}
			texts := []string{c.Statement}
			for _, a := range c.Addresses {
				texts = append(texts, a.Says)
			}
			for _, m := range dates.FindAllStringSubmatch(strings.Join(texts, " "), -1) {
				if m[1] == "" {
					m[1] = "1"
				}
				day, err := time.Parse("2 January 2006", strings.Join(m[1:], " "))
				if err != nil {
					t.Fatal(err)
				}
				if date(day.Format(time.DateOnly)).After(to) {
					t.Errorf("%s:%s speaks of %s, and its test ended on %s", p.ID, c.ID, m[0], to)
				}
			}
		}
	}
}

// testedTo is the last day of the latest Type II report that tests a control.
func testedTo(p *caiq.Profile, c *caiq.CompanyControl) caiq.Date {
	var to caiq.Date
	for _, id := range c.Evidence {
		if e := p.EvidenceByID(id); e != nil && e.Kind == caiq.SOC2Type2 && e.To.After(to) {
			to = e.To
		}
	}
	return to
}
