package answer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// describeShare words what a provider does and what proves it.
func (i *inquiry) describeShare(t *telling, a *affirmation, s share) string {
	return t.paragraph(slices.Concat(i.shareWords(s), i.shareProof(s), i.sharedParts(a, s))...)
}

// shareWords say what a provider does, as far as something in force shows it: of
// the rest we only expect it.
func (i *inquiry) shareWords(s share) []string {
	var does []string
	for _, t := range s.tasks {
		for _, d := range t.duties {
			if t.stands() {
				does = appendNew(does, cmp.Or(d.says, d.what.Text))
			}
		}
	}
	if len(does) == 0 {
		does = []string{"No evidence in force shows its part in this."}
	}
	return append([]string{i.useSentence(s.use)}, does[:min(maxSaid, len(does))]...)
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
	review := i.reviewedUnder(s)
	named := i.shareEvidence(s)
	proof := i.shareSentences(s, named)
	switch {
	case review == "":
		return proof
	case len(proof) == 0 || s.level == caiq.LevelReported:
		return append(proof, fmt.Sprintf("%s %s %s.", upperFirst(i.subject("review", "reviews")), s.name, review))
	default:
		it := "it"
		if len(named) > 1 {
			it = "them"
		}
		return []string{fmt.Sprintf("%s; %s %s %s.", proof[0], i.subject("review", "reviews"), it, review)}
	}
}

// shareEvidence is what shows all that a provider is expected to do, each once:
// what shows a task and what shows the parts that this leaves out.
func (i *inquiry) shareEvidence(s share) []*caiq.Evidence {
	var out []*caiq.Evidence
	for _, t := range s.tasks {
		if t.by == nil || t.level < caiq.LevelReported || !s.proved && s.level < caiq.LevelReported {
			return nil
		}
		if s.proved || t.level == caiq.LevelReported {
			out = appendNew(out, t.by)
		}
		for _, p := range i.g.parts {
			if part := s.part(p); slices.Contains(p.pieces, t.piece) && part.level > caiq.LevelReported {
				out = appendNew(out, part.by)
			}
		}
	}
	return out
}

// shareSentences name what proves a provider's part, without a full stop where it
// is one; none if the audience may not know of all of it.
func (i *inquiry) shareSentences(s share, named []*caiq.Evidence) []string {
	for _, e := range named {
		if !i.mayTell(s.party, e) {
			return nil
		}
	}
	if len(named) == 0 {
		return nil
	}
	if s.level == caiq.LevelReported {
		var out []string
		for _, e := range named {
			out = append(out, dealsWith(i.ownerOf(s), e, s.party, "this subject"))
		}
		return out
	}
	if s.use.Method == "inclusive" {
		return []string{fmt.Sprintf("%s %s includes this part of %s", upperFirst(i.our()), listed(named, s.party), s.name)}
	}
	covers := " covers this"
	if len(named) > 1 {
		covers = " together cover this"
	}
	return []string{possessive(s.name) + " " + listed(named, s.party) + covers}
}

// listed names evidence inside a sentence that goes on.
func listed(named []*caiq.Evidence, party *caiq.Profile) string {
	var text strings.Builder
	for n, e := range named {
		switch {
		case n == 0:
		case n < len(named)-1:
			text.WriteString(", ")
		case len(named) > 2 || setOff(named[n-1]):
			text.WriteString(", and ")
		default:
			text.WriteString(" and ")
		}
		text.WriteString(reportText(e, party))
	}
	if setOff(named[len(named)-1]) {
		text.WriteString(",")
	}
	return text.String()
}

// setOff reports whether the time of evidence is set off by commas.
func setOff(e *caiq.Evidence) bool { return strings.HasPrefix(periodText(e), ",") }

// sharedParts say what shows the parts that a provider's report or certificate, where
// it is named, leaves out, if that is neither of them that somebody read.
func (i *inquiry) sharedParts(a *affirmation, s share) []string {
	named := i.shareEvidence(s)
	var groups partGroups
	for _, t := range s.tasks {
		if t.part != nil || !slices.Contains(named, t.by) || !i.visible(t.by) {
			continue
		}
		for _, p := range a.parts {
			how, tells := i.sharedPart(s, p)
			if tells && s.part(p.partGround).by != t.by && slices.Contains(p.pieces, t.piece) {
				groups.add(how, t.by.Kind.SOC2(), trimStop(p.Text))
			}
		}
	}
	return groups.sentences()
}

// sharedPart continues "a part is" with what shows it of a provider, "" when nothing
// does; false where that needs no saying.
func (i *inquiry) sharedPart(s share, p shownPart) (how string, tells bool) {
	part := s.part(p.partGround)
	switch {
	case p.level == caiq.LevelNone:
		return "", true
	case part.claim == nil || part.level > caiq.LevelReported || part.by != nil && !i.mayTell(s.party, part.by):
		return "", false
	case part.level == caiq.LevelReported:
		return perhaps(possessive(s.name), part.by, s.party), true
	}
	how = "stated by " + s.name
	if source := sourceName(part.claim.control, part.by); source != "" {
		how += " (" + source + ")"
	}
	return how, true
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
