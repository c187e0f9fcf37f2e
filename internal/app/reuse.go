package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"caique/internal/answer"
	"caique/internal/caiq"
)

// offers are the library's entries that may answer a questionnaire: of its
// profile, for its audience or a wider one, not withdrawn and within their days. A
// questionnaire does not answer itself: what was approved in it is left out, except
// where a person picks it for another of its questions (byID).
type offers struct {
	service     *Service
	workspaceID string
	to          *knowing
	opt         caiq.Options
	target      offeredTo
	byText      map[offerKey][]caiq.LibraryEntry
	byQuestion  map[caiq.Ref][]caiq.LibraryEntry
	byAsks      map[caiq.Ref][]caiq.LibraryEntry // in customers' own words
	byID        map[string]caiq.LibraryEntry
	links       map[caiq.Ref][]carry
	engines     map[engineKey]*deriving
	bases       map[string]string // by entry id: what it would rest on today
}

// offeredTo is the questionnaire that entries are offered to.
type offeredTo struct {
	recordID string // "" for none that is stored
	product  string // that it asks about; "" where it does not say
}

// engineKey is what entries of other formats and audiences are derived with.
type engineKey struct {
	format   caiq.FormatID
	audience caiq.Release
}

type deriving struct {
	*answer.Engine
	knowledge *caiq.Knowledge
	questions map[caiq.Ref]caiq.Question // as a file of the format asks them
}

// offerKey is what "the same question" means: the same key and text.
type offerKey struct {
	key  caiq.Ref
	text string
}

// carry is a question of another format that a question continues.
type carry struct {
	from     caiq.Ref
	relation caiq.Relation
}

// loss orders what is carried over: the same before the reworded.
func (c carry) loss() int {
	if c.relation == caiq.LineageReworded {
		return 1
	}
	return 0
}

func (s *Service) offers(ctx context.Context, workspaceID string, target offeredTo, k *knowing, format caiq.FormatID, opt caiq.Options) (*offers, error) {
	entries, err := s.store.LibraryEntries(ctx, workspaceID, caiq.LibraryFilter{ProfileID: k.profile.ID})
	if err != nil {
		return nil, err
	}
	o := &offers{
		service: s, workspaceID: workspaceID, to: k, opt: opt, target: target, byText: make(map[offerKey][]caiq.LibraryEntry),
		byQuestion: make(map[caiq.Ref][]caiq.LibraryEntry), byID: make(map[string]caiq.LibraryEntry), byAsks: make(map[caiq.Ref][]caiq.LibraryEntry), bases: make(map[string]string),
		engines: make(map[engineKey]*deriving), links: make(map[caiq.Ref][]carry),
	}
	slices.SortStableFunc(entries, o.prefer)
	for _, e := range entries {
		if !o.usable(e) {
			continue
		}
		o.byID[e.ID] = e
		if target.recordID != "" && e.SourceRecordID == target.recordID {
			continue
		}
		key := offerKey{e.Key, e.TextHash}
		o.byText[key] = append(o.byText[key], e)
		o.byQuestion[e.Key] = append(o.byQuestion[e.Key], e)
		if e.Asks.IsQuestion() && e.Asks != e.Key {
			o.byAsks[e.Asks] = append(o.byAsks[e.Asks], e)
		}
	}
	return o, o.link(format)
}

// prefer orders entries that answer the same: those for the same audience, then
// those that a person worded, then the newest.
func (o *offers) prefer(a, b caiq.LibraryEntry) int {
	rank := func(e caiq.LibraryEntry) (n int) {
		if e.Audience != o.opt.Audience {
			n += 2
		}
		if e.EditedBy == "" {
			n++
		}
		return n
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), b.ApprovedAt.Compare(a.ApprovedAt))
}

func (o *offers) usable(e caiq.LibraryEntry) bool {
	return !e.Retired && e.Answer.SHA256() == e.TextSHA256 && e.Audience.VisibleTo(o.opt.Audience) && !e.ReviewBy.Before(o.opt.AsOf) &&
		(e.EvidenceUntil.IsZero() || !e.EvidenceUntil.Before(o.opt.AsOf))
}

// link finds, for each question of a format, those of the entries' formats that
// ask the same or the same in other words. Lineages hold in both directions.
func (o *offers) link(format caiq.FormatID) error {
	seen := map[caiq.FormatID]bool{format: true, caiq.FormatCustom: true}
	for _, ref := range slices.Sorted(maps.Keys(o.byQuestion)) {
		other := caiq.FormatID(ref.Set())
		if seen[other] {
			continue
		}
		seen[other] = true
		for _, way := range [][2]caiq.FormatID{{other, format}, {format, other}} {
			l, err := o.service.library.Lineage(way[0], way[1])
			if caiq.KindOf(err) == caiq.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			o.linkBy(l)
		}
	}
	for _, carries := range o.links { // the same in the same words first
		slices.SortStableFunc(carries, func(a, b carry) int {
			return cmp.Compare(a.loss(), b.loss())
		})
	}
	return nil
}

