package workbook

import (
	"bytes"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// tally counts over all sheets what the limits bound.
type tally struct {
	rows, filledRows           int
	cells, filledCells, extent int
	merges, validations        int
	text                       int64
}

// worksheets scans every sheet and keeps its facts.
func (p *preflight) worksheets() error {
	for _, sh := range p.book.sheets {
		src, err := p.read(sh.entry)
		if err != nil {
			return err
		}
		if !sh.Worksheet {
			lx, err := newLexer(sh.entry.name, src, p.lim)
			if err != nil {
				return err
			}
			if err := drain(lx); err != nil {
				return err
			}
			continue
		}
		sh.xml = src
		c := &sheetCheck{p: p, sheet: sh, facts: &sh.facts}
		if err := c.run(); err != nil {
			return err
		}
	}
	return p.externalLinks()
}

// externalLinks looks into the links that the workbook names.
func (p *preflight) externalLinks() error {
	for _, e := range p.zip.entries {
		if strings.Contains(strings.ToLower(e.name), "externallinks/") && strings.HasSuffix(strings.ToLower(e.name), ".xml") {
			if err := p.externalLink(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// sheetCheck counts and collects while one sheet is scanned.
type sheetCheck struct {
	p     *preflight
	sheet *sheet
	facts *sheetFacts
	last  int // last filled column of the row being read
	areas int
	parts pieces
	text  []byte // scratch
}

func (c *sheetCheck) run() error {
	cells := bytes.Count(c.sheet.xml, []byte("<")) / 3 // one with a value has four
	c.sheet.pieces = make([]piece, 0, min(cells, c.p.lim.CellElements))
	c.parts.each = c.keepPiece
	visit := c.parts.visitor()
	visit.row, visit.cell, visit.rowEnd, visit.other = c.row, c.cell, c.rowEnd, c.other
	if err := scanPart(c.sheet.Name, c.sheet.Part, c.sheet.xml, c.p.strings.texts, c.p.lim, visit); err != nil {
		return err
	}
	c.sheet.FilledRows, c.sheet.FilledCells = c.facts.filledRows, c.facts.filledCells
	return c.parts.upTo(len(c.sheet.xml))
}

// keepPiece keeps a piece. Where there are more than was thought, it makes room
// once for as many as the rest of the sheet holds if it is like the beginning,
// up to a blank beside each cell that there may be.
func (c *sheetCheck) keepPiece(x piece) error {
	if n := len(c.sheet.pieces); n == cap(c.sheet.pieces) {
		left := int64(n) * int64(len(c.sheet.xml)-int(x.start)) / int64(x.start+1)
		c.sheet.pieces = slices.Grow(c.sheet.pieces, min(int(left), max(0, 2*c.p.lim.CellElements-n))+n/16+8)
	}
	c.sheet.pieces = append(c.sheet.pieces, x)
	return nil
}

func (c *sheetCheck) row(r *scannedRow) error {
	c.last = 0
	c.facts.rows++
	c.p.tally.rows++
	if r.hidden {
		c.facts.hiddenRows = append(c.facts.hiddenRows, r.num)
	}
	if err := c.within(c.p.tally.rows, c.p.lim.Rows, "too_many_rows", "rows"); err != nil {
		return err
	}
	return c.parts.add(piece{kind: pieceRow, row: int32(r.num)}, r.start, r.tagEnd)
}

func (c *sheetCheck) cell(cell *scannedCell) error {
	t, lim := &c.p.tally, &c.p.lim
	c.facts.cells++
	t.cells++
	if cell.array != (area{}) {
		c.facts.arrays = append(c.facts.arrays, cell.array)
	}
	if err := c.parts.cell(cell); err != nil {
		return err
	}
	if !cell.filled {
		return c.within(t.cells, lim.CellElements, "too_many_cells", "cells")
	}
	c.last = cell.col
	c.facts.filledCells++
	t.filledCells++
	if err := c.within(t.filledCells, lim.FilledCells, "too_many_cells", "filled cells"); err != nil {
		return err
	}
	if len(cell.own) > lim.CellText && utf16Len(cell.text()) > lim.CellText {
		return tooLong("sheet "+c.sheet.Name+", cell "+refName(cell.row, cell.col), *lim)
	}
	if t.text += c.weight(cell); t.text > lim.Text {
		return tooLarge("too_much_text", "the cells of the workbook show more than %d MiB of text", lim.Text>>20)
	}
	return nil
}

// weight is what reading the cell may cost, in bytes.
func (c *sheetCheck) weight(cell *scannedCell) int64 {
	if cell.sharedString >= 0 {
		return int64(c.p.strings.weights[cell.sharedString])
	}
	return int64(cell.end - cell.start)
}

func (c *sheetCheck) rowEnd(r *scannedRow, start, end int) error {
	if err := c.parts.rowEnd(r, start, end); err != nil || c.last == 0 {
		return err
	}
	t, lim := &c.p.tally, &c.p.lim
	c.facts.filledRows++
	t.filledRows++
	t.extent += c.last
	if err := c.within(t.filledRows, lim.FilledRows, "too_many_rows", "rows with text"); err != nil {
		return err
	}
	return c.within(t.extent, lim.Cells, "too_many_cells", "cells up to the last column of each row")
}

func (c *sheetCheck) within(n, limit int, code, what string) error {
	if n <= limit {
		return nil
	}
	return tooLarge(code, "the workbook has more than %d %s", limit, what)
}

// other collects from the elements around the cells.
func (c *sheetCheck) other(lx *lexer) error {
	switch {
	case lx.is(nsMain, "sheetFormatPr"):
		return c.format(lx)
	case lx.is(nsMain, "cols"):
		return c.each(lx, "col", c.column)
	case lx.is(nsMain, "mergeCells"):
		return c.each(lx, "mergeCell", c.merge)
	case lx.is(nsMain, "dataValidations"), lx.is(nsMain, "extLst"), lx.ns == nsOther:
		return c.validations(lx)
	default:
		return lx.skip()
	}
}

// each calls read at the start tag of every child of the name.
func (c *sheetCheck) each(lx *lexer, local string, read func(*lexer) error) error {
	depth := len(lx.stack)
	for {
		ok, err := lx.child(depth)
		if err != nil || !ok {
			return err
		}
		if lx.is(nsMain, local) {
			if err := read(lx); err != nil {
				return err
			}
		}
		if err := lx.skip(); err != nil {
			return err
		}
	}
}

func (c *sheetCheck) format(lx *lexer) error {
	zero, _ := lx.attr("zeroHeight")
	c.facts.rowsHidden = isTrue(zero)
	height, _ := lx.attr("defaultRowHeight")
	c.facts.defaultHeight, _ = parseSize(height)
	width, _ := lx.attr("defaultColWidth")
	c.facts.defaultWidth, _ = parseSize(width)
	return lx.skip()
}

func (c *sheetCheck) column(lx *lexer) error {
	from, _ := lx.attr("min")
	to, _ := lx.attr("max")
	first, ok1 := parseIndex(from)
	last, ok2 := parseIndex(to)
	if !ok1 || !ok2 || first < 1 || first > last || last > maxCol || len(c.facts.columns) >= maxCol {
		return c.badRef("columns %q to %q", from, to)
	}
	col := scannedColumns{first: first, last: last}
	hidden, _ := lx.attr("hidden")
	col.hidden = isTrue(hidden)
	width, _ := lx.attr("width")
	col.width, _ = parseSize(width)
	style, _ := lx.attr("style")
	col.style, _ = parseIndex(style)
	c.facts.columns = append(c.facts.columns, col)
	return nil
}

func (c *sheetCheck) merge(lx *lexer) error {
	ref, _ := lx.attr("ref")
	a, ok := parseArea(ref)
	if !ok {
		return c.badRef("merges %q", ref)
	}
	c.facts.merges = append(c.facts.merges, a)
	c.p.tally.merges++
	return c.within(c.p.tally.merges, c.p.lim.Merges, "too_many_merges", "merged ranges")
}

func (c *sheetCheck) badRef(format string, args ...any) error {
	return caiq.Errorf(caiq.Invalid, "bad_cell_reference", "sheet %q (%s) has "+format, append([]any{c.sheet.Name, c.sheet.Part}, args...)...).
		WithHint("the file is damaged: open it in a spreadsheet program and save it again")
}

// validations collects the data validations inside the element just entered,
// however deep: extension lists and alternate contents wrap them.
func (c *sheetCheck) validations(lx *lexer) error {
	depth := len(lx.stack)
	for {
		if err := lx.next(); err != nil {
			return err
		}
		switch {
		case lx.kind == tokEnd && len(lx.stack) < depth:
			return nil
		case lx.kind == tokStart && string(lx.local) == "dataValidation" && (lx.ns == nsMain || lx.ns == nsX14):
			if err := c.validation(lx); err != nil {
				return err
			}
		}
	}
}

func (c *sheetCheck) validation(lx *lexer) error {
	v := scannedValidation{kind: "none"}
	if kind := lx.attrText("type"); kind != "" {
		v.kind = kind
	}
	ref := []byte(lx.attrText("sqref"))
	depth := len(lx.stack)
	for {
		ok, err := lx.child(depth)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		switch local := string(lx.local); {
		case local == "formula2":
			err = lx.skip()
		case lx.ns == nsX12ac && local == "list":
			v.options, err = c.string(lx)
		case lx.ns == nsXM && local == "sqref":
			ref, err = elementText(lx, nil)
		case lx.ns == nsMain && local == "formula1", lx.ns == nsXM && local == "f":
			v.formula, err = c.string(lx)
		}
		if err != nil {
			return err
		}
	}
	c.p.tally.validations++
	if err := c.within(c.p.tally.validations, c.p.lim.Validations, "too_many_validations", "data validations"); err != nil {
		return err
	}
	if err := c.p.kept.keep(len(v.kind) + len(v.formula) + len(v.options)); err != nil {
		return err
	}
	return c.addValidation(v, ref)
}

// string returns the text of the element just entered.
func (c *sheetCheck) string(lx *lexer) (_ string, err error) {
	c.text, err = elementText(lx, c.text[:0])
	return string(c.text), err
}

func (c *sheetCheck) addValidation(v scannedValidation, ref []byte) error {
	for field := range bytes.FieldsSeq(ref) {
		a, ok := parseArea(field)
		if !ok {
			return c.badRef("a data validation over %q", field)
		}
		v.areas = append(v.areas, a)
		c.areas++
	}
	if err := c.within(c.areas, c.p.lim.Areas, "too_many_validations", "ranges of data validations"); err != nil {
		return err
	}
	c.facts.validations = append(c.facts.validations, v)
	return nil
}
