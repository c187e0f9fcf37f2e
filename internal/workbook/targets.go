package workbook

import "caique/internal/caiq"

// Why a cell may not be written.
const (
	lockedFormula = "formula"
	lockedCovered = "covered by a merge"
	lockedList    = "its drop-down list depends on a formula"
)

// targets returns the row's cells that answers go to, in the order of
// caiq.Roles, and what they already say.
func (r *tableReader) targets(row gridRow) ([]caiq.Target, caiq.Existing) {
	var targets []caiq.Target
	var existing caiq.Existing
	for _, role := range caiq.Roles() {
		col := r.t.columns[role]
		if col == 0 || !role.Writable() {
			continue
		}
		cell := row.at(col)
		targets = append(targets, r.target(role, row.num, cell))
		if text := cellText(cell); text != "" && !unticked(cell) {
			if existing == nil {
				existing = make(caiq.Existing)
			}
			existing[role] = text
		}
	}
	return targets, existing
}

func (r *tableReader) target(role caiq.Role, row int, cell gridCell) caiq.Target {
	t := caiq.Target{Role: role, Cell: refName(row, cell.col), Boolean: cell.boolean, Hidden: r.g.columnHidden(cell.col)}
	if choice := r.lists.at(r.g, row, cell.col); choice != nil {
		t.Allowed = choice.values
		if choice.unknown {
			t.Locked = lockedList
		}
	}
	if m, ok := r.g.merge(row, cell.col); ok && (m.top != row || m.left != cell.col) {
		t.Locked = lockedCovered
	}
	if cell.formula || r.g.inArray(row, cell.col) {
		t.Locked = lockedFormula
	}
	return t
}

// unticked reports whether the cell is a check box that nobody ticked.
func unticked(c gridCell) bool { return c.boolean && c.text != "1" }

// cellText is what a cell shows to a reader.
func cellText(c gridCell) string {
	switch {
	case c.boolean && c.text == "1":
		return "TRUE"
	case c.boolean:
		return "FALSE"
	default:
		return tidy(c.text)
	}
}
