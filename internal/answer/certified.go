package answer

import (
	"fmt"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// A certificate says that a management system meets its standard, not how a single
// control works. Where criteria stand behind a control it shows what they show. What
// they leave out it shows only where the crosswalk names the clauses that require it
// (caiq.Certified): a standard that merely mentions something does not show it.

// certificate returns the clauses by which a certificate shows what SOC 2 does not,
// and why it does not show what is asked, or "".
func (j judge) certificate(kind caiq.EvidenceKind) (clauses []string, why string) {
	if j.part != nil {
		clauses = j.part.Certified[kind]
		if len(clauses) == 0 {
			return nil, "its standard does not ask for this part"
		}
		return clauses, ""
	}
	for _, home := range j.homes {
		if home == nil || home.entry.Gap != caiq.GapFull {
			continue
		}
		required := home.entry.Certified[kind]
		if len(required) == 0 {
			return nil, "its standard does not ask for " + home.control.ID()
		}
		clauses = appendNew(slices.Clone(clauses), required...)
	}
	return clauses, ""
}

// forPart is the judge of the same evidence for a part of what is asked.
func (j judge) forPart(p *caiq.Part) judge {
	j.homes, j.part = nil, p
	return j
}

// standPart returns how well the evidence of a claim shows a part.
func (j judge) standPart(c *claim, p *caiq.Part) shown {
	s := j.forPart(p).stand(c.control)
	return shown{level: s.level, by: s.by, claim: c}
}

// partVerdicts say what certificates show of a part. That reports do not is known.
func (j judge) partVerdicts(c *caiq.CompanyControl, p *caiq.Part) []verdict {
	all := j.forPart(p).stand(c).verdicts
	return slices.DeleteFunc(all, func(v verdict) bool { return v.evidence.Kind.Level() != caiq.LevelCertified })
}

// unmappedNeed says that no crosswalk tells what evidence shows of the question. A
// certificate covers whatever it is said to cover there, so nobody's rule says that it
// shows this: a person has to look.
func (i *inquiry) unmappedNeed() caiq.Need {
	return need(codeUnmapped, string(i.p.Question),
		"No crosswalk leads from this question to SOC 2 criteria or to clauses of a certificate: check whether the evidence that is named covers it.")
}

// certifiable names the certificates that show something: "an ISO/IEC 27001
// certificate (A.8.24)"; "" when none does.
func certifiable(c caiq.Certified) string {
	var names []string
	for _, kind := range []caiq.EvidenceKind{caiq.ISO27001, caiq.ISO27017, caiq.ISO27018, caiq.ISO22301} {
		if clauses := c[kind]; len(clauses) > 0 {
			names = append(names, fmt.Sprintf("an %s certificate (%s)", standardName(kind), strings.Join(clauses, ", ")))
		}
	}
	return strings.Join(names, " or ")
}

// standardName spells the standard of a certificate.
func standardName(kind caiq.EvidenceKind) string {
	number := strings.TrimPrefix(string(kind), "iso")
	if kind == caiq.ISO22301 {
		return "ISO " + number
	}
	return "ISO/IEC " + number
}
