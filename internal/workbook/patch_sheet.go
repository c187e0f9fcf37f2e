package workbook

import (
	"fmt"
	"strconv"
	"strings"

	"caique/internal/caiq"
)

// sheetPatch rewrites one sheet along the pieces that the check found: the bytes
// between edits are copied, edited cells replaced, missing cells and rows put in
// order.
type sheetPatch struct {
	sheet   *sheet
	src     []byte
	out     []byte
	copied  int // src is in out up to here
	edits   []placedEdit
	next    int             // first edit not yet written
	prefix  string          // of the sheet's elements: "x:" or ""
	heights map[int]float64 // new heights by row, when rows are fitted
	rowTag  []byte          // of the row being written, nil when it is new
	opened  map[pieceKind]bool
	attrs   attributes // scratch
}

// patchSheet returns the sheet's part with the edits written.
func (f *File) patchSheet(sh *sheet, edits []placedEdit, opt PatchOptions) ([]byte, error) {
	p := &sheetPatch{sheet: sh, src: sh.xml, edits: edits, out: make([]byte, 0, len(sh.xml)+sizeOf(edits)), opened: map[pieceKind]bool{}}
	if opt.FitRows {
		fitted, err := f.fitRows(sh, edits)
		if err != nil {
			return nil, err
		}
		p.heights = fitted.heights
	}
	for _, x := range sh.pieces {
		if err := p.piece(x); err != nil {
			return nil, err
		}
	}
	if p.next < len(p.edits) {
		return nil, caiq.Errorf(caiq.Invalid, "corrupt_part", "sheet %q has no place for cells", sh.Name)
	}
	p.copyTo(len(p.src))
	return p.out, nil
}

func (p *sheetPatch) piece(x piece) error {
	switch x.kind {
	case pieceData:
		p.data(x)
	case pieceRow:
		p.row(x)
	case pieceCell:
		return p.cell(x)
	case pieceRowEnd:
		p.copyTo(int(x.start))
		p.newCells(int(x.row), maxCol+1)
		p.closeTag(pieceRow, "row")
	case pieceDataEnd:
		p.copyTo(int(x.start))
		p.newRows(maxRow + 1)
		p.closeTag(pieceData, "sheetData")
	case pieceOther:
	}
	return nil
}

// closeTag writes an end tag where the start tag was self-closing.
func (p *sheetPatch) closeTag(kind pieceKind, local string) {
	if p.opened[kind] {
		p.out = fmt.Appendf(p.out, "</%s%s>", p.prefix, local)
		p.opened[kind] = false
	}
}

func sizeOf(edits []placedEdit) int {
	n := 0
	for i := range edits {
		n += len(edits[i].Text) + 80
	}
	return n
}

func (p *sheetPatch) copyTo(pos int) {
	p.out = append(p.out, p.src[p.copied:pos]...)
	p.copied = pos
}

// data notes the prefix of the sheet's elements and opens data without rows.
func (p *sheetPatch) data(x piece) {
	tag := x.of(p.src)
	prefix, _ := splitName(tag[1 : 1+nameLen(tag[1:])])
	if len(prefix) > 0 {
		p.prefix = string(prefix) + ":"
	}
	if selfClosing(tag) && writes(p.edits) {
		p.opened[pieceData] = true
		p.rewrite(x, nil, "", false)
	}
}

// rewrite writes a start tag anew in its place.
func (p *sheetPatch) rewrite(x piece, drop []string, add string, empty bool) {
	p.copyTo(int(x.start))
	p.out = p.attrs.rewrite(p.out, x.of(p.src), drop, add, empty)
	p.copied = int(x.end)
}

// row writes the rows that are missing before this one, and the row's own tag
// where the edits change it.
func (p *sheetPatch) row(x piece) {
	if p.next == len(p.edits) || p.edits[p.next].row > int(x.row) {
		return
	}
	p.copyTo(int(x.start))
	p.newRows(int(x.row))
	edits := inRows(p.edits[p.next:], int(x.row), int(x.row))
	p.rowTag = x.of(p.src)
	var drop []string
	add := ""
	if !spansHold(p.rowTag, edits) {
		drop = append(drop, "spans")
	}
	if height, ok := p.heights[int(x.row)]; ok {
		drop = append(drop, "ht", "customHeight")
		add = heightAttrs(height)
	}
	empty := selfClosing(p.rowTag)
	p.opened[pieceRow] = empty && writes(edits)
	if p.opened[pieceRow] || len(drop) > 0 {
		p.rewrite(x, drop, add, empty && !p.opened[pieceRow])
	}
}

