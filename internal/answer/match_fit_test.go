package answer

import (
	"cmp"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"caique/internal/caiq"
)

var fitModel = flag.Bool("fit", false, "fit the match model on the tune halves and write mappings/vocabulary/model.yaml")

// example is what the model learns from: the candidates of a question, which of
// them are right, and the traits of the ranking once it is weighed.
type example struct {
	set     string
	weight  float64
	signals [][signals]float64
	right   []bool
	q       *reading
	list    []scored
	trial   trial
}

// weightOf says how much a question of a set counts: the three sets of older
// versions ask nearly the same.
func weightOf(set string) float64 {
	switch {
	case strings.HasPrefix(set, "d "), strings.HasPrefix(set, "f "), strings.HasPrefix(set, "g "):
		return 1.5
	case strings.Contains(set, "3.0.1"), strings.Contains(set, "3.1"):
		return 0.5
	default:
		return 0.8
	}
}

// TestFit fits the model again. Without -fit it only checks that a fit would find
// enough to learn from.
func TestFit(t *testing.T) {
	sets := allSets(t)
	examples := gather(t, sets)
	if len(examples) < 500 {
		t.Fatalf("only %d examples", len(examples))
	}
	if !*fitModel {
		return
	}
	ranking := fitRanking(examples)
	crossRank(examples)
	confidence, auto := fitConfidence(sets[0].pool.matcher.reader, examples)
	writeModel(t, sets, ranking, confidence, auto)
}

func gather(t *testing.T, sets []trialSet) []example {
	t.Helper()
	var all []example
	for _, s := range sets {
		for _, tr := range s.trials {
			if !tr.tune {
				continue
			}
			q := s.pool.matcher.reader.read(tr.text.Text)
			list, err := s.pool.matcher.look(t.Context(), q, &tr.text)
			if err != nil {
				t.Fatal(err)
			}
			e := example{set: s.name, weight: weightOf(s.name), q: q, list: list, trial: tr}
			for i := range list {
				e.signals = append(e.signals, list[i].signals)
				e.right = append(e.right, tr.right != nil && tr.right(list[i].subject))
			}
			all = append(all, e)
		}
	}
	return all
}

// Strength of the pull of weights towards zero.
const (
	rankingPenalty    = 0.02
	confidencePenalty = 0.05
	steps             = 600
)

// fitRanking maximises the likelihood of the right candidates under the softmax
// of the weighted signals.
func fitRanking(examples []example) [signals]float64 {
	w := make([]float64, signals)
	descend(w, func(grad []float64) {
		for _, e := range examples {
			if slices.Contains(e.right, true) {
				gradOf(&e, w, grad)
			}
		}
		for i := range w {
			grad[i] += rankingPenalty * float64(len(examples)) / 100 * w[i]
		}
	})
	return [signals]float64(w)
}

// gradOf adds the gradient of the negative log-likelihood of an example.
func gradOf(e *example, w, grad []float64) {
	score := make([]float64, len(e.signals))
	best := math.Inf(-1)
	for i := range e.signals {
		for j, v := range e.signals[i] {
			score[i] += w[j] * v
		}
		best = max(best, score[i])
	}
	var all, good float64
	for i := range score {
		score[i] = math.Exp(score[i] - best)
		all += score[i]
		if e.right[i] {
			good += score[i]
		}
	}
	for i := range score {
		p := score[i] / all
		if e.right[i] {
			p -= score[i] / good
		}
		for j, v := range e.signals[i] {
			grad[j] += e.weight * p * v
		}
	}
}

// descend runs Adam from zero for a fixed number of steps.
func descend(w []float64, gradient func(grad []float64)) {
	m, v, grad := make([]float64, len(w)), make([]float64, len(w)), make([]float64, len(w))
	for step := 1; step <= steps; step++ {
		clear(grad)
		gradient(grad)
		for i, g := range grad {
			m[i] = 0.9*m[i] + 0.1*g
			v[i] = 0.999*v[i] + 0.001*g*g
			a, b := m[i]/(1-math.Pow(0.9, float64(step))), v[i]/(1-math.Pow(0.999, float64(step)))
			w[i] -= 0.05 * a / (math.Sqrt(b) + 1e-9)
		}
	}
}

// folds of the tune halves.
const folds = 5

