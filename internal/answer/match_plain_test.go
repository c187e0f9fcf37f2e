package answer

import (
	"cmp"
	"slices"
	"testing"

	"caique/internal/caiq"
	"caique/internal/search"
)

// plainIndex is what others do, to compare with: BM25 of the index alone, and
// TF-IDF cosine of stemmed words, over the same texts.
type plainIndex struct {
	bm25     *search.Index
	words    *reader
	subjects map[string]*subject
	texts    []plainText
}

type plainText struct {
	id    string
	terms vector
}

func newPlainIndex(t testing.TB, c *Catalogue, more []caiq.Passage) *plainIndex {
	t.Helper()
	x := &plainIndex{bm25: search.NewMemory(), words: newReader(&caiq.Lexicon{Stop: c.Lexicon.Stop}), subjects: make(map[string]*subject)}
	known := c.learn().known
	var bare []caiq.Passage
	var texts []string
	for _, p := range append(c.Passages(), more...) {
		if p.Kind != caiq.PassageTopic && p.Kind != caiq.PassageAlso && p.Kind != caiq.PassageSeen {
			continue
		}
		bare = append(bare, caiq.Passage{ID: p.ID, Kind: p.Kind, Text: p.Text})
		texts = append(texts, p.Text)
		x.subjects[p.ID] = &subject{refs: p.Refs}
		if s := known[p.ID]; len(s) == 1 {
			x.subjects[p.ID] = s[0]
		}
	}
	x.words.weigh(texts)
	for _, p := range bare {
		x.texts = append(x.texts, plainText{p.ID, x.words.read(p.Text).terms})
	}
	if err := x.bm25.Rebuild(t.Context(), each(bare), 1); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.bm25.Close() })
	return x
}

func (x *plainIndex) byBM25(t testing.TB, text string) []*subject {
	t.Helper()
	hits, err := x.bm25.Search(t.Context(), caiq.PassageQuery{Text: text, Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	var out []*subject
	for _, h := range hits {
		out = append(out, x.subjects[h.ID])
	}
	return out
}

func (x *plainIndex) byCosine(text string) []*subject {
	q := x.words.read(text)
	type near struct {
		id  string
		cos float64
	}
	list := make([]near, len(x.texts))
	for i := range x.texts {
		list[i] = near{x.texts[i].id, cosine(&q.terms, &x.texts[i].terms)}
	}
	slices.SortStableFunc(list, func(a, b near) int { return cmp.Compare(b.cos, a.cos) })
	var out []*subject
	for _, n := range list[:min(20, len(list))] {
		out = append(out, x.subjects[n.id])
	}
	return out
}
