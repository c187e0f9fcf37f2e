package mapping

import (
	"cmp"
	"slices"

	"caique/internal/caiq"
)

func evidenceKinds() []caiq.EvidenceKind {
	return []caiq.EvidenceKind{
		caiq.SOC2Type2, caiq.SOC2Type1, caiq.ISO27001, caiq.ISO27017, caiq.ISO27018, caiq.ISO22301,
		caiq.BridgeLetter, caiq.Pentest, caiq.Policy, caiq.Statement,
	}
}

func (l *profileLint) evidence(at place, e *caiq.Evidence) {
	at.id(e.ID, l.ids)
	oneOf(at.field("kind"), e.Kind, evidenceKinds())
	at.field("title").required(e.Title)
	at.field("issuer").required(e.Issuer)
	at.field("system").optional(e.System)
	at.field("available").optional(e.Available)
	at.release(e.Release)
	if e.Confirm != "" {
		unread(at, e)
	} else {
		l.dates(at, e)
	}
	switch {
	case e.Kind.SOC2():
		l.soc2(at, e)
	case e.Kind.Level() == caiq.LevelCertified && e.System == "":
		at.errorf("scope_missing", "a certificate proves what is in its scope; name it in system")
	case e.Kind == caiq.BridgeLetter:
		l.letter(at, e)
	case e.Kind == caiq.Policy || e.Kind == caiq.Statement:
		l.document(at, e)
	}
	for i, d := range e.Deviations {
		l.deviation(at.field("deviations").item(i), e, d)
	}
}

// unread checks evidence that nobody has read yet: it says nothing that only the
// document can tell.
func unread(at place, e *caiq.Evidence) {
	at.field("confirm").required(e.Confirm)
	if e.Kind == caiq.BridgeLetter || e.Kind == caiq.Policy || e.Kind == caiq.Statement {
		at.field("confirm").errorf("confirm_misplaced", "reports and certificates are confirmed; %s rests on its owner's word", e.Kind)
	}
	for _, d := range []struct {
		field string
		date  caiq.Date
	}{{"from", e.From}, {"to", e.To}, {"as_of", e.AsOf}, {"issued", e.Issued}, {"reliable_until", e.ReliableUntil}} {
		if !d.date.IsZero() {
			at.field(d.field).errorf("confirm_with_date", "a date that is still to be confirmed is not stated: leave it out, or take confirm away once it is read")
		}
	}
	if e.Opinion != "" || len(e.NotMet) > 0 || len(e.Deviations) > 0 {
		at.errorf("confirm_with_result", "opinion, not_met and deviations stand in the report, which is still to be read: leave them out, or take confirm away once it is")
	}
}

func (l *profileLint) dates(at place, e *caiq.Evidence) {
	period := e.Kind == caiq.SOC2Type2 || e.Kind == caiq.BridgeLetter
	document := e.Kind == caiq.Policy || e.Kind == caiq.Statement // dated by its review
	switch {
	case period && (e.From.IsZero() || e.To.IsZero()):
		at.errorf("period_missing", "%s covers a period: from and to", e.Kind)
	case !period && !document && e.To.IsZero() && e.AsOf.IsZero():
		at.errorf("date_missing", "say as of when: as_of")
	}
	if !e.From.IsZero() && !e.To.IsZero() && e.From.After(e.To) {
		at.field("from").errorf("from_after_to", "%s is after %s", e.From, e.To)
	}
	end := e.To
	if end.IsZero() {
		end = e.AsOf
	}
	if e.Kind.SOC2() && e.Issued.IsZero() {
		at.errorf("issued_missing", "say when the report was issued; before that day it proves nothing")
	}
	if !e.Issued.IsZero() && e.Kind != caiq.BridgeLetter && e.Issued.Before(end) {
		at.field("issued").errorf("issued_before_end", "issued on %s, before its end on %s", e.Issued, end)
	}
	if !end.IsZero() && e.ReliableUntil.Before(end) {
		at.field("reliable_until").errorf("reliable_until_too_early", "reliable until %s, before its end on %s", e.ReliableUntil, end)
	}
}

