package app

import (
	"caique/internal/caiq"
	"caique/internal/workbook"
)

// problemsOf lists what keeps an answer from being approved for an audience, or
// from going out to it.
func problemsOf(row *caiq.ReviewRow, audience caiq.Release, voc caiq.Vocabulary) caiq.Problems {
	q, a := &row.Question.Question, &row.Answer
	ps := checkAnswer(q, a.Answer, voc)
	if !a.Audience.VisibleTo(audience) {
		ps = append(ps, caiq.Problem{
			Sheet: q.Sheet, Cell: q.Cell, Code: "audience",
			Message: "the text was written for the audience " + string(a.Audience) + " and may not go to " + string(audience) +
				": edit it for that audience, or reopen the answer to take the proposal where nobody has edited it",
		})
	}
	return ps
}

// warningsOf tells whoever approves an answer which of its texts begin like a
// formula. Exports write them as texts.
func warningsOf(row *caiq.ReviewRow) caiq.Problems {
	var ps caiq.Problems
	q, a := &row.Question.Question, row.Answer.Answer
	for _, f := range textFields(a) {
		if workbook.FormulaLike(f.text) {
			ps = append(ps, caiq.Problem{
				Sheet: q.Sheet, Cell: q.Cell, Field: f.name, Code: "formula_like", Warning: true,
				Message: "it begins like a formula: exports write it as text, in CSV after an apostrophe, but what readers do with it is theirs",
			})
		}
	}
	return ps
}

// textField is a text of an answer by its name in the API.
type textField struct{ name, text string }

func textFields(a caiq.Answer) []textField {
	return []textField{{"description", a.Description}, {"customer_responsibilities", a.Customer}}
}

// checkAnswer lists what keeps an answer from standing in its file: the rules
// between the columns that the question has, and what its cells take.
func checkAnswer(q *caiq.Question, a caiq.Answer, voc caiq.Vocabulary) caiq.Problems {
	var ps caiq.Problems
	for _, p := range caiq.CheckColumns(a) {
		if columnsOf[p.Code] && !q.Has(caiq.RoleOwnership) {
			continue // a file without the columns cannot break their rules
		}
		p.Sheet, p.Cell = q.Sheet, q.Cell
		ps = append(ps, p)
	}
	if _, err := workbook.Edits(q, a, voc); err != nil {
		ps = append(ps, asProblem(q, err))
	}
	return ps
}

// columnsOf are the rules about columns D and F, which only CAIQ v4 has.
var columnsOf = map[string]bool{ //nolint:gochecknoglobals // a constant in all but the language
	"ownership_missing": true, "na_with_owner": true, "customer_missing": true, "customer_without_owner": true,
}

// checkFields refuses values that are none and texts that no cell can hold.
func checkFields(a caiq.Answer) error {
	var ps caiq.Problems
	if a.Value != "" && a.Value != caiq.Yes && a.Value != caiq.No && a.Value != caiq.NA {
		ps = append(ps, caiq.Problem{Field: "answer", Code: "bad_value", Message: "the answer can be yes, no or na, or empty"})
	}
	if o, ok := caiq.ReadOwnership(string(a.Ownership)); a.Ownership != "" && (!ok || o != a.Ownership) {
		ps = append(ps, caiq.Problem{Field: "ownership", Code: "bad_ownership", Message: "this is no value of the ownership column"})
	}
	for _, f := range textFields(a) {
		if err := caiq.CheckText(f.text); err != nil {
			ps = append(ps, caiq.Problem{Field: f.name, Code: caiq.CodeOf(err), Message: err.Error()})
		}
	}
	if len(ps) > 0 {
		return ps
	}
	return nil
}

func (s *Service) vocabulary(id caiq.FormatID) caiq.Vocabulary {
	if f, err := s.library.Format(id); err == nil {
		return f.Answers
	}
	return caiq.Vocabulary{Yes: "Yes", No: "No", NA: "N/A"}
}
