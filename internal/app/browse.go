package app

import (
	"fmt"
	"slices"
	"strings"

	"caique/internal/caiq"
	"caique/internal/mapping"
)

// Card is what the packs say of one question, control or criterion: what
// `caique mappings` prints.
type Card struct {
	Ref   caiq.Ref `json:"ref"`
	Title string   `json:"title"`
	Facts []Line   `json:"facts"`
}

// Line is one fact of a card and where it comes from.
type Line struct {
	Name   string   `json:"name"`
	Text   string   `json:"text"`
	Refs   []string `json:"refs,omitempty"`
	Source string   `json:"source,omitempty"`
}

func (c *Card) add(name, text, source string, refs ...string) {
	if text != "" || len(refs) > 0 {
		c.Facts = append(c.Facts, Line{Name: name, Text: text, Refs: refs, Source: source})
	}
}

// browser collects cards from a library.
type browser struct {
	lib    *mapping.Library
	topics []caiq.Topic
}

// Browse looks a question, control or criterion up in every version that has
// it. term is an id ("IAM-14.1", "IAM-14", "CC6.1") or a full reference
// ("ccm-4.1/IAM-13"). NotFound with code unknown_term when nothing has it.
func Browse(lib *mapping.Library, term string) ([]Card, error) {
	b := &browser{lib: lib}
	var err error
	if b.topics, err = lib.Topics(); err != nil {
		return nil, err
	}
	set, id, full := strings.Cut(term, "/")
	if !full {
		set, id = "", term
	}
	id = caiq.NormalizeID(id)
	questions, err := b.questions(set, id)
	if err != nil {
		return nil, err
	}
	controls, err := b.controls(set, id)
	if err != nil {
		return nil, err
	}
	cards := slices.Concat(questions, controls)
	if len(cards) == 0 {
		return nil, caiq.Errorf(caiq.NotFound, "unknown_term", "no question, control or criterion is called %q", term).
			WithHint("for example caique mappings IAM-14.1, ccm-4.1/IAM-13 or CC6.1")
	}
	return cards, nil
}

func (b *browser) questions(set, id string) ([]Card, error) {
	var cards []Card
	for _, fid := range b.lib.FormatIDs() {
		if set != "" && set != string(fid) {
			continue
		}
		f, err := b.lib.Format(fid)
		if err != nil {
			return nil, err
		}
		for _, q := range f.Questions {
			if !strings.EqualFold(q.ID, id) {
				continue
			}
			card, err := b.question(f, q)
			if err != nil {
				return nil, err
			}
			cards = append(cards, card)
		}
	}
	return cards, nil
}

func (b *browser) question(f *caiq.Format, q caiq.FormatQuestion) (Card, error) {
	ref := f.Ref(q)
	card := Card{Ref: ref, Title: f.Title}
	for _, t := range b.topics {
		if slices.Contains(t.Questions, ref) {
			card.add("asks", t.Topic, "own words")
			card.add("also asked as", strings.Join(t.Also, " · "), "own words")
		}
	}
	if f.Framework != "" {
		card.add("control", "", f.Title, string(caiq.MakeRef(string(f.Framework), q.Control)))
	}
	if err := b.lineage(&card, ref); err != nil || f.Framework == "" {
		return card, err
	}
	return card, b.crosswalks(&card, caiq.MakeRef(string(f.Framework), q.Control), q.ID)
}

// lineage adds what became of the question, and what it came from.
func (b *browser) lineage(card *Card, ref caiq.Ref) error {
	for _, pair := range b.lib.Lineages() {
		if ref.Set() != string(pair.From) && ref.Set() != string(pair.To) {
			continue
		}
		l, err := b.lib.Lineage(pair.From, pair.To)
		if err != nil {
			return err
		}
		for _, e := range l.Entries {
			switch {
			case ref.Set() == string(pair.From) && e.From == ref.ID():
				card.add("becomes", describe(string(e.Relation), e.Note), l.Source, refs(string(pair.To), e.To)...)
			case ref.Set() == string(pair.To) && slices.Contains(e.To, ref.ID()) && e.From != "":
				card.add("comes from", describe(string(e.Relation), e.Note), l.Source, refs(string(pair.From), []string{e.From})...)
			case ref.Set() == string(pair.To) && slices.Contains(e.To, ref.ID()):
				card.add("comes from", "new in this version", l.Source)
			}
		}
		if slices.Contains(l.Reused, ref.ID()) {
			card.add("beware", fmt.Sprintf("%s and %s use this id for different questions", pair.From, pair.To), l.Source)
		}
	}
	return nil
}

func describe(relation, note string) string {
	if note == "" {
		return relation
	}
	return relation + ": " + note
}

func refs(set string, ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(caiq.MakeRef(set, id))
	}
	return out
}