func (o *offers) linkBy(l *caiq.Lineage) {
	for _, e := range l.Entries {
		if !e.Relation.Carries() || len(e.To) != 1 {
			continue
		}
		from, to := caiq.MakeRef(string(l.From), e.From), caiq.MakeRef(string(l.To), e.To[0])
		o.links[to] = append(o.links[to], carry{from, e.Relation})
		o.links[from] = append(o.links[from], carry{to, e.Relation})
	}
}

// apply takes the answer of the library, where there is one that still stands.
// Who chose what answers it is one of the answer's authors, see rest.
func (o *offers) apply(ctx context.Context, q *caiq.Question, g *suggestion) error {
	if err := o.find(ctx, q, g); err != nil {
		return err
	}
	if !g.proposal.Answer.Blank() {
		o.rest(q, g)
	}
	return nil
}

// rest adds whose picks a proposal rests on to its authors: whoever picked on the
// very row, and elsewhere until somebody else has approved an answer to the same
// words. Until then it is partial at most, so that nobody approves it by its band.
// An entry approved for the same words and basis stands by itself.
func (o *offers) rest(q *caiq.Question, g *suggestion) {
	p, k := &g.proposal, q.Match.Pick
	if p.Band == caiq.BandVerbatim {
		return
	}
	p.Authors = withAuthor(p.Authors, g.pickers...)
	if k == nil {
		return
	}
	if k.Here || !k.Confirmed {
		p.Authors = withAuthor(p.Authors, k.By)
	}
	if !k.Confirmed {
		p.Band = p.Band.CappedAt(caiq.BandPartial)
	}
}

func (o *offers) find(ctx context.Context, q *caiq.Question, g *suggestion) error {
	if len(o.byID) == 0 {
		return nil
	}
	if k := q.Match.Pick; k != nil && k.Here {
		return o.picked(ctx, q, g)
	}
	if q.Match.Kind != caiq.MatchChanged {
		for _, e := range o.byText[offerKey{libraryKey(q), q.TextHash}] {
			stands, err := o.stands(ctx, e, g.basis)
			if err != nil {
				return err
			}
			if stands {
				o.take(g, e, caiq.BandVerbatim, "the same question in the same words")
				return nil
			}
		}
	}
	if q.Match.Kind == caiq.MatchPicked {
		return o.picked(ctx, q, g)
	}
	if q.Match.Kind != caiq.MatchKnown {
		return nil
	}
	return o.carry(ctx, q, g)
}

// picked takes the answer that a reviewer chose, or the newest to the question
// that they chose.
func (o *offers) picked(ctx context.Context, q *caiq.Question, g *suggestion) error {
	k := q.Match.Pick
	answers := slices.Concat(o.byQuestion[k.Question], o.byAsks[k.Question])
	if e, ok := o.byID[k.EntryID]; ok {
		answers = append([]caiq.LibraryEntry{e}, answers...)
	}
	for _, e := range answers {
		stands, err := o.stands(ctx, e, "")
		if err != nil {
			return err
		}
		if stands {
			o.take(g, e, caiq.BandSupported, "the same question, as "+k.ByName+" matched it")
			return nil
		}
	}
	if !k.Question.IsQuestion() {
		return nil
	}
	return o.carry(ctx, q, g)
}

// carry takes the answer to a question that this one continues.
func (o *offers) carry(ctx context.Context, q *caiq.Question, g *suggestion) error {
	for _, c := range o.links[q.Match.Question] {
		for _, e := range o.byQuestion[c.from] {
			stands, err := o.stands(ctx, e, "")
			if err != nil {
				return err
			}
			if !stands {
				continue
			}
			limit := caiq.BandSupported
			if c.relation == caiq.LineageReworded {
				limit = caiq.BandPartial
			}
			o.take(g, e, limit, "carried over from "+string(c.from)+" ("+string(c.relation)+")")
			return nil
		}
	}
	return nil
}

