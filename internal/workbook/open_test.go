package workbook

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"
)

// sheetBytes packs a workbook around a sheet.
func sheetBytes(tb testing.TB, sheet string, more ...zipPart) []byte {
	tb.Helper()
	return zipOf(tb, workbookParts(sheet, more...)...)
}

func utf16Text16(tb testing.TB, s string) string {
	tb.Helper()
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func TestOpen_refusesOtherFiles(t *testing.T) {
	t.Parallel()
	plain := sheetBytes(t, dataXML(plainRows))
	tests := []struct {
		name string
		data []byte
		code string
	}{
		{"nothing", nil, "empty_file"},
		{"larger than the limit", make([]byte, 25<<20+1), "too_large"},
		{"an old or encrypted workbook", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more"), "ole_container"},
		{"a PDF document", []byte("%PDF-1.7\n"), "not_xlsx"},
		{"a web page", []byte("\n <!DOCTYPE html><html><table></table></html>"), "not_xlsx"},
		{"an XML spreadsheet of 2003", []byte(`<?xml version="1.0"?><Workbook/>`), "not_xlsx"},
		{"a program with a workbook behind it", append([]byte("MZ\x90\x00"), plain...), "not_xlsx"},
		{"a PDF with a workbook behind it", append([]byte("%PDF-1.7\n"), plain...), "not_xlsx"},
		{"a web page with a workbook behind it", append([]byte("<html></html>"), plain...), "not_xlsx"},
		{"an empty zip", zipOf(t), "not_xlsx"},
		{"a zip of something", zipOf(t, zipPart{"a.txt", "x"}), "not_xlsx"},
		{"a nested zip", zipOf(t, zipPart{"book.xlsx", string(plain)}), "not_xlsx"},
		{"an OpenDocument spreadsheet", zipOf(t, zipPart{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}), "not_xlsx"},
		{"a document", zipOf(t, zipPart{typesPart, `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`}), "not_xlsx"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Open("dir/../book.xlsx", test.data, DefaultLimits())
			wantRefusal(t, err, test.code)
		})
	}
}

func TestOpen_refusesNames(t *testing.T) {
	t.Parallel()
	bad := []string{
		"../../tmp/pwned.txt", "/etc/cron.d/x", `C:\x`, "C:x", `xl\worksheets\sheet2.xml`, "xl/a\x00b.xml",
		strings.Repeat("a", 300), "xl/\xFF.xml", "xl/./a.xml", "xl//a.xml", "..", "xl/../../b", "a\nb",
	}
	for _, name := range bad {
		t.Run(fmt.Sprintf("%.20q", name), func(t *testing.T) {
			t.Parallel()
			_, err := Open("book.xlsx", sheetBytes(t, dataXML(plainRows), zipPart{name, "x"}), DefaultLimits())
			wantRefusal(t, err, "bad_entry_name")
		})
	}
	t.Run("a symbolic link", func(t *testing.T) {
		t.Parallel()
		data := zipWith(t, func(w *zip.Writer) {
			h := &zip.FileHeader{Name: "xl/link"}
			h.SetMode(0o777 | 1<<27)
			e, _ := w.CreateHeader(h)
			fmt.Fprint(e, "/etc/passwd")
		})
		_, err := Open("book.xlsx", data, DefaultLimits())
		wantRefusal(t, err, "bad_entry_name")
	})
	for _, name := range []string{sheetPart, "XL/Worksheets/SHEET1.xml"} {
		t.Run("twice "+name, func(t *testing.T) {
			t.Parallel()
			parts := append(workbookParts(dataXML(plainRows)), zipPart{name, dataXML("")})
			_, err := Open("book.xlsx", zipOf(t, parts...), DefaultLimits())
			wantRefusal(t, err, "duplicate_entry")
		})
	}
}

// deflated is an entry whose header says what the test wants it to say.
type deflated struct {
	name     string
	content  []byte
	declared uint64
	crc      uint32
	method   uint16
	flags    uint16
	cut      int // bytes taken off the compressed stream
}

func rawZip(tb testing.TB, parts []zipPart, lies ...deflated) []byte {
	tb.Helper()
	return zipWith(tb, func(w *zip.Writer) {
		for _, p := range parts {
			e, err := w.Create(p.name)
			if err != nil {
				tb.Fatal(err)
			}
			fmt.Fprint(e, p.content)
		}
		for _, lie := range lies {
			var packed bytes.Buffer
			d, _ := flate.NewWriter(&packed, flate.BestCompression)
			put(tb, d, lie.content)
			_ = d.Close()
			body := packed.Bytes()[:packed.Len()-lie.cut]
			e, err := w.CreateRaw(&zip.FileHeader{
				Name: lie.name, Method: lie.method, Flags: lie.flags, CRC32: lie.crc,
				CompressedSize64: uint64(len(body)), UncompressedSize64: lie.declared,
			})
			if err != nil {
				tb.Fatal(err)
			}
			put(tb, e, body)
		}
	})
}

func TestOpen_refusesContainers(t *testing.T) {
	t.Parallel()
	plain := workbookParts(dataXML(plainRows))
	text := []byte("some text that is here")
	crc := crc32.ChecksumIEEE(text)
	zeros := make([]byte, 50<<20)
	good := zipOf(t, plain...)
	tail := len(good) - endLen
	edit := func(change func(b []byte)) []byte {
		b := bytes.Clone(good)
		change(b)
		return b
	}
	tests := []struct {
		name string
		data []byte
		code string
	}{
		{"an entry that declares 8 GiB", rawZip(t, plain, deflated{"x.bin", text, 8 << 30, crc, 8, 0, 0}), "too_large_unzipped"},
		{"an entry over the limit", rawZip(t, plain, deflated{"x.bin", text, 49 << 20, crc, 8, 0, 0}), "too_large_unzipped"},
		{"entries over the limit together", rawZip(t, plain, deflated{"x", text, 33 << 20, crc, 8, 0, 0}, deflated{"y", text, 33 << 20, crc, 8, 0, 0}), "too_large_unzipped"},
		{"an entry that inflates to more than it declares", rawZip(t, plain, deflated{"x.bin", zeros, 10, crc, 8, 0, 0}), "corrupt_part"},
		{"an entry that inflates to less than it declares", rawZip(t, plain, deflated{"x.bin", text, 100, crc, 8, 0, 0}), "corrupt_part"},
		{"a wrong checksum", rawZip(t, plain, deflated{"x.bin", text, uint64(len(text)), crc + 1, 8, 0, 0}), "corrupt_part"},
		{"a stream cut in half", rawZip(t, plain, deflated{"x.bin", text, uint64(len(text)), crc, 8, 0, 10}), "corrupt_part"},
		{"a stored entry of two sizes", rawZip(t, plain, deflated{"x.bin", text, 5, crc, 0, 0, 0}), "corrupt_part"},
		{"an encrypted entry", rawZip(t, plain, deflated{"x.bin", text, uint64(len(text)), crc, 8, 1, 0}), "encrypted"},
		{"a strange compression", rawZip(t, plain, deflated{"x.bin", text, uint64(len(text)), crc, 14, 0, 0}), "bad_compression"},
		{"bytes after the end", append(bytes.Clone(good), 0), "corrupt_zip"},
		{"a long comment", zipWith(t, func(w *zip.Writer) {
			e, _ := w.Create("a")
			fmt.Fprint(e, "x")
			_ = w.SetComment(strings.Repeat("c", 60_000))
		}), "corrupt_zip"},
		{"a directory that is elsewhere", edit(func(b []byte) { b[tail+16]++ }), "corrupt_zip"},
		{"a directory with fewer entries than it says", edit(func(b []byte) { b[tail+8]++; b[tail+10]++ }), "corrupt_zip"},
		{"a directory with more entries than it says", edit(func(b []byte) { b[tail+8]--; b[tail+10]-- }), "corrupt_zip"},
		{"counts that point to zip64", edit(func(b []byte) { binary.LittleEndian.PutUint16(b[tail+10:], 0xFFFF) }), "too_many_entries"},
		{"a local header with another name", edit(func(b []byte) { b[localLen] = 'X' }), "corrupt_zip"},
		{"overlapping entries", overlapping(good), "corrupt_zip"},
		{"a gap before an entry", gapped(good), "corrupt_zip"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Open("book.xlsx", test.data, DefaultLimits())
			wantRefusal(t, err, test.code)
		})
	}
}

