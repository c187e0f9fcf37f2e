package workbook

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"caique/internal/caiq"
)

// Content decides where header words are missing or mislead.
const (
	proseWords = 3  // a question has at least so many words
	proseShare = .5 // of a question column's filled cells
	idShare    = .6 // of an id column's filled cells
	idLength   = 24 // runes of the longest id
	bareRows   = 3  // questions that a sheet without header must show
)

// findQuestions keeps the question column that the header names if the cells
// below read like it. Otherwise it looks for the fullest column of prose left of
// the answers: one that the header says nothing of, else one headed "Control" or the
// like. Where answers are headed and there is no prose, the named column it is: a
// form asks in a word or two.
func (t *table) findQuestions(g *grid, askers []int) {
	named := t.columns[caiq.RoleQuestion]
	if named > 0 {
		if prose, filled := t.count(g, named, isProse); filled > 0 && float64(prose) >= proseShare*float64(filled) {
			return
		}
	}
	delete(t.columns, caiq.RoleQuestion)
	if col := t.fullest(g, func(col int) bool { return t.roleOf(col) == "" && !slices.Contains(askers, col) }); col > 0 {
		t.columns[caiq.RoleQuestion] = col
		return
	}
	if !t.answers() {
		return
	}
	if named == 0 {
		named = t.statements(g)
	}
	if named > 0 {
		delete(t.columns, t.roleOf(named))
		t.columns[caiq.RoleQuestion] = named
	}
}

// statements returns the column of controls whose cells are what is asked: one of
// prose, else one of names that are no identifiers; 0 when there is none.
func (t *table) statements(g *grid) int {
	if col := t.fullest(g, func(col int) bool { return slices.Contains(statementRoles(), t.roleOf(col)) }); col > 0 {
		return col
	}
	for _, role := range statementRoles() {
		if col := t.columns[role]; col > 0 && col < t.firstAnswer() {
			if ids, filled := t.count(g, col, isID); filled > 0 && float64(ids) < idShare*float64(filled) {
				return col
			}
		}
	}
	return 0
}

// statementRoles are the columns whose cells are what is asked where no other is.
func statementRoles() []caiq.Role {
	return []caiq.Role{caiq.RoleSpecification, caiq.RoleControl, caiq.RoleControlTitle}
}

// fullest returns the column left of the answers that holds most prose, of those
// that are wanted; 0 when there is none.
func (t *table) fullest(g *grid, wanted func(col int) bool) int {
	best, found := 0, 0
	for col := 1; col < t.firstAnswer(); col++ {
		if !wanted(col) {
			continue
		}
		prose, filled := t.count(g, col, isProse)
		if prose > best && float64(prose) >= proseShare*float64(filled) {
			best, found = prose, col
		}
	}
	return found
}

// findIDs looks for a column of identifiers left of the questions when the
// header names none.
func (t *table) findIDs(g *grid) {
	if t.columns[caiq.RoleID] > 0 {
		return
	}
	for col := t.columns[caiq.RoleQuestion] - 1; col > 0; col-- {
		if t.roleOf(col) != "" {
			continue
		}
		if ids, filled := t.count(g, col, isID); ids > 0 && float64(ids) >= idShare*float64(filled) {
			t.columns[caiq.RoleID] = col
			return
		}
	}
}

// confirmed reports whether questions stand below the header. A header of one
// word, or of vague ones, needs rows that ask.
func (t *table) confirmed(g *grid, vague bool) bool {
	asks, filled := t.count(g, t.columns[caiq.RoleQuestion], asks)
	if len(t.columns) > 1 && !vague {
		return filled > 0
	}
	return asks > 0 && float64(asks) >= proseShare*float64(filled)
}

// count returns how many cells of the column below the header hold text that is
// so, and how many hold text at all. Header rows do not count.
func (t *table) count(g *grid, col int, is func(string) bool) (so, filled int) {
	for _, r := range g.rows {
		if r.num <= t.headerEnd() || r.num > t.last {
			continue
		}
		text := strings.TrimSpace(r.at(col).orUnread())
		if text == "" {
			continue
		}
		filled++
		if is(text) {
			so++
		}
	}
	return so, filled
}

func (t *table) headerEnd() int {
	if len(t.headers) == 0 {
		return 0
	}
	return t.headers[0]
}

// firstAnswer returns the leftmost column that answers go to; past the last
// column when there is none.
func (t *table) firstAnswer() int {
	first := math.MaxInt
	for role, col := range t.columns {
		if role.Writable() {
			first = min(first, col)
		}
	}
	return min(first, maxGuessColumn)
}

// maxGuessColumn is how far right an unheaded question column is looked for.
const maxGuessColumn = 64

func (t *table) roleOf(col int) caiq.Role {
	for role, c := range t.columns {
		if c == col {
			return role
		}
	}
	return ""
}

// bareTable reads a sheet without any header: a column whose cells ask, and
// nothing to write to.
func bareTable(g *grid) []table {
	for col := 1; col < maxGuessColumn; col++ {
		t := table{columns: map[caiq.Role]int{caiq.RoleQuestion: col}, first: 1, last: math.MaxInt}
		so, filled := t.count(g, col, isInterrogative)
		if so >= bareRows && float64(so) >= proseShare*float64(filled) {
			t.findIDs(g)
			return []table{t}
		}
	}
	return nil
}

func isProse(text string) bool { return len(strings.Fields(text)) >= proseWords }

// idPattern takes "IAM-14.1", "Q7", "1", "3.2.1", "A.5.1", "SEC_004", "12a": at
// most a word of letters before and a letter after each run of digits.
var idPattern = regexp.MustCompile(`^(?:[\p{L}&]+[\s._/:-]*)*\d+(?:[\s._/:-]*\d+)*\p{L}?[.)]?$`)

// isID reports whether a cell looks like the identifier of a row.
func isID(text string) bool {
	text = strings.TrimSpace(text)
	return utf8.RuneCountInString(text) <= idLength && len(strings.Fields(text)) <= 3 && idPattern.MatchString(text)
}

// idShape is an identifier with its digits and letters levelled: rows of one
// list share it. "IAM-14.1" is "a-0.0".
func idShape(id string) string {
	var b strings.Builder
	var last rune
	for _, r := range strings.TrimSpace(id) {
		switch {
		case unicode.IsDigit(r):
			r = '0'
		case unicode.IsLetter(r) || r == '&':
			r = 'a'
		case unicode.IsSpace(r):
			continue
		}
		if r != last || r != '0' && r != 'a' {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
