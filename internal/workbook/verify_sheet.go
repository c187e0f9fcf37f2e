package workbook

import (
	"bytes"
	"strconv"
)

// verifySheet scans a sheet anew and compares it with the original on the way:
// outside the edited cells with what was there, inside with the edits.
func (f *File) verifySheet(sh *sheet, content []byte, edits []placedEdit, opt PatchOptions) error {
	v := &sheetVerify{sheet: sh, edits: edits, was: sh.xml, is: content, rest: sh.pieces}
	if opt.FitRows {
		fitted, err := f.fitRows(sh, edits)
		if err != nil {
			return err
		}
		v.heights = fitted.heights
	}
	parts := pieces{each: v.piece}
	visit := parts.visitor()
	visit.row = func(r *scannedRow) error {
		v.rowTag = content[r.start:r.tagEnd]
		return parts.add(piece{kind: pieceRow, row: int32(r.num)}, r.start, r.tagEnd)
	}
	visit.cell = func(c *scannedCell) error {
		v.cell = c
		return parts.cell(c)
	}
	if err := scanPart(sh.Name, sh.Part, content, f.book.strings, f.limits, visit); err != nil {
		return err
	}
	if err := parts.upTo(len(content)); err != nil {
		return err
	}
	return v.end()
}

// sheetVerify walks through the pieces of a sheet and of its original side by side.
type sheetVerify struct {
	sheet   *sheet
	edits   []placedEdit
	heights map[int]float64
	was, is []byte // the sheet's part before and after

	rest   []piece      // of the original, not yet met
	lost   int          // first edit not before the head of rest
	next   int          // first edit not yet met
	newRow int32        // the row that has begun and that the original lacks, else 0
	rowTag []byte       // of the row being read
	cell   *scannedCell // being read
	tags   tagPair      // scratch
}

// isEdited moves next on to the first edit not before the cell and reports
// whether it is the cell's. Cells come in order.
func isEdited(edits []placedEdit, next *int, row, col int) bool {
	for *next < len(edits) && edits[*next].compare(row, col) < 0 {
		*next++
	}
	return *next < len(edits) && edits[*next].compare(row, col) == 0
}

// piece compares the next piece of the sheet.
func (v *sheetVerify) piece(is piece) error {
	if is.kind == pieceCell {
		if err := v.editsBefore(int(is.row), int(is.col)); err != nil {
			return err
		}
		if v.next < len(v.edits) && v.edits[v.next].compare(int(is.row), int(is.col)) == 0 {
			e := &v.edits[v.next]
			v.next++
			return v.edit(e, v.takeEdited(e))
		}
	}
	switch {
	case v.beginsRow(is):
		v.newRow = is.row
		return nil
	case v.newRow > 0 && is.kind == pieceRowEnd:
		v.newRow = 0
		return nil
	case v.newRow > 0:
		return v.differs(is)
	}
	if err := v.headStays(); err != nil {
		return err
	}
	if len(v.rest) == 0 || !v.same(v.rest[0], is) {
		return v.differs(is)
	}
	v.rest = v.rest[1:]
	return nil
}

// editsBefore wants the edits of cells before the given one, which the sheet
// does not hold, to have nothing to write.
func (v *sheetVerify) editsBefore(row, col int) error {
	for ; v.next < len(v.edits) && v.edits[v.next].compare(row, col) < 0; v.next++ {
		if e := &v.edits[v.next]; !e.clears() {
			return v.unsaid(e)
		}
	}
	return nil
}

// takeEdited takes the edited cell from the original, nil if it was not there.
func (v *sheetVerify) takeEdited(e *placedEdit) *piece {
	if len(v.rest) == 0 || v.rest[0].kind != pieceCell || e.compare(int(v.rest[0].row), int(v.rest[0].col)) != 0 {
		return nil
	}
	was := &v.rest[0]
	v.rest = v.rest[1:]
	return was
}

// headStays wants the next piece of the original not to be an edited cell: the
// sheet should have held it by now.
func (v *sheetVerify) headStays() error {
	if len(v.rest) > 0 && v.rest[0].kind == pieceCell && isEdited(v.edits, &v.lost, int(v.rest[0].row), int(v.rest[0].col)) {
		return v.unsaid(&v.edits[v.lost])
	}
	return nil
}

// end wants nothing to be left.
func (v *sheetVerify) end() error {
	if err := v.headStays(); err != nil {
		return err
	}
	if len(v.rest) > 0 {
		return v.differs(v.rest[0])
	}
	return v.editsBefore(maxRow+1, 0)
}

func (v *sheetVerify) unsaid(e *placedEdit) error {
	return mismatch("sheet %q, cell %s does not say what was to be written", v.sheet.Name, e.Cell)
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

// beginsRow reports whether a row begins that the original lacks and whose tag
// is that of a row made for edits.
func (v *sheetVerify) beginsRow(is piece) bool {
	if is.kind != pieceRow || len(v.rest) > 0 && v.rest[0].kind == pieceRow && v.rest[0].row == is.row {
		return false
	}
	if !v.written(is.row) {
		return false
	}
	tag := tagAttrs(is.of(v.is))
	attrs, num := 1, int(is.row)
	if height, ok := v.heights[num]; ok {
		attrs = 3
		if !hasHeight(is.of(v.is), height) {
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
		return selfClosing(was) && v.tags.same(was, is)
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
	return v.tags.same(was, is, except...)
}

// edit compares the cell being read with what the edit says and with the cell
// of the original, nil if there was none.
func (v *sheetVerify) edit(e *placedEdit, was *piece) error {
	c := v.cell
	switch tag := v.is[c.start:c.tagEnd]; {
	case was != nil && was.formula:
		return formulaCell(v.sheet.Name, e.Cell)
	case !says(c, e):
		return v.unsaid(e)
	case was != nil && !v.tags.same(was.of(v.was), tag, contentAttrs()...):
		return mismatch("sheet %q, cell %s has lost its style", v.sheet.Name, e.Cell)
	case was == nil && (c.style != v.sheet.facts.newStyle(v.rowTag, e.col) || !v.tags.same(bareTag(c, tag), tag, "s", "t")):
		return mismatch("sheet %q, cell %s is new and has a style of its own", v.sheet.Name, e.Cell)
	}
	return nil
}

// bareTag returns the cell's start tag with its reference alone.
func bareTag(c *scannedCell, tag []byte) []byte {
	bare := append([]byte(nil), tag[:1+nameLen(tag[1:])]...)
	return append(appendRef(append(bare, ` r="`...), c.row, c.col), `"/>`...)
}

// says reports whether the cell holds what the edit writes, and no formula.
func says(c *scannedCell, e *placedEdit) bool {
	switch {
	case c.formula:
		return false
	case e.clears():
		return !c.filled
	case e.Kind == EditBool:
		return c.typ == cellBoolean && string(c.own) == map[bool]string{true: "1", false: "0"}[e.Bool]
	default:
		return c.typ == cellInline && string(c.own) == e.Text
	}
}
