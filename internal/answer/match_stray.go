package answer

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// Nearness says which control a text is about, not that it asks the same. These
// are the ways in which texts about one control ask different things.

// spokenOfAtAll is the share of a question that the words of what it is held
// against, those of its control among them, must cover.
const spokenOfAtAll = 0.25

// spokenOfPolicy is the share of a question that the words of a question for a
// policy must cover: that there is a policy says nothing of what is in it.
const spokenOfPolicy = 0.45

// strays says how a text asks something else than a candidate, or "".
func (r *reader) strays(q *reading, s *scored) string {
	switch {
	case turns(q, s):
		return "It is put the other way round."
	case r.adds(q, s, "customer"):
		return "It asks what customers get."
	case r.adds(q, s, "supplier"):
		return "It asks about suppliers."
	case r.adds(q, s, "production"):
		return "It asks about production."
	case r.otherSide(q, s):
		return "It asks about another time, before or after."
	case s.signals[sigDutyOther] >= 1:
		return "It asks for something else to be done."
	case q.often&r.often.telling&^s.firm.often != 0:
		return "It names an interval of which the nearest does not speak."
	default:
		return ""
	}
}

// finer says how a text may ask for more than a candidate, or "".
func (r *reader) finer(s *scored) string {
	switch {
	case s.signals[sigWhole] < spokenOfAtAll:
		return "Much of what it names is not spoken of."
	case r.asksPolicy(s) && s.signals[sigAsked] < spokenOfPolicy:
		return "It asks what a policy says."
	default:
		return ""
	}
}

// headed reports whether a text that is not put as a question has no other words than
// the titles of the control and its domain.
func headed(q *reading, s *scored) bool {
	return !q.asks && s.group != nil && !slices.ContainsFunc(q.order, func(u unit) bool {
		term := hashTerm(u.term)
		return !s.group.title.terms.has(term) && !s.group.field.terms.has(term)
	})
}

// adds reports whether a text brings in somebody of whom the candidate never speaks.
func (r *reader) adds(q *reading, s *scored, scope string) bool {
	return r.scopes.has(q.scopes, scope) && !r.scopes.has(s.firm.scopes, scope)
}

// otherSide reports whether a text asks for after what the candidate asks for before,
// or the other way round.
func (r *reader) otherSide(q *reading, s *scored) bool {
	for _, side := range [][2]string{{"before", "after"}, {"after", "before"}} {
		if r.often.has(q.often, side[0]) && !r.often.has(s.often, side[0]) && r.often.has(s.often, side[1]) {
			return true
		}
	}
	return false
}

// asksPolicy reports whether a candidate asks for an approved policy.
func (r *reader) asksPolicy(s *scored) bool {
	duties := s.texts[0].duties
	return r.duties.has(duties, "policy") && r.duties.has(duties, "approve")
}

// Likely returns what a row's words ask, for caiq.Match: the candidates that its
// words do not stray from and, if alone is set, that they ask no finer than: a row
// whose identifier names the very question may be wordier. A text that Yes does not
// answer, or that asks several things, asks none of them.
func (m *Matching) Likely(alone bool) []caiq.Likelihood {
	if m.Unfit || len(m.Parts) > 0 {
		return nil
	}
	var out []caiq.Likelihood
	for _, c := range m.Candidates {
		if c.Strays == "" && (!alone || c.Finer == "") && c.Control != "" {
			out = append(out, caiq.Likelihood{Question: c.Refs[0], Probability: c.Probability})
		}
	}
	return out
}

// tellingFrom is the weight from which a concept tells questions apart: "single
// sign-on" does, "access" does not.
const tellingFrom = 3

// reserves says why a sure match is offered and not answered by: that a question
// belongs here does not mean that the answer to ours is an answer to it.
func (r *reader) reserves(q *reading, s *scored) string {
	if why := r.strays(q, s); why != "" {
		return why
	}
	if r.often.has(q.often, "timely") && !r.often.has(s.often, "timely") {
		return "It asks how soon."
	}
	for _, place := range []string{"endpoint", "datacenter"} {
		if r.scopes.has(s.texts[0].scopes, place) && !r.scopes.has(q.scopes, place) && !slices.Contains(q.concepts, place) {
			return "The nearest speaks of one place only (" + place + ")."
		}
	}
	if headed(q, s) {
		return "It may be a heading: it says what the control is about and asks nothing."
	}
	if q.sweeping && r.scopes.has(s.texts[0].scopes, "privileged") && !r.scopes.has(q.scopes, "privileged") {
		return "It asks of all; the nearest speaks of the privileged."
	}
	for _, u := range q.order {
		if w, _ := r.weight(u.term); strings.HasPrefix(u.term, "§") && w >= tellingFrom && !s.all.has(hashTerm(u.term)) {
			return "It names something of which the nearest does not speak (" + u.text + ")."
		}
	}
	return ""
}