// cell writes the cells that are missing before this one, and replaces this
// one if it is edited.
func (p *sheetPatch) cell(x piece) error {
	if p.next == len(p.edits) || p.edits[p.next].row != int(x.row) || p.edits[p.next].col > int(x.col) {
		return nil
	}
	p.copyTo(int(x.start))
	p.newCells(int(x.row), int(x.col))
	if p.next == len(p.edits) || p.edits[p.next].row != int(x.row) || p.edits[p.next].col != int(x.col) {
		return nil
	}
	e := &p.edits[p.next]
	p.next++
	if x.formula {
		return formulaCell(p.sheet.Name, e.Cell)
	}
	p.rewrite(x, contentAttrs(), typeAttr(e), e.clears())
	p.content(e)
	return nil
}

// contentAttrs returns the attributes of a cell that speak of its content: its type
// and the metadata of formulas and rich values.
func contentAttrs() []string { return []string{"t", "cm", "vm"} }

// newRows writes the edits of rows before the given one, which the sheet lacks.
func (p *sheetPatch) newRows(before int) {
	for p.next < len(p.edits) && p.edits[p.next].row < before {
		row := p.edits[p.next].row
		p.rowTag = nil
		if !writes(inRows(p.edits, row, row)) {
			p.newCells(row, maxCol+1)
			continue
		}
		p.out = fmt.Appendf(p.out, `<%srow r="%d"`, p.prefix, row)
		if height, ok := p.heights[row]; ok {
			p.out = append(p.out, heightAttrs(height)...)
		}
		p.out = append(p.out, '>')
		p.newCells(row, maxCol+1)
		p.out = fmt.Appendf(p.out, "</%srow>", p.prefix)
	}
}

// newCells writes the edits of the row before the given column as new cells.
// What is to be emptied and does not exist stays that way.
func (p *sheetPatch) newCells(row, before int) {
	for ; p.next < len(p.edits) && p.edits[p.next].row == row && p.edits[p.next].col < before; p.next++ {
		e := &p.edits[p.next]
		if e.clears() {
			continue
		}
		p.out = fmt.Appendf(p.out, `<%sc r="`, p.prefix)
		p.out = appendRef(p.out, e.row, e.col)
		p.out = append(p.out, '"')
		if style := p.sheet.facts.newStyle(p.rowTag, e.col); style > 0 {
			p.out = fmt.Appendf(p.out, ` s="%d"`, style)
		}
		p.out = append(append(p.out, typeAttr(e)...), '>')
		p.content(e)
	}
}

// newStyle is the style of a cell that a row does not hold yet: the row's own,
// if the row has one, else the column's.
func (f *sheetFacts) newStyle(rowTag []byte, col int) int {
	if custom, _ := tagAttr(rowTag, "customFormat"); isTrue(custom) {
		style, _ := tagAttr(rowTag, "s")
		n, _ := parseIndex(style)
		return n
	}
	for _, c := range f.columns {
		if c.first <= col && col <= c.last {
			return c.style
		}
	}
	return 0
}

func typeAttr(e *placedEdit) string {
	switch {
	case e.clears():
		return ""
	case e.Kind == EditBool:
		return ` t="b"`
	default:
		return ` t="inlineStr"`
	}
}

// content writes what follows the start tag of an edited cell.
func (p *sheetPatch) content(e *placedEdit) {
	switch {
	case e.clears():
	case e.Kind == EditBool && e.Bool:
		p.put("<", "v>1</", "v></", "c>")
	case e.Kind == EditBool:
		p.put("<", "v>0</", "v></", "c>")
	default:
		p.put("<", "is><", "t")
		if keepsSpace(e.Text) {
			p.out = append(p.out, ` xml:space="preserve"`...)
		}
		p.out = appendEscaped(append(p.out, '>'), e.Text)
		p.put("</", "t></", "is></", "c>")
	}
}

// put writes the strings with the sheet's prefix between them.
func (p *sheetPatch) put(tags ...string) {
	for i, tag := range tags {
		if i > 0 {
			p.out = append(p.out, p.prefix...)
		}
		p.out = append(p.out, tag...)
	}
}

// keepsSpace reports whether the text has blanks that readers may drop unless told.
func keepsSpace(s string) bool {
	return isSpace(s[0]) || isSpace(s[len(s)-1]) || strings.Contains(s, "\n")
}

// writes reports whether any edit puts something into its cell.
func writes(edits []placedEdit) bool {
	for i := range edits {
		if !edits[i].clears() {
			return true
		}
	}
	return false
}

func heightAttrs(points float64) string {
	return ` ht="` + strconv.FormatFloat(points, 'f', -1, 64) + `" customHeight="1"`
}
