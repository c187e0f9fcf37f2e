package answer

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// Unsaid returns what a question in own words names and nothing speaks of: neither
// the question it was matched to, nor our answer, nor two of the phrasings and terms
// that lead there; a single one may ask something else that the same answer is near
// to, and none will do for a kind of something ("hashed" for passwords, "file integrity
// monitoring" for drift from a baseline). Names and numbers must stand in the answer itself, numbers beside the word that
// they belong to. It is put in the text's own words; "" when a reader finds all of the
// question in the answer.
func (m *Matcher) Unsaid(text string, matched caiq.Ref, answer string) string {
	s := m.nearest(matched)
	if s == nil {
		return text
	}
	answered := m.reader.read(answer)
	said := []*reading{s.texts[0], answered}
	near := s.texts[1:]
	if s.group != nil {
		said = append(said, s.group.title)
		near = slices.Concat(near, s.group.terms)
	}
	return m.reader.unsaid(text, answer, s.firm.often|answered.often, func(u unit) bool {
		term := hashTerm(u.term)
		return speakers(term, said) > 0 || !m.reader.narrow[u.term] && speakers(term, near) > 1
	})
}

// Strange is Unsaid of a row whose identifier says what it asks, in words that are not
// the official ones: it may speak of all that the control is about.
func (m *Matcher) Strange(text string, matched caiq.Ref, answer string) string {
	s := m.nearest(matched)
	if s == nil {
		return text
	}
	answered := m.reader.read(answer)
	return m.reader.unsaid(text, answer, s.often|answered.often, func(u unit) bool {
		term := hashTerm(u.term)
		return m.reader.style[stem(u.text)] || answered.terms.has(term) || s.whole.has(term) || s.group != nil && s.group.all.has(term)
	})
}

// nearest returns the subject of a question, or that of its kin.
func (m *Matcher) nearest(ref caiq.Ref) *subject {
	if s := m.byRef[ref]; s != nil {
		return s
	}
	return m.byKin[ref]
}

// unsaid does the work of both; often is what is said of how often.
func (r *reader) unsaid(text, answer string, often signSet, spoken func(unit) bool) string {
	if name := r.unnamed(text, answer); name != "" {
		return name
	}
	if number := r.uncounted(text, answer); number != "" {
		return number
	}
	_, order := r.split(r.filler.without(r.often.without(r.wordsOf(text), r.loose(often))))
	for _, u := range order {
		if !isNumber(u.text) && r.telling(u.term) && !spoken(u) {
			return u.text
		}
	}
	return ""
}

// loose are the signs of a set whose phrases all say the same: of two yearly reviews
// one is as good as the other, of a weekly and a monthly one not.
func (r *reader) loose(often signSet) signSet {
	var loose signSet
	for _, id := range []string{"yearly", "regular", "change"} {
		if r.often.has(often, id) {
			loose |= 1 << slices.Index(r.often.ids, id)
		}
	}
	return loose
}

// unnamed returns the first name of a single thing that stands in a text and not in
// the answer, unless it is an example of its kind; "" for none.
func (r *reader) unnamed(text, answer string) string {
	words, said := wordsOf(text), make(map[int]bool)
	if r.example.in(words) {
		return ""
	}
	for _, s := range r.proper.find(wordsOf(answer)) {
		said[s.what] = true
	}
	for _, s := range r.proper.find(words) {
		if !said[s.what] {
			return textOf(words[s.from:s.to])
		}
	}
	return ""
}

func isNumber(word string) bool { return strings.Trim(word, "0123456789") == "" }

// uncounted returns the first number of a text that the answer has for nothing or for
// something else; "" for none. What it is for is the word behind it, or before it.
// Numbers that belong to a name are no numbers.
func (r *reader) uncounted(text, answer string) string {
	words, said := r.concepts.without(r.proper.without(wordsOf(text))), wordsOf(answer)
	for i, w := range words {
		if isNumber(w.text) && !slices.ContainsFunc(places(said, w), func(at int) bool { return sameFor(words, i, said, at) }) {
			return w.text
		}
	}
	return ""
}

// places are where a word stands.
func places(words []word, w word) []int {
	var at []int
	for i := range words {
		if words[i].text == w.text {
			at = append(at, i)
		}
	}
	return at
}

// sameFor reports whether a number has a neighbour in common in two texts.
func sameFor(a []word, i int, b []word, j int) bool {
	behind := i+1 < len(a) && j+1 < len(b) && a[i+1].stem == b[j+1].stem
	before := i > 0 && j > 0 && a[i-1].stem == b[j-1].stem && !isNumber(a[i-1].text)
	return behind || before
}

// telling reports whether a word or concept tells questions apart.
func (r *reader) telling(term string) bool {
	w, _ := r.weight(term)
	return w >= tellingFrom && !r.mute[term]
}

func speakers(term uint32, texts []*reading) int {
	n := 0
	for _, t := range texts {
		if t.terms.has(term) {
			n++
		}
	}
	return n
}
