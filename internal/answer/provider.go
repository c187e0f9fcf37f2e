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
	tasks  []task
	main   bool // expected to do more than a part
	// parts holds, by reference, how well a part is shown without SOC 2.
	parts      map[caiq.Ref]shown
	level      caiq.Level // of the task that is shown worst
	proved     bool       // every task is
	exceptions int
	controls   []string // the provider's that speak to it, as candidates
	monitor    *caiq.CompanyControl
	refusal    string // what the provider's profile says it lacks
	needs      []caiq.Need
	steps      []caiq.Step
}

// task is a piece of the question, or a part alone, that a provider is expected to
// do, and how well that is shown.
type task struct {
	piece  *ground
	part   *partGround // nil for more than a part
	duties []hit[caiq.Duty]
	shown
}

// shown is how well something is shown, and by what; by is nil for what rests on
// a party's own word.
type shown struct {
	level caiq.Level
	by    *caiq.Evidence
	claim *claim // whose evidence it is
}

// better keeps what shows something best.
func (s *shown) better(o shown) {
	if o.level > s.level {
		*s = o
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
			out = append(out, share{use: use, name: i.e.nameOf(use.Provider), parts: make(map[caiq.Ref]shown)})
		}
		out[at].duties = append(out[at].duties, d)
	}
	for n := range out {
		s := &out[n]
		for _, d := range s.duties {
			s.step(caiq.StepProvider, 1, own(i.v.profile, d.what.ID), "%s is expected to do its part (%s).", s.name, methodText(s.use))
		}
		i.assign(s)
		if s.use.Method == "inclusive" {
			i.proveInclusive(s)
		} else {
			i.proveCarvedOut(s)
		}
	}
	return out
}

// assign lists what a provider is expected to do: pieces of the question, and
// parts of those that it does not do as a whole.
func (i *inquiry) assign(s *share) {
	ofUse := func(ds []hit[caiq.Duty]) []hit[caiq.Duty] {
		return slices.DeleteFunc(slices.Clone(ds), func(d hit[caiq.Duty]) bool { return i.v.useOf[d.what] != s.use })
	}
	for _, piece := range i.g.pieces {
		if ds := ofUse(piece.duties); len(ds) > 0 {
			s.tasks, s.main = append(s.tasks, task{piece: piece, duties: ds}), true
		}
	}
	for n := range i.g.parts {
		p := &i.g.parts[n]
		if ds := ofUse(p.duties); len(ds) > 0 && !slices.ContainsFunc(p.pieces, s.does) {
			s.tasks = append(s.tasks, task{piece: p.pieces[0], part: p, duties: ds})
		}
	}
}

// does reports whether a provider is expected to do a piece of the question.
func (s *share) does(piece *ground) bool {
	return slices.ContainsFunc(s.tasks, func(t task) bool { return t.part == nil && t.piece == piece })
}

// settle sums up how well the tasks are shown.
func (s *share) settle() {
	s.level, s.proved = caiq.LevelTested, true
	for _, t := range s.tasks {
		s.level = min(s.level, t.level)
		s.proved = s.proved && t.level > caiq.LevelReported
	}
	if s.proved {
		s.needs = nil
	}
}

// proveInclusive has our own reports speak for a provider that they include.
func (i *inquiry) proveInclusive(s *share) {
	s.party = i.v.profile
	for n := range s.tasks {
		t := &s.tasks[n]
		j := i.judge(t.piece.at.home)
		if t.part != nil {
			j = j.forPart(&t.part.Part)
		}
		i.weighReports(s, t, j)
		switch {
		case t.level > caiq.LevelReported:
		case t.level == caiq.LevelReported:
			s.needs = appendNew(s.needs, i.unconfirmed(s.party, t.by))
		default:
			s.unproved("No report of ours in force covers the part of " + s.name + ".")
		}
	}
	s.settle()
}

// weighReports looks for the report of ours that shows a task best.
func (i *inquiry) weighReports(s *share, t *task, j judge) {
	for n := range i.v.profile.Evidence {
		e := &i.v.profile.Evidence[n]
		if !e.Kind.SOC2() {
			continue
		}
		v := j.weigh(e, nil)
		s.evidenceStep(own(i.v.profile, e.ID), v)
		if v.code == "" && (v.level > t.level || v.level == t.level && later(e, t.by)) {
			t.shown = shown{level: v.level, by: e}
		}
	}
}

// proveCarvedOut looks at the provider's own controls and their evidence, at each
// piece of the question that it has to do with.
func (i *inquiry) proveCarvedOut(s *share) {
	i.findMonitor(s)
	v := i.e.views[s.use.Provider]
	if v == nil {
		s.unproved("The profile of " + s.name + " is not known.")
		return
	}
	s.party = v.profile
	var places []*reach
	for _, t := range s.tasks {
		places = appendNew(places, t.piece.at)
	}
	g := v.together(places)
	if len(g.lacks) > 0 {
		c := g.lacks[0].control
		s.refusal = fmt.Sprintf("%s's control %s is %s", s.name, c.ID, c.Status)
		s.step(caiq.StepProvider, 2, own(v.profile, c.ID), "%s (%s).", c.Title, c.Status)
		return
	}
	i.weighAll(s, g)
	for n := range s.tasks {
		i.prove(s, &s.tasks[n], g, g.pieces[slices.Index(places, s.tasks[n].piece.at)])
	}
	s.settle()
}

