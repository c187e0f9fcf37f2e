package workbook

import (
	"bytes"
)

// scanCell reads the cell element that was just entered.
func (s *sheetScan) scanCell(depth int) error {
	c := &s.cell
	*c = scannedCell{row: s.row.num, col: s.lastCol + 1, start: s.lx.start, tagEnd: s.lx.pos, sharedString: -1}
	if err := s.cellTag(c); err != nil {
		return err
	}
	var parts cellParts
	for {
		ok, err := s.lx.child(depth)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := s.cellChild(c, &parts); err != nil {
			return err
		}
	}
	c.end = s.lx.pos
	if err := s.resolve(c, &parts); err != nil {
		return err
	}
	s.lastCol = c.col
	if s.visit.cell == nil {
		return nil
	}
	return s.visit.cell(c)
}

// cellParts is what a cell element holds, before its type gives it a meaning.
type cellParts struct {
	value, inline       []byte // good until the next cell
	hasValue, hasInline bool
}

// cellTag reads the attributes of a cell. Cells without a reference follow the one before.
func (s *sheetScan) cellTag(c *scannedCell) error {
	for _, a := range s.lx.attrs.list {
		name, value := s.lx.attrs.nameOf(a), s.lx.attrs.valueOf(a)
		ok := true
		switch string(name) {
		case "r":
			c.row, c.col, ok = parseRef(value)
		case "s":
			c.style, ok = parseIndex(value)
		case "t":
			c.typ, ok = parseCellType(value)
		}
		if !ok {
			return s.badRef("row %d has a cell with %s %q", s.row.num, name, value)
		}
	}
	if c.row != s.row.num || c.col <= s.lastCol || c.col > maxCol {
		return s.badRef("cell %s stands in row %d after column %d", refName(c.row, c.col), s.row.num, s.lastCol)
	}
	return nil
}

func parseCellType(v []byte) (cellType, bool) {
	switch string(v) {
	case "n":
		return cellNumber, true
	case "s":
		return cellShared, true
	case "str":
		return cellFormula, true
	case "inlineStr":
		return cellInline, true
	case "b":
		return cellBoolean, true
	case "e":
		return cellError, true
	case "d":
		return cellDate, true
	default:
		return cellNumber, false
	}
}

// cellChild reads one child of a cell.
func (s *sheetScan) cellChild(c *scannedCell, parts *cellParts) (err error) {
	switch {
	case s.lx.ns != nsMain:
		return s.lx.skip()
	case string(s.lx.local) == "v" && !parts.hasValue:
		parts.hasValue = true
		s.value, err = elementText(s.lx, s.value[:0])
		parts.value = s.value
	case string(s.lx.local) == "is" && !parts.hasInline:
		parts.hasInline = true
		s.inline, err = richText(s.lx, s.inline[:0])
		parts.inline = s.inline
	case string(s.lx.local) == "f" && !c.formula:
		c.formula = true
		if err := s.formulaTag(c); err != nil {
			return err
		}
		err = skipText(s.lx)
	case string(s.lx.local) == "extLst":
		return s.lx.skip()
	default:
		return s.corrupt("cell %s holds element %s, or holds it twice", refName(c.row, c.col), s.lx.name)
	}
	return s.placed(err)
}

// placed says of a text that is too long in which cell it stands.
func (s *sheetScan) placed(err error) error {
	if err == nil {
		return nil
	}
	return placeLong(err, "sheet "+s.name+", cell "+refName(s.cell.row, s.cell.col), s.lx.lim)
}

// formulaTag notes the range of an array formula or data table.
func (s *sheetScan) formulaTag(c *scannedCell) error {
	kind, _ := s.lx.attr("t")
	if string(kind) != "array" && string(kind) != "dataTable" {
		return nil
	}
	ref, _ := s.lx.attr("ref")
	a, ok := parseArea(ref)
	if !ok {
		return s.badRef("cell %s has a formula over range %q", refName(c.row, c.col), ref)
	}
	c.array = a
	return nil
}

// resolve gives the cell its text.
func (s *sheetScan) resolve(c *scannedCell, parts *cellParts) error {
	c.filled = parts.hasValue || parts.hasInline || c.formula
	switch {
	case c.typ == cellShared && parts.hasValue:
		i, ok := parseIndex(bytes.TrimSpace(parts.value))
		if !ok || i >= len(s.strings) {
			return s.corrupt("cell %s refers to shared string %q of %d", refName(c.row, c.col), parts.value, len(s.strings))
		}
		c.sharedString, c.shared = i, s.strings[i]
	case c.typ == cellInline && parts.hasInline, !parts.hasValue:
		c.own = decodeEscaped(parts.inline)
	case c.typ == cellFormula || c.typ == cellInline:
		c.own = decodeEscaped(parts.value)
	case c.typ == cellBoolean:
		return s.resolveBoolean(c, parts.value)
	default:
		c.own = parts.value
	}
	return nil
}

func (s *sheetScan) resolveBoolean(c *scannedCell, value []byte) error {
	switch string(value) {
	case "1", "true":
		c.own = []byte{'1'}
	case "0", "false", "":
		c.own = []byte{'0'}
	default:
		return s.corrupt("cell %s has the truth value %q", refName(c.row, c.col), value)
	}
	return nil
}
