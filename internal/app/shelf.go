package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"caique/internal/answer"
	"caique/internal/caiq"
	"caique/internal/mapping"
)

// ShelfIndex is the search index of one workspace: its questions, its library
// and what its reviewers said. It is derived and may be kept from one start to
// the next.
type ShelfIndex interface {
	SearchIndex
	// Put adds or replaces passages, Delete takes them out; high is how far the
	// workspace's trail had come when they were read.
	Put(ctx context.Context, passages []caiq.Passage, high int64) error
	Delete(ctx context.Context, ids []string, high int64) error
	// Mark is what the index stands for; false when nothing sound is searched.
	Mark() (caiq.IndexMark, bool)
	// Check is an error unless the index is sound and stands for what is wanted.
	Check(want caiq.IndexMark) error
}

// OpenShelf opens the index of a workspace, an empty one where there is none.
type OpenShelf func(workspaceID string) (ShelfIndex, error)

// shelves keeps the search index of each workspace true to the store. Whatever
// asks one first brings it up to date, and soon after a change it is brought up
// to date by itself, so that nobody waits for long.
type shelves struct {
	store   Store
	open    OpenShelf // nil: there are none
	library *mapping.Library

	mu     sync.Mutex
	kept   map[string]*shelf
	like   *answer.Likeness
	closed bool
	work   sync.WaitGroup
}

// shelf is the index of one workspace.
type shelf struct {
	workspaceID string
	noted       atomic.Int64 // how many changes of the workspace were told
	followed    atomic.Int64 // how many of them the index has followed
	timer       atomic.Bool
	doubted     atomic.Bool                // a change may be in it that the store does not hold
	index       atomic.Pointer[ShelfIndex] // that is searched; nil while there is nothing sound to search

	change   sync.Mutex // one at a time brings it up to date; guards what follows
	opened   ShelfIndex // the index, filled or not; nil: not opened yet
	err      error      // why it is not sound
	verified time.Time  // when it was last held against the store
}

// behind reports whether the index has not followed all changes yet. It is so until
// they are in, not until somebody has begun to bring them in: who asks meanwhile waits.
func (h *shelf) behind() bool { return h.followed.Load() < h.noted.Load() }

// settleTime is how long changes are gathered before the index follows them.
const settleTime = 200 * time.Millisecond

// verifyEvery is after how long readiness holds an index against the store anew.
const verifyEvery = time.Minute

func (s *shelves) likeness() (*answer.Likeness, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.like == nil {
		lex, err := s.library.Lexicon()
		if err != nil {
			return nil, err
		}
		s.like = answer.NewLikeness(lex)
	}
	return s.like, nil
}

// of returns the shelf of a workspace, not yet read where it is new.
func (s *shelves) of(workspaceID string) *shelf {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.kept[workspaceID]
	if h == nil {
		h = &shelf{workspaceID: workspaceID}
		h.noted.Store(1)
		if s.kept == nil {
			s.kept = make(map[string]*shelf)
		}
		s.kept[workspaceID] = h
	}
	return h
}

// now returns the index of a workspace as it is, nil where there is none yet.
func (s *shelves) now(workspaceID string) ShelfIndex {
	if s.open == nil || workspaceID == "" {
		return nil
	}
	if x := s.of(workspaceID).index.Load(); x != nil {
		return *x
	}
	return nil
}

// current returns the index of a workspace, with all that is committed in it;
// nil where the workspace holds nothing to search. Call it outside transactions.
func (s *shelves) current(ctx context.Context, workspaceID string) (ShelfIndex, error) {
	if s.open == nil {
		return nil, nil //nolint:nilnil // none is what an installation without search has
	}
	h := s.of(workspaceID)
	if h.behind() {
		if err := s.follow(context.WithoutCancel(ctx), h, false); err != nil { // what it builds serves others too
			return nil, err
		}
	}
	return s.now(workspaceID), nil
}

// shelved are the events after which the index of a workspace is behind.
func shelved(e *caiq.Event) bool {
	switch Action(e.Action) {
	case ActRecordUpload, ActRecordDelete, ActLibraryChange, actLibraryPut, actLibraryRetire, ActPick, ActUnpick:
		return true
	default:
		return false
	}
}

// note tells that a workspace has changed; its index follows before long.
func (s *shelves) note(ctx context.Context, workspaceID string, events []*caiq.Event) {
	changed := false
	for _, e := range events {
		changed = changed || shelved(e)
	}
	if s.open == nil || !changed {
		return
	}
	h := s.of(workspaceID)
	h.noted.Add(1)
	if !h.timer.CompareAndSwap(false, true) || !s.begin() {
		return
	}
	ctx = context.WithoutCancel(ctx)
	time.AfterFunc(settleTime, func() {
		defer s.work.Done()
		h.timer.Store(false)
		_ = s.follow(ctx, h, false) // kept for Ready
	})
}

// begin announces work in the background; false after close.
func (s *shelves) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.work.Add(1)
	}
	return !s.closed
}

// close lets background work end and closes all indexes.
func (s *shelves) close() error {
	s.mu.Lock()
	s.closed = true
	kept := s.kept
	s.mu.Unlock()
	s.work.Wait()
	var err error
	for _, h := range kept {
		h.change.Lock()
		h.index.Store(nil)
		if h.opened != nil {
			err = errors.Join(err, h.opened.Close())
		}
		h.err = errClosed()
		h.change.Unlock()
	}
	return err
}

func errClosed() error {
	return caiq.Errorf(caiq.Unavailable, "index_closed", "the search index is closed: the service is about to stop")
}

// ready brings every workspace's index up to date and holds those against the
// store that were not for a while. The first that is not sound is the error.
func (s *shelves) ready(ctx context.Context, now time.Time) error {
	if s.open == nil {
		return nil
	}
	ws, err := s.store.Workspaces(ctx, "")
	if err != nil {
		return err
	}
	for _, w := range ws {
		h := s.of(w.ID)
		h.change.Lock()
		due := h.err != nil || h.behind() || now.Sub(h.verified) >= verifyEvery
		h.change.Unlock()
		if !due {
			continue
		}
		if err := s.follow(context.WithoutCancel(ctx), h, true); err != nil {
			return fmt.Errorf("search index of workspace %s: %w", w.ID, err)
		}
		h.change.Lock()
		h.verified = now
		h.change.Unlock()
	}
	return nil
}

// follow brings an index up to date if it is behind, or at any rate with check,
// and then holds it against the store, which takes the longer the more is in it.
func (s *shelves) follow(ctx context.Context, h *shelf, check bool) error {
	h.change.Lock()
	defer h.change.Unlock()
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return errClosed()
	}
	if !h.behind() && !check && h.err == nil {
		return nil // another has done it meanwhile
	}
	noted := h.noted.Load() // what is told from here on may have come too late for this time
	check = h.doubted.Swap(false) || check || h.err != nil
	if h.err = s.catchUp(ctx, h, check); h.err == nil {
		h.followed.Store(noted)
	}
	return h.err
}

// unlearn takes a pick out of the index ahead of the transaction that takes it
// back, so that what is proposed anew in it does not rest on it. The index counts
// as behind: should the transaction fail, it is found to lack a passage and mended.
func (s *shelves) unlearn(ctx context.Context, workspaceID, hash string) error {
	index := s.now(workspaceID)
	if index == nil {
		return nil
	}
	h := s.of(workspaceID)
	h.doubted.Store(true)
	h.noted.Add(1)
	mark, _ := index.Mark()
	return index.Delete(ctx, []string{idPicked + hash}, mark.High)
}
