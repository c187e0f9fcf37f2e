package workbook

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"caique/internal/caiq"
)

// catalogOf is a Catalog of formats made in a test; it counts what is loaded.
type catalogOf struct {
	formats []*caiq.Format
	topics  []caiq.Topic
	loaded  []string
}

func (c *catalogOf) FormatIDs() []caiq.FormatID {
	var ids []caiq.FormatID
	for _, f := range c.formats {
		ids = append(ids, f.ID)
	}
	return ids
}

func (c *catalogOf) Format(id caiq.FormatID) (*caiq.Format, error) {
	c.loaded = append(c.loaded, string(id))
	for _, f := range c.formats {
		if f.ID == id {
			return f, nil
		}
	}
	return nil, caiq.Errorf(caiq.NotFound, "unknown_format", "no format %s", id)
}

func (c *catalogOf) Topics() ([]caiq.Topic, error) {
	c.loaded = append(c.loaded, "topics")
	return c.topics, nil
}

// formatOf makes a format from id and text of its questions, in pairs.
func formatOf(id caiq.FormatID, labels []string, pairs ...string) *caiq.Format {
	f := &caiq.Format{ID: id, Title: string(id), Detect: caiq.Detect{Labels: labels}}
	for i := 0; i < len(pairs); i += 2 {
		f.Questions = append(f.Questions, caiq.FormatQuestion{
			ID: pairs[i], Control: caiq.ControlID(pairs[i]), Hashes: []string{caiq.TextHash(pairs[i+1])},
		})
	}
	return f
}

// bookOf makes a workbook with one sheet "Q" from rows whose cells are separated
// by bars, and lets the test add to it.
func bookOf(t testing.TB, more func(b *excelize.File), rows ...string) *File {
	t.Helper()
	b := excelize.NewFile()
	must(t, b.SetSheetName("Sheet1", "Q"))
	fillSheet(t, b, "Q", rows...)
	if more != nil {
		more(b)
	}
	var out bytes.Buffer
	must(t, b.Write(&out))
	f, err := Open("test.xlsx", out.Bytes(), DefaultLimits())
	must(t, err)
	return f
}

