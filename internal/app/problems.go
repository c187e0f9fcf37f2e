package app

import (
	"context"
	"slices"
	"strings"

	"caique/internal/caiq"
	"caique/internal/workbook"
)

// rules are what the answers of a questionnaire are held against for an audience.
type rules struct {
	audience caiq.Release
	voc      caiq.Vocabulary
	today    caiq.Date
	withheld []withheldName
}

// rules readies them; a profile that is gone has no names to keep.
func (s *Service) rules(ctx context.Context, r *caiq.Record, audience caiq.Release) (*rules, error) {
	u := &rules{audience: audience, voc: s.vocabulary(r.Reading.Format), today: s.Today()}
	if r.ProfileID == "" || audience == caiq.ReleaseInternal {
		return u, nil
	}
	k, err := s.know(ctx, r.WorkspaceID, r.Reading.Format, r.ProfileID, 0)
	switch {
	case caiq.KindOf(err) == caiq.NotFound:
		return u, nil
	case err != nil:
		return nil, err
	}
	u.withheld = k.names.withheld(k.knowledge, audience)
	return u, nil
}

// problems lists what keeps an answer from being approved for the audience, or
// from going out to it.
func (u *rules) problems(row *caiq.ReviewRow) caiq.Problems {
	q, a := &row.Question.Question, &row.Answer
	ps := checkAnswer(q, a.Answer, u.voc)
	if !a.Audience.VisibleTo(u.audience) {
		ps = append(ps, caiq.Problem{
			Sheet: q.Sheet, Cell: q.Cell, Code: "audience",
			Message: "the text was written for the audience " + string(a.Audience) + " and may not go to " + string(u.audience) +
				": edit it for that audience, or reopen the answer to take the proposal where nobody has edited it",
		})
	}
	ps = append(ps, nameProblems(row, u.withheld, u.audience)...)
	return slices.DeleteFunc(ps, func(p caiq.Problem) bool { return p.Warning })
}

// warnings tells whoever approves an answer what to look at twice: a text that
// begins like a formula, which exports write as text; the name of evidence that does
// not go to the audience; and that the file itself answers otherwise.
func (u *rules) warnings(row *caiq.ReviewRow) caiq.Problems {
	ps := slices.DeleteFunc(nameProblems(row, u.withheld, u.audience), func(p caiq.Problem) bool { return !p.Warning })
	q, a := &row.Question.Question, row.Answer.Answer
	if p, contradicts := contradiction(q, a.Value); contradicts {
		ps = append(ps, p)
	}
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
		p.Sheet, p.Cell, p.Field = q.Sheet, q.Cell, ruleField(p.Code)
		if t := q.Target(fieldRole(p.Field)); t != nil {
			p.Cell = t.Cell
		}
		ps = append(ps, p)
	}
	if _, err := workbook.Edits(q, a, voc); err != nil {
		ps = append(ps, asProblem(q, err))
	}
	return ps
}

// ruleField is the field of an answer, by its name in the API, that has to change
// for a column rule to be kept.
func ruleField(code string) string {
	switch code {
	case "ownership_missing", "na_with_owner", "customer_without_owner":
		return "ownership"
	case "customer_missing":
		return "customer_responsibilities"
	default:
		return "description"
	}
}

// fieldRole is the column that a field of an answer goes into.
func fieldRole(field string) caiq.Role {
	return map[string]caiq.Role{
		"ownership": caiq.RoleOwnership, "customer_responsibilities": caiq.RoleCustomer, "description": caiq.RoleDescription,
	}[field]
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
		ps = append(ps, caiq.Problem{Field: "ownership", Code: "bad_ownership", Message: "the ownership can be " + strings.Join(ownerships(), ", ") + ", or empty"})
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

// ownerships are the values of the column.
func ownerships() []string {
	return []string{
		string(caiq.OwnerCSP), string(caiq.OwnerCSC), string(caiq.OwnerThirdParty), string(caiq.OwnerSharedCSC),
		string(caiq.OwnerSharedThird), string(caiq.OwnerNotDetermined),
	}
}

func (s *Service) vocabulary(id caiq.FormatID) caiq.Vocabulary {
	if f, err := s.library.Format(id); err == nil {
		return f.Answers
	}
	return caiq.Vocabulary{Yes: "Yes", No: "No", NA: "N/A"}
}
