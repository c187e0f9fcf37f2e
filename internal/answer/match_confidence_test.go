package answer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// judged are the sets by which confidence is judged: whose right answers are
// questions of the catalogue, and those that have none.
func judged(set string) bool {
	return slices.ContainsFunc([]string{"a 4.", "d ", "f ", "g ", "h "}, func(p string) bool { return strings.HasPrefix(set, p) })
}

// judgement is a ranking with whether its first candidate is right.
type judgement struct {
	traits   [traits]float64
	well     bool
	weight   float64
	set      string
	fold     int
	stopped  bool // by a rule, however probable
	spoken   bool // of enough for an answer by itself
	chance   float64
	practice bool
	what     string
}

// judgements looks at rankings. What nothing answers is learnt from even where a
// rule stops it: rules name what was thought of, and the next such question will
// not be.
func judgements(r *reader, examples []example) []judgement {
	var all []judgement
	for _, e := range examples {
		practice := strings.HasPrefix(e.set, "p ") && e.set != "p never"
		if !judged(e.set) && !strings.HasPrefix(e.set, "p ") || len(candidates(e.list)) == 0 {
			continue
		}
		stopped := r.forbids(e.trial.text.Text, e.q) != ""
		if stopped && (e.trial.right != nil || practice) {
			continue
		}
		all = append(all, judgement{
			traits: r.traitsOf(e.q, e.list), well: e.trial.right != nil && e.trial.right(e.list[0].subject),
			weight: e.weight, set: e.set, fold: foldOf(e.trial.id), stopped: stopped, practice: practice, what: fmt.Sprintf("%s %.70q %v", e.trial.id, e.trial.text.Text, e.list[0].refs[0]),
			spoken: r.vetoes(e.trial.text.Text, e.q) == "",
		})
	}
	return all
}

// fitConfidence fits the logistic of a ranking's traits to whether its first
// candidate is right, and finds the threshold from rankings that were judged by
// the weights of other folds.
func fitConfidence(t *testing.T, r *reader, examples []example) ([traits]float64, float64) {
	t.Helper()
	all := judgements(r, examples)
	for f := range folds {
		w := learn(slices.DeleteFunc(slices.Clone(all), func(j judgement) bool { return j.fold == f }))
		for i := range all {
			if all[i].fold == f {
				all[i].chance = probability(&w, &all[i].traits)
			}
		}
	}
	open := slices.DeleteFunc(slices.Clone(all), func(j judgement) bool { return j.practice || j.stopped })
	near := slices.DeleteFunc(slices.Clone(open), func(j judgement) bool { return !j.spoken })
	report(t, examples, open, near)
	return learn(all), threshold(near)
}

func report(t *testing.T, examples []example, open, near []judgement) {
	right := map[string][3]float64{}
	for _, e := range examples {
		if len(candidates(e.list)) > 0 && e.trial.right != nil {
			x := right[e.set]
			x[0]++
			if e.trial.right(e.list[0].subject) {
				x[1]++
			}
			right[e.set] = x
		}
	}
	for _, k := range []string{"a 4.0", "a 4.1", "a 3.0.1", "a 3.1", "b 3.0.1", "c tsc", "d trustdeck", "d northwind", "e high", "e medium", "g customer", "p also"} {
		t.Logf("cv hit@1 %-12s %.3f of %.0f", k, right[k][1]/right[k][0], right[k][0])
	}
	ad := 0
	for _, e := range examples {
		if strings.HasPrefix(e.set, "a 4") || strings.HasPrefix(e.set, "d ") {
			ad++
		}
	}
	var c tally
	var loss float64
	for _, j := range open {
		c.chance, c.well = append(c.chance, j.chance), append(c.well, j.well)
		if j.well {
			loss -= math.Log(j.chance)
		} else {
			loss -= math.Log(1 - j.chance)
		}
	}
	t.Logf("cv error %.4f log loss %.4f over %d", c.error(), loss/float64(len(open)), len(open))
	slices.SortFunc(near, func(a, b judgement) int { return cmp.Compare(b.chance, a.chance) })
	for _, only := range []string{"a d ", "d g ", "fp"} {
		wrong, n := 0, 0
		for _, j := range near {
			if !strings.Contains(only, j.set[:1]) {
				continue
			}
			n++
			if !j.well {
				wrong++
				t.Logf("cv %s wrong %d at %d: coverage %.3f precision %.4f chance %.3f %s", only, wrong, n, float64(n)/float64(ad), 1-float64(wrong)/float64(n), j.chance, j.set+" "+j.what)
			}
			if wrong > 12 {
				break
			}
		}
	}
}

