package workbook

import (
	"bytes"
	"path"
	"slices"

	"caique/internal/caiq"

	"github.com/xuri/excelize/v2"
)

// compare reads the sheets with questions a second time, with excelize, and
// refuses the file unless both readers see the same cells: a sheet that is
// misread must not come back with fewer questions.
func (r *reading) compare() error {
	if r.file.Kind != KindXLSX {
		return nil
	}
	book, err := excelize.OpenReader(bytes.NewReader(r.bare()), excelize.Options{
		RawCellValue:      true,
		UnzipSizeLimit:    r.file.limits.Unzipped,
		UnzipXMLSizeLimit: r.file.limits.Unzipped, // nothing goes to temporary files
	})
	if err != nil {
		return readMismatch(err, "%s cannot be read a second time", r.file.Name)
	}
	for i, p := range r.parts {
		if i > 0 && r.parts[i-1].g == p.g {
			continue
		}
		if err := compareSheet(book, p.g); err != nil {
			return err
		}
	}
	if err := book.Close(); err != nil {
		return readMismatch(err, "%s cannot be read a second time", r.file.Name)
	}
	return nil
}

// bare is the workbook with no more parts than it takes to read the sheets with
// questions: excelize inflates all that it is given.
func (r *reading) bare() []byte {
	b := r.file.book
	sheets := make(map[*entry]bool)
	for _, sh := range b.sheets {
		sheets[sh.entry] = slices.ContainsFunc(r.parts, func(p *part) bool { return p.g.name == sh.Name })
	}
	relsOfBook := path.Join(path.Dir(b.part.name), "_rels", path.Base(b.part.name)+".rels")
	return b.zip.subset(func(e *entry) bool {
		switch {
		case e == b.part, e == b.texts, sheets[e]:
			return true
		default:
			return equalFold(e.name, typesName) || equalFold(e.name, "_rels/.rels") || equalFold(e.name, relsOfBook)
		}
	})
}

// compareSheet goes through the rows that hold something; styled rows below
// them, down to row 1048576, are nobody's business.
func compareSheet(book *excelize.File, g *grid) error {
	rows, err := book.Rows(g.name)
	if err != nil {
		return readMismatch(err, "sheet %q cannot be read a second time", g.name)
	}
	for num, next := 1, 0; next < len(g.rows); num++ {
		cells, err := nextRow(rows, g.name, num)
		if err != nil {
			return err
		}
		want := gridRow{num: num}
		if g.rows[next].num == num {
			want = g.rows[next]
			next++
		}
		if err := want.same(cells, g.name); err != nil {
			return err
		}
	}
	return rows.Close()
}

// nextRow returns the cells of the next row, which is row num.
func nextRow(rows *excelize.Rows, sheet string, num int) ([]string, error) {
	if !rows.Next() {
		return nil, readMismatch(nil, "sheet %q ends above row %d for one of two readers", sheet, num)
	}
	cells, err := rows.Columns()
	if err != nil {
		return nil, readMismatch(err, "row %d of sheet %q cannot be read a second time", num, sheet)
	}
	return cells, nil
}

// same compares a row with the cells that excelize gives, empty ones included.
func (r *gridRow) same(cells []string, sheet string) error {
	next := 0
	for i, text := range cells {
		mine := gridCell{col: i + 1}
		if next < len(r.cells) && r.cells[next].col == i+1 {
			mine = r.cells[next]
			next++
		}
		if text != mine.text && decodeEscapes(text) != mine.text {
			return readMismatch(nil, "cell %s of sheet %q reads differently to two readers", refName(r.num, i+1), sheet)
		}
	}
	for _, c := range r.cells[next:] {
		if c.text != "" {
			return readMismatch(nil, "cell %s of sheet %q is seen by one of two readers only", refName(r.num, c.col), sheet)
		}
	}
	return nil
}

func readMismatch(cause error, format string, args ...any) error {
	e := caiq.Errorf(caiq.Invalid, "read_mismatch", format, args...).
		WithHint("open the file in a spreadsheet program and save it again as .xlsx")
	e.Err = cause
	return e
}
