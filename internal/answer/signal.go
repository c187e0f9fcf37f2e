package answer

import "math"

// signal is one thing that speaks for or against a candidate.
type signal int

// Signals, each 0 to 1. They are what a careful reader looks at; the model weighs
// them.
const (
	sigWords     signal = iota // words in common, by rarity, with the nearest phrasing
	sigAsked                   // share of the question that one phrasing covers
	sigSaid                    // share of that phrasing that the question covers
	sigPairs                   // neighbouring words in common
	sigWhole                   // share of the question that all phrasings, title and terms cover
	sigRetrieved               // retrieval score, relative to the best
	sigObject                  // the thing asked about: words in common with the control's title and terms
	sigTerm                    // index terms of the control that stand in the question
	sigControl                 // words in common with all that is known of the control
	sigAgree                   // share of the retrieval that points to the control
	sigDomain                  // share of the retrieval that points to the control's domain
	sigDuty                    // what is to be done, alike
	sigDutyOther               // telling duties asked for that the candidate does not speak of
	sigDutyMore                // telling duties of the candidate that nobody asked for
	sigOften                   // how often, alike
	sigOftenOff                // a frequency on one side alone
	sigScope                   // for whom, alike
	sigScopeOff                // a scope on one side alone
	sigType                    // same sort of question
	sigHeading                 // headings above the question and the control, alike
	sigRenewOff                // a review at intervals is asked for on one side alone
	sigCentre                  // words in common with all phrasings taken together
	sigUsage                   // how much more the question, its control and domain use its words than all do
	signals
)

// signalNames are how the model file and explanations name the signals.
func signalNames() [signals]string {
	return [signals]string{
		"words", "asked", "said", "pairs", "whole", "retrieved", "object", "term", "control", "agree", "domain",
		"duty", "duty_other", "duty_more", "often", "often_off", "scope", "scope_off", "type", "heading", "renew_off", "centre", "usage",
	}
}

// sighting is a candidate as retrieval brought it.
type sighting struct {
	*subject
	score float64 // of its best passage, 0 to 1
}

// votes is how retrieval spreads over controls and domains.
type votes struct {
	control map[*group]float64
	domain  map[string]float64
	total   float64
}

// strengths returns the signals of one candidate.
func strengths(q, heading *reading, c sighting, v votes) [signals]float64 {
	var s [signals]float64
	c.nearest(q, &s)
	s[sigRetrieved] = c.score
	s[sigWhole] = covered(&q.terms, &c.whole)
	s[sigCentre] = cosine(&q.terms, &c.centre)
	if g := c.group; g != nil {
		s[sigObject] = cosine(&q.terms, &g.heading)
		s[sigTerm] = g.named(q)
		s[sigUsage] = c.usage.of(q)
		s[sigControl] = cosine(&q.terms, &g.all)
		s[sigAgree] = v.control[g]
		s[sigDomain] = v.domain[g.domain]
		if heading != nil {
			s[sigHeading] = cosine(&heading.terms, &g.heading)
		}
	}
	c.compare(q, &s)
	return s
}

// nearest compares with each phrasing and keeps the best of each comparison.
func (c *subject) nearest(q *reading, s *[signals]float64) {
	for _, t := range c.texts {
		s[sigWords] = max(s[sigWords], cosine(&q.terms, &t.terms))
		s[sigAsked] = max(s[sigAsked], covered(&q.terms, &t.terms))
		s[sigSaid] = max(s[sigSaid], covered(&t.terms, &q.terms))
		s[sigPairs] = max(s[sigPairs], cosine(&q.pairs, &t.pairs))
	}
}

// compare looks at what is to be done, how often, for whom and how it is asked.
func (c *subject) compare(q *reading, s *[signals]float64) {
	s[sigDuty] = alike(q.duties, c.duties)
	s[sigDutyOther] = missing(q.telling, c.duties)
	s[sigDutyMore] = missing(c.texts[0].telling, q.duties)
	s[sigOften] = alike(q.often, c.often)
	s[sigOftenOff] = oneSided(q.often, c.often)
	s[sigScope] = alike(q.scopes, c.scopes)
	s[sigScopeOff] = oneSided(q.scopes, c.scopes)
	if q.renews != c.renews {
		s[sigRenewOff] = 1
	}
	s[sigType] = alike(q.types, c.types)
}

// missing is the share of a's signs that b lacks.
func missing(a, b signSet) float64 {
	if a == 0 {
		return 0
	}
	return float64((a &^ b).len()) / float64(a.len())
}

func oneSided(a, b signSet) float64 {
	if (a == 0) != (b == 0) {
		return 1
	}
	return 0
}

// named is the share of the question in index terms of the control that stand in
// it whole; a term that stands in it by half counts little.
func (g *group) named(q *reading) float64 {
	var whole []*vector
	var best float64
	for _, t := range g.terms {
		switch share := covered(&t.terms, &q.terms); {
		case share > 0.999:
			whole = append(whole, &t.terms)
		default:
			best = max(best, share*share*share)
		}
	}
	if len(whole) == 0 {
		return best * 0.3
	}
	all := union(whole...)
	return 0.3 + 0.7*math.Sqrt(covered(&q.terms, &all))
}
