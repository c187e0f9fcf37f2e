package answer

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"caique/internal/caiq"
)

// Catalogue is what questions are matched against: the questions of one format,
// with all that is known of the controls they belong to.
type Catalogue struct {
	Format    *caiq.Format
	Framework *caiq.Framework // of the format's controls
	Criteria  *caiq.Framework
	Topics    []caiq.Topic
	Notes     map[string]caiq.Responsibility // by control id
	Terms     map[string][]string            // by control or criterion id
	Beside    map[string][]string            // asked near a control, by its id, and by no question
	Kin       map[caiq.Ref][]caiq.Ref        // questions of other versions that ask nearly the same
	Lexicon   *caiq.Lexicon
	Model     *caiq.MatchModel

	learning sync.Once // of what is above, which then stays as it is
	learned  learned
}

// learned is what a catalogue says, taken apart.
type learned struct {
	reader *reader
	groups map[string]*group     // by control id
	known  map[string][]*subject // by passage id
}

// Passages returns what an index must hold for the matcher to retrieve from,
// concepts included, in a fixed order.
func (c *Catalogue) Passages() []caiq.Passage {
	l := c.learn()
	var all []caiq.Passage
	add := func(kind caiq.PassageKind, ref caiq.Ref, n int, title, text string, readings ...*reading) {
		p := caiq.Passage{ID: passageID(kind, ref, n), Kind: kind, Refs: []caiq.Ref{ref}, Title: title, Text: text}
		for _, t := range readings {
			for _, concept := range t.concepts {
				if !slices.Contains(p.Concepts, concept) {
					p.Concepts = append(p.Concepts, concept)
				}
			}
		}
		all = append(all, p)
	}
	titles := c.titles()
	for _, q := range c.questions() {
		title := titles[q.control]
		for i, t := range l.known[passageID(caiq.PassageTopic, q.refs[0], 0)][0].texts {
			kind, text := caiq.PassageTopic, q.topic
			if i > 0 {
				kind, text = caiq.PassageAlso, q.also[i-1]
			}
			if g := l.groups[q.control]; g != nil {
				add(kind, q.refs[0], i, title, text, g.title, t)
			} else {
				add(kind, q.refs[0], i, title, text, t)
			}
		}
	}
	for _, control := range c.controls() {
		ref, g := c.controlRef(control.ID), l.groups[control.ID]
		add(caiq.PassageControl, ref, 0, control.Title, strings.Join(c.Terms[control.ID], "; "), g.terms...)
		if n, ok := c.Notes[control.ID]; ok {
			add(caiq.PassageNote, ref, 0, control.Title, n.Service+" "+n.Evidence, append([]*reading{g.title}, g.notes...)...)
		}
		for i, text := range c.Beside[control.ID] {
			add(caiq.PassageBeside, ref, i+1, control.Title, text, append([]*reading{g.title}, l.known[passageID(caiq.PassageBeside, ref, i+1)][0].texts...)...)
		}
	}
	return all
}

// passageID names a passage of a kind about a question or control; n counts from 1
// where there are several.
func passageID(kind caiq.PassageKind, ref caiq.Ref, n int) string {
	id := string(kind) + ":" + string(ref)
	if n > 0 {
		id += ":" + strconv.Itoa(n)
	}
	return id
}

func (c *Catalogue) controls() []caiq.Control {
	if c.Framework == nil {
		return nil
	}
	return c.Framework.Controls
}

func (c *Catalogue) controlRef(id string) caiq.Ref { return caiq.MakeRef(string(c.Framework.ID), id) }

func (c *Catalogue) titles() map[string]string {
	titles := make(map[string]string)
	for _, control := range c.controls() {
		titles[control.ID] = control.Title
	}
	return titles
}

// asked is a question of the format with our words for it.
type asked struct {
	refs    []caiq.Ref // the format's own first
	control string
	topic   string
	also    []string
}

// questions lists the format's questions that have a topic; those that share one
// are one. What their kin are asked as is one more way to put them.
func (c *Catalogue) questions() []asked {
	controls := make(map[caiq.Ref]string)
	if c.Format != nil {
		for _, q := range c.Format.Questions {
			controls[c.Format.Ref(q)] = q.Control
		}
	}
	topics := make(map[caiq.Ref]*caiq.Topic)
	for i := range c.Topics {
		for _, ref := range c.Topics[i].Questions {
			topics[ref] = &c.Topics[i]
		}
	}
	var all []asked
	for _, t := range c.Topics {
		a := asked{topic: t.Topic, also: slices.Clone(t.Also)}
		for _, ref := range t.Questions {
			if control, ok := controls[ref]; ok {
				a.refs = append(a.refs, ref)
				if a.control == "" {
					a.control = control
				}
				for _, kin := range c.Kin[ref] {
					if k := topics[kin]; k != nil && k.Topic != t.Topic {
						a.also = append(append(a.also, k.Topic), k.Also...)
					}
				}
			}
		}
		if len(a.refs) > 0 {
			all = append(all, a)
		}
	}
	return all
}

