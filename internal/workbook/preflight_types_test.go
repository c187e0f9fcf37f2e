package workbook

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestOpen_refusesActiveContent(t *testing.T) {
	t.Parallel()
	bookRels := func(kind, target string) zipPart {
		return zipPart{"xl/_rels/workbook.xml.rels", rels(`<Relationship Id="rId1" Type="` + relType + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId9" Type="` + kind + `" Target="` + target + `"/>`)}
	}
	typed := func(kind string) zipPart {
		return typesOf(`<Override PartName="/xl/media/image1.png" ContentType="` + kind + `"/>`)
	}
	link := func(inner string) zipPart {
		return zipPart{"xl/externalLinks/externalLink1.xml", `<externalLink ` + mainNS + `>` + inner + `</externalLink>`}
	}
	tests := map[string]zipPart{
		"macros by name":           {"xl/vbaProject.bin", "x"},
		"macros by relationship":   bookRels("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "a.bin"),
		"macros by type":           typed("application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
		"binary workbook":          typed("application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
		"macro sheet":              {"xl/macrosheets/sheet1.xml", "<a/>"},
		"macro sheet by type":      typed("application/vnd.ms-excel.macrosheet+xml"),
		"ActiveX":                  {"xl/activeX/activeX1.xml", "<a/>"},
		"embedded object":          {"xl/embeddings/oleObject1.bin", "x"},
		"embedded by relationship": {"xl/worksheets/_rels/sheet1.xml.rels", rels(`<Relationship Id="r1" Type="` + relType + `oleObject" Target="../x.bin"/>`)},
		"custom ribbon":            {"customUI/customUI.xml", "<a/>"},
		"DDE link":                 link(`<ddeLink ddeService="cmd" ddeTopic="/c calc"/>`),
		"DDE link with a prefix":   {"xl/externalLinks/externalLink1.xml", `<x:externalLink xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:ddeLink/></x:externalLink>`},
		"OLE link":                 link(`<oleLink progId="x"/>`),
	}
	for name, p := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Open("book.xlsx", sheetBytes(t, dataXML(plainRows), p), DefaultLimits())
			wantRefusal(t, err, "active_content")
		})
	}
}

// typesOf is the part that says what the parts are, with more elements.
func typesOf(more string) zipPart {
	return zipPart{typesPart, `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` + more + `</Types>`}
}

// TestOpen_activeTypes wants a content type to count where a part has it, and
// only there.
func TestOpen_activeTypes(t *testing.T) {
	t.Parallel()
	const vba, printer = "application/vnd.ms-office.vbaProject", "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"
	byDefault := `<Default Extension="BIN" ContentType="` + vba + `"/>`
	override := func(name, kind string) string {
		return `<Override PartName="` + name + `" ContentType="` + kind + `"/>`
	}
	bin := zipPart{"xl/a.Bin", "x"}
	tests := map[string]struct {
		types string
		parts []zipPart
		code  string
	}{
		"a default that no part has":       {byDefault, nil, ""},
		"a name that no part has":          {override("/xl/b.bin", vba), nil, ""},
		"a default":                        {byDefault, []zipPart{bin}, "active_content"},
		"a default that a name overrides":  {byDefault + override("/xl/a.bin", printer), []zipPart{bin}, ""},
		"a name over a default":            {override("/XL/A.BIN", vba), []zipPart{bin}, "active_content"},
		"a name without its slash":         {override("xl/./a.bin", vba), []zipPart{bin}, "active_content"},
		"a name in escapes":                {override("/xl/%61.bin", vba), []zipPart{bin}, "active_content"},
		"a name of another kind":           {override("/xl/media/image1.png", vba), nil, "active_content"},
		"a name twice":                     {override("/xl/a.bin", printer) + override("/xl/a.bin", vba), []zipPart{bin}, "active_content"},
		"a default twice":                  {`<Default Extension="bin" ContentType="` + printer + `"/>` + byDefault, []zipPart{bin}, "active_content"},
		"a part without extension or type": {byDefault, []zipPart{{"xl/bin", "x"}}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Open("book.xlsx", sheetBytes(t, dataXML(plainRows), append(test.parts, typesOf(test.types))...), DefaultLimits())
			if test.code == "" {
				must(t, err)
				return
			}
			wantRefusal(t, err, test.code)
		})
	}
}

// TestOpen_savedByExcelize reads what a program saves that declares the type of
// macros in every workbook, and refuses the macros of that program.
func TestOpen_savedByExcelize(t *testing.T) {
	t.Parallel()
	_, err := Open("new.xlsx", saveAs(t, excelize.NewFile(), "new.xlsx"), DefaultLimits())
	must(t, err)
	b := excelize.NewFile()
	must(t, b.AddVBAProject([]byte(oleSignature+"\xA1\xB1\x1A\xE1")))
	_, err = Open("macros.xlsm", saveAs(t, b, "macros.xlsm"), DefaultLimits())
	wantRefusal(t, err, "active_content")
}

// saveAs returns the bytes that excelize saves under a name.
func saveAs(tb testing.TB, b *excelize.File, name string) []byte {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	must(tb, b.SaveAs(path))
	data, err := os.ReadFile(path)
	must(tb, err)
	return data
}
