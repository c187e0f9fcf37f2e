package answer

import (
	"slices"
	"strings"
)

// heardAnswer is an answer as a reader takes it in.
type heardAnswer struct {
	*reading
	text      string
	sentences []sentenceHeard
}

// sentenceHeard is one sentence of an answer.
type sentenceHeard struct {
	terms vector
	// hedged is set where it holds under a condition, or for some.
	hedged bool
}

// hearing is all that speaks to a question in own words: the answer, the question that
// it was matched to, and what else is known of that.
type hearing struct {
	reader    *reader
	answer    *heardAnswer
	said      []*reading // the answer, the known question and its control's title
	phrasings []*reading // in which the known question is put too
	terms     []*reading // of its control
	swept     []string   // of what the answer or the known question speaks as of all
}

func (r *reader) hear(s *subject, answer string) *hearing {
	a := &heardAnswer{reading: r.read(answer), text: answer}
	for _, sentence := range sentencesOf(answer) {
		terms, _ := r.split(r.wordsOf(sentence))
		v, _ := r.vectorOf(terms)
		hedged := r.hedges.in(wordsOf(strings.ReplaceAll(sentence, "May", ""))) // the month
		a.sentences = append(a.sentences, sentenceHeard{v, hedged})
	}
	h := &hearing{reader: r, answer: a, said: []*reading{a.reading}, phrasings: s.texts[1:]}
	h.swept = slices.Concat(a.swept, s.texts[0].swept)
	if !s.texts[0].hedged {
		h.said = append(h.said, s.texts[0])
	}
	if s.group != nil {
		h.said, h.terms = append(h.said, s.group.title), s.group.terms
	}
	return h
}

// sentencesOf cuts a text into what stands by itself.
func sentencesOf(text string) []string {
	return strings.FieldsFunc(strings.NewReplacer(". ", "\n", "; ", "\n", ": ", "\n").Replace(text), func(c rune) bool { return c == '\n' })
}

// of reports whether something is spoken of; of a concept whose names do not all mean
// the very same, in each of the words too by which the question names it: board and
// management are one concept and two bodies.
func (h *hearing) of(u unit) bool {
	switch {
	case !strings.HasPrefix(u.term, "§"):
		return h.ofTerm(u.term)
	case h.ofTerm(u.term):
		return h.reader.same[u.term] || !slices.ContainsFunc(h.reader.tellingIn(u), func(stem string) bool { return !h.ofTerm(stem) })
	default: // it may be told of in other words than those that name it
		words := h.reader.tellingIn(u)
		return len(words) > 0 && !slices.ContainsFunc(words, func(stem string) bool { return speakers(hashTerm(stem), h.said) == 0 })
	}
}

// tellingIn returns the stems of the telling words by which a concept is named.
func (r *reader) tellingIn(u unit) []string {
	var stems []string
	for w := range strings.FieldsSeq(u.text) {
		if x := wordOf(w); !r.stop[x.plain] && r.telling(x.stem) {
			stems = append(stems, x.stem)
		}
	}
	return stems
}

// several is how many phrasings, or terms, do for what nothing better speaks of.
const several = 2

func (h *hearing) ofTerm(term string) bool {
	hash := hashTerm(term)
	if speakers(hash, h.said) > 0 {
		return true
	}
	return !h.reader.narrow[term] && (speakers(hash, h.phrasings) >= several || speakers(hash, h.terms) >= several)
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

const canWords = " can could may "

// conditional returns the first telling word of a question of which the answer speaks
// in sentences with a condition alone; "" for none. Whether something can be done is no
// condition where that is what is asked.
func (r *reader) conditional(words []word, answer *heardAnswer) string {
	if len(words) > 0 && oneOf(words[0], canWords) {
		return ""
	}
	for _, w := range words {
		if !r.stop[w.plain] && r.telling(w.stem) && answer.onlyHedged(w.stem) {
			return w.text
		}
	}
	return ""
}

// onlyHedged reports whether an answer speaks of something, and nowhere firmly.
func (a *heardAnswer) onlyHedged(term string) bool {
	spoken := false
	for _, s := range a.sentences {
		if s.terms.has(hashTerm(term)) {
			if !s.hedged {
				return false
			}
			spoken = true
		}
	}
	return spoken
}
