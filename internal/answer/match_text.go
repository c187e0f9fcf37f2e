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
	order    []unit   // its content words in their order, each concept as one
	turned   []string // stems of what it negates
	swept    []string // units of which it speaks as of all
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
	sweeping bool // asks of all
	asks     bool // ends in a question mark
	hedged   bool // speaks under a condition
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
	broader   [][]string      // by concept
	narrow    map[string]bool // concepts that are a kind of another
	same      map[string]bool // concepts whose names mean the very same
	ids       []string        // by concept
	duties    signTable
	often     signTable
	scopes    signTable
	types     signTable
	facts     signTable
	adverse   phrases
	unwelcome phrases
	entrusted map[string]bool
	mute      map[string]bool
	style     map[string]bool
	foreign   phrases
	others    phrases
	filler    phrases
	empty     map[string]bool
	negators  phrases
	harmless  phrases
	proper    phrases
	example   phrases
	hedges    phrases
	weights   map[string]float64 // inverse document frequency of terms
	words     map[string]word    // of the knowledge
	parsed    map[string]*parsed // while learning, texts that come again
}

// parsed is a text in words and terms.
type parsed struct {
	whole, words []word // words are without fillers
	terms        []found
	order        []unit
}

func newReader(lex *caiq.Lexicon) *reader {
	r := &reader{stop: make(map[string]bool), empty: make(map[string]bool), entrusted: make(map[string]bool), mute: make(map[string]bool), style: make(map[string]bool), narrow: make(map[string]bool), same: make(map[string]bool), weights: make(map[string]float64), words: make(map[string]word), parsed: make(map[string]*parsed)}
	for _, w := range lex.Stop {
		r.stop[wordOf(w).plain] = true
	}
	for i, c := range lex.Concepts {
		r.ids = append(r.ids, "§"+c.ID)
		r.broader = append(r.broader, c.Broader)
		r.narrow["§"+c.ID], r.same["§"+c.ID] = len(c.Broader) > 0, c.Same
		for _, name := range c.Names {
			r.concepts.add(name, i)
		}
	}
	r.duties, r.often, r.scopes = newSignTable(lex.Duties), newSignTable(lex.Frequencies), newSignTable(lex.Scopes)
	r.types, r.facts = newSignTable(lex.Types), newSignTable(lex.Facts)
	r.adverse.addAllPlain(lex.Adverse)
	r.unwelcome.addAllPlain(lex.Unwelcome)
	r.foreign.addAllPlain(lex.Foreign)
	r.others.addAllPlain(lex.Others)
	r.filler.addAll(lex.Filler)
	r.negators.addAllPlain(lex.Negators)
	r.harmless.addAllPlain(lex.Harmless)
	r.example.addAllPlain(lex.Example)
	r.hedges.addAllPlain(lex.Hedges)
	for i, s := range lex.Proper {
		r.proper.addAllAs(s.Phrases, i)
	}
	for _, w := range lex.Mute {
		r.mute[stem(w)] = true
	}
	for _, w := range lex.Style {
		r.style[stem(w)] = true
	}
	for _, w := range lex.Entrusted {
		r.entrusted[wordOf(w).plain] = true
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
		p := r.parse(t)
		r.parsed[t] = p
		for _, w := range p.whole {
			r.words[w.text] = w
		}
		seen := make(map[string]bool)
		for _, f := range p.terms {
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
func (r *reader) split(words []word) (terms []found, order []unit) {
	spans := r.concepts.find(words)
	named := make([]bool, len(words))
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
	for i, w := range words {
		if s, ok := starts[i]; ok {
			order = append(order, unit{r.ids[s.what], textOf(words[s.from:s.to])})
		}
		if r.stop[w.plain] {
			continue
		}
		share := 1.0
		if named[i] {
			share = namedWeight
		} else {
			order = append(order, unit{w.stem, w.text})
		}
		terms = append(terms, found{w.stem, share})
	}
	return terms, order
}

func textOf(words []word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}

// parse returns a text in words and terms.
func (r *reader) parse(text string) *parsed {
	if p := r.parsed[text]; p != nil {
		return p
	}
	p := &parsed{whole: r.wordsOf(text)}
	p.words = r.filler.without(p.whole)
	p.terms, p.order = r.split(p.words)
	return p
}

// learn reads a text that others are compared with; its order is of no use then.
func (r *reader) learn(text string) *reading {
	t := r.read(text)
	t.order = nil
	return t
}

// read takes a text apart.
func (r *reader) read(text string) *reading {
	p := r.parse(text)
	whole, words := p.whole, p.words
	t := &reading{
		duties: r.duties.find(words), often: r.often.find(words), scopes: r.scopes.find(words),
		types: r.types.find(whole), facts: r.facts.find(whole),
		adverse: r.adverse.in(whole), foreign: r.foreign.in(whole), others: r.others.in(whole),
		sweeping: slices.ContainsFunc(whole, func(w word) bool { return strings.Contains(sweepingWords, " "+w.text+" ") }),
		hedged:   r.hedges.in(whole),
		asks:     strings.HasSuffix(strings.TrimSpace(text), "?"),
		empty:    len(p.order) == 0 || r.empty[caiq.NormalizeText(text)],
	}
	t.telling = t.duties & r.duties.telling
	t.renews = r.duties.has(t.duties, "review") && t.often&r.often.telling != 0
	t.terms, t.strange = r.vectorOf(p.terms)
	t.pairs = r.pairsOf(p.order)
	t.concepts, t.order, t.turned = conceptsOf(p.terms), p.order, r.turnedIn(whole)
	t.swept = r.sweptIn(whole)
	return t
}

// sweepingWords say that nothing is left out.
const sweepingWords = " all every each everybody everyone always any "

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
func (r *reader) pairsOf(order []unit) vector {
	var all []component
	for i := 1; i < len(order); i++ {
		a, b := order[i-1].term, order[i].term
		wa, _ := r.weight(a)
		wb, _ := r.weight(b)
		all = append(all, component{pairTerm(a, b), wa + wb})
	}
	return newVector(all)
}

// pairTerm names a pair of neighbours in either order.
func pairTerm(a, b string) uint32 { return hashTerm(min(a, b) + " " + max(a, b)) }

// wordsOf returns the words of a text.
func wordsOf(text string) []word {
	var words []word
	for w := range strings.FieldsSeq(caiq.NormalizeText(text)) {
		words = append(words, wordOf(w))
	}
	return words
}

// wordsOf does the same, faster: it knows those of the knowledge.
func (r *reader) wordsOf(text string) []word {
	fields := strings.Fields(caiq.NormalizeText(text))
	words := make([]word, len(fields))
	for i, w := range fields {
		known, ok := r.words[w]
		if !ok {
			known = wordOf(w)
		}
		words[i] = known
	}
	return words
}

func wordOf(w string) word { return word{w, american(singular(w)), stem(w)} }

func singular(word string) string {
	if len(word) > 3 && !strings.HasSuffix(word, "ss") {
		return strings.TrimSuffix(word, "s")
	}
	return word
}

// stem cuts a word to what its forms have in common; British spellings become
// American ones, since stems are compared with stems alone.
func stem(word string) string {
	if len(word) < 3 || strings.Contains(uncut, " "+word+" ") {
		return word
	}
	cut := porterstemmer.StemString(american(word))
	if cut == "us" { // of "used", which is about something else than "us"
		return "use"
	}
	return cut
}

// uncut are words of which stemming would leave another: "UPS" is no "up".
const uncut = " use ups ips dns aws kms tls sms oss "

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
