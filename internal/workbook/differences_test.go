package workbook

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"caique/internal/caiq"
)

func TestDifferences(t *testing.T) {
	t.Parallel()
	f := openSheet(t, dataXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>one</t></is></c><c r="B1"><v>2</v></c></row><row r="3"><c r="A3" s="5"/><c r="C3"><v>42</v></c><c r="D3" t="s"><v>0</v></c></row>`))
	edits := []Edit{text("A3", "yes")}
	out, _ := patched(t, f, PatchOptions{}, edits...)
	// packedAnew writes every part again with another compression.
	packedAnew := func(tb testing.TB, data []byte) []byte {
		tb.Helper()
		r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		must(t, err)
		return zipWith(t, func(w *zip.Writer) {
			for _, x := range r.File {
				e, err := w.Create(x.Name)
				must(t, err)
				content, err := x.Open()
				must(t, err)
				_, err = io.Copy(e, content)
				must(t, err)
			}
		})
	}
	both := repack(t, repack(t, out, sheetPart, func(s string) string {
		return strings.NewReplacer(">one<", ">two<", "<v>42</v>", "<v>43</v>").Replace(s)
	}), "xl/styles.xml", func(s string) string { return strings.Replace(s, "sz", "SZ", 1) })
	tests := []struct {
		name string
		out  []byte
		want []string
	}{
		{"nothing differs", out, nil},
		{"packing alone is told apart", packedAnew(t, out), []string{"packed_anew"}},
		{"every cell and part is named", both, []string{"verify_mismatch xl/styles.xml", "verify_mismatch Sheet 1!A1", "verify_mismatch Sheet 1!C3"}},
		{"packed anew and changed", packedAnew(t, both), []string{"verify_mismatch xl/styles.xml", "verify_mismatch Sheet 1!A1", "verify_mismatch Sheet 1!C3", "packed_anew"}},
		{
			"a changed style is named with its cell", repack(t, out, sheetPart, func(s string) string { return strings.Replace(s, `<c r="B1"`, `<c r="B1" s="1"`, 1) }),
			[]string{"verify_mismatch B1"},
		},
		{
			"a shared string is named with the cells that show it", repack(t, out, "xl/sharedStrings.xml", func(s string) string { return strings.Replace(s, "</t>", "!</t>", 1) }),
			[]string{"verify_mismatch xl/sharedStrings.xml", "verify_mismatch Sheet 1!D3"},
		},
		{
			"a cell less", repack(t, out, sheetPart, func(s string) string { return strings.Replace(s, `<c r="C3"><v>42</v></c>`, ``, 1) }),
			[]string{"verify_mismatch Sheet 1!C3"},
		},
		{
			"a formula where an answer stood", repack(t, out, sheetPart, func(s string) string {
				return strings.Replace(s, `<is><t>yes</t></is>`, `<f>A1</f><is><t>yes</t></is>`, 1)
			}),
			[]string{"verify_mismatch Sheet 1!A3"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := f.Differences(tt.out, edits, PatchOptions{})
			must(t, err)
			for _, want := range tt.want {
				if !holdsProblem(got, want) {
					t.Errorf("%q is missing in:\n%v", want, got)
				}
			}
			if len(got) != len(tt.want) {
				t.Errorf("%d problems, want %d:\n%v", len(got), len(tt.want), got)
			}
		})
	}
}

// holdsProblem reports whether a problem has the code and mentions the place.
func holdsProblem(problems caiq.Problems, want string) bool {
	code, place, _ := strings.Cut(want, " ")
	for _, p := range problems {
		if p.Code == code && strings.Contains(p.String(), place) {
			return true
		}
	}
	return false
}
