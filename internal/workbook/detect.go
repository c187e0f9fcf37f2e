package workbook

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// detector recognises which format a questionnaire is of, and its rows.
// Texts decide, then version labels, then identifiers.
type detector struct {
	catalog Catalog
	signs   []sign
	given   caiq.FormatID // what a layout file says; "" to find out
	topics  []caiq.Topic
	seen    []*verdict
}

// sign is a text that may name a format.
type sign struct {
	place string // for people: `the name of sheet "CAIQv4.0.3"`
	text  string // lower case
}

// verdict is what speaks for one format.
type verdict struct {
	format  *caiq.Format
	matcher *caiq.Matcher
	matches []caiq.Match // by question
	texts   int          // rows whose text is known
	ids     int          // rows whose identifier is known, whatever the text
	label   string       // version label found
	place   string       // where
}

const (
	enoughTexts = .5 // of the texts known make a format
	enoughIDs   = .5 // of the identifiers known do, if a label or
	someTexts   = .1 // so many texts support it, or
	allIDs      = .9 // nearly all rows of a list of
	longList    = 10 // at least so many questions carry them
	closeCall   = 50 // formats whose known texts differ by less than a 50th part of the rows
	changedRow  = .3 // weight of a row with known identifier and other text
)

// recognise fills in the format and the matches and keys of all questions.
func (d *detector) recognise(q *caiq.Questionnaire) error {
	best, err := d.best(q.Questions)
	if err != nil {
		return err
	}
	if best == nil {
		return d.custom(q)
	}
	d.describe(q, best)
	best.assign(q.Questions)
	best.markEditorial(q.Questions)
	q.Warnings = append(q.Warnings, best.warnings(q)...)
	return nil
}

// best returns the verdict for the format of the file, or nil when it is none
// that is known.
func (d *detector) best(questions []caiq.Question) (*verdict, error) {
	if d.given != "" {
		return d.told(questions)
	}
	if found, err := d.officialTexts(questions); found != nil || err != nil {
		return found, err
	}
	if err := d.readAgain(questions); err != nil {
		return nil, err
	}
	var best *verdict
	for _, v := range d.seen {
		if v.enough() && (best == nil || v.better(best)) {
			best = v
		}
	}
	return best, nil
}

// told takes the format that a layout file names.
func (d *detector) told(questions []caiq.Question) (*verdict, error) {
	if d.given == caiq.FormatCustom {
		return nil, nil //nolint:nilnil // none of the known formats
	}
	v, err := d.judge(d.given, questions)
	if err != nil {
		return nil, err
	}
	return v, d.readAgain(questions)
}

// officialTexts goes through the formats, those that the signs name first, and
// stops at one that knows nearly all texts and is named by a sign.
func (d *detector) officialTexts(questions []caiq.Question) (*verdict, error) {
	for _, id := range d.candidates() {
		v, err := d.judge(id, questions)
		if err != nil {
			return nil, err
		}
		if v.label != "" && v.texts == len(questions) {
			return v, nil
		}
	}
	return nil, nil //nolint:nilnil // none is beyond doubt
}

