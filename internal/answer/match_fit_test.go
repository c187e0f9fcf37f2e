package answer

import (
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
	case set == "p never":
		return 1.5
	case strings.HasPrefix(set, "p "):
		return practiceWeight
	case strings.HasPrefix(set, "d "), strings.HasPrefix(set, "f "), strings.HasPrefix(set, "g "):
		return 1.6
	case strings.Contains(set, "3.0.1"), strings.Contains(set, "3.1"):
		return 0.5
	case strings.HasPrefix(set, "a "):
		return 1.2
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
	practice := practiceSets(t)
	examples = append(examples, gather(t, practice)...)
	ranking := fitRanking(examples) // of what was asked; practice is for confidence
	crossRank(examples)
	confidence, auto := fitConfidence(t, sets[0].pool.matcher.reader, examples)
	writeModel(t, examples, ranking, confidence, auto)
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
			for i := range candidates(list) {
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
	examples = slices.DeleteFunc(slices.Clone(examples), func(e example) bool { return e.set == "p never" || e.set == "p none" })
	descend(w, func(grad []float64) {
		for i := range examples {
			if slices.Contains(examples[i].right, true) {
				gradOf(&examples[i], w, grad)
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

func foldOf(id string) int { return int(hashTerm(id)) % folds }

// crossRank ranks each fold by weights learnt from the others, so that confidence
// is learnt from rankings as sure of themselves as those of new questions.
func crossRank(examples []example) {
	fold := func(e *example) int { return foldOf(e.trial.id) }
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

func writeModel(t *testing.T, examples []example, ranking [signals]float64, confidence [traits]float64, auto float64) {
	t.Helper()
	m := caiq.MatchModel{Schema: 1, Auto: auto, Offer: 0.2}
	var b strings.Builder
	b.WriteString("# What matching learnt from the tune halves of labelled sets. Written by\n#   go test ./internal/answer -run TestFit -fit\n# ranking: weight of each signal of a candidate; confidence: weight of each trait of\n# a ranking, whose logistic is the probability that its first candidate is right.\n")
	fmt.Fprintf(&b, "schema: %d\nfitted:\n", m.Schema)
	var names []string
	counts := make(map[string]int)
	for _, e := range examples {
		if counts[e.set]++; counts[e.set] == 1 {
			names = append(names, e.set)
		}
	}
	for _, name := range names {
		fmt.Fprintf(&b, "  - {set: %s, questions: %d}\n", name, counts[name])
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
