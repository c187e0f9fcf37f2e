package answer

import (
	"fmt"
	"slices"

	"caique/internal/caiq"
)

// share is what one provider does of what a question asks.
type share struct {
	use    *caiq.Use
	party  *caiq.Profile // the provider; nil when its profile is not known
	name   string
	duties []hit[caiq.Duty]
	main   bool // expected to do more than a part
	// level is how well the provider's side is proved; parts holds, by id, how
	// well without SOC 2.
	level      caiq.Level
	by         *caiq.Evidence
	parts      map[string]shown
	proved     bool
	exceptions int
	controls   []string // the provider's that speak to it, as candidates
	monitor    *caiq.CompanyControl
	refusal    string // what the provider's profile says it lacks
	needs      []caiq.Need
	steps      []caiq.Step
}

// shown is how well something is shown, and by what; by is nil for what rests on
// a party's own word.
type shown struct {
	level caiq.Level
	by    *caiq.Evidence
}

// showPart keeps what shows a part best.
func (s *share) showPart(id string, c *claim) {
	if c.other > s.parts[id].level {
		s.parts[id] = shown{c.other, c.otherBy}
	}
}

// shares weighs the provider's side of each use whose CSOCs reach the question.
func (i *inquiry) shares() []share {
	var out []share
	for _, d := range i.g.allDuties() {
		use := i.v.useOf[d.what]
		at := slices.IndexFunc(out, func(s share) bool { return s.use == use })
		if at < 0 {
			at = len(out)
			out = append(out, share{use: use, name: i.e.nameOf(use.Provider), parts: make(map[string]shown)})
		}
		out[at].duties = append(out[at].duties, d)
		out[at].main = out[at].main || holds(i.g.duties, d)
	}
	for n := range out {
		s := &out[n]
		for _, d := range s.duties {
			s.step(caiq.StepProvider, 1, own(i.v.profile, d.what.ID), "%s is expected to do its part (%s).", s.name, methodText(s.use))
		}
		if s.use.Method == "inclusive" {
			i.proveInclusive(s)
		} else {
			i.proveCarvedOut(s)
		}
	}
	return out
}

// proveInclusive has our own reports speak for a provider that they include.
func (i *inquiry) proveInclusive(s *share) {
	j := i.judge(i.homeOf(s))
	for n := range i.v.profile.Evidence {
		e := &i.v.profile.Evidence[n]
		if !e.Kind.SOC2() {
			continue
		}
		v := j.weigh(e, nil)
		s.evidenceStep(own(i.v.profile, e.ID), v)
		if v.code == "" && (v.level > s.level || v.level == s.level && later(e, s.by)) {
			s.level, s.by, s.proved = v.level, e, v.level > caiq.LevelReported
		}
	}
	s.party = i.v.profile
	switch {
	case s.proved:
	case s.level == caiq.LevelReported:
		s.needs = append(s.needs, i.unconfirmed(s.party, s.by))
	default:
		s.unproved("No report of ours in force covers the part of " + s.name + ".")
	}
}

// proveCarvedOut looks at the provider's own controls and their evidence.
func (i *inquiry) proveCarvedOut(s *share) {
	i.findMonitor(s)
	v := i.e.views[s.use.Provider]
	if v == nil {
		s.unproved("The profile of " + s.name + " is not known.")
		return
	}
	s.party = v.profile
	g := v.ground(i.r)
	if len(g.lacks) > 0 {
		c := g.lacks[0].control
		s.refusal = fmt.Sprintf("%s's control %s is %s", s.name, c.ID, c.Status)
		s.step(caiq.StepProvider, 2, own(v.profile, c.ID), "%s (%s).", c.Title, c.Status)
		return
	}
	i.weighMain(s, g)
	i.weighParts(s, g)
	switch {
	case s.proved:
		s.needs = nil
	case len(s.needs) == 0:
		s.unproved("No control of " + s.name + " addresses this.")
	}
}

// weighMain weighs the provider's controls for all but the parts. What speaks
// to the whole question shows its parts too.
func (i *inquiry) weighMain(s *share, g *ground) {
	for _, c := range g.ours {
		if !i.weighProvider(s, &c) {
			continue
		}
		for _, p := range g.parts {
			if p.whole {
				s.showPart(p.ID, &c)
			}
		}
		if s.main && c.level > s.level {
			s.level, s.by = c.level, c.by
		}
		if s.main && c.level > caiq.LevelReported {
			s.proved = true
		} else if s.main {
			i.doubt(s, c)
		}
	}
}

// weighParts weighs the provider's controls for the parts that it is expected to do.
func (i *inquiry) weighParts(s *share, g *ground) {
	for _, p := range g.parts {
		for _, c := range p.ours {
			if i.weighProvider(s, &c) {
				s.showPart(p.ID, &c)
				if !s.main && c.other > s.level {
					s.level, s.by = c.other, c.otherBy
				}
			}
		}
		part := s.parts[p.ID]
		switch {
		case s.main || part.level < caiq.LevelReported:
		case part.level == caiq.LevelReported:
			s.needs = appendNew(s.needs, i.unconfirmed(s.party, part.by))
		default:
			s.proved = true
		}
	}
}

