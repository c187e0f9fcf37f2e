package answer

import (
	"fmt"
	"slices"

	"caique/internal/caiq"
)

// A report that nobody has read yet (caiq.Evidence.Confirm) is known to exist and
// to deal with a subject. What it says of it, for which period and with which
// exceptions is not known: no sentence claims it, and no answer that rests on it
// is better than partial.

// codeUnconfirmed is the Need to read a report and to enter what it says.
const codeUnconfirmed = "evidence_unconfirmed"

// unconfirmed asks to read the evidence that something rests on. Copies of
// another party's documents are entered where that party is used.
func (i *inquiry) unconfirmed(party *caiq.Profile, e *caiq.Evidence) caiq.Need {
	text := fmt.Sprintf("%s is not confirmed: %s.", titleOf(e), trimStop(e.Confirm))
	if party.ID != i.v.profile.ID {
		text += fmt.Sprintf(" Then enter your copy in uses, as evidence of %s.", party.ID)
	}
	return need(codeUnconfirmed, own(party, e.ID), "%s", text)
}

// limit adds what keeps the level where it is, once.
func (a *affirmation) limit(n caiq.Need) { a.limits = appendNew(a.limits, n) }

// capLimit caps the band for a reason that may have limited the level already.
func (i *inquiry) capLimit(a *affirmation, n caiq.Need) {
	a.limits = slices.DeleteFunc(a.limits, func(o caiq.Need) bool { return o == n })
	i.caps = appendNew(i.caps, n)
}

// asStated returns the claim as its party's own word: what stands behind it
// beside a report that was not read. False when nothing does.
func (c claim) asStated(asOf caiq.Date) (claim, bool) {
	c.level, c.by, c.unread = caiq.LevelStated, nil, c.by
	for _, v := range c.verdicts {
		if v.code == "" && isDocument(v.evidence) && later(v.evidence, c.by) {
			c.by = v.evidence
		}
	}
	return c, c.by != nil || documented(c.control, asOf)
}

// unreadProof says of a report that was not read what it deals with.
func (i *inquiry) unreadProof(p proof) string {
	subject := "this subject"
	if !i.we {
		subject = "the criteria behind this (" + joinWords(sharedCriteria(p.claims)) + ")"
	}
	return dealsWith(i.our(), p.by, i.v.profile, subject) + "; it was not read for this answer."
}

// dealsWith says what a party's report is about, without its period: "AWS's SOC 2
// Type II report, available from AWS Artifact, deals with this subject". A
// certificate says no more than its scope before it is read.
func dealsWith(whose string, e *caiq.Evidence, party *caiq.Profile, subject string) string {
	text := upperFirst(named(whose, e, party))
	if e.Available != "" {
		text += ","
	}
	if !e.Kind.SOC2() {
		return text + " has this scope: " + trimStop(e.System)
	}
	return text + " deals with " + subject
}

func named(whose string, e *caiq.Evidence, party *caiq.Profile) string {
	text := whose + " " + untitled(e, party)
	if e.Available != "" {
		text += ", available " + trimStop(e.Available)
	}
	return text
}

// perhaps continues a sentence about a part, of which the report may say something:
// "perhaps shown by AWS's ISO/IEC 27001 certificate (available on the web; not
// read for this answer)".
func perhaps(whose string, e *caiq.Evidence, party *caiq.Profile) string {
	about := "not read for this answer"
	if e.Available != "" {
		about = "available " + trimStop(e.Available) + "; " + about
	}
	return "perhaps shown by " + whose + " " + untitled(e, party) + " (" + about + ")"
}
