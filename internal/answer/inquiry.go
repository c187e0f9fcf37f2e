package answer

import (
	"fmt"
	"slices"

	"caique/internal/caiq"
)

// inquiry is one question put to one view of the profile.
type inquiry struct {
	e *Engine
	v *view
	r *reach
	f *footing
	q *caiq.Question
	g *ground
	voice
	caps  []caiq.Need      // why the band is no better than partial
	alike []hit[caiq.Duty] // of customers, in questions that ask something alike
	p     caiq.Proposal
}

// ask derives a proposal for a recognised question from what a view holds.
func (e *Engine) ask(q *caiq.Question, f *footing, v *view) caiq.Proposal {
	i := &inquiry{e: e, v: v, r: f.reach, f: f, q: q, g: v.ground(f.reach), voice: voiceOf(v.profile)}
	i.p = newProposal(q)
	i.introduce()
	i.decide()
	i.finish()
	return i.p
}

// introduce tells how the row was recognised and what criteria show of it.
func (i *inquiry) introduce() {
	i.step(caiq.StepMatch, 0, string(i.p.Question), "%s", matchText(i.q))
	if i.q.Match.Kind == caiq.MatchChanged {
		i.cap(need(codeChanged, string(i.p.Question), "The text differs from the official one: check that the answer fits the question as it is put here."))
	}
	if i.q.Match.Kind == caiq.MatchFound {
		i.cap(need(codeFound, string(i.p.Question), "The question was recognised by its wording alone: check that the answer fits it as it is put here."))
	}
	i.introduceHeard()
	i.p.Basis = append(i.p.Basis, i.r.steps...)
	for n, c := range i.r.controls {
		text := "The control that the question belongs to."
		if n > 0 {
			text = "The same control under another version."
		}
		i.step(caiq.StepCrosswalk, 1, string(c), "%s", text)
	}
	if i.g.bundle != nil {
		i.p.Basis = append(i.p.Basis, i.g.bundle.steps...)
	}
	for _, home := range i.g.homes() {
		i.step(caiq.StepCrosswalk, 2, string(home.control), "%s", mappingText(home.entry))
	}
	for _, x := range hitsAt(i.v.exclusions, slices.Concat(i.r.exact, i.r.controls)) {
		if x.what.Date.After(i.e.opt.AsOf) {
			i.step(caiq.StepExclusion, 1, own(i.v.profile, x.what.ID), "Does not count: it is dated %s, after the as-of date.", x.what.Date.Long())
		}
	}
	for _, p := range i.g.parts {
		i.step(caiq.StepPart, 2, string(p.ref), "SOC 2 does not show %s.", trimStop(p.Text))
	}
}

// decide goes through the sources of an answer, the most deliberate first.
func (i *inquiry) decide() {
	x, at := i.v.exclusion(i.r, i.e.opt.AsOf)
	switch a := i.direct(); {
	case i.f.doubt && (a != nil || at != onNothing || i.spoken()):
		i.unheard()
	case a != nil:
		i.answerDirectly(a)
	case at != onNothing && at >= i.g.depth && i.farFetched(at):
		i.blank(need(codeAlike, own(i.v.profile, x.what.ID), "%s declares something alike not applicable, not this question: declare it for this question too, or answer it.", x.what.ID))
	case at >= onAlike && at == i.g.depth:
		i.blank(need(codeContradiction, own(i.v.profile, x.what.ID),
			"%s declares the question not applicable, yet something else speaks to it: keep one of them.", x.what.ID))
	case at != onNothing && at >= i.g.depth:
		i.notApplicable(x)
	case i.g.depth == onNothing:
		i.nothing()
	case i.lacking() != nil:
		i.no()
	default:
		i.positive()
	}
}

// direct returns the answer given to the very question, or to one that asks the same.
func (i *inquiry) direct() *caiq.DirectAnswer {
	for _, q := range i.r.exact {
		if a := i.v.answers[q]; a != nil {
			return a
		}
	}
	return nil
}

// judge weighs our own evidence.
func (i *inquiry) judge(homes ...*mapping) judge {
	return judge{graph: i.e.graph, party: i.v.profile, asOf: i.e.opt.AsOf, homes: homes}
}

func (i *inquiry) step(kind caiq.StepKind, depth int, ref, format string, args ...any) {
	i.p.Basis = append(i.p.Basis, caiq.Step{Kind: kind, Ref: ref, Depth: depth, Text: fmt.Sprintf(format, args...)})
}

// cap keeps the band at partial and says why.
func (i *inquiry) cap(n caiq.Need) { i.caps = append(i.caps, n) }

// blank leaves the answer open; the first Need decides.
func (i *inquiry) blank(needs ...caiq.Need) {
	i.p.Answer = caiq.Answer{}
	i.p.Band = caiq.BandWeak
	i.p.Needs = append(i.p.Needs, needs...)
	for _, c := range append(i.g.ours, i.g.lacks...) {
		i.p.Candidates = appendNew(i.p.Candidates, fmt.Sprintf("%s (addresses %s)", c.control.ID, c.at[0].ID()))
	}
}

// finish applies what caps the band and holds the answer against the column rules.
func (i *inquiry) finish() {
	if i.p.Value != "" && len(i.caps) > 0 {
		i.p.Band = i.p.Band.CappedAt(caiq.BandPartial)
		for _, n := range i.caps {
			i.step(caiq.StepCap, 0, n.Ref, "At most partial: %s", n.Text)
		}
		i.p.Needs = append(i.caps, i.p.Needs...)
	}
	if i.p.Value == caiq.Yes || i.p.Value == caiq.No {
		i.p.Needs = append(i.p.Needs, i.customerNeeds()...)
	}
	if broken := caiq.CheckColumns(i.p.Answer); len(broken) > 0 {
		i.p.Answer, i.p.Band = caiq.Answer{}, caiq.BandWeak
		i.p.Needs = append([]caiq.Need{need(codeColumns, string(i.p.Question), "The answer breaks a column rule: %s.", broken[0].Message)}, i.p.Needs...)
	}
	i.request()
}

func newProposal(q *caiq.Question) caiq.Proposal {
	p := caiq.Proposal{Question: q.Match.Question, Sheet: q.Sheet, Cell: q.Cell, Band: caiq.BandNone}
	if p.Question == "" {
		p.Question = q.Key
	}
	return p
}

func matchText(q *caiq.Question) string {
	switch {
	case q.Match.Kind == caiq.MatchFound:
		return fmt.Sprintf("Matched by its wording, with a probability of %.2f.", q.Match.Probability)
	case q.Match.Kind == caiq.MatchChanged:
		return "Recognised by its identifier; the text is not the official one."
	case q.Match.Kind == caiq.MatchPicked:
		return pickedText(q.Match.Pick)
	case q.Match.HasText:
		return "Recognised by its text."
	default:
		return "Recognised by its identifier alone: no official text is known to compare with."
	}
}

// pickedText tells who said what a row asks, and where.
func pickedText(k *caiq.Pick) string {
	switch {
	case k == nil:
		return "Matched by a reviewer."
	case k.Here:
		return fmt.Sprintf("Matched by %s.", k.ByName)
	default:
		return fmt.Sprintf("Matched by %s, for the same words in %s.", k.ByName, k.SourceName)
	}
}

func mappingText(e *caiq.CrosswalkEntry) string {
	if e.Gap == caiq.GapFull || len(e.To) == 0 {
		return "No SOC 2 criterion shows this control (gap: full)."
	}
	return fmt.Sprintf("SOC 2 criteria behind it: %s (gap: %s).", joinWords(e.To), e.Gap)
}
