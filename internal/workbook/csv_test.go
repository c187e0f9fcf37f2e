package workbook

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

func utf16Bytes(text string, big bool) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune("\uFEFF" + text)) {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

func TestOpenCSV(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		data string
		want [][]string
	}{
		{"commas", "a,b\nc,d\n", [][]string{{"a", "b"}, {"c", "d"}}},
		{"semicolons with commas in the texts", "a;b;c\r\n\"x, y\";z, w;v\r\n", [][]string{{"a", "b", "c"}, {"x, y", "z, w", "v"}}},
		{"tabs", "a\tb, or c\nd\te", [][]string{{"a", "b, or c"}, {"d", "e"}}},
		{"tabs and quotes", "a\t5\" disk\tc\n\"d\" e\t\"f\tg\n\"h \"\"i\"\"\"\t\"\tj\n\"\tk\n", [][]string{{"a", `5" disk`, "c"}, {`"d" e`, `"f`, "g"}, {`h "i"`, "\tj\n", "k"}}},
		{"a separator line", "sep=;\r\na,1;b\r\nc,2;d", [][]string{{"a,1", "b"}, {"c,2", "d"}}},
		{"a byte order mark", "\xEF\xBB\xBFé,b", [][]string{{"é", "b"}}},
		{"UTF-16 little-endian", string(utf16Bytes("ä\t😀\nc\td", false)), [][]string{{"ä", "😀"}, {"c", "d"}}},
		{"UTF-16 big-endian", string(utf16Bytes("ä;b\nc;d", true)), [][]string{{"ä", "b"}, {"c", "d"}}},
		{"quotes, line ends and blank lines", "\"a \"\"b\"\"\",\"c\r\nd\"\n\ne,", [][]string{{`a "b"`, "c\r\nd"}, {""}, {"e", ""}}},
		{"rows of different lengths", "a\nb,c,d\ne,f,g", [][]string{{"a"}, {"b", "c", "d"}, {"e", "f", "g"}}},
		{"line ends of the old Macintosh", "a,b\rc,d\r", [][]string{{"a", "b"}, {"c", "d"}}},
		{"one column", "What?\nWhy?", [][]string{{"What?"}, {"Why?"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, err := Open("in.csv", []byte(tt.data), DefaultLimits())
			must(t, err)
			var got [][]string
			for _, r := range f.csv.records {
				var fields []string
				for _, field := range r.fields {
					fields = append(fields, field.text)
				}
				got = append(got, fields)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			out, err := f.patchCSV(nil)
			must(t, err)
			if !bytes.Equal(out, []byte(tt.data)) {
				t.Errorf("unedited, the file becomes %q", out)
			}
		})
	}
}

// TestOpenCSV_namedWorkbook wants text under the name of a workbook to be told.
func TestOpenCSV_namedWorkbook(t *testing.T) {
	t.Parallel()
	f, err := Open("list.XLSX", []byte("Question,Answer\nDo you sail?,\n"), DefaultLimits())
	must(t, err)
	q := read(t, f, &catalogOf{}, nil)
	if len(q.Questions) != 1 || len(q.Warnings) != 1 || q.Warnings[0].Code != "read_as_csv" {
		t.Errorf("%d questions, warnings %v", len(q.Questions), q.Warnings)
	}
	f, err = Open("list.xlsx", []byte("some words\nand more\n"), DefaultLimits())
	must(t, err)
	if _, err = Read(f, &catalogOf{}, nil); caiq.CodeOf(err) != "no_questions" || !strings.Contains(err.Error(), "is no workbook but text") {
		t.Errorf("got error %v", err)
	}
	f, err = Open("list.csv", []byte("Question,Answer\nDo you sail?,\n"), DefaultLimits())
	must(t, err)
	if len(f.Warnings) > 0 {
		t.Errorf("warnings %v", f.Warnings)
	}
}

func TestOpenCSV_refuses(t *testing.T) {
	t.Parallel()
	few := DefaultLimits()
	few.Rows, few.Cells, few.CellText = 3, 8, 10
	tests := []struct {
		name, data, code, says string
		lim                    Limits
	}{
		{"a quote that is not closed", "a,b\n\"c,d\ne,f\n", "csv_quote", "line 2", DefaultLimits()},
		{"a quote inside a field", "a,b\nc,5\" disk\n", "csv_quote", "line 2", DefaultLimits()},
		{"text after a closing quote", "a,b\n\"c\"d,e\n", "csv_quote", "line 2", DefaultLimits()},
		{"a NUL", "a,b\nc,\x00\n", "nul_character", "line 2", DefaultLimits()},
		{"Latin-1", "a,b\nc\xE9,d\n", "bad_encoding", "UTF-8", DefaultLimits()},
		{"half a UTF-16 character", "\xFF\xFEa\x00,", "bad_encoding", "UTF-16", DefaultLimits()},
		{"a lone surrogate", "\xFF\xFEa\x00\x00\xD8,\x00b\x00", "bad_encoding", "UTF-16", DefaultLimits()},
		{"too many rows", "a\nb\nc\nd\n", "too_many_rows", "3", few},
		{"too many cells", "a,b,c,d,e\nf,g,h,i\n", "too_many_cells", "line 2", few},
		{"a field that no cell can hold", "a,\"b\nbbbbbbbbbbb\"\n", "cell_too_long", "10", few},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := openCSV("in.csv", []byte(tt.data), tt.lim)
			if caiq.CodeOf(err) != tt.code {
				t.Fatalf("got error %v, want %s", err, tt.code)
			}
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %q does not say %q", err, tt.says)
			}
		})
	}
}

