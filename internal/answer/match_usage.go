package answer

import "math"

// frequency counts in how many texts each term stands.
type frequency struct {
	texts map[uint32]float64
	all   float64 // the sum of these
}

func (t *frequency) add(texts ...*reading) {
	if t.texts == nil {
		t.texts = make(map[uint32]float64)
	}
	for _, text := range texts {
		for _, c := range text.terms.parts {
			t.texts[c.term]++
			t.all++
		}
	}
}

// share is that of a term among all that stand there.
func (t *frequency) share(term uint32) float64 {
	if t.all == 0 {
		return 0
	}
	return t.texts[term] / t.all
}

// usage is how a question, its control, its domain and all the knowledge use words,
// from the particular to the general.
type usage struct{ own, control, domain, all *frequency }

// How much each of them says of the words to expect; they add up to 1.
const (
	usedByOwn     = 0.35
	usedByControl = 0.30
	usedByDomain  = 0.15
	usedByAll     = 0.20
)

// usageRange is about the most by which usage differs from that of all, as a logarithm.
const usageRange = 5

// of says how much more a text's words are used here than by all the knowledge: the
// mean of the logarithms, by weight, of what a mixture of the four expects. Words that
// the knowledge never uses have no say. It is 0 where there is no usage.
func (u *usage) of(q *reading) float64 {
	if u == nil {
		return 0
	}
	var sum, mass float64
	for _, c := range q.terms.parts {
		all := u.all.share(c.term)
		if all == 0 {
			continue
		}
		here := usedByOwn*u.own.share(c.term) + usedByControl*u.control.share(c.term) + usedByDomain*u.domain.share(c.term) + usedByAll*all
		sum += c.weight * math.Log(here/all)
		mass += c.weight
	}
	if mass == 0 {
		return 0
	}
	return sum / mass / usageRange
}

// learnUsage counts who uses which words, and lets each question know.
func learnUsage(groups map[string]*group) {
	all, domains := &frequency{}, make(map[string]*frequency)
	for _, g := range groups {
		domain := domains[g.domain]
		if domain == nil {
			domain = &frequency{}
			domains[g.domain] = domain
		}
		control := &frequency{}
		for _, t := range []*frequency{control, domain, all} {
			t.add(g.terms...)
			t.add(g.notes...)
		}
		for _, s := range g.subjects {
			own := &frequency{}
			for _, t := range []*frequency{own, control, domain, all} {
				t.add(s.texts...)
			}
			s.usage = &usage{own, control, domain, all}
		}
	}
}
