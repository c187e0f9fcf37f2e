package answer

import (
	"slices"

	"caique/internal/caiq"
)

// answerDirectly gives the answer of the profile as it stands there.
func (i *inquiry) answerDirectly(a *caiq.DirectAnswer) {
	i.step(caiq.StepDirect, 1, string(a.Question), "Answered in the profile by %s, reviewed %s.", a.Owner, a.Reviewed.Long())
	best, backed, unread := i.standDirect(a)
	if i.directLapsed(a, backed) {
		i.blank(need(codeStatement, string(a.Question), "The answer in the profile was reviewed on %s and does not count on %s: review it again and enter the day.",
			a.Reviewed.Long(), i.e.opt.AsOf.Long()))
		return
	}
	i.p.Value, i.p.Ownership = a.Answer, a.Ownership
	i.p.Description, i.p.Customer = paragraphs(a.Description, i.directStatement(a, best)), paragraphs(a.Customer)
	i.p.Band = bandOf(best.level)
	if i.p.Band == caiq.BandSupported && i.r.home == nil {
		i.cap(i.unmappedNeed())
	}
	i.completeDirect()
	switch {
	case best.level == caiq.LevelReported:
		i.p.Needs = append(i.p.Needs, unread...)
	case best.level < caiq.LevelCertified:
		i.p.Needs = append(i.p.Needs, need(codeNotAudited, string(a.Question), "The answer in the profile has no audited evidence behind it: a report or certificate that shows all of it would lift it."))
	}
}

// standDirect returns the best that stands behind a direct answer, whether
// anything does beside its review, and what nobody has read yet.
func (i *inquiry) standDirect(a *caiq.DirectAnswer) (best shown, backed bool, unread []caiq.Need) {
	best.level = caiq.LevelStated
	j := i.judge(i.r.home)
	for _, id := range a.Evidence {
		e := i.v.profile.EvidenceByID(id)
		if e == nil {
			continue
		}
		c := asControl(a)
		if e.Kind.SOC2() {
			c = nil // a report tests no control here
		}
		v := j.weigh(e, c)
		if why := i.leavesOut(e.Kind); v.code == "" && why != "" {
			v.code, v.why = codeNotCarried, why
		}
		i.step(caiq.StepEvidence, 2, own(i.v.profile, e.ID), "%s", verdictText(v))
		if v.code != "" {
			continue
		}
		backed = true
		if v.level > best.level || v.level == best.level && best.by == nil {
			best.level, best.by = v.level, e
		}
		if v.level == caiq.LevelReported {
			unread = appendNew(unread, i.unconfirmed(i.v.profile, e))
		}
	}
	return best, backed, unread
}

// leavesOut says which part of the question an audit of a kind does not show, or "".
func (i *inquiry) leavesOut(kind caiq.EvidenceKind) string {
	for _, p := range i.r.parts {
		switch {
		case kind.SOC2():
			return "SOC 2 does not show " + trimStop(p.Text)
		case kind.Level() == caiq.LevelCertified && len(p.Certified[kind]) == 0:
			return "its standard does not ask for " + trimStop(p.Text)
		}
	}
	return ""
}

// asControl is a direct answer as what it stands in for: a control with an owner
// and a review.
func asControl(a *caiq.DirectAnswer) *caiq.CompanyControl {
	return &caiq.CompanyControl{Owner: a.Owner, Reviewed: a.Reviewed}
}

// directStatement says of a Yes that no audit stands behind whose word it is. A No
// and what is not applicable claim nothing that could be audited.
func (i *inquiry) directStatement(a *caiq.DirectAnswer, best shown) string {
	if a.Answer != caiq.Yes || best.level != caiq.LevelStated {
		return ""
	}
	c := claim{control: asControl(a)}
	c.level, c.by = caiq.LevelStated, best.by
	for _, id := range a.Evidence {
		e := i.v.profile.EvidenceByID(id)
		c.audited = c.audited || e != nil && e.Kind.Level() > caiq.LevelStated
	}
	var out []string
	for _, p := range i.proofs([]claim{c}) {
		out = append(out, i.proofSentences(p, 1)...)
	}
	var t telling
	return t.paragraph(out...)
}

// completeDirect fills in the owner and the customer's part where a direct
// answer leaves them to who performs.
func (i *inquiry) completeDirect() {
	if i.p.Value == caiq.NA {
		return
	}
	customers := i.customerSteps()
	if i.p.Ownership == caiq.OwnerNone {
		i.p.Ownership = ownership(true, len(i.g.allDuties()) > 0, len(customers) > 0 || i.p.Customer != "")
	}
	if i.p.Ownership.WithCustomer() && i.p.Customer == "" {
		i.p.Customer = customerText(slices.Concat(customers, i.alike))
		i.alike = nil // the answer itself says that customers have a part
	}
}
