package answer

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// Unsaid returns what a question in own words names and nothing speaks of: neither
// the question it was matched to, nor our answer, nor two of the phrasings and terms
// that lead there; a single one may ask something else that the same answer is near
// to. It is a word stem or the id of a concept; "" when a reader finds all of the
// question in the answer.
func (m *Matcher) Unsaid(text string, matched caiq.Ref, answer string) string {
	s := m.byRef[matched]
	if s == nil {
		return text
	}
	said := []*reading{s.texts[0], m.reader.read(answer)}
	near := s.texts[1:]
	if s.group != nil {
		said = append(said, s.group.title)
		near = slices.Concat(near, s.group.terms)
	}
	for _, unit := range m.reader.read(text).order {
		term := hashTerm(unit)
		if m.reader.telling(unit) && speakers(term, said) == 0 && speakers(term, near) < 2 {
			return strings.TrimPrefix(unit, "§")
		}
	}
	return ""
}

// telling reports whether a word or concept tells questions apart.
func (r *reader) telling(unit string) bool {
	w, _ := r.weight(unit)
	return w >= tellingFrom && !r.mute[unit]
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
