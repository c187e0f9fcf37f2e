package search

import (
	"context"

	"caique/internal/caiq"

	"github.com/blevesearch/bleve/v2"
)

// Passages returns the passages with the ids, as they were put in, in the order
// of the ids; ids that are not there, or belong to another workspace, are left
// out. Concepts are not kept.
func (x *Index) Passages(ctx context.Context, workspace string, ids []string) ([]caiq.Passage, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.live == nil {
		return nil, missing()
	}
	if len(ids) == 0 {
		return nil, nil
	}
	all := bleve.NewConjunctionQuery(bleve.NewDocIDQuery(ids), within(caiq.PassageQuery{Workspace: workspace}))
	req := bleve.NewSearchRequestOptions(all, len(ids), 0, false)
	req.Fields = []string{fieldText, fieldTitle, fieldKind, fieldRefs, fieldWorkspace}
	res, err := x.live.SearchInContext(ctx, req)
	if err != nil {
		return nil, failed(ctx, err)
	}
	found := make(map[string]caiq.Passage, len(res.Hits))
	for _, h := range res.Hits {
		found[h.ID] = stored(h.ID, h.Fields)
	}
	passages := make([]caiq.Passage, 0, len(found))
	for _, id := range ids {
		if p, ok := found[id]; ok {
			passages = append(passages, p)
			delete(found, id)
		}
	}
	return passages, nil
}

// stored reads a passage back; a field that holds one value comes bare.
func stored(id string, fields map[string]any) caiq.Passage {
	one := func(name string) string { s, _ := fields[name].(string); return s }
	p := caiq.Passage{
		ID: id, Kind: caiq.PassageKind(one(fieldKind)), Title: one(fieldTitle), Text: one(fieldText), Workspace: one(fieldWorkspace),
	}
	if p.Workspace == shared {
		p.Workspace = ""
	}
	switch refs := fields[fieldRefs].(type) {
	case string:
		p.Refs = []caiq.Ref{caiq.Ref(refs)}
	case []any:
		for _, r := range refs {
			if s, ok := r.(string); ok {
				p.Refs = append(p.Refs, caiq.Ref(s))
			}
		}
	}
	return p
}
