package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"caique/internal/caiq"
)

// repack returns the patched file with one part changed and everything else,
// headers included, as it was.
func repack(tb testing.TB, out []byte, name string, change func(s string) string) []byte {
	tb.Helper()
	a, err := openArchive(out, DefaultLimits())
	if err != nil {
		tb.Fatal(err)
	}
	e := a.find(name)
	content, err := a.inflate(e)
	if err != nil {
		tb.Fatal(err)
	}
	changed := change(string(content))
	if changed == string(content) {
		tb.Fatalf("nothing to change in %s: %s", name, content)
	}
	out, err = a.rewrite(map[*entry][]byte{e: []byte(changed)})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func TestVerify_findsEveryChange(t *testing.T) {
	t.Parallel()
	sheet := sheetXML(`<cols><col min="1" max="1" width="20"/></cols><sheetData>` +
		`<row r="1" spans="1:2" ht="15"><c r="A1" s="5"/><c r="B1" t="s"><v>0</v></c></row><row r="3"><c r="A3" s="5"/> <c r="C3"><v>42</v></c></row></sheetData>` +
		`<mergeCells><mergeCell ref="E1:F1"/></mergeCells>`)
	opt := PatchOptions{FitRows: true, Recalculate: true}
	edits := []Edit{
		text("A1", "Yes, we do"), text("A3", strings.Repeat("long ", 20)), text("A7", "new row"),
		{Sheet: "Sheet 1", Cell: "D3", Kind: EditBool, Bool: true},
		{Sheet: "Sheet 1", Cell: "C3", Kind: EditClear},
	}
	f := openSheet(t, sheet)
	out, _ := patched(t, f, opt, edits...)
	swap := func(old, with string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, with, 1) }
	}
	tests := []struct {
		name, part string
		change     func(string) string
		place      string
	}{
		{"another part", "xl/styles.xml", swap("sz", "SZ"), "xl/styles.xml"},
		{"a picture", "xl/media/image1.png", swap("really", "REALLY"), "xl/media/image1.png"},
		{"another cell's value", sheetPart, swap("<v>0</v>", "<v>1</v>"), "B1"},
		{"another cell's style", sheetPart, swap(`<c r="B1"`, `<c r="B1" s="1"`), "B1"},
		{"a cell more", sheetPart, swap(`</c></row>`, `</c><c r="Z1"/></row>`), "Z1"},
		{"a cell less", sheetPart, swap(`<c r="B1" t="s"><v>0</v></c>`, ``), "row 1"},
		{"a row more", sheetPart, swap(`<row r="3"`, `<row r="2"/><row r="3"`), "row 2"},
		{"a row attribute", sheetPart, swap(`<row r="1"`, `<row r="1" hidden="1"`), "row 1"},
		{"another height", sheetPart, swap(`customHeight="1"`, `customHeight="0"`), "row 3"},
		{"a blank more", sheetPart, swap(`</sheetData>`, ` </sheetData>`), "outside its cells"},
		{"a column's width", sheetPart, swap(`width="20"`, `width="21"`), "outside its cells"},
		{"a merge", sheetPart, swap(`E1:F1`, `E1:F2`), "outside its cells"},
		{"the text", sheetPart, swap("Yes, we do", "Yes, we d0"), "A1"},
		{"the text's case", sheetPart, swap("new row", "New row"), "A7"},
		{"the style of an edited cell", sheetPart, swap(`<c r="A1" s="5"`, `<c r="A1" s="6"`), "A1"},
		{"the style of a new cell", sheetPart, swap(`<c r="A7"`, `<c r="A7" s="6"`), "A7"},
		{"the truth value", sheetPart, swap(`<v>1</v>`, `<v>0</v>`), "D3"},
		{"what was cleared", sheetPart, swap(`<c r="C3"/>`, `<c r="C3"><v>42</v></c>`), "C3"},
		{"a formula instead of text", sheetPart, swap(`<is><t>Yes, we do</t></is>`, `<f>A2</f><is><t>Yes, we do</t></is>`), "A1"},
		{"a new row with more than answers", sheetPart, swap(`<row r="7">`, `<row r="7" hidden="1">`), "row 7"},
		{"an edit not written", sheetPart, swap(`<row r="7"><c r="A7" t="inlineStr"><is><t>new row</t></is></c></row>`, ``), "A7"},
		{"no recalculation", bookPart, swap(`fullCalcOnLoad="1"`, `fullCalcOnLoad="0"`), bookPart},
		{"the workbook part", bookPart, swap(`sheetId="1"`, `sheetId="2"`), bookPart},
		{"the calculation properties", bookPart, swap(`<calcPr `, `<calcPr calcId="1" `), bookPart},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := f.Verify(repack(t, out, test.part, test.change), edits, opt)
			if err == nil {
				t.Fatal("not found")
			}
			wantCode(t, err, "verify_mismatch")
			if !strings.Contains(err.Error(), test.place) {
				t.Errorf("place %q is missing in: %v", test.place, err)
			}
		})
	}
}

