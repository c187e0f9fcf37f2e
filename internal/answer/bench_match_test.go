package answer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// tally is what a set came to.
type tally struct {
	n, hit1, hit3      int
	bm25, cosine       int
	filled, filledWell int
	chance             []float64 // probability given to the first candidate
	well               []bool    // and whether it was right
}

// TestMatching is the benchmark: run it with -v for the table. Figures are of the
// test halves; the model was fitted on the others.
func TestMatching(t *testing.T) {
	sets := allSets(t)
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-14s %5s %7s %7s %7s %7s %7s %9s\n", "set", "n", "hit@1", "hit@3", "bm25", "cosine", "filled", "precision")
	for _, s := range sets {
		r := run(t, s, false)
		fmt.Fprintf(&b, "%-14s %5d %7.3f %7.3f %7.3f %7.3f %7.3f %9.3f\n", s.name, r.n,
			part(r.hit1, r.n), part(r.hit3, r.n), part(r.bm25, r.n), part(r.cosine, r.n), part(r.filled, r.n), part(r.filledWell, r.filled))
	}
	t.Log(b.String())
}

func part(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// run asks every question of a half.
func run(t testing.TB, s trialSet, tune bool) tally {
	t.Helper()
	var r tally
	for _, tr := range s.trials {
		if tr.tune != tune {
			continue
		}
		q := s.pool.matcher.reader.read(tr.text.Text)
		list, err := s.pool.matcher.look(t.Context(), q, &tr.text)
		if err != nil {
			t.Fatal(err)
		}
		if tr.right == nil {
			tr.right = func(*subject) bool { return false }
		}
		r.n++
		r.count(s, tr, q, list)
		r.bm25 += first(s.pool.plain.byBM25(t, tr.text.Text), tr.right, 1)
		r.cosine += first(s.pool.plain.byCosine(tr.text.Text), tr.right, 1)
	}
	return r
}

func (r *tally) count(s trialSet, tr trial, q *reading, list []scored) {
	order := subjectsOf(list)
	if s.control {
		order = byControl(list)
	}
	r.hit1 += first(order, tr.right, 1)
	r.hit3 += first(order, tr.right, 3)
	if len(list) == 0 {
		return
	}
	traits := traitsOf(q, list)
	p := probability(&s.pool.matcher.confidence, &traits)
	well := tr.right(list[0].subject)
	r.chance, r.well = append(r.chance, p), append(r.well, well)
	if p >= s.pool.matcher.auto {
		r.filled++
		if well {
			r.filledWell++
		}
	}
}

func subjectsOf(list []scored) []*subject {
	out := make([]*subject, len(list))
	for i := range list {
		out[i] = list[i].subject
	}
	return out
}

// byControl returns one subject of each control, the control believed most first.
func byControl(list []scored) []*subject {
	var out []*subject
	sum := make(map[*group]float64)
	for i := range list {
		g := list[i].group
		if sum[g] == 0 {
			out = append(out, list[i].subject)
		}
		sum[g] += list[i].share
	}
	slices.SortStableFunc(out, func(a, b *subject) int {
		switch {
		case sum[a.group] > sum[b.group]:
			return -1
		case sum[a.group] < sum[b.group]:
			return 1
		}
		return 0
	})
	return out
}

// first is 1 when one of the first n is right.
func first(order []*subject, right func(*subject) bool, n int) int {
	if slices.ContainsFunc(order[:min(n, len(order))], right) {
		return 1
	}
	return 0
}
