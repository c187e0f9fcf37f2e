package workbook

import (
	"archive/zip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var plainCells = []seen{
	{Cell: "A1", Text: "Question", Filled: true},
	{Cell: "B1", Text: "rich text", Filled: true},
	{Cell: "A3", Text: "Is it & was it?", Filled: true},
	{Cell: "C3", Text: "42", Filled: true},
}

// TestOpen_accepts wants oddities of honest files to show the same cells as
// their plain twin.
func TestOpen_accepts(t *testing.T) {
	t.Parallel()
	strict := strings.NewReplacer(
		"http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main",
		"http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships",
	)
	tests := map[string]struct {
		sheet string
		parts []zipPart
	}{
		"plain":                  {sheet: dataXML(plainRows)},
		"a byte order mark":      {sheet: "\xEF\xBB\xBF" + dataXML(plainRows)},
		"single quotes":          {sheet: strings.ReplaceAll(dataXML(plainRows), `"`, `'`)},
		"a wrong dimension":      {sheet: sheetXML(`<dimension ref="A1:XFD1048576"/><sheetData>` + plainRows + `</sheetData>`)},
		"blanks and comments":    {sheet: strings.NewReplacer("<row", "\r\n <!-- a --> <row", "<c ", "\n\t<c ", "</row>", " <?pi x?></row>").Replace(dataXML(plainRows))},
		"a CDATA section":        {sheet: strings.Replace(dataXML(plainRows), "Is it &amp; was it?", "Is <![CDATA[it & was]]> it?", 1)},
		"character references":   {sheet: strings.Replace(dataXML(plainRows), "Is it &amp;", "&#73;s it &#x26;", 1)},
		"whole columns":          {sheet: sheetXML(`<cols><col min="1" max="16384" style="3" width="9"/></cols><sheetData>` + plainRows + `</sheetData>`)},
		"a validation of all":    {sheet: sheetXML(`<sheetData>` + plainRows + `</sheetData><dataValidations><dataValidation type="list" sqref="N1:XFD1048576 A:C 3:5 $B$2"><formula1>"a,b"</formula1></dataValidation></dataValidations>`)},
		"a merge of one cell":    {sheet: sheetXML(`<sheetData>` + plainRows + `</sheetData><mergeCells><mergeCell ref="C3:C3"/><mergeCell ref="D4"/></mergeCells>`)},
		"a styled last row":      {sheet: dataXML(plainRows + `<row r="1048576" s="3" customFormat="1" ht="15"/>`)},
		"no references":          {sheet: dataXML(`<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row r="3"><c t="inlineStr"><is><t>Is it &amp; was it?</t></is></c><c r="C3"><v>42</v></c></row>`)},
		"rich inline text":       {sheet: strings.Replace(dataXML(plainRows), "<t>Is it &amp; was it?</t>", `<r><t>Is it </t></r><r><rPr><b/></rPr><t>&amp; was it?</t></r><phoneticPr fontId="1"/><rPh sb="0" eb="1"><t>iz</t></rPh>`, 1)},
		"a cell's extension":     {sheet: strings.Replace(dataXML(plainRows), "<v>42</v>", `<v>42</v><extLst><ext uri="x"><a/></ext></extLst>`, 1)},
		"strict":                 {sheet: strict.Replace(dataXML(plainRows)), parts: strictParts(strict)},
		"unread parts in UTF-16": {sheet: dataXML(plainRows), parts: []zipPart{{"customXml/item1.xml", utf16Text16(t, "<a/>")}, {"docProps/app.xml", "<not well-formed"}}},
		"a prefix": {sheet: xmlHead + `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>` +
			strings.NewReplacer("<row", "<x:row", "</row", "</x:row", "<c ", "<x:c ", "</c>", "</x:c>", "<v>", "<x:v>", "</v>", "</x:v>", "<is>", "<x:is>", "</is>", "</x:is>", "<t>", "<x:t>", "</t>", "</x:t>").Replace(plainRows) +
			`</x:sheetData></x:worksheet>`},
		"foreign elements": {sheet: xmlHead + `<worksheet ` + mainNS + ` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:xr="urn:x" mc:Ignorable="xr" xr:uid="{1}">` +
			`<sheetData>` + plainRows + `</sheetData><mc:AlternateContent><mc:Choice Requires="x"><controls><control/></controls></mc:Choice></mc:AlternateContent></worksheet>`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := openSheet(t, test.sheet, test.parts...)
			if diff := cmp.Diff(plainCells, cellsOf(t, f, 0)); diff != "" {
				t.Errorf("cells (-plain +this):\n%s", diff)
			}
			want := []SheetPart{{Name: "Sheet 1", Part: sheetPart, Worksheet: true, FilledRows: 2, FilledCells: 4}}
			if diff := cmp.Diff(want, f.Sheets()); diff != "" {
				t.Errorf("sheets (-want +got):\n%s", diff)
			}
		})
	}
}

func strictParts(r *strings.Replacer) []zipPart {
	var parts []zipPart
	for _, p := range workbookParts("") {
		if p.name != sheetPart {
			parts = append(parts, zipPart{p.name, r.Replace(p.content)})
		}
	}
	return parts
}

