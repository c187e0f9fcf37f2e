package workbook

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// Differences lists what Verify finds first and whatever else it would find: part
// by part, and cell by cell inside the sheets. Parts whose bytes differ only in
// how they are packed are told apart (packed_anew); everything else is of code
// verify_mismatch. It returns nothing when Verify finds nothing.
func (f *File) Differences(out []byte, edits []Edit, opt PatchOptions) (caiq.Problems, error) {
	err := f.Verify(out, edits, opt)
	if err == nil {
		return nil, nil
	}
	first := caiq.Problems{{Code: cmp.Or(caiq.CodeOf(err), "verify_mismatch"), Message: err.Error()}}
	if f.Kind == KindCSV {
		return first, nil
	}
	other, err := Open(f.Name, out, f.limits)
	if err != nil {
		return nil, err
	}
	if other.Kind != KindXLSX {
		return first, nil
	}
	placed, err := f.place(edits)
	if err != nil {
		return nil, err
	}
	d := &differences{was: f, is: other, placed: placed, opt: opt, looked: map[*sheet]bool{}}
	if err := d.parts(); err != nil {
		return nil, err
	}
	if err := d.strings(); err != nil {
		return nil, err
	}
	found := slices.Concat(d.found, d.cells, d.packedAnew())
	if len(found) == 0 {
		return first, nil // the order of parts, the end of the zip file
	}
	return found, nil
}

// cellsNamed is how many differing cells of one sheet are named.
const cellsNamed = 50

// differences compares two workbooks.
type differences struct {
	was, is *File
	placed  map[*sheet][]placedEdit
	opt     PatchOptions
	found   caiq.Problems // parts and sheets
	cells   caiq.Problems
	looked  map[*sheet]bool // sheets whose cells were compared
	packed  []string        // parts of the same content, packed anew
}

func (d *differences) add(p caiq.Problem, format string, args ...any) {
	p.Code, p.Message = "verify_mismatch", fmt.Sprintf(format, args...)
	if p.Cell != "" {
		d.cells = append(d.cells, p)
		return
	}
	d.found = append(d.found, p)
}

// packedAnew tells of parts that differ in nothing but how they are packed.
func (d *differences) packedAnew() caiq.Problems {
	if len(d.packed) == 0 {
		return nil
	}
	return caiq.Problems{{
		Code: "packed_anew",
		Message: fmt.Sprintf("of %d parts %s: %s", len(d.was.book.zip.entries),
			caiq.Counted(len(d.packed), "was packed anew and holds the same", "were packed anew and hold the same"), someOf(d.packed)),
	}}
}

// parts compares the workbooks part by part, in the order of the original.
func (d *differences) parts() error {
	in, out := d.was.book.zip, d.is.book.zip
	for _, e := range in.entries {
		o := out.find(e.name)
		if o == nil {
			d.add(caiq.Problem{}, "part %s is missing", e.name)
			continue
		}
		if err := d.part(e, o); err != nil {
			return err
		}
	}
	for _, o := range out.entries {
		if in.find(o.name) == nil {
			d.add(caiq.Problem{}, "part %s is not in the original", o.name)
		}
	}
	return nil
}

// strings names the cells of sheets that are what they were and yet say something
// else, because the strings they share do.
func (d *differences) strings() error {
	if slices.Equal(d.was.book.strings, d.is.book.strings) {
		return nil
	}
	for _, sh := range d.was.book.sheets {
		if sh.Worksheet && !d.looked[sh] {
			if err := d.sheet(sh, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// part compares one part: its bytes in the zip, else its content.
func (d *differences) part(e, o *entry) error {
	in, out := d.was.book.zip, d.is.book.zip
	sh := d.was.book.sheetOf(e)
	_, edited := d.placed[sh]
	edited = edited && sh != nil
	calc := d.opt.Recalculate && e == d.was.book.part
	if !edited && !calc && sameEntry(in, out, e, o) == nil {
		return nil
	}
	content, err := out.inflate(o)
	if err != nil {
		return err
	}
	original, err := in.inflate(e)
	if err != nil {
		return err
	}
	switch {
	case edited:
		err = d.was.verifySheet(sh, content, d.placed[sh], d.opt)
	case calc:
		err = d.was.verifyCalc(content)
	case !bytes.Equal(original, content):
		err = mismatch("part %s differs from the original: %d bytes of content, %d before", e.name, len(content), len(original))
	}
	switch {
	case err == nil:
		if !edited && !calc || !bytes.Equal(e.headers(in), o.headers(out)) {
			d.packed = append(d.packed, e.name)
		}
		return nil
	case sh != nil && sh.Worksheet:
		return d.sheet(sh, err)
	default:
		d.add(caiq.Problem{}, "%s", err)
		return nil
	}
}

// sheetOf returns the sheet that the entry holds, nil when it holds none.
func (b *book) sheetOf(e *entry) *sheet {
	i := slices.IndexFunc(b.sheets, func(sh *sheet) bool { return sh.entry == e })
	if i < 0 {
		return nil
	}
	return b.sheets[i]
}

// sheet names the cells of a sheet that say something else, apart from those with
// answers; without any, why the sheet does not pass, if it does not.
func (d *differences) sheet(sh *sheet, why error) error {
	d.looked[sh] = true
	i := slices.IndexFunc(d.is.book.sheets, func(o *sheet) bool { return strings.EqualFold(o.Name, sh.Name) })
	if i < 0 {
		d.add(caiq.Problem{Sheet: sh.Name}, "the sheet is missing")
		return nil
	}
	was, err := d.was.grid(sh)
	if err != nil {
		return err
	}
	is, err := d.is.grid(d.is.book.sheets[i])
	if err != nil {
		return err
	}
	cells := differingCells(was, is, d.placed[sh])
	for _, c := range cells[:min(cellsNamed, len(cells))] {
		d.add(caiq.Problem{Sheet: sh.Name, Cell: c}, "the cell differs from the original")
	}
	switch n := len(cells) - cellsNamed; {
	case len(cells) == 0 && why != nil:
		d.add(caiq.Problem{Sheet: sh.Name}, "%s; no cell without an answer says anything else, so its form was changed", why)
	case n > 0:
		d.add(caiq.Problem{Sheet: sh.Name}, "%d more of its cells differ from the original", n)
	}
	return nil
}

// differingCells returns the cells, row by row, whose texts differ or that are a
// formula on one side only; a cell with an answer must hold no formula.
func differingCells(was, is *grid, edits []placedEdit) []string {
	type cellAt struct{ row, col int }
	before := make(map[cellAt]gridCell)
	for _, r := range was.rows {
		for _, c := range r.cells {
			before[cellAt{r.num, c.col}] = c
		}
	}
	maps.DeleteFunc(before, func(_ cellAt, c gridCell) bool { return c.text == "" && !c.formula }) // as good as none
	answers := make(map[cellAt]bool, len(edits))
	for i := range edits {
		answers[cellAt{edits[i].row, edits[i].col}] = true
		delete(before, cellAt{edits[i].row, edits[i].col})
	}
	var found []cellAt
	for _, r := range is.rows {
		for _, c := range r.cells {
			at := cellAt{r.num, c.col}
			old := before[at]
			delete(before, at)
			if answers[at] && c.formula || !answers[at] && (old.text != c.text || old.formula != c.formula) {
				found = append(found, at)
			}
		}
	}
	for at := range before { // cells that are gone
		found = append(found, at)
	}
	slices.SortFunc(found, func(a, b cellAt) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col)) })
	names := make([]string, len(found))
	for i, at := range found {
		names[i] = refName(at.row, at.col)
	}
	return names
}
