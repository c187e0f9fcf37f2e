package mapping

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// catalogue answers which identifiers exist, for checks of references. What it
// needs of the library it loads when first asked. A file that is itself
// malformed is reported where it stands; references into it pass.
type catalogue struct {
	library    *Library
	today      caiq.Date // by which dates are judged; zero for none
	frameworks map[string]*caiq.Framework
	controls   map[string]map[string]bool
	questions  map[string]map[string]string // format → question → control
	criteria   map[string]caiq.Category
	toCriteria map[string]map[string]caiq.CrosswalkEntry // framework → control → entry
	same       map[caiq.Ref][]caiq.Ref
	firstParts map[string]certifiedPart // part id → where it stands first
}

func newCatalogue(l *Library) *catalogue {
	return &catalogue{
		library:    l,
		frameworks: make(map[string]*caiq.Framework),
		controls:   make(map[string]map[string]bool),
		questions:  make(map[string]map[string]string),
		toCriteria: make(map[string]map[string]caiq.CrosswalkEntry),
	}
}

// lookup is the outcome of asking for an identifier.
type lookup int

const (
	known   lookup = iota
	unknown        // the set is known and has no such identifier
	noSet          // there is no such set
)

func found(ok bool) lookup {
	if ok {
		return known
	}
	return unknown
}

// controlsOf returns the controls or criteria of a framework; nil where it
// cannot be loaded, with the reason.
func (c *catalogue) controlsOf(set string) (map[string]bool, error) {
	if ids, ok := c.controls[set]; ok {
		return ids, nil
	}
	f, err := c.library.Framework(caiq.FrameworkID(set))
	if err != nil {
		return nil, err
	}
	ids := make(map[string]bool, len(f.Controls)+len(f.Criteria))
	for _, x := range f.Controls {
		ids[x.ID] = true
	}
	for _, x := range f.Criteria {
		ids[x.ID] = true
	}
	c.controls[set] = ids
	return ids, nil
}

func (c *catalogue) control(set, id string) lookup {
	ids, err := c.controlsOf(set)
	if err != nil {
		return missingSet(err)
	}
	return found(ids[id])
}

func missingSet(err error) lookup {
	if caiq.KindOf(err) == caiq.NotFound {
		return noSet
	}
	return known
}

// questionsOf maps each question of a format to its control.
func (c *catalogue) questionsOf(set string) (map[string]string, error) {
	if ids, ok := c.questions[set]; ok {
		return ids, nil
	}
	f, err := c.library.Format(caiq.FormatID(set))
	if err != nil {
		return nil, err
	}
	ids := make(map[string]string, len(f.Questions))
	for _, q := range f.Questions {
		ids[q.ID] = q.Control
	}
	c.questions[set] = ids
	return ids, nil
}

func (c *catalogue) question(set, id string) lookup {
	ids, err := c.questionsOf(set)
	if err != nil {
		return missingSet(err)
	}
	_, ok := ids[id]
	return found(ok)
}

// category returns a criterion's category; false when there is no such criterion.
func (c *catalogue) category(criterion string) (caiq.Category, bool) {
	if c.criteria == nil {
		c.criteria = make(map[string]caiq.Category)
		if f, err := c.library.Framework(criteria); err == nil {
			for _, x := range f.Criteria {
				c.criteria[x.ID] = x.Category
			}
		}
	}
	category, ok := c.criteria[criterion]
	return category, ok
}

// entry returns how a control maps to the criteria; false where that is not known.
func (c *catalogue) entry(control caiq.Ref) (caiq.CrosswalkEntry, bool) {
	set := control.Set()
	entries, ok := c.toCriteria[set]
	if !ok {
		entries = make(map[string]caiq.CrosswalkEntry)
		if cw, err := c.library.Crosswalk(caiq.FrameworkID(set), criteria); err == nil {
			for _, e := range cw.Entries {
				entries[e.Control] = e
			}
		}
		c.toCriteria[set] = entries
	}
	e, ok := entries[control.ID()]
	return e, ok
}

func (c *catalogue) part(ref caiq.Ref) bool {
	e, _ := c.entry(ref)
	return slices.ContainsFunc(e.Missing, func(p caiq.Part) bool { return p.ID == ref.Part() })
}

// controlOf returns the control that a reference belongs to: of a question, a
// part or itself.
func (c *catalogue) controlOf(ref caiq.Ref) caiq.Ref {
	if !ref.IsQuestion() {
		return ref.WithoutPart()
	}
	f, err := c.library.Format(caiq.FormatID(ref.Set()))
	if err != nil || f.Framework == "" {
		return ""
	}
	ids, err := c.questionsOf(ref.Set())
	if err != nil || ids[ref.ID()] == "" {
		return ""
	}
	return caiq.MakeRef(string(f.Framework), ids[ref.ID()])
}

// controlsAddressed returns the controls that addresses speak to, with their
// equals in other versions.
func (c *catalogue) controlsAddressed(as []caiq.Address) map[caiq.Ref]bool {
	all := make(map[caiq.Ref]bool)
	for _, a := range as {
		control := c.controlOf(a.Ref)
		if control == "" {
			continue
		}
		all[control] = true
		for _, equal := range c.equals()[control] {
			all[equal] = true
		}
	}
	return all
}

// equals lists, for each control, the same control of other versions.
func (c *catalogue) equals() map[caiq.Ref][]caiq.Ref {
	if c.same != nil {
		return c.same
	}
	c.same = make(map[caiq.Ref][]caiq.Ref)
	for _, e := range c.library.edges(crosswalksDir) {
		if e.to == string(criteria) {
			continue
		}
		cw, err := c.library.Crosswalk(caiq.FrameworkID(e.from), caiq.FrameworkID(e.to))
		if err != nil {
			continue // reported in its own file
		}
		for _, entry := range cw.Entries {
			c.equal(e, entry)
		}
	}
	return c.same
}

func (c *catalogue) equal(e edge, entry caiq.CrosswalkEntry) {
	if !entry.Same {
		return
	}
	for _, to := range entry.To {
		a, b := caiq.MakeRef(e.from, entry.Control), caiq.MakeRef(e.to, to)
		c.same[a] = append(c.same[a], b)
		c.same[b] = append(c.same[b], a)
	}
}

// find looks a reference up and says what it is meant to name.
func (c *catalogue) find(ref caiq.Ref) (what string, outcome lookup) {
	switch set, id := ref.Set(), ref.ID(); {
	case ref.IsQuestion():
		return "question", c.question(set, id)
	case strings.HasPrefix(set, "ccm-"):
		return "control", c.control(set, id)
	default:
		return "control", noSet
	}
}

// ref checks a complete reference to a control, a part or a question.
func (c *catalogue) ref(at place, ref caiq.Ref) {
	if ref == "" {
		at.errorf("ref_missing", "a control, part or question is needed")
		return
	}
	set, id := ref.Set(), ref.ID()
	what, outcome := c.find(ref)
	switch {
	case outcome == noSet:
		at.errorf("unknown_version", "%q is no CCM or CAIQ version that is known here", clip(set))
	case outcome == unknown:
		at.errorf("unknown_"+what, "%s has no %s %q", set, what, clip(id))
	case ref.Part() != "" && (ref.IsQuestion() || !c.part(ref)):
		at.errorf("unknown_part", "%s has no part %q; parts are the missing entries of its crosswalk to %s", ref.WithoutPart(), clip(ref.Part()), criteria)
	}
}