func TestPatchCSV(t *testing.T) {
	t.Parallel()
	const in = "id;question;answer;notes\r\n1;\"Do you; sail?\";\"No\";old\r\n\r\n2;Do you row?\r\n3;Do you swim?;;"
	edits := []Edit{
		{Sheet: csvSheet, Cell: "D4", Text: "Twice; a \"year\".\nOr so."},
		{Sheet: csvSheet, Cell: "C2", Text: "Yes"},
		{Sheet: csvSheet, Cell: "D2", Kind: EditClear},
		{Sheet: csvSheet, Cell: "C5", Kind: EditBool, Bool: true},
		{Sheet: csvSheet, Cell: "D5", Text: "=1+1"},
	}
	const want = "id;question;answer;notes\r\n1;\"Do you; sail?\";\"Yes\";\r\n\r\n2;Do you row?;;\"Twice; a \"\"year\"\".\nOr so.\"\r\n3;Do you swim?;\"TRUE\";\"'=1+1\""
	encodings := map[string]func(string) []byte{
		"UTF-8":                 func(s string) []byte { return []byte(s) },
		"UTF-8 with mark":       func(s string) []byte { return []byte("\xEF\xBB\xBF" + s) },
		"UTF-16 little-endian":  func(s string) []byte { return utf16Bytes(s, false) },
		"UTF-16 big-endian":     func(s string) []byte { return utf16Bytes(s, true) },
		"with a separator line": func(s string) []byte { return []byte("sep=;\r\n" + s) },
	}
	for name, encode := range encodings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := Open("in.csv", encode(in), DefaultLimits())
			must(t, err)
			out, err := f.Patch(edits, PatchOptions{})
			must(t, err)
			if diff := cmp.Diff(string(encode(want)), string(out)); diff != "" {
				t.Errorf("written (-want +got):\n%s", diff)
			}
			if err := f.Verify(out, edits, PatchOptions{}); err != nil {
				t.Errorf("verify: %v", err)
			}
		})
	}
}

func TestPatchCSV_refuses(t *testing.T) {
	t.Parallel()
	f, err := Open("in.csv", []byte("a,b\nc,d\n"), DefaultLimits())
	must(t, err)
	tests := map[string][]Edit{
		"another sheet":     {{Sheet: "Q", Cell: "A1"}},
		"a row too far":     {{Sheet: csvSheet, Cell: "A3"}},
		"no cell":           {{Sheet: csvSheet, Cell: "?"}},
		"the same twice":    {{Sheet: csvSheet, Cell: "A1", Text: "x"}, {Sheet: csvSheet, Cell: "A1", Text: "y"}},
		"control character": {{Sheet: csvSheet, Cell: "A1", Text: "\x01"}},
	}
	for name, edits := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if out, err := f.Patch(edits, PatchOptions{}); err == nil {
				t.Errorf("written: %q", out)
			}
		})
	}
}

func TestVerifyCSV_findsEveryChange(t *testing.T) {
	t.Parallel()
	const in = "id,question,answer\n1,Do you sail?,\n2,Do you row?,\n"
	edits := []Edit{{Sheet: csvSheet, Cell: "C2", Text: "Yes"}}
	f, err := Open("in.csv", []byte(in), DefaultLimits())
	must(t, err)
	good, err := f.Patch(edits, PatchOptions{})
	must(t, err)
	must(t, f.Verify(good, edits, PatchOptions{}))
	for i := range good {
		bad := slices.Clone(good)
		bad[i] ^= 1
		if f.Verify(bad, edits, PatchOptions{}) == nil && bad[i] != good[i] {
			t.Errorf("byte %d changed from %q to %q: not found", i, good[i], bad[i])
		}
	}
	for i := range good {
		if f.Verify(good[:i], edits, PatchOptions{}) == nil {
			t.Errorf("cut at byte %d: not found", i)
		}
	}
}

func TestNeutralise(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\u00A0=1", "\u3000@x", "＝1", "＋1", "－1", "＠x", "\u200B=1", "\n=1", "\tplain", "\uFEFF=1", ";=1", "%x|y", " |x", `\evil`} {
		if got := neutralise(text); got != "'"+text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, text := range []string{"", "Yes", "a=b", "'=1", "1-2", " text", "a;=1", "99 %"} {
		if got := neutralise(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n\"c\"\"d\",e\r\n", "sep=;\na;b", "\xFF\xFEa\x00;\x00", "id,question,answer\n1,Do you?,\n", "\"", "a\rb", "\xEF\xBB\xBFa\tb"} {
		f.Add([]byte(seed), "text", uint8(1), uint8(1))
	}
	f.Fuzz(func(t *testing.T, data []byte, text string, row, col uint8) {
		in, err := openCSV("in.csv", data, DefaultLimits())
		if err != nil {
			return
		}
		same, err := in.patchCSV(nil)
		must(t, err)
		if !bytes.Equal(same, data) {
			t.Fatalf("%q, unedited, becomes %q", data, same)
		}
		edits := []Edit{{Sheet: csvSheet, Cell: refName(int(row)+1, int(col)+1), Text: text}}
		out, err := in.patchCSV(edits)
		if err != nil {
			return
		}
		if err := in.verifyCSV(out, edits); err != nil {
			t.Fatalf("%q with %q at %s becomes %q: %v", data, text, edits[0].Cell, out, err)
		}
	})
}
