package answer

import (
	"cmp"
	"slices"

	"caique/internal/caiq"
)

// maxSaid is how many controls a description lets speak: more is a list that
// nobody reads.
const maxSaid = 3

// affirmation is what a Yes rests on.
type affirmation struct {
	said   []claim // in the order of the description
	shares []share
	parts  []shownPart
	level  caiq.Level
	limits []caiq.Need // what keeps the level where it is, the worst first
}

// shownPart is a part that the criteria do not show, with what does.
type shownPart struct {
	partGround
	shown
	of     *caiq.Profile // whose control and evidence it is
	theirs bool          // a provider's
	extra  bool          // our claim speaks to the part alone
}

// positive answers Yes where everything asked is addressed by something
// implemented that something stands behind; else it stays blank and says what misses.
func (i *inquiry) positive() {
	i.standAll()
	a := affirmation{shares: i.shares()}
	for _, s := range a.shares {
		i.p.Basis = append(i.p.Basis, s.steps...)
	}
	customers := i.customerSteps()
	if missing := i.missing(&a); len(missing) > 0 {
		i.blank(missing...)
		return
	}
	i.say(&a)
	i.gradeMain(&a)
	i.gradeParts(&a)
	i.capChain()
	i.capShares(&a)
	i.capExceptions(&a)
	i.p.Value = caiq.Yes
	i.p.Ownership = ownership(len(i.g.ours) > 0 || i.partsOurs(), len(a.shares) > 0, len(customers) > 0)
	i.p.Description = i.describe(&a)
	i.p.Customer = customerText(customers)
	i.p.Band = bandOf(a.level)
	i.p.Needs = append(i.p.Needs, a.limits...)
	for _, n := range a.limits {
		i.step(caiq.StepCap, 0, n.Ref, "At most partial: %s", n.Text)
	}
}

// standAll weighs the evidence of every implemented control that speaks.
func (i *inquiry) standAll() {
	for n := range i.g.ours {
		i.stand(&i.g.ours[n], i.judge(i.g.ours[n].homes...), 1)
	}
	for k := range i.g.parts {
		p := &i.g.parts[k]
		for n := range p.ours {
			i.stand(&p.ours[n], i.judge().forPart(&p.Part), 2)
		}
	}
}

func (i *inquiry) stand(c *claim, j judge, depth int) {
	c.standing = j.stand(c.control)
	ref := own(i.v.profile, c.control.ID)
	i.step(caiq.StepControl, depth, ref, "%s (%s; addresses %s).", c.control.Title, c.control.Status, joinRefs(c.at))
	for _, v := range c.verdicts {
		i.step(caiq.StepEvidence, depth+1, own(i.v.profile, v.evidence.ID), "%s", verdictText(v))
	}
	for _, p := range i.g.shownBy(c) {
		for _, v := range j.partVerdicts(c.control, &p.Part) {
			i.step(caiq.StepEvidence, depth+1, own(i.v.profile, v.evidence.ID), "%s", partVerdictText(p, v))
		}
	}
	switch {
	case c.level == caiq.LevelNone:
		i.step(caiq.StepEvidence, depth+1, ref, "Nothing stands behind it: it does not count.")
	case c.by == nil:
		i.step(caiq.StepEvidence, depth+1, ref, "Stated: %s.", statementText(c))
	}
	for _, x := range c.exceptions {
		i.step(caiq.StepDeviation, depth+1, own(i.v.profile, x.report.ID), "%s", exceptionStep(x))
	}
}

// missing lists why a Yes would say more than is known.
func (i *inquiry) missing(a *affirmation) []caiq.Need {
	var out []caiq.Need
	for _, c := range slices.Concat(i.g.ours, i.partClaims()) {
		if c.broken != "" {
			out = append(out, need(codeNotMet, own(i.v.profile, c.control.ID), "%s does not count: %s.", c.control.ID, c.broken))
		}
	}
	for _, s := range a.shares {
		if s.refusal != "" {
			out = append(out, need(codeRefused, s.use.Provider, "%s: the part of %s cannot be answered with Yes.", s.refusal, s.name))
		}
	}
	for _, c := range i.g.lacks {
		out = append(out, need(codeNegative, own(i.v.profile, c.control.ID), "%s, which the chain leads to, is %s (%s).", c.control.ID, c.control.Status, joinRefs(c.at)))
	}
	out = append(out, i.unaddressed()...)
	out = append(out, i.unbacked()...)
	return append(out, i.unproven(a)...)
}