func (l *profileLint) soc2(at place, e *caiq.Evidence) {
	if len(e.Categories) == 0 {
		at.errorf("categories_missing", "name the categories in scope; security is always one")
	}
	for i, category := range e.Categories {
		oneOf(at.field("categories").item(i), category, categories())
	}
	if e.Confirm != "" {
		return // the rest stands in the report
	}
	oneOf(at.field("opinion"), e.Opinion, []caiq.Opinion{caiq.Unqualified, caiq.Qualified, caiq.Adverse, caiq.Disclaimer})
	if e.Opinion == caiq.Qualified && len(e.NotMet) == 0 {
		at.errorf("not_met_missing", "the opinion is qualified, so name the criteria that are not met")
	}
	if e.Opinion == caiq.Unqualified && len(e.NotMet) > 0 {
		at.field("not_met").errorf("not_met_unqualified", "an unqualified opinion has no criterion that is not met")
	}
	for i, id := range e.NotMet {
		l.criterion(at.field("not_met").item(i), id)
	}
}

func (l *profileLint) criterion(at place, id string) (caiq.Category, bool) {
	category, ok := l.category(id)
	if !ok {
		at.errorf("unknown_criterion", "%s has no criterion %q", criteria, clip(id))
	}
	return category, ok
}

func (l *profileLint) letter(at place, e *caiq.Evidence) {
	report := l.evidenceByID[e.Bridges]
	switch {
	case report == nil || !report.Kind.SOC2():
		at.field("bridges").errorf("unknown_evidence", "a bridge letter extends a SOC 2 report; %q is none of this profile", clip(e.Bridges))
	case report.Confirm != "":
		at.field("bridges").errorf("bridge_unread", "the letter extends %s, which is still to be read: nobody knows from when", report.ID)
	case !e.From.IsZero() && e.From.After(report.To.AddDays(1)):
		at.field("from").errorf("bridge_hole", "the letter begins on %s, the report ends on %s", e.From, report.To)
	}
}

func (l *profileLint) document(at place, e *caiq.Evidence) {
	at.field("owner").required(e.Owner)
	at.field("document").required(e.Document)
	at.field("reviewed").date(e.Reviewed)
}

func (l *profileLint) deviation(at place, e *caiq.Evidence, d caiq.Deviation) {
	at.field("text").required(d.Text)
	at.field("response").required(d.Response)
	at.release(d.Release)
	c := l.controlByID[d.Control]
	switch {
	case c == nil:
		at.field("control").errorf("unknown_control", "there is no company control %q", clip(d.Control))
	case !slices.Contains(c.Evidence, e.ID):
		at.field("control").warnf("deviation_unseen", "%s does not name %s as evidence, so no answer would disclose the deviation", d.Control, e.ID)
	}
	if !e.Kind.SOC2() {
		at.errorf("deviation_misplaced", "deviations are those of a SOC 2 report")
	}
	if !d.CriterionMet && e.Opinion == caiq.Unqualified {
		at.field("criterion_met").errorf("not_met_unqualified", "an unqualified opinion has no criterion that is not met")
	}
}

// periods finds holes between the Type II reports of one system.
func (l *profileLint) periods(at place) {
	bySystem := make(map[string][]int)
	for i, e := range l.profile.Evidence {
		if e.Kind == caiq.SOC2Type2 && !e.From.IsZero() && !e.To.IsZero() {
			bySystem[e.System] = append(bySystem[e.System], i)
		}
	}
	for _, system := range sortedKeys(bySystem) {
		reports := bySystem[system]
		slices.SortStableFunc(reports, func(a, b int) int {
			return cmp.Compare(l.profile.Evidence[a].From.String(), l.profile.Evidence[b].From.String())
		})
		for i, later := range reports[1:] {
			l.hole(at.item(later).field("from"), l.profile.Evidence[reports[i]], l.profile.Evidence[later])
		}
	}
}

