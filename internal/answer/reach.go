package answer

import (
	"fmt"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// position is where one question stands.
type position struct {
	// exact holds the question and those of other formats that ask the same.
	exact []caiq.Ref
	// controls holds the question's control and the same one of other versions.
	controls []caiq.Ref
	// home says what criteria show of the control; nil when no crosswalk tells.
	home *mapping
	// parts are those that the question asks and the criteria do not show.
	parts []caiq.Part
}

// reach is every reference that stands for one question, by how surely it does.
type reach struct {
	position
	// near holds questions that ask something alike.
	near []bundle
	// far holds controls of other versions that cover it more or less.
	far   []bundle
	steps []caiq.Step
}

// bundle is a set of members that only together stand for what is asked.
type bundle struct {
	members []member
	why     string // why the band is capped at partial; "" when it is not
	need    string // what a person can do about the cap
	steps   []caiq.Step
	// parts are those of the question that the bundle leaves out.
	parts []caiq.Part
}

// member is one question or control of a bundle with all that equal it.
type member struct {
	position
	refs []caiq.Ref // its questions, or its controls
	gap  caiq.Gap
	// customers holds the addresses of what is expected of customers here and in
	// the question alike.
	customers []caiq.Ref
}

// reach walks from a question to all that stands for it.
func (g *graph) reach(question caiq.Ref) *reach {
	p, steps := g.position(question)
	r := &reach{position: p, steps: steps}
	for _, edges := range []map[caiq.Ref][]lineageEdge{g.next, g.prev} {
		same, _ := g.carry(question, edges)
		for _, q := range append([]caiq.Ref{question}, same...) {
			r.near = append(r.near, g.nearOf(q, edges)...)
		}
	}
	for _, c := range r.controls {
		r.far = append(r.far, g.farOf(c, r)...)
	}
	return r
}

// position finds where a question stands. Steps with and against a direction never
// mix: two questions that came from one do not ask the same.
func (g *graph) position(question caiq.Ref) (position, []caiq.Step) {
	p := position{exact: []caiq.Ref{question}}
	var steps []caiq.Step
	for _, edges := range []map[caiq.Ref][]lineageEdge{g.next, g.prev} {
		same, how := g.carry(question, edges)
		p.exact = appendNew(p.exact, same...)
		steps = append(steps, how...)
	}
	for _, q := range p.exact {
		if c := g.control(q); c != "" {
			p.controls = appendNew(p.controls, g.same(c)...)
		}
	}
	g.findHome(&p)
	return p, steps
}

// carry follows the relations over which answers carry, in one direction.
func (g *graph) carry(from caiq.Ref, edges map[caiq.Ref][]lineageEdge) (found []caiq.Ref, steps []caiq.Step) {
	queue := []caiq.Ref{from}
	for i := 0; i < len(queue); i++ {
		for _, e := range edges[queue[i]] {
			if !e.relation.Carries() {
				continue
			}
			for _, to := range e.to {
				if slices.Contains(queue, to) {
					continue
				}
				queue, found = append(queue, to), append(found, to)
				steps = append(steps, caiq.Step{Kind: caiq.StepLineage, Ref: string(to), Depth: 1, Text: fmt.Sprintf(
					"This question of another version asks the same%s.", likeness(e))})
			}
		}
	}
	return found, steps
}

// nearOf returns the questions that one question continues in, or comes from,
// over relations that do not carry answers.
func (g *graph) nearOf(question caiq.Ref, edges map[caiq.Ref][]lineageEdge) []bundle {
	var out []bundle
	var merged []lineageEdge // only together do the questions that became one stand for it
	for _, e := range edges[question] {
		switch {
		case e.relation == caiq.LineageMerged:
			merged = append(merged, e)
		case !e.relation.Carries():
			out = append(out, g.alike(question, []lineageEdge{e}, edges))
		}
	}
	if len(merged) > 0 {
		out = append(out, g.alike(question, merged, edges))
	}
	return out
}

// alike makes one bundle of the questions that some edges of a question lead to.
func (g *graph) alike(question caiq.Ref, over []lineageEdge, edges map[caiq.Ref][]lineageEdge) bundle {
	var b bundle
	var asked []caiq.Ref
	var how []string
	for _, e := range over {
		asked, how = appendNew(asked, e.to...), appendNew(how, relationText(e))
		b.members = append(b.members, g.lineageMembers(e, edges)...)
		b.steps = append(b.steps, caiq.Step{Kind: caiq.StepLineage, Ref: joinRefs(e.to), Depth: 1, Text: fmt.Sprintf(
			"Asks something alike (%s).", relationText(e))})
	}
	ask := "asks"
	if len(asked) > 1 {
		ask = "together ask"
	}
	b.why = fmt.Sprintf("The answer was given to %s, which %s something alike but not the same (%s).", joinRefs(asked), ask, strings.Join(how, "; "))
	b.need = fmt.Sprintf("Check that the answer to %s answers this question too, or address %s itself.", joinRefs(asked), question)
	return b
}

// lineageMembers makes one member of each question that an edge leads to, with all
// that continue it alone.
func (g *graph) lineageMembers(first lineageEdge, edges map[caiq.Ref][]lineageEdge) []member {
	out := make([]member, 0, len(first.to))
	for _, ref := range first.to {
		found, shared := []caiq.Ref{ref}, map[caiq.Ref]bool{ref: first.shared()}
		for i := 0; i < len(found); i++ {
			for _, e := range edges[found[i]] {
				if !e.relation.Carries() && len(e.to) > 1 {
					continue
				}
				for _, to := range e.to {
					shared[to] = shared[to] || shared[found[i]] && e.shared()
				}
				found = appendNew(found, e.to...)
			}
		}
		m := member{refs: found, position: g.firstKnown(found)}
		m.exact = found
		for _, q := range found {
			if shared[q] {
				p, _ := g.position(q)
				m.customers = appendNew(m.customers, p.addresses()...)
			}
		}
		out = append(out, m)
	}
	return out
}

// firstKnown is the position of the first question whose criteria are known, or of
// the first.
func (g *graph) firstKnown(questions []caiq.Ref) position {
	var first position
	for n, q := range questions {
		p, _ := g.position(q)
		if p.home != nil {
			return p
		}
		if n == 0 {
			first = p
		}
	}
	return first
}

// farOf returns the controls of other versions that a crosswalk maps control to,
// one bundle an entry, and those that are mapped to it, all in one bundle.
func (g *graph) farOf(control caiq.Ref, r *reach) []bundle {
	var out []bundle
	for _, e := range g.down[control] {
		if !e.entry.Same {
			out = append(out, g.forward(control, e, r)...)
		}
	}
	if b, ok := g.backward(control); ok {
		out = append(out, b)
	}
	return out
}

// forward makes a bundle of the controls that an entry maps to and, where the
// chain goes on, a second one with those further on, which the worst gap caps.
func (g *graph) forward(control caiq.Ref, e controlEdge, r *reach) []bundle {
	first, chain := g.mapsTo(control, e, r), g.mapsTo(control, e, r)
	first.capGap(control, e, e.entry.Gap)
	worst, longer := e.entry.Gap, false
	for n, to := range e.to {
		m, gap := g.spread(to, g.down)
		worst = worseGap(worst, gap)
		longer = longer || len(m.refs) > len(first.members[n].refs)
		chain.members[n].refs, chain.members[n].controls = m.refs, m.controls
	}
	if !longer {
		return []bundle{first}
	}
	chain.capGap(control, e, worst)
	return []bundle{first, chain}
}

// mapsTo makes a bundle of the controls that an entry maps to.
func (g *graph) mapsTo(control caiq.Ref, e controlEdge, r *reach) bundle {
	b := bundle{parts: askedParts(g, control.Set(), e.entry, r.exact)}
	for _, to := range e.to {
		m := g.member(g.same(to))
		m.gap = e.entry.Gap
		b.members = append(b.members, m)
	}
	return b
}

// capGap says what a gap leaves out, if the entry does not name the parts itself.
func (b *bundle) capGap(control caiq.Ref, e controlEdge, gap caiq.Gap) {
	b.steps = []caiq.Step{{Kind: caiq.StepCrosswalk, Ref: string(control), Depth: 1, Text: fmt.Sprintf(
		"The crosswalk maps this control to %s (gap: %s).", joinRefs(e.to), gap)}}
	if gap == caiq.GapPartial && (len(e.entry.Missing) == 0 || e.entry.Gap != gap) {
		b.why = fmt.Sprintf("%s covers %s in part only.", joinRefs(e.to), control)
		b.need = fmt.Sprintf("Check that what is known for %s answers this question too, or address it itself.", joinRefs(e.to))
	}
}

// backward gathers the controls that are mapped to control; read backwards, a
// crosswalk does not say what they leave out.
func (g *graph) backward(control caiq.Ref) (bundle, bool) {
	var b bundle
	var from []caiq.Ref
	for _, e := range g.up[control] {
		if e.entry.Same {
			continue
		}
		m, _ := g.spread(e.to[0], g.up)
		m.gap = e.entry.Gap
		b.members = append(b.members, m)
		from = append(from, e.to[0])
	}
	if len(from) == 0 {
		return b, false
	}
	b.steps = []caiq.Step{{Kind: caiq.StepCrosswalk, Ref: string(control), Depth: 1, Text: fmt.Sprintf(
		"Read backwards, the crosswalk leads from this control to %s.", joinRefs(from))}}
	b.why = fmt.Sprintf("The chain leads by control alone, from %s back to %s: the question may ask something finer.", control, joinRefs(from))
	b.need = "Check that the answer fits this question, or address the question itself in the profile."
	return b, true
}

// spread returns a control with all that equal it and, over entries with one
// target, those that follow in the same direction; and the worst gap among the latter.
func (g *graph) spread(ref caiq.Ref, edges map[caiq.Ref][]controlEdge) (member, caiq.Gap) {
	found, worst := g.same(ref), caiq.GapNone
	for i := 0; i < len(found); i++ {
		for _, e := range edges[found[i]] {
			if len(e.to) == 1 && !slices.Contains(found, e.to[0]) {
				found = appendNew(found, g.same(e.to[0])...)
				worst = worseGap(worst, e.entry.Gap)
			}
		}
	}
	return g.member(found), worst
}

// member makes one of controls that stand for each other, with the first mapping
// to criteria among them.
func (g *graph) member(controls []caiq.Ref) member {
	m := member{refs: controls, position: position{controls: controls}}
	for _, c := range controls {
		if m.home == nil {
			m.home = g.criteria[c]
		}
	}
	return m
}

// findHome finds the crosswalk to criteria: that of the question's own control,
// or of the same control under another version where its own has none.
func (g *graph) findHome(p *position) {
	for _, c := range p.controls {
		if m := g.criteria[c]; m != nil {
			p.home = m
			p.parts = askedParts(g, c.Set(), m.entry, p.exact)
			return
		}
	}
}

// partRef names a part of what stands here.
func (p *position) partRef(id string) caiq.Ref {
	of := caiq.Ref("")
	switch {
	case p.home != nil:
		of = p.home.control
	case len(p.controls) > 0:
		of = p.controls[0]
	}
	return of + caiq.Ref("#"+id)
}

// askedParts returns the parts that an entry leaves unshown and that the
// question, under the version of the entry, asks for.
func askedParts(g *graph, framework string, e *caiq.CrosswalkEntry, questions []caiq.Ref) []caiq.Part {
	var out []caiq.Part
	for _, p := range e.Missing {
		asked := slices.ContainsFunc(questions, func(q caiq.Ref) bool {
			return g.framework(q) == framework && slices.Contains(p.Questions, q.ID())
		})
		if asked {
			out = append(out, p)
		}
	}
	return out
}

func worseGap(a, b caiq.Gap) caiq.Gap {
	rank := func(g caiq.Gap) int {
		return slices.Index([]caiq.Gap{caiq.GapNone, caiq.GapPartial, caiq.GapFull}, g)
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}

// likeness says how a question that asks the same does so, where that is more
// than the same words.
func likeness(e lineageEdge) string {
	if e.relation == caiq.LineageSame && e.note == "" {
		return ""
	}
	return " (" + relationText(e) + ")"
}

func relationText(e lineageEdge) string {
	if e.note == "" {
		return string(e.relation)
	}
	return string(e.relation) + ": " + trimStop(e.note)
}
