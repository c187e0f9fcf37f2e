package app

import (
	"cmp"
	"context"
	"slices"

	"caique/internal/caiq"
)

// wordings retrieves from what everybody shares and from what a workspace knows
// besides. The two have indexes of their own, so that what one workspace holds
// moves no score of another.
type wordings struct {
	shared SearchIndex
	own    *shelves // nil: nothing besides
}

// ownWordings is how many passages of a workspace are looked at for a question.
const ownWordings = 24

// Search returns the passages of both, best first; those of the workspace never
// count for more than the best of the shared ones.
func (w wordings) Search(ctx context.Context, q caiq.PassageQuery) ([]caiq.Hit, error) {
	hits, err := w.shared.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	index := w.index(q.Workspace)
	if index == nil {
		return hits, nil
	}
	q.Kinds, q.Limit = []caiq.PassageKind{caiq.PassageSeen, caiq.PassagePicked, caiq.PassageLibrary}, ownWordings
	own, err := index.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(hits) > 0 {
		for i := range own {
			own[i].Score = min(own[i].Score, hits[0].Score)
		}
	}
	hits = slices.Concat(hits, own)
	slices.SortFunc(hits, func(a, b caiq.Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return hits, nil
}

// Passages returns those of the workspace: of the shared ones the matcher has its
// own readings.
func (w wordings) Passages(ctx context.Context, workspace string, ids []string) ([]caiq.Passage, error) {
	if index := w.index(workspace); index != nil {
		return index.Passages(ctx, workspace, ids)
	}
	return w.shared.Passages(ctx, workspace, ids)
}

func (w wordings) index(workspace string) ShelfIndex {
	if w.own == nil {
		return nil
	}
	return w.own.now(workspace)
}