// crossRank ranks each fold by weights learnt from the others, so that confidence
// is learnt from rankings as sure of themselves as those of new questions.
func crossRank(examples []example) {
	fold := func(e *example) int { return int(hashTerm(e.trial.id)) % folds }
	for f := range folds {
		var others []example
		for i := range examples {
			if fold(&examples[i]) != f {
				others = append(others, examples[i])
			}
		}
		w := fitRanking(others)
		for i := range examples {
			if fold(&examples[i]) == f {
				rank(examples[i].list, &w)
			}
		}
	}
}

// judged are the sets by which confidence is judged: whose right answers are
// questions of the catalogue, and those that have none.
func judged(set string) bool {
	return slices.ContainsFunc([]string{"a 4.", "d ", "f ", "g "}, func(p string) bool { return strings.HasPrefix(set, p) })
}

// judgement is a ranking with whether its first candidate is right.
type judgement struct {
	traits [traits]float64
	well   bool
	weight float64
	own    bool // asked in own words, or nothing is right
}

// fitConfidence fits the logistic of a ranking's traits to whether its first
// candidate is right, and finds the lowest threshold that is precise enough.
func fitConfidence(r *reader, examples []example) ([traits]float64, float64) {
	var all, open, near, own []judgement
	for _, e := range examples {
		// What nothing answers is learnt from even where a rule stops it: rules name
		// what was thought of, and the next such question will not be.
		if !judged(e.set) || len(e.list) == 0 || e.trial.right != nil && r.forbids(e.trial.text.Text, e.q) != "" {
			continue
		}
		j := judgement{traits: traitsOf(e.q, e.list), weight: e.weight, own: !strings.HasPrefix(e.set, "a ")}
		j.well = e.trial.right != nil && e.trial.right(e.list[0].subject)
		all = append(all, j)
		if r.forbids(e.trial.text.Text, e.q) != "" {
			continue
		}
		open = append(open, j)
		if e.list[0].signals[sigAsked] < spokenOf {
			continue
		}
		near = append(near, j)
		if j.own {
			own = append(own, j)
		}
	}
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
	fitted := recalibrate([traits]float64(w), open)
	return fitted, max(threshold(near, &fitted, wanted), threshold(own, &fitted, wantedOwn))
}

// recalibrate stretches and shifts the logistic to those rankings that no rule
// stops, the only ones whose probability anybody sees.
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
// among questions in own words and such as nothing answers: they are few, and they
// are what matching is for, so not one may be wrong.
const (
	wanted    = 0.985
	wantedOwn = 1
)

// threshold is the lowest probability from which the matches are precise enough.
func threshold(all []judgement, w *[traits]float64, precision float64) float64 {
	slices.SortFunc(all, func(a, b judgement) int {
		return cmp.Compare(probability(w, &b.traits), probability(w, &a.traits))
	})
	lowest, wrong := 0.995, 0
	for i := range all {
		if !all[i].well {
			wrong++
		}
		if 1-float64(wrong)/float64(i+1) >= precision {
			lowest = probability(w, &all[i].traits)
		}
	}
	return math.Ceil(lowest*1000) / 1000
}

func writeModel(t *testing.T, sets []trialSet, ranking [signals]float64, confidence [traits]float64, auto float64) {
	t.Helper()
	m := caiq.MatchModel{Schema: 1, Auto: auto, Offer: 0.2}
	var b strings.Builder
	b.WriteString("# What matching learnt from the tune halves of labelled sets. Written by\n#   go test ./internal/answer -run TestFit -fit\n# ranking: weight of each signal of a candidate; confidence: weight of each trait of\n# a ranking, whose logistic is the probability that its first candidate is right.\n")
	fmt.Fprintf(&b, "schema: %d\nfitted:\n", m.Schema)
	for _, s := range sets {
		n := 0
		for _, tr := range s.trials {
			if tr.tune {
				n++
			}
		}
		fmt.Fprintf(&b, "  - {set: %s, questions: %d}\n", s.name, n)
	}
	b.WriteString("ranking:\n")
	for i, name := range signalNames() {
		fmt.Fprintf(&b, "  - {signal: %s, weight: %.3f}\n", name, ranking[i])
	}
	b.WriteString("confidence:\n")
	for i, name := range traitNames() {
		fmt.Fprintf(&b, "  - {signal: %s, weight: %.3f}\n", name, confidence[i])
	}
	fmt.Fprintf(&b, "auto: %.3f\noffer: %.2f\n", m.Auto, m.Offer)
	path := filepath.Join("..", "..", "mappings", "vocabulary", "model.yaml")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
