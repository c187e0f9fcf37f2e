package answer

import (
	"slices"

	"caique/internal/caiq"
)

// depth is how specific the ground of an answer is.
type depth int

const (
	onNothing  depth = iota
	onMapped         // controls of other versions, over a crosswalk that is not exact
	onControl        // the question's control
	onAlike          // a question that asks something alike
	onQuestion       // the question itself
)

// ground is who speaks to a question at the most specific depth that is known.
type ground struct {
	at     *reach
	depth  depth
	ours   []claim          // implemented
	lacks  []claim          // planned, absent or failed
	duties []hit[caiq.Duty] // CSOCs for more than a part
	parts  []partGround
	bundle *bundle // of onAlike and onMapped
	// pieces are the grounds of a bundle's members, which only together answer; of
	// any other question, itself alone.
	pieces []*ground
	// silent lists what a bundle needs and nobody addresses.
	silent []caiq.Ref
}

// claim is one control of the profile that speaks to the question.
type claim struct {
	control *caiq.CompanyControl
	text    string // its own words for these addresses, or its statement
	at      []caiq.Ref
	homes   []*mapping // of every piece that it speaks to
	gap     caiq.Gap   // the worst of the crosswalk entries it was reached over
	standing
}

// partGround is who speaks to a part that the criteria do not show.
type partGround struct {
	caiq.Part
	ref    caiq.Ref // control and part
	ours   []claim
	lacks  []claim
	duties []hit[caiq.Duty]
	// whole is set when what speaks to all of a piece speaks to this part of it too.
	whole  bool
	pieces []*ground // that ask for it
}

// spot is who speaks to some references.
type spot struct {
	controls []hit[caiq.CompanyControl]
	duties   []hit[caiq.Duty]
}

func (v *view) spot(refs []caiq.Ref) spot {
	return spot{hitsAt(v.controls, refs), hitsAt(v.csocs, refs)}
}

func (s spot) empty() bool { return len(s.controls) == 0 && len(s.duties) == 0 }

// ground finds the most specific depth at which somebody speaks to the question.
func (v *view) ground(r *reach) *ground {
	question, control := v.spot(r.exact), v.spot(r.controls)
	switch {
	case !question.empty():
		return v.onQuestion(r, question, control)
	case v.complete(r.near) != nil:
		return v.onBundle(r, v.complete(r.near), onAlike)
	}
	g := single(r, onControl)
	g.duties = control.duties
	g.add(control.controls, r.home)
	v.addParts(g)
	if !control.empty() || slices.ContainsFunc(g.parts, partGround.spoken) {
		return g
	}
	if b := v.complete(r.far); b != nil {
		return v.onBundle(r, b, onMapped)
	}
	g.depth, g.silent = onNothing, v.silent(slices.Concat(r.near, r.far))
	return g
}

// single is the ground of a question that is its own only piece.
func single(r *reach, d depth) *ground {
	g := &ground{at: r, depth: d}
	g.pieces = []*ground{g}
	return g
}

// onQuestion takes the words given to the question. Where a provider alone is
// named for it, our controls for the whole control still have their share; where
// the question is answered by what is lacking, they are in place meanwhile.
func (v *view) onQuestion(r *reach, question, control spot) *ground {
	g := single(r, onQuestion)
	g.duties = mergeHits(question.duties, control.duties)
	g.add(question.controls, r.home)
	if len(g.ours) == 0 {
		lacks := g.lacks
		g.add(control.controls, r.home)
		g.lacks = lacks
	}
	v.addParts(g)
	g.coverParts()
	return g
}

// coverParts notes that what speaks to the question covers its parts too.
func (g *ground) coverParts() {
	for n := range g.parts {
		g.parts[n].whole = true
	}
	g.trimParts()
}

// trimParts leaves out, where all of a piece is spoken to, controls that speak to
// it and to the part as well: they have nothing to add by the part.
func (g *ground) trimParts() {
	for n := range g.parts {
		p := &g.parts[n]
		p.ours = slices.DeleteFunc(p.ours, func(c claim) bool { return p.whole && p.covered(c.control) })
	}
}

// covered reports whether a control speaks to a piece that asks for the part.
func (p *partGround) covered(c *caiq.CompanyControl) bool {
	return slices.ContainsFunc(p.pieces, func(piece *ground) bool { return piece.speaks(c) })
}

// onBundle puts together what is known of each member.
func (v *view) onBundle(r *reach, b *bundle, d depth) *ground {
	g := &ground{at: r, depth: d, bundle: b}
	for _, m := range b.members {
		piece := v.ground(b.within(r, m))
		for n := range piece.ours {
			piece.ours[n].gap = m.gap
		}
		g.gather(piece)
	}
	g.trimParts()
	return g
}

// within is where one member stands, alone. What criteria show of the question's
// own control goes before what they show of the member's.
func (b *bundle) within(r *reach, m member) *reach {
	at := &reach{position: m.position}
	at.controls = appendNew(slices.Clone(r.controls), m.controls...)
	if r.home != nil {
		at.home, at.parts = r.home, r.parts
	}
	at.parts = mergeParts(at.parts, b.parts)
	return at
}

// together is the ground of several places that only together answer.
func (v *view) together(places []*reach) *ground {
	g := &ground{}
	for _, r := range places {
		g.gather(v.ground(r))
	}
	return g
}

// gather adds a piece: a control that speaks to several speaks to all of them at
// once, and a part that several ask for is one.
func (g *ground) gather(piece *ground) {
	g.pieces = append(g.pieces, piece)
	for _, c := range piece.ours {
		g.ours = join(g.ours, c)
	}
	for _, c := range piece.lacks {
		g.lacks = join(g.lacks, c)
	}
	g.duties = mergeHits(g.duties, piece.duties)
	for _, p := range piece.parts {
		g.addPart(p)
	}
}

