package answer

import (
	"fmt"
	"slices"

	"caique/internal/caiq"
)

// Codes of Needs. The first Need of a proposal is the one that decides.
const (
	codeUnknown       = "unknown_question"   // the row was not recognised
	codeAmbiguous     = "ambiguous_question" // several questions share the text
	codeChanged       = "text_changed"       // the text is not the official one
	codeFound         = "matched_by_wording" // search found the question
	codeOffered       = "candidates"         // search found some that may be meant
	codeFact          = "fact"               // asks for a fact about the party
	codeNoControl     = "no_control"         // nobody speaks to the question
	codeNoCSOC        = "csoc_missing"       // a provider may do it, no CSOC says so
	codePart          = "part_missing"       // part of what is asked is not addressed
	codeNegative      = "negative_in_part"   // a control that the chain leads to is lacking
	codeNoEvidence    = "evidence_missing"   // nothing stands behind a control
	codeExpired       = "evidence_expired"   // or not issued yet, as of the day
	codeOutOfScope    = "evidence_out_of_scope"
	codeOpinion       = "opinion"     // adverse, disclaimed or unclear
	codeNotCarried    = "not_carried" // the evidence does not show this
	codeNotMet        = "criterion_not_met"
	codeNotAudited    = "not_audited"
	codeException     = "exception_noted"
	codeUnproved      = "provider_unproved"
	codeRefused       = "provider_negative"
	codeMonitoring    = "monitoring_missing"
	codeCustomerAlone = "customer_alone"
	codeCustomerPart  = "customer_part" // customers have one in something alike
	codeWithheld      = "withheld"
	codeContradiction = "contradiction"
	codeControlOnly   = "control_only"     // the chain leads by control, not exactly
	codeUnmapped      = "no_crosswalk"     // nothing says what evidence shows of the question
	codeAlike         = "question_differs" // the chain leads to a question that asks something alike
	codeRemedy        = "remedy_missing"
	codeStatement     = "statement_expired" // a document reviewed too long ago
	codeTarget        = "target_passed"     // planned for a day that has gone by
	codeDeclared      = "declared"          // No and NA rest on the profile's own word
	codeColumns       = "column_rule"
	codeRequest       = "request" // an assessor has to ask the party
)

func need(code, ref, format string, args ...any) caiq.Need {
	return caiq.Need{Code: code, Ref: ref, Text: fmt.Sprintf(format, args...)}
}

// own names something of the profile: "example-saas:AC-03".
func own(p *caiq.Profile, id string) string { return p.ID + ":" + id }

// liftNeed says what would raise a claim to audited evidence.
func (i *inquiry) liftNeed(c claim) caiq.Need {
	ref := own(i.v.profile, c.control.ID)
	gap := gapOf(c)
	for _, v := range c.verdicts {
		switch {
		case gap != nil && len(gap.entry.Certified[v.evidence.Kind]) == 0:
			continue // nor would it in force, or with another opinion
		case v.code == codeExpired && v.level > caiq.LevelStated:
			return need(codeExpired, own(i.v.profile, v.evidence.ID), "%s does not count on %s: %s. A current one would lift %s.",
				v.evidence.Title, i.e.opt.AsOf.Long(), v.why, c.control.ID)
		case v.code == codeNotMet || v.code == codeOpinion:
			return need(v.code, own(i.v.profile, v.evidence.ID), "%s does not carry %s: %s.", v.evidence.Title, c.control.ID, v.why)
		case v.code == codeNotCarried && v.evidence.Kind.Level() > caiq.LevelStated:
			return need(codeNotCarried, ref, "%s does not carry %s here: %s.", v.evidence.Title, c.control.ID, v.why)
		}
	}
	if gap != nil {
		return gapNeed(gap)
	}
	if c.level == caiq.LevelDesigned {
		return need(codeNotAudited, ref, "Only the design of %s has been examined: a Type II report or a certificate would lift it.", c.control.ID)
	}
	return need(codeNotAudited, ref, "%s rests on %s: a Type II report or a certificate that covers it would lift it.", c.control.ID, restsOn(c))
}

// restsOn names what stands behind a claim that no audit covers.
func restsOn(c claim) string {
	if c.level == caiq.LevelStated && isPentest(c.by) {
		return "the " + pentestText(c.by)
	}
	return "management's statement"
}

// gapOf returns the first control that a claim speaks to and no SOC 2 criterion shows.
func gapOf(c claim) *mapping {
	at := slices.IndexFunc(c.homes, func(m *mapping) bool { return m != nil && m.entry.Gap == caiq.GapFull })
	if at < 0 {
		return nil
	}
	return c.homes[at]
}

// gapNeed says what would carry a control that no SOC 2 criterion shows.
func gapNeed(home *mapping) caiq.Need {
	text := "an audit that tests it"
	if home.entry.CarriedBy != "" {
		text = trimStop(home.entry.CarriedBy)
	}
	return need(codeNotCarried, string(home.control), "SOC 2 does not show %s. What would carry it: %s.", home.control.ID(), text)
}

// evidenceNeeds says why nothing stands behind a claim, and that a document which
// would needs a new review.
func (i *inquiry) evidenceNeeds(c claim) []caiq.Need {
	first := i.evidenceNeed(c)
	switch statement, ok := i.statementNeed(c); {
	case !ok:
		return []caiq.Need{first}
	case first.Code == codeExpired:
		return []caiq.Need{first, statement}
	default:
		return []caiq.Need{statement}
	}
}

func (i *inquiry) evidenceNeed(c claim) caiq.Need {
	for _, v := range c.verdicts {
		if v.code == codeExpired {
			return need(codeExpired, own(i.v.profile, v.evidence.ID), "%s, which stands behind %s, does not count on %s: %s.",
				v.evidence.Title, c.control.ID, i.e.opt.AsOf.Long(), v.why)
		}
	}
	ref := own(i.v.profile, c.control.ID)
	if len(c.verdicts) > 0 {
		return need(c.verdicts[0].code, ref, "Nothing stands behind %s here: %s. Name its owner, its document and when that was reviewed.",
			c.control.ID, c.verdicts[0].why)
	}
	return need(codeNoEvidence, ref, "Nothing stands behind %s: name its owner, its document and when that was reviewed, or attach a report.", c.control.ID)
}
