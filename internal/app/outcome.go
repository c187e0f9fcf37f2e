package app

import (
	"slices"
	"strings"

	"caique/internal/answer"
	"caique/internal/caiq"
	"caique/internal/workbook"
)

// Outcome says what became of a question's answer.
type Outcome string

// Outcomes. They add up to all questions.
const (
	Filled Outcome = "filled" // an answer was written
	Partly Outcome = "partly" // what is known beside it, such as the customer's part; the answer itself is open
	Kept   Outcome = "kept"   // the file's own answer stays
	Blank  Outcome = "blank"  // nothing was written; Proposal.Needs says why
)

// Open is how many questions have no answer: blank and partly filled ones.
func Open(counts map[Outcome]int) int { return counts[Blank] + counts[Partly] }

// decide says what becomes of a proposal in its file. A question that is
// answered already is kept whole: a customer's old Yes beside our new
// description would be an answer that nobody gave. Where only other cells of the
// row hold something, they must agree with ours. To a question that was recognised
// by its wording alone an answer is written where a reader finds all of the question
// in it. An answer that its cells cannot take stays blank, or the file's own stays,
// with the reason.
func (d *Draft) decide(q *caiq.Question, p *caiq.Proposal, voc caiq.Vocabulary, in Input) Outcome {
	stays := Blank
	if answered(q) {
		stays = Kept
	}
	if p.Value == "" || stays == Kept && !in.Overwrite {
		if cell := lockedAnswer(q); cell != "" && p.Value != "" {
			p.Needs = append([]caiq.Need{{
				Code: needLockedAnswer, Ref: q.Sheet + "!" + cell,
				Text: "The answer in " + cell + " may not be written (" + lockOf(q, cell) + "), so the row stays as it is, and the proposal's texts are not written beside it.",
			}}, p.Needs...)
		}
		if stays == Blank && partly(q, p, voc) {
			return Partly
		}
		return stays
	}
	if needs := d.hindrances(q, p, voc, in); len(needs) > 0 {
		p.Needs = append(needs, p.Needs...)
		return stays
	}
	if text, why := workbook.Unplaced(q, p.Answer, voc); text != "" {
		p.Needs = append(slices.Clip(p.Needs), caiq.Need{
			Code: needUnplaced, Ref: q.Sheet + "!" + q.Cell,
			Text: "What explains the answer has no cell to go into and is not in the file: " + why + ".",
		})
	}
	return Filled
}

// Codes of needs that a draft's own file gives rise to.
const (
	needUnplaced     = "text_unplaced" // written without the text that explains it
	needHalfAnswered = "half_answered"
	needEditorial    = "editorial_note"
	needFound        = "found_by_wording"
	needLockedAnswer = "locked_answer"
)

// hindrances are what keeps an answer out of its cells: first a doubt whether the
// question asks what it answers, which no other cell would lift, then what is the
// matter with the cells.
func (d *Draft) hindrances(q *caiq.Question, p *caiq.Proposal, voc caiq.Vocabulary, in Input) []caiq.Need {
	var needs []caiq.Need
	if how, why := d.doubt(q, p, voc, in); why != "" {
		needs = append(needs, caiq.Need{
			Code: needFound, Ref: string(q.Match.Question),
			Text: how + ", so its answer is suggested and not written: " + why + ". Check it.",
		})
	}
	if n, hindered := cellHindrance(q, p, voc, in); hindered {
		needs = append(needs, n)
	}
	return needs
}

// cellHindrance is the first thing about its cells that keeps an answer out of them.
func cellHindrance(q *caiq.Question, p *caiq.Proposal, voc caiq.Vocabulary, in Input) (caiq.Need, bool) {
	if q.Editorial && !in.Overwrite {
		return caiq.Need{
			Code: needEditorial, Ref: q.Sheet + "!" + q.Cell,
			Text: "The answer's cell holds a note of the questionnaire's publisher, which answers nothing and is not replaced unasked (--overwrite).",
		}, true
	}
	if cell := differingLock(q, p.Answer); cell != "" {
		return caiq.Need{
			Code: needHalfAnswered, Ref: q.Sheet + "!" + cell,
			Text: cell + " holds something else than the proposal and may not be written (" + lockOf(q, cell) + "). Complete the row by hand.",
		}, true
	}
	if !in.Overwrite && disagrees(q, p.Answer) {
		return caiq.Need{
			Code: needHalfAnswered,
			Text: "The row has no answer but other cells of it are filled, and they differ from the proposal. Complete it by hand, or overwrite them (--overwrite).",
		}, true
	}
	if _, err := workbook.Edits(q, p.Answer, voc); err != nil {
		return caiq.Need{
			Code: caiq.CodeOf(err), Ref: q.Sheet + "!" + q.Cell,
			Text: "The answer does not fit its cell: " + err.Error() + ".",
		}, true
	}
	return caiq.Need{}, false
}

