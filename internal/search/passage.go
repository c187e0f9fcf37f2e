package search

import (
	"context"
	"errors"

	"caique/internal/caiq"

	index "github.com/blevesearch/bleve_index_api"
)

// Passages returns the passages with the ids, as they were put in, in the order
// of the ids; ids that are not there, or belong to another workspace, are left
// out. Concepts are not kept.
func (x *Index) Passages(ctx context.Context, workspace string, ids []string) ([]caiq.Passage, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	v, err := x.look(workspace)
	if err != nil {
		return nil, err
	}
	passages, err := v.passages(ctx, workspace, ids)
	if err = errors.Join(err, v.close()); err != nil {
		return nil, failed(ctx, err)
	}
	return passages, nil
}

func (v *view) passages(ctx context.Context, workspace string, ids []string) ([]caiq.Passage, error) {
	found := make([]caiq.Passage, 0, len(ids))
	seen := map[string]bool{canaryID: true}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		for _, part := range v.parts {
			doc, err := part.Document(id)
			if err = errors.Join(err, ctx.Err()); err != nil {
				return nil, err
			}
			if doc == nil {
				continue
			}
			p := stored(id, doc)
			if !part.shared {
				p.Workspace = workspace
			}
			found = append(found, p)
		}
	}
	return found, nil
}

// stored reads a passage back.
func stored(id string, doc index.Document) caiq.Passage {
	p := caiq.Passage{ID: id}
	doc.VisitFields(func(f index.Field) {
		switch value := string(f.Value()); f.Name() {
		case fieldText:
			p.Text = value
		case fieldTitle:
			p.Title = value
		case fieldKind:
			p.Kind = caiq.PassageKind(value)
		case fieldRefs:
			p.Refs = append(p.Refs, caiq.Ref(value))
		}
	})
	return p
}

// name is the id of a passage found.
func (v *view) name(p place) (string, error) {
	return v.parts[p.part].ExternalID(index.NewIndexInternalID(nil, p.number))
}
