package search

import (
	"context"
	"errors"

	index "github.com/blevesearch/bleve_index_api"
)

// view is what a workspace may look into, as it stands now: what is shared, and
// its own. Rarity is counted in these alone, so that what others keep neither
// slows nor sways a search.
type view struct {
	parts []index.IndexReader // what is shared first
	total uint64              // passages in all
	lengths
}

// look opens a view; close it. The index is locked for reading.
func (x *Index) look(workspace string) (*view, error) {
	if x.live == nil {
		return nil, missing()
	}
	v := &view{lengths: x.live.lengths}
	for _, name := range placesOf(workspace) {
		b, ok := x.live.parts[name]
		if !ok {
			continue
		}
		inner, err := b.Advanced()
		if err == nil {
			var r index.IndexReader
			if r, err = inner.Reader(); err == nil {
				v.parts = append(v.parts, r)
				var n uint64
				n, err = r.DocCount()
				v.total += n
			}
		}
		if err != nil {
			return nil, errors.Join(damaged(err), v.close())
		}
	}
	return v, nil
}

func (v *view) close() error {
	var err error
	for _, r := range v.parts {
		err = errors.Join(err, r.Close())
	}
	return err
}

// clause looks a word up in all parts.
func (v *view) clause(ctx context.Context, field, word string, boost float64) (clause, error) {
	c := clause{field: field, word: word, boost: boost, length: v.lengths[field]}
	for _, r := range v.parts {
		holders, err := r.TermFieldReader(ctx, []byte(word), field, true, true, false)
		if err != nil {
			return c, errors.Join(err, c.close())
		}
		c.holders = append(c.holders, holders)
	}
	return c, nil
}

func (c *clause) close() error {
	var err error
	for _, h := range c.holders {
		err = errors.Join(err, h.Close())
	}
	return err
}
