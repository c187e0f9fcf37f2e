package search

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"caique/internal/caiq"

	"github.com/blevesearch/bleve/v2/analysis/lang/en"
)

// Limits of a query. A cell may hold 32,767 characters: of a longer text the
// rarest words are asked for.
const (
	maxTerms     = 48
	maxTextBytes = 16 << 10
	defaultLimit = 10
	maxLimit     = 1000
)

// Weights of the fields beside the text's 1.
const (
	titleWeight   = 0.5
	conceptWeight = 1.0
)

// Search returns the nearest passages, best first, ties by id. A text without
// words finds nothing. Errors are caiq.Error, Unavailable, and those of ctx.
func (x *Index) Search(ctx context.Context, q caiq.PassageQuery) (hits []caiq.Hit, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	v, err := x.look(q.Workspace)
	if err != nil {
		return nil, err
	}
	hits, err = x.search(ctx, v, q)
	if err = errors.Join(err, v.close()); err != nil {
		return nil, failed(ctx, err)
	}
	return hits, nil
}

func (x *Index) search(ctx context.Context, v *view, q caiq.PassageQuery) ([]caiq.Hit, error) {
	clauses, err := v.clauses(ctx, x.terms(q.Text), q.Concepts)
	var found []place
	if err == nil && len(clauses) > 0 {
		weigh(clauses, v.total)
		found, err = v.rank(ctx, clauses, q.Kinds, limit(q.Limit), &x.tallies)
	}
	for i := range clauses {
		err = errors.Join(err, clauses[i].close())
	}
	if err != nil {
		return nil, err
	}
	return v.hits(found, limit(q.Limit))
}

// hits names the places found, the best first.
func (v *view) hits(found []place, limit int) ([]caiq.Hit, error) {
	var hits []caiq.Hit
	for _, p := range found {
		id, err := v.name(p)
		if err != nil {
			return nil, err
		}
		hits = append(hits, caiq.Hit{ID: id, Score: p.score})
	}
	slices.SortFunc(hits, func(a, b caiq.Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return hits[:min(len(hits), limit)], nil
}

func limit(n int) int {
	if n <= 0 {
		return defaultLimit
	}
	return min(n, maxLimit)
}

// terms returns the different words of a text as the index spells them.
func (x *Index) terms(text string) []string {
	if len(text) > maxTextBytes {
		text = text[:maxTextBytes]
	}
	seen := map[string]bool{canaryWord: true} // nobody finds the canary
	var terms []string
	for _, token := range x.analysis.AnalyzerNamed(en.AnalyzerName).Analyze([]byte(text)) {
		if t := string(token.Term); !seen[t] {
			seen[t] = true
			terms = append(terms, t)
		}
	}
	return terms
}

// clauses are what a passage may answer: words in its text and title, concepts.
// Those that were opened are returned also with an error.
func (v *view) clauses(ctx context.Context, terms, concepts []string) ([]clause, error) {
	texts, err := v.open(ctx, fieldText, terms, 1)
	if err != nil {
		return texts, err
	}
	if texts, err = rarest(texts); err != nil {
		return texts, err
	}
	terms = terms[:0]
	for _, c := range texts {
		terms = append(terms, c.word)
	}
	titles, err := v.open(ctx, fieldTitle, terms, titleWeight)
	if err != nil {
		return append(texts, titles...), err
	}
	named, err := v.open(ctx, fieldConcepts, concepts[:min(len(concepts), maxTerms)], conceptWeight)
	return slices.Concat(texts, titles, named), err
}

func (v *view) open(ctx context.Context, field string, words []string, boost float64) ([]clause, error) {
	clauses := make([]clause, 0, len(words))
	for _, w := range words {
		c, err := v.clause(ctx, field, w, boost)
		if err != nil {
			return clauses, err
		}
		clauses = append(clauses, c)
	}
	return clauses, nil
}

// rarest keeps, of more than maxTerms clauses, those that the fewest passages
// answer and closes the others. Those that none answers come last: asking for
// them finds nothing.
func rarest(clauses []clause) ([]clause, error) {
	if len(clauses) <= maxTerms {
		return clauses, nil
	}
	// 0 - 1 is the largest
	slices.SortStableFunc(clauses, func(a, b clause) int { return cmp.Compare(a.count()-1, b.count()-1) })
	var err error
	for i := range clauses[maxTerms:] {
		err = errors.Join(err, clauses[maxTerms+i].close())
	}
	return clauses[:maxTerms], err
}

func failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return damaged(err)
}
