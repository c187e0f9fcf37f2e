package answer

import (
	"slices"
	"strings"
	"unicode"

	"caique/internal/caiq"
)

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
	v, w := l.things(a), l.things(b)
	return cosine(&v, &w)
}

// things are the terms of a text in which what has several names counts by what
// it is alone.
func (l *Likeness) things(text string) vector {
	terms, _ := l.reader.split(l.reader.filler.without(wordsOf(text)))
	terms = slices.DeleteFunc(terms, func(f found) bool { return f.share == namedWeight })
	v, _ := l.reader.vectorOf(terms)
	return v
}

// Piece is a run of a text that answers a query, or does not.
type Piece struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty"`
}

// Pieces cuts a text where it says what a query asks for: words of the same stem
// and names of the same thing. Joined they are the text again.
func (l *Likeness) Pieces(query, text string) []Piece {
	asked := wordsOf(query)
	at, words := tokens(text)
	hit := make([]bool, len(words))
	for i, w := range words {
		same := func(a word) bool { return a.stem == w.stem }
		hit[i] = !l.reader.stop[w.plain] && slices.ContainsFunc(asked, same)
	}
	things := l.reader.concepts.find(asked)
	for _, s := range l.reader.concepts.find(words) {
		if slices.ContainsFunc(things, func(t span) bool { return t.what == s.what }) {
			for i := s.from; i < s.to; i++ {
				hit[i] = true
			}
		}
	}
	var out []Piece
	from := 0
	for i, h := range hit {
		if !h {
			continue
		}
		if i > 0 && hit[i-1] { // what stands between two words that hit goes with them
			out[len(out)-1].Text += text[from:at[i].to]
		} else {
			out = appendPiece(out, text[from:at[i].from], false)
			out = appendPiece(out, text[at[i].from:at[i].to], true)
		}
		from = at[i].to
	}
	return appendPiece(out, text[from:], false)
}

func appendPiece(list []Piece, text string, hit bool) []Piece {
	if text == "" {
		return list
	}
	return append(list, Piece{text, hit})
}

// place is where a word stands: bytes from … to-1.
type place struct{ from, to int }

// tokens finds the words of a text, as caiq.NormalizeText does.
func tokens(text string) ([]place, []word) {
	var at []place
	var words []word
	from := -1
	end := func(to int) {
		if from >= 0 {
			at = append(at, place{from, to})
			words = append(words, wordOf(strings.ToLower(text[from:to])))
		}
		from = -1
	}
	for i, r := range text {
		switch in := unicode.In(r, unicode.L, unicode.M, unicode.N); {
		case in && from < 0:
			from = i
		case !in:
			end(i)
		}
	}
	end(len(text))
	return at, words
}
