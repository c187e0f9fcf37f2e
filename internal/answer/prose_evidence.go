package answer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// proof is controls that one piece of evidence, or their own statements, stand behind.
type proof struct {
	by     *caiq.Evidence // nil: statements
	level  caiq.Level
	claims []claim
}

// evidenceSentences say exactly which control is tested, certified or stated, by
// whom and when; what the audience may not know of is not mentioned.
func (i *inquiry) evidenceSentences(a *affirmation) []string {
	var out []string
	var named []*caiq.Evidence
	for _, p := range i.proofs(a.said) {
		out = append(out, i.proofSentences(p, len(a.said))...)
		if p.by != nil {
			named = append(named, p.by)
		}
		for _, c := range p.claims {
			told, reports := i.exceptionSentences(c, named)
			out, named = append(out, told...), append(named, reports...)
		}
	}
	return append(out, i.partSentences(a)...)
}

// proofs groups claims by what stands behind them, in order of appearance. What a
// report deals with that nobody read is stated too, if something else says so.
func (i *inquiry) proofs(claims []claim) []proof {
	var out []proof
	add := func(c claim) {
		p := proof{by: c.by, level: c.level}
		if c.level == caiq.LevelStated && (!isPentest(c.by) || !i.visible(c.by)) {
			p.by = nil
		}
		at := slices.IndexFunc(out, func(o proof) bool { return o.by == p.by && o.level == p.level })
		if at < 0 {
			at = len(out)
			out = append(out, p)
		}
		out[at].claims = append(out[at].claims, c)
	}
	for _, c := range claims {
		if stated, ok := c.asStated(i.e.opt.AsOf); ok && c.level == caiq.LevelReported {
			add(stated)
		}
		add(c)
	}
	return out
}

func (i *inquiry) proofSentences(p proof, of int) []string {
	if p.by == nil {
		return []string{i.statedSentence(p, of)}
	}
	if !i.mayTell(i.v.profile, p.by) {
		return nil
	}
	if p.level == caiq.LevelReported {
		return []string{i.unreadProof(p)}
	}
	if p.level == caiq.LevelStated {
		return []string{shownByPentest(p, of)}
	}
	if !i.we {
		return []string{i.publicProof(p)}
	}
	subject := controlNames(p.claims)
	switch p.level {
	case caiq.LevelTested:
		return []string{i.testedSentence(p, subject), i.bridgeSentence(p.by)}
	case caiq.LevelDesigned:
		return []string{fmt.Sprintf("The design of %s was examined%s in the %s%s; whether it operates over time was not tested.",
			subject, by(p.by), titleOf(p.by), periodText(p.by))}
	default:
		return []string{fmt.Sprintf("%s %s within the scope of the %s.", upperFirst(subject), be(p.claims), certificateText(p.by))}
	}
}

func (i *inquiry) testedSentence(p proof, subject string) string {
	text := fmt.Sprintf("%s %s tested%s in the %s%s", upperFirst(subject), was(p.claims), by(p.by), titleOf(p.by), periodText(p.by))
	noted := func(c claim) bool { return len(c.exceptions) > 0 }
	if slices.ContainsFunc(p.claims, noted) {
		return text + "."
	}
	return text + "; no exceptions noted."
}

func (i *inquiry) bridgeSentence(report *caiq.Evidence) string {
	l := i.judge().bridge(report)
	if l == nil || !i.e.opt.AsOf.After(report.To) || !i.visible(l) {
		return ""
	}
	from := firstSet(l.From, report.To.AddDays(1))
	return fmt.Sprintf("A bridge letter of management, dated %s and not audited, covers %s to %s.", since(l).Long(), from.Long(), l.To.Long())
}

// statedSentence says that controls are management's word, and what stands behind it.
func (i *inquiry) statedSentence(p proof, of int) string {
	if !i.we {
		return i.publicStatement(p, of)
	}
	var behind []string
	for n := range p.claims {
		behind = appendNew(behind, i.statement(&p.claims[n])...)
	}
	text := p.subject(of) + " is management's statement"
	if len(behind) > 0 {
		text += " (" + strings.Join(behind, "; ") + ")"
	}
	if slices.ContainsFunc(p.claims, func(c claim) bool { return c.audited }) {
		return text + "; no audit report is relied on for it."
	}
	return text + "; it has not been audited."
}

// subject opens a sentence about all that is said or about some controls of it.
func (p proof) subject(of int) string {
	if len(p.claims) < of {
		return "What is said of " + controlNames(p.claims)
	}
	return "This"
}