// weighProvider weighs one of the provider's controls; false when its auditor
// found that it does not operate.
func (i *inquiry) weighProvider(s *share, c *claim) bool {
	j := judge{graph: i.e.graph, party: s.party, asOf: i.e.opt.AsOf, home: c.home, part: c.at.Part() != "", scope: s.use}
	c.standing = j.stand(c.control)
	s.controls = appendNew(s.controls, own(s.party, c.control.ID)+" (addresses "+c.at.ID()+")")
	s.step(caiq.StepProvider, 2, own(s.party, c.control.ID), "%s (of %s).", c.control.Title, s.name)
	for _, v := range c.verdicts {
		s.evidenceStep(own(s.party, v.evidence.ID), v)
	}
	if c.broken != "" {
		s.unproved(fmt.Sprintf("%s of %s does not count: %s.", c.control.ID, s.name, c.broken))
		return false
	}
	if len(c.exceptions) > 0 {
		s.exceptions += len(c.exceptions)
		s.step(caiq.StepDeviation, 3, own(s.party, c.control.ID), "The provider's auditor noted an exception.")
	}
	return true
}

// doubt says why a control of the provider does not prove its side.
func (i *inquiry) doubt(s *share, c claim) {
	if c.level == caiq.LevelReported {
		s.step(caiq.StepProvider, 2, s.use.Provider, "Not proved: %s is not confirmed.", titleOf(c.by))
		s.needs = appendNew(s.needs, i.unconfirmed(s.party, c.by))
		return
	}
	for _, v := range c.verdicts {
		if v.code == codeOutOfScope || v.code == codeExpired {
			s.step(caiq.StepProvider, 2, s.use.Provider, "Not proved: %s.", v.why)
			s.needs = append(s.needs, need(v.code, own(s.party, v.evidence.ID), "%s of %s does not count: %s.", v.evidence.Title, s.name, v.why))
			return
		}
	}
	if c.level == caiq.LevelNone {
		s.unproved(fmt.Sprintf("Nothing stands behind control %s of %s.", c.control.ID, s.name))
		return
	}
	if isPentest(c.by) {
		s.unproved(fmt.Sprintf("Control %s of %s rests on a penetration test alone.", c.control.ID, s.name))
		return
	}
	s.unproved(fmt.Sprintf("Control %s of %s rests on its own statement.", c.control.ID, s.name))
}

// part returns how well the provider shows a part that it is expected to do.
func (s *share) part(p partGround) shown {
	expected := p.whole && s.main || slices.ContainsFunc(s.duties, func(d hit[caiq.Duty]) bool { return holds(p.duties, d) })
	if !expected {
		return shown{}
	}
	return s.parts[p.ID]
}

// holds reports whether a list holds the same duty, at whatever address.
func holds(list []hit[caiq.Duty], d hit[caiq.Duty]) bool {
	return slices.ContainsFunc(list, func(o hit[caiq.Duty]) bool { return o.what == d.what })
}

// findMonitor finds the control by which we review the provider.
func (i *inquiry) findMonitor(s *share) {
	c := i.e.all.profile.ControlByID(s.use.MonitoredBy)
	if c != nil && c.Status == caiq.Implemented {
		s.monitor = c
		s.step(caiq.StepMonitor, 2, own(i.v.profile, c.ID), "%s: this is how %s is reviewed.", c.Title, s.name)
		return
	}
	s.step(caiq.StepMonitor, 2, own(i.v.profile, s.use.Provider), "No implemented control reviews %s.", s.name)
}

func (s *share) monitored() bool { return s.monitor != nil || s.use.Method == "inclusive" }

func (s *share) unproved(why string) {
	s.step(caiq.StepProvider, 2, s.use.Provider, "%s", why)
	s.needs = append(s.needs, need(codeUnproved, s.use.Provider, "The part of %s is not proved: %s", s.name, why))
}

func (s *share) step(kind caiq.StepKind, depth int, ref, format string, args ...any) {
	s.steps = append(s.steps, caiq.Step{Kind: kind, Ref: ref, Depth: depth, Text: fmt.Sprintf(format, args...)})
}

func (s *share) evidenceStep(ref string, v verdict) {
	s.step(caiq.StepEvidence, 3, ref, "%s", verdictText(v))
}

// homeOf returns the criteria behind what a provider's duties address.
func (i *inquiry) homeOf(*share) *mapping {
	if i.r.home != nil || i.g.bundle == nil {
		return i.r.home
	}
	return i.g.bundle.members[0].home
}

func methodText(u *caiq.Use) string {
	if u.Method == "inclusive" {
		return "our report includes it"
	}
	return "our report carves it out"
}
