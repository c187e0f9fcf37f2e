package answer

import (
	"math/bits"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// word is a word of a text.
type word struct {
	text  string // as it stands, in lower case
	plain string // American, and without the s of a plural
	stem  string // what it has in common with its other forms
}

// unit is a content word, or a concept by all the words that name it.
type unit struct{ term, text string }

// exactly marks a phrase that is matched by its words as they stand, not by their
// stems: "=UPS" is no "up", "=container" does not stand in "contains".
const exactly = "="

// phrases finds phrases in texts, the longest first.
type phrases struct {
	byStem, byPlain table
	long            int // words in the longest
}

// table holds phrases with what they mean: a tree of words.
type table struct {
	next map[string]*table
	ends bool // a phrase ends here
	what int
}

// span is a phrase found: the words from … to-1.
type span struct{ from, to, what int }

// add makes a phrase known; the first meaning of a phrase stays.
func (p *phrases) add(phrase string, what int) {
	if plain, ok := strings.CutPrefix(phrase, exactly); ok {
		p.addPlain(plain, what)
		return
	}
	var stems []string
	for _, w := range wordsOf(phrase) {
		stems = append(stems, w.stem)
	}
	p.long = max(p.long, p.byStem.know(stems, what))
}

// addPlain makes a phrase known by its words as they stand: "accessibility" and
// "access" have one stem.
func (p *phrases) addPlain(phrase string, what int) {
	var plain []string
	for _, w := range wordsOf(phrase) {
		plain = append(plain, w.plain)
	}
	p.long = max(p.long, p.byPlain.know(plain, what))
}

// know returns how many words the phrase has.
func (t *table) know(words []string, what int) int {
	at := t
	for _, w := range words {
		if at.next == nil {
			at.next = make(map[string]*table)
		}
		if at.next[w] == nil {
			at.next[w] = &table{}
		}
		at = at.next[w]
	}
	if at != t && !at.ends {
		at.ends, at.what = true, what
	}
	return len(words)
}

func (p *phrases) addAll(list []string) {
	for i, phrase := range list {
		p.add(phrase, i)
	}
}

func (p *phrases) addAllPlain(list []string) {
	for i, phrase := range list {
		p.addPlain(phrase, i)
	}
}

// addAllAs makes phrases known by their words as they stand, all with one meaning.
func (p *phrases) addAllAs(list []string, what int) {
	for _, phrase := range list {
		p.addPlain(phrase, what)
	}
}

// in reports whether any of the phrases stands in a text.
func (p *phrases) in(words []word) bool { return len(p.find(words)) > 0 }

// without returns a text less the phrases that stand in it.
func (p *phrases) without(words []word) []word { return less(words, p.find(words)) }

// without returns a text less the phrases of some signs.
func (t *signTable) without(words []word, set signSet) []word {
	return less(words, slices.DeleteFunc(t.phrases.find(words), func(s span) bool { return s.what >= 64 || set&(1<<s.what) == 0 }))
}

func less(words []word, spans []span) []word {
	if len(spans) == 0 {
		return words
	}
	var rest []word
	from := 0
	for _, s := range spans {
		rest = append(rest, words[from:s.from]...)
		from = s.to
	}
	return append(rest, words[from:]...)
}

// find returns the phrases in a text, none overlapping.
func (p *phrases) find(words []word) []span {
	var spans []span
	for i := 0; i < len(words); {
		s, ok := p.at(words, i)
		if !ok {
			i++
			continue
		}
		spans = append(spans, s)
		i = s.to
	}
	return spans
}

// at returns the longest phrase that begins at a word; of two as long the one that
// is matched by words as they stand.
func (p *phrases) at(words []word, from int) (span, bool) {
	rest := words[from:min(len(words), from+p.long)]
	plain, n := p.byPlain.at(rest, func(w word) string { return w.plain })
	loose, m := p.byStem.at(rest, func(w word) string { return w.stem })
	if n >= m {
		return span{from, from + n, plain}, n > 0
	}
	return span{from, from + m, loose}, true
}

// at returns what the longest phrase means that the words begin with, and how many
// of them it takes; none is 0.
func (t *table) at(words []word, of func(word) string) (what, n int) {
	for i, w := range words {
		if t = t.next[of(w)]; t == nil {
			break
		}
		if t.ends {
			what, n = t.what, i+1
		}
	}
	return what, n
}

// signSet is a set of indexes into a list of signs, 64 at most.
type signSet uint64

func (s signSet) len() int { return bits.OnesCount64(uint64(s)) }

// alike is the share of signs common to both; 0 where either has none.
func alike(a, b signSet) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return float64((a & b).len()) / float64((a | b).len())
}

// signTable finds the signs of one sort.
type signTable struct {
	ids     []string
	phrases phrases
	telling signSet
}

func newSignTable(list []caiq.Sign) signTable {
	var t signTable
	for i, s := range list {
		t.ids = append(t.ids, s.ID)
		if s.Telling && i < 64 {
			t.telling |= 1 << i
		}
		for _, p := range s.Phrases {
			t.phrases.add(p, i)
		}
	}
	return t
}

func (t *signTable) find(words []word) signSet {
	var set signSet
	for _, s := range t.phrases.find(words) {
		if s.what < 64 {
			set |= 1 << s.what
		}
	}
	return set
}

// names lists the signs of a set.
func (t *signTable) names(set signSet) []string {
	var names []string
	for i, id := range t.ids {
		if i < 64 && set&(1<<i) != 0 {
			names = append(names, id)
		}
	}
	return names
}

// has reports whether the set holds a sign by its id.
func (t *signTable) has(set signSet, id string) bool {
	for i, known := range t.ids {
		if known == id && i < 64 {
			return set&(1<<i) != 0
		}
	}
	return false
}
