package app

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strings"

	"caique/internal/answer"
	"caique/internal/caiq"
)

// restock is what must be done to an index so that it stands for the store.
type restock struct {
	all    bool // build it anew from put
	put    []caiq.Passage
	remove []string
	want   caiq.IndexMark
	// counted is set when want says how many passages there must be.
	counted bool
}

// maxFollowed is how many events an index follows one by one; further behind it
// is built anew.
const maxFollowed = 5000

// catchUp brings an index up to date and lets it be searched: from the events that
// it has not seen, or, where it is missing, damaged or not what it should be, anew
// beside the old.
func (s *shelves) catchUp(ctx context.Context, h *shelf, check bool) error {
	if h.opened == nil {
		check = true
		n, err := s.store.ShelfCount(ctx, h.workspaceID)
		if err != nil || n == (caiq.ShelfCount{}) {
			return err // a workspace that holds nothing needs no index
		}
		if h.opened, err = s.open(h.workspaceID); err != nil {
			return err
		}
	}
	if err := s.stock(ctx, h, check); err != nil {
		return err
	}
	h.index.Store(&h.opened)
	return nil
}

func (s *shelves) stock(ctx context.Context, h *shelf, check bool) error {
	mark, sound := h.opened.Mark()
	r, err := s.read(ctx, h.workspaceID, mark, sound, check)
	if err != nil {
		return err
	}
	if sound && !r.all {
		if err = r.apply(ctx, h.opened); err == nil && r.counted {
			err = h.opened.Check(r.want)
		}
		if err == nil {
			return nil
		}
		if r, err = s.read(ctx, h.workspaceID, mark, false, true); err != nil {
			return err
		}
	}
	if err := h.opened.Rebuild(ctx, r.passages(), r.want.High); err != nil {
		return err
	}
	return h.opened.Check(r.want)
}

func (r *restock) apply(ctx context.Context, index ShelfIndex) error {
	if len(r.remove) > 0 {
		if err := index.Delete(ctx, r.remove, r.want.High); err != nil {
			return err
		}
	}
	return index.Put(ctx, r.put, r.want.High)
}

func (r *restock) passages() iter.Seq2[caiq.Passage, error] { return passages(r.put) }

// read reads, at one moment, what an index at the mark lacks: the transaction
// keeps others from changing the workspace meanwhile, so that it counts only where it
// has to.
func (s *shelves) read(ctx context.Context, workspaceID string, mark caiq.IndexMark, sound, count bool) (*restock, error) {
	like, err := s.likeness()
	if err != nil {
		return nil, err
	}
	r := &restocking{store: s.store, workspaceID: workspaceID, like: like}
	err = s.store.Tx(ctx, workspaceID, func(ctx context.Context) error {
		r.restock = restock{all: !sound}
		if err := r.measure(ctx, count); err != nil {
			return err
		}
		if err := r.changed(ctx, mark); err != nil || !r.all {
			return err
		}
		if !r.counted {
			if err := r.count(ctx); err != nil {
				return err
			}
		}
		return r.everything(ctx)
	})
	return &r.restock, err
}

type restocking struct {
	restock
	store       Store
	workspaceID string
	like        *answer.Likeness
}

// measure sets what the index must stand for.
func (r *restocking) measure(ctx context.Context, count bool) error {
	last, err := r.store.Events(ctx, r.workspaceID, caiq.EventFilter{Newest: true, Limit: 1})
	if err != nil {
		return err
	}
	for _, e := range last {
		r.want.High = e.Seq
	}
	if !count {
		return nil
	}
	return r.count(ctx)
}

func (r *restocking) count(ctx context.Context) error {
	n, err := r.store.ShelfCount(ctx, r.workspaceID)
	r.want.Count, r.counted = uint64(n.Texts+n.Picks+2*n.Entries), true
	return err
}

