package workbook

import (
	"slices"

	"caique/internal/caiq"
)

// String names the kind as manifests do: "text", "boolean" or "clear".
func (k EditKind) String() string {
	switch k {
	case EditBool:
		return "boolean"
	case EditClear:
		return "clear"
	default:
		return "text"
	}
}

// CellRef is a cell of a file.
type CellRef struct {
	Sheet string
	Cell  string // "C12"
}

// Written returns the value that the cell of an edit holds afterwards, in the
// form that Values reads: a CSV file has text neutralised against formulas and
// TRUE or FALSE, a workbook the text itself and 1 or 0.
func (f *File) Written(e Edit) string {
	switch {
	case e.Kind == EditClear:
		return ""
	case e.Kind == EditBool && f.Kind == KindCSV:
		return map[bool]string{true: "TRUE", false: "FALSE"}[e.Bool]
	case e.Kind == EditBool:
		return map[bool]string{true: "1", false: "0"}[e.Bool]
	case f.Kind == KindCSV:
		return neutralise(e.Text)
	default:
		return e.Text
	}
}

// EditOf is the edit of the kind, as String names it, whose Written is value.
func EditOf(cell CellRef, kind, value string) (Edit, error) {
	e := Edit{Sheet: cell.Sheet, Cell: cell.Cell}
	switch kind {
	case EditText.String():
		e.Text = value
	case EditBool.String():
		e.Kind, e.Bool = EditBool, value == "1" || value == "TRUE"
	case EditClear.String():
		e.Kind = EditClear
	default:
		return e, caiq.Errorf(caiq.Invalid, "bad_manifest", "%s!%s: %q is no kind of edit", cell.Sheet, cell.Cell, kind)
	}
	return e, nil
}

// Values reads cells of the file with our own scanner, in the order asked for;
// cells that hold nothing give "". An unknown sheet or malformed reference is
// an error of kind Invalid.
func (f *File) Values(cells []CellRef) ([]string, error) {
	values := make([]string, len(cells))
	wanted := map[string]map[[2]int][]int{} // sheet → row, column → places in values
	var sheets []string
	for i, c := range cells {
		row, col, ok := parseRef([]byte(c.Cell))
		if !ok {
			return nil, caiq.Errorf(caiq.Invalid, "bad_cell_reference", "sheet %q has no cell %q", c.Sheet, c.Cell)
		}
		if wanted[c.Sheet] == nil {
			wanted[c.Sheet] = map[[2]int][]int{}
			sheets = append(sheets, c.Sheet)
		}
		at := [2]int{row, col}
		wanted[c.Sheet][at] = append(wanted[c.Sheet][at], i)
	}
	for _, name := range sheets {
		err := f.eachCell(name, func(row, col int, text string) {
			for _, i := range wanted[name][[2]int{row, col}] {
				values[i] = text
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return values, nil
}

// eachCell visits the filled cells of a sheet.
func (f *File) eachCell(name string, visit func(row, col int, text string)) error {
	if f.Kind == KindCSV {
		return f.csv.eachField(name, f.Name, visit)
	}
	i := slices.IndexFunc(f.book.sheets, func(sh *sheet) bool { return sh.Name == name && sh.Worksheet })
	if i < 0 {
		return unknownSheet(f.Name, name)
	}
	return f.book.scan(f.book.sheets[i], f.limits, sheetVisitor{cell: func(c *scannedCell) error {
		if c.filled {
			visit(c.row, c.col, c.text())
		}
		return nil
	}})
}

func (c *csvFile) eachField(sheet, file string, visit func(row, col int, text string)) error {
	if sheet != csvSheet {
		return unknownSheet(file, sheet)
	}
	for i, r := range c.records {
		for j, field := range r.fields {
			visit(i+1, j+1, field.text)
		}
	}
	return nil
}

func unknownSheet(file, sheet string) error {
	return caiq.Errorf(caiq.Invalid, "unknown_sheet", "%s has no worksheet %q", file, sheet)
}
