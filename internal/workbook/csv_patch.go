package workbook

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"caique/internal/caiq"
)

// csvEdit is an edit with its place in the file.
type csvEdit struct {
	record, field int // 0-based
	cell          string
	text          string // of the field, neutralised; "" to clear it
}

// patchCSV writes the edits into the text of the file. Encoding, delimiter, line
// ends, quotes and every field that is not edited stay as they are. What is
// written is quoted and neutralised.
func (f *File) patchCSV(edits []Edit) ([]byte, error) {
	placed, err := f.csv.place(edits)
	if err != nil {
		return nil, err
	}
	c := f.csv
	var out strings.Builder
	done := 0 // bytes of the text that are written
	for i, e := range placed {
		r := c.records[e.record]
		fields := len(r.fields)
		if i > 0 && placed[i-1].record == e.record {
			fields = max(fields, placed[i-1].field+1)
		}
		start, end := r.end, r.end
		if e.field < len(r.fields) {
			start, end = r.fields[e.field].start, r.fields[e.field].end
		}
		out.WriteString(c.text[done:start])
		out.WriteString(strings.Repeat(string(c.delimiter), max(0, e.field-fields+1)))
		out.WriteString(e.spelled(len(r.fields) == 1))
		done = end
	}
	out.WriteString(c.text[done:])
	return c.encoding.encode(out.String()), nil
}

// place checks the edits and sorts them by their place.
func (c *csvFile) place(edits []Edit) ([]csvEdit, error) {
	placed := make([]csvEdit, 0, len(edits))
	for _, e := range edits {
		p, err := c.placeOne(e)
		if err != nil {
			return nil, err
		}
		placed = append(placed, p)
	}
	slices.SortFunc(placed, func(a, b csvEdit) int {
		return cmp.Or(cmp.Compare(a.record, b.record), cmp.Compare(a.field, b.field))
	})
	for i := 1; i < len(placed); i++ {
		if placed[i].record == placed[i-1].record && placed[i].field == placed[i-1].field {
			return nil, caiq.Errorf(caiq.Invalid, "edited_twice", "cell %s is written twice", placed[i].cell)
		}
	}
	return placed, nil
}

func (c *csvFile) placeOne(e Edit) (csvEdit, error) {
	row, col, ok := parseRef([]byte(e.Cell))
	if e.Sheet != csvSheet || !ok || row > len(c.records) {
		return csvEdit{}, caiq.Errorf(caiq.Invalid, "unknown_cell", "the CSV file has no cell %s!%s", e.Sheet, e.Cell)
	}
	p := csvEdit{record: row - 1, field: col - 1, cell: e.Cell}
	switch e.Kind {
	case EditText:
		if err := caiq.CheckText(e.Text); err != nil {
			return csvEdit{}, err
		}
		p.text = neutralise(e.Text)
	case EditBool:
		p.text = map[bool]string{true: "TRUE", false: "FALSE"}[e.Bool]
	case EditClear:
	}
	return p, nil
}

// spelled returns the field as it is written. An empty field that stands alone
// keeps quotes: without them the last record of a file would be gone.
func (e csvEdit) spelled(alone bool) string {
	if e.text == "" && !alone {
		return ""
	}
	return `"` + strings.ReplaceAll(e.text, `"`, `""`) + `"`
}

// neutralise puts an apostrophe before a text that is FormulaLike.
func neutralise(text string) string {
	if FormulaLike(text) {
		return "'" + text
	}
	return text
}

// FormulaLike reports whether a spreadsheet program may take a text for a formula,
// or for what starts a program, when it opens it in a CSV file: after any blanks it
// begins with = + - @ or their full-width forms, with ; which some programs take
// for the end of a field, or with % | \; or it begins with a tab or carriage return.
func FormulaLike(text string) bool {
	trimmed := strings.TrimLeftFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || r == '\uFEFF' || unicode.Is(unicode.Cf, r)
	})
	first, _ := utf8.DecodeRuneInString(trimmed)
	return trimmed != "" && strings.ContainsRune(`=+-@＝＋－＠;%|\`, first) || strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "\r")
}

// verifyCSV reads the written file and proves that it says what the edits say
// and, apart from them, is what it was, byte by byte.
func (f *File) verifyCSV(out []byte, edits []Edit) error {
	now, err := readCSV(f.Name, out, f.limits, f.csv.delimiter)
	if err != nil {
		return err
	}
	placed, err := f.csv.place(edits)
	if err != nil {
		return err
	}
	old := f.csv
	same := old.encoding == now.encoding && old.delimiter == now.delimiter && len(old.records) == len(now.records) &&
		old.text[:old.begin()] == now.text[:now.begin()]
	if !same {
		return changed("the form of the file")
	}
	for i := range old.records {
		n := 0
		for n < len(placed) && placed[n].record == i {
			n++
		}
		if err := old.verifyRecord(now, i, placed[:n]); err != nil {
			return err
		}
		placed = placed[n:]
	}
	return nil
}

// begin returns where the first record begins.
func (c *csvFile) begin() int {
	if len(c.records) == 0 {
		return 0
	}
	return c.records[0].start
}

// verifyRecord compares one record with what was written of it.
func (c *csvFile) verifyRecord(now *csvFile, i int, edits []csvEdit) error {
	was, is := c.records[i], now.records[i]
	want := len(was.fields)
	if len(edits) > 0 {
		want = max(want, edits[len(edits)-1].field+1)
	}
	if len(is.fields) != want || c.text[was.end:was.next] != now.text[is.end:is.next] {
		return changed(refName(i+1, 1))
	}
	for j, field := range is.fields {
		cell := refName(i+1, j+1)
		switch {
		case len(edits) > 0 && edits[0].field == j:
			if field.text != edits[0].text {
				return changed(cell)
			}
			edits = edits[1:]
		case j >= len(was.fields):
			if field.start != field.end {
				return changed(cell)
			}
		case c.text[was.fields[j].start:was.fields[j].end] != now.text[field.start:field.end]:
			return changed(cell)
		}
	}
	return nil
}

func changed(place string) error {
	return caiq.Errorf(caiq.Internal, "verify_mismatch", "%s: the written CSV file differs from what was meant", place)
}
