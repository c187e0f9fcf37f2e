package app

import (
	"context"
	"strings"

	"caique/internal/caiq"
)

// Duplicate is a library entry that seems to answer the same question.
type Duplicate struct {
	caiq.LibraryEntry
	Likeness float64 // of the questions, 0 to 1
}

// Questions this alike are taken for one; so many of the nearest are compared.
const (
	sameLikeness  = 0.9
	maxDuplicates = 10
)

// Duplicates finds the entries of the same profile and audience whose question
// is the same as an entry's, in the same or nearly the same words. It asks the
// index for the nearest and compares with those alone.
func (s *Service) Duplicates(ctx context.Context, p caiq.Principal, e caiq.LibraryEntry) ([]Duplicate, error) {
	if err := s.upToDate(ctx, p, ActLibraryRead); err != nil {
		return nil, err
	}
	return s.duplicates(ctx, p.Workspace.ID, e)
}

// duplicates asks the index as it is.
func (s *Service) duplicates(ctx context.Context, workspaceID string, e caiq.LibraryEntry) ([]Duplicate, error) {
	index := s.shelves.now(workspaceID)
	if index == nil || e.Question == "" {
		return nil, nil
	}
	like, err := s.shelves.likeness()
	if err != nil {
		return nil, err
	}
	hits, err := index.Search(ctx, caiq.PassageQuery{
		Text: e.Question, Concepts: like.Concepts(e.Question), Workspace: workspaceID,
		Kinds: []caiq.PassageKind{caiq.PassageLibrary}, Limit: 3 * maxDuplicates,
	})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	near, err := index.Passages(ctx, workspaceID, ids)
	if err != nil {
		return nil, err
	}
	var out []Duplicate
	for _, n := range near {
		id := strings.TrimPrefix(n.ID, idLibrary)
		alike := like.Of(e.Question, n.Text)
		if id == e.ID || alike < sameLikeness || len(out) == maxDuplicates {
			continue
		}
		other, err := s.store.LibraryEntry(ctx, workspaceID, id)
		if err != nil && caiq.KindOf(err) != caiq.NotFound {
			return nil, err
		}
		if err == nil && !other.Retired && other.ProfileID == e.ProfileID && other.Audience == e.Audience {
			out = append(out, Duplicate{other, alike})
		}
	}
	return out, nil
}