func TestVerify_findsChangesOfTheContainer(t *testing.T) {
	t.Parallel()
	f := openSheet(t, dataXML(plainRows))
	edits := []Edit{text("C3", "x")}
	out, _ := patched(t, f, PatchOptions{}, edits...)
	r, err := zip.NewReader(bytes.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	// copyAll writes the entries anew, in the order given, as change wants them.
	copyAll := func(change func(h *zip.FileHeader), order ...int) []byte {
		return zipWith(t, func(w *zip.Writer) {
			for _, i := range order {
				h := r.File[i].FileHeader
				change(&h)
				raw, err := r.File[i].OpenRaw()
				if err != nil {
					t.Fatal(err)
				}
				e, err := w.CreateRaw(&h)
				if err != nil {
					t.Fatal(err)
				}
				buf := make([]byte, h.CompressedSize64)
				if _, err := raw.Read(buf); err != nil {
					t.Fatal(err)
				}
				put(t, e, buf)
			}
		})
	}
	keep := func(*zip.FileHeader) {}
	tests := map[string][]byte{
		"an entry less":     copyAll(keep, 0, 1, 2, 3, 4, 5, 6),
		"entries exchanged": copyAll(keep, 1, 0, 2, 3, 4, 5, 6, 7),
		"other attributes":  copyAll(func(h *zip.FileHeader) { h.ExternalAttrs++ }, 0, 1, 2, 3, 4, 5, 6, 7),
		"other names":       copyAll(func(h *zip.FileHeader) { h.Name = strings.Replace(h.Name, "image1", "image2", 1) }, 0, 1, 2, 3, 4, 5, 6, 7),
		"a comment":         copyAll(func(h *zip.FileHeader) { h.Comment = "x" }, 0, 1, 2, 3, 4, 5, 6, 7),
		"not a zip":         []byte("x"),
		"the original":      f.data,
	}
	if err := f.Verify(copyAll(keep, 0, 1, 2, 3, 4, 5, 6, 7), edits, PatchOptions{}); err != nil {
		t.Errorf("the copy itself: %v", err)
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := f.Verify(data, edits, PatchOptions{}); err == nil {
				t.Error("not found")
			}
		})
	}
}

// TestVerify_findsFlippedBytes flips every byte of a patched file in turn.
func TestVerify_findsFlippedBytes(t *testing.T) {
	t.Parallel()
	f := openSheet(t, dataXML(plainRows))
	edits := []Edit{text("C3", "x")}
	out, _ := patched(t, f, PatchOptions{}, edits...)
	for i := range out {
		flipped := bytes.Clone(out)
		flipped[i] ^= 0x01
		if err := f.Verify(flipped, edits, PatchOptions{}); err == nil {
			t.Errorf("byte %d of %d flipped, not found", i, len(out))
		}
	}
}

func TestArchive_rewrite(t *testing.T) {
	t.Parallel()
	wide := []byte{1, 0, 16, 0, 5, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0} // zip64: size, packed size
	stored := zipWith(t, func(w *zip.Writer) {
		_ = w.SetComment("of the file")
		for _, name := range []string{"a", "b", "c"} {
			e, _ := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Comment: "of " + name})
			fmt.Fprint(e, "hello")
		}
	})
	tests := map[string][]byte{
		"data descriptors":  zipOf(t, zipPart{"a", "hello"}, zipPart{"b", "hello"}, zipPart{"c", "hello"}),
		"stored":            stored,
		"sizes of 64 bits":  zip64Entry(t, wide),
		"sizes in a header": rawZip(t, nil, deflated{"a", []byte("hello"), 5, 0x3610a686, 8, 0, 0}, deflated{"b", []byte("hello"), 5, 0x3610a686, 8, 0, 0}, deflated{"c", []byte("hello"), 5, 0x3610a686, 8, 0, 0}),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := openArchive(data, DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			same, err := a.rewrite(nil)
			if err != nil || !bytes.Equal(same, data) {
				t.Fatalf("rewriting nothing changes the file (%v)", err)
			}
			content := strings.Repeat("new content ", 100)
			out, err := a.rewrite(map[*entry][]byte{a.entries[1]: []byte(content)})
			if err != nil {
				t.Fatal(err)
			}
			r, err := zip.NewReader(bytes.NewReader(out), int64(len(out)))
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range []string{"hello", content, "hello"} {
				b, err := openArchive(out, DefaultLimits())
				if err != nil {
					t.Fatal(err)
				}
				if got, err := b.inflate(b.entries[i]); err != nil || string(got) != want {
					t.Errorf("entry %d: %.20q, %v", i, got, err)
				}
				if h, e := r.File[i], b.entries[i]; h.Name != e.name || h.CRC32 != e.crc || h.UncompressedSize64 != uint64(len(want)) {
					t.Errorf("the standard library reads entry %d as %+v", i, h.FileHeader)
				}
			}
		})
	}
}

