package answer

import (
	"fmt"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// Unsaid says why the answer to a known question does not answer a question in own
// words that was matched to it, as the end of a sentence; "" when a reader finds all
// of the question in the answer. Names, numbers and intervals must stand in the answer
// itself, numbers beside the word that they belong to; of the other telling words the
// known question may speak too, or several of the phrasings or of the terms that lead
// there: a single one may ask something else that the same answer is near to. What is
// a kind of something ("hashed" for passwords) these do not do for.
func (m *Matcher) Unsaid(text string, matched caiq.Ref, answer string) string {
	s := m.nearest(matched)
	if s == nil {
		return unspoken(text)
	}
	h := m.reader.hear(s, answer)
	if why := m.reader.asksMore(text, h); why != "" {
		return why
	}
	return m.reader.unsaid(text, h.answer, s.firm.often, h.of)
}

// Strange is Unsaid of a row whose identifier says what it asks, in words that are not
// the official ones: it may speak of all that the control is about.
func (m *Matcher) Strange(text string, matched caiq.Ref, answer string) string {
	s := m.nearest(matched)
	if s == nil {
		return unspoken(text)
	}
	h := m.reader.hear(s, answer)
	return m.reader.unsaid(text, h.answer, s.often, func(u unit) bool {
		term := hashTerm(u.term)
		return m.reader.style[stem(u.text)] || h.answer.terms.has(term) || s.whole.has(term) || s.group != nil && s.group.all.has(term)
	})
}

func unspoken(text string) string {
	return fmt.Sprintf("neither the known question nor the answer speaks of %q", text)
}

// nearest returns the subject of a question, or that of its kin.
func (m *Matcher) nearest(ref caiq.Ref) *subject {
	if s := m.byRef[ref]; s != nil {
		return s
	}
	return m.byKin[ref]
}

// unsaid does the work of both; often is what the known question says of how often.
func (r *reader) unsaid(text string, answer *heardAnswer, often signSet, spoken func(unit) bool) string {
	if name := r.unnamed(text, answer.text); name != "" {
		return unspoken(name)
	}
	if number := r.uncounted(text, answer.text); number != "" {
		return unspoken(number)
	}
	words := r.filler.without(r.often.without(r.wordsOf(text), r.loose(often|answer.often)))
	_, order := r.split(words)
	for _, u := range order {
		if !isNumber(u.text) && r.telling(u.term) && !spoken(u) {
			return unspoken(u.text)
		}
	}
	if word := r.conditional(words, answer); word != "" {
		return fmt.Sprintf("the answer speaks of %q with a condition only", word)
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
