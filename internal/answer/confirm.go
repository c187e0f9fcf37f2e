package answer

import (
	"fmt"
	"slices"

	"caique/internal/caiq"
)

// Below version 4 a control stands behind several questions that ask different
// things, and a text that was changed may ask anything. What is known of the
// control, or of the question that the identifier names, then answers a row only
// where a lineage leads from it to one question of version 4 or the row's own words
// confirm it, and never where a lineage says that no question of version 4 tells.

// How probable a question must be for the row's words to confirm it: one of many
// under a control, or the very one that the identifier names.
const (
	sureOfControl = 0.85
	sureOfChanged = 0.2
)

// Unsure reports whether a recognised row is answered only if its words confirm
// what it was recognised as: whoever reads the file then fills in Match.Likely.
func (e *Engine) Unsure(q *caiq.Question) bool {
	switch q.Match.Kind {
	case caiq.MatchKnown, caiq.MatchPicked:
		r := e.graph.reach(q.Match.Question)
		return finer(r.exact) && len(r.far) > 0 && e.byControl(r)
	case caiq.MatchChanged:
		return true
	default:
		return false
	}
}

// byControl reports whether nothing more specific than a control speaks to a
// question that asks something finer.
func (e *Engine) byControl(r *reach) bool {
	if !finer(r.exact) {
		return false
	}
	_, excluded := e.all.exclusion(r, e.opt.AsOf)
	answered := slices.ContainsFunc(r.exact, func(q caiq.Ref) bool { return e.all.answers[q] != nil })
	return !answered && excluded < onAlike && e.all.ground(r).depth < onAlike
}

// footing is the question by whose position a row is answered.
type footing struct {
	*reach
	own   position        // of what the row was recognised as; none where its wording alone says so
	heard caiq.Likelihood // what the row's words ask, when the chain leads by control
	doubt bool            // its words do not confirm what it was recognised as
	last  []caiq.Ref      // where the lineage ends, if nothing of version 4 asks this
	led   *bundle         // the one question in which it continues, answered by its control
}

// confirm holds a row's words against what it was recognised as. A row that is
// reached by its control is answered as the question of that control that it asks.
func (e *Engine) confirm(q *caiq.Question) footing {
	r := e.graph.reach(q.Match.Question)
	if e.byControl(r) {
		if last, ok := e.graph.ends(q.Match.Question); ok {
			return footing{reach: r, doubt: true, last: last}
		}
		if led, ok := e.led(r); ok {
			return led
		}
		if heard, ok := e.hear(q, r); ok {
			return footing{reach: e.graph.reach(heard.Question), heard: heard}
		}
		return footing{reach: r, doubt: true}
	}
	if q.Match.Kind == caiq.MatchChanged {
		asks := func(l caiq.Likelihood) bool { return l.Probability >= sureOfChanged && r.asks(l.Question) }
		return footing{reach: r, doubt: !slices.ContainsFunc(q.Match.Likely, asks)}
	}
	return footing{reach: r}
}

// led returns the question of version 4 in which a question continues alone, if
// what is known of that question's control answers it.
func (e *Engine) led(r *reach) (footing, bool) {
	for n := range r.near {
		b := &r.near[n]
		for _, q := range b.refs() {
			if len(b.members) > 1 || !isV4(q.Set()) {
				continue
			}
			to := e.graph.reach(q)
			if e.all.ground(to).depth >= onControl {
				return footing{reach: to, heard: caiq.Likelihood{Question: q}, led: b}, true
			}
		}
	}
	return footing{}, false
}

// hear returns what the words ask if it is a question of a control that the
// chain leads to.
func (e *Engine) hear(q *caiq.Question, r *reach) (caiq.Likelihood, bool) {
	if len(q.Match.Likely) == 0 {
		return caiq.Likelihood{}, false
	}
	first := q.Match.Likely[0]
	reached := slices.Clone(r.controls)
	for n := range r.far {
		reached = append(reached, r.far[n].refs()...)
	}
	ok := first.Probability >= sureOfControl && (r.asks(first.Question) || slices.Contains(reached, e.graph.control(first.Question)))
	return first, ok
}

// asks reports whether a question is this one, or comes before or after it.
func (r *reach) asks(question caiq.Ref) bool {
	in := func(b bundle) bool { return slices.Contains(b.refs(), question) }
	return slices.Contains(r.exact, question) || slices.ContainsFunc(r.near, in)
}

// introduceHeard tells by which question of its control a row is answered.
func (i *inquiry) introduceHeard() {
	if i.f.heard.Question == "" {
		return
	}
	if i.f.led != nil {
		i.p.Basis = append(i.p.Basis, i.f.led.steps...)
		i.cap(need(codeAlike, string(i.p.Question), "%s %s", i.f.led.why, i.f.led.need))
		return
	}
	of := i.e.graph.control(i.q.Match.Question)
	i.step(caiq.StepMatch, 0, string(i.f.heard.Question), "Reached by its control %s; of what that control leads to, its words ask this question, with a probability of %.2f.", of, i.f.heard.Probability)
	i.cap(need(codeControlOnly, string(of), "The answer is that to %s, to which control and wording lead: check that it fits the question as it is put here.", i.f.heard.Question))
}

// spoken reports whether anything speaks to what a row was recognised as.
func (i *inquiry) spoken() bool {
	asked, _ := i.customers()
	return i.g.depth != onNothing || len(i.g.silent) > 0 || len(asked) > 0
}

// unheard leaves a row open whose words do not confirm what it was recognised as.
func (i *inquiry) unheard() {
	if i.q.Match.Kind == caiq.MatchChanged {
		i.caps = nil
		i.blank(need(codeChanged, string(i.p.Question), "The text differs from the official one, and its words do not ask the same: answer it by hand."))
		return
	}
	control := i.p.Question
	if len(i.r.controls) > 0 {
		control = i.r.controls[0]
	}
	why := "and the wording does not confirm it"
	for _, q := range i.f.last {
		why = "which does not tell what is asked"
		d := i.e.graph.dropped[q]
		i.step(caiq.StepLineage, 1, string(q), "%s", droppedText(d))
	}
	i.blank(need(codeControlOnly, string(control), "Reached by its control alone, %s: address the question itself in the profile, or answer it by hand (%s).", why, control))
	for _, l := range i.q.Match.Likely[:min(1, len(i.q.Match.Likely))] {
		i.p.Candidates = append(i.p.Candidates, fmt.Sprintf("%s (%.2f)", l.Question, l.Probability))
	}
}

func droppedText(d droppedBy) string {
	if d.note == "" {
		return fmt.Sprintf("No longer asked in %s.", d.version)
	}
	return fmt.Sprintf("Not told by answers to %s: %s.", d.version, trimStop(d.note))
}

// farFetched reports whether an exclusion at a depth was declared for something
// else than what is asked: not applicable never carries over a change, nor along
// a chain by control alone.
func (i *inquiry) farFetched(at depth) bool {
	return at == onAlike || at == onMapped || i.f.heard.Question != ""
}
