package workbook

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// corpusFile reads one of the real workbooks, which are not part of the
// repository; without them the test is skipped, or fails where they are required.
func corpusFile(tb testing.TB, name string) []byte {
	tb.Helper()
	dir := os.Getenv("CAIQUE_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "workbooks")
	}
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err == nil {
		return data
	}
	if strings.Contains(os.Getenv("CAIQUE_TEST_REQUIRE"), "corpus") {
		tb.Fatalf("real workbook %s: %v", name, err)
	}
	tb.Skipf("real workbook %s is not here (set CAIQUE_CORPUS): %v", name, err)
	return nil
}

// answered are real workbooks with the columns and rows that answers go to.
var answered = []struct {
	name, file, sheet string
	columns           string
	first, last       int
}{
	{"3.0.1", "caiq-v3.0.1-blank-2017-09.xlsx", "CSA CAIQ v3.0.1", "FI", 5, 299},
	{"4.0.3", "caiq-v4.0.3-blank-official-2023-09-26.xlsx", "CAIQv4.0.3", "CDEF", 3, 263},
	{"4.1", "caiq-v4.1.0-blank-official-2026-01-13.xlsx", "CAIQv4.1.0", "CDEF", 3, 285},
}

// openAnswered opens a real workbook with edits of the length of real answers.
func openAnswered(tb testing.TB, file, sheet, columns string, first, last int) (*File, []Edit) {
	tb.Helper()
	f, err := Open(file, corpusFile(tb, file), DefaultLimits())
	if err != nil {
		tb.Fatal(err)
	}
	var edits []Edit
	for row := first; row <= last; row++ {
		for i, column := range columns {
			e := Edit{Sheet: sheet, Cell: fmt.Sprintf("%c%d", column, row), Text: "Yes"}
			if i > 1 || i == 1 && len(columns) == 2 {
				e.Text = fmt.Sprintf("Answer %d: access is reviewed every %d days by the owner of the system, with evidence kept for %d months. "+
					"The service provider restricts access to production to named engineers; requests are approved by a second person.", row, row%90, row%13)
			}
			if _, err := f.place([]Edit{e}); err == nil {
				edits = append(edits, e)
			}
		}
	}
	return f, edits
}

func BenchmarkOpen(b *testing.B) {
	for _, a := range answered {
		b.Run(a.name, func(b *testing.B) {
			data := corpusFile(b, a.file)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Open(a.file, data, DefaultLimits()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPatchVerify writes all answers and proves the result, beside the
// floor (inflate and deflate every part of the same zip once) and excelize
// (open, set the same cells, save).
func BenchmarkPatchVerify(b *testing.B) {
	for _, a := range answered {
		b.Run(a.name, func(b *testing.B) {
			f, edits := openAnswered(b, a.file, a.sheet, a.columns, a.first, a.last)
			benchmarks := []struct {
				name string
				run  func(*testing.B)
			}{
				{"patch and verify", func(b *testing.B) {
					if err := f.Verify(patch(b, f, edits), edits, PatchOptions{}); err != nil {
						b.Fatal(err)
					}
				}},
				{"patch", func(b *testing.B) { patch(b, f, edits) }},
				{"floor", func(b *testing.B) { floor(b, f.book.zip) }},
				{"excelize", func(b *testing.B) { excelizeSave(b, f.data, edits) }},
			}
			for _, bench := range benchmarks {
				b.Run(bench.name, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						bench.run(b)
					}
				})
			}
		})
	}
}

func patch(b *testing.B, f *File, edits []Edit) []byte {
	out, err := f.Patch(edits, PatchOptions{})
	if err != nil {
		b.Fatal(err)
	}
	return out
}

// floor is the least that any program does which unpacks the file and packs it again.
func floor(b *testing.B, a *archive) {
	for _, e := range a.entries {
		content, err := io.ReadAll(flate.NewReader(bytes.NewReader(a.packedBytes(e))))
		if e.method == methodStore {
			content, err = a.packedBytes(e), nil
		}
		if err != nil {
			b.Fatal(err)
		}
		w, err := flate.NewWriter(io.Discard, flate.DefaultCompression)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func excelizeSave(b *testing.B, data []byte, edits []Edit) {
	x, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range edits {
		if err := x.SetCellStr(e.Sheet, e.Cell, e.Text); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := x.WriteTo(io.Discard); err != nil {
		b.Fatal(err)
	}
	if err := x.Close(); err != nil {
		b.Fatal(err)
	}
}
