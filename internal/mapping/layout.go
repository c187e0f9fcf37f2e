package mapping

import (
	"bytes"
	"errors"
	"slices"

	"caique/internal/caiq"

	"go.yaml.in/yaml/v3"
)

// DecodeLayout reads a layout file; file names it in messages. What is wrong
// with it comes as caiq.Problems.
func DecodeLayout(file string, data []byte) (*caiq.Layout, error) {
	layout, ps := readLayout(file, data, nil)
	if len(ps) > 0 {
		return nil, ps
	}
	return layout, nil
}

// readLayout also checks the format that the layout names, where formats are given.
func readLayout(file string, data []byte, formats []caiq.FormatID) (*caiq.Layout, caiq.Problems) {
	layout := new(caiq.Layout)
	malformed := decode(file, data, layout)
	if unreadable(malformed) {
		return nil, malformed
	}
	r := &report{file: file, data: data}
	at := place{report: r}
	lintLayout(at, layout)
	if layout.Format != "" && formats != nil {
		oneOf(at.field("format"), layout.Format, append(formats, caiq.FormatCustom))
	}
	return layout, withMalformed(malformed, r.finish())
}

// LocateLayout gives problems that reading a questionnaire found with a layout,
// which name a field and no file, their place in the layout file. Other errors stay.
func LocateLayout(file string, data []byte, err error) error {
	ps, ok := errors.AsType[caiq.Problems](err)
	if !ok {
		return err
	}
	r := &report{file: file, data: data, problems: slices.Clone(ps)}
	for i := range r.problems {
		if p := &r.problems[i]; p.File == "" && p.Sheet == "" && p.Field != "" {
			p.File = file
		}
	}
	return r.finish()
}

// EncodeLayout writes a layout file that DecodeLayout reads.
func EncodeLayout(layout *caiq.Layout) ([]byte, error) {
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(layout); err != nil {
		return nil, caiq.Errorf(caiq.Internal, "encode_layout", "the layout cannot be written as YAML: %v", err)
	}
	return out.Bytes(), nil
}

func lintLayout(at place, layout *caiq.Layout) {
	lintSchema(at, layout.Schema)
	if len(layout.Sheets) == 0 {
		at.field("sheets").errorf("sheets_missing", "name at least one sheet that holds questions")
	}
	for i, s := range layout.Sheets {
		lintSheet(at.field("sheets").item(i), s)
	}
}

func lintSheet(at place, s caiq.Sheet) {
	at.field("name").required(s.Name)
	last := 0
	for i, row := range s.HeaderRows {
		if row <= last || row > maxRow {
			at.field("header_rows").item(i).errorf("bad_row", "header rows are numbers from 1 to %d, ascending", maxRow)
		}
		last = max(last, row)
	}
	if s.Columns[caiq.RoleQuestion] == "" {
		at.field("columns").errorf("question_column_missing", "name the column that holds the questions: %s", caiq.RoleQuestion)
	}
	for _, role := range sortedKeys(s.Columns) {
		at := at.field("columns").key(string(role))
		oneOf(at, role, caiq.Roles())
		if !columnLetters.MatchString(s.Columns[role]) {
			at.errorf("bad_column", "%q is not a column; write its letters, A to XFD", clip(s.Columns[role]))
		}
	}
}
