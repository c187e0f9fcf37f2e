package workbook

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"caique/internal/caiq"
)

// text is an edit of Sheet 1.
func text(cell, s string) Edit { return Edit{Sheet: "Sheet 1", Cell: cell, Text: s} }

// patched patches, verifies and returns the bytes and the sheet's new XML.
func patched(tb testing.TB, f *File, opt PatchOptions, edits ...Edit) (out []byte, sheet string) {
	tb.Helper()
	out, err := f.Patch(edits, opt)
	if err != nil {
		tb.Fatal(err)
	}
	if err := f.Verify(out, edits, opt); err != nil {
		tb.Fatalf("verify: %v", err)
	}
	g, err := Open(f.Name, out, f.limits)
	if err != nil {
		tb.Fatalf("open the patched file: %v", err)
	}
	return out, string(g.book.sheets[0].xml)
}

func TestPatch_sheet(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, data, want string
		edits            []Edit
	}{
		{
			"a cell with style", `<row r="1"><c r="A1" s="5"/></row>`,
			`<row r="1"><c r="A1" s="5" t="inlineStr"><is><t>Yes</t></is></c></row>`,
			[]Edit{text("A1", "Yes")},
		},
		{
			"a cell with a value, its quotes and blanks kept", `<row r="1"><c  s='5' r='A1' t='s' ><v>0</v></c><c r="B1"><v>1</v></c></row>`,
			`<row r="1"><c  s='5' r='A1' t="inlineStr"><is><t>Yes</t></is></c><c r="B1"><v>1</v></c></row>`,
			[]Edit{text("A1", "Yes")},
		},
		{
			"metadata of rich values goes", `<row r="1"><c r="A1" t="e" vm="1" ph="1"><v>#VALUE!</v></c></row>`,
			`<row r="1"><c r="A1" ph="1" t="inlineStr"><is><t>Yes</t></is></c></row>`,
			[]Edit{text("A1", "Yes")},
		},
		{
			"a new cell between others", `<row r="1"><c r="A1"/><c r="C1"/></row>`,
			`<row r="1"><c r="A1"/><c r="B1" t="inlineStr"><is><t>b</t></is></c><c r="C1"/></row>`,
			[]Edit{text("B1", "b")},
		},
		{
			"new cells at both ends", `<row r="1"><c r="B1"/></row>`,
			`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1"/><c r="C1" t="inlineStr"><is><t>c</t></is></c></row>`,
			[]Edit{text("C1", "c"), text("A1", "a")},
		},
		{
			"a new cell takes the row's style", `<row r="1" s="5" customFormat="1"/>`,
			`<row r="1" s="5" customFormat="1"><c r="A1" s="5" t="inlineStr"><is><t>a</t></is></c></row>`,
			[]Edit{text("A1", "a")},
		},
		{
			"a row style without effect", `<row r="1" s="5"></row>`,
			`<row r="1" s="5"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>`,
			[]Edit{text("A1", "a")},
		},
		{
			"new rows before, between and after", `<row r="2"/><row r="4"/>`,
			`<row r="1"><c r="A1" t="inlineStr"><is><t>1</t></is></c></row><row r="2"/><row r="3"><c r="A3" t="inlineStr"><is><t>3</t></is></c></row><row r="4"/><row r="5"><c r="A5" t="inlineStr"><is><t>5</t></is></c></row>`,
			[]Edit{text("A1", "1"), text("A3", "3"), text("A5", "5")},
		},
		{
			"spans that hold", `<row r="1" spans="1:3"><c r="A1"/></row>`,
			`<row r="1" spans="1:3"><c r="A1"/><c r="C1" t="inlineStr"><is><t>c</t></is></c></row>`,
			[]Edit{text("C1", "c")},
		},
		{
			"spans that no longer hold", `<row r="1" spans="1:1 4:5" ht="12"><c r="A1"/></row>`,
			`<row r="1" ht="12"><c r="A1"/><c r="C1" t="inlineStr"><is><t>c</t></is></c></row>`,
			[]Edit{text("C1", "c")},
		},
		{
			"blanks and comments stay", "<row r=\"1\"> <!-- x --> <c r=\"B1\"/>\n</row>\n",
			"<row r=\"1\"> <!-- x --> <c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c><c r=\"B1\"/>\n</row>\n",
			[]Edit{text("A1", "a")},
		},
		{
			"rows and cells without references", `<row><c/><c/></row><row><c/></row>`,
			`<row><c/><c t="inlineStr"><is><t>b</t></is></c></row><row><c t="inlineStr"><is><t>a</t></is></c><c r="B2" t="inlineStr"><is><t>c</t></is></c></row>`,
			[]Edit{text("B1", "b"), text("A2", "a"), text("B2", "c")},
		},
		{
			"clearing keeps the style", `<row r="1"><c r="A1" s="5" t="s"><v>0</v></c></row>`,
			`<row r="1"><c r="A1" s="5"/></row>`,
			[]Edit{{Sheet: "Sheet 1", Cell: "A1", Kind: EditClear}},
		},
		{
			"clearing what is not there", `<row r="1"/>`, `<row r="1"/>`,
			[]Edit{{Sheet: "Sheet 1", Cell: "A1", Kind: EditClear}, {Sheet: "Sheet 1", Cell: "B9", Kind: EditClear}, text("C1", "")},
		},
		{
			"check boxes", `<row r="1"><c r="A1" s="7" t="b"><v>0</v></c><c r="B1" t="s"><v>0</v></c></row>`,
			`<row r="1"><c r="A1" s="7" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c></row>`,
			[]Edit{{Sheet: "Sheet 1", Cell: "A1", Kind: EditBool, Bool: true}, {Sheet: "Sheet 1", Cell: "B1", Kind: EditBool}},
		},
		{
			"what looks like a formula stays text", `<row r="1"><c r="A1"/></row>`,
			`<row r="1"><c r="A1" t="inlineStr"><is><t>=HYPERLINK("x")&amp;'&lt;b&gt;</t></is></c></row>`,
			[]Edit{text("A1", `=HYPERLINK("x")&'<b>`)},
		},
		{
			"blanks at the ends and line breaks are preserved", `<row r="1"><c r="A1"/><c r="B1"/><c r="C1"/></row>`,
			`<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> a</t></is></c><c r="B1" t="inlineStr"><is><t xml:space="preserve">b` + "\n" + `c</t></is></c><c r="C1" t="inlineStr"><is><t>d  e</t></is></c></row>`,
			[]Edit{text("A1", " a"), text("B1", "b\nc"), text("C1", "d  e")},
		},
		{
			"what looks like an escape stays text", `<row r="1"><c r="A1"/></row>`,
			`<row r="1"><c r="A1" t="inlineStr"><is><t>_x005F_x0041_ _x005F_x005F_x005F_x000D_ _x00_</t></is></c></row>`,
			[]Edit{text("A1", "_x0041_ _x005F_x000D_ _x00_")},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := openSheet(t, dataXML(test.data))
			_, got := patched(t, f, PatchOptions{}, test.edits...)
			if diff := cmp.Diff(dataXML(test.want), got); diff != "" {
				t.Errorf("sheet (-want +got):\n%s", diff)
			}
			if again, _ := patched(t, f, PatchOptions{}, test.edits...); !bytes.Equal(again, mustPatch(t, f, test.edits)) {
				t.Error("the same edits give other bytes")
			}
		})
	}
}

