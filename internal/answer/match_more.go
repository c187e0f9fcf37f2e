package answer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// asksMore says what a text asks beside what Yes and the answer tell, as the end of a
// sentence, or "".
func (r *reader) asksMore(text string, h *hearing) string {
	if tail := alsoAsked.FindStringSubmatch(text); tail != nil {
		return fmt.Sprintf("it also asks %q", strings.ToLower(tail[1]))
	}
	if r.types.has(r.types.find(wordsOf(text)), "attach") {
		return "it also wants something to be attached"
	}
	if all := r.unswept(text, h); all != "" {
		return fmt.Sprintf("it asks of all (%q), and the answer does not say so", all)
	}
	asked, said := intervalsIn(wordsOf(text)), intervalsIn(wordsOf(h.answer.text))
	if len(asked) > 0 && len(said) > 0 && slices.Max(said) > slices.Min(asked) {
		return "it asks for an interval, and the answer tells of longer ones too"
	}
	return ""
}

// alsoAsked finds a question behind the first whose answer is no Yes: in a sentence of
// its own, or behind "and".
var alsoAsked = regexp.MustCompile(`(?i)(?:[?.;:]\s+(?:and\s+)?|\s(?:and|or|&)\s+)(?:if (?:so|yes),?\s+)?(?:(?:by|with|for|in|on|to|at|from)\s+)?(who|whom|whose|when|where|which|how (?:often|many|much|long|frequently|soon|quickly|fast|regularly)|what)\b`)

// Words that texts which speak of all are told by.
const (
	allWords    = " all every each "
	linkWords   = " of our your the these those "
	peopleWords = " everybody everyone nobody "
)

func oneOf(w word, list string) bool { return strings.Contains(list, " "+w.text+" ") }

// unswept returns what a text asks of all of and neither the answer nor the known
// question does; "" for none.
func (r *reader) unswept(text string, h *hearing) string {
	words := r.wordsOf(text)
	for i, w := range words {
		if !oneOf(w, allWords) || i+1 < len(words) && spanOf(words[i+1]) != none {
			continue
		}
		of := r.sweptBy(words, i)
		_, wanted := r.split(of)
		if len(wanted) > 0 && !slices.Contains(h.swept, of[0].stem) && !slices.ContainsFunc(wanted, func(u unit) bool { return slices.Contains(h.swept, u.term) }) {
			return w.text + " " + textOf(of)
		}
	}
	return ""
}

// sweptBy returns the words behind "all" up to the next word without content, three at
// most.
func (r *reader) sweptBy(words []word, all int) []word {
	from := all + 1
	for from < len(words) && oneOf(words[from], linkWords) {
		from++
	}
	to := from
	for to < len(words) && to < from+3 && !r.stop[words[to].plain] {
		to++
	}
	return words[from:to]
}

// sweptWithin is how many words may stand between "all" and what it is of.
const sweptWithin = 4

// sweptIn returns of what a text speaks as of all.
func (r *reader) sweptIn(words []word) []string {
	var swept []string
	for i, w := range words {
		switch {
		case oneOf(w, peopleWords):
			swept = append(swept, "§personnel")
		case oneOf(w, sweepingWords):
			behind := words[i+1 : min(len(words), i+1+sweptWithin)]
			_, near := r.split(behind)
			for _, u := range near {
				swept = append(swept, u.term)
			}
			for _, b := range behind {
				swept = append(swept, b.stem)
			}
		}
	}
	return swept
}
