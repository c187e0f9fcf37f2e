package answer

import (
	"fmt"
	"strings"

	"caique/internal/caiq"
)

// Recognise returns how a row stands after matching by search: found when it may
// be answered, else not recognised, with what search offers. A match with a
// reservation becomes an offer.
func (m *Matching) Recognise() caiq.Match {
	if m.Outcome == MatchedAuto && m.Candidates[0].Reserve != "" {
		m.Outcome, m.Why = MatchedOffered, m.Candidates[0].Reserve
	}
	if m.Outcome == MatchedAuto {
		first := m.Candidates[0]
		return caiq.Match{Kind: caiq.MatchFound, Question: first.Refs[0], Probability: first.Probability}
	}
	match := caiq.Match{Kind: caiq.MatchNone}
	for _, c := range m.Candidates {
		match.Candidates = append(match.Candidates, c.Refs[0])
	}
	return match
}

// Offer tells, in a proposal that stays blank, what search has found: the
// candidates with their probability, or the fact that is asked for, as far as the
// audience may see it. Whether it answers the question is for a person to say.
func (m *Matching) Offer(p *caiq.Proposal, profile *caiq.Profile, audience caiq.Release) {
	switch m.Outcome {
	case MatchedFact:
		m.offerFacts(p, profile, audience)
	case MatchedOffered:
		p.Band = caiq.BandWeak
		p.Needs = append([]caiq.Need{need(codeOffered, "", "%s Choose one of the candidates, or answer by hand.", m.Why)}, p.Needs...)
		p.Candidates = append(p.Candidates, m.describe()...)
	case MatchedNone:
		if m.Why != "" {
			p.Needs = append([]caiq.Need{need(codeUnknown, "", "%s Answer by hand.", m.Why)}, p.Needs[min(1, len(p.Needs)):]...)
		}
	case MatchedAuto: // answered: nothing to offer
	}
}

// describe lists candidates, and those of each part where parts point apart.
func (m *Matching) describe() []string {
	var out []string
	for _, c := range m.Candidates {
		if c.Probability >= 0.01 {
			out = append(out, fmt.Sprintf("%s (%.2f)", c.Refs[0], c.Probability))
		}
	}
	for _, part := range m.Parts {
		out = append(out, fmt.Sprintf("%s for %q (%.2f)", part.Candidates[0].Refs[0], part.Text, part.Candidates[0].Probability))
	}
	return out
}

func (m *Matching) offerFacts(p *caiq.Proposal, profile *caiq.Profile, audience caiq.Release) {
	var told []string
	for _, id := range m.Facts {
		f := factOf(profile, id)
		switch {
		case f == nil: // named below, if nothing is told
		case f.Release.VisibleTo(audience):
			told = append(told, f.Title+": "+strings.TrimSuffix(f.Value, ".")+".")
			p.Basis = append(p.Basis, caiq.Step{Kind: caiq.StepDirect, Ref: own(profile, "fact "+id), Depth: 1, Text: "A fact of the profile."})
		default:
			p.Basis = append(p.Basis, caiq.Step{Kind: caiq.StepRelease, Ref: own(profile, "fact "+id), Depth: 1, Text: fmt.Sprintf("Withheld from this audience (%s).", f.Release)})
		}
	}
	if len(told) > 0 {
		p.Band = caiq.BandWeak
		p.Needs = []caiq.Need{need(codeFact, own(profile, m.Facts[0]), "It asks for a fact. The profile says: %s", strings.Join(told, " "))}
		return
	}
	p.Needs = []caiq.Need{need(codeFact, "", "It asks for a fact that the profile does not hold for this audience (%s): add it to facts, or answer by hand.", strings.Join(m.Facts, ", "))}
}

func factOf(profile *caiq.Profile, id string) *caiq.Fact {
	for i := range profile.Facts {
		if profile.Facts[i].ID == id {
			return &profile.Facts[i]
		}
	}
	return nil
}