// unaddressed lists the question's parts that nobody addresses.
func (i *inquiry) unaddressed() []caiq.Need {
	var out []caiq.Need
	if len(i.g.ours) == 0 && len(i.g.duties) == 0 {
		control := i.r.exact[0]
		if len(i.r.controls) > 0 {
			control = i.r.controls[0]
		}
		out = append(out, need(codePart, string(control), "Only a part of what is asked is addressed (%s): address %s or the question itself.",
			i.partNames(), control))
	}
	for _, p := range i.g.parts {
		if !p.whole && len(p.ours) == 0 && len(p.duties) == 0 {
			out = append(out, need(codePart, string(p.ref),
				"SOC 2 does not show %s, and nothing addresses it: let a control, certificate or statement address %s.", trimStop(p.Text), p.ref))
		}
	}
	return out
}

// unbacked lists what is addressed by nothing but controls that nothing stands behind.
func (i *inquiry) unbacked() []caiq.Need {
	var out []caiq.Need
	check := func(claims []claim, elsewhere bool) {
		counts := func(c claim) bool { return c.level > caiq.LevelNone }
		if elsewhere || len(claims) == 0 || slices.ContainsFunc(claims, counts) {
			return
		}
		for _, c := range claims {
			out = appendNew(out, i.evidenceNeeds(c)...)
		}
	}
	for _, piece := range i.g.pieces {
		check(i.g.oursIn(piece), false)
	}
	for _, p := range i.g.parts {
		check(p.ours, p.whole || len(p.duties) > 0)
	}
	return out
}

// say chooses the controls that speak: the best crosswalk gap first, then the
// best evidence, then the profile's order; of each piece of the question at least one.
func (i *inquiry) say(a *affirmation) {
	for _, c := range i.g.ours {
		if c.level > caiq.LevelNone {
			a.said = append(a.said, c)
		}
	}
	slices.SortStableFunc(a.said, func(x, y claim) int {
		return cmp.Or(cmp.Compare(gapRank(x.gap), gapRank(y.gap)), cmp.Compare(y.level, x.level))
	})
	keep := make(map[*caiq.CompanyControl]bool)
	for _, piece := range i.g.pieces {
		if n := slices.IndexFunc(a.said, func(c claim) bool { return piece.speaks(c.control) }); n >= 0 {
			keep[a.said[n].control] = true
		}
	}
	for _, c := range a.said {
		if len(keep) < maxSaid {
			keep[c.control] = true
		}
	}
	a.said = slices.DeleteFunc(a.said, func(c claim) bool { return !keep[c.control] })
}

// gradeMain takes the best of the controls that speak to each piece of the
// question, and of these and each provider's the worst.
func (i *inquiry) gradeMain(a *affirmation) {
	a.level = caiq.LevelTested
	for _, piece := range i.g.pieces {
		best := caiq.LevelNone
		for _, c := range a.said {
			if piece.speaks(c.control) {
				best = max(best, c.level)
			}
		}
		if best > caiq.LevelNone {
			a.level = min(a.level, best)
		}
	}
	for _, c := range a.said {
		if c.level == a.level && a.level < caiq.LevelCertified && !slices.Contains(c.homes, nil) {
			a.limit(i.liftMain(c))
			break
		}
	}
	for _, s := range a.shares {
		if s.main {
			a.level = min(a.level, max(s.level, caiq.LevelStated))
		}
	}
}

// liftMain says what would raise a claim that decides.
func (i *inquiry) liftMain(c claim) caiq.Need {
	if c.level == caiq.LevelReported {
		return i.unconfirmed(i.v.profile, c.by)
	}
	return i.liftNeed(c)
}

// gradeParts finds the best that shows each part SOC 2 leaves out.
func (i *inquiry) gradeParts(a *affirmation) {
	for _, p := range i.g.parts {
		s := i.showPart(p, a)
		a.parts = append(a.parts, s)
		a.level = min(a.level, max(s.level, caiq.LevelStated))
		if s.level < caiq.LevelCertified {
			a.limit(i.liftPart(s))
		}
	}
}

// liftPart says what would raise a part.
func (i *inquiry) liftPart(s shownPart) caiq.Need {
	if s.level == caiq.LevelReported {
		return i.unconfirmed(s.of, s.by)
	}
	if by := certifiable(s.Certified); by != "" {
		return need(codeNotAudited, string(s.ref), "SOC 2 does not show %s: %s or another audit that tests it would lift this.", trimStop(s.Text), by)
	}
	return need(codeNotAudited, string(s.ref), "SOC 2 does not show %s, nor does a certificate: an audit that tests it would lift this.", trimStop(s.Text))
}

