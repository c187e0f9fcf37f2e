package app

import (
	"caique/internal/caiq"
	"caique/internal/workbook"
)

// Outcome says what became of a question's answer.
type Outcome string

// Outcomes. Filled, kept and blank add up to all questions.
const (
	Filled Outcome = "filled" // an answer was written
	Kept   Outcome = "kept"   // the file's own answer stays
	Blank  Outcome = "blank"  // no answer; Proposal.Needs says why
)

// decide says what becomes of a proposal in its file. A question that is
// answered already is kept whole: a customer's old Yes beside our new
// description would be an answer that nobody gave. Where only other cells of the
// row hold something, they must agree with ours. A question that was
// recognised by its wording alone is answered on request only. An answer that its
// cells cannot take stays blank, with the reason.
func decide(q *caiq.Question, p *caiq.Proposal, voc caiq.Vocabulary, in Input) Outcome {
	switch {
	case answered(q) && (!in.Overwrite || p.Value == ""):
		return Kept
	case p.Value == "":
		return Blank
	case q.Match.Kind == caiq.MatchFound && !in.FillFound:
		p.Needs = append([]caiq.Need{{
			Code: "found_by_wording", Ref: string(q.Match.Question),
			Text: "The question was recognised by its wording alone, so its answer is suggested and not written. Check it, or have such answers written too (--fill-found).",
		}}, p.Needs...)
		return Blank
	case !in.Overwrite && disagrees(q, p.Answer):
		p.Needs = append([]caiq.Need{{
			Code: "half_answered",
			Text: "The row has no answer but other cells of it are filled, and they differ from the proposal. Complete it by hand, or overwrite them.",
		}}, p.Needs...)
		return Blank
	}
	if _, err := workbook.Edits(q, p.Answer, voc); err != nil {
		p.Needs = append([]caiq.Need{{
			Code: caiq.CodeOf(err), Ref: q.Sheet + "!" + q.Cell,
			Text: "The answer does not fit its cell: " + err.Error() + ".",
		}}, p.Needs...)
		return Blank
	}
	return Filled
}

// answered reports whether the file itself says Yes, No or NA, or where it has
// no place for that says anything.
func answered(q *caiq.Question) bool {
	place := false
	for _, role := range []caiq.Role{caiq.RoleAnswer, caiq.RoleYes, caiq.RoleNo, caiq.RoleNA} {
		if q.Existing[role] != "" {
			return true
		}
		place = place || q.Has(role)
	}
	return !place && len(q.Existing) > 0
}

// disagrees reports whether cells beside an open answer say something else than
// the proposal would.
func disagrees(q *caiq.Question, a caiq.Answer) bool {
	for role, text := range q.Existing {
		switch role {
		case caiq.RoleOwnership:
			if owner, ok := caiq.ReadOwnership(text); !ok || owner != a.Ownership {
				return true
			}
		case caiq.RoleDescription:
			if text != a.Description {
				return true
			}
		case caiq.RoleCustomer:
			if text != a.Customer {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// writes reports whether a row's cells are written. What a blank answer has to
// say beside the answer cell, a customer's duty for instance, is written too,
// but never over something.
func (r Row) writes() bool {
	switch r.Outcome {
	case Filled:
		return true
	case Blank:
		return r.Proposal.Value == "" && !r.Proposal.Answer.Blank() && len(r.Question.Existing) == 0
	default:
		return false
	}
}

// asProblem places an error at a question.
func asProblem(q *caiq.Question, err error) caiq.Problem {
	return caiq.Problem{Sheet: q.Sheet, Cell: q.Cell, Code: caiq.CodeOf(err), Message: err.Error()}
}
