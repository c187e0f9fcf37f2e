package workbook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"caique/internal/caiq"
)

// tableReader collects the questions of one table, row by row.
type tableReader struct {
	g          *grid
	t          table
	lists      *lists
	vocabulary *vocabulary
	shapes     map[string]int // of the identifiers of rows with questions
	numbered   bool           // nearly every question has an identifier
	titles     map[int]string // of sections, by the header row that begins each
	titled     bool           // cells of domains hold the title of a control too
	heads      headings
	section    string
	headings   []string // cells of texts in the question column that are no questions
	unread     []string // cells of questions that are formulas without a value
}

// numberedShare of the rows with text must have an identifier before a row
// without one counts as something else.
const numberedShare = .8

// questions returns the questions of the table in the order of its rows. What
// only a format or the rest of the file can tell is still missing: key, match.
func (r *tableReader) questions() []caiq.Question {
	r.measure()
	var out []caiq.Question
	for _, row := range r.g.rows {
		switch {
		case row.num < r.t.first || row.num > r.t.last:
		case r.t.isHeader(row.num):
			r.section = cmp.Or(r.titles[row.num], r.section)
		case r.isQuestion(row):
			out = append(out, r.question(row))
		default:
			r.note(row)
		}
	}
	return out
}

// measure learns what the identifiers of the table look like.
func (r *tableReader) measure() {
	r.shapes = make(map[string]int)
	texts, ids := 0, 0
	for _, row := range r.g.rows {
		if row.num <= r.t.headerEnd() || row.num > r.t.last || r.t.isHeader(row.num) || r.text(row) == "" {
			continue
		}
		texts++
		if id := r.filled(row, caiq.RoleID); isID(id) {
			ids++
			r.shapes[idShape(id)]++
		}
	}
	r.numbered = texts > 0 && float64(ids) >= numberedShare*float64(texts)
	r.titles = r.sectionTitles()
	r.titled = r.titledDomains()
	r.learnHeadings()
}

// text returns the row's own text in the question column, in other words if it
// is not computed.
func (r *tableReader) text(row gridRow) string {
	col := r.t.columns[caiq.RoleQuestion]
	if m, ok := r.g.merge(row.num, col); ok && (m.top != row.num || m.left != col) {
		return "" // covered: a spreadsheet does not show what is left there
	}
	return strings.TrimSpace(row.at(col).orUnread())
}

// filled returns the text of the row's cell of the role, down merged ranges.
func (r *tableReader) filled(row gridRow, role caiq.Role) string {
	col := r.t.columns[role]
	if col == 0 {
		return ""
	}
	return strings.TrimSpace(r.g.filled(row.num, col))
}

// isQuestion tells questions from headings, examples and footers. An identifier
// like the others decides; then what the text says; then what its answer cell
// shows. Rows above the header need the identifier.
func (r *tableReader) isQuestion(row gridRow) bool {
	text, id := r.text(row), r.filled(row, caiq.RoleID)
	switch {
	case text == "" || id == "" && row.at(r.t.columns[caiq.RoleQuestion]).text == "":
		return false
	case row.num < r.t.headerEnd():
		return r.shapes[idShape(id)] > 0
	case r.t.everyRow:
		return true
	case aside(id) || isExampleID(id):
		return false
	case isID(id) && r.shapes[idShape(id)] > 0:
		return true
	case aside(text) || r.acrossAnswers(row.num):
		return false
	case asks(text) || r.answered(row):
		return true
	case isShort(text) && r.apart(row):
		return false // a list may reach over the headings too
	case r.listed(row):
		return true
	case r.numbered || !hasLetter(text):
		return false
	default:
		return !isShort(text) || !r.isHeading(row)
	}
}

func isExampleID(id string) bool {
	id = strings.ToLower(id)
	return strings.HasPrefix(id, "example") || strings.HasPrefix(id, "sample") || id == "e.g."
}

// acrossAnswers reports whether the row's question cell is merged over a column
// that answers go to: a heading or a footer.
func (r *tableReader) acrossAnswers(row int) bool {
	m, ok := r.g.merge(row, r.t.columns[caiq.RoleQuestion])
	if !ok {
		return false
	}
	for role, col := range r.t.columns {
		if role.Writable() && m.contains(row, col) {
			return true
		}
	}
	return false
}

