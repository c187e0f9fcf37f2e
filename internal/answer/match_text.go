package answer

import (
	"math"
	"slices"
	"strings"

	"caique/internal/caiq"

	"github.com/blevesearch/go-porterstemmer"
)

// reading is a text as the matcher compares it: weighted terms, pairs of
// neighbouring terms and the signs found in it.
type reading struct {
	terms    vector
	pairs    vector
	concepts []string
	order    []string // its content words in their order, each concept as one
	duties   signSet
	telling  signSet // of its duties
	often    signSet
	scopes   signSet
	types    signSet
	facts    signSet
	renews   bool    // asks for a review at intervals
	strange  float64 // share of its mass in words that the knowledge never uses
	adverse  bool
	foreign  bool
	others   bool
	empty    bool
}

// Weights of what a text's words become. A concept counts like a rare word; the
// words that name it count half, so that they still tell its names apart.
const (
	namedWeight   = 0.5
	broaderWeight = 0.4
	rarest        = 8.0 // weight of a word that the knowledge never uses
)

// reader reads texts with a lexicon and the frequencies of words in the knowledge.
type reader struct {
	stop      map[string]bool
	concepts  phrases
	broader   [][]string // by concept
	ids       []string   // by concept
	duties    signTable
	often     signTable
	scopes    signTable
	types     signTable
	facts     signTable
	adverse   phrases
	unwelcome phrases
	entrusted map[string]bool
	mute      map[string]bool
	foreign   phrases
	others    phrases
	filler    phrases
	empty     map[string]bool
	weights   map[string]float64 // inverse document frequency of terms
	stems     map[string]string  // of the words of the knowledge
}

func newReader(lex *caiq.Lexicon) *reader {
	r := &reader{stop: make(map[string]bool), empty: make(map[string]bool), entrusted: make(map[string]bool), mute: make(map[string]bool), weights: make(map[string]float64), stems: make(map[string]string)}
	for _, w := range lex.Stop {
		r.stop[stem(w)] = true
	}
	for i, c := range lex.Concepts {
		r.ids = append(r.ids, "§"+c.ID)
		r.broader = append(r.broader, c.Broader)
		for _, name := range c.Names {
			r.concepts.add(name, i)
		}
	}
	r.duties, r.often, r.scopes = newSignTable(lex.Duties), newSignTable(lex.Frequencies), newSignTable(lex.Scopes)
	r.types, r.facts = newSignTable(lex.Types), newSignTable(lex.Facts)
	r.adverse.addWords(lex.Adverse)
	r.unwelcome.addWords(lex.Unwelcome)
	r.foreign.addWords(lex.Foreign)
	r.others.addWords(lex.Others)
	r.filler.addAll(lex.Filler)
	for _, w := range lex.Mute {
		r.mute[stem(w)] = true
	}
	for _, w := range lex.Entrusted {
		r.entrusted[singular(w)] = true
	}
	for _, p := range lex.Empty {
		r.empty[caiq.NormalizeText(p)] = true
	}
	return r
}

// weigh learns how rare each term is from the texts of the knowledge.
func (r *reader) weigh(texts []string) {
	counts := make(map[string]int)
	for _, t := range texts {
		words := strings.Fields(caiq.NormalizeText(t))
		for i, w := range words {
			if _, ok := r.stems[w]; !ok {
				r.stems[w] = stem(w)
			}
			words[i] = r.stems[w]
		}
		found, _ := r.split(r.filler.without(words))
		seen := make(map[string]bool)
		for _, f := range found {
			if !seen[f.term] {
				seen[f.term] = true
				counts[f.term]++
			}
		}
	}
	n := float64(len(texts))
	for t, c := range counts {
		r.weights[t] = math.Log(1 + n/(float64(c)+0.5))
	}
}

// weight of a term; known is false for one that the knowledge never uses.
func (r *reader) weight(term string) (w float64, known bool) {
	if w, ok := r.weights[term]; ok {
		return w, true
	}
	return rarest, false
}

// found is a term of a text with the share of its weight that counts.
type found struct {
	term  string
	share float64
}

