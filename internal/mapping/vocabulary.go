package mapping

import (
	"math"
	"slices"

	"caique/internal/caiq"
)

const vocabularyDir = "mappings/vocabulary"

// Names of the vocabulary files that are not index terms of a framework.
const (
	lexiconFile = "lexicon"
	modelFile   = "model"
)

// Lexicon returns the vocabulary of security questionnaires.
func (l *Library) Lexicon() (*caiq.Lexicon, error) {
	return load[caiq.Lexicon](l, vocabularyDir, lexiconFile, "lexicon")
}

// MatchModel returns what matching learnt from labelled questions.
func (l *Library) MatchModel() (*caiq.MatchModel, error) {
	return load[caiq.MatchModel](l, vocabularyDir, modelFile, "match model")
}

// IndexTerms returns the terms by which people ask for each control or criterion
// of a framework, by its id. A framework without a file of its own has those of
// the framework that a crosswalk maps to it, by content; none at all is no error.
func (l *Library) IndexTerms(framework caiq.FrameworkID) (map[string][]string, error) {
	return l.terms(framework, func(e *caiq.IndexTerm) []string { return e.Terms })
}

// Beside returns, like IndexTerms, what people ask near each control that no
// question asks.
func (l *Library) Beside(framework caiq.FrameworkID) (map[string][]string, error) {
	return l.terms(framework, func(e *caiq.IndexTerm) []string { return e.Beside })
}

func (l *Library) terms(framework caiq.FrameworkID, of func(*caiq.IndexTerm) []string) (map[string][]string, error) {
	terms := make(map[string][]string)
	own, err := load[caiq.IndexTerms](l, vocabularyDir, string(framework), "index terms")
	if err == nil {
		for i := range own.Entries {
			terms[own.Entries[i].Ref] = of(&own.Entries[i])
		}
		return terms, nil
	}
	if caiq.KindOf(err) != caiq.NotFound {
		return nil, err
	}
	for _, e := range l.edges(crosswalksDir) {
		if e.to == string(framework) && slices.Contains(l.names(vocabularyDir), e.from) {
			return l.inheritedTerms(caiq.FrameworkID(e.from), framework, of)
		}
	}
	return terms, nil
}

// inheritedTerms carries terms over a crosswalk, wherever something is left of
// the control on the other side.
func (l *Library) inheritedTerms(from, to caiq.FrameworkID, of func(*caiq.IndexTerm) []string) (map[string][]string, error) {
	own, err := l.terms(from, of)
	if err != nil {
		return nil, err
	}
	cw, err := l.Crosswalk(from, to)
	if err != nil {
		return nil, err
	}
	terms := make(map[string][]string)
	for _, e := range cw.Entries {
		if e.Gap == caiq.GapFull {
			continue
		}
		for _, id := range e.To {
			terms[id] = append(terms[id], own[e.Control]...)
		}
	}
	return terms, nil
}

// vocabularyKind lints a file of the vocabulary by its name.
func (l *Library) vocabularyKind(at place, c *catalogue, id string) error {
	switch id {
	case lexiconFile:
		return lintAs(l, vocabularyDir, id, "lexicon", func(v *caiq.Lexicon) { lintLexicon(at, v) })
	case modelFile:
		return lintAs(l, vocabularyDir, id, "match model", func(v *caiq.MatchModel) { lintMatchModel(at, v) })
	default:
		return lintAs(l, vocabularyDir, id, "index terms", func(v *caiq.IndexTerms) { lintIndexTerms(at, c, v, id) })
	}
}

// maxSigns is how many signs of one sort matching tells apart.
const maxSigns = 64

func lintLexicon(at place, v *caiq.Lexicon) {
	lintSchema(at, v.Schema)
	ids := make(map[string]bool)
	for _, c := range v.Concepts {
		ids[c.ID] = true
	}
	seen := make(map[string]string)
	names := make(map[string]string)
	for i, c := range v.Concepts {
		at := at.field("concepts").item(i)
		unique(at.field("id"), seen, c.ID)
		lintPhrases(at.field("names"), names, c.Names)
		for j, b := range c.Broader {
			if !ids[b] || b == c.ID {
				at.field("broader").item(j).errorf("unknown_concept", "there is no other concept %q", clip(b))
			}
		}
	}
	for name, list := range map[string][]caiq.Sign{
		"duties": v.Duties, "frequencies": v.Frequencies, "scopes": v.Scopes, "types": v.Types, "facts": v.Facts,
	} {
		lintSigns(at.field(name), list, maxSigns)
	}
	lintSigns(at.field("proper"), v.Proper, math.MaxInt)
}

func lintSigns(at place, list []caiq.Sign, most int) {
	if len(list) > most {
		at.errorf("too_many", "there are %d, at most %d are told apart", len(list), most)
	}
	seen, phrases := make(map[string]string), make(map[string]string)
	for i, s := range list {
		unique(at.item(i).field("id"), seen, s.ID)
		lintPhrases(at.item(i).field("phrases"), phrases, s.Phrases)
	}
}

// lintPhrases refuses empty phrases and those that mean something else already.
func lintPhrases(at place, seen map[string]string, list []string) {
	if len(list) == 0 {
		at.errorf("phrases_missing", "name at least one phrase")
	}
	for i, p := range list {
		at.item(i).said(p)
		unique(at.item(i), seen, caiq.NormalizeText(p))
	}
}

// unique refuses what stands somewhere else already, and what is empty.
func unique(at place, seen map[string]string, what string) {
	if what == "" {
		at.errorf("empty_text", "nothing is written here")
	}
	if first, again := seen[what]; again && what != "" {
		at.errorf("duplicate_entry", "%q stands at %s already", clip(what), first)
		return
	}
	seen[what] = at.path
}

func lintIndexTerms(at place, c *catalogue, v *caiq.IndexTerms, id string) {
	lintSchema(at, v.Schema)
	if string(v.Framework) != id {
		at.field("framework").errorf("name_differs", "the file is named after framework %q", id)
	}
	seen := make(map[string]string)
	for i, e := range v.Entries {
		at := at.field("entries").item(i)
		unique(at.field("ref"), seen, e.Ref)
		c.member(at.field("ref"), v.Framework, e.Ref)
		lintPhrases(at.field("terms"), make(map[string]string), e.Terms)
		if len(e.Beside) > 0 {
			lintPhrases(at.field("beside"), make(map[string]string), e.Beside)
		}
	}
}

func lintMatchModel(at place, v *caiq.MatchModel) {
	lintSchema(at, v.Schema)
	for name, list := range map[string][]caiq.Weight{"ranking": v.Ranking, "confidence": v.Confidence} {
		seen := make(map[string]string)
		for i, w := range list {
			unique(at.field(name).item(i).field("signal"), seen, w.Signal)
		}
	}
	for name, p := range map[string]float64{"auto": v.Auto, "offer": v.Offer} {
		if p <= 0 || p >= 1 {
			at.field(name).errorf("bad_probability", "a threshold lies between 0 and 1")
		}
	}
	if v.Auto < v.Offer {
		at.field("auto").errorf("bad_threshold", "what answers by itself must be surer than what is offered")
	}
}
