package workbook

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"caique/internal/caiq"
)

// TestOpen_hostile opens small files that cost a careless reader seconds or
// gigabytes, one after another, and looks at what each cost.
func TestOpen_hostile(t *testing.T) {
	rows := func(n int, row func(i int) string) string {
		var b strings.Builder
		for i := 1; i <= n; i++ {
			b.WriteString(row(i))
		}
		return b.String()
	}
	rich := `<sst ` + mainNS + `><si>` + strings.Repeat("<r><t/></r>", 20_000) + `<t>a</t></si></sst>`
	long := `<sst ` + mainNS + `><si><t>` + strings.Repeat("a", 32_000) + `</t></si></sst>`
	refs := dataXML(rows(20_000, func(i int) string { return fmt.Sprintf(`<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>`, i, i) }))
	// Below the limit of what is parsed together: what is in it has to be refused.
	huge := strings.Repeat("x", 31<<20)
	inline := func(text string) []byte {
		return sheetBytes(t, dataXML(`<row r="1"><c r="A1" t="inlineStr"><is>`+text+`</is></c></row>`))
	}
	texts := func(items string) []byte {
		return sheetBytes(t, dataXML(plainRows), zipPart{"xl/sharedStrings.xml", `<sst ` + mainNS + `>` + items + `</sst>`})
	}
	names := func(n int, name string) []byte {
		return sheetBytes(t, dataXML(plainRows), zipPart{bookPart, `<workbook ` + mainNS + ` ` + relNS + `><sheets><sheet name="a" r:id="rId1"/></sheets><definedNames>` +
			strings.Repeat(name, n) + `</definedNames></workbook>`})
	}
	tests := []struct {
		name, code string
		data       []byte
	}{
		{"a text of many megabytes in a cell", "xml_token", inline("<t>" + huge + "</t>")},
		{"a text of many megabytes in a cell, in runs", "cell_too_long", inline(strings.Repeat("<r><t>"+huge[:3<<20]+"</t></r>", 10))},
		{"a text of many megabytes in a cell, in sections", "cell_too_long", inline("<t>" + strings.Repeat("<![CDATA["+huge[:100_000]+"]]>", 300) + "</t>")},
		{"a value of many megabytes", "cell_too_long", sheetBytes(t, dataXML(`<row><c><v>`+huge[:3<<20]+`</v></c></row>`))},
		{"a formula of megabytes", "cell_too_long", sheetBytes(t, dataXML(`<row><c><f>`+huge[:3<<20]+`</f></c></row>`))},
		{"a shared text of many megabytes", "xml_token", texts("<si><t>" + huge + "</t></si>")},
		{"a shared text of many megabytes, in runs", "cell_too_long", texts("<si>" + strings.Repeat("<r><t>"+huge[:3<<20]+"</t></r>", 10) + "</si>")},
		{"many megabytes of shared texts", "too_much_text", texts(strings.Repeat("<si><t>"+huge[:30_000]+"</t></si>", 1_000))},
		{"a comment of many megabytes", "xml_token", sheetBytes(t, sheetXML(`<sheetData/><!--`+huge+`-->`))},
		{"an instruction of many megabytes", "xml_token", sheetBytes(t, sheetXML(`<sheetData/><?pi `+huge+`?>`))},
		{"a comment of many megabytes in a part that is not read", "xml_token", sheetBytes(t, dataXML(plainRows), zipPart{"xl/comments1.xml", `<a><!--` + huge + `--></a>`})},
		{"an attribute of more megabytes", "xml_attributes", sheetBytes(t, sheetXML(`<sheetData x="`+huge+`"/>`))},
		{"a cell name of megabytes", "bad_cell_reference", sheetBytes(t, dataXML(`<row><c r="`+huge[:3<<20]+`"/></row>`))},
		{"parts of many megabytes together", "too_large_unzipped", sheetBytes(t, sheetXML(`<sheetData/><!--`+huge[:3<<20]+`-->`), zipPart{"xl/a.xml", "<a>" + huge + "</a>"})},
		{"many names of many letters", "too_much_text", names(150, `<definedName name="`+huge[:200_000]+`">A1</definedName>`)},
		{"many names for long formulas", "too_much_text", names(1_000, `<definedName name="a">`+huge[:30_000]+`</definedName>`)},
		{"many long lists", "too_much_text", sheetBytes(t, sheetXML(`<sheetData/><dataValidations>`+
			strings.Repeat(`<dataValidation type="list" sqref="A1"><formula1>`+huge[:30_000]+`</formula1></dataValidation>`, 1_000)+`</dataValidations>`))},
		{"many long relationships", "too_much_text", sheetBytes(t, dataXML(plainRows), zipPart{
			"xl/worksheets/_rels/sheet1.xml.rels",
			rels(strings.Repeat(`<Relationship Id="a" Type="`+huge[:30_000]+`" Target="b"/>`, 1_000)),
		})},
		{"many content types", "too_much_text", sheetBytes(t, dataXML(plainRows), typesOf(rows(250_000, func(i int) string {
			return fmt.Sprintf(`<Override PartName="/a%d" ContentType="application/vnd.something+xml"/>`, i)
		})))},
		{"a million blank cells apart", "too_many_cells", sheetBytes(t, dataXML(rows(100, func(i int) string {
			return fmt.Sprintf(`<row r="%d">`, i) + strings.Repeat("<c/>\n\n\n\n\n\n", 16_000) + `</row>`
		})))},
		{"a gigabyte in a cell, declared", "too_large_unzipped", bombZip(t, 1<<20, 1<<30)},
		{"a quarter of it, not declared", "corrupt_part", bombZip(t, 1<<28, 1<<20)},
		{"cells in the last column", "too_many_cells", sheetBytes(t, dataXML(rows(20_000, func(i int) string {
			return fmt.Sprintf(`<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i, i)
		})))},
		{"a million rows without number", "too_many_rows", sheetBytes(t, dataXML(strings.Repeat("<row/>", 1_040_000)))},
		{"many cells", "too_many_cells", sheetBytes(t, dataXML(rows(40_000, func(i int) string {
			return fmt.Sprintf(`<row r="%d">`, i) + strings.Repeat(`<c><v>1</v></c>`, 40) + `</row>`
		})))},
		{"many empty cells", "too_many_cells", sheetBytes(t, dataXML(rows(150, func(i int) string {
			return fmt.Sprintf(`<row r="%d">`, i) + strings.Repeat(`<c/>`, 16_000) + `</row>`
		})))},
		{"many merges", "too_many_merges", sheetBytes(t, sheetXML(`<sheetData/><mergeCells>`+rows(100_000, func(i int) string {
			return fmt.Sprintf(`<mergeCell ref="A%d:B%d"/>`, i, i)
		})+`</mergeCells>`))},
		{"an attribute of many megabytes", "xml_attributes", sheetBytes(t, sheetXML(`<sheetData x="`+strings.Repeat("x", 12<<20)+`"/>`))},
		{"one long string shown often", "too_much_text", sheetBytes(t, refs, zipPart{"xl/sharedStrings.xml", long})},
		{"one rich string shown often", "too_much_text", sheetBytes(t, refs, zipPart{"xl/sharedStrings.xml", rich})},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := Open("book.xlsx", test.data, DefaultLimits())
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			wantRefusal(t, err, test.code)
			if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 64 { // more than what is held at any time
				t.Errorf("allocated %d MiB in all for a file of %d KiB", grown, len(test.data)>>10)
			}
			if e, ok := errors.AsType[*caiq.Error](err); ok && len(e.Msg) > 500 {
				t.Errorf("the message has %d bytes", len(e.Msg))
			}
			t.Logf("%d KiB refused in %v, %d MiB allocated in all", len(test.data)>>10, took, (after.TotalAlloc-before.TotalAlloc)>>20)
		})
	}
}

// TestRead_unreadParts reads a workbook with a picture of many megabytes: what is
// not read is not held, by neither reader.
func TestRead_unreadParts(t *testing.T) {
	data := sheetBytes(t, dataXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>Question</t></is></c><c r="B1" t="inlineStr"><is><t>Answer</t></is></c></row>`+
		`<row r="2"><c r="A2" t="inlineStr"><is><t>Do you encrypt data?</t></is></c></row>`), zipPart{"xl/media/image2.bmp", strings.Repeat("x", 40<<20)})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f, err := Open("book.xlsx", data, DefaultLimits())
	must(t, err)
	q, err := Read(f, formats(), nil)
	must(t, err)
	runtime.ReadMemStats(&after)
	if len(q.Questions) != 1 {
		t.Errorf("%d questions", len(q.Questions))
	}
	if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 16 {
		t.Errorf("allocated %d MiB in all", grown)
	}
}

// bombZip is a workbook whose sheet inflates to size bytes and declares so many.
func bombZip(tb testing.TB, size, declared int64) []byte {
	tb.Helper()
	var packed bytes.Buffer
	d, _ := flate.NewWriter(&packed, flate.BestSpeed)
	if _, err := io.CopyN(d, zeroReader{}, size); err != nil {
		tb.Fatal(err)
	}
	_ = d.Close()
	return zipWith(tb, func(w *zip.Writer) {
		for _, p := range workbookParts("") {
			if p.name == sheetPart {
				e, _ := w.CreateRaw(&zip.FileHeader{Name: p.name, Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(declared)})
				put(tb, e, packed.Bytes())
				continue
			}
			e, _ := w.Create(p.name)
			fmt.Fprint(e, p.content)
		}
	})
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'A'
	}
	return len(p), nil
}
