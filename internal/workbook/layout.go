package workbook

import (
	"cmp"
	"math"
	"slices"

	"caique/internal/caiq"
)

// table is a run of rows of one sheet under one set of columns. Most question
// sheets are one table; its header rows may repeat further down.
type table struct {
	headers     []int // rows, ascending; empty when the columns head nothing
	columns     map[caiq.Role]int
	start       int // best header row
	first, last int // rows that may hold questions, inclusive
	// everyRow is set where a layout says that no row below the header is a heading.
	everyRow bool
	// byLists are the roles of columns that their drop-down lists tell, and no header.
	byLists []caiq.Role
}

// headerCell is a cell that may head a column.
type headerCell struct {
	row, col int
	headerRole
}

// headerRow is a row with cells that may head columns.
type headerRow struct {
	num   int
	cells []headerCell
	score float64 // sum over its roles
	// askers are the columns headed by words of whoever asked.
	askers []int
}

// How far a header reaches above and below its best row, and how many of the
// best rows are tried before a sheet counts as one without questions.
const (
	headerAbove   = 2
	headerBelow   = 3
	headerAttempt = 8
	maxTables     = 64 // looked for below the first of a sheet
)

// guessTables finds the tables of questions on a sheet: by its headers, else by
// what its cells ask. Where a header does not say what goes into its column, the
// drop-down lists there may.
func guessTables(g *grid, v *vocabulary, l *lists) []table {
	tables := headedTables(g, v, l)
	if tables == nil {
		tables = bareTable(g)
	}
	for i := range tables {
		tables[i].findLists(g, v, l)
		tables[i].pairAnswers(g, v, l)
	}
	return tables
}

// headedTables finds the tables under headers. Every row is scored by the words
// of its cells; the best row becomes the header if the rows below it confirm it.
// Rows with the same words in the same columns repeat it, a full header with
// other columns begins a table of its own.
func headedTables(g *grid, v *vocabulary, l *lists) []table {
	rows := headerRows(g, v)
	ranked := slices.Clone(rows)
	slices.SortStableFunc(ranked, func(a, b headerRow) int { return cmp.Compare(b.score, a.score) })
	for _, h := range ranked[:min(len(ranked), headerAttempt)] {
		t := table{first: 1, last: math.MaxInt}
		if !h.mayHead() || !t.build(g, l, h, rows) {
			continue
		}
		return t.split(g, l, rows)
	}
	return nil
}

// headerRows returns the rows that hold cells with header words.
func headerRows(g *grid, v *vocabulary) []headerRow {
	var rows []headerRow
	for _, r := range g.rows {
		h := headerRow{num: r.num}
		for _, c := range r.cells {
			switch hr := v.role(c.text); {
			case hr.asker:
				h.askers = append(h.askers, c.col)
			case hr.role != "":
				h.cells = append(h.cells, headerCell{r.num, c.col, hr})
			}
		}
		if len(h.cells) > 0 {
			h.score = h.sum()
			rows = append(rows, h)
		}
	}
	return rows
}

// sum adds up the best score of each role. A row that names its question column
// outweighs one more column beside it.
func (h headerRow) sum() float64 {
	best := h.roles()
	sum := best[caiq.RoleQuestion]
	for _, role := range caiq.Roles() { // in a fixed order: floating-point sums depend on it
		sum += best[role]
	}
	return sum
}

func (h headerRow) roles() map[caiq.Role]float64 {
	best := make(map[caiq.Role]float64, len(h.cells))
	for _, c := range h.cells {
		best[c.role] = max(best[c.role], c.score)
	}
	return best
}

// mayHead reports whether the row names a question column, or an answer and
// something beside it.
func (h headerRow) mayHead() bool {
	roles := h.roles()
	if roles[caiq.RoleQuestion] > 0 {
		return true
	}
	answer := roles[caiq.RoleAnswer] > 0 || roles[caiq.RoleYes] > 0 && roles[caiq.RoleNo] > 0
	return answer && len(roles) > 1
}

