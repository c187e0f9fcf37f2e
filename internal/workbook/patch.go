package workbook

import (
	"bytes"
	"cmp"
	"slices"
	"sort"

	"caique/internal/caiq"
)

// EditKind says what an edit writes.
type EditKind uint8

// The kinds of edits.
const (
	EditText  EditKind = iota // Text, as it is: never a formula, never a number
	EditBool                  // Bool, for check-box cells
	EditClear                 // nothing: the cell is emptied and keeps its style
)

// Edit is one cell to write.
type Edit struct {
	Sheet string // name of the sheet
	Cell  string // "C12"
	Kind  EditKind
	Text  string
	Bool  bool
}

// PatchOptions are the two changes outside the edited cells that may be asked for.
type PatchOptions struct {
	// FitRows raises rows with edited texts so that the texts show whole.
	FitRows bool
	// Recalculate makes spreadsheet programs compute all formulas on opening.
	Recalculate bool
}

// Patch returns the file with the edits written and nothing else changed: all
// other zip entries and all other cells stay as they are, byte for byte. The
// same file and edits give the same bytes.
//
// Edits are refused, all of them, with kind Invalid and code unknown_sheet,
// bad_cell_reference, duplicate_edit, covered_cell (inside a merged range but not
// its first cell), formula_cell, or the code of caiq.CheckText.
func (f *File) Patch(edits []Edit, opt PatchOptions) ([]byte, error) {
	if f.Kind == KindCSV {
		return f.patchCSV(edits)
	}
	for _, e := range edits {
		if err := checkEdit(e); err != nil {
			return nil, err
		}
	}
	placed, err := f.place(edits)
	if err != nil {
		return nil, err
	}
	contents := map[*entry][]byte{}
	for _, sh := range f.book.sheets {
		if len(placed[sh]) == 0 {
			continue
		}
		content, err := f.patchSheet(sh, placed[sh], opt)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(content, sh.xml) {
			contents[sh.entry] = content
		}
	}
	if opt.Recalculate {
		content, err := recalculate(f.book.part.name, f.book.xml, f.limits)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(content, f.book.xml) {
			contents[f.book.part] = content
		}
	}
	return f.book.zip.rewrite(contents)
}

// placedEdit is an edit with its cell read.
type placedEdit struct {
	Edit
	row, col int
	style    int // of the cell, or what a new cell gets; filled in when rows are fitted
}

// clears reports whether the edit leaves the cell empty.
func (e *placedEdit) clears() bool {
	return e.Kind == EditClear || e.Kind == EditText && e.Text == ""
}

// place finds the sheets and cells of the edits and sorts them into their sheets, by row and column.
func (f *File) place(edits []Edit) (map[*sheet][]placedEdit, error) {
	byName := map[string]*sheet{}
	for _, sh := range f.book.sheets {
		if sh.Worksheet {
			byName[sh.Name] = sh
		}
	}
	placed := map[*sheet][]placedEdit{}
	for len(edits) > 0 {
		name, run := edits[0].Sheet, 1
		for run < len(edits) && edits[run].Sheet == name {
			run++
		}
		sh := byName[name]
		if sh == nil {
			return nil, caiq.Errorf(caiq.Invalid, "unknown_sheet", "%s has no worksheet %q", f.Name, name)
		}
		var err error
		if placed[sh], err = appendPlaced(placed[sh], edits[:run]); err != nil {
			return nil, err
		}
		edits = edits[run:]
	}
	for sh, list := range placed {
		byCell := func(a, b placedEdit) int { return a.compare(b.row, b.col) }
		if !slices.IsSortedFunc(list, byCell) {
			slices.SortStableFunc(list, byCell)
		}
		if err := sh.checkPlaces(list); err != nil {
			return nil, err
		}
	}
	return placed, nil
}

// appendPlaced appends edits of one sheet.
func appendPlaced(list []placedEdit, edits []Edit) ([]placedEdit, error) {
	list = slices.Grow(list, len(edits))
	for _, e := range edits {
		row, col, ok := parseRef([]byte(e.Cell))
		if !ok {
			return nil, caiq.Errorf(caiq.Invalid, "bad_cell_reference", "sheet %q has no cell %q", e.Sheet, e.Cell)
		}
		list = append(list, placedEdit{Edit: e, row: row, col: col})
	}
	return list, nil
}

// compare orders edits and cells by row and column.
func (e *placedEdit) compare(row, col int) int {
	return cmp.Or(cmp.Compare(e.row, row), cmp.Compare(e.col, col))
}

// checkEdit refuses texts that no cell can hold.
func checkEdit(e Edit) error {
	if e.Kind != EditText {
		return nil
	}
	if err := caiq.CheckText(e.Text); err != nil {
		code := cmp.Or(caiq.CodeOf(err), "bad_text")
		return caiq.Errorf(caiq.Invalid, code, "%s!%s: %s", e.Sheet, e.Cell, err)
	}
	return nil
}

// checkPlaces refuses cells that occur twice, that a merge covers and that
// belong to a formula over several cells.
func (sh *sheet) checkPlaces(edits []placedEdit) error {
	for i := 1; i < len(edits); i++ {
		if edits[i-1].compare(edits[i].row, edits[i].col) == 0 {
			return caiq.Errorf(caiq.Invalid, "duplicate_edit", "%s!%s is to be written twice", sh.Name, edits[i].Cell)
		}
	}
	for _, m := range sh.facts.merges {
		if m.top == m.bottom && m.left == m.right {
			continue
		}
		for _, e := range inArea(edits, m) {
			if e.row != m.top || e.col != m.left {
				return caiq.Errorf(caiq.Invalid, "covered_cell", "%s!%s is covered by the merged range from %s on", sh.Name, e.Cell, refName(m.top, m.left)).
					WithHint("write to %s", refName(m.top, m.left))
			}
		}
	}
	for _, a := range sh.facts.arrays {
		if covered := inArea(edits, a); len(covered) > 0 {
			return formulaCell(sh.Name, covered[0].Cell)
		}
	}
	return nil
}

func formulaCell(sheet, cell string) error {
	return caiq.Errorf(caiq.Invalid, "formula_cell", "%s!%s holds a formula, which is never overwritten", sheet, cell)
}

// inArea returns the edits inside the area.
func inArea(edits []placedEdit, a area) []placedEdit {
	var inside []placedEdit
	for _, e := range inRows(edits, a.top, a.bottom) {
		if a.left <= e.col && e.col <= a.right {
			inside = append(inside, e)
		}
	}
	return inside
}

// inRows returns the edits of the rows from top to bottom.
func inRows(edits []placedEdit, top, bottom int) []placedEdit {
	from := sort.Search(len(edits), func(i int) bool { return edits[i].row >= top })
	rest := edits[from:]
	return rest[:sort.Search(len(rest), func(i int) bool { return rest[i].row > bottom })]
}