// zip64Entry makes the sizes of the second of three entries 64 bits wide, in
// the directory and in its local header.
func zip64Entry(tb testing.TB, extra []byte) []byte {
	tb.Helper()
	data := zipWith(tb, func(w *zip.Writer) {
		for i, name := range []string{"a", "b", "c"} {
			h := &zip.FileHeader{Name: name, Method: zip.Store, CRC32: 0x3610a686, CompressedSize64: 5, UncompressedSize64: 5}
			if i == 1 {
				h.Extra = extra
			}
			e, err := w.CreateRaw(h)
			if err != nil {
				tb.Fatal(err)
			}
			fmt.Fprint(e, "hello")
		}
	})
	a, err := openArchive(data, DefaultLimits())
	if err != nil {
		tb.Fatal(err)
	}
	e := a.entries[1]
	for _, b := range [][]byte{e.central[20:28], data[e.start+18 : e.start+26]} {
		for i := range b {
			b[i] = 0xFF
		}
	}
	return data
}

// FuzzOpen changes bytes of a workbook's sheet, its other parts and its
// container: the file is refused, or it can be patched and verified.
func FuzzOpen(f *testing.F) {
	plain := sheetBytes(f, dataXML(plainRows))
	f.Add(plain, []byte(dataXML(plainRows)), []byte(workbookParts("")[2].content), []byte(workbookParts("")[6].content))
	f.Add(plain, []byte(sheetXML(`<cols><col min="1" max="3" style="2"/></cols><sheetData><row r="2" spans="1:2"><c r="B2"><f>1</f><v>2</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`)),
		[]byte(`<workbook `+mainNS+` `+relNS+`><sheets><sheet name="Sheet 1" r:id="rId1"/></sheets><calcPr/></workbook>`), []byte(`<sst `+mainNS+`/>`))
	f.Fuzz(func(t *testing.T, container, sheet, book, strs []byte) {
		tryFile(t, container)
		tryFile(t, zipOf(t, workbookParts(string(sheet), zipPart{bookPart, string(book)}, zipPart{"xl/sharedStrings.xml", string(strs)})...))
	})
}

// tryFile opens a file and, if it is accepted, writes into it.
func tryFile(t *testing.T, data []byte) {
	t.Helper()
	f, err := Open("book.xlsx", data, DefaultLimits())
	if err != nil {
		if caiq.CodeOf(err) == "" {
			t.Errorf("refused without a code: %v", err)
		}
		return
	}
	if f.Kind != KindXLSX {
		return
	}
	sameEntries(t, f)
	for _, sh := range f.Sheets() {
		if !sh.Worksheet {
			continue
		}
		for _, cell := range []string{"A1", "B2", "D9"} {
			edits := []Edit{{Sheet: sh.Name, Cell: cell, Text: "an answer\nof two lines"}}
			opt := PatchOptions{FitRows: true, Recalculate: true}
			out, err := f.Patch(edits, opt)
			if err != nil {
				if caiq.CodeOf(err) == "" {
					t.Errorf("not patched, without a code: %v", err)
				}
				continue
			}
			if err := f.Verify(out, edits, opt); err != nil {
				t.Errorf("%s!%s: %v", sh.Name, cell, err)
			}
			if _, err := Open("book.xlsx", out, DefaultLimits()); err != nil {
				t.Errorf("the patched file is refused: %v", err)
			}
		}
	}
}

// sameEntries wants the standard library to find the same entries in the zip
// file, with the same contents, as we do.
func sameEntries(t *testing.T, f *File) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(f.data), int64(len(f.data)))
	if err != nil || len(r.File) != len(f.book.zip.entries) {
		t.Fatalf("the standard library reads another zip file: %v", err)
	}
	for i, e := range f.book.zip.entries {
		ours, err := f.book.zip.inflate(e)
		if err != nil {
			t.Fatal(err)
		}
		entry, err := r.File[i].Open()
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := io.ReadAll(entry)
		if err != nil && !strings.HasSuffix(e.name, "/") || r.File[i].Name != e.name || !bytes.Equal(ours, theirs) {
			t.Errorf("entry %s: the standard library reads it otherwise: %v", e.name, err)
		}
		entry.Close()
	}
}
