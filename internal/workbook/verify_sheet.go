package workbook

import (
	"bytes"
	"strconv"
)

// editedCell is an edited cell as a sheet holds it.
type editedCell struct {
	scannedCell
	tag    []byte // start tag
	rowTag []byte
	exists bool
	was    piece // the cell in the original, of kind pieceCell if it was there
}

// readEdited scans a sheet anew, takes it apart and picks the edited cells, in
// the order of the edits.
func (f *File) readEdited(sh *sheet, src []byte, edits []placedEdit) ([]piece, []editedCell, error) {
	found := make([]editedCell, len(edits))
	parts := pieces{list: make([]piece, 0, len(sh.pieces)+len(edits))}
	next := 0
	var row scannedRow
	visit := parts.visitor()
	visit.row = func(r *scannedRow) error {
		row = *r
		return parts.add(piece{kind: pieceRow, row: int32(r.num)}, r.start, r.tagEnd)
	}
	visit.cell = func(c *scannedCell) error {
		if isEdited(edits, &next, c.row, c.col) {
			found[next] = editedCell{scannedCell: *c, tag: src[c.start:c.tagEnd], rowTag: src[row.start:row.tagEnd], exists: true}
		}
		return parts.cell(c)
	}
	err := scanPart(sh.Name, sh.Part, src, f.book.strings, f.limits, visit)
	return parts.finish(len(src)), found, err
}

// isEdited moves next on to the first edit not before the cell and reports
// whether it is the cell's. Cells come in order.
func isEdited(edits []placedEdit, next *int, row, col int) bool {
	for *next < len(edits) && edits[*next].compare(row, col) < 0 {
		*next++
	}
	return *next < len(edits) && edits[*next].compare(row, col) == 0
}

// verifySheet compares a sheet with the original outside the edited cells, and
// the edited cells with the edits.
func (f *File) verifySheet(sh *sheet, content []byte, edits []placedEdit, opt PatchOptions) error {
	v := &sheetVerify{sheet: sh, edits: edits, was: sh.xml, is: content}
	var err error
	if opt.FitRows {
		if v.heights, err = f.fitRows(sh, edits); err != nil {
			return err
		}
	}
	list, found, err := f.readEdited(sh, content, edits)
	if err != nil {
		return err
	}
	was := v.withoutEdited(sh.pieces, func(i int, x piece) { found[i].was = x })
	is := v.withoutEdited(list, func(int, piece) {})
	if err := v.pieces(was, is); err != nil {
		return err
	}
	for i := range edits {
		if err := v.edit(&edits[i], &found[i]); err != nil {
			return err
		}
	}
	return nil
}

type sheetVerify struct {
	sheet   *sheet
	edits   []placedEdit
	heights map[int]float64
	was, is []byte // the sheet's part before and after
}

// withoutEdited returns the pieces but for edited cells, which it shows to
// found with the index of their edit.
func (v *sheetVerify) withoutEdited(list []piece, found func(i int, x piece)) []piece {
	rest := make([]piece, 0, len(list))
	next := 0
	for _, x := range list {
		if x.kind == pieceCell && isEdited(v.edits, &next, int(x.row), int(x.col)) {
			found(next, x)
			continue
		}
		rest = append(rest, x)
	}
	return rest
}

// pieces compares the sheets piece by piece. Rows that the original lacks may
// be there for edited cells alone.
func (v *sheetVerify) pieces(was, is []piece) error {
	for len(is) > 0 {
		if v.newRow(was, is) {
			is = is[2:]
			continue
		}
		if len(was) == 0 || !v.same(was[0], is[0]) {
			return v.differs(is[0])
		}
		was, is = was[1:], is[1:]
	}
	if len(was) > 0 {
		return v.differs(was[0])
	}
	return nil
}

func (v *sheetVerify) differs(p piece) error {
	switch {
	case p.col > 0:
		return mismatch("sheet %q, cell %s differs from the original", v.sheet.Name, refName(int(p.row), int(p.col)))
	case p.row > 0:
		return mismatch("sheet %q, row %d differs from the original", v.sheet.Name, p.row)
	default:
		return mismatch("sheet %q differs from the original outside its cells", v.sheet.Name)
	}
}

