package workbook

import (
	"fmt"
	"slices"

	"caique/internal/caiq"
)

// findLists gives the ownership and the answer a column whose drop-down lists
// offer just such values, where no header names one, or in doubtful words. Of several
// such columns none is chosen.
func (t *table) findLists(g *grid, v *vocabulary, l *lists) {
	answered := t.columns[caiq.RoleYes] > 0 || t.columns[caiq.RoleAnswer] > 0 && !t.doubtful(g, v, l)
	for _, wanted := range []struct {
		role caiq.Role
		has  bool
		is   func(values []string) bool
	}{
		{caiq.RoleOwnership, t.columns[caiq.RoleOwnership] > 0, offersOwners},
		{caiq.RoleAnswer, answered, offersAnswers},
	} {
		if wanted.has {
			continue
		}
		found := slices.DeleteFunc(t.openColumns(g, v), func(col int) bool { return !t.listed(g, l, col, wanted.is) })
		if len(found) == 1 {
			t.columns[wanted.role] = found[0]
			t.byLists = append(t.byLists, wanted.role)
		}
	}
}

// sureHeader is the score from which a header is believed against the lists.
const sureHeader = .7

// doubtful reports whether the answer column goes by a header such as "Status",
// which may head much else, and has no list that offers answers.
func (t *table) doubtful(g *grid, v *vocabulary, l *lists) bool {
	col := t.columns[caiq.RoleAnswer]
	return t.answerHead(g, v, col).score < sureHeader && !t.listed(g, l, col, offersAnswers)
}

// listWarnings say which columns were told by their lists.
func (p *part) listWarnings() caiq.Problems {
	var warnings caiq.Problems
	for _, role := range p.t.byLists {
		warnings = append(warnings, caiq.Problem{
			Sheet: p.g.name, Code: "role_by_list", Warning: true,
			Message: fmt.Sprintf("no header surely names a column for the %s; column %s is taken for it, since its drop-down lists offer such values (a layout file says otherwise, see --write-layout)",
				role, appendColumn(nil, p.t.columns[role])),
		})
	}
	return warnings
}

// maxOpenColumns is how many columns beside the questions are looked at.
const maxOpenColumns = 16

// openColumns returns the columns right of the questions that have a header
// without a role, which is not that of whoever asked.
func (t *table) openColumns(g *grid, v *vocabulary) []int {
	var open []int
	for col := t.columns[caiq.RoleQuestion] + 1; col < maxGuessColumn && len(open) < maxOpenColumns; col++ {
		headed, asker := false, false
		for _, row := range t.headers {
			text := g.at(row, col).text
			headed = headed || text != ""
			asker = asker || v.role(text).asker
		}
		if headed && !asker && t.roleOf(col) == "" {
			open = append(open, col)
		}
	}
	return open
}

// listedShare of the rows with questions have the list before it says what their
// column is.
const listedShare = .5

// listed reports whether the lists of a column beside the questions are such.
func (t *table) listed(g *grid, l *lists, col int, is func([]string) bool) bool {
	rows, such, known := 0, 0, make(map[*choice]bool) // the rows share few lists
	for _, r := range g.rows {
		if r.num <= t.headerEnd() || r.num < t.first || r.num > t.last || t.isHeader(r.num) || r.at(t.columns[caiq.RoleQuestion]).orUnread() == "" {
			continue
		}
		rows++
		c := l.at(g, r.num, col)
		if c == nil {
			continue
		}
		if _, seen := known[c]; !seen {
			known[c] = is(c.values)
		}
		if known[c] {
			such++
		}
	}
	return such > 0 && float64(such) >= listedShare*float64(rows)
}

// offersOwners tells a list of who performs a control: most of its values.
func offersOwners(values []string) bool {
	const enough = 3
	known := make(map[caiq.Ownership]bool)
	for _, v := range values {
		if o, ok := caiq.ReadOwnership(v); ok {
			known[o] = true
		}
	}
	return len(known) >= enough && 2*len(known) > len(values)
}
