package answer

import (
	"strings"
	"testing"

	"caique/internal/caiq"

	"github.com/google/go-cmp/cmp"
)

// ask matches a text against the questions of CAIQ 4.1.
func ask(t *testing.T, m *Matcher, text string) Matching {
	t.Helper()
	found, err := m.Match(t.Context(), Wording{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestMatch_outcomes(t *testing.T) {
	t.Parallel()
	m := newPool(t, "caiq-4.1", catalogueOf(library(), "caiq-4.1")).matcher
	for name, tc := range map[string]struct {
		text    string
		outcome MatchOutcome
		first   caiq.Ref
		fact    string
	}{
		"a question in other words is answered":           {text: "Are backups encrypted?", outcome: MatchedAuto, first: "caiq-4.1/BCR-08.2"},
		"a statement is a question":                       {text: "Vendor must carry out penetration tests by an independent party", outcome: MatchedAuto, first: "caiq-4.1/TVM-07.1"},
		"one put the other way round is offered":          {text: "Do you store backups unencrypted?", outcome: MatchedOffered, first: "caiq-4.1/BCR-08.2"},
		"one that asks for a value is offered":            {text: "How often are backups performed?", outcome: MatchedOffered},
		"one that asks for nothing has no candidates":     {text: "Comments?", outcome: MatchedNone},
		"punctuation asks nothing":                        {text: "-", outcome: MatchedNone},
		"one about money has no candidates":               {text: "What is the price of the backup service?", outcome: MatchedNone},
		"one about somebody else has no candidates":       {text: "Does your landlord encrypt its laptops?", outcome: MatchedNone},
		"a fact of the party is recognised":               {text: "Company headquarters address", outcome: MatchedFact, fact: "headquarters"},
		"a word in common with a fact is no fact":         {text: "Are access rights of staff reviewed after a change of the insurance policy?", outcome: MatchedNone},
		"an index term leads to its control":              {text: "Is there a clear screen policy?", outcome: MatchedOffered, first: "caiq-4.1/HRS-03.1"},
		"a text in no language of ours is not understood": {text: "Wird der Zugang zum Gebäude überwacht?", outcome: MatchedNone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ask(t, m, tc.text)
			if got.Outcome != tc.outcome {
				t.Fatalf("%q: %s (%s), want %s; candidates %v", tc.text, got.Outcome, got.Why, tc.outcome, got.Candidates)
			}
			if tc.first != "" && got.Candidates[0].Refs[0] != tc.first {
				t.Errorf("%q: first is %s, want %s", tc.text, got.Candidates[0].Refs[0], tc.first)
			}
			if tc.fact != "" && (len(got.Facts) == 0 || got.Facts[0] != tc.fact) {
				t.Errorf("%q: facts %v, want %s", tc.text, got.Facts, tc.fact)
			}
			if got.Outcome != MatchedAuto && got.Why == "" {
				t.Errorf("%q: no reason why it is not answered", tc.text)
			}
		})
	}
}

func TestMatch_parts(t *testing.T) {
	t.Parallel()
	m := newPool(t, "caiq-4.1", catalogueOf(library(), "caiq-4.1")).matcher
	got := ask(t, m, "Are backups encrypted, and do you run background checks on new employees?")
	if got.Outcome != MatchedOffered || len(got.Parts) != 2 {
		t.Fatalf("%s with %d parts, want it offered with 2: %+v", got.Outcome, len(got.Parts), got)
	}
	if a, b := got.Parts[0].Candidates[0].Control, got.Parts[1].Candidates[0].Control; a != "ccm-4.1/BCR-08" || b != "ccm-4.1/HRS-01" {
		t.Errorf("parts lead to %s and %s", a, b)
	}
	if got := ask(t, m, "Are backups encrypted, and how often?"); len(got.Parts) != 0 {
		t.Errorf("a part that asks nothing of its own counts: %+v", got.Parts)
	}
}

func TestMatch_isDeterministic(t *testing.T) {
	t.Parallel()
	a := newPool(t, "a", catalogueOf(library(), "caiq-4.1"))
	b := newPool(t, "b", catalogueOf(library(), "caiq-4.1"))
	for i, topic := range a.catalogue.Topics {
		for _, text := range append([]string{topic.Topic}, topic.Also...) {
			if i%4 == 0 {
				if d := cmp.Diff(ask(t, a.matcher, text), ask(t, b.matcher, text)); d != "" {
					t.Fatalf("%q: %s", text, d)
				}
			}
		}
	}
}

func TestMatch_library(t *testing.T) {
	t.Parallel()
	stored := caiq.Passage{
		ID: "library:1", Kind: caiq.PassageLibrary, Workspace: "acme", Refs: []caiq.Ref{"caiq-4.1/UEM-13.1"},
		Text: "Could a vanished zebraphone be emptied from afar?",
	}
	m := newPool(t, "caiq-4.1", catalogueOf(library(), "caiq-4.1"), stored).matcher
	find := func(workspace string) Matching {
		got, err := m.Match(t.Context(), Wording{Text: "Can a vanished zebraphone be emptied from afar?", Workspace: workspace})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := find("acme"); got.Candidates[0].Refs[0] != "caiq-4.1/UEM-13.1" || got.Candidates[0].Control != "ccm-4.1/UEM-13" {
		t.Errorf("the workspace's own question is not first: %+v", got.Candidates[0])
	}
	for _, c := range find("bolt").Candidates {
		for _, s := range c.Signals {
			if s.Signal == "words" && s.Value > 0.5 {
				t.Errorf("another workspace's question is found: %+v", c)
			}
		}
	}
}

func TestNewMatcher_model(t *testing.T) {
	t.Parallel()
	c := catalogueOf(library(), "caiq-4.1")
	short := *c.Model
	short.Ranking = short.Ranking[1:]
	c.Model = &short
	if _, err := NewMatcher(c, nil); caiq.CodeOf(err) != "missing_signal" {
		t.Errorf("a model without a signal: %v", err)
	}
	odd := short
	odd.Ranking = append([]caiq.Weight{{Signal: "charm"}}, short.Ranking...)
	c.Model = &odd
	if _, err := NewMatcher(c, nil); caiq.CodeOf(err) != "unknown_signal" {
		t.Errorf("a model with an unknown signal: %v", err)
	}
}

func TestMatching_Recognise(t *testing.T) {
	t.Parallel()
	first := Candidate{Refs: []caiq.Ref{"caiq-4.1/IAM-13.1"}, Probability: 0.97}
	auto := Matching{Outcome: MatchedAuto, Candidates: []Candidate{first}}
	want := caiq.Match{Kind: caiq.MatchFound, Question: "caiq-4.1/IAM-13.1", Probability: 0.97}
	if d := cmp.Diff(want, auto.Recognise()); d != "" {
		t.Error(d)
	}
	offered := Matching{Outcome: MatchedOffered, Why: "Not near enough.", Candidates: []Candidate{first}}
	if got := offered.Recognise(); got.Kind != caiq.MatchNone || len(got.Candidates) != 1 {
		t.Errorf("offered is %+v", got)
	}
	p := caiq.Proposal{Band: caiq.BandNone}
	offered.Offer(&p, &caiq.Profile{ID: "acme"}, caiq.ReleasePublic)
	if p.Band != caiq.BandWeak || !p.Answer.Blank() || len(p.Candidates) != 1 || !strings.Contains(p.Needs[0].Text, "Not near enough.") {
		t.Errorf("an offer fills nothing and shows the candidate: %+v", p)
	}
}

func TestMatching_Offer_facts(t *testing.T) {
	t.Parallel()
	profile := &caiq.Profile{ID: "acme", Facts: []caiq.Fact{
		{ID: "headquarters", Title: "Headquarters", Value: "Boston", Release: caiq.ReleasePublic},
		{ID: "insurance", Title: "Insurance", Value: "ten million", Release: caiq.ReleaseNDA},
	}}
	for name, tc := range map[string]struct{ fact, says string }{
		"a fact is told":                          {"headquarters", "Headquarters: Boston."},
		"one above the audience is not":           {"insurance", "does not hold for this audience"},
		"one that the profile lacks is asked for": {"founded", "add it to facts"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := caiq.Proposal{}
			m := Matching{Outcome: MatchedFact, Facts: []string{tc.fact}}
			m.Offer(&p, profile, caiq.ReleasePublic)
			if !p.Answer.Blank() || len(p.Needs) != 1 || !strings.Contains(p.Needs[0].Text, tc.says) || strings.Contains(p.Needs[0].Text, "million") {
				t.Errorf("%+v", p)
			}
		})
	}
}
