package answer

import (
	"cmp"
	"math"
	"slices"
)

// scored is a candidate with its signals and, after ranking, its share of the
// belief that one of the candidates is right.
type scored struct {
	sighting
	signals [signals]float64
	score   float64
	share   float64
}

// rank orders candidates by the model's weights, best first; ties by reference.
func rank(list []scored, weights *[signals]float64) {
	for i := range list {
		list[i].score = dot(weights, &list[i].signals)
	}
	slices.SortStableFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), slices.Compare(a.refs, b.refs))
	})
	var sum float64
	for i := range list {
		list[i].share = math.Exp(list[i].score - list[0].score)
		sum += list[i].share
	}
	for i := range list {
		list[i].share /= sum
	}
	// What no question asks takes its share of belief and is no candidate itself.
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(asNumber(a.beside), asNumber(b.beside)) })
}

// candidates are those that can be meant: they come first.
func candidates(list []scored) []scored {
	n := slices.IndexFunc(list, func(s scored) bool { return s.beside })
	if n < 0 {
		return list
	}
	return list[:n]
}

// rival is the highest share of belief among those that a condition allows.
func rival(list []scored, which func(*scored) bool) float64 {
	var most float64
	for i := range list {
		if which(&list[i]) {
			most = max(most, list[i].share)
		}
	}
	return most
}

func dot(weights, signals *[signals]float64) float64 {
	var sum float64
	for i, w := range weights {
		sum += w * signals[i]
	}
	return sum
}

// belief sums the shares of all candidates that satisfy a condition.
func belief(list []scored, which func(*scored) bool) float64 {
	var sum float64
	for i := range list {
		if which(&list[i]) {
			sum += list[i].share
		}
	}
	return sum
}
