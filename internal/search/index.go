package search

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"sync"

	"caique/internal/caiq"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// batchSize is how many passages are written at once: 1,000 build an index of
// 10,000 eight times faster than 10 do.
const batchSize = 1000

// Mark says what an index was derived from.
type Mark = caiq.IndexMark

// Index finds passages. It is safe for concurrent use; searches go on while
// another index is built in its stead.
type Index struct {
	dir string // "" in memory

	mu     sync.RWMutex // guards current: held for reading while it is used
	change sync.Mutex   // one writer at a time
	live   bleve.Index  // nil when there is nothing sound to search
	name   string       // folder of the live generation inside dir
	mark   Mark
}

// markKey is where a live index keeps its mark.
const markKey = "caique.mark"

// NewMemory returns an index in memory that has nothing to search yet: build it.
func NewMemory() *Index { return &Index{} }

// Mark is what the index that is searched now stands for; false when nothing
// sound is searched.
func (x *Index) Mark() (Mark, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.mark, x.live != nil
}

// Check says whether the index stands for all that its source holds. Errors are
// caiq.Error, Unavailable: index_missing, index_behind or index_damaged; Rebuild
// mends each.
func (x *Index) Check(want Mark) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.live == nil {
		return missing()
	}
	if x.mark != want {
		return caiq.Errorf(caiq.Unavailable, "index_behind", "the search index stands at %d of %d passages", x.mark.Count, want.Count)
	}
	return sound(x.live, x.mark)
}

// sound holds the index against its own mark and looks the canary up, so that
// one that opens but finds nothing is not taken for healthy.
func sound(b bleve.Index, mark Mark) error {
	n, err := b.DocCount()
	if err != nil {
		return damaged(err)
	}
	if n != mark.Count+1 { // and the canary
		return damaged(errors.New("the number of passages differs from what was written"))
	}
	res, err := b.Search(bleve.NewSearchRequestOptions(canaryQuery(), 1, 0, false))
	if err != nil {
		return damaged(err)
	}
	if len(res.Hits) != 1 || res.Hits[0].ID != canaryID {
		return damaged(errors.New("a passage that is there is not found"))
	}
	return nil
}

// Rebuild builds an index aside from all passages of the source and puts it in
// the place of the old one, which answers until then. On error the old one stays.
// high is how far the source had come when it was read.
func (x *Index) Rebuild(ctx context.Context, source iter.Seq2[caiq.Passage, error], high int64) error {
	x.change.Lock()
	defer x.change.Unlock()
	next, name, err := x.create()
	if err != nil {
		return err
	}
	mark, err := fill(ctx, next, source, high)
	if err == nil {
		err = sound(next, mark)
	}
	if err != nil {
		return errors.Join(err, next.Close(), x.discard(name))
	}
	return x.swap(next, name, mark)
}

// Put adds passages, or replaces those with the same id, and moves the mark.
// They are found as soon as it returns.
func (x *Index) Put(ctx context.Context, passages []caiq.Passage, high int64) error {
	return x.update(ctx, high, func(b *bleve.Batch) error {
		for i := range passages {
			if err := b.Index(passages[i].ID, newDocument(&passages[i])); err != nil {
				return damaged(err)
			}
		}
		return nil
	})
}

// Delete takes passages out and moves the mark; unknown ids are no error.
func (x *Index) Delete(ctx context.Context, ids []string, high int64) error {
	return x.update(ctx, high, func(b *bleve.Batch) error {
		for _, id := range ids {
			b.Delete(id)
		}
		return nil
	})
}

func (x *Index) update(ctx context.Context, high int64, write func(*bleve.Batch) error) error {
	x.change.Lock()
	defer x.change.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	x.mu.RLock()
	live := x.live
	x.mu.RUnlock()
	if live == nil {
		return missing()
	}
	b := live.NewBatch()
	if err := write(b); err != nil {
		return err
	}
	if err := live.Batch(b); err != nil {
		return damaged(err)
	}
	mark, err := seal(live, high)
	if err != nil {
		return err
	}
	x.mu.Lock()
	x.mark = mark
	x.mu.Unlock()
	return nil
}

// swap makes the new index the one that is searched, then closes the old one.
func (x *Index) swap(next bleve.Index, name string, mark Mark) error {
	if err := x.point(name); err != nil {
		return errors.Join(err, next.Close(), x.discard(name))
	}
	x.mu.Lock()
	old, oldName := x.live, x.name
	x.live, x.name, x.mark = next, name, mark
	x.mu.Unlock()
	if old == nil {
		return x.sweep()
	}
	return errors.Join(old.Close(), x.discard(oldName))
}

// Close ends all searching. An index on disk that is not closed is taken for
// damaged when opened again.
func (x *Index) Close() error {
	x.change.Lock()
	defer x.change.Unlock()
	x.mu.Lock()
	live, name := x.live, x.name
	x.live = nil
	x.mu.Unlock()
	if live == nil {
		return nil
	}
	if err := live.Close(); err != nil {
		return damaged(err)
	}
	return x.writeSeal(name)
}

// fill writes all passages in batches.
func fill(ctx context.Context, to bleve.Index, source iter.Seq2[caiq.Passage, error], high int64) (Mark, error) {
	b := to.NewBatch()
	if err := b.Index(canaryID, newCanary()); err != nil {
		return Mark{}, damaged(err)
	}
	for p, err := range source {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return Mark{}, err
		}
		if err := b.Index(p.ID, newDocument(&p)); err != nil {
			return Mark{}, damaged(err)
		}
		if b.Size() < batchSize {
			continue
		}
		if err := to.Batch(b); err != nil {
			return Mark{}, damaged(err)
		}
		b.Reset()
	}
	if err := to.Batch(b); err != nil {
		return Mark{}, damaged(err)
	}
	return seal(to, high)
}

// seal writes down how much the index holds now.
func seal(b bleve.Index, high int64) (Mark, error) {
	n, err := b.DocCount()
	if err != nil {
		return Mark{}, damaged(err)
	}
	mark := Mark{Count: n - 1, High: high}
	text, err := json.Marshal(mark)
	if err != nil {
		return Mark{}, damaged(err)
	}
	if err := b.SetInternal([]byte(markKey), text); err != nil {
		return Mark{}, damaged(err)
	}
	return mark, nil
}

func newBleve(path string) (bleve.Index, error) {
	b, err := bleve.NewUsing(path, newMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, damaged(err)
	}
	return b, nil
}

func missing() error {
	return caiq.Errorf(caiq.Unavailable, "index_missing", "there is no search index to ask yet").WithHint("build it")
}

func damaged(err error) error {
	e := caiq.Errorf(caiq.Unavailable, "index_damaged", "the search index is damaged").WithHint("build it again")
	e.Err = err
	return e
}
