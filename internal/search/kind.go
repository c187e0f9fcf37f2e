package search

import (
	"context"
	"errors"
	"sync"

	"caique/internal/caiq"

	index "github.com/blevesearch/bleve_index_api"
)

// kindSets remembers which passages of a part are of which kind, as long as the
// part stands as it does: their numbers change with every change.
type kindSets struct {
	mu   sync.Mutex
	when index.IndexReader // compared, never read: it may be closed
	sets map[caiq.PassageKind][]bool
}

// kindSet are passages of several kinds, by number.
type kindSet [][]bool

func (s kindSet) hold(number uint64) bool {
	for _, of := range s {
		if number < uint64(len(of)) && of[number] {
			return true
		}
	}
	return false
}

// get returns the passages of kinds in a part as it stands.
func (k *kindSets) get(ctx context.Context, now opened, kinds []caiq.PassageKind) (kindSet, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.when != now.IndexReader {
		k.when, k.sets = now.IndexReader, make(map[caiq.PassageKind][]bool)
	}
	var all kindSet
	for _, kind := range kinds {
		of, ok := k.sets[kind]
		if !ok {
			var err error
			if of, err = ofKind(ctx, now, kind); err != nil {
				return nil, err
			}
			k.sets[kind] = of
		}
		all = append(all, of)
	}
	return all, nil
}

func ofKind(ctx context.Context, r index.IndexReader, kind caiq.PassageKind) (of []bool, err error) {
	holders, err := r.TermFieldReader(ctx, []byte(kind), fieldKind, false, false, false)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, holders.Close()) }()
	var d index.TermFieldDoc
	for {
		p, err := holders.Next(&d)
		if err != nil || p == nil {
			return of, err
		}
		if more := int(p.ID.Value()) + 1 - len(of); more > 0 {
			of = append(of, make([]bool, more)...)
		}
		of[p.ID.Value()] = true
	}
}