// build makes the table from its best header row and reports whether the rows
// below confirm it.
func (t *table) build(g *grid, l *lists, best headerRow, rows []headerRow) bool {
	t.start = best.num
	t.headers = []int{best.num}
	t.columns = assign(best.cells)
	t.findQuestions(g, best.askers)
	if col := t.columns[caiq.RoleQuestion]; col == 0 || t.asked(g.at(best.num, col).text, best) {
		return false // a row that asks is no header, whatever answers it holds
	}
	t.extend(g, best, rows)
	t.findIDs(g)
	return t.confirmed(g, t.vague(best) && !t.listed(g, l, t.columns[caiq.RoleAnswer], offersAnswers))
}

// asked reports whether the row asks what stands in its question column. "What we
// want to know" does not where answers and comments are headed beside it.
func (t *table) asked(text string, h headerRow) bool {
	if isInterrogative(text) || !asks(text) {
		return isInterrogative(text)
	}
	return h.roles()[caiq.RoleQuestion] == 0 && (t.columns[caiq.RoleAnswer] == 0 || t.columns[caiq.RoleNotes] == 0)
}

// vague reports whether the header may be that of something like a change log, with
// "Description" and "Status".
func (t *table) vague(h headerRow) bool {
	answer, question := h.roles()[caiq.RoleAnswer], 0.
	for _, c := range h.cells {
		if c.col == t.columns[caiq.RoleQuestion] {
			question = max(question, c.score)
		}
	}
	return answer > 0 && answer <= verdictHeader && question <= verdictHeader
}

// assign gives each role its best column and each column its best role.
func assign(cells []headerCell) map[caiq.Role]int {
	cells = withoutLoneMarks(cells)
	slices.SortStableFunc(cells, func(a, b headerCell) int {
		return cmp.Or(
			cmp.Compare(b.score, a.score),
			cmp.Compare(b.row, a.row), // "Yes" below "Answers" says more
			cmp.Compare(a.col, b.col),
		)
	})
	columns := make(map[caiq.Role]int)
	taken := make(map[int]bool)
	for _, c := range cells {
		if columns[c.role] == 0 && !taken[c.col] {
			columns[c.role] = c.col
			taken[c.col] = true
		}
	}
	return columns
}

// withoutLoneMarks drops "Yes", "No" and "NA" unless both Yes and No head a
// column: "No." alone numbers the rows.
func withoutLoneMarks(cells []headerCell) []headerCell {
	has := func(role caiq.Role) bool {
		return slices.ContainsFunc(cells, func(c headerCell) bool { return c.role == role })
	}
	if has(caiq.RoleYes) && has(caiq.RoleNo) {
		return slices.Clone(cells)
	}
	return slices.DeleteFunc(slices.Clone(cells), func(c headerCell) bool {
		return c.role == caiq.RoleYes || c.role == caiq.RoleNo || c.role == caiq.RoleNA
	})
}

// extend adds the rows around the best one that name further columns: headers
// over several merged rows. Rows that hold a question end the header.
func (t *table) extend(g *grid, best headerRow, rows []headerRow) {
	cells := t.beside(best.cells)
	for _, h := range rows {
		near := h.num >= best.num-headerAbove && h.num <= best.num+headerBelow
		if !near || h.num == best.num || t.questionBetween(g, best.num, h.num) {
			continue
		}
		more := append(slices.Clone(cells), t.beside(h.cells)...)
		added := assign(more)
		added[caiq.RoleQuestion] = t.columns[caiq.RoleQuestion]
		if len(added) <= len(t.columns) || !t.keeps(added) {
			continue
		}
		cells, t.columns = more, added
		t.headers = append(t.headers, h.num)
	}
	slices.Sort(t.headers)
	t.headers = fill(t.headers)
}

// beside returns the cells that may head columns other than the questions'. Left of
// these a word like "Compliance" begins a section.
func (t *table) beside(cells []headerCell) []headerCell {
	question := t.columns[caiq.RoleQuestion]
	return slices.DeleteFunc(slices.Clone(cells), func(c headerCell) bool {
		return c.role == caiq.RoleQuestion || c.col == question || c.col < question && c.role.Writable() && t.columns[c.role] != c.col
	})
}

