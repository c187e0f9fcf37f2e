package answer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"caique/internal/caiq"
)

// describe words a Yes: what is done, what proves it and what the auditor noted,
// then what providers do and what proves that.
func (i *inquiry) describe(a *affirmation) string {
	var t telling
	var done []string
	for _, c := range a.said {
		done = append(done, c.text)
	}
	for _, p := range a.parts {
		if p.spoken() && p.claim != nil && p.extra {
			done = append(done, p.claim.text)
		}
		if p.claim == nil && !p.whole {
			for _, c := range p.ours {
				done = append(done, c.text)
			}
		}
	}
	ps := []string{t.paragraph(done...), t.paragraph(i.evidenceSentences(a)...)}
	for _, s := range a.shares {
		ps = append(ps, i.describeShare(&t, s))
	}
	return paragraphs(ps...)
}

// describeShare words what a provider does and what proves it.
func (i *inquiry) describeShare(t *telling, s share) string {
	said := []string{i.useSentence(s.use)}
	if s.stands() { // else only we are known to do our part
		for _, d := range s.duties[:min(maxSaid, len(s.duties))] {
			said = append(said, cmp.Or(d.says, d.what.Text))
		}
	}
	return t.paragraph(append(said, i.shareProof(s)...)...)
}

func (i *inquiry) useSentence(u *caiq.Use) string {
	text := upperFirst(i.subject("use", "uses")) + " " + i.e.nameOf(u.Provider)
	if u.For != "" {
		text += " for " + trimStop(u.For)
	}
	return text + "."
}

// shareProof says what proves a provider's part and that we review it. A report
// that nobody read is not what the review has seen.
func (i *inquiry) shareProof(s share) []string {
	proof, review := i.shareEvidence(s), i.reviewedUnder(s)
	switch {
	case review == "":
		return []string{proof}
	case proof == "" || s.level == caiq.LevelReported:
		return []string{proof, fmt.Sprintf("%s %s %s.", upperFirst(i.subject("review", "reviews")), s.name, review)}
	default:
		it := "it"
		if i.besideSOC2(s) != nil {
			it = "them"
		}
		return []string{fmt.Sprintf("%s; %s %s %s.", proof, i.subject("review", "reviews"), it, review)}
	}
}

// shareEvidence is the clause that names what proves a provider's part. Where SOC 2
// does not show all that is asked, what shows the rest is named beside it.
func (i *inquiry) shareEvidence(s share) string {
	if s.by == nil || !s.proved && s.level != caiq.LevelReported {
		return ""
	}
	if s.level == caiq.LevelReported {
		return i.tellAll(s, dealsWith(i.ownerOf(s), s.by, s.party, "this subject"), s.by)
	}
	if s.use.Method == "inclusive" {
		return i.tellAll(s, fmt.Sprintf("%s %s includes this part of %s", upperFirst(i.our()), reportText(s.by, i.v.profile), s.name), s.by)
	}
	text := possessive(s.name) + " " + reportText(s.by, s.party)
	if other := i.besideSOC2(s); other != nil {
		return i.tellAll(s, text+" and "+closed(other, s.party)+" together cover this", s.by, other)
	}
	return i.tellAll(s, possessive(s.name)+" "+closed(s.by, s.party)+" covers this", s.by)
}

// tellAll returns text if the audience may know of all the evidence in it.
func (i *inquiry) tellAll(s share, text string, named ...*caiq.Evidence) string {
	for _, e := range named {
		if !i.mayTell(s.party, e) {
			return ""
		}
	}
	return text
}

// closed is reportText inside a sentence that goes on.
func closed(e *caiq.Evidence, party *caiq.Profile) string {
	text := reportText(e, party)
	if strings.HasPrefix(periodText(e), ",") {
		text += ","
	}
	return text
}

// besideSOC2 is what shows the parts of a question that SOC 2 does not show of a
// provider; nil where its SOC 2 report is not what is named, or shows all.
func (i *inquiry) besideSOC2(s share) *caiq.Evidence {
	if !s.by.Kind.SOC2() {
		return nil
	}
	for _, p := range i.r.parts {
		if other := s.parts[p.ID]; other.level > caiq.LevelReported {
			return other.by
		}
	}
	return nil
}

// ownerOf is the possessive of whoever's report speaks for a provider's part.
func (i *inquiry) ownerOf(s share) string {
	if s.use.Method == "inclusive" {
		return i.our()
	}
	return possessive(s.name)
}

