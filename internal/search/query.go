package search

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"caique/internal/caiq"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

// Limits of a query. Cost grows with the square of its length, and a cell may
// hold 32,767 characters: of a longer text the rarest words are asked for.
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
func (x *Index) Search(ctx context.Context, q caiq.PassageQuery) ([]caiq.Hit, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.live == nil {
		return nil, missing()
	}
	any, err := x.words(ctx, q)
	if err != nil || len(any) == 0 {
		return nil, err
	}
	all := bleve.NewBooleanQuery()
	all.AddShould(any...)
	all.SetMinShould(1)
	all.AddFilter(within(q))
	req := bleve.NewSearchRequestOptions(all, limit(q.Limit)+spare, 0, false)
	req.SortBy([]string{"-_score", "_id"})
	res, err := x.live.SearchInContext(ctx, req)
	if err != nil {
		return nil, failed(ctx, err)
	}
	hits := make([]caiq.Hit, len(res.Hits))
	for i, h := range res.Hits {
		hits[i] = caiq.Hit{ID: h.ID, Score: steady(h.Score)}
	}
	slices.SortFunc(hits, func(a, b caiq.Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return hits[:min(len(hits), limit(q.Limit))], nil
}

// spare is how many more hits than wanted are looked at, so that those of equal
// score at the end are cut by id and not by chance.
const spare = 16

// steady drops the last bits of a score: the index adds the scores of words in an
// order that changes from run to run, and what is found may not.
func steady(score float64) float64 {
	const bits = 1 << 20
	frac, exp := math.Frexp(score)
	return math.Ldexp(math.Round(frac*bits)/bits, exp)
}

func limit(n int) int {
	if n <= 0 {
		return defaultLimit
	}
	return min(n, maxLimit)
}

// within keeps to the workspace, what is shared, and the kinds asked for.
func within(q caiq.PassageQuery) query.Query {
	places := []query.Query{term(fieldWorkspace, shared, 1)}
	if q.Workspace != "" && q.Workspace != shared && q.Workspace != canaryWorkspace {
		places = append(places, term(fieldWorkspace, q.Workspace, 1))
	}
	where := query.Query(bleve.NewDisjunctionQuery(places...))
	if len(q.Kinds) == 0 {
		return where
	}
	kinds := make([]query.Query, len(q.Kinds))
	for i, k := range q.Kinds {
		kinds[i] = term(fieldKind, string(k), 1)
	}
	return bleve.NewConjunctionQuery(where, bleve.NewDisjunctionQuery(kinds...))
}

// words are the queries any of which a passage must answer.
func (x *Index) words(ctx context.Context, q caiq.PassageQuery) ([]query.Query, error) {
	terms, err := x.rarest(ctx, q.Text)
	if err != nil {
		return nil, err
	}
	var any []query.Query
	for _, t := range terms {
		any = append(any, term(fieldText, t, 1), term(fieldTitle, t, titleWeight))
	}
	for i, c := range q.Concepts {
		if i < maxTerms {
			any = append(any, term(fieldConcepts, c, conceptWeight))
		}
	}
	return any, nil
}

// rarest returns the different words of a text as the index spells them; of
// more than maxTerms those that stand in the fewest passages.
func (x *Index) rarest(ctx context.Context, text string) ([]string, error) {
	if len(text) > maxTextBytes {
		text = text[:maxTextBytes]
	}
	var terms []string
	seen := make(map[string]bool)
	for _, token := range x.live.Mapping().AnalyzerNamed(en.AnalyzerName).Analyze([]byte(text)) {
		if t := string(token.Term); !seen[t] {
			seen[t] = true
			terms = append(terms, t)
		}
	}
	if len(terms) <= maxTerms {
		return terms, nil
	}
	counts, err := x.frequencies(ctx, terms)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(terms, func(a, b string) int { return cmp.Compare(counts[a], counts[b]) })
	return terms[:maxTerms], nil
}

// frequencies counts the passages that hold each word. Words in none come last:
// asking for them costs and finds nothing.
func (x *Index) frequencies(ctx context.Context, terms []string) (counts map[string]uint64, err error) {
	inner, err := x.live.Advanced()
	if err != nil {
		return nil, damaged(err)
	}
	reader, err := inner.Reader()
	if err != nil {
		return nil, damaged(err)
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	counts = make(map[string]uint64, len(terms))
	for _, t := range terms {
		n, err := count(ctx, reader, t)
		if err != nil {
			return nil, failed(ctx, err)
		}
		counts[t] = n - 1 // 0 becomes the largest
	}
	return counts, nil
}

func count(ctx context.Context, r index.IndexReader, word string) (uint64, error) {
	postings, err := r.TermFieldReader(ctx, []byte(word), fieldText, false, false, false)
	if err != nil {
		return 0, err
	}
	return postings.Count(), postings.Close()
}

func term(field, word string, weight float64) query.Query {
	q := bleve.NewTermQuery(word)
	q.SetField(field)
	q.SetBoost(weight)
	return q
}

func failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return damaged(err)
}