// split returns the terms of a text, words and concepts, and its content words in
// order, each concept as one.
func (r *reader) split(stems []string) (terms []found, order []string) {
	spans := r.concepts.find(stems)
	named := make([]bool, len(stems))
	starts := make(map[int]span)
	for _, s := range spans {
		starts[s.from] = s
		for i := s.from; i < s.to; i++ {
			named[i] = true
		}
		terms = append(terms, found{r.ids[s.what], 1})
		for _, b := range r.broader[s.what] {
			terms = append(terms, found{"§" + b, broaderWeight})
		}
	}
	for i, w := range stems {
		if s, ok := starts[i]; ok {
			order = append(order, r.ids[s.what])
		}
		if r.stop[w] {
			continue
		}
		share := 1.0
		if named[i] {
			share = namedWeight
		} else {
			order = append(order, w)
		}
		terms = append(terms, found{w, share})
	}
	return terms, order
}

// read takes a text apart.
func (r *reader) read(text string) *reading {
	words, whole := r.words(text)
	stems := r.filler.without(whole)
	terms, order := r.split(stems)
	t := &reading{
		duties: r.duties.find(stems), often: r.often.find(stems), scopes: r.scopes.find(stems),
		types: r.types.find(whole), facts: r.facts.find(whole),
		adverse: r.adverse.in(words), foreign: r.foreign.in(words), others: r.others.in(words),
		empty: len(order) == 0 || r.empty[caiq.NormalizeText(text)],
	}
	t.telling = t.duties & r.duties.telling
	t.renews = r.duties.has(t.duties, "review") && t.often&r.often.telling != 0
	t.terms, t.strange = r.vectorOf(terms)
	t.pairs = r.pairsOf(order)
	t.concepts, t.order = conceptsOf(terms), order
	return t
}

// conceptsIn returns the concepts of a text; reading it all takes three times as long.
func (r *reader) conceptsIn(text string) []string {
	_, stems := r.words(text)
	terms, _ := r.split(r.filler.without(stems))
	return conceptsOf(terms)
}

func conceptsOf(terms []found) []string {
	var concepts []string
	for _, f := range terms {
		if c, ok := strings.CutPrefix(f.term, "§"); ok && !slices.Contains(concepts, c) {
			concepts = append(concepts, c)
		}
	}
	return concepts
}

func (r *reader) vectorOf(terms []found) (vector, float64) {
	var all []component
	var strange, mass float64
	for _, f := range terms {
		w, known := r.weight(f.term)
		mass += w * f.share
		if !known {
			strange += w * f.share
		}
		all = append(all, component{hashTerm(f.term), w * f.share})
	}
	if mass > 0 {
		strange /= mass
	}
	return newVector(all), strange
}

// pairsOf weighs neighbouring content words in either order.
func (r *reader) pairsOf(order []string) vector {
	var all []component
	for i := 1; i < len(order); i++ {
		a, b := order[i-1], order[i]
		if a > b {
			a, b = b, a
		}
		wa, _ := r.weight(a)
		wb, _ := r.weight(b)
		all = append(all, component{hashTerm(a + " " + b), wa + wb})
	}
	return newVector(all)
}

// wordsOf returns the words of a text, without the s of a plural.
func wordsOf(text string) []string {
	words := strings.Fields(caiq.NormalizeText(text))
	for i, w := range words {
		words[i] = singular(w)
	}
	return words
}

func singular(word string) string {
	if len(word) > 3 && !strings.HasSuffix(word, "ss") {
		return strings.TrimSuffix(word, "s")
	}
	return word
}

// words returns what wordsOf and stemsOf do, faster.
func (r *reader) words(text string) (words, stems []string) {
	stems = strings.Fields(caiq.NormalizeText(text))
	words = make([]string, len(stems))
	for i, w := range stems {
		words[i] = singular(w)
		if known, ok := r.stems[w]; ok {
			stems[i] = known
		} else {
			stems[i] = stem(w)
		}
	}
	return words, stems
}

// stemsOf returns the words of a text, stemmed.
func stemsOf(text string) []string {
	words := strings.Fields(caiq.NormalizeText(text))
	for i, w := range words {
		words[i] = stem(w)
	}
	return words
}

// stem cuts a word to what its forms have in common; British spellings become
// American ones, since stems are compared with stems alone.
func stem(word string) string {
	if len(word) < 3 {
		return word
	}
	return porterstemmer.StemString(american(word))
}

// american spells what British English spells differently. What it makes of other
// words it makes of them everywhere.
func american(word string) string {
	for _, p := range [...][2]string{
		{"isation", "ization"},
		{"ise", "ize"},
		{"ising", "izing"},
		{"yse", "yze"},
		{"labell", "label"},
		{"modell", "model"},
		{"centre", "center"},
		{"defence", "defense"},
		{"licence", "license"},
		{"colour", "color"},
		{"behaviour", "behavior"},
	} {
		word = strings.Replace(word, p[0], p[1], 1)
	}
	return word
}