// candidates returns the known formats, newest first, those whose version a
// sign mentions before the others.
func (d *detector) candidates() []caiq.FormatID {
	ids := slices.Clone(d.catalog.FormatIDs())
	slices.Sort(ids)
	slices.Reverse(ids)
	mentioned := func(id caiq.FormatID) int {
		_, version, _ := strings.Cut(string(id), "-")
		if slices.ContainsFunc(d.signs, func(s sign) bool { return version != "" && strings.Contains(s.text, version) }) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(ids, func(a, b caiq.FormatID) int { return mentioned(a) - mentioned(b) })
	return ids
}

// judge matches all rows with one format.
func (d *detector) judge(id caiq.FormatID, questions []caiq.Question) (*verdict, error) {
	f, err := d.catalog.Format(id)
	if err != nil {
		return nil, err
	}
	v := &verdict{format: f}
	v.label, v.place = d.label(f)
	v.match(questions, nil)
	d.seen = append(d.seen, v)
	return v, nil
}

// readAgain matches the rows again with the topics: our own wordings of what is
// asked. They are loaded only for files whose texts are not all official.
func (d *detector) readAgain(questions []caiq.Question) error {
	topics, err := d.catalog.Topics()
	if err != nil {
		return err
	}
	d.topics = topics
	for _, v := range d.seen {
		v.match(questions, topics)
	}
	return nil
}

// match recognises each row by the format's texts and identifiers.
func (v *verdict) match(questions []caiq.Question, topics []caiq.Topic) {
	v.matcher = caiq.NewMatcher(v.format, topics)
	v.matches = make([]caiq.Match, len(questions))
	v.texts, v.ids = 0, 0
	for i, q := range questions {
		match := v.matcher.Match(q.ID, q.TextHash, q.Control)
		v.matches[i] = match
		switch {
		case match.Kind == caiq.MatchNone:
			continue
		case match.HasText && match.Kind != caiq.MatchChanged:
			v.texts++
		}
		v.ids++
	}
}

// enough reports whether the rows speak for the format at all.
func (v *verdict) enough() bool {
	n := float64(len(v.matches))
	texts, ids := float64(v.texts), float64(v.ids)
	if texts >= enoughTexts*n {
		return true
	}
	supported := v.label != "" || texts >= someTexts*n || ids >= allIDs*n && len(v.matches) >= longList
	return ids >= enoughIDs*n && supported
}

// better compares two formats that the rows speak for.
func (v *verdict) better(w *verdict) bool {
	if diff := v.texts - w.texts; diff*closeCall > len(v.matches) || -diff*closeCall > len(v.matches) {
		return diff > 0
	}
	switch {
	case (v.label != "") != (w.label != ""):
		return v.label != ""
	case v.texts != w.texts:
		return v.texts > w.texts
	default:
		return v.ids > w.ids // the newer one was looked at first and stays
	}
}

// label returns the first of the format's version labels that the file shows,
// and where.
func (d *detector) label(f *caiq.Format) (label, place string) {
	for _, l := range f.Detect.Labels {
		for _, s := range d.signs {
			if mentions(s.text, strings.ToLower(l)) {
				return l, s.place
			}
		}
	}
	return "", ""
}

// mentions reports whether a text holds the label and the label's version does
// not go on: "v4.0" is not in "v4.0.3".
func mentions(text, label string) bool {
	for rest := text; label != ""; {
		i := strings.Index(rest, label)
		if i < 0 {
			return false
		}
		rest = rest[i+len(label):]
		if !versionGoesOn.MatchString(rest) {
			return true
		}
	}
	return false
}

var (
	versionGoesOn = regexp.MustCompile(`^\.?\d`)
	patchLevel    = regexp.MustCompile(`\d+\.\d+(?:\.\d+)?`)
)

// describe fills in what the file is and why.
func (d *detector) describe(q *caiq.Questionnaire, v *verdict) {
	n := len(q.Questions)
	q.Format = v.format.ID
	q.Confidence = (float64(v.texts) + changedRow*float64(v.ids-v.texts)) / float64(n)
	q.Why = append(q.Why, fmt.Sprintf("%s what %s asks, by their text", rowsAsk(v.texts, n), v.format.Title))
	if v.ids > v.texts {
		q.Why = append(q.Why, fmt.Sprintf("%d more have one of its question IDs", v.ids-v.texts))
	}
	if v.label != "" {
		q.Patch = patchOf(v.label)
		q.Why = append(q.Why, fmt.Sprintf("%s says %s", v.place, v.label))
	}
	if d.given != "" {
		q.Why = append(q.Why, "the layout file says so")
	}
	q.Lite = v.lite()
	if q.Lite {
		q.Why = append(q.Why, "all of them belong to its Lite subset")
	}
}

// patchOf returns the version in a label: "caiqv4.0.3" gives "v4.0.3".
func patchOf(label string) string {
	version := patchLevel.FindString(label)
	if version == "" {
		return ""
	}
	return "v" + version
}

// lite reports whether only the Lite subset is asked, and not all of the format.
func (v *verdict) lite() bool {
	lite := make(map[caiq.Ref]bool)
	for _, q := range v.format.Questions {
		lite[v.format.Ref(q)] = q.Lite
	}
	asked := 0
	for _, m := range v.matches {
		if m.Question == "" {
			continue
		}
		if !lite[m.Question] {
			return false
		}
		asked++
	}
	return asked > 0 && asked < len(v.format.Questions)
}

// assign gives each question its match and key.
func (v *verdict) assign(questions []caiq.Question) {
	for i := range questions {
		questions[i].Match = v.matches[i]
		questions[i].Key = key(&questions[i])
	}
}

// markEditorial marks rows whose answer cells hold nothing but notes of the
// format's publisher.
func (v *verdict) markEditorial(questions []caiq.Question) {
	for i := range questions {
		q := &questions[i]
		q.Editorial = len(q.Existing) > 0 && len(v.format.Detect.Editorial) > 0
		for _, text := range q.Existing {
			q.Editorial = q.Editorial && slices.Contains(v.format.Detect.Editorial, caiq.TextHash(text))
		}
	}
}

// key names a question: by what it was recognised as, else by its cell.
func key(q *caiq.Question) caiq.Ref {
	if q.Match.Question != "" {
		return q.Match.Question
	}
	return caiq.MakeRef(string(caiq.FormatCustom), q.Sheet+"!"+q.Cell)
}
