package answer_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/answer"
	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/mappings"
	"caique/questionnaires"
)

// The built-in packs through the engine: every profile, format and audience
// keeps the promises that the fixtures keep.
func TestBuiltInPacks(t *testing.T) {
	t.Parallel()
	lib := mapping.New(questionnaires.FS, mappings.FS)
	for _, profile := range lib.ProfileIDs() {
		for _, format := range lib.FormatIDs() {
			t.Run(profile+" answers "+string(format), func(t *testing.T) {
				t.Parallel()
				k, err := lib.Knowledge(format, mapping.ProfileSource{Name: profile})
				if err != nil {
					t.Fatal(err)
				}
				for _, to := range []caiq.Release{caiq.ReleasePublic, caiq.ReleaseNDA, caiq.ReleaseInternal} {
					checkPack(t, k, profile, format, to)
				}
			})
		}
	}
}

func checkPack(t *testing.T, k *caiq.Knowledge, profile string, format caiq.FormatID, to caiq.Release) {
	t.Helper()
	e, err := answer.New(k, profile, caiq.Options{AsOf: date(day), Audience: to})
	if err != nil {
		t.Fatal(err)
	}
	foreign := providersDuties(k, profile)
	for _, q := range k.Formats[format].Questions {
		p := propose(t, e, string(k.Formats[format].Ref(q)))
		for _, text := range foreign {
			if strings.Contains(p.Customer, text) {
				t.Errorf("%s: a provider's duty in column F: %q", p.Question, text)
			}
		}
		if p.Ownership == caiq.OwnerNotDetermined {
			t.Errorf("%s: Not Determined is never proposed", p.Question)
		}
	}
}

// providersDuties lists what others than the answering profile expect of their
// customers, save what it expects in the same words.
func providersDuties(k *caiq.Knowledge, profile string) []string {
	own := make(map[string]bool)
	for _, d := range k.Profiles[profile].CUECs {
		own[d.Text] = true
	}
	var out []string
	for id, p := range k.Profiles {
		for _, d := range p.CUECs {
			if id != profile && !own[d.Text] {
				out = append(out, d.Text)
			}
		}
	}
	return out
}

func TestTheExampleAnswersNearlyEverything(t *testing.T) {
	t.Parallel()
	const profile = "example-saas"
	lib := mapping.New(questionnaires.FS, mappings.FS)
	for _, format := range []caiq.FormatID{"caiq-4.0", "caiq-4.1"} {
		k, err := lib.Knowledge(format, mapping.ProfileSource{Name: profile})
		if err != nil {
			t.Fatal(err)
		}
		e, err := answer.New(k, profile, caiq.Options{AsOf: date(day), Audience: caiq.ReleaseNDA})
		if err != nil {
			t.Fatal(err)
		}
		answered, all := 0, k.Formats[format].Questions
		for _, q := range all {
			if propose(t, e, string(k.Formats[format].Ref(q))).Value != "" {
				answered++
			}
		}
		if answered*100 < 95*len(all) {
			t.Errorf("%s: %d of %d answered", format, answered, len(all))
		}
	}
}

func TestProposeIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	us := acme(uses(nil, "ccm-4.1/DCS-01"), control("AC-01", at("caiq-4.1/IAM-13.1", "ccm-4.1/IAM-14"), proved("soc2", "iso"), criteria("CC6.1"), class(caiq.ReleaseNDA)))
	e := engine(t, knowledge(us, provingHost()), audience(caiq.ReleasePublic))
	want := proposeAll(e)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if diff := cmp.Diff(want, proposeAll(e)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	wg.Wait()
}

func proposeAll(e *answer.Engine) []caiq.Proposal {
	var out []caiq.Proposal
	for _, q := range allQuestions() {
		out = append(out, e.Propose(known(q)))
	}
	return out
}