func (l *profileLint) hole(at place, earlier, later caiq.Evidence) {
	covered := earlier.To
	for _, e := range l.profile.Evidence {
		if e.Kind == caiq.BridgeLetter && e.Bridges == earlier.ID && e.To.After(covered) {
			covered = e.To
		}
	}
	if later.From.After(covered.AddDays(1)) {
		at.warnf("period_hole", "nothing covers the days between %s (%s) and %s (%s)", covered, earlier.ID, later.From, later.ID)
	}
}

func (l *profileLint) evidenceIDs(at place, ids []string) {
	named := make(seen)
	for i, id := range ids {
		at := at.field("evidence").item(i)
		if l.evidenceByID[id] == nil {
			at.errorf("unknown_evidence", "there is no evidence %q in this profile", clip(id))
		}
		if named.again(id) {
			at.errorf("duplicate_evidence", "%s stands twice", id)
		}
	}
}

// controlEvidence checks what stands behind a control. One without evidence is
// management's word, which needs an owner, a document and a review date.
func (l *profileLint) controlEvidence(at place, c *caiq.CompanyControl) {
	l.evidenceIDs(at, c.Evidence)
	if c.Status != caiq.Implemented || len(c.Evidence) > 0 {
		return
	}
	if c.Document == "" {
		at.errorf("document_missing", "nothing audits this control; name the document that describes it, or evidence")
	}
	if c.Reviewed.IsZero() {
		at.errorf("review_missing", "nothing audits this control; say when its document was last reviewed, or name evidence")
	}
}

// criteriaOf checks the criteria that the report maps a control to: that they
// exist, are in the report's scope, and meet those of what it addresses.
func (l *profileLint) criteriaOf(at place, c *caiq.CompanyControl) {
	reports, others := l.reports(c)
	named := make(seen)
	for i, id := range c.Criteria {
		category, ok := l.criterion(at.item(i), id)
		for _, e := range reports {
			if ok && !slices.Contains(e.Categories, category) {
				at.item(i).errorf("criterion_out_of_scope", "%s belongs to %s, which %s does not cover", id, category, e.ID)
			}
		}
		if named.again(id) {
			at.item(i).errorf("duplicate_criterion", "%s stands twice", id)
		}
	}
	switch {
	case len(reports) == 0:
	case len(c.Criteria) == 0:
		at.warnf("criteria_missing", "the report tests the control under some criteria; without them it carries no answer")
	default:
		l.criteriaMeet(at, c, others)
	}
}

// reports returns a control's SOC 2 reports and whether it has other evidence.
func (l *profileLint) reports(c *caiq.CompanyControl) (reports []*caiq.Evidence, others bool) {
	for _, id := range c.Evidence {
		e := l.evidenceByID[id]
		switch {
		case e == nil:
		case e.Kind.SOC2():
			reports = append(reports, e)
		default:
			others = true
		}
	}
	return reports, others
}

// criteriaMeet warns when the report cannot carry any of the controls addressed:
// a shared criterion is what connects the two. What is addressed and unknown may be
// the one that it carries.
func (l *profileLint) criteriaMeet(at place, c *caiq.CompanyControl, others bool) {
	if slices.ContainsFunc(c.Addresses, func(a caiq.Address) bool { _, outcome := l.find(a.Ref); return outcome != known }) {
		return
	}
	mapped := false
	for _, control := range sortedKeys(l.controlsAddressed(c.Addresses)) {
		e, _ := l.entry(control)
		mapped = mapped || len(e.To) > 0
		if slices.ContainsFunc(e.To, func(id string) bool { return slices.Contains(c.Criteria, id) }) {
			return
		}
	}
	if len(c.Addresses) == 0 || !mapped && others {
		return // nothing to meet, and other evidence to carry it
	}
	at.warnf("criteria_do_not_meet", "none of these is among the criteria that the crosswalks give for what the control addresses, so the report carries no answer of it")
}
