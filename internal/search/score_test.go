package search

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"caique/internal/caiq"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// words makes passages of made-up words, the first of them common, the last rare.
func words(n int, workspace string) []caiq.Passage {
	rnd := rand.New(rand.NewPCG(uint64(n), 7))
	word := func() string { return fmt.Sprintf("w%d", int(3*float64(n)/2*math.Pow(rnd.Float64(), 2))) }
	all := make([]caiq.Passage, n)
	for i := range all {
		var text []string
		for range 3 + rnd.IntN(12) {
			text = append(text, word())
		}
		all[i] = caiq.Passage{
			ID: fmt.Sprintf("%s:%d", workspace, i), Kind: caiq.PassageTopic, Workspace: workspace,
			Text: strings.Join(text, " "), Title: text[0], Concepts: []string{word()},
		}
	}
	return all
}

// TestScoresAreBlevesOwn holds that adding up word by word gives what bleve gives
// passage by passage.
func TestScoresAreBlevesOwn(t *testing.T) {
	t.Parallel()
	all := words(batchInMemory-10, "") // in one piece, of which bleve counts the words right
	x := built(t, NewMemory(), all...)
	t.Cleanup(func() { _ = x.Close() })
	for i := range 40 {
		q := caiq.PassageQuery{Text: all[i].Text + " w1 w2 unheard", Concepts: all[i+1].Concepts, Limit: 1000}
		got, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		same := cmp.Options{cmpopts.EquateApprox(1e-9, 0), cmpopts.SortSlices(func(a, b caiq.Hit) bool { return a.ID < b.ID })}
		if d := cmp.Diff(bleves(t, x, q), got, same); d != "" {
			t.Fatalf("%+v: %s", q, d)
		}
	}
}

func bleves(t *testing.T, x *Index, q caiq.PassageQuery) []caiq.Hit {
	t.Helper()
	var any []query.Query
	ask := func(field, word string, boost float64) {
		one := bleve.NewTermQuery(word)
		one.SetField(field)
		one.SetBoost(boost)
		any = append(any, one)
	}
	for _, w := range x.terms(q.Text) {
		ask(fieldText, w, 1)
		ask(fieldTitle, w, titleWeight)
	}
	for _, c := range q.Concepts {
		ask(fieldConcepts, c, conceptWeight)
	}
	res, err := x.live.parts[shared].Search(bleve.NewSearchRequestOptions(bleve.NewDisjunctionQuery(any...), q.Limit, 0, false))
	if err != nil {
		t.Fatal(err)
	}
	var hits []caiq.Hit
	for _, h := range res.Hits {
		hits = append(hits, caiq.Hit{ID: h.ID, Score: h.Score})
	}
	return hits
}

func TestTheNearest(t *testing.T) {
	t.Parallel()
	t.Run("are the first of all, whatever the limit", func(t *testing.T) {
		t.Parallel()
		x := built(t, NewMemory(), words(300, "")...)
		t.Cleanup(func() { _ = x.Close() })
		q := caiq.PassageQuery{Text: "w1 w2 w3 w40 w50", Limit: 1000}
		all := ids(t, x, q)
		for _, n := range []int{1, 2, 7, 80} {
			q.Limit = n
			if d := cmp.Diff(all[:n], ids(t, x, q)); d != "" {
				t.Errorf("%d of %d: %s", n, len(all), d)
			}
		}
	})
	t.Run("that are equally near come by id", func(t *testing.T) {
		t.Parallel()
		var same []caiq.Passage
		for i := range 90 {
			same = append(same, caiq.Passage{ID: fmt.Sprintf("p%02d", (i*37)%90), Text: "the same backup"})
		}
		x := built(t, NewMemory(), same...)
		t.Cleanup(func() { _ = x.Close() })
		if d := cmp.Diff([]string{"p00", "p01", "p02"}, ids(t, x, caiq.PassageQuery{Text: "backup", Limit: 3})); d != "" {
			t.Error(d)
		}
	})
}

// TestWorkspacesAreApart holds that what one workspace keeps is nothing to
// another: neither found nor told by the scores of what is.
func TestWorkspacesAreApart(t *testing.T) {
	t.Parallel()
	search := func(t *testing.T, x *Index, workspace string) []caiq.Hit {
		t.Helper()
		hits, err := x.Search(t.Context(), caiq.PassageQuery{Text: "w1 w2 w3 w4", Workspace: workspace, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		return hits
	}
	alone := built(t, NewMemory(), append(words(200, ""), words(100, "acme")...)...)
	t.Cleanup(func() { _ = alone.Close() })
	x := built(t, NewMemory(), append(append(words(200, ""), words(100, "acme")...), words(500, "bolt")...)...)
	t.Cleanup(func() { _ = x.Close() })
	for _, workspace := range []string{"", "acme"} {
		if d := cmp.Diff(search(t, alone, workspace), search(t, x, workspace)); d != "" {
			t.Errorf("%q: bolt's passages change what is found: %s", workspace, d)
		}
	}
	t.Run("and a passage that moves is found in its new one alone", func(t *testing.T) {
		moved := caiq.Passage{ID: "acme:1", Workspace: "cove", Text: "a parrot"}
		if err := x.Put(t.Context(), []caiq.Passage{moved}, 8); err != nil {
			t.Fatal(err)
		}
		if err := x.Check(Mark{Count: 800, High: 8}); err != nil {
			t.Error(err)
		}
		for workspace, want := range map[string][]caiq.Passage{"": {}, "acme": {}, "bolt": {}, "cove": {moved}} {
			got, err := x.Passages(t.Context(), workspace, []string{"acme:1"})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%q: %s", workspace, d)
			}
		}
	})
}

// TestScoresStay holds that neither the order in which passages came nor how they
// were written changes a score.
func TestScoresStay(t *testing.T) {
	t.Parallel()
	all := append(words(2300, ""), words(300, "acme")...)
	q := caiq.PassageQuery{Text: "w1 w2 w3 w40 w50 w600", Workspace: "acme", Limit: 1000}
	find := func(x *Index) []caiq.Hit {
		t.Helper()
		t.Cleanup(func() { _ = x.Close() })
		hits, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return hits
	}
	want := find(built(t, NewMemory(), all...))
	backwards := make([]caiq.Passage, 0, len(all))
	for i := range all {
		backwards = append(backwards, all[len(all)-1-i])
	}
	dir, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, find(built(t, dir, backwards...))); d != "" {
		t.Error(d)
	}
	piecemeal := built(t, NewMemory(), all[:2300]...)
	for i := 2300; i < len(all); i += 50 {
		if err := piecemeal.Put(t.Context(), all[i:i+50], 8); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(want, find(piecemeal)); d != "" {
		t.Error(d)
	}
}
