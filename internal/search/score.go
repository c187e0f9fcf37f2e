package search

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"

	"caique/internal/caiq"

	"github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"
)

// lengths say by field how many words a text of ordinary length has: the number of
// different words by the number of passages, which is what bleve takes for it. bleve
// counts anew for each search, and what it counts depends on how its files were
// merged; so it is counted once, when an index is built, in what is shared.
type lengths map[string]float64

func newLengths(b *part) (lengths, error) {
	if b == nil { // nothing is shared: as it is for a catalogue of topics
		return lengths{fieldText: 2, fieldTitle: 1, fieldConcepts: 1}, nil
	}
	n, err := b.DocCount()
	if err != nil {
		return nil, err
	}
	l := make(lengths)
	for _, field := range []string{fieldText, fieldTitle, fieldConcepts} {
		words, err := countWords(b, field)
		if err != nil {
			return nil, err
		}
		l[field] = max(1, math.Ceil(float64(words)/float64(n)))
	}
	return l, nil
}

func countWords(b *part, field string) (n int, err error) {
	words, err := b.FieldDict(field)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, words.Close()) }()
	for {
		w, err := words.Next()
		if err != nil || w == nil {
			return n, err
		}
		n++
	}
}

// clause is a word that a passage may hold in a field.
type clause struct {
	field, word string
	boost       float64
	weight      float64
	length      float64                 // of an ordinary text of the field
	holders     []index.TermFieldReader // of each part of the view
}

func (c *clause) count() uint64 {
	var n uint64
	for _, h := range c.holders {
		n += h.Count()
	}
	return n
}

// weigh gives each clause its share of the score: BM25 as bleve reckons it, the
// rarity of a word counting once in the passage and once in the question.
func weigh(clauses []clause, passages uint64) {
	var squares float64
	for i := range clauses {
		c := &clauses[i]
		n := float64(c.count())
		rarity := math.Log(1 + (float64(passages)-n+0.5)/(n+0.5))
		c.weight = rarity * rarity * c.boost
		squares += rarity * rarity * c.boost * c.boost
	}
	for i := range clauses {
		clauses[i].weight /= math.Sqrt(squares)
	}
}

// score is what a passage gains by holding the word.
func (c *clause) score(p *index.TermFieldDoc) float64 {
	length := 1 / (p.Norm * p.Norm)
	often := math.Sqrt(float64(p.Freq))
	return c.weight * often * search.BM25_k1 / (often + search.BM25_k1*(1-search.BM25_b+search.BM25_b*length/c.length))
}

// tally adds up the scores of passages, word by word. bleve's own way goes from
// passage to passage with a heap of all words and asks its filter each time, which
// takes many times as long; and its sums depend on the order of that heap.
type tally struct {
	sums []float64 // by number of the passage in its part
	held []uint16  // how many clauses it answers
	seen []uint64  // the passages that answer any
}

// add counts the passages of one part that answer a clause.
func (t *tally) add(c *clause, holders index.TermFieldReader) error {
	var d index.TermFieldDoc
	for {
		p, err := holders.Next(&d)
		if err != nil || p == nil {
			return err
		}
		n := p.ID.Value()
		if more := int(n) + 1 - len(t.sums); more > 0 {
			t.sums = append(t.sums, make([]float64, more)...)
			t.held = append(t.held, make([]uint16, more)...)
		}
		if t.held[n] == 0 {
			t.seen = append(t.seen, n)
		}
		t.held[n]++
		t.sums[n] += c.score(p)
	}
}

// clear makes it as good as new for the next search.
func (t *tally) clear() {
	for _, n := range t.seen {
		t.sums[n], t.held[n] = 0, 0
	}
	t.seen = t.seen[:0]
}

// nearest are the best passages so far, with all that are as good as the last.
type nearest struct {
	limit  int
	scores []float64 // the best ones, falling
	found  []place
}

// place is a passage found in a part of a view.
type place struct {
	part   int
	number uint64
	score  float64
}

// offer takes a passage if it is among the best so far.
func (b *nearest) offer(p place) {
	if len(b.scores) == b.limit && p.score < b.scores[b.limit-1] {
		return
	}
	b.found = append(b.found, p)
	at, _ := slices.BinarySearchFunc(b.scores, p.score, func(have, score float64) int {
		if have > score {
			return -1
		}
		return 1
	})
	if len(b.scores) < b.limit {
		b.scores = append(b.scores, 0)
	}
	if at < len(b.scores) {
		copy(b.scores[at+1:], b.scores[at:])
		b.scores[at] = p.score
	}
}

// best are the places whose score is among the best.
func (b *nearest) best() []place {
	return slices.DeleteFunc(b.found, func(p place) bool { return p.score < b.scores[len(b.scores)-1] })
}

// rank tallies the clauses over all parts of a view. Passages that are of none of
// the kinds are left out; no kinds are all.
func (v *view) rank(ctx context.Context, clauses []clause, kinds []caiq.PassageKind, limit int, tallies *sync.Pool) ([]place, error) {
	b := nearest{limit: limit}
	for i, part := range v.parts {
		sets, err := part.of.kinds.get(ctx, part, kinds)
		if err != nil {
			return nil, err
		}
		t, _ := tallies.Get().(*tally)
		if t == nil {
			t = new(tally)
		}
		for j := range clauses {
			err = errors.Join(err, ctx.Err(), t.add(&clauses[j], clauses[j].holders[i]))
		}
		for _, n := range t.seen {
			if len(kinds) == 0 || sets.hold(n) {
				b.offer(place{i, n, t.sums[n] * float64(t.held[n]) / float64(len(clauses))})
			}
		}
		t.clear()
		tallies.Put(t)
		if err != nil {
			return nil, err
		}
	}
	return b.best(), nil
}