func fillSheet(t testing.TB, b *excelize.File, sheet string, rows ...string) {
	t.Helper()
	for i, row := range rows {
		for j, text := range strings.Split(row, "|") {
			if text != "" {
				must(t, b.SetCellStr(sheet, refName(i+1, j+1), text))
			}
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, f *File, c Catalog, layout *caiq.Layout) *caiq.Questionnaire {
	t.Helper()
	q, err := Read(f, c, layout)
	must(t, err)
	return q
}

// list adds a drop-down list to the cells.
func list(t testing.TB, b *excelize.File, sheet, cells, formula string) {
	t.Helper()
	v := excelize.NewDataValidation(true)
	v.Type, v.Sqref, v.Formula1 = "list", cells, formula
	must(t, b.AddDataValidation(sheet, v))
}

func TestRead_cells(t *testing.T) {
	t.Parallel()
	f := bookOf(t, func(b *excelize.File) {
		must(t, b.MergeCell("Q", "A3", "A4"))
		must(t, b.MergeCell("Q", "B3", "B4"))
		must(t, b.SetCellStr("Q", "D3", "Do you test?\r\nAlways?"))
		must(t, b.SetCellRichText("Q", "D4", []excelize.RichTextRun{{Text: "Do you "}, {Text: "review", Font: &excelize.Font{Bold: true}}, {Text: " code?"}}))
		must(t, b.SetCellFormula("Q", "D5", `"Do you "&"scan?"`))
		must(t, b.SetRowVisible("Q", 6, false))
		must(t, b.SetCellBool("Q", "E6", true))
		must(t, b.SetCellFormula("Q", "F6", `"note"`))
		must(t, b.MergeCell("Q", "F3", "F4"))
		list(t, b, "Q", "E3:E5", `"Yes,No, N/A"`)
	}, "Some bank", "Domain|Control|Question ID|Question|Answer|Comments",
		"Apps|AIS-01|AIS- 01.1||Yes|done", "||AIS-01.2", "Data|DSP-01|DSP-01.1", "Data|DSP-01|DSP-01.2|Do you delete?")
	q := read(t, f, &catalogOf{}, nil)

	yesNo := []string{"Yes", "No", "N/A"}
	want := []caiq.Question{
		{
			ID: "AIS-01.1", Text: "Do you test?\nAlways?", Control: "AIS-01", Domain: "Apps", Cell: "D3", Row: 3,
			Targets:  []caiq.Target{{Role: caiq.RoleAnswer, Cell: "E3", Allowed: yesNo}, {Role: caiq.RoleNotes, Cell: "F3"}},
			Existing: caiq.Existing{caiq.RoleAnswer: "Yes", caiq.RoleNotes: "done"},
		},
		{
			ID: "AIS-01.2", Text: "Do you review code?", Control: "AIS-01", Domain: "Apps", Cell: "D4", Row: 4,
			Targets: []caiq.Target{{Role: caiq.RoleAnswer, Cell: "E4", Allowed: yesNo}, {Role: caiq.RoleNotes, Cell: "F4", Locked: lockedCovered}},
		},
		{
			ID: "DSP-01.1", Control: "DSP-01", Domain: "Data", Cell: "D5", Row: 5, Formula: true,
			Targets: []caiq.Target{{Role: caiq.RoleAnswer, Cell: "E5", Allowed: yesNo}, {Role: caiq.RoleNotes, Cell: "F5"}},
		},
		{
			ID: "DSP-01.2", Text: "Do you delete?", Control: "DSP-01", Domain: "Data", Cell: "D6", Row: 6, Hidden: "row",
			Targets:  []caiq.Target{{Role: caiq.RoleAnswer, Cell: "E6", Boolean: true}, {Role: caiq.RoleNotes, Cell: "F6", Locked: lockedFormula}},
			Existing: caiq.Existing{caiq.RoleAnswer: "TRUE"},
		},
	}
	for i := range want {
		want[i].Sheet, want[i].TextHash = "Q", caiq.TextHash(want[i].Text)
		want[i].Key = caiq.MakeRef("custom", "Q!"+want[i].Cell)
		want[i].Match = caiq.Match{Kind: caiq.MatchNone}
	}
	if diff := cmp.Diff(want, q.Questions); diff != "" {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
	if len(q.Warnings) != 1 || q.Warnings[0].Code != "not_computed" || q.Warnings[0].Cell != "D5" {
		t.Errorf("warnings %v, want D5 not computed", q.Warnings)
	} else if said := q.Warnings[0].Message; !strings.HasPrefix(said, "1 question is a formula without a value, so nobody can tell what it asks;") {
		t.Errorf("it reads %q", said)
	}
	if q.Format != caiq.FormatCustom || q.File != "test.xlsx" || q.SHA256 != f.SHA256 {
		t.Errorf("got format %q of %q", q.Format, q.File)
	}
}

func TestRead_severalSheets(t *testing.T) {
	t.Parallel()
	f := bookOf(t, func(b *excelize.File) {
		for _, name := range []string{"Evaluation", "Reference", "Secret", "About", "Help", "Annex"} {
			_, err := b.NewSheet(name)
			must(t, err)
		}
		fillSheet(t, b, "Evaluation", "ID|Question|Answer|Score", "S-1||", "S-2||")
		for _, cell := range []string{"B2", "C2", "B3", "C3"} {
			must(t, b.SetCellFormula("Evaluation", cell, "Q!"+cell))
		}
		fillSheet(t, b, "Reference", "ID|Question|Reason", "S-1|Do you sail?|Boats", "S-2|Do you row?|Boats", "S-3|Do you swim?|Water")
		fillSheet(t, b, "Secret", "ID|Question|Answer", "T-1|Is this shown to anybody?")
		must(t, b.SetSheetVisible("Secret", false))
		fillSheet(t, b, "Help", "How do I begin?", "Who reads my answers?", "When is it due?")
		fillSheet(t, b, "Annex", "ID|Question|Wording of the reply in your tongue", "U-1|Do you fish with nets?", "U-2|Do you fish with rods?")
		fillSheet(t, b, "About", "About this questionnaire", "Question ID", "Identifies the question.", "Question", "What is asked of you.")
	}, "ID|Question|Answer", "S-1|Do you sail?", "S-2|Do you row?", "S-2|Do you row far?")
	q := read(t, f, &catalogOf{}, nil)

	var got []string
	for _, x := range q.Questions {
		got = append(got, x.Sheet+"!"+x.Cell+" "+x.ID+" "+x.Hidden)
	}
	want := []string{"Q!B2 S-1 ", "Q!B3 S-2 ", "Q!B4 S-2 ", "Secret!B2 T-1 sheet", "Annex!B2 U-1 ", "Annex!B3 U-2 "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
	var codes []string
	for _, w := range q.Warnings {
		codes = append(codes, w.Code+" "+w.Sheet+" "+w.Cell)
	}
	if diff := cmp.Diff([]string{"no_answer_column Annex ", "repeats_left_out Evaluation ", "not_asked Reference ", "not_asked About ", "not_asked Help ", "repeated_id Q B4"}, codes); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestRead_withoutAnswerColumn(t *testing.T) {
	t.Parallel()
	q := read(t, bookOf(t, nil, "ID|Question", "1|Do you sail?", "2|Do you row?"), &catalogOf{}, nil)
	if len(q.Questions) != 2 || len(q.Questions[0].Targets) != 0 {
		t.Errorf("got %d questions, targets %v", len(q.Questions), q.Questions[0].Targets)
	}
	if len(q.Warnings) != 1 || q.Warnings[0].Code != "no_answer_column" {
		t.Errorf("warnings %v, want no_answer_column", q.Warnings)
	}
}

func TestRead_onlyHidden(t *testing.T) {
	t.Parallel()
	q := read(t, bookOf(t, func(b *excelize.File) {
		_, err := b.NewSheet("Cover")
		must(t, err)
		b.SetActiveSheet(1)
		must(t, b.SetSheetVisible("Q", false))
	}, "ID|Question|Answer", "1|Do you sail?"), &catalogOf{}, nil)
	if len(q.Questions) != 1 || q.Questions[0].Hidden != "sheet" || !q.Sheets[0].Hidden {
		t.Errorf("got %+v", q.Questions)
	}
}

func TestRead_noQuestions(t *testing.T) {
	t.Parallel()
	_, err := Read(bookOf(t, nil, "Price list", "Boat|100", "Oar|5"), &catalogOf{}, nil)
	if caiq.CodeOf(err) != "no_questions" {
		t.Errorf("got error %v, want no_questions", err)
	}
}

func TestRead_givenLayout(t *testing.T) {
	t.Parallel()
	f := bookOf(t, nil, "x", "N|What we want to know|Said", "1|Boats owned|", "2|Oars owned|")
	layout := &caiq.Layout{Schema: 1, Sheets: []caiq.Sheet{{
		Name: "Q", HeaderRows: []int{2}, Columns: map[caiq.Role]string{caiq.RoleID: "A", caiq.RoleQuestion: "b", caiq.RoleAnswer: "C"},
	}}}
	q := read(t, f, &catalogOf{}, layout)
	if len(q.Questions) != 2 || q.Questions[1].Cell != "B4" || q.Questions[1].Target(caiq.RoleAnswer).Cell != "C4" {
		t.Fatalf("got %+v", q.Questions)
	}
	again := GuessLayout(q)
	if diff := cmp.Diff(q.Questions, read(t, f, &catalogOf{}, &again).Questions); diff != "" {
		t.Errorf("read with the layout it was read with (-first +second):\n%s", diff)
	}
}

func TestRead_badLayout(t *testing.T) {
	t.Parallel()
	f := bookOf(t, nil, "ID|Question|Answer", "1|Do you sail?")
	_, err := Read(f, &catalogOf{}, &caiq.Layout{Format: "caiq-9", Sheets: []caiq.Sheet{
		{Name: "R", Columns: map[caiq.Role]string{caiq.RoleQuestion: "B"}},
		{Name: "Q", HeaderRows: []int{0}, Columns: map[caiq.Role]string{caiq.RoleQuestion: "B", "colour": "C", caiq.RoleNotes: "ZZZZ"}},
		{Name: "Q", Columns: map[caiq.Role]string{caiq.RoleAnswer: "B"}},
		{Name: "Q", Columns: map[caiq.Role]string{caiq.RoleQuestion: "B", caiq.RoleAnswer: "B"}},
	}})
	problems, ok := err.(caiq.Problems) //nolint:errorlint // the very list
	if !ok {
		t.Fatalf("got error %v, want problems", err)
	}
	var codes []string
	for _, p := range problems {
		codes = append(codes, p.Code)
	}
	want := []string{"unknown_format", "unknown_sheet", "bad_row", "unknown_role", "bad_column", "no_question_column", "column_twice"}
	if diff := cmp.Diff(want, codes); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestCompareSheet(t *testing.T) {
	t.Parallel()
	f := bookOf(t, nil, "ID|Question|Answer", "1|Do you sail?", "", "2|Do you row?")
	book, err := excelize.OpenReader(bytes.NewReader(f.data))
	must(t, err)
	tests := map[string]func(g *grid){
		"a text that differs":       func(g *grid) { g.rows[1].cells[1].text += "!" },
		"a cell the other lacks":    func(g *grid) { g.rows[1].cells = append(g.rows[1].cells, gridCell{col: 9, text: "more"}) },
		"a cell that one lacks":     func(g *grid) { g.rows[1].cells = g.rows[1].cells[:1] },
		"a row that one lacks":      func(g *grid) { g.rows = slices.Delete(g.rows, 1, 2) },
		"a row below the last":      func(g *grid) { g.rows = append(g.rows, gridRow{num: 9, cells: []gridCell{{col: 1, text: "more"}}}) },
		"a sheet that is not there": func(g *grid) { g.name = "R" },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			grids, err := f.grids()
			must(t, err)
			must(t, compareSheet(book, grids[0]))
			change(grids[0])
			if err := compareSheet(book, grids[0]); caiq.CodeOf(err) != "read_mismatch" {
				t.Errorf("got error %v, want read_mismatch", err)
			}
		})
	}
}

func TestRead_hiddenRowsAndColumns(t *testing.T) {
	t.Parallel()
	f := bookOf(t, func(b *excelize.File) {
		must(t, b.SetColVisible("Q", "B", false))
		must(t, b.SetColVisible("Q", "D", false))
		must(t, b.SetRowVisible("Q", 3, false))
	}, "ID|Question|Answer|Comment", "1|Do you sail?", "2|Do you row?")
	q := read(t, f, &catalogOf{}, nil)
	var got []string
	for _, x := range q.Questions {
		got = append(got, x.Hidden)
		if x.Target(caiq.RoleAnswer).Hidden || !x.Target(caiq.RoleNotes).Hidden {
			t.Errorf("%s: targets %+v, want the comment's column to be hidden", x.Cell, x.Targets)
		}
	}
	if diff := cmp.Diff([]string{"column", "row and column"}, got); diff != "" {
		t.Errorf("hidden (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"row", "column"}, q.Questions[1].HiddenBy()); diff != "" {
		t.Errorf("hidden by (-want +got):\n%s", diff)
	}
}

func TestRead_editorialNotes(t *testing.T) {
	t.Parallel()
	c := sharedIDs()
	c.formats[0].Detect.Editorial = []string{caiq.TextHash("Moves to another chapter.")}
	f := bookOf(t, nil, "v4.0.3", "Question ID|Question|Comments", "AIS-01.1|Do you sail?|Moves to another chapter.",
		"AIS-02.1|Do you row?|We do.", "AIS-03.1|Do you swim?")
	var got []bool
	for _, x := range read(t, f, c, nil).Questions {
		got = append(got, x.Editorial)
	}
	if diff := cmp.Diff([]bool{true, false, false}, got); diff != "" {
		t.Errorf("editorial (-want +got):\n%s", diff)
	}
}
