package answer

import "caique/internal/caiq"

// view is what an audience may be told of a profile, by address. The same
// profile has one view with everything, by which answers are decided, and one
// for the audience, from which they are worded.
type view struct {
	profile    *caiq.Profile
	controls   map[caiq.Ref][]hit[caiq.CompanyControl]
	cuecs      map[caiq.Ref][]hit[caiq.Duty]
	csocs      map[caiq.Ref][]hit[caiq.Duty]
	useOf      map[*caiq.Duty]*caiq.Use // by CSOC
	exclusions map[caiq.Ref][]hit[caiq.Exclusion]
	answers    map[caiq.Ref]*caiq.DirectAnswer
}

// hit is something that speaks to a reference, with words of its own or "".
type hit[T any] struct {
	what *T
	says string
	at   caiq.Ref
}

// newView indexes what is visible to the audience, and reports whether
// something was left out.
func newView(p *caiq.Profile, audience caiq.Release) (*view, bool) {
	v := &view{
		profile:    p,
		controls:   make(map[caiq.Ref][]hit[caiq.CompanyControl]),
		cuecs:      make(map[caiq.Ref][]hit[caiq.Duty]),
		csocs:      make(map[caiq.Ref][]hit[caiq.Duty]),
		useOf:      make(map[*caiq.Duty]*caiq.Use),
		exclusions: make(map[caiq.Ref][]hit[caiq.Exclusion]),
		answers:    make(map[caiq.Ref]*caiq.DirectAnswer),
	}
	hidden := false
	shown := func(r caiq.Release) bool {
		ok := r.VisibleTo(audience)
		hidden = hidden || !ok
		return ok
	}
	for i := range p.Controls {
		if c := &p.Controls[i]; shown(c.Release) {
			index(v.controls, c, c.Addresses)
		}
	}
	for i := range p.CUECs {
		if d := &p.CUECs[i]; shown(d.Release) {
			index(v.cuecs, d, d.Addresses)
		}
	}
	for i := range p.Exclusions {
		if x := &p.Exclusions[i]; shown(x.Release) {
			index(v.exclusions, x, x.Addresses)
		}
	}
	for i := range p.Answers {
		if a := &p.Answers[i]; shown(a.Release) {
			v.answers[a.Question] = a
		}
	}
	for i := range p.Uses {
		v.addUse(&p.Uses[i], shown)
	}
	return v, hidden
}

func (v *view) addUse(u *caiq.Use, shown func(caiq.Release) bool) {
	for i := range u.CSOCs {
		if d := &u.CSOCs[i]; shown(d.Release) {
			v.useOf[d] = u
			index(v.csocs, d, d.Addresses)
		}
	}
}

func index[T any](m map[caiq.Ref][]hit[T], what *T, addresses []caiq.Address) {
	for _, a := range addresses {
		m[a.Ref] = append(m[a.Ref], hit[T]{what, a.Says, a.Ref})
	}
}

// hitsAt returns what speaks to any of the references, each thing once, by its
// first address; an address with words of its own goes before one without.
func hitsAt[T any](m map[caiq.Ref][]hit[T], refs []caiq.Ref) []hit[T] {
	var out []hit[T]
	for _, ref := range refs {
		out = mergeHits(out, m[ref])
	}
	return out
}

func mergeHits[T any](list, more []hit[T]) []hit[T] {
next:
	for _, h := range more {
		for i := range list {
			if list[i].what == h.what {
				if list[i].says == "" && h.says != "" {
					list[i] = h
				}
				continue next
			}
		}
		list = append(list, h)
	}
	return list
}

// withPart returns the references of one part of the controls.
func withPart(controls []caiq.Ref, part string) []caiq.Ref {
	out := make([]caiq.Ref, len(controls))
	for i, c := range controls {
		out[i] = caiq.Ref(string(c) + "#" + part)
	}
	return out
}
