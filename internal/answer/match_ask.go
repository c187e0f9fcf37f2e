package answer

import (
	"cmp"
	"context"
	"math"
	"regexp"
	"slices"
	"strings"
)

// Match matches a question in own words. It never errs on the text; errors are
// those of the index and of ctx. The same text, index and model give the same.
func (m *Matcher) Match(ctx context.Context, w Wording) (Matching, error) {
	whole, err := m.one(ctx, w)
	if err != nil || whole.Outcome == MatchedNone || whole.Outcome == MatchedFact {
		return whole, err
	}
	parts := m.split(w.Text)
	if len(parts) < 2 {
		return whole, nil
	}
	return m.compound(ctx, w, whole, parts)
}

// one matches a text as a single question.
func (m *Matcher) one(ctx context.Context, w Wording) (Matching, error) {
	q := m.reader.read(w.Text)
	found := Matching{Text: w.Text, Outcome: MatchedNone, Why: m.reader.forbids(w.Text, q)}
	veto := m.reader.vetoes(w.Text, q)
	found.Unfit = found.Why != "" || veto != ""
	if q.empty {
		return found, nil
	}
	if found.Facts = m.reader.factsOf(w.Text, q); len(found.Facts) > 0 {
		found.Outcome, found.Why, found.Unfit = MatchedFact, "It asks for a fact about the party.", true
	}
	list, err := m.look(ctx, q, &w)
	if err != nil {
		return found, err
	}
	if len(candidates(list)) == 0 {
		found.Why = cmp.Or(found.Why, nothingNear)
		return found, nil
	}
	t := m.reader.traitsOf(q, list)
	p := probability(&m.confidence, &t)
	if list[0].verbatim() {
		p = max(p, sureOfVerbatim)
	}
	found.Candidates = m.candidates(q, list, p)
	if found.Outcome == MatchedFact {
		return found, nil
	}
	m.judge(&found, q, p, veto)
	return found, nil
}

const nothingNear = "Nothing that is known comes near it."

// sureOfVerbatim is how probable a match is whose phrasing has the same words.
const sureOfVerbatim = 0.99

func (s *scored) verbatim() bool {
	const all = 1 - 1e-9
	return s.signals[sigWords] > all && s.signals[sigAsked] > all && s.signals[sigSaid] > all
}

// judge decides what may be done with the first candidate.
func (m *Matcher) judge(found *Matching, q *reading, p float64, veto string) {
	switch {
	case q.foreign || q.others:
		found.Candidates = nil // nearness means nothing here
	case found.Why != "":
		found.Outcome = MatchedOffered
	case p < m.offer:
		found.Why = nothingNear
	case p < m.auto:
		found.Outcome, found.Why = MatchedOffered, "The nearest is not near enough to answer by itself."
	case found.Candidates[0].Control == "":
		found.Outcome, found.Why = MatchedOffered, "The nearest belongs to no known control."
	case veto != "":
		found.Outcome, found.Why = MatchedOffered, veto
	default:
		found.Outcome = MatchedAuto
	}
}

// candidates lists the first few. What the first leaves of certainty is shared
// among the others.
func (m *Matcher) candidates(q *reading, list []scored, p float64) []Candidate {
	rest := (1 - p) / max(1e-9, 1-list[0].share)
	var out []Candidate
	for i := range list[:min(maxMatches, len(list))] {
		c := Candidate{Refs: list[i].refs, Probability: p, Signals: m.contributions(&list[i]), Strays: m.reader.strays(q, &list[i]), Reserve: m.reader.reserves(q, &list[i]), Finer: m.reader.finer(&list[i])}
		if i > 0 {
			c.Probability = min(p, rest*list[i].share)
		}
		if g := list[i].group; g != nil {
			c.Control = g.ref
		}
		out = append(out, c)
	}
	return out
}

// contributions lists the signals that weigh, the heaviest first.
func (m *Matcher) contributions(s *scored) []Contribution {
	var out []Contribution
	for i, name := range signalNames() {
		if c := (Contribution{name, s.signals[i], m.ranking[i]}); math.Abs(c.Value*c.Weight) >= 0.01 {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Contribution) int {
		return cmp.Compare(math.Abs(b.Value*b.Weight), math.Abs(a.Value*a.Weight))
	})
	return out
}

// compound matches the parts of a text one by one; where they point to different
// controls the whole is offered with its parts, since no single answer fits.
func (m *Matcher) compound(ctx context.Context, w Wording, whole Matching, parts []string) (Matching, error) {
	var found []Matching
	controls := make(map[string]bool)
	for _, text := range parts {
		part := w
		part.Text = text
		p, err := m.one(ctx, part)
		if err != nil {
			return whole, err
		}
		if len(p.Candidates) > 0 && p.Candidates[0].Probability >= sureOfPart {
			found = append(found, p)
			controls[string(p.Candidates[0].Control)] = true
		}
	}
	if len(controls) < 2 {
		return whole, nil
	}
	whole.Parts = found
	whole.Outcome, whole.Why = MatchedOffered, "It asks for several things, which belong to different controls."
	return whole, nil
}

// sureOfPart is how probable the match of a part must be for it to count as a
// question of its own; wordsOfPart how many words of meaning it must have.
const (
	sureOfPart  = 0.5
	wordsOfPart = 2
)

// seams are where one question ends and the next begins.
var seams = regexp.MustCompile(`(?i)[?!;.]\s+|,?\s+(?:and|or)\s+(?:also\s+)?((?:how|what|when|which|who|where|are|is|do|does|have|has|will|can|must|shall)\s)`)

// split cuts a text into questions; pieces too short to ask anything stay with
// the one before.
func (m *Matcher) split(text string) []string {
	var parts []string
	from := 0
	cut := func(to int) {
		piece := strings.TrimSpace(text[from:to])
		_, order := m.reader.split(m.reader.filler.without(wordsOf(piece)))
		switch {
		case len(order) >= wordsOfPart || len(parts) == 0:
			parts = append(parts, piece)
		default:
			parts[len(parts)-1] += " " + piece
		}
	}
	for _, at := range seams.FindAllStringSubmatchIndex(text, -1) {
		next := at[1]
		if at[2] >= 0 {
			next = at[2]
		}
		cut(at[0])
		from = next
	}
	cut(len(text))
	return parts
}

// factShare is the share of a question's words that must name a fact for the
// question to be about it.
const factShare = 0.5

// factsOf returns the facts a question asks for. A yes-or-no question asks for
// one only when it speaks of little else.
func (r *reader) factsOf(text string, q *reading) []string {
	if q.facts == 0 || q.others {
		return nil
	}
	all := wordsOf(text)
	inFact := make(map[int]bool)
	for _, s := range r.facts.phrases.find(all) {
		for i := s.from; i < s.to; i++ {
			inFact[i] = true
		}
	}
	var words, named int
	for i, w := range all {
		if inFact[i] {
			named++
		}
		if inFact[i] || !r.stop[w.plain] {
			words++
		}
	}
	if float64(named) < factShare*float64(words) {
		return nil
	}
	return r.facts.names(q.facts)
}
