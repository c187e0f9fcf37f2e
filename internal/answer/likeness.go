package answer

import "caique/internal/caiq"

// Likeness compares texts as the matcher does, without knowing any question.
type Likeness struct{ reader *reader }

// NewLikeness prepares comparing with the vocabulary.
func NewLikeness(lex *caiq.Lexicon) *Likeness { return &Likeness{newReader(lex)} }

// Concepts returns the canonical terms in a text, for caiq.Passage and
// caiq.PassageQuery.
func (l *Likeness) Concepts(text string) []string { return l.reader.read(text).concepts }

// Of is how alike two texts are, 0 to 1: 1 when they say the same in the same
// words or in names of the same things, 0 when one asks for a duty, an interval
// or a party that the other does not speak of.
func (l *Likeness) Of(a, b string) float64 {
	p, q := l.reader.read(a), l.reader.read(b)
	if p.telling != q.telling || p.often != q.often || p.scopes != q.scopes || p.adverse != q.adverse {
		return 0
	}
	return cosine(&p.terms, &q.terms)
}
