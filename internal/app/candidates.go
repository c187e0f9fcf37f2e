package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"caique/internal/answer"
	"caique/internal/caiq"
)

// MatchInput asks what questions ask. Nothing is stored.
type MatchInput struct {
	Texts     []Wording
	ProfileID string       // whose answers; "": matching alone, without answers
	Version   int          // of a workspace's own profile; 0: the current one
	Audience  caiq.Release // "": public
	AsOf      caiq.Date    // zero: today
	Limit     int          // most candidates of each; 0: all there are
}

// Wording is a question as somebody puts it, with the headings above it.
type Wording struct {
	Text    string
	Section string
}

// MaxTexts is how many questions one request may ask about.
const MaxTexts = 100

// maxQuestionBytes bounds a text: as much as a cell holds, in any script.
const maxQuestionBytes = 4 * 32767

// Matched is what a question was matched to.
type Matched struct {
	Text     string
	Kind     caiq.MatchKind // how surely
	Question caiq.Ref       // what it was recognised as; "" for nothing
	// Filled reports that it is answered without a person's doing, with Answer.
	Filled     bool
	Answer     caiq.Answer
	Band       caiq.Band // "" without a profile
	Source     string    // the library entry that the answer is taken from; "" for none
	Why        string    // why it is not filled, or not surely
	Needs      []caiq.Need
	Facts      []string // facts of the profile that it asks for
	Candidates []Candidate
	Parts      []MatchedPart // of a question that asks several things
}

// MatchedPart is one of several things that a question asks.
type MatchedPart struct {
	Text       string
	Candidates []Candidate
}

// Candidate is something that a question may ask, or an answer that may serve.
type Candidate struct {
	Ref         string // to pick it by: "caiq-4.1/IAM-13.1" or "library/ID"
	Question    caiq.Ref
	Control     caiq.Ref
	Topic       string // what the question asks, in our words; of an entry its question
	Probability float64
	Signals     []answer.Contribution // the heaviest first
	Against     string                // how the text asks something else or more; "" for nothing
	Value       caiq.Value            // what would be proposed if it were picked
	Band        caiq.Band
	Source      string // the library entry that it would be taken from; "" for none
	Filled      bool   // it is what the question is answered by
}

