package answer

import (
	"math/bits"
	"strings"

	"caique/internal/caiq"
)

// phrases finds phrases in stemmed texts, the longest first.
type phrases struct {
	what  map[string]int  // stems joined by blanks → what the phrase means
	first map[string]bool // stems that a phrase begins with
	long  int             // stems in the longest
}

// span is a phrase found: the stems from … to-1.
type span struct{ from, to, what int }

// add makes a phrase known by its stems; the first meaning of a phrase stays.
func (p *phrases) add(phrase string, what int) { p.know(stemsOf(phrase), what) }

func (p *phrases) know(stems []string, what int) {
	if p.what == nil {
		p.what, p.first = make(map[string]int), make(map[string]bool)
	}
	key := strings.Join(stems, " ")
	if _, ok := p.what[key]; ok || key == "" {
		return
	}
	p.what[key], p.first[stems[0]] = what, true
	p.long = max(p.long, len(stems))
}

func (p *phrases) addAll(list []string) {
	for i, phrase := range list {
		p.add(phrase, i)
	}
}

// addWords makes phrases known by their words, not their stems: "accessibility"
// and "access" have one stem.
func (p *phrases) addWords(list []string) {
	for i, phrase := range list {
		p.know(wordsOf(phrase), i)
	}
}

// in reports whether any of the phrases stands in a text.
func (p *phrases) in(words []string) bool { return len(p.find(words)) > 0 }

// without returns a text less the phrases that stand in it.
func (p *phrases) without(stems []string) []string {
	spans := p.find(stems)
	if len(spans) == 0 {
		return stems
	}
	var rest []string
	from := 0
	for _, s := range spans {
		rest = append(rest, stems[from:s.from]...)
		from = s.to
	}
	return append(rest, stems[from:]...)
}

// find returns the phrases in a text, none overlapping.
func (p *phrases) find(stems []string) []span {
	var spans []span
	for i := 0; i < len(stems); {
		s, ok := p.at(stems, i)
		if !ok {
			i++
			continue
		}
		spans = append(spans, s)
		i = s.to
	}
	return spans
}

func (p *phrases) at(stems []string, from int) (span, bool) {
	if !p.first[stems[from]] {
		return span{}, false
	}
	to := min(len(stems), from+p.long)
	for key := strings.Join(stems[from:to], " "); to > from; to-- {
		if what, ok := p.what[key]; ok {
			return span{from, to, what}, true
		}
		key = key[:max(0, strings.LastIndexByte(key, ' '))]
	}
	return span{}, false
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

func (t *signTable) find(stems []string) signSet {
	var set signSet
	for _, s := range t.phrases.find(stems) {
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
