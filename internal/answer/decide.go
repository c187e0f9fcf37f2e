package answer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// nothing ends a chain at which nobody speaks to the question.
func (i *inquiry) nothing() {
	if customers := i.customerSteps(); len(customers) > 0 && len(i.g.silent) == 0 {
		i.customerAlone(customers)
		return
	}
	subject := i.p.Question
	if len(i.r.controls) > 0 {
		subject = i.r.controls[0]
	}
	if len(i.g.silent) > 0 {
		i.blank(need(codePart, string(subject), "The chain leads to several controls or questions that only together answer this; nothing addresses %s.", joinRefs(i.g.silent)))
		return
	}
	n := need(codeNoControl, string(subject), "Nothing in the profile addresses %s: address it by the control that does it, or declare it planned, absent or not applicable.", subject)
	for _, name := range i.possibleProviders(subject) {
		i.p.Needs = append(i.p.Needs, need(codeNoCSOC, string(subject),
			"%s has controls for %s, but nothing says that it does this for the service: add what is expected of it (a CSOC), or a control.", name, subject))
	}
	i.p.Candidates = i.candidates()
	i.p.Band = caiq.BandNone
	if len(i.p.Candidates) > 0 {
		i.p.Band = caiq.BandWeak
	}
	i.p.Needs = append(i.p.Needs, n)
}

// possibleProviders names providers in use that address the question though no
// CSOC says that they do it for us, where they can.
func (i *inquiry) possibleProviders(subject caiq.Ref) []string {
	if !i.e.graph.hosted(subject) {
		return nil
	}
	var names []string
	for _, u := range i.v.profile.Uses {
		if v := i.e.views[u.Provider]; v != nil && len(v.ground(i.r).ours) > 0 {
			names = appendNew(names, i.e.nameOf(u.Provider))
		}
	}
	return names
}

// maxCandidates is how many controls are offered for people to look at.
const maxCandidates = 8

// candidates lists implemented controls that share a criterion with the
// question's control, most shared criteria first. A shared criterion answers
// nothing: CC6.1 stands behind doors and passwords alike.
func (i *inquiry) candidates() []string {
	if i.r.home == nil || i.r.home.entry.Gap == caiq.GapFull {
		return nil
	}
	type found struct {
		text   string
		shared int
	}
	var all []found
	for n := range i.v.profile.Controls {
		c := &i.v.profile.Controls[n]
		shared := common(c.Criteria, i.r.home.entry.To)
		if c.Status == caiq.Implemented && len(shared) > 0 {
			all = append(all, found{fmt.Sprintf("%s (shares %s)", c.ID, strings.Join(shared, ", ")), len(shared)})
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(b.shared, a.shared) })
	out := make([]string, 0, maxCandidates)
	for _, f := range all[:min(maxCandidates, len(all))] {
		out = append(out, f.text)
	}
	return out
}

// customerAlone names the customer as owner and leaves open whether the service
// offers what the customer needs for it.
func (i *inquiry) customerAlone(customers []hit[caiq.Duty]) {
	i.p.Ownership = ownership(false, false, true)
	i.p.Customer = customerText(customers)
	i.p.Band = caiq.BandPartial
	i.p.Needs = append(i.p.Needs, need(codeCustomerAlone, own(i.v.profile, customers[0].what.ID),
		"Only the customer's part is known (%s). Does the service offer what the customer needs for it? Then address the question by the control that does.",
		customers[0].what.ID))
}

// notApplicable answers NA with the declared reason.
func (i *inquiry) notApplicable(x hit[caiq.Exclusion]) {
	i.step(caiq.StepExclusion, 1, own(i.v.profile, x.what.ID), "Declared not applicable, approved by %s on %s (addresses %s).",
		x.what.ApprovedBy, x.what.Date.Long(), x.at)
	i.p.Value = caiq.NA
	i.p.Description = paragraphs(sentence(cmp.Or(x.says, x.what.Reason)))
	i.p.Band = caiq.BandPartial
	i.p.Needs = append(i.p.Needs, need(codeDeclared, own(i.v.profile, x.what.ID), "The answer rests on the declaration %s: check that its reason still holds.", x.what.ID))
}

// lacking returns the controls that make the answer No: those not implemented at
// the most specific depth, or the only ones that address a part.
func (i *inquiry) lacking() []claim {
	if i.g.depth == onMapped {
		return nil
	}
	if len(i.g.lacks) > 0 {
		return i.g.lacks
	}
	for _, p := range i.g.parts {
		if len(p.lacks) > 0 && len(p.ours) == 0 && len(p.duties) == 0 && !p.whole {
			return p.lacks
		}
	}
	return nil
}

// no answers No with the reason, what is done about it, and what is in place today.
func (i *inquiry) no() {
	lacks := i.lacking()
	for _, c := range lacks {
		ref := own(i.v.profile, c.control.ID)
		i.step(caiq.StepControl, 1, ref, "%s (%s; addresses %s).", c.control.Title, c.control.Status, joinRefs(c.at))
		if c.control.Remedy == "" {
			i.p.Needs = append(i.p.Needs, need(codeRemedy, ref, "Say what is done about %s (remedy): a No has to tell the customer.", c.control.ID))
		}
		if i.late(c.control) {
			i.p.Needs = append(i.p.Needs, need(codeTarget, ref, "%s was planned for %s; the date has passed: say that it is implemented, or set a new date.",
				c.control.ID, c.control.Target.Long()))
		}
	}
	for _, c := range i.g.ours {
		i.step(caiq.StepControl, 1, own(i.v.profile, c.control.ID), "%s (%s; in place meanwhile).", c.control.Title, c.control.Status)
	}
	customers := i.customerSteps()
	i.p.Value = caiq.No
	i.p.Ownership = ownership(true, len(i.g.allDuties()) > 0, len(customers) > 0)
	i.p.Description = i.describeNo(lacks)
	i.p.Customer = customerText(customers)
	i.p.Band = caiq.BandPartial
	if b := i.g.bundle; b != nil && b.why != "" {
		i.cap(i.bundleNeed())
	}
	i.p.Needs = append(i.p.Needs, need(codeDeclared, own(i.v.profile, lacks[0].control.ID),
		"%s is %s: the answer becomes Yes when it is implemented.", lacks[0].control.ID, lacks[0].control.Status))
}
