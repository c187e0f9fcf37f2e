package answer

import (
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	onTune   = flag.Bool("tune", false, "print the figures of the tune halves and what went wrong there")
	record   = flag.Bool("floors", false, "record the figures of the test halves as floors, and in the README")
	floorsAt = filepath.Join("testdata", "bench", "floors.csv")
	readmeAt = filepath.Join("..", "..", "README.md")
)

// tally is what a set came to.
type tally struct {
	name               string
	n, hit1, hit3      int
	bm25, cosine       int
	filled, filledWell int
	domain, criterion  int       // first control of a labelled domain, or with a labelled criterion
	labelled           int       // questions with labels for these
	chance             []float64 // probability given to the first candidate
	well               []bool    // and whether it was right
	wrong              []string  // what went wrong, for tuning
}

// TestMatching is the benchmark: run it with -v for the table. Figures are of the
// test halves; the model was fitted on the others.
func TestMatching(t *testing.T) {
	rows := tallies(t)
	table := tableOf(rows)
	t.Log("\n" + table + rows[len(rows)-1].reliability() + rows[len(rows)-2].reliability())
	for _, r := range rows {
		if r.labelled > 0 {
			t.Logf("%s: domain %.3f, criterion %.3f of %d", r.name, part(r.domain, r.labelled), part(r.criterion, r.labelled), r.labelled)
		}
		for _, w := range r.wrong {
			t.Log(w)
		}
	}
	if *onTune {
		return
	}
	hold(t, rows)
	published(t, table)
}

// tallies runs every set, and adds up those by which the whole is judged.
func tallies(t *testing.T) []tally {
	t.Helper()
	sum, all := tally{name: "a 4.x + d"}, tally{name: "a 4.x, d, f, g, h"}
	var rows []tally
	for _, s := range allSets(t) {
		r := run(t, s, *onTune)
		rows = append(rows, r)
		if strings.HasPrefix(s.name, "a 4.") || strings.HasPrefix(s.name, "d ") {
			sum.add(r)
		}
		if judged(s.name) {
			all.add(r)
		}
	}
	return append(rows, sum, all)
}

func tableOf(rows []tally) string {
	var b strings.Builder
	b.WriteString("| set | n | hit@1 | hit@3 | BM25 | TF-IDF | filled | precision | error |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, r := range rows {
		b.WriteString(r.String())
	}
	return b.String()
}

func (r tally) String() string {
	precision := "–"
	if r.filled > 0 {
		precision = fmt.Sprintf("%.3f", part(r.filledWell, r.filled))
	}
	return fmt.Sprintf("| %s | %d | %.3f | %.3f | %.3f | %.3f | %.3f | %s | %.3f |\n", r.name, r.n,
		part(r.hit1, r.n), part(r.hit3, r.n), part(r.bm25, r.n), part(r.cosine, r.n), part(r.filled, r.n), precision, r.error())
}

// published holds the README's table to the figures, or writes it there.
func published(t *testing.T, table string) {
	t.Helper()
	data, err := os.ReadFile(readmeAt)
	if err != nil {
		t.Fatal(err)
	}
	const head = "| set | n |"
	text := string(data)
	from := strings.Index(text, head)
	if from < 0 {
		t.Fatalf("the README has no table that begins with %q", head)
	}
	to := from
	for strings.HasPrefix(text[to:], "|") {
		to += strings.Index(text[to:], "\n") + 1
	}
	switch {
	case *record:
		if err := os.WriteFile(readmeAt, []byte(text[:from]+table+text[to:]), 0o644); err != nil {
			t.Fatal(err)
		}
	case text[from:to] != table:
		t.Errorf("the README's table of matching differs from the figures (write it with -floors):\n%s", text[from:to])
	}
}

// figures are those with a floor; error and the filling of negatives have ceilings,
// which are floors of what they leave to 1.
func (r tally) figures() []float64 {
	precision := part(r.filledWell, r.filled)
	if r.filled == 0 {
		precision = 1
	}
	if strings.HasPrefix(r.name, "f ") || r.name == "h none" {
		return []float64{0, 0, 0, 1 - part(r.filled, r.n), 0, 0, 0}
	}
	return []float64{part(r.hit1, r.n), part(r.hit3, r.n), part(r.filled, r.n), precision, 1 - r.error(), part(r.domain, r.labelled), part(r.criterion, r.labelled)}
}

// hold compares with the recorded floors, or records them.
func hold(t *testing.T, rows []tally) {
	t.Helper()
	if *record {
		writeFloors(t, rows)
		return
	}
	floors := readCSV(t, floorsAt)
	if len(floors) != len(rows) {
		t.Errorf("%d sets have floors, %d were run: record them again with -floors", len(floors), len(rows))
	}
	for i, r := range rows[:min(len(rows), len(floors))] {
		if floors[i]["set"] != r.name {
			t.Errorf("floor %d is of %q, not %q", i, floors[i]["set"], r.name)
			continue
		}
		for j, name := range figureNames() {
			floor, err := strconv.ParseFloat(floors[i][name], 64)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.figures()[j]; got < floor-0.0006 {
				t.Errorf("%s: %s fell to %.3f; the floor is %.3f", r.name, name, got, floor)
			}
		}
	}
}

