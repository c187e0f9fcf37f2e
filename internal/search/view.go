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
	parts []opened // what is shared first
	total uint64   // passages in all
	lengths
}

// opened is a part as it stands now.
type opened struct {
	index.IndexReader
	of     *part
	shared bool
}

// look opens a view; close it. The index is locked for reading.
func (x *Index) look(workspace string) (*view, error) {
	if x.live == nil {
		return nil, missing()
	}
	v := &view{lengths: x.live.Lengths}
	for _, place := range placesOf(workspace) {
		p := x.live.parts[place]
		if p == nil {
			continue
		}
		if err := v.add(p, place == shared); err != nil {
			return nil, errors.Join(damaged(err), v.close())
		}
	}
	return v, nil
}

func (v *view) add(p *part, isShared bool) error {
	inner, err := p.Advanced()
	if err != nil {
		return err
	}
	r, err := inner.Reader()
	if err != nil {
		return err
	}
	v.parts = append(v.parts, opened{r, p, isShared})
	n, err := r.DocCount()
	v.total += n
	return err
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