func mustPatch(tb testing.TB, f *File, edits []Edit) []byte {
	tb.Helper()
	out, err := f.Patch(edits, PatchOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func TestPatch_wholeSheets(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, sheet, want string }{
		{
			"empty data", sheetXML(`<sheetData/><pageMargins left="1"/>`),
			sheetXML(`<sheetData><row r="2"><c r="C2" t="inlineStr"><is><t>c</t></is></c></row></sheetData><pageMargins left="1"/>`),
		},
		{
			"a prefix", `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="2"/></x:sheetData></x:worksheet>`,
			`<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="2"><x:c r="C2" t="inlineStr"><x:is><x:t>c</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>`,
		},
		{
			"a new cell takes the column's style", sheetXML(`<cols><col min="1" max="16384" style="5"/></cols><sheetData></sheetData>`),
			sheetXML(`<cols><col min="1" max="16384" style="5"/></cols><sheetData><row r="2"><c r="C2" s="5" t="inlineStr"><is><t>c</t></is></c></row></sheetData>`),
		},
		{
			"the first cell of a merge", sheetXML(`<sheetData><row r="2"><c r="C2"/><c r="D2"/></row></sheetData><mergeCells><mergeCell ref="C2:D2"/></mergeCells>`),
			sheetXML(`<sheetData><row r="2"><c r="C2" t="inlineStr"><is><t>c</t></is></c><c r="D2"/></row></sheetData><mergeCells><mergeCell ref="C2:D2"/></mergeCells>`),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, got := patched(t, openSheet(t, test.sheet), PatchOptions{}, text("C2", "c"))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("sheet (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPatch_refuses(t *testing.T) {
	t.Parallel()
	f := openSheet(t, sheetXML(`<sheetData><row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f t="array" ref="B1:B3">{1}</f></c></row></sheetData>`+
		`<mergeCells><mergeCell ref="D1:E2"/></mergeCells>`))
	tests := []struct {
		name, code string
		edits      []Edit
	}{
		{"an unknown sheet", "unknown_sheet", []Edit{{Sheet: "Sheet 2", Cell: "A1"}}},
		{"no cell", "bad_cell_reference", []Edit{text("", "x")}},
		{"a range", "bad_cell_reference", []Edit{text("A1:B2", "x")}},
		{"a cell outside", "bad_cell_reference", []Edit{text("XFE1", "x")}},
		{"a formula", "formula_cell", []Edit{text("A1", "x")}},
		{"clearing a formula", "formula_cell", []Edit{{Sheet: "Sheet 1", Cell: "A1", Kind: EditClear}}},
		{"part of an array formula", "formula_cell", []Edit{text("B3", "x")}},
		{"a covered cell", "covered_cell", []Edit{text("D1", "x"), text("E2", "x")}},
		{"a cell twice", "duplicate_edit", []Edit{text("C1", "x"), text("C2", "x"), text("C1", "y")}},
		{"too long", "text_too_long", []Edit{text("C1", strings.Repeat("😀", caiq.MaxCellText/2+1))}},
		{"a control character", "control_character", []Edit{text("C1", "a\x07")}},
		{"a carriage return", "control_character", []Edit{text("C1", "a\r\nb")}},
		{"bytes that are not UTF-8", "bad_utf8", []Edit{text("C1", "\xFF")}},
		{"a character that is none", "control_character", []Edit{text("C1", "\uFFFE")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, err := f.Patch(test.edits, PatchOptions{})
			wantCode(t, err, test.code)
			if out != nil {
				t.Error("wrote something")
			}
		})
	}
}

func TestPatch_leavesTheRest(t *testing.T) {
	t.Parallel()
	f := openSheet(t, dataXML(plainRows))
	if out := mustPatch(t, f, nil); !bytes.Equal(out, f.data) {
		t.Error("no edits, yet other bytes")
	}
	out, _ := patched(t, f, PatchOptions{}, text("C3", "x"))
	a, err := openArchive(out, f.limits)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range f.book.zip.entries {
		same := bytes.Equal(f.data[e.start:e.end], out[a.entries[i].start:a.entries[i].end])
		if same != (e.name != sheetPart) {
			t.Errorf("part %s: same %v", e.name, same)
		}
	}
}

func TestPatch_recalculates(t *testing.T) {
	t.Parallel()
	book := func(inner string) string { return `<workbook ` + mainNS + ` ` + relNS + `>` + inner + `</workbook>` }
	sheets := `<sheets><sheet name="Sheet 1" r:id="rId1"/></sheets>`
	tests := []struct{ name, book, want string }{
		{"nothing there", book(sheets), book(sheets + `<calcPr fullCalcOnLoad="1"/>`)},
		{"before what comes after", book(sheets + `<definedNames/><customWorkbookViews/><extLst/>`), book(sheets + `<definedNames/><calcPr fullCalcOnLoad="1"/><customWorkbookViews/><extLst/>`)},
		{"there already", book(sheets + `<calcPr calcId="191029" />`), book(sheets + `<calcPr calcId="191029" fullCalcOnLoad="1"/>`)},
		{"there with an end tag", book(sheets + `<calcPr fullCalcOnLoad="0" calcId="1"></calcPr>`), book(sheets + `<calcPr calcId="1" fullCalcOnLoad="1"></calcPr>`)},
		{"asked for already", book(sheets + `<calcPr fullCalcOnLoad="true"/>`), book(sheets + `<calcPr fullCalcOnLoad="true"/>`)},
		{
			"a prefix", `<x:workbook xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` + relNS + `><x:sheets><x:sheet name="Sheet 1" r:id="rId1"/></x:sheets></x:workbook>`,
			`<x:workbook xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` + relNS + `><x:sheets><x:sheet name="Sheet 1" r:id="rId1"/></x:sheets><x:calcPr fullCalcOnLoad="1"/></x:workbook>`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := openSheet(t, dataXML(plainRows), zipPart{bookPart, test.book})
			out, _ := patched(t, f, PatchOptions{Recalculate: true}, text("C3", "x"))
			g, err := Open("x", out, f.limits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(g.book.xml)); diff != "" {
				t.Errorf("workbook part (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPatch_fitsRows(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("four words of text ", 10) // 190 characters
	sheet := func(rows string) string {
		return sheetXML(`<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="20"/><col min="2" max="2" width="200"/></cols><sheetData>` + rows +
			`</sheetData><mergeCells><mergeCell ref="A5:A9"/></mergeCells>`)
	}
	f := openSheet(t, sheet(`<row r="1" ht="15" customHeight="1" x="y"><c r="A1" s="5"/></row><row r="2"><c r="A2"/></row><row r="3"><c r="B3" s="5"/></row>`+
		`<row r="4" hidden="1"><c r="A4" s="5"/></row><row r="5"><c r="A5" s="5"/></row><row r="10"><c r="A10" s="5"/></row><row r="11" ht="300"><c r="A11" s="5"/></row>`))
	fitted, err := f.fitRows(f.book.sheets[0], place(t, f, text("A1", long), text("A2", long), text("B3", long), text("A4", long), text("A5", long),
		text("A10", strings.Repeat(long, 9)), text("A11", long)))
	if err != nil {
		t.Fatal(err)
	}
	// A1: 20 less 1 digits at font size 10 instead of 11 are 20.9, five words a
	// line: eight lines of 13.6 points and 2. A5 shows 75 points already.
	want := map[int]float64{1: 111, 5: 51, 10: 409}
	if diff := cmp.Diff(want, fitted.heights); diff != "" {
		t.Errorf("heights (-want +got):\n%s", diff)
	}
	clipped, err := f.Clipped([]Edit{text("A1", long), text("A10", strings.Repeat(long, 9))}, true)
	if diff := cmp.Diff([]RowRef{{"Sheet 1", 10}}, clipped); err != nil || diff != "" {
		t.Errorf("clipped rows (-want +got), %v:\n%s", err, diff)
	}
	low, err := f.Clipped([]Edit{text("A1", long), text("A5", long), text("A11", long)}, false)
	if diff := cmp.Diff([]RowRef{{"Sheet 1", 1}}, low); err != nil || diff != "" {
		t.Errorf("rows fixed too low (-want +got), %v:\n%s", err, diff)
	}
	_, got := patched(t, f, PatchOptions{FitRows: true}, text("A1", long), text("A2", long), text("A20", "x"))
	if !strings.Contains(got, `<row r="1" x="y" ht="111" customHeight="1">`) || !strings.Contains(got, `<row r="2">`) {
		t.Errorf("rows: %s", got)
	}
}

func place(tb testing.TB, f *File, edits ...Edit) []placedEdit {
	tb.Helper()
	placed, err := f.place(edits)
	if err != nil {
		tb.Fatal(err)
	}
	return placed[f.book.sheets[0]]
}

func TestWrappedLines(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text  string
		chars float64
		want  int
	}{
		{"", 10, 1}, {"one", 10, 1}, {"one two", 7, 1}, {"one two", 5, 2}, {"WWW mmm", 10, 2}, {"ill, lit", 5, 1}, {"a\n\nb", 10, 3}, {"abcdefghij", 5, 2}, {"abcdeghknop", 5, 3}, {"日本語", 4, 2}, {"x", 0, 1},
	} {
		if got := wrappedLines(test.text, test.chars); got != test.want {
			t.Errorf("wrappedLines(%q, %v) = %d, want %d", test.text, test.chars, got, test.want)
		}
	}
}

// TestPatch_corpus writes answers into real workbooks and reads them back with
// our scanner and with excelize.
func TestPatch_corpus(t *testing.T) {
	t.Parallel()
	for _, a := range answered {
		for _, opt := range []PatchOptions{{}, {FitRows: true, Recalculate: true}} {
			t.Run(fmt.Sprintf("%s %+v", a.name, opt), func(t *testing.T) {
				t.Parallel()
				f, edits := openAnswered(t, a.file, a.sheet, a.columns, a.first, a.last)
				if len(edits) < 2*(a.last-a.first) {
					t.Fatalf("only %d edits", len(edits))
				}
				out, _ := patched(t, f, opt, edits...)
				x, err := excelize.OpenReader(bytes.NewReader(out))
				if err != nil {
					t.Fatal(err)
				}
				defer x.Close()
				for _, e := range edits {
					if got, err := x.GetCellValue(e.Sheet, e.Cell); err != nil || got != e.Text {
						t.Fatalf("%s: excelize reads %q, %v", e.Cell, got, err)
					}
				}
			})
		}
	}
}

// FuzzPatch writes any text into a cell: it is refused, or read back the same
// by our scanner (in Verify) and by excelize.
func FuzzPatch(f *testing.F) {
	for _, seed := range []string{"Yes", "=1+1", "_x0041_", "_x005F_", "a\nb ", "\t", "<&>]]>", "é😀", "_x_x0041_", "_xD83D_", "'", "\uFEFF"} {
		f.Add(seed)
	}
	book := openSheet(f, dataXML(plainRows))
	f.Fuzz(func(t *testing.T, s string) {
		edits := []Edit{text("A1", s), text("B2", s), text("C3", s)}
		out, err := book.Patch(edits, PatchOptions{FitRows: true})
		if caiq.CheckText(s) != nil {
			if err == nil {
				t.Fatalf("wrote %q", s)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := book.Verify(out, edits, PatchOptions{FitRows: true}); err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		if got, err := x.GetCellValue("Sheet 1", "B2"); err != nil || got != s {
			t.Errorf("excelize reads %q as %q, %v", s, got, err)
		}
	})
}