// take puts an entry's text and its source before what the engine derived.
func (o *offers) take(g *suggestion, e caiq.LibraryEntry, band caiq.Band, how string) {
	step := caiq.Step{
		Kind: caiq.StepLibrary, Ref: "library/" + e.ID, Depth: 1,
		Text: "Approved before in " + e.SourceName + forProduct(e.Product) + " on " + e.ApprovedAt.UTC().Format(time.DateOnly) + ": " + how + ".",
	}
	p := g.proposal
	at := 0
	for at < len(p.Basis) && p.Basis[at].Kind == caiq.StepMatch {
		at++
	}
	p.Basis = slices.Insert(slices.Clone(p.Basis), at, step)
	p.Answer, p.Authors, p.Band = e.Answer, e.Authors, band
	if p.Band != caiq.BandVerbatim {
		p.Band = p.Band.CappedAt(e.Band)
	}
	p.Needs = nil
	if e.Product != "" && o.target.product != "" && !sameName(e.Product, o.target.product) {
		p.Band = p.Band.CappedAt(caiq.BandPartial)
		p.Needs = []caiq.Need{{
			Code: needOtherProduct, Ref: step.Ref,
			Text: "The answer was approved for " + e.Product + ", and this questionnaire asks about " + o.target.product + ": check that it fits.",
		}}
	}
	g.proposal, g.source, g.author = p, "library/"+e.ID, e.EditedBy
	if !e.EvidenceUntil.IsZero() && (g.until.IsZero() || e.EvidenceUntil.Before(g.until)) {
		g.until = e.EvidenceUntil
	}
}

// needOtherProduct is the code of an answer that was approved for another product.
const needOtherProduct = "other_product"

func forProduct(product string) string {
	if product == "" {
		return ""
	}
	return ", for " + product + ","
}

// stands reports whether an entry rests on the same today as when it was
// approved; here is what its question rests on in this questionnaire, "" when
// it asks another.
func (o *offers) stands(ctx context.Context, e caiq.LibraryEntry, here string) (bool, error) {
	if here != "" && e.Audience == o.opt.Audience {
		return here == e.BasisHash, nil
	}
	now, ok := o.bases[e.ID]
	if !ok {
		var err error
		if now, err = o.basisOf(ctx, e); err != nil {
			return false, err
		}
		o.bases[e.ID] = now
	}
	return now == e.BasisHash, nil
}

// basisOf derives the entry's own question again, in its own format and for its
// own audience; "" when the format has no such question any more.
func (o *offers) basisOf(ctx context.Context, e caiq.LibraryEntry) (string, error) {
	d, err := o.deriving(ctx, engineKey{caiq.FormatID(e.Key.Set()), e.Audience})
	if err != nil {
		return "", err
	}
	q, known := d.questions[e.Key]
	if !known && e.Key.IsQuestion() {
		return "", nil
	}
	if !known {
		return d.basisOfOwn(e), nil
	}
	q.TextHash = e.TextHash
	return basisHash(d.knowledge, d.Propose(&q), e.Audience), nil
}

// basisOfOwn is what the answer to a question in a customer's own words rests on:
// on the known question that it was matched to, by search or by a reviewer, where
// it was matched to one.
func (d *deriving) basisOfOwn(e caiq.LibraryEntry) string {
	kinds := []caiq.MatchKind{caiq.MatchNone}
	if e.Asks.IsQuestion() {
		kinds = []caiq.MatchKind{caiq.MatchPicked, caiq.MatchFound, caiq.MatchKnown}
	}
	var hash string
	for _, kind := range kinds {
		q := caiq.Question{Key: e.Key, TextHash: e.TextHash, Match: caiq.Match{Kind: kind, Question: e.Asks, HasText: true}}
		if hash = basisHash(d.knowledge, d.Propose(&q), e.Audience); hash == e.BasisHash {
			break
		}
	}
	return hash
}

func (o *offers) deriving(ctx context.Context, key engineKey) (*deriving, error) {
	if d := o.engines[key]; d != nil {
		return d, nil
	}
	k, err := o.service.know(ctx, o.workspaceID, key.format, o.to.profile.ID, o.to.version)
	if err != nil {
		return nil, err
	}
	d := &deriving{knowledge: k.knowledge, questions: make(map[caiq.Ref]caiq.Question)}
	if f := k.knowledge.Formats[key.format]; f != nil {
		for _, q := range blankQuestionnaire(f).Questions {
			d.questions[q.Key] = q
		}
	}
	if d.Engine, err = k.engine(caiq.Options{AsOf: o.opt.AsOf, Audience: key.audience}); err != nil {
		return nil, err
	}
	o.engines[key] = d
	return d, nil
}

// libraryKey is the key under which a question's answers are kept: a question
// that no format knows has the hash of its text in place of a cell.
func libraryKey(q *caiq.Question) caiq.Ref {
	if q.Key.IsQuestion() || len(q.TextHash) < 16 {
		return q.Key
	}
	return caiq.MakeRef(string(caiq.FormatCustom), q.TextHash[:16])
}
