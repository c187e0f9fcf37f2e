package workbook

import (
	"bytes"
	"strconv"
)

// piece is a run of bytes of a sheet: a start or end tag of its data or of a
// row, a whole cell, or what stands between them.
type piece struct {
	kind pieceKind
	row  int // of rows and cells
	col  int // of cells
	raw  []byte
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
	p := &pieces{edited: map[[2]int]editedCell{}, edits: edits, src: src}
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
		p.list = append(p.list, piece{kind: pieceOther, raw: p.src[p.at:pos]})
	}
}

func (p *pieces) add(kind pieceKind, row, col, start, end int) {
	p.gap(start)
	p.list = append(p.list, piece{kind, row, col, p.src[start:end]})
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
		if len(was) == 0 || !v.same(&was[0], &is[0]) {
			return v.differs(&is[0])
		}
		was, is = was[1:], is[1:]
	}
	if len(was) > 0 {
		return v.differs(&was[0])
	}
	return nil
}

func (v *sheetVerify) differs(p *piece) error {
	switch {
	case p.col > 0:
		return mismatch("sheet %q, cell %s differs from the original", v.sheet.Name, refName(p.row, p.col))
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
	num := is[0].row
	if !writes(inRows(v.edits, num, num)) || len(is) < 2 || is[1].kind != pieceRowEnd {
		return false
	}
	attrs := 1
	if height, ok := v.heights[num]; ok {
		attrs = 3
		if !hasHeight(is[0].raw, height) {
			return false
		}
	}
	r, _ := attrOf(tagAttrs(is[0].raw), "r")
	return len(tagAttrs(is[0].raw)) == attrs && string(r) == strconv.Itoa(num)
}

func hasHeight(tag []byte, points float64) bool {
	attrs := tagAttrs(tag)
	ht, _ := attrOf(attrs, "ht")
	custom, _ := attrOf(attrs, "customHeight")
	got, err := strconv.ParseFloat(string(ht), 64)
	return err == nil && got == points && isTrue(custom)
}

// same compares two pieces; rows with edits may differ in their spans hint, in
// a fitted height and in being self-closing.
func (v *sheetVerify) same(was, is *piece) bool {
	if was.kind != is.kind || was.row != is.row || was.col != is.col {
		return false
	}
	if bytes.Equal(was.raw, is.raw) && v.heights[is.row] == 0 {
		return true
	}
	switch is.kind {
	case pieceRow:
		return v.sameRow(was.raw, is.raw, is.row)
	case pieceRowEnd:
		return writes(inRows(v.edits, is.row, is.row)) && len(was.raw) == 0 || bytes.Equal(was.raw, is.raw)
	case pieceData:
		return was.raw[len(was.raw)-2] == '/' && sameAttrs(was.raw, is.raw)
	case pieceDataEnd:
		return len(was.raw) == 0
	default:
		return bytes.Equal(was.raw, is.raw)
	}
}

func (v *sheetVerify) sameRow(was, is []byte, num int) bool {
	if !writes(inRows(v.edits, num, num)) {
		return false
	}
	var except []string
	if _, kept := attrOf(tagAttrs(is), "spans"); !kept {
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
	case existed && !sameAttrs(was.tag, is.tag, "t", "cm", "vm"):
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