// weighAll weighs the provider's controls and keeps those that operate.
func (i *inquiry) weighAll(s *share, g *ground) {
	weigh := func(list []claim, part *caiq.Part) []claim {
		var out []claim
		for _, c := range list {
			if i.weighProvider(s, &c, part) {
				i.weighShown(s, g, &c)
				out = append(out, c)
			}
		}
		return out
	}
	g.ours = weigh(g.ours, nil)
	for n := range g.parts {
		g.parts[n].ours = weigh(g.parts[n].ours, &g.parts[n].Part)
	}
}

// weighShown tells what certificates show of the parts that go with a control.
func (i *inquiry) weighShown(s *share, g *ground, c *claim) {
	for _, p := range g.shownBy(c) {
		for _, v := range i.judgeOf(s).partVerdicts(c.control, &p.Part) {
			s.step(caiq.StepEvidence, 3, own(s.party, v.evidence.ID), "%s", partVerdictText(p, v))
		}
	}
}

// judgeOf weighs a provider's evidence.
func (i *inquiry) judgeOf(s *share, homes ...*mapping) judge {
	return judge{graph: i.e.graph, party: s.party, asOf: i.e.opt.AsOf, homes: homes, scope: s.use}
}

// prove finds what shows a task; theirs is the provider's ground at its piece.
// What speaks to a whole piece shows its parts too.
func (i *inquiry) prove(s *share, t *task, g, theirs *ground) {
	ours := g.oursIn(theirs)
	for n := range ours {
		if t.part == nil {
			t.better(shown{ours[n].level, ours[n].by, &ours[n]})
		}
	}
	for n := range g.parts {
		p := &g.parts[n]
		if p.whole && slices.ContainsFunc(theirs.parts, func(o partGround) bool { return o.ref == p.ref }) {
			i.showShared(s, p, ours)
		}
		i.showShared(s, p, p.ours)
	}
	if t.part != nil {
		t.shown = s.parts[t.part.ref]
	}
	if t.level <= caiq.LevelReported {
		i.doubt(s, t, i.claimsOf(s, t, g, ours))
	}
}

// claimsOf returns the provider's controls that speak to a task, each as it stands
// for it; ours speak to the whole piece.
func (i *inquiry) claimsOf(s *share, t *task, g *ground, ours []claim) []claim {
	if t.part == nil {
		return ours
	}
	at := slices.IndexFunc(g.parts, func(p partGround) bool { return p.ref == t.part.ref })
	if at < 0 {
		return nil
	}
	p := &g.parts[at]
	claims := slices.Clone(p.ours)
	if p.whole {
		claims = append(claims, ours...)
	}
	for n := range claims {
		claims[n].standing = i.judgeOf(s).forPart(&p.Part).stand(claims[n].control)
	}
	return claims
}

// showShared keeps what of a provider's controls shows a part best.
func (i *inquiry) showShared(s *share, p *partGround, claims []claim) {
	best := s.parts[p.ref]
	for n := range claims {
		best.better(i.judgeOf(s).standPart(&claims[n], &p.Part))
	}
	s.parts[p.ref] = best
}

// weighProvider weighs one of the provider's controls, for a part if it is given;
// false when its auditor found that it does not operate.
func (i *inquiry) weighProvider(s *share, c *claim, part *caiq.Part) bool {
	j := i.judgeOf(s, c.homes...)
	if part != nil {
		j = j.forPart(part)
	}
	c.standing = j.stand(c.control)
	s.controls = appendNew(s.controls, own(s.party, c.control.ID)+" (addresses "+c.at[0].ID()+")")
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

// doubt says why nothing proves a task.
func (i *inquiry) doubt(s *share, t *task, claims []claim) {
	for _, c := range claims {
		i.doubtOf(s, c)
	}
	if len(claims) == 0 && len(s.needs) == 0 {
		s.unproved("No control of " + s.name + " addresses " + i.nameOf(t) + ".")
	}
}

// nameOf names a task as reasons do.
func (i *inquiry) nameOf(t *task) string {
	if t.piece.at == i.r || len(t.piece.at.exact) == 0 {
		return "this"
	}
	return string(t.piece.at.exact[0])
}

// doubtOf says why a control of the provider does not prove its side.
func (i *inquiry) doubtOf(s *share, c claim) {
	if c.level == caiq.LevelReported {
		s.step(caiq.StepProvider, 2, s.use.Provider, "Not proved: %s is not confirmed.", titleOf(c.by))
		s.needs = appendNew(s.needs, i.unconfirmed(s.party, c.by))
		return
	}
	for _, v := range c.verdicts {
		if v.code == codeOutOfScope || v.code == codeExpired {
			s.step(caiq.StepProvider, 2, s.use.Provider, "Not proved: %s.", v.why)
			s.needs = appendNew(s.needs, need(v.code, own(s.party, v.evidence.ID), "%s of %s does not count: %s.", v.evidence.Title, s.name, v.why))
			return
		}
	}
	switch {
	case c.level == caiq.LevelNone:
		s.unproved(fmt.Sprintf("Nothing stands behind control %s of %s.", c.control.ID, s.name))
	case isPentest(c.by):
		s.unproved(fmt.Sprintf("Control %s of %s rests on a penetration test alone.", c.control.ID, s.name))
	default:
		s.unproved(fmt.Sprintf("Control %s of %s rests on its own statement.", c.control.ID, s.name))
	}
}

// part returns how well the provider shows a part that it is expected to do.
func (s *share) part(p partGround) shown {
	expected := p.whole && slices.ContainsFunc(p.pieces, s.does) ||
		slices.ContainsFunc(s.duties, func(d hit[caiq.Duty]) bool { return holds(p.duties, d) })
	if !expected {
		return shown{}
	}
	return s.parts[p.ref]
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

func methodText(u *caiq.Use) string {
	if u.Method == "inclusive" {
		return "our report includes it"
	}
	return "our report carves it out"
}