// newRow reports whether a row begins in is that the original lacks and that
// holds edited cells and nothing else.
func (v *sheetVerify) newRow(was, is []piece) bool {
	if is[0].kind != pieceRow || len(was) > 0 && was[0].kind == pieceRow && was[0].row == is[0].row {
		return false
	}
	if !v.written(is[0].row) || len(is) < 2 || is[1].kind != pieceRowEnd {
		return false
	}
	tag := tagAttrs(is[0].of(v.is))
	attrs, num := 1, int(is[0].row)
	if height, ok := v.heights[num]; ok {
		attrs = 3
		if !hasHeight(is[0].of(v.is), height) {
			return false
		}
	}
	r, _ := tag.get("r")
	return len(tag.list) == attrs && string(r) == strconv.Itoa(num)
}

// written reports whether an edit puts something into the row.
func (v *sheetVerify) written(row int32) bool {
	return writes(inRows(v.edits, int(row), int(row)))
}

func hasHeight(tag []byte, points float64) bool {
	ht, _ := tagAttr(tag, "ht")
	custom, _ := tagAttr(tag, "customHeight")
	got, err := strconv.ParseFloat(string(ht), 64)
	return err == nil && got == points && isTrue(custom)
}

// same compares two pieces; rows with edits may differ in their spans hint, in
// a fitted height and in being self-closing.
func (v *sheetVerify) same(a, b piece) bool {
	if a.kind != b.kind || a.row != b.row || a.col != b.col {
		return false
	}
	was, is := a.of(v.was), b.of(v.is)
	if bytes.Equal(was, is) && (b.kind != pieceRow || v.heights[int(b.row)] == 0) {
		return true
	}
	switch b.kind {
	case pieceRow:
		return v.written(b.row) && v.sameRow(was, is, int(b.row))
	case pieceRowEnd:
		return v.written(b.row) && len(was) == 0
	case pieceData:
		return selfClosing(was) && sameAttrs(was, is)
	case pieceDataEnd:
		return len(was) == 0
	default:
		return false
	}
}

func (v *sheetVerify) sameRow(was, is []byte, num int) bool {
	var except []string
	if _, kept := tagAttr(is, "spans"); !kept {
		except = append(except, "spans")
	}
	if height, ok := v.heights[num]; ok {
		if !hasHeight(is, height) {
			return false
		}
		except = append(except, "ht", "customHeight")
	}
	return sameAttrs(was, is, except...)
}

// edit compares an edited cell with what the edit says.
func (v *sheetVerify) edit(e *placedEdit, c *editedCell) error {
	switch {
	case c.was.kind == pieceCell && c.was.formula:
		return formulaCell(v.sheet.Name, e.Cell)
	case !c.exists && c.was.kind != pieceCell && e.clears():
		return nil
	case !c.exists || !says(&c.scannedCell, e):
		return mismatch("sheet %q, cell %s does not say what was to be written", v.sheet.Name, e.Cell)
	case c.was.kind == pieceCell && !sameAttrs(c.was.of(v.was), c.tag, contentAttrs()...):
		return mismatch("sheet %q, cell %s has lost its style", v.sheet.Name, e.Cell)
	case c.was.kind != pieceCell && (c.style != v.sheet.facts.newStyle(c.rowTag, e.col) || !sameAttrs(c.bareTag(), c.tag, "s", "t")):
		return mismatch("sheet %q, cell %s is new and has a style of its own", v.sheet.Name, e.Cell)
	}
	return nil
}

// bareTag returns the cell's start tag with its reference alone.
func (c *editedCell) bareTag() []byte {
	tag := append([]byte(nil), c.tag[:1+nameLen(c.tag[1:])]...)
	return append(appendRef(append(tag, ` r="`...), c.row, c.col), `"/>`...)
}

// says reports whether the cell holds what the edit writes, and no formula.
func says(c *scannedCell, e *placedEdit) bool {
	switch {
	case c.formula:
		return false
	case e.clears():
		return !c.filled
	case e.Kind == EditBool:
		return c.typ == cellBoolean && c.text == map[bool]string{true: "1", false: "0"}[e.Bool]
	default:
		return c.typ == cellInline && c.text == e.Text
	}
}
