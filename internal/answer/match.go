package answer

import (
	"context"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// Retriever finds passages. It is an index built of Catalogue.Passages, and of
// the approved answers and known questions of workspaces.
type Retriever interface {
	// Search returns the passages nearest to a text, best first.
	Search(ctx context.Context, q caiq.PassageQuery) ([]caiq.Hit, error)
	// Passages returns those of the ids that the workspace may see.
	Passages(ctx context.Context, workspace string, ids []string) ([]caiq.Passage, error)
}

// retrieved is how many passages are looked at closely.
const retrieved = 200

// Matcher matches questions without known IDs to what the catalogue holds. It is
// safe for concurrent use.
type Matcher struct {
	reader     *reader
	index      Retriever
	groups     map[string]*group
	known      map[string][]*subject // by passage id
	byRef      map[caiq.Ref]*subject
	byKin      map[caiq.Ref]*subject // by questions of other versions that ask nearly the same
	ranking    [signals]float64
	confidence [traits]float64
	auto       float64
	offer      float64
}

// NewMatcher prepares matching. Errors are caiq.Error: invalid for a catalogue
// without lexicon or with a model that lacks a signal.
func NewMatcher(c *Catalogue, index Retriever) (*Matcher, error) {
	if c.Lexicon == nil || c.Model == nil {
		return nil, caiq.Errorf(caiq.Invalid, "no_vocabulary", "matching needs the lexicon and the model")
	}
	m := &Matcher{reader: c.learn().reader, index: index, auto: c.Model.Auto, offer: c.Model.Offer, byRef: make(map[caiq.Ref]*subject), byKin: make(map[caiq.Ref]*subject)}
	names, traitNames := signalNames(), traitNames()
	if err := weigh(c.Model.Ranking, names[:], m.ranking[:]); err != nil {
		return nil, err
	}
	if err := weigh(c.Model.Confidence, traitNames[:], m.confidence[:]); err != nil {
		return nil, err
	}
	m.groups, m.known = c.learned.groups, c.learned.known
	for _, list := range m.known {
		for _, s := range list {
			if s.beside {
				continue
			}
			for _, ref := range s.refs {
				m.byRef[ref] = s
				for _, kin := range c.Kin[ref] {
					m.byKin[kin] = s
				}
			}
		}
	}
	m.alias(c.Topics)
	return m, nil
}

// alias has questions of other formats stand for those that share their topic.
func (m *Matcher) alias(topics []caiq.Topic) {
	for _, t := range topics {
		s := m.asked(t.Questions)
		if s == nil {
			continue
		}
		for _, ref := range t.Questions {
			if m.byRef[ref] == nil {
				m.byRef[ref] = s
			}
		}
	}
}

// weigh reads the weights of the model into their places.
func weigh(list []caiq.Weight, names []string, into []float64) error {
	for _, w := range list {
		i := slices.Index(names, w.Signal)
		if i < 0 {
			return caiq.Errorf(caiq.Invalid, "unknown_signal", "the match model weighs %q, which is no signal", w.Signal).
				WithHint("fit the model again")
		}
		into[i] = w.Weight
	}
	if len(list) != len(names) {
		return caiq.Errorf(caiq.Invalid, "missing_signal", "the match model weighs %d of %d signals", len(list), len(names)).
			WithHint("fit the model again")
	}
	return nil
}

// Wording is a question as a file puts it.
type Wording struct {
	Text string
	// Headings above it: section, domain, title of a control, name of the sheet.
	Headings  []string
	Workspace string
}

// look retrieves the candidates for a text and ranks them. Candidates that may
// be shown are those that kinds allow; none means all.
func (m *Matcher) look(ctx context.Context, q *reading, w *Wording, kinds ...caiq.PassageKind) ([]scored, error) {
	hits, err := m.index.Search(ctx, caiq.PassageQuery{
		Text: w.Text, Concepts: q.concepts, Workspace: w.Workspace, Kinds: kinds, Limit: retrieved,
	})
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	found, v, err := m.sight(ctx, q, w.Workspace, hits)
	if err != nil {
		return nil, err
	}
	heading := m.heading(w)
	list := make([]scored, len(found))
	for i, c := range found {
		list[i] = scored{sighting: c, signals: strengths(q, heading, c, v)}
	}
	rank(list, &m.ranking)
	return list, nil
}

func (m *Matcher) heading(w *Wording) *reading {
	if len(w.Headings) == 0 {
		return nil
	}
	return m.reader.read(strings.Join(w.Headings, ". "))
}

// sight turns passages into candidates, each once with its best score, and
// counts where they point.
func (m *Matcher) sight(ctx context.Context, q *reading, workspace string, hits []caiq.Hit) ([]sighting, votes, error) {
	own, err := m.strangers(ctx, workspace, hits)
	if err != nil {
		return nil, votes{}, err
	}
	best := m.best(hits)
	at := make(map[*subject]int)
	var list []sighting
	v := votes{control: make(map[*group]float64), domain: make(map[string]float64)}
	for n, h := range hits {
		subjects, score := m.known[h.ID], min(1, h.Score/best)
		if s := own.subjects[h.ID]; s != nil {
			subjects = []*subject{s}
			if own.grown[s] != nil {
				score = max(score, cosine(&q.terms, &own.readings[h.ID].terms))
			}
		}
		v.count(subjects, score, n)
		for _, s := range subjects {
			if grown := own.grown[s]; grown != nil {
				s = grown
			}
			if i, ok := at[s]; ok {
				list[i].score = max(list[i].score, score)
				continue
			}
			at[s] = len(list)
			list = append(list, sighting{s, score})
		}
	}
	v.normalise()
	return list, v, nil
}

// best is the score of the first passage that can be meant: what no question asks
// has no say in how near the others come.
func (m *Matcher) best(hits []caiq.Hit) float64 {
	for _, h := range hits {
		if s := m.known[h.ID]; len(s) == 0 || !s[0].beside {
			return h.Score
		}
	}
	return hits[0].Score
}

// votingHits is how many of the first hits have a say in where they point.
const votingHits = 15

func (v *votes) count(subjects []*subject, score float64, n int) {
	if n >= votingHits || len(subjects) == 0 || subjects[0].group == nil || subjects[0].beside {
		return
	}
	g := subjects[0].group
	v.control[g] += score
	v.domain[g.domain] += score
	v.total += score
}

func (v *votes) normalise() {
	if v.total == 0 {
		return
	}
	for g := range v.control {
		v.control[g] /= v.total
	}
	for d := range v.domain {
		v.domain[d] /= v.total
	}
}

// maxStrangers is how many passages of other sources are read for a question:
// reading costs more than all else, and the best are enough.
const maxStrangers = 24

// strangers are the passages found that are not of the catalogue: wordings of a
// workspace. What asks a question of the catalogue counts as another phrasing of
// it; the rest stands for itself.
type strangers struct {
	subjects map[string]*subject   // by passage id: the catalogue's, or its own
	readings map[string]*reading   // by passage id
	grown    map[*subject]*subject // the catalogue's with those phrasings
}

func (m *Matcher) strangers(ctx context.Context, workspace string, hits []caiq.Hit) (strangers, error) {
	var ids []string
	for _, h := range hits {
		if _, ok := m.known[h.ID]; !ok && len(ids) < maxStrangers {
			ids = append(ids, h.ID)
		}
	}
	if len(ids) == 0 {
		return strangers{}, nil
	}
	passages, err := m.index.Passages(ctx, workspace, ids)
	if err != nil {
		return strangers{}, err
	}
	own := strangers{make(map[string]*subject, len(passages)), make(map[string]*reading, len(passages)), make(map[*subject]*subject)}
	for _, p := range passages {
		r := m.reader.read(p.Text)
		s := m.asked(p.Refs)
		switch {
		case s != nil:
			own.grow(s, r)
		case len(p.Refs) > 0 && p.Refs[0].IsQuestion():
			continue // of another version, and like none of this one
		default:
			s = newSubject(p.Refs, nil, r)
		}
		own.subjects[p.ID], own.readings[p.ID] = s, r
	}
	return own, nil
}

// asked returns the catalogue's subject that references name, or nil.
func (m *Matcher) asked(refs []caiq.Ref) *subject {
	for _, ref := range refs {
		if s := m.byRef[ref]; s != nil {
			return s
		}
	}
	return nil
}

// grow adds a phrasing to a subject of the catalogue for one question.
func (own strangers) grow(s *subject, phrasing *reading) {
	texts := s.texts
	if grown := own.grown[s]; grown != nil {
		texts = grown.texts
	}
	grown := newSubject(s.refs, s.group, append(slices.Clone(texts), phrasing)...)
	grown.usage = s.usage
	if s.group != nil {
		grown.whole = union(&grown.all, &s.group.heading)
	}
	own.grown[s] = grown
}