// Match says what questions ask, how surely, and how they would be answered.
func (s *Service) Match(ctx context.Context, p caiq.Principal, in MatchInput) ([]Matched, error) {
	if err := Allow(p, ActMatch); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	opt, err := s.options(in.Audience, in.AsOf, caiq.Options{}, false)
	if err != nil {
		return nil, err
	}
	questions := make([]caiq.Question, len(in.Texts))
	for i, w := range in.Texts {
		questions[i] = s.read(w)
	}
	if questions, err = s.recallCurrent(ctx, p.Workspace.ID, questions); err != nil {
		return nil, err
	}
	m, err := s.matchmaker(ctx, p.Workspace.ID, offeredTo{}, caiq.FormatCustom, in.ProfileID, in.Version, opt)
	if err != nil {
		return nil, err
	}
	out := make([]Matched, len(questions))
	for i := range questions {
		if out[i], err = m.match(ctx, &questions[i], in.Limit); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (in MatchInput) check() error {
	if n := len(in.Texts); n == 0 || n > MaxTexts {
		return caiq.Errorf(caiq.Invalid, "too_many", "between 1 and %d texts can be matched at once; there are %d", MaxTexts, n).At("texts")
	}
	var ps caiq.Problems
	for i, w := range in.Texts {
		for _, f := range [][2]string{{"text", w.Text}, {"section", w.Section}} {
			if len(f[1]) > maxQuestionBytes {
				ps = append(ps, caiq.Problem{Field: fmt.Sprintf("texts[%d].%s", i, f[0]), Code: "too_long", Message: "the text is longer than a cell can hold"})
			}
		}
	}
	if len(ps) > 0 {
		return ps
	}
	return nil
}

// Candidates says of one question of a questionnaire what Match says of a text.
func (s *Service) Candidates(ctx context.Context, p caiq.Principal, recordID string, n, limit int) (Matched, error) {
	if err := s.upToDate(ctx, p, ActRecordRead); err != nil {
		return Matched{}, err
	}
	r, err := s.store.Record(ctx, p.Workspace.ID, recordID)
	if err != nil {
		return Matched{}, err
	}
	row, err := s.store.Row(ctx, p.Workspace.ID, recordID, n)
	if err != nil {
		return Matched{}, err
	}
	questions, err := s.recallRows(ctx, p.Workspace.ID, []caiq.ReviewRow{row})
	if err != nil {
		return Matched{}, err
	}
	opt, err := s.options("", caiq.Date{}, r.Options, r.NDA)
	if err != nil {
		return Matched{}, err
	}
	m, err := s.matchmaker(ctx, p.Workspace.ID, offeredTo{r.ID, r.Product}, r.Reading.Format, r.ProfileID, r.ProfileVersion, opt)
	if err != nil {
		return Matched{}, err
	}
	return m.match(ctx, &questions[0], limit)
}

// read takes a text as a row of a questionnaire of no known format.
func (s *Service) read(w Wording) caiq.Question {
	q := caiq.Question{Text: w.Text, TextHash: caiq.TextHash(w.Text), Section: w.Section, Match: caiq.Match{Kind: caiq.MatchNone}}
	q.Key = caiq.MakeRef(string(caiq.FormatCustom), "text")
	if len(q.TextHash) >= 16 {
		q.Key = libraryKey(&q)
	}
	return q
}

// recallCurrent is recall with the official texts of all formats, which the
// reading of a file looks up by itself.
func (s *Service) recallCurrent(ctx context.Context, workspaceID string, questions []caiq.Question) ([]caiq.Question, error) {
	if _, err := s.shelves.current(ctx, workspaceID); err != nil {
		return nil, err
	}
	matchers, err := s.known.recognisers(s.library)
	if err != nil {
		return nil, err
	}
	for i := range questions {
		for _, m := range matchers {
			if found := m.Match("", questions[i].TextHash, ""); found.Kind == caiq.MatchKnown {
				questions[i].Match = found
				break
			}
		}
	}
	return s.recall(ctx, workspaceID, questions)
}

// matchmaker matches for one profile of a workspace, or for none.
type matchmaker struct {
	workspaceID string
	finder      *Finder // nil without search
	known       *knowing
	engine      *answer.Engine // nil without a profile
	offers      *offers
	opt         caiq.Options
}

func (s *Service) matchmaker(ctx context.Context, workspaceID string, target offeredTo, format caiq.FormatID, profileID string, version int, opt caiq.Options) (*matchmaker, error) {
	m := &matchmaker{workspaceID: workspaceID, opt: opt}
	speaks := s.newestFormat()
	var err error
	if profileID != "" {
		if m.known, err = s.know(ctx, workspaceID, format, profileID, version); err != nil {
			return nil, err
		}
		if m.engine, err = m.known.engine(opt); err != nil {
			return nil, err
		}
		if m.offers, err = s.offers(ctx, workspaceID, target, m.known, format, opt); err != nil {
			return nil, err
		}
		speaks = caiq.FormatID("caiq-" + m.known.profile.CCM)
	}
	if s.finders.search != nil {
		m.finder, err = s.finders.get(ctx, speaks)
	}
	return m, err
}

// newestFormat is the one that is matched to where no profile speaks one.
func (s *Service) newestFormat() caiq.FormatID {
	ids := s.library.FormatIDs()
	slices.Sort(ids)
	for _, id := range slices.Backward(ids) {
		if strings.HasPrefix(string(id), "caiq-") {
			return id
		}
	}
	return ""
}

// match matches one question, recalled already.
func (m *matchmaker) match(ctx context.Context, q *caiq.Question, limit int) (Matched, error) {
	found := &answer.Matching{}
	if m.finder != nil && q.TextHash != "" {
		got, err := m.finder.read(ctx, m.workspaceID, q)
		if err != nil {
			return Matched{}, err
		}
		found = &got
	}
	searched := q.Match.Kind == caiq.MatchNone
	switch {
	case searched:
		q.Match = found.Recognise()
	case m.engine != nil && m.engine.Unsure(q):
		q.Match.Likely = found.Likely(q.Match.Kind != caiq.MatchChanged)
	}
	out := Matched{Text: q.Text, Kind: q.Match.Kind, Question: q.Match.Question, Facts: found.Facts}
	if searched {
		out.Why = found.Why
	}
	var err error
	if m.engine != nil {
		err = m.answer(ctx, q, found, searched, &out)
	}
	if err == nil {
		out.Candidates, err = m.candidates(ctx, q, found.Candidates, &out, limit)
	}
	for _, part := range found.Parts {
		p := MatchedPart{Text: part.Text}
		if err == nil {
			p.Candidates, err = m.candidates(ctx, q, part.Candidates, &out, limit)
		}
		out.Parts = append(out.Parts, p)
	}
	return out, err
}

// answer adds how the question is answered.
func (m *matchmaker) answer(ctx context.Context, q *caiq.Question, found *answer.Matching, searched bool, out *Matched) error {
	g, err := m.suggest(ctx, q)
	if err != nil {
		return err
	}
	if searched && g.source == "" {
		found.Offer(&g.proposal, m.known.profile, m.opt.Audience)
	}
	p := &g.proposal
	out.Answer, out.Band, out.Needs, out.Source, out.Filled = p.Answer, p.Band, p.Needs, g.source, p.Value != ""
	return nil
}

// suggest is what would be proposed for a question, library included.
func (m *matchmaker) suggest(ctx context.Context, q *caiq.Question) (suggestion, error) {
	g := suggestion{proposal: m.engine.Propose(q)}
	g.basis = basisHash(m.known.knowledge, g.proposal, m.opt.Audience)
	return g, m.offers.apply(ctx, q, &g)
}

// candidates shows what was found, each as it would be answered if it were picked.
func (m *matchmaker) candidates(ctx context.Context, q *caiq.Question, found []answer.Candidate, is *Matched, limit int) ([]Candidate, error) {
	var out []Candidate
	for i := range found {
		if limit > 0 && len(out) == limit {
			break
		}
		for _, c := range m.show(&found[i]) {
			c.Filled = is.Filled && (c.Ref == is.Source || is.Source == "" && c.Question == is.Question)
			if m.engine != nil {
				if err := m.judge(ctx, q, &c); err != nil {
					return nil, err
				}
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// show makes of a candidate what can be picked: a question, or the entries that
// answer one which no format knows.
func (m *matchmaker) show(found *answer.Candidate) []Candidate {
	c := Candidate{
		Ref: string(found.Refs[0]), Question: found.Refs[0], Control: found.Control, Topic: m.finder.Topic(found.Refs[0]),
		Probability: found.Probability, Signals: found.Signals, Against: found.Strays,
	}
	if c.Against == "" {
		c.Against = found.Finer
	}
	if c.Question.IsQuestion() {
		return []Candidate{c}
	}
	if m.offers == nil || len(m.offers.byQuestion[c.Question]) == 0 {
		return nil // nothing that could be picked
	}
	e := m.offers.byQuestion[c.Question][0]
	c.Ref, c.Topic = "library/"+e.ID, e.Question
	return []Candidate{c}
}

// judge says how the question would be answered if the candidate were picked.
func (m *matchmaker) judge(ctx context.Context, q *caiq.Question, c *Candidate) error {
	as := *q
	k := caiq.Pick{Question: c.Question, Here: true}
	if id, ok := strings.CutPrefix(c.Ref, "library/"); ok {
		k.EntryID = id
	}
	likely := q.Match.Likely
	as.Match = pickedMatch(k)
	as.Match.Likely = likely
	g, err := m.suggest(ctx, &as)
	c.Value, c.Band, c.Source = g.proposal.Value, g.proposal.Band, g.source
	return err
}
