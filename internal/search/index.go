package search

import (
	"context"
	"errors"
	"iter"
	"sync"

	"caique/internal/caiq"

	"github.com/blevesearch/bleve/v2/mapping"
)

// Mark says what an index was derived from.
type Mark = caiq.IndexMark

// Index finds passages. It is safe for concurrent use; searches go on while
// another index is built in its stead.
type Index struct {
	dir      string // "" in memory
	analysis mapping.IndexMapping
	tallies  sync.Pool // of *tally

	mu     sync.RWMutex // guards live and its parts: held for reading while they are used
	change sync.Mutex   // one writer at a time
	live   *generation  // nil when there is nothing sound to search
}

// NewMemory returns an index in memory that has nothing to search yet: build it.
// It is for what is built at once: only on disk is what was put piece by piece
// merged, and hundreds of pieces make searching ten times slower.
func NewMemory() *Index { return newIndex("") }

func newIndex(dir string) *Index { return &Index{dir: dir, analysis: newMapping()} }

// Mark is what the index that is searched now stands for; false when nothing
// sound is searched.
func (x *Index) Mark() (Mark, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.live == nil {
		return Mark{}, false
	}
	return x.live.Mark, true
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
	if have := x.live.Mark; have != want {
		return caiq.Errorf(caiq.Unavailable, "index_behind", "the search index stands at %d of %d passages", have.Count, want.Count)
	}
	return x.live.sound()
}

// Rebuild builds an index aside from all passages of the source and puts it in
// the place of the old one, which answers until then. On error the old one stays.
// high is how far the source had come when it was read.
func (x *Index) Rebuild(ctx context.Context, source iter.Seq2[caiq.Passage, error], high int64) error {
	x.change.Lock()
	defer x.change.Unlock()
	next, err := x.create()
	if err != nil {
		return err
	}
	err = next.fill(ctx, source)
	if err == nil {
		next.stamp, err = next.stampAt(high)
	}
	if err == nil {
		err = next.sound()
	}
	if err != nil {
		return errors.Join(err, next.close(), x.discard(next))
	}
	return x.swap(next)
}

// swap makes the new index the one that is searched, then closes the old one.
func (x *Index) swap(next *generation) error {
	if err := x.point(next); err != nil {
		return errors.Join(err, next.close(), x.discard(next))
	}
	x.mu.Lock()
	old := x.live
	x.live = next
	x.mu.Unlock()
	if old == nil {
		return x.sweep(next)
	}
	return errors.Join(old.close(), x.discard(old))
}

// Put adds passages, or replaces those with the same id, and moves the mark.
// They are found as soon as it returns.
func (x *Index) Put(ctx context.Context, passages []caiq.Passage, high int64) error {
	return x.update(ctx, high, func(w *writing) error {
		for i := range passages {
			if err := w.put(&passages[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// Delete takes passages out and moves the mark; unknown ids are no error.
func (x *Index) Delete(ctx context.Context, ids []string, high int64) error {
	return x.update(ctx, high, func(w *writing) error {
		for _, id := range ids {
			if err := w.delete(id, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

func (x *Index) update(ctx context.Context, high int64, change func(*writing) error) error {
	x.change.Lock()
	defer x.change.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if x.live == nil { // only writers, one at a time, put another in its place
		return missing()
	}
	w := newWriting(x.live, &x.mu)
	err := change(w)
	if err = errors.Join(err, w.close()); err != nil {
		return err
	}
	if err := w.flush(); err != nil {
		return err
	}
	s, err := x.live.stampAt(high)
	if err != nil {
		return err
	}
	x.mu.Lock()
	x.live.stamp = s
	x.mu.Unlock()
	return nil
}

// Close ends all searching. An index on disk that is not closed is taken for
// damaged when opened again.
func (x *Index) Close() error {
	x.change.Lock()
	defer x.change.Unlock()
	x.mu.Lock()
	live := x.live
	x.live = nil
	x.mu.Unlock()
	if live == nil {
		return nil
	}
	if err := live.close(); err != nil {
		return damaged(err)
	}
	return x.writeSeal(live)
}

func missing() error {
	return caiq.Errorf(caiq.Unavailable, "index_missing", "there is no search index to ask yet").WithHint("build it")
}

func damaged(err error) error {
	e := caiq.Errorf(caiq.Unavailable, "index_damaged", "the search index is damaged").WithHint("build it again")
	e.Err = err
	return e
}
