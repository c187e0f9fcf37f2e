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
	depth  depth
	ours   []claim          // implemented
	lacks  []claim          // planned, absent or failed
	duties []hit[caiq.Duty] // CSOCs for more than a part
	parts  []partGround
	bundle *bundle // of onAlike and onMapped
	// silent lists what a bundle needs and nobody addresses.
	silent []caiq.Ref
}

// claim is one control of the profile that speaks to the question.
type claim struct {
	control *caiq.CompanyControl
	text    string // its own words for this address, or its statement
	at      caiq.Ref
	home    *mapping
	gap     caiq.Gap // of the crosswalk entry it was reached over
	standing
}

// partGround is who speaks to a part that the criteria do not show.
type partGround struct {
	caiq.Part
	ours   []claim
	lacks  []claim
	duties []hit[caiq.Duty]
	// whole is set when something covers all that the question asks.
	whole bool
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
		return v.onBundle(r, v.complete(r.near), onAlike, control)
	}
	g := &ground{depth: onControl, duties: control.duties}
	g.add(control.controls, r.home, "")
	v.addParts(g, r.parts, r.controls)
	if !control.empty() || slices.ContainsFunc(g.parts, partGround.spoken) {
		return g
	}
	if b := v.complete(r.far); b != nil {
		return v.onBundle(r, b, onMapped, spot{})
	}
	return &ground{silent: v.silent(slices.Concat(r.near, r.far))}
}

// onQuestion takes the words given to the question. Where a provider alone is
// named for it, our controls for the whole control still have their share; where
// the question is answered by what is lacking, they are in place meanwhile.
func (v *view) onQuestion(r *reach, question, control spot) *ground {
	g := &ground{depth: onQuestion, duties: mergeHits(question.duties, control.duties)}
	g.add(question.controls, r.home, "")
	if len(g.ours) == 0 {
		lacks := g.lacks
		g.add(control.controls, r.home, "")
		g.lacks = lacks
	}
	v.addParts(g, r.parts, r.controls)
	g.coverParts()
	return g
}

// coverParts notes that what speaks to the question covers its parts too. A
// control that speaks to both has nothing to add by the part.
func (g *ground) coverParts() {
	for n := range g.parts {
		p := &g.parts[n]
		p.whole = true
		p.ours = slices.DeleteFunc(p.ours, func(c claim) bool {
			return slices.ContainsFunc(g.ours, func(o claim) bool { return o.control == c.control })
		})
	}
}

func (v *view) onBundle(r *reach, b *bundle, d depth, control spot) *ground {
	g := &ground{depth: d, bundle: b, duties: slices.Clone(control.duties)}
	controls := slices.Clone(r.controls)
	for _, m := range b.members {
		home := r.home
		if home == nil {
			home = m.home
		}
		s := v.spot(m.refs)
		g.add(s.controls, home, m.gap)
		g.duties = mergeHits(g.duties, s.duties)
		if d == onMapped {
			controls = appendNew(controls, m.refs...)
		}
	}
	v.addParts(g, mergeParts(r.parts, b.parts), controls)
	if d == onAlike {
		g.coverParts()
	}
	return g
}

// add sorts hits into implemented controls and the others.
func (g *ground) add(hits []hit[caiq.CompanyControl], home *mapping, gap caiq.Gap) {
	for _, h := range hits {
		c := newClaim(h, home, gap)
		list := &g.ours
		if h.what.Status != caiq.Implemented {
			list = &g.lacks
		}
		same := func(o claim) bool { return o.control == c.control }
		if !slices.ContainsFunc(*list, same) {
			*list = append(*list, c)
		}
	}
}

func newClaim(h hit[caiq.CompanyControl], home *mapping, gap caiq.Gap) claim {
	c := claim{control: h.what, text: h.says, at: h.at, home: home, gap: gap}
	if c.text == "" {
		c.text = h.what.Statement
	}
	return c
}

func (v *view) addParts(g *ground, parts []caiq.Part, controls []caiq.Ref) {
	for _, p := range parts {
		s := v.spot(withPart(controls, p.ID))
		pg := partGround{Part: p, duties: s.duties}
		for _, h := range s.controls {
			c := newClaim(h, nil, "")
			if h.what.Status == caiq.Implemented {
				pg.ours = append(pg.ours, c)
			} else {
				pg.lacks = append(pg.lacks, c)
			}
		}
		g.parts = append(g.parts, pg)
	}
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

func mergeParts(a, b []caiq.Part) []caiq.Part {
	out := slices.Clone(a)
	for _, p := range b {
		if !slices.ContainsFunc(out, func(o caiq.Part) bool { return o.ID == p.ID }) {
			out = append(out, p)
		}
	}
	return out
}

// customers returns what the profile expects of its customers for the question.
func (v *view) customers(r *reach, g *ground) []hit[caiq.Duty] {
	at := slices.Concat(r.exact, r.controls)
	for _, p := range r.parts {
		at = append(at, withPart(r.controls, p.ID)...)
	}
	if found := hitsAt(v.cuecs, at); len(found) > 0 {
		return found
	}
	if g.bundle != nil {
		return hitsAt(v.cuecs, g.bundle.refs())
	}
	return nil
}

// exclusion returns what declares the question not applicable, its date being
// no later than asOf, at a depth that nothing implemented goes below.
func (v *view) exclusion(r *reach, asOf caiq.Date) (hit[caiq.Exclusion], depth) {
	if x, ok := v.excludes(r.exact, asOf); ok {
		return x, onQuestion
	}
	if x, ok := v.excludesAll(r.near, asOf); ok {
		return x, onAlike
	}
	if x, ok := v.excludes(r.controls, asOf); ok {
		return x, onControl
	}
	if x, ok := v.excludesAll(r.far, asOf); ok {
		return x, onMapped
	}
	return hit[caiq.Exclusion]{}, onNothing
}

func (v *view) excludes(refs []caiq.Ref, asOf caiq.Date) (hit[caiq.Exclusion], bool) {
	for _, x := range hitsAt(v.exclusions, refs) {
		if !x.what.Date.After(asOf) {
			return x, true
		}
	}
	return hit[caiq.Exclusion]{}, false
}

// excludesAll returns the first exclusion of the first bundle whose members are all excluded.
func (v *view) excludesAll(bundles []bundle, asOf caiq.Date) (hit[caiq.Exclusion], bool) {
	for _, b := range bundles {
		var first hit[caiq.Exclusion]
		all := true
		for i, m := range b.members {
			x, ok := v.excludes(m.refs, asOf)
			all = all && ok
			if i == 0 {
				first = x
			}
		}
		if all {
			return first, true
		}
	}
	return hit[caiq.Exclusion]{}, false
}
