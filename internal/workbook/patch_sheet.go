package workbook

import (
	"fmt"
	"strconv"
	"strings"

	"caique/internal/caiq"
)

// sheetPatch rewrites one sheet while it is scanned: the bytes between edits
// are copied, edited cells replaced, missing cells and rows put in order.
type sheetPatch struct {
	sheet   *sheet
	src     []byte
	out     []byte
	copied  int // src is in out up to here
	edits   []placedEdit
	next    int // first edit not yet written
	prefix  string
	heights map[int]float64 // new heights by row, when rows are fitted

	row        scannedRow // the row being read
	rowOpened  bool       // its tag was self-closing and no longer is
	dataOpened bool       // the same for the sheet's data
}

// patchSheet returns the sheet's part with the edits written.
func (f *File) patchSheet(sh *sheet, edits []placedEdit, opt PatchOptions) ([]byte, error) {
	p := &sheetPatch{sheet: sh, src: sh.xml, edits: edits, out: make([]byte, 0, len(sh.xml)+sizeOf(edits))}
	if opt.FitRows {
		var err error
		if p.heights, err = f.fitRows(sh, edits); err != nil {
			return nil, err
		}
	}
	visit := sheetVisitor{data: p.data, row: p.startRow, cell: p.cell, rowEnd: p.endRow, dataEnd: p.endData}
	if err := f.book.scan(sh, f.limits, visit); err != nil {
		return nil, err
	}
	if p.next < len(p.edits) {
		return nil, caiq.Errorf(caiq.Invalid, "corrupt_part", "sheet %q has no place for cells", sh.Name)
	}
	p.copyTo(len(p.src))
	return p.out, nil
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

// replace puts what it is given in the place of src[start:end].
func (p *sheetPatch) replace(start, end int, add func(dst []byte) []byte) {
	p.copyTo(start)
	p.out = add(p.out)
	p.copied = end
}

func (p *sheetPatch) data(tag dataTag) error {
	p.prefix = tag.prefix
	if tag.empty && writes(p.edits) {
		p.dataOpened = true
		p.replace(tag.start, tag.end, func(dst []byte) []byte {
			return rewriteTag(dst, p.src[tag.start:tag.end], nil, "", false)
		})
	}
	return nil
}

func (p *sheetPatch) endData(start, _ int) error {
	p.copyTo(start)
	p.newRows(maxRow + 1)
	if p.dataOpened {
		p.out = fmt.Appendf(p.out, "</%ssheetData>", p.prefix)
	}
	return nil
}

// startRow writes the rows that are missing before this one, and the row's own
// tag where the edits change it.
func (p *sheetPatch) startRow(r *scannedRow) error {
	p.copyTo(r.start)
	p.newRows(r.num)
	p.row, p.rowOpened = *r, false
	edits := inRows(p.edits, r.num, r.num)
	tag := p.src[r.start:r.tagEnd]
	var drop []string
	add := ""
	if !spansHold(tag, edits) {
		drop = append(drop, "spans")
	}
	if height, ok := p.heights[r.num]; ok {
		drop = append(drop, "ht", "customHeight")
		add = heightAttrs(height)
	}
	p.rowOpened = r.empty && writes(edits)
	if p.rowOpened || len(drop) > 0 {
		p.replace(r.start, r.tagEnd, func(dst []byte) []byte {
			return rewriteTag(dst, tag, drop, add, r.empty && !p.rowOpened)
		})
	}
	return nil
}

func (p *sheetPatch) endRow(r *scannedRow, start, _ int) error {
	p.copyTo(start)
	p.newCells(r.num, maxCol+1)
	if p.rowOpened {
		p.out = fmt.Appendf(p.out, "</%srow>", p.prefix)
	}
	return nil
}

// cell writes the cells that are missing before this one, and replaces this
// one if it is edited.
func (p *sheetPatch) cell(c *scannedCell) error {
	if p.next == len(p.edits) || p.edits[p.next].row != c.row {
		return nil
	}
	if p.edits[p.next].col < c.col {
		p.copyTo(c.start)
		p.newCells(c.row, c.col)
	}
	if p.next == len(p.edits) || p.edits[p.next].row != c.row || p.edits[p.next].col != c.col {
		return nil
	}
	e := &p.edits[p.next]
	p.next++
	if c.formula {
		return formulaCell(p.sheet.Name, e.Cell)
	}
	p.replace(c.start, c.end, func(dst []byte) []byte {
		dst = rewriteTag(dst, p.src[c.start:c.tagEnd], contentAttrs, typeAttr(e), e.clears())
		return p.content(dst, e)
	})
	return nil
}

// contentAttrs are the attributes of a cell that speak of its content: its type
// and the metadata of formulas and rich values.
var contentAttrs = []string{"t", "cm", "vm"}

// newRows writes the edits of rows before the given one, which the sheet lacks.
func (p *sheetPatch) newRows(before int) {
	for p.next < len(p.edits) && p.edits[p.next].row < before {
		row := p.edits[p.next].row
		p.row = scannedRow{num: row}
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
		if style := p.sheet.facts.defaultStyle(&p.row, e.col); style > 0 {
			p.out = fmt.Appendf(p.out, ` s="%d"`, style)
		}
		p.out = append(append(p.out, typeAttr(e)...), '>')
		p.out = p.content(p.out, e)
	}
}

// defaultStyle is the style of a cell that the row does not hold yet.
func (f *sheetFacts) defaultStyle(r *scannedRow, col int) int {
	if r.custom {
		return r.style
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

// content appends what follows the start tag of an edited cell.
func (p *sheetPatch) content(dst []byte, e *placedEdit) []byte {
	switch {
	case e.clears():
		return dst
	case e.Kind == EditBool:
		value := map[bool]string{true: "1", false: "0"}[e.Bool]
		return fmt.Appendf(dst, "<%[1]sv>%[2]s</%[1]sv></%[1]sc>", p.prefix, value)
	default:
		space := ""
		if keepsSpace(e.Text) {
			space = ` xml:space="preserve"`
		}
		dst = fmt.Appendf(dst, "<%[1]sis><%[1]st%[2]s>", p.prefix, space)
		dst = appendEscaped(dst, e.Text)
		return fmt.Appendf(dst, "</%[1]st></%[1]sis></%[1]sc>", p.prefix)
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
