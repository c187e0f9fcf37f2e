package workbook

import (
	"fmt"
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
	if err := r.tables(c, layout); err != nil {
		return nil, err
	}
	r.leaveOut(layout)
	if len(r.parts) == 0 {
		return nil, noQuestions(f)
	}
	if err := r.compare(); err != nil {
		return nil, err
	}
	return r.questionnaire(c, layout)
}

func noQuestions(f *File) error {
	if f.Kind == KindCSV && f.named(".xlsx") {
		return caiq.Errorf(caiq.Invalid, "no_questions", "%s is no workbook but text, and read as CSV it has no column of questions", f.Name).
			WithHint("get the file again, or save it as .xlsx in a spreadsheet program")
	}
	return caiq.Errorf(caiq.Invalid, "no_questions", "no sheet of %s has a column of questions", f.Name).
		WithHint("describe the sheet and its columns in a layout file; --write-layout prints the form")
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
func (r *reading) tables(c Catalog, layout *caiq.Layout) error {
	var problems caiq.Problems
	if layout != nil {
		problems = unknownFormat(c, layout.Format)
	}
	if namesSheets(layout) {
		problems = append(problems, r.given(layout)...)
	}
	switch {
	case len(problems) > 0:
		return problems
	case namesSheets(layout):
		return nil
	}
	for _, g := range r.grids {
		for _, t := range guessTables(g, r.vocabulary, r.lists) {
			r.add(g, t)
		}
	}
	return nil
}

// add reads the questions of a table, keeps it if there are any, and reports that.
func (r *reading) add(g *grid, t table) bool {
	tr := &tableReader{g: g, t: t, lists: r.lists, vocabulary: r.vocabulary}
	if questions := tr.questions(); len(questions) > 0 {
		r.parts = append(r.parts, &part{g: g, t: t, questions: questions, warnings: tr.warnings()})
		return true
	}
	return false
}

func (r *reading) each(visit func(*part, *caiq.Question)) {
	for _, p := range r.parts {
		for i := range p.questions {
			visit(p, &p.questions[i])
		}
	}
}

// questionnaire recognises the format and puts everything together.
func (r *reading) questionnaire(c Catalog, layout *caiq.Layout) (*caiq.Questionnaire, error) {
	q := &caiq.Questionnaire{File: r.file.Name, SHA256: r.file.SHA256}
	q.Warnings = append(q.Warnings, r.file.Warnings...)
	for _, p := range r.parts {
		q.Sheets = append(q.Sheets, p.sheet())
		q.Questions = append(q.Questions, p.questions...)
		q.Warnings = append(q.Warnings, p.warnings...)
		q.Warnings = append(q.Warnings, p.listWarnings()...)
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
		EveryRow:   p.t.everyRow,
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