// changed follows the events since the mark.
func (r *restocking) changed(ctx context.Context, mark caiq.IndexMark) error {
	if r.all || mark.High > r.want.High {
		r.all = true
		return nil
	}
	events, err := r.store.Events(ctx, r.workspaceID, caiq.EventFilter{After: mark.High, Limit: maxFollowed})
	if err != nil {
		return err
	}
	r.all = len(events) == maxFollowed
	for i := range events {
		if r.all {
			return nil
		}
		if err := r.event(ctx, &events[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *restocking) event(ctx context.Context, e *caiq.Event) error {
	switch Action(e.Action) {
	case ActRecordUpload:
		return r.texts(ctx, e.RecordID)
	case ActRecordDelete:
		r.all = true // which texts nobody asks any more is found only by looking at all
		return nil
	case ActLibraryChange, actLibraryPut, actLibraryRetire:
		return r.entry(ctx, strings.TrimPrefix(e.Object, "library/"))
	case ActPick, ActUnpick:
		var d pickDetail
		if err := json.Unmarshal(e.Detail, &d); err != nil {
			return err
		}
		return r.picks(ctx, d.Text)
	default:
		return nil
	}
}

func (r *restocking) everything(ctx context.Context) error {
	r.put, r.remove = nil, nil
	if err := r.texts(ctx, ""); err != nil {
		return err
	}
	entries, err := r.store.LibraryEntries(ctx, r.workspaceID, caiq.LibraryFilter{})
	if err != nil {
		return err
	}
	for i := range entries {
		r.addEntry(&entries[i])
	}
	picks, err := r.store.Picks(ctx, r.workspaceID, nil)
	if err != nil {
		return err
	}
	r.addPicks(picks)
	return nil
}

// texts adds the texts that a questionnaire asks, or all of them ("").
func (r *restocking) texts(ctx context.Context, recordID string) error {
	asked, err := r.store.Asked(ctx, r.workspaceID, recordID)
	if err != nil {
		return err
	}
	for _, a := range asked {
		p := caiq.Passage{ID: idAsked + a.TextHash, Kind: caiq.PassageAsked, Text: a.Text}
		if ref := surely(a.Known); ref != "" {
			p.Kind, p.Refs = caiq.PassageSeen, []caiq.Ref{ref}
		}
		r.add(p)
	}
	return nil
}

// entry adds a library entry, or takes it out when it is withdrawn.
func (r *restocking) entry(ctx context.Context, id string) error {
	e, err := r.store.LibraryEntry(ctx, r.workspaceID, id)
	if err != nil {
		return err
	}
	if !e.Retired {
		r.addEntry(&e)
		return nil
	}
	r.drop(idLibrary+id, idAnswer+id)
	return nil
}

func (r *restocking) addEntry(e *caiq.LibraryEntry) {
	ref := e.Meant()
	r.add(caiq.Passage{ID: idLibrary + e.ID, Kind: caiq.PassageLibrary, Refs: []caiq.Ref{ref}, Text: e.Question})
	r.add(caiq.Passage{ID: idAnswer + e.ID, Kind: caiq.PassageAnswer, Refs: []caiq.Ref{ref}, Text: e.Description})
}

// picks adds the newest pick for a text, or takes it out when none is left.
func (r *restocking) picks(ctx context.Context, hash string) error {
	picks, err := r.store.Picks(ctx, r.workspaceID, []string{hash})
	if err != nil {
		return err
	}
	if len(picks) == 0 {
		r.drop(idPicked + hash)
	}
	r.addPicks(picks)
	return nil
}

// addPicks adds the first of each text.
func (r *restocking) addPicks(newestFirst []caiq.Pick) {
	seen := make(map[string]bool)
	for _, k := range newestFirst {
		if !seen[k.TextHash] {
			seen[k.TextHash] = true
			r.add(caiq.Passage{ID: idPicked + k.TextHash, Kind: caiq.PassagePicked, Refs: []caiq.Ref{k.Question}, Text: k.Text})
		}
	}
}

func (r *restocking) add(p caiq.Passage) {
	p.Workspace, p.Concepts = r.workspaceID, r.like.Concepts(p.Text)
	r.forget(p.ID)
	r.put = append(r.put, p)
}

func (r *restocking) drop(ids ...string) {
	r.forget(ids...)
	r.remove = append(r.remove, ids...)
}

// forget undoes what an earlier event of the same run asked for.
func (r *restocking) forget(ids ...string) {
	if r.all {
		return
	}
	for _, id := range ids {
		r.remove = slices.DeleteFunc(r.remove, func(x string) bool { return x == id })
		r.put = slices.DeleteFunc(r.put, func(p caiq.Passage) bool { return p.ID == id })
	}
}

// What passages of a shelf are called: by the hash of a text or the id of an entry.
const (
	idAsked   = "asked:"
	idPicked  = "picked:"
	idLibrary = "library:"
	idAnswer  = "answer:"
)

// surely is the question of the newest version that a text is known to be; ""
// where that version has several.
func surely(known []caiq.Ref) caiq.Ref {
	var newest caiq.Ref
	several := false
	for _, ref := range known {
		switch {
		case newest == "" || ref.Set() > newest.Set():
			newest, several = ref, false
		case ref.Set() == newest.Set() && ref != newest:
			several = true
		}
	}
	if several {
		return ""
	}
	return newest
}
