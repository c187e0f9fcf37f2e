package mapping

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"caique/internal/caiq"
)

// toCriteria are the crosswalks to the criteria that are built in.
func toCriteria(t *testing.T) []*caiq.Crosswalk {
	t.Helper()
	var out []*caiq.Crosswalk
	for _, version := range []caiq.FrameworkID{"ccm-4.0", "ccm-4.1"} {
		cw, err := packs().Crosswalk(version, criteria)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, cw)
	}
	return out
}

// The same words get the same evidence: what has to be done every year is a part
// that SOC 2 does not show, whatever gap CSA sees. A control that nothing audited
// shows needs no such part; the yearly audits of a certification body are one of
// the certificate's own rules.
func TestWhatIsAskedEveryYearIsAPart(t *testing.T) {
	t.Parallel()
	yearly := regexp.MustCompile(`\b(every|each|once a) year\b|\byearly\b`)
	topics, err := packs().Topics()
	if err != nil {
		t.Fatal(err)
	}
	asked := make(map[caiq.Ref]bool)
	for _, topic := range topics {
		for _, q := range topic.Questions {
			asked[q] = yearly.MatchString(topic.Topic)
		}
	}
	found := 0
	for _, cw := range toCriteria(t) {
		format := formatOf(cw.From)
		questions, err := newCatalogue(packs()).questionsOf(format)
		if err != nil {
			t.Fatal(err)
		}
		for id, control := range questions {
			if !asked[caiq.MakeRef(format, id)] {
				continue
			}
			found++
			at := slices.IndexFunc(cw.Entries, func(e caiq.CrosswalkEntry) bool { return e.Control == control })
			if !tellsTheYear(cw.Entries[at], id) {
				t.Errorf("%s/%s is asked for every year, and %s/%s has no part for it", format, id, cw.From, control)
			}
		}
	}
	if found < 80 {
		t.Errorf("%d questions ask for something every year: the topics are not seen", found)
	}
}

func tellsTheYear(e caiq.CrosswalkEntry, question string) bool {
	byTheYear := func(clause string) bool { return strings.HasPrefix(clause, "17021-1:9.6.2") }
	if e.Gap == caiq.GapFull && (len(e.Certified) == 0 || slices.ContainsFunc(e.Certified[caiq.ISO27001], byTheYear)) {
		return true
	}
	return slices.ContainsFunc(e.Missing, func(p caiq.Part) bool {
		return strings.HasPrefix(p.ID, "annual-") && slices.Contains(p.Questions, question)
	})
}

// What would carry a full gap and which certificate does are said alike.
func TestCertifiedIsWhatCarriesAFullGap(t *testing.T) {
	t.Parallel()
	annex := regexp.MustCompile(`A\.\d+\.\d+`)
	for _, cw := range toCriteria(t) {
		for _, e := range cw.Entries {
			certificate, _, _ := strings.Cut(e.CarriedBy, ", or ")
			if !strings.Contains(certificate, "statement of applicability") {
				continue
			}
			if want, got := annex.FindAllString(certificate, -1), e.Certified[caiq.ISO27001]; !slices.Equal(want, got) {
				t.Errorf("%s/%s is carried by %v, and certified by %v", cw.From, e.Control, want, got)
			}
		}
	}
}
