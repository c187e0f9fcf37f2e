package search

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"sync"

	"caique/internal/caiq"

	"github.com/blevesearch/bleve/v2"
	index "github.com/blevesearch/bleve_index_api"
)

// How many passages are written at once: with fewer there are more pieces to search
// in, with more it takes more memory. What is in memory alone is small, and so is to
// be the program that holds it.
const (
	batchOnDisk   = 1000
	batchInMemory = 150
)

// writing gathers changes of a live generation, part by part.
type writing struct {
	to      *generation
	lock    *sync.RWMutex // of the parts
	batches map[string]*bleve.Batch
	readers map[string]index.IndexReader
}

func newWriting(to *generation, lock *sync.RWMutex) *writing {
	return &writing{to: to, lock: lock, batches: make(map[string]*bleve.Batch), readers: make(map[string]index.IndexReader)}
}

// put adds a passage to its part and takes it out of any other.
func (w *writing) put(p *caiq.Passage) error {
	place := placeOf(p.Workspace)
	if err := w.delete(p.ID, place); err != nil {
		return err
	}
	b, err := w.batch(place)
	if err != nil {
		return err
	}
	if err := b.Index(p.ID, newDocument(p)); err != nil {
		return damaged(err)
	}
	return nil
}

// delete takes a passage out of all parts but one.
func (w *writing) delete(id, but string) error {
	for place := range w.to.parts {
		if place == but {
			continue
		}
		held, err := w.holds(place, id)
		if err != nil {
			return damaged(err)
		}
		if _, open := w.batches[place]; !held && !open {
			continue
		}
		b, err := w.batch(place)
		if err != nil {
			return err
		}
		b.Delete(id)
	}
	return nil
}

// holds reports whether a part had a passage when writing began.
func (w *writing) holds(place, id string) (bool, error) {
	r := w.readers[place]
	if r == nil {
		inner, err := w.to.parts[place].Advanced()
		if err != nil {
			return false, err
		}
		if r, err = inner.Reader(); err != nil {
			return false, err
		}
		w.readers[place] = r
	}
	number, err := r.InternalID(id)
	return number != nil, err
}

// batch returns the changes of a part, which is made if need be.
func (w *writing) batch(place string) (*bleve.Batch, error) {
	if b := w.batches[place]; b != nil {
		return b, nil
	}
	if part := w.to.parts[place]; part != nil {
		w.batches[place] = part.NewBatch()
		return w.batches[place], nil
	}
	part, first, err := w.to.newPart(place)
	if err != nil {
		return nil, err
	}
	w.lock.Lock()
	w.to.parts[place] = part
	w.lock.Unlock()
	w.batches[place] = first
	return first, nil
}

// flush writes the changes.
func (w *writing) flush() error {
	for place, b := range w.batches {
		if err := w.to.parts[place].Batch(b); err != nil {
			return damaged(err)
		}
	}
	return nil
}

func (w *writing) close() error {
	var err error
	for _, r := range w.readers {
		err = errors.Join(err, r.Close())
	}
	return err
}

func (g *generation) batchSize() int {
	if g.path == "" {
		return batchInMemory
	}
	return batchOnDisk
}

// fill writes all passages of a source into a generation that nobody searches
// yet, on all cores.
func (g *generation) fill(ctx context.Context, source iter.Seq2[caiq.Passage, error]) error {
	f := &filling{to: g, open: make(map[string]*bleve.Batch), full: make(chan batch), seen: make(map[string]bool)}
	errs := make([]error, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			for b := range f.full {
				if errs[i] == nil {
					errs[i] = b.part.Batch(b.of)
				}
			}
		})
	}
	err := f.read(ctx, source)
	close(f.full)
	wg.Wait()
	if err != nil {
		return err
	}
	if err := errors.Join(errs...); err != nil {
		return damaged(err)
	}
	if g.Lengths, err = newLengths(g.parts[shared]); err != nil {
		return damaged(err)
	}
	return nil
}

// filling is a generation while it is filled.
type filling struct {
	to   *generation
	open map[string]*bleve.Batch
	full chan batch
	seen map[string]bool // ids
}

type batch struct {
	part *part
	of   *bleve.Batch
}

// read sorts the passages into batches and sends those that are full.
func (f *filling) read(ctx context.Context, source iter.Seq2[caiq.Passage, error]) error {
	for p, err := range source {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = f.add(&p)
		}
		if err != nil {
			return err
		}
	}
	for place, b := range f.open {
		f.full <- batch{f.to.parts[place], b}
	}
	return nil
}

func (f *filling) add(p *caiq.Passage) error {
	if f.seen[p.ID] {
		return caiq.Errorf(caiq.Internal, "passage_twice", "two passages for the search index have the id %q", p.ID)
	}
	f.seen[p.ID] = true
	place := placeOf(p.Workspace)
	b, err := f.batch(place)
	if err != nil {
		return err
	}
	if err := b.Index(p.ID, newDocument(p)); err != nil {
		return damaged(err)
	}
	if b.Size() >= f.to.batchSize() {
		f.full <- batch{f.to.parts[place], b}
		delete(f.open, place)
	}
	return nil
}

// batch returns the batch that is being filled for a part.
func (f *filling) batch(place string) (*bleve.Batch, error) {
	b := f.open[place]
	if part := f.to.parts[place]; b == nil && part != nil {
		b = part.NewBatch()
	}
	if b == nil {
		part, first, err := f.to.newPart(place)
		if err != nil {
			return nil, err
		}
		f.to.parts[place], b = part, first
	}
	f.open[place] = b
	return b, nil
}