// learn fits the logistic and stretches it to those rankings that no rule stops,
// the only ones whose probability anybody sees.
func learn(all []judgement) [traits]float64 {
	w := make([]float64, traits)
	descend(w, func(grad []float64) {
		for i := range all {
			p := probability((*[traits]float64)(w), &all[i].traits)
			if all[i].well {
				p--
			}
			for j, v := range all[i].traits {
				grad[j] += all[i].weight * p * v
			}
		}
		for i := 1; i < len(w); i++ {
			grad[i] += confidencePenalty * float64(len(all)) / 100 * w[i]
		}
	})
	return recalibrate([traits]float64(w), slices.DeleteFunc(slices.Clone(all), func(j judgement) bool { return j.stopped || j.practice }))
}

// recalibrate stretches and shifts the logistic.
func recalibrate(w [traits]float64, open []judgement) [traits]float64 {
	line := []float64{1, 0} // stretch, shift
	descend(line, func(grad []float64) {
		for i := range open {
			p := probability(&w, &open[i].traits)
			logit := math.Log(p / (1 - p))
			off := 1 / (1 + math.Exp(-line[0]*logit-line[1]))
			if open[i].well {
				off--
			}
			grad[0] += off * logit
			grad[1] += off
		}
	})
	for i := range w {
		w[i] *= line[0]
	}
	w[traitOne] += line[1]
	return w
}

// wanted is the precision that answers by themselves are to have; wantedOwn that
// among questions in own words and such as nothing answers, which are few. Either
// is to be held with certainty 0.9.
const (
	wanted     = 0.98
	wantedOwn  = 0.93
	sure       = 1.282 // quantile of the normal distribution: 9 times in 10
	leastToSee = 0.5   // no threshold lies lower
)

// threshold is the lowest probability from which the matches of both are precise
// enough. What is for practice only is harder than what is asked and has no say.
func threshold(all []judgement) float64 {
	labelled := slices.DeleteFunc(slices.Clone(all), func(j judgement) bool { return strings.HasPrefix(j.set, "p ") })
	own := slices.DeleteFunc(slices.Clone(labelled), func(j judgement) bool { return strings.HasPrefix(j.set, "a ") })
	return math.Ceil(1000*max(leastToSee, precise(labelled, wanted), precise(own, wantedOwn))) / 1000
}

// precise is the lowest probability from which the precision of matches is no
// less than wanted. Every error counts twice: the vocabulary was written with the
// tune halves in sight, so that they show fewer than new questions will.
func precise(all []judgement, wanted float64) float64 {
	slices.SortFunc(all, func(a, b judgement) int { return cmp.Compare(b.chance, a.chance) })
	lowest, well := 1.0, 0
	for i := range all {
		if all[i].well {
			well++
		}
		if atLeast(2*well-(i+1), i+1) >= wanted {
			lowest = all[i].chance
		}
	}
	return lowest
}

// atLeast is Wilson's lower bound of a share.
func atLeast(well, n int) float64 {
	p, size, z := float64(well)/float64(n), float64(n), sure
	return (p + z*z/(2*size) - z*math.Sqrt(p*(1-p)/size+z*z/(4*size*size))) / (1 + z*z/size)
}