// reviewedUnder names the control that reviews a provider, if the audience may know it.
func (i *inquiry) reviewedUnder(s share) string {
	if s.monitor == nil || !s.monitor.Release.VisibleTo(i.e.opt.Audience) {
		return ""
	}
	return "under control " + s.monitor.ID
}

// reportText names evidence with its issuer and time, without the party's name
// that the sentence holds already: "SOC 2 Type II report by Harlow & Finch LLP for
// 1 October 2025 to 30 September 2026".
func reportText(e *caiq.Evidence, party *caiq.Profile) string {
	return untitled(e, party) + issuedBy(e) + periodText(e)
}

// untitled is the title of evidence without the party's name before it.
func untitled(e *caiq.Evidence, party *caiq.Profile) string {
	text := titleOf(e)
	for _, name := range []string{party.Name, party.Short} {
		if rest, ok := strings.CutPrefix(text, name+" "); ok && name != "" {
			text = rest
		}
	}
	return text
}

func titleOf(e *caiq.Evidence) string { return trimStop(cmp.Or(e.Title, string(e.Kind))) }

func by(e *caiq.Evidence) string {
	if e.Issuer == "" {
		return ""
	}
	return " by " + trimStop(e.Issuer)
}

// issuedBy names an issuer. A description such as "an accredited certification
// body" tells nothing and is left out.
func issuedBy(e *caiq.Evidence) string {
	r, _ := utf8.DecodeRuneInString(e.Issuer)
	switch {
	case e.Issuer == "" || unicode.IsLower(r):
		return ""
	case e.Kind.SOC2():
		return by(e)
	default:
		return " issued" + by(e)
	}
}

func periodText(e *caiq.Evidence) string {
	switch {
	case !e.From.IsZero() && !e.To.IsZero():
		return " for " + e.From.Long() + " to " + e.To.Long()
	case e.Kind.Level() == caiq.LevelCertified && !e.ReliableUntil.IsZero():
		return ", valid until " + e.ReliableUntil.Long()
	case !e.To.IsZero():
		return " up to " + e.To.Long()
	case !e.AsOf.IsZero():
		return " as of " + e.AsOf.Long()
	default:
		return ""
	}
}

// describeNo words a No: what is lacking and why, what is done about it, and
// what is in place today.
func (i *inquiry) describeNo(lacks []claim) string {
	var t telling
	var why []string
	for _, c := range lacks {
		why = append(why, i.lackSentence(c), lackReason(c), c.control.Remedy)
	}
	ps := []string{t.paragraph(why...)}
	if ours := i.g.ours[:min(maxSaid, len(i.g.ours))]; len(ours) > 0 {
		today := []string{"The following is in place today (" + controlNames(ours) + ")."}
		for _, c := range ours {
			today = append(today, c.text)
		}
		ps = append(ps, t.paragraph(today...))
	}
	var theirs []string
	shares := i.shares()
	for _, d := range i.g.duties[:min(maxSaid, len(i.g.duties))] {
		theirs = append(theirs, i.useSentence(i.v.useOf[d.what]))
		if slices.ContainsFunc(shares, func(s share) bool { return s.use == i.v.useOf[d.what] && s.stands() }) {
			theirs = append(theirs, cmp.Or(d.says, d.what.Text))
		}
	}
	return paragraphs(append(ps, t.paragraph(theirs...))...)
}

func (i *inquiry) lackSentence(c claim) string {
	switch c.control.Status {
	case caiq.Planned:
		if !c.control.Target.IsZero() && !i.late(c.control) && c.control.TargetRelease.VisibleTo(i.e.opt.Audience) {
			return "This is not in place yet; it is planned for completion by " + c.control.Target.Long() + "."
		}
		return "This is not in place yet; it is planned."
	case caiq.Failed:
		return "This does not operate as intended at present."
	default:
		return "This is not in place."
	}
}

// lackReason prefers words given to the question to the general reason.
func lackReason(c claim) string {
	if c.text != "" && c.text != c.control.Statement {
		return c.text
	}
	return cmp.Or(c.control.Reason, c.control.Statement)
}

// customerText is column F: only what the profile itself expects of its customers.
func customerText(customers []hit[caiq.Duty]) string {
	var t telling
	var texts []string
	for _, d := range customers {
		texts = append(texts, cmp.Or(d.says, d.what.Text))
	}
	return t.paragraph(texts...)
}