func (g *ground) addPart(p partGround) {
	at := slices.IndexFunc(g.parts, func(o partGround) bool { return o.ref == p.ref })
	if at < 0 {
		g.parts = append(g.parts, p)
		return
	}
	old := &g.parts[at]
	old.pieces = append(old.pieces, p.pieces...)
	for _, c := range p.ours {
		old.ours = join(old.ours, c)
	}
	for _, c := range p.lacks {
		old.lacks = join(old.lacks, c)
	}
	old.duties = mergeHits(old.duties, p.duties)
}

// join adds a claim to a list, or to what the same control claims there.
func join(list []claim, c claim) []claim {
	at := slices.IndexFunc(list, func(o claim) bool { return o.control == c.control })
	if at < 0 {
		return append(list, c)
	}
	o := &list[at]
	if o.text != c.text {
		o.text = sentence(o.text) + " " + sentence(c.text)
	}
	o.at, o.homes, o.gap = appendNew(slices.Clone(o.at), c.at...), appendNew(slices.Clone(o.homes), c.homes...), worseGap(o.gap, c.gap)
	return list
}

// speaks reports whether a control speaks to this piece.
func (g *ground) speaks(c *caiq.CompanyControl) bool {
	return slices.ContainsFunc(g.ours, func(o claim) bool { return o.control == c })
}

// oursIn returns our claims that speak to one piece, as they stand.
func (g *ground) oursIn(piece *ground) []claim {
	var out []claim
	for _, c := range g.ours {
		if piece.speaks(c.control) {
			out = append(out, c)
		}
	}
	return out
}

// add sorts hits into implemented controls and the others.
func (g *ground) add(hits []hit[caiq.CompanyControl], home *mapping) {
	for _, h := range hits {
		list := &g.ours
		if h.what.Status != caiq.Implemented {
			list = &g.lacks
		}
		same := func(o claim) bool { return o.control == h.what }
		if !slices.ContainsFunc(*list, same) {
			*list = append(*list, newClaim(h, home))
		}
	}
}

func newClaim(h hit[caiq.CompanyControl], home *mapping) claim {
	c := claim{control: h.what, text: h.says, at: []caiq.Ref{h.at}, homes: []*mapping{home}}
	if c.text == "" {
		c.text = h.what.Statement
	}
	return c
}

// addParts asks who speaks to each part that the question asks for.
func (v *view) addParts(g *ground) {
	for _, p := range g.at.parts {
		s := v.spot(withPart(g.at.controls, p.ID))
		pg := partGround{Part: p, ref: g.at.partRef(p.ID), duties: s.duties, pieces: []*ground{g}}
		for _, h := range s.controls {
			c := newClaim(h, nil)
			if h.what.Status == caiq.Implemented {
				pg.ours = append(pg.ours, c)
			} else {
				pg.lacks = append(pg.lacks, c)
			}
		}
		g.parts = append(g.parts, pg)
	}
}

// shownBy returns the parts that a control shows too which speaks to all of a piece.
func (g *ground) shownBy(c *claim) []*partGround {
	var out []*partGround
	for n := range g.parts {
		if p := &g.parts[n]; p.whole && p.covered(c.control) {
			out = append(out, p)
		}
	}
	return out
}

// homes returns what criteria show of each piece, once.
func (g *ground) homes() []*mapping {
	var out []*mapping
	for _, piece := range g.pieces {
		if piece.at.home != nil {
			out = appendNew(out, piece.at.home)
		}
	}
	return out
}

// allDuties returns the CSOCs for the question and for its parts, each once.
func (g *ground) allDuties() []hit[caiq.Duty] {
	all := slices.Clone(g.duties)
	for _, p := range g.parts {
		all = mergeHits(all, p.duties)
	}
	return all
}

func (p partGround) spoken() bool {
	return len(p.ours) > 0 || len(p.lacks) > 0 || len(p.duties) > 0
}

// complete returns the first bundle of which every member is addressed.
func (v *view) complete(bundles []bundle) *bundle {
	for i := range bundles {
		silent := func(m member) bool { return v.spot(m.refs).empty() }
		if !slices.ContainsFunc(bundles[i].members, silent) {
			return &bundles[i]
		}
	}
	return nil
}

// silent returns the members that nobody addresses of the first bundle of which
// some are.
func (v *view) silent(bundles []bundle) []caiq.Ref {
	for _, b := range bundles {
		var none []caiq.Ref
		for _, m := range b.members {
			if v.spot(m.refs).empty() {
				none = append(none, m.refs[0])
			}
		}
		if len(none) < len(b.members) {
			return none
		}
	}
	return nil
}

// refs returns all references of a bundle.
func (b *bundle) refs() []caiq.Ref {
	var out []caiq.Ref
	for _, m := range b.members {
		out = appendNew(out, m.refs...)
	}
	return out
}

// addresses returns the references under which something speaks to a member.
func (b *bundle) addresses() []caiq.Ref {
	var out []caiq.Ref
	for n := range b.members {
		out = appendNew(out, b.members[n].addresses()...)
	}
	return out
}

// shared returns the addresses of what is expected of customers in the question too.
func (b *bundle) shared() []caiq.Ref {
	var out []caiq.Ref
	for _, m := range b.members {
		out = appendNew(out, m.customers...)
	}
	return out
}

func mergeParts(a, b []caiq.Part) []caiq.Part {
	out := slices.Clone(a)
	for _, p := range b {
		if !slices.ContainsFunc(out, func(o caiq.Part) bool { return o.ID == p.ID }) {
			out = append(out, p)
		}
	}
	return out
}