// learn takes the catalogue apart, once.
func (c *Catalogue) learn() *learned {
	c.learning.Do(func() {
		r := newReader(c.Lexicon)
		var texts []string
		for _, t := range c.Topics {
			texts = append(append(texts, t.Topic), t.Also...)
		}
		for _, control := range c.controls() {
			texts = append(append(texts, control.Title), c.Terms[control.ID]...)
			if n, ok := c.Notes[control.ID]; ok {
				texts = append(texts, n.Service, n.Customer, n.Evidence)
			}
		}
		r.weigh(texts)
		c.learned.reader = r
		c.learned.groups, c.learned.known = c.groups(r)
		r.parsed = nil
	})
	return &c.learned
}

// subject is something a text may ask for: a question of the format, or a
// passage that stands for itself.
type subject struct {
	refs   []caiq.Ref
	group  *group // nil for passages that belong to no known control
	texts  []*reading
	all    vector // of all its texts
	centre vector // their sum
	usage  *usage // nil for what stands for itself
	whole  vector // and of its control's heading
	duties signSet
	often  signSet
	scopes signSet
	types  signSet
	renews bool // asks for a review at intervals
	beside bool // stands for what no question asks
	firm   signs
}

// signs are those that the topic shows, or at least two of the phrasings: a single one
// may put it too narrowly.
type signs struct{ often, scopes signSet }

func newSubject(refs []caiq.Ref, g *group, texts ...*reading) *subject {
	s := &subject{refs: refs, group: g, texts: texts}
	vs := make([]*vector, len(texts))
	for i, t := range texts {
		vs[i] = &t.terms
		s.duties |= t.duties
		s.often |= t.often
		s.scopes |= t.scopes
		s.types |= t.types
		s.renews = s.renews || t.renews
		for _, other := range texts[:i] {
			s.firm.often |= t.often & other.often
			s.firm.scopes |= t.scopes & other.scopes
		}
	}
	s.firm.often |= texts[0].often
	s.firm.scopes |= texts[0].scopes
	s.all, s.centre = union(vs...), sumOf(vs...)
	s.whole = s.all
	return s
}

// group is a control with all that is known of it.
type group struct {
	ref      caiq.Ref
	domain   string
	title    *reading
	field    *reading   // title of its domain
	terms    []*reading // title and index terms, one by one
	notes    []*reading // who does what, and what shows it
	all      vector     // of titles, terms, notes and its questions
	heading  vector     // of titles of control and domain, and terms
	subjects []*subject
}

// groups reads the catalogue. The second map finds subjects by passage id.
func (c *Catalogue) groups(r *reader) (map[string]*group, map[string][]*subject) {
	groups := make(map[string]*group)
	found := make(map[string][]*subject)
	domains := make(map[string]string)
	if c.Framework != nil {
		for _, d := range c.Framework.Domains {
			domains[d.ID] = d.Title
		}
	}
	for _, control := range c.controls() {
		g := &group{ref: c.controlRef(control.ID), domain: control.Domain, title: r.learn(control.Title)}
		g.terms = []*reading{g.title}
		for _, t := range c.Terms[control.ID] {
			g.terms = append(g.terms, r.learn(t))
		}
		groups[control.ID] = g
	}
	for _, q := range c.questions() {
		g := groups[q.control]
		texts := []*reading{r.learn(q.topic)}
		for _, t := range q.also {
			texts = append(texts, r.learn(t))
		}
		s := newSubject(q.refs, g, texts...)
		found[passageID(caiq.PassageTopic, q.refs[0], 0)] = []*subject{s}
		for i := range q.also {
			found[passageID(caiq.PassageAlso, q.refs[0], i+1)] = []*subject{s}
		}
		if g != nil {
			g.subjects = append(g.subjects, s)
		}
	}
	for id, g := range groups {
		c.finish(g, id, r, domains[g.domain])
		for i, text := range c.Beside[id] {
			s := newSubject([]caiq.Ref{g.ref}, g, r.learn(text))
			s.beside, s.whole = true, union(&s.all, &g.heading)
			found[passageID(caiq.PassageBeside, g.ref, i+1)] = []*subject{s}
		}
		found[passageID(caiq.PassageControl, g.ref, 0)] = g.subjects
		found[passageID(caiq.PassageNote, g.ref, 0)] = g.subjects
	}
	learnUsage(groups)
	return groups, found
}

func (c *Catalogue) finish(g *group, id string, r *reader, domain string) {
	var vs []*vector
	for _, t := range g.terms {
		vs = append(vs, &t.terms)
	}
	g.field = r.learn(domain)
	g.heading = union(append(slices.Clone(vs), &g.field.terms)...)
	if n, ok := c.Notes[id]; ok {
		g.notes = []*reading{r.learn(n.Service), r.learn(n.Evidence)}
		vs = append(vs, &g.notes[0].terms, &g.notes[1].terms)
	}
	for _, s := range g.subjects {
		vs = append(vs, &s.all)
		s.whole = union(&s.all, &g.heading)
	}
	g.all = union(vs...)
}
