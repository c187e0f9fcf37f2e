package answer

import "slices"

// A question that is turned round by a "not" comes as near as the one that is not, and
// the answer to the one would be the opposite of that to the other.

// turnedIn returns what a text negates: the stem of the content word after each "not",
// or of the one before where none comes soon.
func (r *reader) turnedIn(words []word) []string {
	words = r.harmless.without(words)
	var turned []string
	for _, s := range r.negators.find(words) {
		target, ok := r.contentAfter(words, s.to)
		if !ok {
			target, ok = r.contentBefore(words, s.from)
		}
		if ok && !slices.Contains(turned, target) {
			turned = append(turned, target)
		}
	}
	return turned
}

// turnedWithin is how many words after a "not" what it negates may stand.
const turnedWithin = 4

func (r *reader) contentAfter(words []word, from int) (stem string, ok bool) {
	for _, w := range words[from:min(len(words), from+turnedWithin)] {
		if !r.stop[w.plain] {
			return w.stem, true
		}
	}
	return "", false
}

func (r *reader) contentBefore(words []word, to int) (stem string, ok bool) {
	for _, w := range slices.Backward(words[:to]) {
		if !r.stop[w.plain] {
			return w.stem, true
		}
	}
	return "", false
}

// turns reports whether a text negates something that no phrasing of a candidate does.
func turns(q *reading, s *scored) bool {
	return slices.ContainsFunc(q.turned, func(stem string) bool {
		return !slices.ContainsFunc(s.texts, func(t *reading) bool { return slices.Contains(t.turned, stem) })
	})
}
