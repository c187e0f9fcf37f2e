package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"caique/internal/answer"
	"caique/internal/caiq"
)

// Place is where a search looks.
type Place string

// Places of a search.
const (
	InQuestions Place = "questions" // known ones, and those of the workspace's questionnaires
	InLibrary   Place = "library"   // approved answers and their questions
	InControls  Place = "controls"  // controls of the matrix, with what they are about
)

// SearchInput is a search in words. There is no query language: every character
// stands for itself.
type SearchInput struct {
	Query string
	In    []Place // none: everywhere
	From  int     // results to pass over
	Limit int
}

// maxFound is how many results a search has at most: what comes later is nearer
// to chance than to the query.
const maxFound = 200

// Piece is a run of plain text that says what a query asks for, or does not.
type Piece = answer.Piece

// Found is something that a search found.
type Found struct {
	In    Place
	Ref   string   // "caiq-4.1/IAM-13.1", "library/ID", "ccm-4.1/IAM-13", "questionnaires/ID/answers/3"
	Asks  caiq.Ref // of a question of a questionnaire: what it is known to ask
	Title string   // of the control that it belongs to
	// Text is what was found, cut where it says what the query asks for. It is
	// plain text, markup of uploaded files included.
	Text []Piece
	// Asked says where a text was asked: the newest questionnaire, and how many.
	RecordID string
	N        int
	Records  int
}

// rank is a result with its place among those of its index: scores of two
// indexes do not compare, places do.
type rank struct {
	id    string // what it stands for
	place Place
	at    int
	p     caiq.Passage
}

// SearchAll finds passages of the workspace and of the built-in knowledge, best
// first. Nothing of another workspace is looked at.
func (s *Service) SearchAll(ctx context.Context, p caiq.Principal, in SearchInput) ([]Found, error) {
	if err := Allow(p, ActSearch); err != nil {
		return nil, err
	}
	if caiq.NormalizeText(in.Query) == "" || len(in.Query) > 1000 {
		return nil, caiq.Errorf(caiq.Invalid, "bad_query", "the query needs words, in at most 1000 bytes").At("query.q")
	}
	if s.finders.search == nil {
		return nil, caiq.Errorf(caiq.Unavailable, "no_search", "this installation has no search")
	}
	like, err := s.shelves.likeness()
	if err != nil {
		return nil, err
	}
	ranks, err := s.look(ctx, p.Workspace.ID, like, in)
	if err != nil {
		return nil, err
	}
	ranks = ranks[min(in.From, len(ranks)):]
	ranks = ranks[:min(in.Limit, len(ranks))]
	out := make([]Found, len(ranks))
	for i, r := range ranks {
		out[i] = Found{In: r.place, Ref: r.id, Title: r.p.Title, Text: like.Pieces(in.Query, r.p.Text)}
	}
	return out, s.locate(ctx, p.Workspace.ID, ranks, out)
}

// look asks the indexes and puts what they find into one order.
func (s *Service) look(ctx context.Context, workspaceID string, like *answer.Likeness, in SearchInput) ([]rank, error) {
	finder, err := s.finders.get(ctx, s.newestFormat())
	if err != nil {
		return nil, err
	}
	own, err := s.shelves.current(ctx, workspaceID)
	if err != nil {
		return nil, err
	}
	q := caiq.PassageQuery{Text: caiq.NormalizeText(in.Query), Concepts: like.Concepts(in.Query), Limit: 2 * maxFound}
	var all []rank
	for _, from := range []struct {
		index SearchIndex
		kinds map[caiq.PassageKind]Place
	}{{own, ownPlaces()}, {finder.index, sharedPlaces()}} {
		if from.index == nil {
			continue
		}
		q.Workspace, q.Kinds = workspaceID, kindsIn(from.kinds, in.In)
		if len(q.Kinds) == 0 {
			continue
		}
		found, err := ranksOf(ctx, from.index, q, from.kinds)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortStableFunc(all, func(a, b rank) int { return cmp.Compare(a.at, b.at) })
	return all[:min(len(all), maxFound)], nil
}

func ownPlaces() map[caiq.PassageKind]Place {
	return map[caiq.PassageKind]Place{
		caiq.PassageAsked: InQuestions, caiq.PassageSeen: InQuestions, caiq.PassageLibrary: InLibrary, caiq.PassageAnswer: InLibrary,
	}
}

func sharedPlaces() map[caiq.PassageKind]Place {
	return map[caiq.PassageKind]Place{
		caiq.PassageTopic: InQuestions, caiq.PassageAlso: InQuestions, caiq.PassageControl: InControls, caiq.PassageNote: InControls,
	}
}

// kindsIn are the kinds of passages that are found in the places wanted.
func kindsIn(places map[caiq.PassageKind]Place, wanted []Place) []caiq.PassageKind {
	var kinds []caiq.PassageKind
	for k, p := range places {
		if len(wanted) == 0 || slices.Contains(wanted, p) {
			kinds = append(kinds, k)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// ranksOf asks one index; of several passages of the same thing the best stays.
func ranksOf(ctx context.Context, index SearchIndex, q caiq.PassageQuery, places map[caiq.PassageKind]Place) ([]rank, error) {
	hits, err := index.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	passages, err := index.Passages(ctx, q.Workspace, ids)
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool)
	var out []rank
	for _, p := range passages {
		r := rank{id: standsFor(&p), place: places[p.Kind], at: len(out), p: p}
		if !seen[r.id] && p.Text != "" {
			seen[r.id] = true
			out = append(out, r)
		}
	}
	return out, nil
}

// standsFor names what a passage is of: of a question of questionnaires the hash.
func standsFor(p *caiq.Passage) string {
	for _, prefix := range []string{idLibrary, idAnswer} {
		if id, ok := strings.CutPrefix(p.ID, prefix); ok {
			return "library/" + id
		}
	}
	if hash, ok := strings.CutPrefix(p.ID, idAsked); ok {
		return hash
	}
	return string(p.Refs[0])
}

// locate says of questions of questionnaires where they are asked.
func (s *Service) locate(ctx context.Context, workspaceID string, ranks []rank, out []Found) error {
	var hashes []string
	for _, r := range ranks {
		if strings.HasPrefix(r.p.ID, idAsked) {
			hashes = append(hashes, r.id)
		}
	}
	if len(hashes) == 0 {
		return nil
	}
	at, err := s.store.AskedAt(ctx, workspaceID, hashes)
	if err != nil {
		return err
	}
	for i, r := range ranks {
		for _, a := range at {
			if a.TextHash != r.id {
				continue
			}
			if out[i].Records++; out[i].Records == 1 {
				out[i].RecordID, out[i].N = a.RecordID, a.N
				out[i].Ref = recordObject(a.RecordID) + "/answers/" + strconv.Itoa(a.N)
			}
		}
		if strings.HasPrefix(r.p.ID, idAsked) && len(r.p.Refs) > 0 {
			out[i].Asks = r.p.Refs[0]
		}
	}
	return nil
}