func TestOpen_containers(t *testing.T) {
	t.Parallel()
	t.Run("stored entries, a comment, directories", func(t *testing.T) {
		t.Parallel()
		data := zipWith(t, func(w *zip.Writer) {
			_ = w.SetComment("made by hand")
			_, _ = w.Create("xl/")
			for _, p := range workbookParts(dataXML(plainRows)) {
				e, _ := w.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Store, Comment: "c", Extra: []byte{9, 9, 1, 0, 7}})
				fmt.Fprint(e, p.content)
			}
		})
		f, err := Open(`C:\my files\book.XLS`, data, DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		if f.Name != "book.XLS" || f.Kind != KindXLSX || len(f.SHA256) != 64 {
			t.Errorf("file %q, kind %q, hash %q", f.Name, f.Kind, f.SHA256)
		}
	})
	t.Run("no shared strings, no styles", func(t *testing.T) {
		t.Parallel()
		sheet := dataXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>`)
		f := openSheet(t, sheet, zipPart{"xl/_rels/workbook.xml.rels", rels(`<Relationship Id="rId1" Type="` + relType + `worksheet" Target="worksheets/sheet1.xml"/>`)})
		if n := f.Sheets()[0].FilledCells; n != 1 {
			t.Errorf("%d filled cells", n)
		}
	})
	t.Run("hidden sheets and chart sheets", func(t *testing.T) {
		t.Parallel()
		f := openSheet(t, dataXML(plainRows),
			zipPart{bookPart, `<workbook ` + mainNS + ` ` + relNS + `><sheets><sheet name="A &amp; B" state="veryHidden" r:id="rId1"/><sheet name="Chart" state="hidden" r:id="rId7"/></sheets>` +
				`<definedNames><definedName name="Answers" localSheetId="0">'A &amp; B'!$A$1</definedName></definedNames></workbook>`},
			zipPart{"xl/_rels/workbook.xml.rels", rels(`<Relationship Id="rId1" Type="` + relType + `worksheet" Target="worksheets/sheet1.xml"/>` +
				`<Relationship Id="rId3" Type="` + relType + `sharedStrings" Target="sharedStrings.xml"/>` +
				`<Relationship Id="rId7" Type="` + relType + `chartsheet" Target="/xl/chartsheets/sheet1.xml"/>`)},
			zipPart{"xl/chartsheets/sheet1.xml", `<chartsheet ` + mainNS + `/>`})
		want := []SheetPart{
			{Name: "A & B", Part: sheetPart, Hidden: true, VeryHidden: true, Worksheet: true, FilledRows: 2, FilledCells: 4},
			{Name: "Chart", Part: "xl/chartsheets/sheet1.xml", Hidden: true},
		}
		if diff := cmp.Diff(want, f.Sheets()); diff != "" {
			t.Errorf("sheets (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]definedName{{"Answers", 0, "'A & B'!$A$1"}}, f.book.names, cmp.AllowUnexported(definedName{})); diff != "" {
			t.Errorf("names (-want +got):\n%s", diff)
		}
	})
}

func TestOpen_facts(t *testing.T) {
	t.Parallel()
	f := openSheet(t, xmlHead+`<worksheet `+mainNS+` xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"`+
		` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:x12ac="http://schemas.microsoft.com/office/spreadsheetml/2011/1/ac">`+
		`<sheetFormatPr defaultRowHeight="18" defaultColWidth="9.5" zeroHeight="1"/><cols><col min="2" max="3" width="30" hidden="1" style="4"/></cols>`+
		`<sheetData><row r="2" hidden="1"/><row r="4"><c r="A4"><f t="array" ref="A4:B5">1</f><v>1</v></c></row></sheetData>`+
		`<mergeCells><mergeCell ref="A1:B2"/></mergeCells>`+
		`<dataValidations><dataValidation type="list" sqref="C3:C5 D9"><formula1>"Yes,No"</formula1><formula2>0</formula2></dataValidation>`+
		`<dataValidation type="list" sqref="E1"><mc:AlternateContent><mc:Choice Requires="x12ac"><x12ac:list>Yes,"No, never"</x12ac:list></mc:Choice>`+
		`<mc:Fallback><formula1>"Yes,No, never"</formula1></mc:Fallback></mc:AlternateContent></dataValidation></dataValidations>`+
		`<extLst><ext uri="{1}"><x14:dataValidations><x14:dataValidation type="list"><x14:formula1><xm:f>Lists!$A$1:$A$3</xm:f></x14:formula1><x14:formula2><xm:f>0</xm:f></x14:formula2><xm:sqref>F1:F9</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>`)
	want := sheetFacts{
		rows: 2, filledRows: 1, cells: 1, filledCells: 1,
		merges: []area{{1, 1, 2, 2}},
		validations: []scannedValidation{
			{kind: "list", areas: []area{{3, 3, 5, 3}, {9, 4, 9, 4}}, formula: `"Yes,No"`},
			{kind: "list", areas: []area{{1, 5, 1, 5}}, formula: `"Yes,No, never"`, options: `Yes,"No, never"`},
			{kind: "list", areas: []area{{1, 6, 9, 6}}, formula: `Lists!$A$1:$A$3`},
		},
		columns:    []scannedColumns{{first: 2, last: 3, hidden: true, style: 4, width: 30}},
		hiddenRows: []int{2}, arrays: []area{{4, 1, 5, 2}},
		rowsHidden: true, defaultHeight: 18, defaultWidth: 9.5,
	}
	if diff := cmp.Diff(want, f.book.sheets[0].facts, cmp.AllowUnexported(sheetFacts{}, area{}, scannedValidation{}, scannedColumns{})); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

// TestOpen_corpus wants every real workbook to be accepted.
func TestOpen_corpus(t *testing.T) {
	t.Parallel()
	for _, name := range corpusNames(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := Open(name, corpusFile(t, name), DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Warnings) > 0 {
				t.Errorf("warnings: %v", f.Warnings)
			}
		})
	}
}

// corpusNames lists the real workbooks.
func corpusNames(tb testing.TB) []string {
	tb.Helper()
	corpusFile(tb, answered[0].file)
	dir := os.Getenv("CAIQUE_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "workbooks")
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.xlsx"))
	if err != nil {
		tb.Fatal(err)
	}
	for i := range paths {
		paths[i] = filepath.Base(paths[i])
	}
	return paths
}