func (i *inquiry) showPart(p partGround, a *affirmation) shownPart {
	s := shownPart{partGround: p, of: i.v.profile}
	for n := range a.said {
		if c := &a.said[n]; p.whole && p.covered(c.control) {
			s.better(i.judge().standPart(c, &p.Part))
		}
	}
	for n := range p.ours {
		own := i.judge().standPart(&p.ours[n], &p.Part)
		s.extra = s.extra || own.level > s.level
		s.better(own)
	}
	for _, sh := range a.shares {
		if part := sh.part(p); part.level > s.level {
			s.shown, s.of, s.theirs, s.extra = part, sh.party, true, false
		}
	}
	return s
}

// capChain caps what the chain does not lead to exactly.
func (i *inquiry) capChain() {
	unmapped := func(piece *ground) bool { return piece.at.home == nil }
	switch b := i.g.bundle; {
	case b != nil && b.why != "":
		i.cap(i.bundleNeed())
	case i.g.depth == onControl && finer(i.r.exact):
		i.cap(need(codeControlOnly, string(i.r.controls[0]), "The answer is known for the control alone, and the question may ask something finer: check that it fits."))
	case slices.ContainsFunc(i.g.pieces, unmapped):
		i.cap(i.unmappedNeed())
	}
	for _, home := range i.g.homes() {
		if home.entry.Gap == caiq.GapPartial && len(home.entry.Missing) == 0 {
			i.cap(need(codeNotCarried, string(home.control), "SOC 2 shows %s in part only, and the crosswalk does not say which part it leaves out.", home.control.ID()))
		}
	}
}

// bundleNeed says why a bundle caps the band. Questions that hang on one control
// need the same.
func (i *inquiry) bundleNeed() caiq.Need {
	code, ref := codeAlike, i.p.Question
	if i.g.depth == onMapped {
		code, ref = codeControlOnly, i.r.controls[0]
	}
	return need(code, string(ref), "%s %s", i.g.bundle.why, i.g.bundle.need)
}

func (i *inquiry) capShares(a *affirmation) {
	for _, s := range a.shares {
		if !s.proved {
			for _, n := range s.needs {
				i.capLimit(a, n)
			}
		}
		if s.proved && s.level < caiq.LevelCertified {
			i.cap(need(codeUnproved, s.use.Provider, "Only the design of the part of %s has been examined.", s.name))
		}
		if !s.monitored() {
			i.cap(need(codeMonitoring, own(i.v.profile, s.use.Provider), "Nothing reviews %s: name the control that does (monitored_by).", s.name))
		}
		if s.exceptions > 0 {
			i.cap(need(codeException, s.use.Provider, "The auditor of %s noted an exception on this: look at its report.", s.name))
		}
	}
}

func (i *inquiry) capExceptions(a *affirmation) {
	for _, c := range slices.Concat(a.said, i.partClaims()) {
		for _, x := range c.exceptions {
			i.cap(need(codeException, own(i.v.profile, c.control.ID), "The auditor noted an exception on %s: one band lower until a later report has none.", c.control.ID))
			if !x.Release.VisibleTo(i.e.opt.Audience) || !x.report.Release.VisibleTo(i.e.opt.Audience) {
				i.step(caiq.StepRelease, 1, own(i.v.profile, x.report.ID), "The exception on %s is not told to this audience.", c.control.ID)
			}
		}
	}
}

// finer reports whether the questions are of formats older than version 4, which
// ask finer questions than their controls.
func finer(questions []caiq.Ref) bool {
	return !slices.ContainsFunc(questions, func(q caiq.Ref) bool { return isV4(q.Set()) })
}

func (i *inquiry) partClaims() []claim {
	var out []claim
	for _, p := range i.g.parts {
		out = append(out, p.ours...)
	}
	return out
}

func (i *inquiry) partsOurs() bool { return len(i.partClaims()) > 0 }

func (i *inquiry) partNames() string {
	var names []string
	for _, p := range i.g.parts {
		if p.spoken() {
			names = append(names, trimStop(p.Text))
		}
	}
	return joinWords(names)
}

func bandOf(l caiq.Level) caiq.Band {
	if l >= caiq.LevelCertified {
		return caiq.BandSupported
	}
	return caiq.BandPartial
}

func gapRank(g caiq.Gap) int {
	if g == caiq.GapPartial {
		return 1
	}
	return 0
}
