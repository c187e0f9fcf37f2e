package app

import (
	"strings"

	"caique/internal/caiq"
)

// FileValue is what the file itself answers: the mark that is set, what the
// answer cell says or begins with ("No. We plan to."), "" when that is none of the
// three or two of them.
func (r Row) FileValue() caiq.Value {
	q, marked := r.Question, caiq.Value("")
	for role, value := range map[caiq.Role]caiq.Value{caiq.RoleYes: caiq.Yes, caiq.RoleNo: caiq.No, caiq.RoleNA: caiq.NA} {
		if !set(q, role) {
			continue
		}
		if marked != "" {
			return ""
		}
		marked = value
	}
	if marked != "" {
		return marked
	}
	text := q.Existing[caiq.RoleAnswer]
	if t := q.Target(caiq.RoleAnswer); t != nil && t.Boolean {
		return map[string]caiq.Value{"1": caiq.Yes, "0": caiq.No}[text]
	}
	if v := caiq.ReadValue(text); v != "" {
		return v
	}
	if end := strings.IndexAny(text, ".,;:\n"); end >= 0 {
		return caiq.ReadValue(text[:end])
	}
	return ""
}

// set reports whether the row's mark in the role's column is set.
func set(q *caiq.Question, role caiq.Role) bool {
	t := q.Target(role)
	unticked := t != nil && t.Boolean && q.Existing[role] == "0"
	return q.Existing[role] != "" && !unticked
}

// Differs reports whether the file's answer is kept though the profile gives another.
func (r Row) Differs() bool {
	file := r.FileValue()
	return r.Outcome == Kept && file != "" && r.Proposal.Value != "" && file != r.Proposal.Value
}

// OldAnswer is a row in which the file's own answer stays though it was to be
// replaced: nothing is proposed there, or nothing that may be written.
type OldAnswer struct {
	Question caiq.Ref `json:"question"`
	Sheet    string   `json:"sheet"`
	Cells    []string `json:"cells"` // in the order of the columns' roles
}

// OldAnswers returns the rows in which the file says something that Overwrite did
// not replace, in the order of the file; none without it.
func (d *Draft) OldAnswers() []OldAnswer {
	if !d.Manifest.Overwrite {
		return nil
	}
	var old []OldAnswer
	for _, r := range d.Rows {
		if r.writes() || len(r.Question.Existing) == 0 {
			continue
		}
		o := OldAnswer{Question: r.Question.Key, Sheet: r.Question.Sheet}
		for _, t := range r.Question.Targets {
			if r.Question.Existing[t.Role] != "" {
				o.Cells = append(o.Cells, t.Cell)
			}
		}
		old = append(old, o)
	}
	return old
}
