package questionnaires_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"
)

// span is a block of rows, first to last.
type span struct{ first, last int }

func extend(groups map[string]*span, key string, row int) {
	if groups[key] == nil {
		groups[key] = &span{first: row}
	}
	groups[key].last = row
}

// sampleBook is a workbook in the making; what fails, fails the test.
type sampleBook struct {
	t                                               *testing.T
	f                                               *excelize.File
	title, header, plain, question, answer, mapping int
}

func newSampleBook(t *testing.T) *sampleBook {
	t.Helper()
	b := &sampleBook{t: t, f: excelize.NewFile()}
	b.must(b.f.SetSheetName("Sheet1", "Introduction"))
	if _, err := b.f.NewSheet(sampleSheet); err != nil {
		t.Fatal(err)
	}
	b.must(b.f.SetDocProps(&excelize.DocProperties{
		Creator: "Caique", LastModifiedBy: "Caique", Title: "Sample questionnaire",
		Created: "2026-11-23T00:00:00Z", Modified: "2026-11-23T00:00:00Z",
	}))
	wrap := &excelize.Alignment{WrapText: true, Vertical: "top"}
	b.title = b.style(&excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true, Size: 14}})
	b.header = b.style(&excelize.Style{
		Font: &excelize.Font{Family: "Calibri", Size: 11, Bold: true, Color: "FFFFFF"}, Fill: fill("1F4E5F"), Border: thin(),
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center", Horizontal: "center"},
	})
	b.plain = b.style(&excelize.Style{Alignment: wrap})
	b.question = b.style(&excelize.Style{Alignment: wrap, Border: thin()})
	b.answer = b.style(&excelize.Style{Alignment: wrap, Border: thin(), Fill: fill("FFF9E5")})
	b.mapping = b.style(&excelize.Style{Alignment: wrap, Border: thin(), Fill: fill("EEF3F5")})
	return b
}

func (b *sampleBook) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *sampleBook) style(s *excelize.Style) int {
	b.t.Helper()
	id, err := b.f.NewStyle(s)
	b.must(err)
	return id
}

func fill(color string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
}

func thin() []excelize.Border {
	var all []excelize.Border
	for _, side := range []string{"left", "top", "right", "bottom"} {
		all = append(all, excelize.Border{Type: side, Style: 1, Color: "BFBFBF"})
	}
	return all
}

func (b *sampleBook) set(sheet, cell, text string, style int) {
	b.t.Helper()
	b.must(b.f.SetCellStr(sheet, cell, text))
	b.must(b.f.SetCellStyle(sheet, cell, cell, style))
}

func (b *sampleBook) introduction() {
	b.t.Helper()
	const sheet = "Introduction"
	b.must(b.f.SetColWidth(sheet, "A", "A", 28))
	b.must(b.f.SetColWidth(sheet, "B", "B", 96))
	b.set(sheet, "A1", "v4.0.3", b.title)
	b.set(sheet, "B1", "Sample questionnaire in the layout of CAIQ v4.0.3", b.title)
	for i, line := range [][2]string{
		{"About this file", "A workbook to try Caique with. It is laid out like the CAIQ of the Cloud Security Alliance, but every question is in the words of the Caique project. It is not the CAIQ and cannot stand in for it."},
		{"Question ID, Question", "The number tells which question of CAIQ 4.0 is meant and, without its last part, which control of the CCM."},
		{"CSP CAIQ Answer", "Yes, No or NA, from the list."},
		{"SSRM Control Ownership", "Who carries the control out: provider, customer, a third party, or several of them. From the list; empty with NA."},
		{"CSP Implementation Description", "How the provider does it; with No, what is missing and what will be done; with NA, the reason."},
		{"CSC Responsibilities", "What is left for the customer to do."},
	} {
		b.must(b.f.SetRowHeight(sheet, i+3, 34))
		row := strconv.Itoa(i + 3)
		b.set(sheet, "A"+row, line[0], b.plain)
		b.set(sheet, "B"+row, line[1], b.plain)
	}
	b.printable(sheet)
}

// head writes the title, the header row and the columns' widths. G and H are
// blank and hidden, as in the official workbook.
func (b *sampleBook) head() {
	b.t.Helper()
	b.set(sampleSheet, "A1", "v4.0.3", b.title)
	b.set(sampleSheet, "B1", "Sample questionnaire in the layout of CAIQ v4.0.3", b.title)
	b.must(b.f.MergeCell(sampleSheet, "B1", "D1"))
	for _, c := range []struct {
		column, header string
		width          float64
	}{
		{"A", "Question ID", 14},
		{"B", "Question", 70},
		{"C", "CSP CAIQ Answer", 14},
		{"D", "SSRM Control Ownership", 22},
		{"E", "CSP Implementation Description (Optional/Recommended)", 48},
		{"F", "CSC Responsibilities  (Optional/Recommended)", 36},
		{"I", "CCM Control ID", 13},
		{"J", "CCM Control Specification", 24},
		{"K", "CCM Control Title", 26},
		{"L", "CCM Domain Title", 26},
	} {
		b.set(sampleSheet, c.column+"2", c.header, b.header)
		b.must(b.f.SetColWidth(sampleSheet, c.column, c.column, c.width))
	}
	b.must(b.f.SetColVisible(sampleSheet, "G:H", false))
	b.must(b.f.SetRowHeight(sampleSheet, 2, 45))
	b.must(b.f.SetPanes(sampleSheet, &excelize.Panes{
		Freeze: true, XSplit: 2, YSplit: 2, TopLeftCell: "C3", ActivePane: "bottomRight",
	}))
	b.f.SetActiveSheet(1)
	b.printable(sampleSheet)
}

// printable has a sheet print on landscape pages, all columns on each.
func (b *sampleBook) printable(sheet string) {
	b.t.Helper()
	yes, landscape, wide, long := true, "landscape", 1, 0
	b.must(b.f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}))
	b.must(b.f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &wide, FitToHeight: &long}))
}

// row writes one question with its four empty answer cells.
func (b *sampleBook) row(row int, id, text string) {
	b.t.Helper()
	n := strconv.Itoa(row)
	b.set(sampleSheet, "A"+n, id, b.question)
	b.set(sampleSheet, "B"+n, text, b.question)
	b.must(b.f.SetCellStyle(sampleSheet, "C"+n, "F"+n, b.answer))
	b.must(b.f.SetRowHeight(sampleSheet, row, 48))
}

// merged writes cells, by column, each over all rows of the span, if there is one.
func (b *sampleBook) merged(s *span, cells map[string]string) {
	b.t.Helper()
	if s == nil {
		return
	}
	for _, column := range []string{"I", "J", "K", "L"} {
		text, ok := cells[column]
		if !ok {
			continue
		}
		first, last := fmt.Sprint(column, s.first), fmt.Sprint(column, s.last)
		b.must(b.f.SetCellStr(sampleSheet, first, text))
		b.must(b.f.SetCellStyle(sampleSheet, first, last, b.mapping))
		b.must(b.f.MergeCell(sampleSheet, first, last))
	}
}

// list puts a drop-down on the question rows of a column.
func (b *sampleBook) list(column string, last int, values ...string) {
	b.t.Helper()
	dv := excelize.NewDataValidation(true)
	dv.SetSqref(fmt.Sprintf("%s%d:%s%d", column, sampleTop, column, last))
	b.must(dv.SetDropList(values))
	dv.SetError(excelize.DataValidationErrorStyleStop, "Not in the list", "Please choose a value from the list.")
	b.must(b.f.AddDataValidation(sampleSheet, dv))
}