// answered reports whether the row's answer cell holds an answer.
func (r *tableReader) answered(row gridRow) bool {
	return slices.ContainsFunc(answerRoles(), func(role caiq.Role) bool {
		col := r.t.columns[role]
		return col > 0 && row.at(col).text != ""
	})
}

// listed reports whether the row's answer cell offers a list of values.
func (r *tableReader) listed(row gridRow) bool {
	return slices.ContainsFunc(answerRoles(), func(role caiq.Role) bool {
		col := r.t.columns[role]
		return col > 0 && r.lists.at(r.g, row.num, col) != nil
	})
}

// answerRoles are the columns that hold the answer itself.
func answerRoles() []caiq.Role {
	return []caiq.Role{caiq.RoleAnswer, caiq.RoleYes, caiq.RoleNo, caiq.RoleNA}
}

// note remembers headings, and texts that were passed over as one.
func (r *tableReader) note(row gridRow) {
	text := r.text(row)
	if cell := row.at(r.t.columns[caiq.RoleQuestion]); cell.text != "" && text != "" && row.num > r.t.headerEnd() {
		r.headings = append(r.headings, refName(row.num, r.t.columns[caiq.RoleQuestion]))
		r.section = text
		return
	}
	if len(row.cells) <= 2 && row.num > r.t.first {
		if text := strings.TrimSpace(row.cells[0].text); text != "" && row.cells[0].col <= r.t.columns[caiq.RoleQuestion] {
			r.section = text
		}
	}
}

func (r *tableReader) question(row gridRow) caiq.Question {
	col := r.t.columns[caiq.RoleQuestion]
	cell := row.at(col)
	domain, title := r.domain(row)
	q := caiq.Question{
		ID:      caiq.NormalizeID(r.filled(row, caiq.RoleID)),
		Text:    tidy(cell.text),
		Control: caiq.NormalizeID(r.filled(row, caiq.RoleControl)),
		Domain:  domain,
		Section: oneLine(cmp.Or(title, r.section)),
		Sheet:   r.g.name,
		Cell:    refName(row.num, col),
		Row:     row.num,
		Hidden:  r.hidden(row),
		Formula: cell.formula,
	}
	if s := r.filled(row, caiq.RoleSection); s != "" {
		q.Section = oneLine(s)
	}
	if q.Text == "" {
		r.unread = append(r.unread, q.Cell)
	}
	if q.Control == "" {
		q.Control = caiq.ControlID(q.ID)
	}
	q.TextHash = caiq.TextHash(q.Text)
	q.Targets, q.Existing = r.targets(row)
	return q
}

func (r *tableReader) hidden(row gridRow) string {
	column := r.g.columnHidden(r.t.columns[caiq.RoleQuestion])
	switch {
	case r.g.hidden:
		return "sheet"
	case row.hidden && column:
		return "row and column"
	case row.hidden:
		return "row"
	case column:
		return "column"
	default:
		return ""
	}
}

// warnings tells which texts were taken for headings and which are not computed.
func (r *tableReader) warnings() caiq.Problems {
	var warnings caiq.Problems
	warn := func(cells []string, code, one, many string) {
		if len(cells) > 0 {
			warnings = append(warnings, caiq.Problem{
				Sheet: r.g.name, Cell: cells[0], Code: code, Warning: true,
				Message: caiq.Counted(len(cells), one, many) + ": " + someOf(cells),
			})
		}
	}
	const every = " (every_row: true in a layout file, see --write-layout, has every row read)"
	warn(r.headings, "taken_as_heading",
		"text in the question column was taken for a heading, example or footer"+every,
		"texts in the question column were taken for headings, examples or footers"+every)
	const save = "; open the file in a spreadsheet program and save it"
	warn(r.unread, "not_computed",
		"question is a formula without a value, so nobody can tell what it asks"+save,
		"questions are formulas without a value, so nobody can tell what they ask"+save)
	return warnings
}

// few is how many of many are named.
const few = 8

// someOf lists the first few of many.
func someOf(cells []string) string {
	if len(cells) <= few {
		return strings.Join(cells, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(cells[:few], ", "), len(cells)-few)
}

func hasLetter(text string) bool { return strings.ContainsFunc(text, unicode.IsLetter) }

// oneLine joins the lines and runs of blanks of a label.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// tidy trims a text and gives it line feeds for line ends.
func tidy(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.TrimSpace(strings.ReplaceAll(s, "\r", "\n"))
}