// keeps reports whether the columns found so far keep their roles, but for an
// answer column that turns out to be a group of X marks.
func (t *table) keeps(added map[caiq.Role]int) bool {
	for role, col := range t.columns {
		marks := role == caiq.RoleAnswer && added[caiq.RoleYes] > 0
		if role != caiq.RoleQuestion && added[role] != col && !marks {
			return false
		}
	}
	return true
}

// questionBetween reports whether a row below the header row and up to the other
// holds text of its own in the question column.
func (t *table) questionBetween(g *grid, header, other int) bool {
	col := t.columns[caiq.RoleQuestion]
	for row := min(header, other); row <= max(header, other); row++ {
		if row > header && g.at(row, col).text != "" {
			return true
		}
	}
	return false
}

// fill returns the ascending numbers with the gaps between them filled.
func fill(rows []int) []int {
	var out []int
	for row := rows[0]; row <= rows[len(rows)-1]; row++ {
		out = append(out, row)
	}
	return out
}

// split adds the repeated headers to the table and finds the other tables of the
// sheet: those under a full header with other columns.
func (t *table) split(g *grid, l *lists, rows []headerRow) []table {
	tables := []table{*t}
	tried := 0
	for _, h := range rows {
		owner := &tables[owning(tables, h.num)]
		switch {
		case owner.start-headerAbove <= h.num && h.num <= owner.start+headerBelow && slices.Contains(owner.headers, h.num):
		case owner.repeatedBy(g, h):
			owner.headers = append(owner.headers, h.num)
			owner.adopt(h)
		case h.full() && tried < maxTables:
			tried++
			next := table{first: h.num, last: endsBefore(tables, h.num)}
			if next.build(g, l, h, rows) {
				tables = append(tables, next)
				slices.SortFunc(tables, func(a, b table) int { return cmp.Compare(a.start, b.start) })
			}
		}
	}
	for i := range tables {
		slices.Sort(tables[i].headers)
		if i > 0 {
			tables[i].first = tables[i].start
			tables[i-1].last = tables[i].start - 1
		}
	}
	return tables
}

// owning returns the table that a row stands in: the last one to start above it,
// or else the first.
func owning(tables []table, row int) int {
	owner := 0
	for i, t := range tables {
		if t.start <= row {
			owner = i
		}
	}
	return owner
}

// endsBefore returns the last row of a table that starts at the row.
func endsBefore(tables []table, row int) int {
	for _, t := range tables {
		if t.start > row {
			return t.start - 1
		}
	}
	return math.MaxInt
}

// repeatedBy reports whether the row says again what the table's header says.
func (t *table) repeatedBy(g *grid, h headerRow) bool {
	same, telling := 0, false
	for _, c := range h.cells {
		if t.columns[c.role] == c.col && c.score >= .8 {
			same++
			telling = telling || c.role.Writable() || c.role == caiq.RoleQuestion
		}
	}
	text := g.at(h.num, t.columns[caiq.RoleQuestion]).text
	return telling && (text == "" || same > 1 && !asks(text))
}

// adopt takes columns that a repeated header names and the first one left out.
func (t *table) adopt(h headerRow) {
	for _, c := range t.beside(withoutLoneMarks(h.cells)) {
		if t.columns[c.role] == 0 && t.roleOf(c.col) == "" && c.score >= .8 {
			t.columns[c.role] = c.col
		}
	}
}

// full reports whether the row alone names question, answer and one more column
// beyond doubt.
func (h headerRow) full() bool {
	roles := h.roles()
	sure := 0
	for _, score := range roles {
		if score >= .8 {
			sure++
		}
	}
	answer := roles[caiq.RoleAnswer] >= .8 || roles[caiq.RoleYes] > 0 && roles[caiq.RoleNo] > 0
	return sure >= 3 && roles[caiq.RoleQuestion] >= .8 && answer
}

func (t *table) isHeader(row int) bool {
	_, found := slices.BinarySearch(t.headers, row)
	return found
}