// doubt says how a question was recognised whose words are not the known ones, and why
// its answer is not written; why is "" when it is.
func (d *Draft) doubt(q *caiq.Question, p *caiq.Proposal, voc caiq.Vocabulary, in Input) (how, why string) {
	switch q.Match.Kind {
	case caiq.MatchFound:
		how, why = "The question was recognised by its wording alone", foundDoubt(q, p, voc, in)
		if why == "" {
			why = d.unsaid((*answer.Matcher).Unsaid, q, p)
		}
	case caiq.MatchChanged:
		how, why = "The question was recognised by its identifier, and its text is not the official one", d.unsaid((*answer.Matcher).Strange, q, p)
	default: // its words are known
	}
	return how, why
}

// foundDoubt is what keeps an answer to a question that was recognised by its wording
// alone from being written. What it says in words must stand beside its Yes or No,
// since these were asked for by another question.
func foundDoubt(q *caiq.Question, p *caiq.Proposal, voc caiq.Vocabulary, in Input) string {
	switch {
	case in.KnownOnly:
		return "only known questions were to be answered"
	case p.Value == caiq.NA:
		return "not applicable to the question that it resembles may be applicable here"
	case !told(q, p, voc):
		return "the row has no place for what the answer says"
	default:
		return ""
	}
}

// told reports whether the row has a cell for what the answer says in words, whether
// or not another takes its Yes or No.
func told(q *caiq.Question, p *caiq.Proposal, voc caiq.Vocabulary) bool {
	edits, err := workbook.Edits(q, p.Answer, voc)
	if err != nil {
		edits, err = workbook.Edits(q, caiq.Answer{Description: p.Description}, voc)
	}
	return err == nil && p.Description != "" && slices.ContainsFunc(edits, func(e workbook.Edit) bool { return strings.Contains(e.Text, p.Description) })
}

// unsaid says why an answer does not answer a question's own words, as one of the
// matcher's readings has it.
func (d *Draft) unsaid(read func(*answer.Matcher, string, caiq.Ref, string) string, q *caiq.Question, p *caiq.Proposal) string {
	if d.matcher == nil {
		return "it was recognised before, and its words were not compared with this answer"
	}
	return read(d.matcher, q.Text, q.Match.Question, p.Description)
}

// answered reports whether the file itself says Yes, No or NA, or where it has
// no place for that says anything of its own.
func answered(q *caiq.Question) bool {
	if q.Editorial {
		return false
	}
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
		if differs(role, text, a) {
			return true
		}
	}
	return false
}

// differingLock returns the first cell beside the answer whose text cannot be
// replaced and is not the proposal's, "" when there is none.
func differingLock(q *caiq.Question, a caiq.Answer) string {
	for _, t := range q.Targets {
		if text := q.Existing[t.Role]; t.Locked != "" && text != "" && differs(t.Role, text, a) {
			return t.Cell
		}
	}
	return ""
}

// lockedAnswer returns the cell that answers the row and may not be written, ""
// when there is none.
func lockedAnswer(q *caiq.Question) string {
	for _, role := range []caiq.Role{caiq.RoleAnswer, caiq.RoleYes, caiq.RoleNo, caiq.RoleNA} {
		if t := q.Target(role); t != nil && t.Locked != "" && q.Existing[role] != "" {
			return t.Cell
		}
	}
	return ""
}

// lockOf says why a cell of the row may not be written.
func lockOf(q *caiq.Question, cell string) string {
	for _, t := range q.Targets {
		if t.Cell == cell {
			return t.Locked
		}
	}
	return ""
}

// differs reports whether what a cell says is not what the answer says there.
func differs(role caiq.Role, text string, a caiq.Answer) bool {
	switch role {
	case caiq.RoleOwnership:
		owner, ok := caiq.ReadOwnership(text)
		return !ok || owner != a.Ownership
	case caiq.RoleDescription:
		return text != a.Description
	case caiq.RoleCustomer:
		return text != a.Customer
	default:
		return true
	}
}

// partly reports whether what is known beside an open answer, a customer's duty for
// instance, is written: never over something, nor where the wording alone says what
// is asked.
func partly(q *caiq.Question, p *caiq.Proposal, voc caiq.Vocabulary) bool {
	if p.Value != "" || p.Answer.Blank() || len(q.Existing) > 0 || q.Match.Kind == caiq.MatchFound {
		return false
	}
	edits, err := workbook.Edits(q, p.Answer, voc)
	if err != nil {
		p.Needs = append(slices.Clip(p.Needs), caiq.Need{
			Code: caiq.CodeOf(err), Ref: q.Sheet + "!" + q.Cell,
			Text: "What is known beside the answer does not fit its cell: " + err.Error() + ".",
		})
	}
	return len(edits) > 0
}

// Locked reports whether an answer is proposed that the row's cells may not take: a
// formula stands there, or a merge covers them.
func (r Row) Locked() bool {
	return !r.writes() && r.Proposal.Value != "" && (r.Needs(needLockedAnswer) || r.Needs("locked_cell"))
}

// writes reports whether a row's cells are written.
func (r Row) writes() bool { return r.Outcome == Filled || r.Outcome == Partly }

// asProblem places an error at a question.
func asProblem(q *caiq.Question, err error) caiq.Problem {
	return caiq.Problem{Sheet: q.Sheet, Cell: q.Cell, Code: caiq.CodeOf(err), Message: err.Error()}
}
