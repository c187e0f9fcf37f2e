package answer

import (
	"flag"
	"fmt"
	"math"
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
	wrong              []string  // what went wrong, for tuning
}

var onTune = flag.Bool("tune", false, "print the figures of the tune halves and what went wrong there")

// TestMatching is the benchmark: run it with -v for the table. Figures are of the
// test halves; the model was fitted on the others.
func TestMatching(t *testing.T) {
	sets := allSets(t)
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-14s %5s %7s %7s %7s %7s %7s %9s\n", "set", "n", "hit@1", "hit@3", "bm25", "cosine", "filled", "precision")
	var sum tally
	for _, s := range sets {
		r := run(t, s, *onTune)
		if strings.HasPrefix(s.name, "a 4.") || strings.HasPrefix(s.name, "d ") {
			sum.add(r)
		}
		fmt.Fprintf(&b, "%-14s %5d %7.3f %7.3f %7.3f %7.3f %7.3f %9.3f\n", s.name, r.n,
			part(r.hit1, r.n), part(r.hit3, r.n), part(r.bm25, r.n), part(r.cosine, r.n), part(r.filled, r.n), part(r.filledWell, r.filled))
		for _, w := range r.wrong {
			t.Log(w)
		}
	}
	fmt.Fprintf(&b, "%-14s %5d %41s %.3f %9.3f   calibration error %.3f\n", "a 4.x + d", sum.n, "", part(sum.filled, sum.n), part(sum.filledWell, sum.filled), sum.error())
	t.Log(b.String())
}

// add joins the tallies of two sets.
func (r *tally) add(o tally) {
	r.n += o.n
	r.filled += o.filled
	r.filledWell += o.filledWell
	r.chance = append(r.chance, o.chance...)
	r.well = append(r.well, o.well...)
}

// error is the expected calibration error over ten bins of equal width.
func (r *tally) error() float64 {
	var n, p, well [10]float64
	for i, c := range r.chance {
		b := min(9, int(c*10))
		n[b]++
		p[b] += c
		if r.well[i] {
			well[b]++
		}
	}
	var sum float64
	for b := range n {
		sum += math.Abs(p[b] - well[b])
	}
	return sum / float64(max(1, len(r.chance)))
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
	if s.pool.matcher.reader.forbids(tr.text.Text, q) != "" {
		return
	}
	r.chance, r.well = append(r.chance, p), append(r.well, well)
	if *onTune && (len(order) == 0 || !tr.right(order[0])) {
		r.wrong = append(r.wrong, fmt.Sprintf("%s %s p=%.2f %.90q → %v", s.name, tr.id, p, tr.text.Text, order[0].refs))
	}
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
