package answer

import (
	"cmp"
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
		if p.extra {
			done = append(done, p.claim.text)
		}
		if p.theirs && !p.whole {
			for _, c := range p.ours {
				done = append(done, c.text)
			}
		}
	}
	ps := []string{t.paragraph(done...), t.paragraph(i.evidenceSentences(a)...)}
	for _, s := range a.shares {
		ps = append(ps, i.describeShare(&t, a, s))
	}
	return paragraphs(ps...)
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
	for _, s := range i.shares() {
		if s.main {
			ps = append(ps, t.paragraph(i.shareWords(s)...))
		}
	}
	return paragraphs(ps...)
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