// controls finds controls and criteria.
func (b *browser) controls(set, id string) ([]Card, error) {
	var cards []Card
	for _, fid := range b.lib.FrameworkIDs() {
		if set != "" && set != string(fid) {
			continue
		}
		fw, err := b.lib.Framework(fid)
		if err != nil {
			return nil, err
		}
		for _, c := range fw.Controls {
			if strings.EqualFold(c.ID, id) {
				card, err := b.control(fw, c)
				if err != nil {
					return nil, err
				}
				cards = append(cards, card)
			}
		}
		for _, c := range fw.Criteria {
			if strings.EqualFold(c.ID, id) {
				card, err := b.criterion(fw, c)
				if err != nil {
					return nil, err
				}
				cards = append(cards, card)
			}
		}
	}
	return cards, nil
}

func (b *browser) control(fw *caiq.Framework, c caiq.Control) (Card, error) {
	ref := caiq.MakeRef(string(fw.ID), c.ID)
	card := Card{Ref: ref, Title: c.Title}
	if err := b.asked(&card, fw.ID, c.ID); err != nil {
		return card, err
	}
	if t := c.Typical; t != nil {
		card.add("typical owner", fmt.Sprintf("IaaS %s, PaaS %s, SaaS %s; a cross-check, never applied by itself", t.IaaS, t.PaaS, t.SaaS), fw.Source)
	}
	if err := b.crosswalks(&card, ref, ""); err != nil {
		return card, err
	}
	return card, b.notes(&card, ref)
}

// asked adds the questions of a control.
func (b *browser) asked(card *Card, framework caiq.FrameworkID, control string) error {
	for _, fid := range b.lib.FormatIDs() {
		f, err := b.lib.Format(fid)
		if err != nil {
			return err
		}
		if f.Framework != framework {
			continue
		}
		var asked []string
		for _, q := range f.Questions {
			if q.Control == control {
				asked = append(asked, string(f.Ref(q)))
			}
		}
		card.add("asked by", "", f.Title, asked...)
	}
	return nil
}

// crosswalks adds where a control leads, and what leads to it. Of missing parts
// a question sees those that it asks for.
func (b *browser) crosswalks(card *Card, control caiq.Ref, question string) error {
	for _, pair := range b.lib.Crosswalks() {
		if control.Set() != string(pair.From) && control.Set() != string(pair.To) {
			continue
		}
		cw, err := b.lib.Crosswalk(pair.From, pair.To)
		if err != nil {
			return err
		}
		for _, e := range cw.Entries {
			switch {
			case control.Set() == string(pair.From) && e.Control == control.ID():
				card.entry(cw, e, question)
			case control.Set() == string(pair.To) && slices.Contains(e.To, control.ID()):
				card.add("reached from", gapText(e), cw.Source, string(caiq.MakeRef(string(cw.From), e.Control)))
			}
		}
	}
	return nil
}

func (c *Card) entry(cw *caiq.Crosswalk, e caiq.CrosswalkEntry, question string) {
	c.add(string(cw.To), gapText(e), cw.Source, e.To...)
	for _, part := range e.Missing {
		if question == "" || slices.Contains(part.Questions, question) {
			c.add("not shown", partText(part), cw.Source)
		}
	}
	c.add("carried instead by", e.CarriedBy, cw.Source)
	c.add("certified by", e.Certified.String(), cw.Source)
	c.add("note", e.Note, cw.Source)
}

// partText tells a part, who asks for it, and what shows it instead.
func partText(p caiq.Part) string {
	text := fmt.Sprintf("%s; part %s, asked by %s", p.Text, p.ID, strings.Join(p.Questions, ", "))
	if by := p.Certified.String(); by != "" {
		text += "; certified by " + by
	}
	if p.Pentest {
		text += "; shown by a penetration test"
	}
	return text
}

func gapText(e caiq.CrosswalkEntry) string {
	if e.Same {
		return "the same control"
	}
	return "gap " + string(e.Gap)
}

// notes adds who does what: in general, and by provider.
func (b *browser) notes(card *Card, control caiq.Ref) error {
	notes, err := b.lib.Responsibilities(control)
	if err != nil {
		return err
	}
	for _, n := range notes {
		card.responsibility("", n)
	}
	for _, id := range b.lib.ProviderNoteIDs() {
		provider, err := b.lib.ProviderResponsibilities(id)
		if err != nil {
			return err
		}
		for _, n := range provider.Notes {
			if string(provider.Framework) == control.Set() && n.Control == control.ID() {
				card.responsibility(id+": ", n)
			}
		}
	}
	return nil
}

func (c *Card) responsibility(prefix string, n caiq.Responsibility) {
	const source = "own judgement from public knowledge"
	c.add(prefix+"provider", n.Provider, source)
	c.add(prefix+"service", n.Service, source)
	c.add(prefix+"customer", n.Customer, source)
	for _, model := range []string{"iaas", "paas", "saas", "infrastructure", "managed", "serverless"} {
		c.add(prefix+model, n.Models[model], source)
	}
	c.add(prefix+"ask to see", n.Evidence, source)
}

func (b *browser) criterion(fw *caiq.Framework, c caiq.Criterion) (Card, error) {
	ref := caiq.MakeRef(string(fw.ID), c.ID)
	card := Card{Ref: ref, Title: c.Title}
	card.add("category", string(c.Category), fw.Source)
	return card, b.crosswalks(&card, ref, "")
}