func figureNames() []string {
	return []string{"hit_1", "hit_3", "filled", "precision", "one_minus_error", "domain", "criterion"}
}

func writeFloors(t *testing.T, rows []tally) {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(append([]string{"set"}, figureNames()...)) // a strings.Builder takes all
	for _, r := range rows {
		row := []string{r.name}
		for _, f := range r.figures() {
			row = append(row, fmt.Sprintf("%.3f", math.Floor(f*1000)/1000))
		}
		_ = w.Write(row)
	}
	w.Flush()
	if err := os.MkdirAll(filepath.Dir(floorsAt), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(floorsAt, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// add joins the tallies of two sets.
func (r *tally) add(o tally) {
	r.n += o.n
	r.hit1 += o.hit1
	r.hit3 += o.hit3
	r.bm25 += o.bm25
	r.cosine += o.cosine
	r.filled += o.filled
	r.filledWell += o.filledWell
	r.domain += o.domain
	r.criterion += o.criterion
	r.labelled += o.labelled
	r.chance = append(r.chance, o.chance...)
	r.well = append(r.well, o.well...)
}

// bins counts questions by tenths of probability: how many, the sum of their
// probabilities, and how many were right.
func (r *tally) bins() (n, p, well [10]float64) {
	for i, c := range r.chance {
		b := min(9, int(c*10))
		n[b]++
		p[b] += c
		if r.well[i] {
			well[b]++
		}
	}
	return n, p, well
}

// error is the expected calibration error over ten bins of equal width.
func (r *tally) error() float64 {
	_, p, well := r.bins()
	var sum float64
	for b := range p {
		sum += math.Abs(p[b] - well[b])
	}
	return sum / float64(max(1, len(r.chance)))
}

// reliability says of each tenth of probability how many were right.
func (r *tally) reliability() string {
	n, p, well := r.bins()
	var b strings.Builder
	fmt.Fprintf(&b, "%s: of matches given a probability, so many were right\n", r.name)
	for i := range n {
		if n[i] > 0 {
			fmt.Fprintf(&b, "  %.1f to %.1f: %4.0f matches, mean %.3f, right %.3f\n", float64(i)/10, float64(i+1)/10, n[i], p[i]/n[i], well[i]/n[i])
		}
	}
	return b.String()
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
	r := tally{name: s.name}
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
		r.count(t, s, tr, q, list)
		r.bm25 += first(s.pool.plain.byBM25(t, tr.text.Text), tr.right, 1)
		r.cosine += first(s.pool.plain.byCosine(tr.text.Text), tr.right, 1)
	}
	return r
}

// count judges the ranking of a question, and by the whole way of matching
// whether it is answered.
func (r *tally) count(t testing.TB, s trialSet, tr trial, q *reading, list []scored) {
	t.Helper()
	order := subjectsOf(candidates(list))
	if s.control {
		order = byControl(candidates(list))
	}
	r.hit1 += first(order, tr.right, 1)
	r.hit3 += first(order, tr.right, 3)
	if len(candidates(list)) == 0 {
		return
	}
	r.label(s, tr, list)
	traits := s.pool.matcher.reader.traitsOf(q, list)
	p := probability(&s.pool.matcher.confidence, &traits)
	well := tr.right(list[0].subject)
	if *onTune && !tr.right(order[0]) {
		r.wrong = append(r.wrong, fmt.Sprintf("%s %s p=%.2f %.90q → %v %s", s.name, tr.id, p, tr.text.Text, order[0].refs, s.pool.matcher.reader.forbids(tr.text.Text, q)))
	}
	if s.pool.matcher.reader.forbids(tr.text.Text, q) == "" {
		r.chance, r.well = append(r.chance, p), append(r.well, well)
	}
	m, err := s.pool.matcher.Match(t.Context(), tr.text)
	if err != nil {
		t.Fatal(err)
	}
	if m.Outcome == MatchedAuto {
		r.filled++
		if well {
			r.filledWell++
		}
	}
}

// label judges the control believed most by its domain and its criteria.
func (r *tally) label(s trialSet, tr trial, list []scored) {
	if len(tr.criteria) == 0 {
		return
	}
	r.labelled++
	control := byControl(candidates(list))[0].group
	if control == nil {
		return
	}
	if slices.Contains(tr.domains, control.domain) {
		r.domain++
	}
	if slices.ContainsFunc(s.criteria[control.ref], func(c string) bool { return slices.Contains(tr.criteria, c) }) {
		r.criterion++
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
