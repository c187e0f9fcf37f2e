package answer

import "math"

// trait is something about a ranking that tells whether its first candidate is
// right.
type trait int

// Traits of a ranking.
const (
	traitOne       trait = iota // always 1
	traitShare                  // the first candidate's share of belief
	traitMargin                 // its lead over the second
	traitControl                // share of belief in its control
	traitWords                  // words in common with its nearest phrasing
	traitPairs                  // neighbouring words in common
	traitTerm                   // index terms of its control in the question
	traitStrange                // share of the question in words the knowledge never uses
	traitRetrieved              // its retrieval score, relative to the best
	traitAgree                  // share of the retrieval that points to its control
	traitMatched                // how much weight of words is in common, however long the question
	traitBare                   // share of the rarest word of the question that is not covered
	traitDuty                   // telling duties asked for that it does not speak of
	traitAsked                  // share of the question that one phrasing covers
	traitSaid                   // share of that phrasing that the question covers
	traitWhole                  // share of the question that all that is known of it covers
	traitCustomer               // customers are brought in, of whom it never speaks
	traitSupplier               // suppliers are
	traitOften                  // a frequency is, of which it never speaks
	traitElse                   // its lead over the first of another control
	traitBeside                 // share of belief in something that no question asks
	traits
)

// traitNames are how the model file names the traits.
func traitNames() [traits]string {
	return [traits]string{
		"one", "share", "margin", "control", "words", "pairs", "term", "strange",
		"retrieved", "agree", "matched", "bare", "duty_other",
		"asked", "said", "whole", "customer", "supplier", "often", "else", "beside",
	}
}

// traitsOf looks at a ranking; list must not be empty.
func (r *reader) traitsOf(q *reading, list []scored) [traits]float64 {
	first := &list[0]
	var t [traits]float64
	t[traitOne] = 1
	t[traitShare] = first.share
	t[traitMargin] = first.share - rival(list[1:], func(*scored) bool { return true })
	t[traitControl] = first.share
	if first.group != nil {
		t[traitControl] = belief(list, func(s *scored) bool { return s.group == first.group })
	}
	t[traitWords] = first.signals[sigWords]
	t[traitPairs] = first.signals[sigPairs]
	t[traitTerm] = first.signals[sigTerm]
	t[traitStrange] = q.strange
	t[traitRetrieved] = first.signals[sigRetrieved]
	t[traitAgree] = first.signals[sigAgree]
	t[traitMatched] = 1 - math.Exp(-covered(&q.terms, &first.all)*q.terms.mass/20)
	t[traitBare] = heaviestMissing(&q.terms, &first.whole) / max(rarest, q.terms.mass)
	t[traitDuty] = first.signals[sigDutyOther]
	t[traitAsked] = first.signals[sigAsked]
	t[traitSaid] = first.signals[sigSaid]
	t[traitWhole] = first.signals[sigWhole]
	t[traitCustomer] = asNumber(r.adds(q, first, "customer"))
	t[traitSupplier] = asNumber(r.adds(q, first, "supplier"))
	t[traitOften] = asNumber(q.often&r.often.telling&^first.often != 0)
	t[traitElse] = first.share - rival(list, func(s *scored) bool { return s.group != first.group })
	t[traitBeside] = rival(list, func(s *scored) bool { return s.beside })
	return t
}

func asNumber(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// heaviestMissing is the weight of the heaviest term of a that b lacks.
func heaviestMissing(a, b *vector) float64 {
	var heaviest float64
	j := 0
	for _, c := range a.parts {
		for j < len(b.parts) && b.parts[j].term < c.term {
			j++
		}
		if j == len(b.parts) || b.parts[j].term != c.term {
			heaviest = max(heaviest, c.weight)
		}
	}
	return heaviest
}

// probability is the logistic of the weighted traits.
func probability(weights, t *[traits]float64) float64 {
	var sum float64
	for i, w := range weights {
		sum += w * t[i]
	}
	return 1 / (1 + math.Exp(-sum))
}
