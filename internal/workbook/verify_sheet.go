package workbook

import (
	"bytes"
	"strconv"
)

// piece is a run of bytes of a sheet: a start or end tag of its data or of a
// row, a whole cell, or what stands between them.
type piece struct {
	row, col   int32 // of rows and cells, of cells
	start, end int32 // of its bytes
	kind       pieceKind
}

type pieceKind uint8

const (
	pieceOther pieceKind = iota // the parts around the data, and blanks or comments inside
	pieceData
	pieceDataEnd
	pieceRow
	pieceRowEnd
	pieceCell
)

// pieces is a sheet taken apart, edited cells set aside.
type pieces struct {
	list   []piece
	edited map[[2]int]editedCell
	edits  []placedEdit
	next   int // first edit that the scan has not passed
	src    []byte
	at     int // src is in list up to here
}

type editedCell struct {
	scannedCell
	tag      []byte // start tag
	newStyle int    // what a new cell here gets
}

func (f *File) takeApart(sh *sheet, src []byte, edits []placedEdit) (*pieces, error) {
	p := &pieces{edited: make(map[[2]int]editedCell, len(edits)), edits: edits, src: src}
	p.list = make([]piece, 0, sh.facts.cells+2*sh.facts.rows+8)
	var row scannedRow
	err := scanPart(sh.Name, sh.Part, src, f.book.strings, f.limits, sheetVisitor{
		data: func(tag dataTag) error {
			p.add(pieceData, 0, 0, tag.start, tag.end)
			return nil
		},
		row: func(r *scannedRow) error {
			row = *r
			p.add(pieceRow, r.num, 0, r.start, r.tagEnd)
			return nil
		},
		cell: func(c *scannedCell) error {
			if !p.isEdited(c) {
				p.add(pieceCell, c.row, c.col, c.start, c.end)
				return nil
			}
			p.gap(c.start)
			p.at = c.end
			style := sh.facts.defaultStyle(&row, c.col)
			p.edited[[2]int{c.row, c.col}] = editedCell{*c, p.src[c.start:c.tagEnd], style}
			return nil
		},
		rowEnd: func(r *scannedRow, start, end int) error {
			p.add(pieceRowEnd, r.num, 0, start, end)
			return nil
		},
		dataEnd: func(start, end int) error {
			p.add(pieceDataEnd, 0, 0, start, end)
			return nil
		},
	})
	p.gap(len(src))
	return p, err
}

// gap adds what stands between the last piece and pos.
func (p *pieces) gap(pos int) {
	if p.at < pos {
		p.list = append(p.list, piece{kind: pieceOther, start: int32(p.at), end: int32(pos)})
	}
}

func (p *pieces) raw(x piece) []byte { return p.src[x.start:x.end] }

func (p *pieces) add(kind pieceKind, row, col, start, end int) {
	p.gap(start)
	p.list = append(p.list, piece{int32(row), int32(col), int32(start), int32(end), kind})
	p.at = end
}

// isEdited reports whether an edit writes the cell. Cells come in order.
func (p *pieces) isEdited(c *scannedCell) bool {
	place := placedEdit{row: c.row, col: c.col}
	for p.next < len(p.edits) && comparePlaces(p.edits[p.next], place) < 0 {
		p.next++
	}
	return p.next < len(p.edits) && comparePlaces(p.edits[p.next], place) == 0
}

// verifySheet compares a sheet with the original outside the edited cells, and
// the edited cells with the edits.
func (f *File) verifySheet(sh *sheet, content []byte, edits []placedEdit, opt PatchOptions) error {
	v := &sheetVerify{sheet: sh, edits: edits}
	var err error
	if opt.FitRows {
		if v.heights, err = f.fitRows(sh, edits); err != nil {
			return err
		}
	}
	if v.was, err = f.takeApart(sh, sh.xml, edits); err != nil {
		return err
	}
	if v.is, err = f.takeApart(sh, content, edits); err != nil {
		return err
	}
	if err := v.pieces(); err != nil {
		return err
	}
	for i := range edits {
		if err := v.edit(&edits[i]); err != nil {
			return err
		}
	}
	return nil
}

type sheetVerify struct {
	sheet   *sheet
	edits   []placedEdit
	heights map[int]float64
	was, is *pieces
}

// pieces compares the sheets piece by piece. Rows that the original lacks may
// be there for edited cells alone.
func (v *sheetVerify) pieces() error {
	was, is := v.was.list, v.is.list
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
	tag := tagAttrs(v.is.raw(is[0]))
	attrs, num := 1, int(is[0].row)
	if height, ok := v.heights[num]; ok {
		attrs = 3
		if !hasHeight(v.is.raw(is[0]), height) {
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
	was, is := v.was.raw(a), v.is.raw(b)
	if bytes.Equal(was, is) && (b.kind != pieceRow || v.heights[int(b.row)] == 0) {
		return true
	}
	switch b.kind {
	case pieceRow:
		return v.written(b.row) && v.sameRow(was, is, int(b.row))
	case pieceRowEnd:
		return v.written(b.row) && len(was) == 0
	case pieceData:
		return was[len(was)-2] == '/' && sameAttrs(was, is)
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
func (v *sheetVerify) edit(e *placedEdit) error {
	place := [2]int{e.row, e.col}
	was, existed := v.was.edited[place]
	is, exists := v.is.edited[place]
	switch {
	case existed && was.formula:
		return formulaCell(v.sheet.Name, e.Cell)
	case !exists && !existed && e.clears():
		return nil
	case !exists || !says(&is.scannedCell, e):
		return mismatch("sheet %q, cell %s does not say what was to be written", v.sheet.Name, e.Cell)
	case existed && !sameAttrs(was.tag, is.tag, contentAttrs...):
		return mismatch("sheet %q, cell %s has lost its style", v.sheet.Name, e.Cell)
	case !existed && (is.style != is.newStyle || !sameAttrs(is.bareTag(), is.tag, "s", "t")):
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
