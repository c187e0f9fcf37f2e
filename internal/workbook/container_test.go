package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"caique/internal/caiq"
)

// zipPart is one zip entry of a test workbook.
type zipPart struct{ name, content string }

const (
	typesPart = "[Content_Types].xml"
	bookPart  = "xl/workbook.xml"
	sheetPart = "xl/worksheets/sheet1.xml"
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS    = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relNS     = `xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relType   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

// workbookParts are the parts of a small workbook with one sheet, "Sheet 1".
// More parts are appended; one of a known name takes its place.
func workbookParts(sheetXML string, more ...zipPart) []zipPart {
	parts := []zipPart{
		{typesPart, xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		{"_rels/.rels", xmlHead + rels(`<Relationship Id="rId1" Type="`+relType+`officeDocument" Target="xl/workbook.xml"/>`)},
		{bookPart, xmlHead + `<workbook ` + mainNS + ` ` + relNS + `><sheets><sheet name="Sheet 1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", xmlHead + rels(`<Relationship Id="rId1" Type="`+relType+`worksheet" Target="worksheets/sheet1.xml"/>`+
			`<Relationship Id="rId2" Type="`+relType+`styles" Target="styles.xml"/>`+
			`<Relationship Id="rId3" Type="`+relType+`sharedStrings" Target="/xl/sharedStrings.xml"/>`)},
		{sheetPart, sheetXML},
		{"xl/styles.xml", xmlHead + `<styleSheet ` + mainNS + `><fonts count="2"><font><sz val="11"/></font><font><sz val="10"/></font></fonts>` +
			`<cellXfs count="8"><xf/><xf/><xf/><xf/><xf/><xf fontId="1"><alignment wrapText="1"/></xf><xf/><xf/></cellXfs></styleSheet>`},
		{"xl/sharedStrings.xml", xmlHead + `<sst ` + mainNS + `><si><t>Question</t></si><si><r><t>rich </t></r><r><rPr><b/></rPr><t xml:space="preserve">text</t></r><rPh sb="0" eb="1"><t>no</t></rPh></si></sst>`},
		{"xl/media/image1.png", "not really a picture, but nobody looks"},
	}
	for _, m := range more {
		parts = replacePart(parts, m)
	}
	return parts
}

func replacePart(parts []zipPart, m zipPart) []zipPart {
	for i := range parts {
		if parts[i].name == m.name {
			parts[i] = m
			return parts
		}
	}
	return append(parts, m)
}

func rels(inner string) string {
	return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + inner + `</Relationships>`
}

// sheetXML is a worksheet part around its inner elements.
func sheetXML(inner string) string {
	return xmlHead + `<worksheet ` + mainNS + `>` + inner + `</worksheet>`
}

// dataXML is a worksheet part around its rows.
func dataXML(rows string) string { return sheetXML(`<sheetData>` + rows + `</sheetData>`) }

// plainRows are the rows of the plain workbook that honest oddities are compared with.
const plainRows = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>Is it &amp; was it?</t></is></c><c r="C3"><v>42</v></c></row>`

// zipOf packs parts as a streaming writer does: deflated, with data descriptors.
func zipOf(tb testing.TB, parts ...zipPart) []byte {
	tb.Helper()
	return zipWith(tb, func(w *zip.Writer) {
		for _, p := range parts {
			entry, err := w.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)})
			if err != nil {
				tb.Fatal(err)
			}
			if _, err := entry.Write([]byte(p.content)); err != nil {
				tb.Fatal(err)
			}
		}
	})
}

func zipWith(tb testing.TB, write func(w *zip.Writer)) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	write(w)
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func put(tb testing.TB, w io.Writer, content []byte) {
	tb.Helper()
	if _, err := w.Write(content); err != nil {
		tb.Fatal(err)
	}
}

// openSheet opens a workbook around one sheet.
func openSheet(tb testing.TB, sheetXML string, more ...zipPart) *File {
	tb.Helper()
	f, err := Open("book.xlsx", zipOf(tb, workbookParts(sheetXML, more...)...), DefaultLimits())
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// seen is what a scan shows of a cell, for comparison.
type seen struct {
	Cell, Text      string
	Style           int
	Filled, Formula bool
	Boolean         bool
}

func cellsOf(tb testing.TB, f *File, sheet int) []seen {
	tb.Helper()
	var cells []seen
	err := f.book.scan(f.book.sheets[sheet], f.limits, sheetVisitor{cell: func(c *scannedCell) error {
		cells = append(cells, seen{
			Cell: refName(c.row, c.col), Text: c.text(), Style: c.style, Filled: c.filled, Formula: c.formula,
			Boolean: c.typ == cellBoolean,
		})
		return nil
	}})
	if err != nil {
		tb.Fatal(err)
	}
	return cells
}

// wantCode wants an error of the code, with a message.
// wantRefusal is wantCode of a file refused at the door: it says what to do.
func wantRefusal(tb testing.TB, err error, code string) {
	tb.Helper()
	wantCode(tb, err, code)
	if e, ok := errors.AsType[*caiq.Error](err); !ok || e.Hint == "" {
		tb.Errorf("the refusal has no hint: %v", err)
	}
}

func wantCode(tb testing.TB, err error, code string) {
	tb.Helper()
	if got := caiq.CodeOf(err); got != code {
		tb.Errorf("code %q, want %q (error: %v)", got, code, err)
	}
	if err != nil && err.Error() == "" {
		tb.Error("the error says nothing")
	}
}
