package answer_test

import (
	"regexp"
	"slices"
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

// An answer that 3.0.1 gets from questions of 4.0 claims no more than the answers
// to these: of no control, no part and no provider.
func TestOlderAnswersClaimNoMoreThanThoseTheyComeFrom(t *testing.T) {
	t.Parallel()
	old, k := builtIn(t, "caiq-3.0.1")
	current, _ := builtIn(t, "caiq-4.0")
	compared := 0
	format := k.Formats["caiq-3.0.1"]
	for _, q := range format.Questions {
		p := propose(t, old, string(format.Ref(q)))
		if p.Value != caiq.Yes || !strings.Contains(p.Description, "SOC 2") {
			continue
		}
		for _, ref := range comesFrom(p) {
			from := propose(t, current, ref)
			if from.Value != caiq.Yes {
				t.Errorf("%s is answered by %s, which is %q", p.Question, ref, from.Value)
			}
			checkClaims(t, p, from)
			compared++
		}
	}
	if compared < 80 {
		t.Errorf("%d answers compared: the lineage is not seen", compared)
	}
}

// comesFrom returns the questions of 4.0 that a proposal names as asking something alike.
func comesFrom(p caiq.Proposal) []string {
	var out []string
	for _, s := range p.Basis {
		if s.Kind == caiq.StepLineage && strings.HasPrefix(s.Text, "Asks something alike") {
			out = append(out, regexp.MustCompile(`caiq-4\.0/\S+\.\d+`).FindAllString(s.Ref, -1)...)
		}
	}
	return out
}

var (
	testedOnes   = regexp.MustCompile(`[Cc]ontrols? ([^.;]*?) (?:was|were) tested by`)
	evidenceOnes = regexp.MustCompile(`[Cc]ontrols? ([^.;]*?) (?:was|were|is|are) (?:tested by|within|management's)`)
	controlID    = regexp.MustCompile(`\b[A-Z]+-\d+\b`)
	soc2Alone    = regexp.MustCompile(`(\w[\w ]*)'s SOC 2[^;.]*? covers this`)
	notShown     = regexp.MustCompile(`Not shown by SOC 2 [^\n]*?: ([^\n]*?)\.(?: |\n|$)`)
)

func checkClaims(t *testing.T, p, from caiq.Proposal) {
	t.Helper()
	for _, id := range controlsIn(evidenceOnes, from.Description) {
		tested := slices.Contains(controlsIn(testedOnes, from.Description), id)
		if !tested && slices.Contains(controlsIn(testedOnes, p.Description), id) {
			t.Errorf("%s: %s is tested, to %s it is not:\n%s", p.Question, id, from.Question, p.Description)
		}
	}
	for _, m := range notShown.FindAllStringSubmatch(from.Description, -1) {
		for part := range strings.SplitSeq(m[1], "; ") {
			if !slices.ContainsFunc(notShown.FindAllString(p.Description, -1), func(s string) bool { return strings.Contains(s, part) }) {
				t.Errorf("%s does not say that SOC 2 does not show %q, as %s does:\n%s", p.Question, part, from.Question, p.Description)
			}
		}
	}
	for _, m := range soc2Alone.FindAllStringSubmatch(p.Description, -1) {
		if strings.Contains(from.Description, m[1]+"'s ") && !soc2Alone.MatchString(from.Description) {
			t.Errorf("%s: SOC 2 alone covers what %s does, to %s it does not:\n%s", p.Question, m[1], from.Question, p.Description)
		}
	}
	for _, s := range from.Basis {
		if s.Kind == caiq.StepPart && !slices.ContainsFunc(p.Basis, func(o caiq.Step) bool { return o.Kind == s.Kind && o.Text == s.Text }) {
			t.Errorf("%s: the basis lacks what that of %s says: %s", p.Question, from.Question, s.Text)
		}
	}
}

func controlsIn(pattern *regexp.Regexp, text string) []string {
	var out []string
	for _, m := range pattern.FindAllStringSubmatch(text, -1) {
		out = append(out, controlID.FindAllString(m[1], -1)...)
	}
	return out
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