// shownByPentest says of what rests on a test by others that it is no audit.
func shownByPentest(p proof, of int) string {
	return p.subject(of) + " is shown by the " + pentestText(p.by) + "; no audit report is relied on for it."
}

// pentestText names a penetration test by who did it and when: it is no document
// of the party's own.
func pentestText(e *caiq.Evidence) string {
	text := "penetration test"
	if e.Issuer != "" {
		text += " of " + trimStop(e.Issuer)
	}
	if day := firstSet(e.AsOf, e.To, e.Issued); !day.IsZero() {
		text += " of " + day.Long()
	}
	return text
}

// statement names what stands behind a stated claim, if the audience may know it.
func (i *inquiry) statement(c *claim) []string {
	if c.by != nil && !i.mayTell(i.v.profile, c.by) {
		return nil
	}
	return []string{statementText(c)}
}

// statementText names document, owner and review: "Access Policy, owner Head of
// IT, reviewed 3 March 2026".
func statementText(c *claim) string { return documentText(c.control, c.by) }

func documentText(c *caiq.CompanyControl, e *caiq.Evidence) string {
	var parts []string
	add := func(prefix, text string) {
		if text != "" {
			parts = append(parts, prefix+text)
		}
	}
	if e == nil {
		add("", trimStop(c.Document))
		add("owner ", c.Owner)
		if !c.Reviewed.IsZero() {
			add("reviewed ", c.Reviewed.Long())
		}
	} else {
		add("", trimStop(cmp.Or(e.Document, e.Title)))
		add("owner ", cmp.Or(e.Owner, c.Owner))
		add("reviewed ", firstSet(e.Reviewed, e.AsOf).Long())
	}
	return strings.Join(parts, ", ")
}

// partSentences say what shows the parts that SOC 2 leaves out. Tests of a control
// do not stand for them.
func (i *inquiry) partSentences(a *affirmation) []string {
	var groups partGroups
	sources := i.publicSources(a.said)
	for _, p := range a.parts {
		if seen := i.soc2Named(p, a); i.tellsPart(p, a, seen) {
			groups.add(i.partProof(p, sources), seen, trimStop(p.Text))
		}
	}
	return groups.sentences()
}

// partGroups gather parts that the same evidence shows: one sentence tells them.
type partGroups []partGroup

type partGroup struct {
	how   string // continues "the parts are"; "" when nothing shows them
	seen  bool   // a SOC 2 report is named that does not show them
	names []string
}

func (gs *partGroups) add(how string, seen bool, name string) {
	at := slices.IndexFunc(*gs, func(g partGroup) bool { return g.how == how && g.seen == seen })
	if at < 0 {
		at = len(*gs)
		*gs = append(*gs, partGroup{how: how, seen: seen})
	}
	g := &(*gs)[at]
	g.names = appendNew(g.names, name)
}

// sentences name parts last and set them off: their texts hold commas and verbs.
// Without a SOC 2 report before them they stand alone, as whole sentences.
func (gs partGroups) sentences() []string {
	var out []string
	for _, g := range gs {
		lead := "The following is " + g.how
		switch {
		case g.how == "" && g.seen:
			lead = "Not shown by SOC 2"
		case g.how == "":
			lead = "Nothing in force shows the following"
		case g.seen:
			lead = "Not shown by SOC 2 but " + g.how
		}
		out = append(out, lead+": "+strings.Join(g.names, "; ")+".")
	}
	return out
}

// soc2Named reports whether a SOC 2 report is named for a piece that asks for the part.
func (i *inquiry) soc2Named(p shownPart, a *affirmation) bool {
	return slices.ContainsFunc(a.said, func(c claim) bool {
		return p.covered(c.control) && c.by != nil && c.by.Kind.SOC2() && i.visible(c.by)
	})
}

// tellsPart reports whether a part needs a sentence that the audience may read:
// not where a provider does it, nor where the sentence on the only control that
// speaks to its piece says it all.
func (i *inquiry) tellsPart(p shownPart, a *affirmation, seen bool) bool {
	if p.level == caiq.LevelNone {
		return seen
	}
	if p.claim == nil || p.theirs || p.by != nil && !i.mayTell(i.v.profile, p.by) {
		return false
	}
	speaking := 0
	for _, c := range a.said {
		if p.covered(c.control) {
			speaking++
		}
	}
	alike := p.by == p.claim.by || p.level == p.claim.level && p.level != caiq.LevelReported
	said := !p.extra && !seen && speaking == 1 && alike
	return !said
}