// overlapping makes the second entry of the directory begin where the first does.
func overlapping(data []byte) []byte {
	b := bytes.Clone(data)
	a, err := openArchive(b, DefaultLimits())
	if err != nil {
		return nil
	}
	binary.LittleEndian.PutUint32(a.entries[1].central[42:], uint32(a.entries[0].start))
	return b
}

// gapped puts bytes between the last entry and the directory.
func gapped(data []byte) []byte {
	a, err := openArchive(data, DefaultLimits())
	if err != nil {
		return nil
	}
	b := append(bytes.Clone(data[:a.directory]), "hidden"...)
	b = append(b, data[a.directory:]...)
	binary.LittleEndian.PutUint32(b[len(b)-endLen+16:], uint32(a.directory+6))
	return b
}

func TestOpen_refusesManyEntries(t *testing.T) {
	t.Parallel()
	data := zipWith(t, func(w *zip.Writer) {
		for i := range 60_000 {
			if _, err := w.CreateRaw(&zip.FileHeader{Name: strconv.Itoa(i)}); err != nil {
				t.Fatal(err)
			}
		}
	})
	_, err := Open("book.xlsx", data, DefaultLimits())
	wantRefusal(t, err, "too_many_entries")
}

func TestOpen_warns(t *testing.T) {
	t.Parallel()
	f := openSheet(t, dataXML(plainRows),
		zipPart{"xl/externalLinks/externalLink1.xml", `<externalLink ` + mainNS + `><externalBook/></externalLink>`},
		zipPart{"xl/worksheets/_rels/sheet1.xml.rels", rels(
			`<Relationship Id="r1" Type="` + relType + `hyperlink" Target="file:///etc/passwd" TargetMode="External"/>` +
				`<Relationship Id="r2" Type="` + relType + `hyperlink" Target="https://example.com" TargetMode="External"/>`)},
		zipPart{"_xmlsignatures/sig1.xml", "<a/>"},
	)
	var codes []string
	for _, w := range f.Warnings {
		codes = append(codes, w.Code)
		if !w.Warning || w.Message == "" || w.File != "book.xlsx" {
			t.Errorf("warning without place, text or mark: %+v", w)
		}
	}
	if diff := cmp.Diff([]string{"signed", "unusual_link", "external_link"}, codes); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

// TestOpen_warnsOfAFew wants no more than a few warnings of a kind, whatever a
// file holds.
func TestOpen_warnsOfAFew(t *testing.T) {
	t.Parallel()
	var links strings.Builder
	for i := range 100 {
		fmt.Fprintf(&links, `<Relationship Id="r%d" Type="%skind%d" Target="x" TargetMode="External"/>`, i, relType, i)
	}
	f := openSheet(t, dataXML(plainRows), zipPart{"xl/worksheets/_rels/sheet1.xml.rels", rels(links.String())})
	if n := len(f.Warnings); n == 0 || n > 10 {
		t.Errorf("%d warnings", n)
	}
}

func TestOpen_refusesXML(t *testing.T) {
	t.Parallel()
	row := func(cells string) string { return dataXML(`<row r="1">` + cells + `</row>`) }
	attrs := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, ` a%d=""`, i)
		}
		return b.String()
	}
	bomb := `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>`
	tests := []struct{ name, sheet, code string }{
		{"document type", xmlHead + bomb + `<worksheet/>`, "doctype"},
		{"document type in lower case", `<!doctype x><worksheet/>`, "doctype"},
		{"external entity", `<!DOCTYPE x SYSTEM "http://127.0.0.1/"><worksheet/>`, "doctype"},
		{"unknown entity", row(`<c r="A1" t="inlineStr"><is><t>&lol;</t></is></c>`), "malformed_xml"},
		{"UTF-16", utf16Text16(t, dataXML(plainRows)), "bad_encoding"},
		{"UTF-16 without a mark", "<\x00w\x00/\x00>\x00", "bad_encoding"},
		{"UTF-7 declared", `<?xml version="1.0" encoding="UTF-7"?><worksheet ` + mainNS + `/>`, "bad_encoding"},
		{"Latin-1 declared", `<?xml version="1.0" encoding="ISO-8859-1"?><worksheet ` + mainNS + `/>`, "bad_encoding"},
		{"bytes that are not UTF-8", row("<c r=\"A1\" t=\"inlineStr\"><is><t>\xFF</t></is></c>"), "bad_encoding"},
		{"a control character", row("<c r=\"A1\" t=\"inlineStr\"><is><t>\x07</t></is></c>"), "malformed_xml"},
		{"nesting", sheetXML(strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100)), "xml_depth"},
		{"deep nesting without end", sheetXML(strings.Repeat("<a>", 1_000_000)), "xml_depth"},
		{"many attributes", sheetXML(`<a` + attrs(10_000) + `/>`), "xml_attributes"},
		{"cut off", dataXML(plainRows)[:300], "malformed_xml"},
		{"an error in row 4", dataXML(`<row r="1"/><row r="2"/><row r="3"/><row r="4"></rov>`), "malformed_xml"},
		{"an undeclared prefix", sheetXML(`<r:a/>`), "malformed_xml"},
		{"no worksheet", xmlHead + `<html/>`, "corrupt_part"},
		{"data twice", sheetXML(`<sheetData/><sheetData/>`), "corrupt_part"},
		{"a stranger among the rows", dataXML(`<cell/>`), "corrupt_part"},
		{"a stranger among the cells", dataXML(`<row r="1"><d/></row>`), "corrupt_part"},
		{"two values", row(`<c r="A1"><v>1</v><v>2</v></c>`), "corrupt_part"},
		{"a cell reference of nonsense", row(`<c r="!!!"/>`), "bad_cell_reference"},
		{"a column beyond XFD", row(`<c r="XFE1"/>`), "bad_cell_reference"},
		{"row zero", dataXML(`<row r="0"/>`), "bad_cell_reference"},
		{"a cell in row zero", row(`<c r="A0"/>`), "bad_cell_reference"},
		{"a huge reference", row(`<c r="VGWQHXLSDVIKWV1"/>`), "bad_cell_reference"},
		{"a negative row", dataXML(`<row r="-1"/>`), "bad_cell_reference"},
		{"a row beyond the sheet", dataXML(`<row r="1048577"/>`), "bad_cell_reference"},
		{"row 200000000", dataXML(`<row r="200000000"/>`), "bad_cell_reference"},
		{"row 2147483648", dataXML(`<row r="2147483648"/>`), "bad_cell_reference"},
		{"rows in reverse", dataXML(`<row r="2"/><row r="1"/>`), "bad_cell_reference"},
		{"a row twice", dataXML(`<row r="2"/><row r="2"/>`), "bad_cell_reference"},
		{"cells in reverse", row(`<c r="B1"/><c r="A1"/>`), "bad_cell_reference"},
		{"a cell twice", row(`<c r="B1"/><c r="B1"/>`), "bad_cell_reference"},
		{"a cell of another row", row(`<c r="A2"/>`), "bad_cell_reference"},
		{"an unnumbered row after the last", dataXML(`<row r="1048576"/><row/>`), "bad_cell_reference"},
		{"an unknown cell type", row(`<c r="A1" t="x"/>`), "bad_cell_reference"},
		{"a negative style", row(`<c r="A1" s="-5"/>`), "bad_cell_reference"},
		{"a shared string out of range", row(`<c r="A1" t="s"><v>99</v></c>`), "corrupt_part"},
		{"a negative shared string", row(`<c r="A1" t="s"><v>-1</v></c>`), "corrupt_part"},
		{"a shared string of nonsense", row(`<c r="A1" t="s"><v>x</v></c>`), "corrupt_part"},
		{"a truth value of nonsense", row(`<c r="A1" t="b"><v>maybe</v></c>`), "corrupt_part"},
		{"an empty merge", sheetXML(`<sheetData/><mergeCells><mergeCell ref=""/></mergeCells>`), "bad_cell_reference"},
		{"a validation of nonsense", sheetXML(`<sheetData/><dataValidations><dataValidation sqref="A1 ?"/></dataValidations>`), "bad_cell_reference"},
		{"a cell of 32,768 characters", row(`<c r="A1" t="inlineStr"><is><t>` + strings.Repeat("a", 32_768) + `</t></is></c>`), "cell_too_long"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Open("book.xlsx", sheetBytes(t, test.sheet), DefaultLimits())
			wantRefusal(t, err, test.code)
		})
	}
}

