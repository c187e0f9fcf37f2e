package app

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"caique/internal/answer"
	"caique/internal/caiq"
	"caique/internal/mapping"
)

// SearchIndex is an index of passages that is built once and asked many times.
type SearchIndex interface {
	answer.Retriever
	// Rebuild puts all passages of a source in the place of what is there.
	Rebuild(ctx context.Context, source iter.Seq2[caiq.Passage, error], high int64) error
	Close() error
}

// Search makes an empty index. Where there is none, questions that are not
// recognised by ID or text stay open.
type Search func() SearchIndex

// Finder matches questions in own words to those of one format. Close it.
type Finder struct {
	matcher *answer.Matcher
	index   SearchIndex
	topics  map[caiq.Ref]string
}

// NewFinder builds an index of what the questions of a format ask and readies
// matching. Errors are those of the library and the index.
func NewFinder(ctx context.Context, lib *mapping.Library, format caiq.FormatID, search Search) (*Finder, error) {
	return newFinder(ctx, lib, format, search, nil)
}

// newFinder returns a Finder that knows the wordings of workspaces besides.
func newFinder(ctx context.Context, lib *mapping.Library, format caiq.FormatID, search Search, own *shelves) (*Finder, error) {
	catalogue, err := readCatalogue(lib, format)
	if err != nil {
		return nil, err
	}
	f := &Finder{index: search(), topics: make(map[caiq.Ref]string)}
	if f.matcher, err = answer.NewMatcher(catalogue, wordings{f.index, own}); err != nil {
		return nil, err
	}
	if err := f.index.Rebuild(ctx, passages(catalogue.Passages()), 1); err != nil {
		return nil, fmt.Errorf("index what questions ask: %w", err)
	}
	for _, t := range catalogue.Topics {
		for _, ref := range t.Questions {
			f.topics[ref] = t.Topic
		}
	}
	return f, nil
}

// Close lets go of the index.
func (f *Finder) Close() error { return f.index.Close() }

// Match matches one question.
func (f *Finder) Match(ctx context.Context, w answer.Wording) (answer.Matching, error) {
	return f.matcher.Match(ctx, w)
}

// Topic says in our words what a question asks; "" for one of another format.
func (f *Finder) Topic(ref caiq.Ref) string { return f.topics[ref] }

// MatchAll matches questions, side by side. Of those that were not recognised it
// sets the Match and returns what was found. Of those whose words have to confirm
// what they were recognised as (unsure) it sets what is likely. The others have a
// nil entry. Their order does not matter.
func (f *Finder) MatchAll(ctx context.Context, workspace string, questions []caiq.Question, unsure func(*caiq.Question) bool) ([]*answer.Matching, error) {
	found := make([]*answer.Matching, len(questions))
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, runtime.GOMAXPROCS(0))
	for w := range errs {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(questions) && errs[w] == nil; i = int(next.Add(1)) - 1 {
				switch q := &questions[i]; {
				case ctx.Err() != nil:
					errs[w] = ctx.Err()
				case q.Match.Kind == caiq.MatchNone:
					found[i], errs[w] = f.matchRow(ctx, workspace, q)
				case unsure(q):
					errs[w] = f.hear(ctx, workspace, q)
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (f *Finder) matchRow(ctx context.Context, workspace string, q *caiq.Question) (*answer.Matching, error) {
	m, err := f.read(ctx, workspace, q)
	if err != nil {
		return nil, err
	}
	q.Match = m.Recognise()
	return &m, nil
}

// hear finds what the words of a recognised row ask.
func (f *Finder) hear(ctx context.Context, workspace string, q *caiq.Question) error {
	m, err := f.read(ctx, workspace, q)
	q.Match.Likely = m.Likely(q.Match.Kind != caiq.MatchChanged)
	return err
}

func (f *Finder) read(ctx context.Context, workspace string, q *caiq.Question) (answer.Matching, error) {
	return f.matcher.Match(ctx, answer.Wording{Text: q.Text, Headings: headings(q), Workspace: workspace})
}

// headings are what stands above a question; the same words twice count once.
func headings(q *caiq.Question) []string {
	var out []string
	seen := make(map[string]bool)
	for _, h := range []string{q.Domain, q.Section} {
		if n := caiq.NormalizeText(h); n != "" && !seen[n] {
			seen[n] = true
			out = append(out, h)
		}
	}
	return out
}

func passages(all []caiq.Passage) iter.Seq2[caiq.Passage, error] {
	return func(yield func(caiq.Passage, error) bool) {
		for _, p := range all {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// readCatalogue gathers what the library knows of a format's questions.
func readCatalogue(lib *mapping.Library, format caiq.FormatID) (*answer.Catalogue, error) {
	c := &answer.Catalogue{Notes: make(map[string]caiq.Responsibility)}
	var err error
	if c.Format, err = lib.Format(format); err != nil {
		return nil, err
	}
	if c.Framework, err = lib.Framework(c.Format.Framework); err != nil {
		return nil, err
	}
	if c.Topics, err = lib.Topics(); err != nil {
		return nil, err
	}
	if c.Terms, err = lib.IndexTerms(c.Format.Framework); err != nil {
		return nil, err
	}
	if c.Beside, err = lib.Beside(c.Format.Framework); err != nil {
		return nil, err
	}
	if c.Kin, err = lib.Kin(format); err != nil {
		return nil, err
	}
	if c.Lexicon, err = lib.Lexicon(); err != nil {
		return nil, err
	}
	if c.Model, err = lib.MatchModel(); err != nil {
		return nil, err
	}
	for _, control := range c.Framework.Controls {
		notes, err := lib.Responsibilities(caiq.MakeRef(string(c.Framework.ID), control.ID))
		if err != nil {
			return nil, err
		}
		if len(notes) > 0 {
			c.Notes[control.ID] = notes[0]
		}
	}
	return c, nil
}

// wantsSearch reports whether the file's reading left something open: a row that
// was not recognised, or one whose words have to confirm what it was recognised as.
func (d *Draft) wantsSearch() bool {
	return slices.ContainsFunc(d.Questionnaire.Questions, func(q caiq.Question) bool {
		return q.Match.Kind == caiq.MatchNone || d.engine.Unsure(&q)
	})
}

// matchRows matches what the file's reading left open, against the version that
// the profile speaks. It is done only where there is such a row and a search.
func (d *Draft) matchRows(ctx context.Context, lib *mapping.Library, in Input) error {
	if in.Search == nil || !d.wantsSearch() {
		return nil
	}
	f, err := NewFinder(ctx, lib, caiq.FormatID("caiq-"+d.Profile.CCM), in.Search)
	if err != nil {
		return err
	}
	d.matchings, err = f.MatchAll(ctx, "", d.Questionnaire.Questions, d.engine.Unsure)
	d.matcher = f.matcher
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// offer tells in a proposal what search found for its row.
func (d *Draft) offer(row int, p *caiq.Proposal, audience caiq.Release) {
	if row < len(d.matchings) && d.matchings[row] != nil {
		d.matchings[row].Offer(p, d.Profile, audience)
	}
}
