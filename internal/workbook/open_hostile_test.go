package workbook

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
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
	tests := []struct {
		name, code string
		data       []byte
	}{
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
			if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 128 {
				t.Errorf("allocated %d MiB in all for a file of %d KiB", grown, len(test.data)>>10)
			}
			t.Logf("%d KiB refused in %v, %d MiB allocated in all", len(test.data)>>10, took, (after.TotalAlloc-before.TotalAlloc)>>20)
		})
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