// partProof continues "a part is" with what shows it. A public source that
// the sentences before have named, and no other, is not named again.
func (i *inquiry) partProof(p shownPart, named []string) string {
	switch {
	case p.level == caiq.LevelNone:
		return ""
	case p.level == caiq.LevelReported:
		return perhaps(i.our(), p.by, i.v.profile)
	case p.level >= caiq.LevelCertified:
		return "within the scope of the " + certificateText(p.by)
	case isPentest(p.by):
		return "shown by the " + pentestText(p.by)
	case !i.we:
		return i.statedPart(sourceText(p.claim.control, p.by), named)
	default:
		return "stated by management (" + documentText(p.claim.control, p.by) + ") and not audited"
	}
}

// exceptionSentences disclose what the auditor noted, as the audience may know it,
// and return the reports that they name. The report is named unless it was, last of
// all or, without its time, before others.
func (i *inquiry) exceptionSentences(c claim, named []*caiq.Evidence) (out []string, reports []*caiq.Evidence) {
	for _, x := range c.exceptions {
		if !x.Release.VisibleTo(i.e.opt.Audience) || !i.visible(x.report) {
			continue
		}
		out = append(out, fmt.Sprintf("%s noted an exception on control %s: %s",
			auditorOf(x.report, slices.Concat(named, reports)), c.control.ID, sentence(x.Text)))
		if x.Response != "" {
			out = append(out, "Management's response: "+sentence(x.Response))
		}
		if x.remedied {
			out = append(out, fmt.Sprintf("Management states that this was put right on %s; no later report has tested it yet.", x.Remediated.Long()))
		}
		reports = append(reports, x.report)
	}
	return out, reports
}

// auditorOf opens a sentence on what an auditor noted in a report; named holds
// what the reader has been told of, in order.
func auditorOf(report *caiq.Evidence, named []*caiq.Evidence) string {
	switch at := slices.Index(named, report); {
	case at < 0:
		return "In the " + titleOf(report) + by(report) + periodText(report) + ", the auditor"
	case named[len(named)-1] == report:
		return "The auditor"
	default:
		return "In the " + titleOf(report) + ", the auditor"
	}
}

// mayTell reports whether the audience may know of evidence, and tells the basis
// where it may not.
func (i *inquiry) mayTell(party *caiq.Profile, e *caiq.Evidence) bool {
	if i.visible(e) {
		return true
	}
	withheld := caiq.Step{
		Kind: caiq.StepRelease, Ref: own(party, e.ID), Depth: 1,
		Text: fmt.Sprintf("Not told to this audience: %s (%s).", titleOf(e), e.Release),
	}
	i.p.Basis = appendNew(i.p.Basis, withheld)
	return false
}

func (i *inquiry) visible(e *caiq.Evidence) bool { return e.Release.VisibleTo(i.e.opt.Audience) }

func certificateText(e *caiq.Evidence) string {
	text := titleOf(e)
	if !strings.Contains(strings.ToLower(text), "certificate") {
		text += " certificate"
	}
	return text + issuedBy(e) + periodText(e)
}

func controlNames(claims []claim) string {
	ids := make([]string, len(claims))
	for n, c := range claims {
		ids[n] = c.control.ID
	}
	return plural(claims, "control ", "controls ") + joinWords(ids)
}

func plural(claims []claim, one, many string) string {
	if len(claims) == 1 {
		return one
	}
	return many
}

func was(claims []claim) string { return plural(claims, "was", "were") }

func be(claims []claim) string { return plural(claims, "is", "are") }

func verdictText(v verdict) string {
	text := titleOf(v.evidence) + " (" + string(v.evidence.Kind) + ")"
	if v.code != "" {
		return text + " does not count: " + v.why + "."
	}
	if v.level == caiq.LevelReported {
		return text + " is not confirmed: " + trimStop(v.evidence.Confirm) + "."
	}
	return text + ": " + v.level.String() + clausesText(v.clauses) + "."
}

// partVerdictText says what evidence shows of a part.
func partVerdictText(p *partGround, v verdict) string {
	return "Of " + trimStop(p.Text) + ": " + verdictText(v)
}

// clausesText names the clauses of a certificate: ": A.8.24".
func clausesText(clauses []string) string {
	if len(clauses) == 0 {
		return ""
	}
	return ": " + strings.Join(clauses, ", ")
}

func exceptionStep(x exception) string {
	text := "The auditor noted an exception: " + sentence(x.Text)
	if !x.CriterionMet {
		text += " The criterion was not met."
	}
	if x.remedied {
		text += " Put right on " + x.Remediated.Long() + ", says management; not tested since."
	}
	return text
}