func TestOpen_refusesParts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		part zipPart
		code string
	}{
		"a workbook without sheets":      {zipPart{bookPart, `<workbook ` + mainNS + `><sheets/></workbook>`}, "corrupt_part"},
		"a sheet without a part":         {zipPart{bookPart, `<workbook ` + mainNS + ` ` + relNS + `><sheets><sheet name="a" r:id="rId99"/></sheets></workbook>`}, "corrupt_part"},
		"two sheets of one part":         {zipPart{bookPart, `<workbook ` + mainNS + ` ` + relNS + `><sheets><sheet name="a" r:id="rId1"/><sheet name="b" r:id="rId1"/></sheets></workbook>`}, "corrupt_part"},
		"nested tags in the workbook":    {zipPart{bookPart, `<workbook ` + mainNS + `>` + strings.Repeat("<a>", 2_000_000)}, "xml_depth"},
		"an endless number format":       {zipPart{"xl/styles.xml", `<styleSheet ` + mainNS + `><numFmts><numFmt numFmtId="200" formatCode="` + strings.Repeat("0;", 3500) + `"/></numFmts></styleSheet>`}, "bad_number_format"},
		"a broken theme":                 {zipPart{"xl/theme/theme1.xml", `<a:theme>`}, "malformed_xml"},
		"a broken calculation chain":     {zipPart{"xl/calcChain.xml", `<calcChain`}, "malformed_xml"},
		"a document type in the strings": {zipPart{"xl/sharedStrings.xml", `<!DOCTYPE a><sst/>`}, "doctype"},
		"strings that are none":          {zipPart{"xl/sharedStrings.xml", `<a/>`}, "corrupt_part"},
		"a shared string too long":       {zipPart{"xl/sharedStrings.xml", `<sst ` + mainNS + `><si><t>` + strings.Repeat("a", 32_768) + `</t></si></sst>`}, "cell_too_long"},
		"too many shared strings":        {zipPart{"xl/sharedStrings.xml", `<sst ` + mainNS + `>` + strings.Repeat("<si/>", 200_001) + `</sst>`}, "too_many_strings"},
		"an endless part":                {zipPart{"xl/metadata.xml", `<a>` + strings.Repeat("<b/>", 300_001) + `</a>`}, "too_many_elements"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Open("book.xlsx", sheetBytes(t, dataXML(plainRows), test.part), DefaultLimits())
			wantRefusal(t, err, test.code)
		})
	}
}

// TestOpen_cut cuts a workbook at every byte: no cut file is accepted, so none
// comes back with fewer questions.
func TestOpen_cut(t *testing.T) {
	t.Parallel()
	whole := sheetBytes(t, dataXML(plainRows))
	for k := range whole {
		if f, err := Open("book.xlsx", whole[:k], DefaultLimits()); err == nil && f.Kind == KindXLSX {
			t.Fatalf("accepted the first %d of %d bytes", k, len(whole))
		}
	}
}

// TestOpen_cutSheet cuts the sheet's XML at every byte, the zip being whole.
func TestOpen_cutSheet(t *testing.T) {
	t.Parallel()
	whole := dataXML(plainRows)
	for k := range whole {
		if _, err := Open("book.xlsx", sheetBytes(t, whole[:k]), DefaultLimits()); err == nil {
			t.Fatalf("accepted the first %d of %d bytes of a sheet", k, len(whole))
		}
	}
}
