package app

import (
	"encoding/json"
	"slices"
	"strings"

	"caique/internal/answer"
	"caique/internal/caiq"
)

// basis is what a proposal rests on, in the form whose hash approvals keep: the
// engine's own answer, its steps and every piece of evidence behind them, for
// the audience. How a row was recognised in its file, and what would lift a
// band, are no part of it.
//
// Where the engine answers nothing, the basis says just that: what it found beside,
// candidates and facts to choose from, carries no text, and what a person writes
// there rests on that person. Such an approval holds until the engine comes to
// answer the question itself.
type basis struct {
	Audience caiq.Release    `json:"audience"`
	Answer   caiq.Answer     `json:"answer"`
	Band     caiq.Band       `json:"band"`
	Steps    []caiq.Step     `json:"steps"`
	Evidence []caiq.Evidence `json:"evidence"`
}

// basisHash identifies what the engine's proposal rests on.
func basisHash(k *caiq.Knowledge, p caiq.Proposal, audience caiq.Release) string {
	b := basis{Audience: audience, Answer: p.Answer, Band: p.Band, Steps: []caiq.Step{}, Evidence: []caiq.Evidence{}}
	if p.Blank() {
		b.Band, p.Basis = caiq.BandNone, nil
	}
	for _, st := range p.Basis {
		if st.Kind != caiq.StepMatch {
			b.Steps = append(b.Steps, st)
		}
	}
	for _, e := range evidenceOf(k, p.Basis) {
		b.Evidence = append(b.Evidence, *e.Evidence)
	}
	text, err := json.Marshal(b)
	if err != nil { // strings and dates alone
		return ""
	}
	return hexSHA256(text)
}

// namedEvidence is evidence with the party whose it is.
type namedEvidence struct {
	*caiq.Evidence
	Party *caiq.Profile
}

// Ref is how steps name it: "example-saas:soc2-2026".
func (e namedEvidence) Ref() string { return e.Party.ID + ":" + e.ID }

// evidenceOf returns the evidence that steps name, each once, in their order,
// bridge letters after the report that they extend.
func evidenceOf(k *caiq.Knowledge, steps []caiq.Step) []namedEvidence {
	var found []namedEvidence
	add := func(e namedEvidence) {
		if !slices.ContainsFunc(found, func(o namedEvidence) bool { return o.Evidence == e.Evidence }) {
			found = append(found, e)
		}
	}
	for _, st := range steps {
		party, id, ok := strings.Cut(st.Ref, ":")
		p := k.Profiles[party]
		if !ok || p == nil || st.Kind != caiq.StepEvidence && st.Kind != caiq.StepDeviation {
			continue
		}
		e := p.EvidenceByID(id)
		if e == nil {
			continue
		}
		add(namedEvidence{e, p})
		for i := range p.Evidence {
			if b := &p.Evidence[i]; b.Kind == caiq.BridgeLetter && b.Bridges == id {
				add(namedEvidence{b, p})
			}
		}
	}
	return found
}

// evidenceUntil is the last day on which all evidence behind the steps is
// reliable, and all reviews of what is only stated count; zero when none runs out.
// What had run out on the as-of day already is left aside: the engine has not
// counted it.
func evidenceUntil(k *caiq.Knowledge, steps []caiq.Step, asOf caiq.Date) caiq.Date {
	var until caiq.Date
	add := func(end caiq.Date) {
		if !end.IsZero() && !end.Before(asOf) && (until.IsZero() || end.Before(until)) {
			until = end
		}
	}
	for _, e := range evidenceOf(k, steps) {
		if e.Kind != caiq.BridgeLetter { // a letter's days are in those of its report
			add(e.ReliableUntil)
		}
	}
	for _, st := range steps {
		if c := statedBy(k, st); c != nil {
			add(answer.StatedUntil(c.Reviewed))
		}
	}
	return until
}

// statedBy returns the control whose own reviewed document a step rests on, or nil.
func statedBy(k *caiq.Knowledge, st caiq.Step) *caiq.CompanyControl {
	party, id, _ := strings.Cut(st.Ref, ":")
	p := k.Profiles[party]
	if p == nil || st.Kind != caiq.StepEvidence {
		return nil
	}
	if c := p.ControlByID(id); c != nil && c.Document != "" && !c.Reviewed.IsZero() {
		return c
	}
	return nil
}
