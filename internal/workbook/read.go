package workbook

import (
	"fmt"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// Catalog gives the known formats. Loading is lazy: a reader asks for no more
// than it needs.
type Catalog interface {
	// FormatIDs returns the ids of all known formats.
	FormatIDs() []caiq.FormatID
	// Format returns one format, or a NotFound error.
	Format(id caiq.FormatID) (*caiq.Format, error)
	// Topics returns what questions ask in other words than the official ones.
	Topics() ([]caiq.Topic, error)
}

// Read finds the questions of a checked file, recognises their format, and
// tells which cells take the answers. It guesses the layout unless one is given.
//
// Errors: "no_questions" when no sheet holds a column of questions,
// "read_mismatch" when two readers see different cells, caiq.Problems when the
// given layout does not fit the file, and what the catalog returns.
func Read(f *File, c Catalog, layout *caiq.Layout) (*caiq.Questionnaire, error) {
	r := &reading{file: f, vocabulary: newVocabulary()}
	if err := r.load(); err != nil {
		return nil, err
	}
	if err := r.tables(layout); err != nil {
		return nil, err
	}
	r.dropMirrors()
	r.dropReferences()
	if len(r.parts) == 0 {
		return nil, caiq.Errorf(caiq.Invalid, "no_questions", "no sheet of %s has a column of questions", f.Name).
			WithHint("describe the sheet and its columns in a layout file; --write-layout prints the form")
	}
	if err := r.compare(); err != nil {
		return nil, err
	}
	return r.questionnaire(c, layout)
}

// reading is one file on its way to a questionnaire.
type reading struct {
	file       *File
	vocabulary *vocabulary
	grids      []*grid
	lists      *lists
	parts      []*part
	warnings   caiq.Problems
}

// part is one table of questions with the sheet it comes from.
type part struct {
	g         *grid
	t         table
	questions []caiq.Question
	warnings  caiq.Problems
}

func (r *reading) load() error {
	grids, err := r.file.grids()
	if err != nil {
		return err
	}
	r.grids = grids
	var names []definedName
	if r.file.book != nil {
		names = r.file.book.names
	}
	r.lists = newLists(grids, names)
	return nil
}

// tables finds the tables of all sheets, or takes those of the layout.
func (r *reading) tables(layout *caiq.Layout) error {
	if layout != nil && len(layout.Sheets) > 0 {
		return r.given(layout)
	}
	for _, g := range r.grids {
		for _, t := range guessTables(g, r.vocabulary) {
			r.add(g, t)
		}
	}
	return nil
}

// add reads the questions of a table and keeps it if there are any.
func (r *reading) add(g *grid, t table) {
	tr := &tableReader{g: g, t: t, lists: r.lists}
	if questions := tr.questions(); len(questions) > 0 {
		r.parts = append(r.parts, &part{g: g, t: t, questions: questions, warnings: tr.warnings()})
	}
}

// dropMirrors drops rows that only repeat, by formula, what another row asks and
// is answered: evaluation sheets, and sections that show answers given elsewhere.
func (r *reading) dropMirrors() {
	open := make(map[string]bool)
	r.each(func(_ *part, q *caiq.Question) {
		if !mirror(q) && len(q.Targets) > 0 {
			open[identity(q)] = true
		}
	})
	r.keep(func(q *caiq.Question) bool { return !mirror(q) || !open[identity(q)] })
}

// dropReferences drops what nobody answers when visible tables take answers:
// tables that list again what those ask, lone columns that happen to read like
// questions, and hidden lists behind the visible questions. It says what is left
// out.
func (r *reading) dropReferences() {
	asked := r.asked(func(p *part) bool { return p.t.answers() && !p.g.hidden })
	if len(asked) == 0 {
		return
	}
	var kept []*part
	for _, p := range r.parts {
		if !p.reference(asked) {
			kept = append(kept, p)
		} else if w, ok := p.leftOut(asked); ok {
			r.warnings = append(r.warnings, w)
		}
	}
	r.parts = kept
}

// asked returns the identities of the questions of some tables.
func (r *reading) asked(of func(*part) bool) map[string]bool {
	asked := make(map[string]bool)
	r.each(func(p *part, q *caiq.Question) {
		if of(p) {
			asked[identity(q)] = true
		}
	})
	return asked
}

// reference reports whether a table is there to be looked up and not answered,
// given what the tables with answer cells ask.
func (p *part) reference(asked map[string]bool) bool {
	switch {
	case p.g.hidden:
		return !p.t.answers() || p.repeats(asked)
	case p.t.answers():
		return false
	default:
		return len(p.t.headers) == 0 || len(p.t.columns) == 1 || p.repeats(asked)
	}
}

// repeats reports whether most of the table is asked elsewhere.
func (p *part) repeats(asked map[string]bool) bool {
	return 2*len(p.notAsked(asked)) < len(p.questions)
}

// notAsked returns the table's questions that no table with answer cells asks,
// by identifier or else by cell.
func (p *part) notAsked(asked map[string]bool) []string {
	var left []string
	for i := range p.questions {
		q := &p.questions[i]
		switch {
		case asked[identity(q)]:
		case q.ID != "":
			left = append(left, q.ID)
		default:
			left = append(left, q.Cell)
		}
	}
	return left
}

// leftOut warns of what is dropped with the table and asked nowhere else; lists
// on hidden sheets count when they hold questions of the visible ones.
func (p *part) leftOut(asked map[string]bool) (caiq.Problem, bool) {
	left := p.notAsked(asked)
	if p.g.hidden && len(left) == len(p.questions) {
		left = nil
	}
	return caiq.Problem{
		Sheet: p.g.name, Code: "not_asked", Warning: true,
		Message: fmt.Sprintf("lists %d questions that no sheet with answer cells asks; they are not read: %s", len(left), someOf(left)),
	}, len(left) > 0
}

// answers reports whether the table has a column that answers go to.
func (t *table) answers() bool {
	for role := range t.columns {
		if role.Writable() {
			return true
		}
	}
	return false
}

// mirror reports whether the cells that would take the answer are formulas.
func mirror(q *caiq.Question) bool {
	found := false
	for _, role := range answerRoles() {
		if t := q.Target(role); t != nil {
			if t.Locked != lockedFormula {
				return false
			}
			found = true
		}
	}
	return found
}

// identity is what the same question has in common wherever it stands in a file.
func identity(q *caiq.Question) string {
	if q.ID != "" {
		return "id " + q.ID
	}
	return "text " + q.TextHash
}

func (r *reading) each(visit func(*part, *caiq.Question)) {
	for _, p := range r.parts {
		for i := range p.questions {
			visit(p, &p.questions[i])
		}
	}
}

// keep drops the questions that are not wanted and the tables left empty.
func (r *reading) keep(wanted func(*caiq.Question) bool) {
	var kept []*part
	for _, p := range r.parts {
		p.questions = slices.DeleteFunc(p.questions, func(q caiq.Question) bool { return !wanted(&q) })
		if len(p.questions) > 0 {
			kept = append(kept, p)
		}
	}
	r.parts = kept
}

// questionnaire recognises the format and puts everything together.
func (r *reading) questionnaire(c Catalog, layout *caiq.Layout) (*caiq.Questionnaire, error) {
	q := &caiq.Questionnaire{File: r.file.Name, SHA256: r.file.SHA256}
	q.Warnings = append(q.Warnings, r.file.Warnings...)
	for _, p := range r.parts {
		q.Sheets = append(q.Sheets, p.sheet())
		q.Questions = append(q.Questions, p.questions...)
		q.Warnings = append(q.Warnings, p.warnings...)
		if !p.t.answers() {
			q.Warnings = append(q.Warnings, p.unanswerable())
		}
	}
	q.Warnings = append(q.Warnings, r.warnings...)
	d := &detector{catalog: c, signs: r.signs()}
	if layout != nil {
		d.given = layout.Format
	}
	if err := d.recognise(q); err != nil {
		return nil, err
	}
	q.Warnings = append(q.Warnings, repeats(q.Questions)...)
	return q, nil
}

func (p *part) sheet() caiq.Sheet {
	s := caiq.Sheet{
		Name:       p.g.name,
		HeaderRows: p.t.headers,
		Columns:    make(map[caiq.Role]string, len(p.t.columns)),
		Questions:  len(p.questions),
		Hidden:     p.g.hidden,
	}
	for role, col := range p.t.columns {
		s.Columns[role] = string(appendColumn(nil, col))
	}
	return s
}

func (p *part) unanswerable() caiq.Problem {
	return caiq.Problem{
		Sheet: p.g.name, Code: "no_answer_column", Warning: true,
		Message: "has questions but no column headed Answer, Response, Yes and No, Comments or the like: nothing can be written into it",
	}
}

// repeats warns of identifiers that stand at several questions.
func repeats(questions []caiq.Question) caiq.Problems {
	first := make(map[string]*caiq.Question, len(questions))
	var warnings caiq.Problems
	for i := range questions {
		q := &questions[i]
		if q.ID == "" {
			continue
		}
		if before := first[q.ID]; before != nil {
			warnings = append(warnings, caiq.Problem{
				Sheet: q.Sheet, Cell: q.Cell, Code: "repeated_id", Warning: true,
				Message: fmt.Sprintf("question ID %s stands at %s!%s as well", q.ID, before.Sheet, before.Cell),
			})
			continue
		}
		first[q.ID] = q
	}
	return warnings
}

// signs are the texts that may name a format: sheet names, first cells and
// whatever stands above the headers.
func (r *reading) signs() []sign {
	var signs []sign
	for _, g := range r.grids {
		signs = append(signs, sign{fmt.Sprintf("the name of sheet %q", g.name), strings.ToLower(g.name)})
		for _, row := range g.rows {
			if row.num > titleRows {
				break
			}
			for _, c := range row.cells {
				if len(c.text) <= maxSign {
					signs = append(signs, sign{fmt.Sprintf("%s!%s", g.name, refName(row.num, c.col)), strings.ToLower(oneLine(c.text))})
				}
			}
		}
	}
	return signs
}

const (
	titleRows = 2   // rows of a sheet that may name its format
	maxSign   = 400 // bytes of a text that may
)
