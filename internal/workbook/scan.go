package workbook

import (
	"strconv"

	"caique/internal/caiq"
)

// sheetScan walks through the rows and cells of one worksheet part.
type sheetScan struct {
	name    string // of the sheet, for messages
	lx      *lexer
	strings []string
	visit   sheetVisitor

	row     scannedRow
	cell    scannedCell
	lastRow int
	lastCol int
	value   []byte // scratch
	inline  []byte // scratch
}

// sheetVisitor is told what a scan meets, in the order of the file. Fields may
// be nil; what they point to is good until the call returns.
type sheetVisitor struct {
	// data gets the bytes of the sheetData start tag.
	data func(start, end int) error
	row  func(r *scannedRow) error
	cell func(c *scannedCell) error
	// rowEnd gets the bytes of the row's end tag, of no length when it is self-closing.
	rowEnd func(r *scannedRow, start, end int) error
	// dataEnd gets the bytes of the sheetData end tag.
	dataEnd func(start, end int) error
	// other gets every other child of the worksheet at its start tag and leaves it.
	other func(lx *lexer) error
}

// run scans the whole part.
func (s *sheetScan) run() error {
	if err := s.root(); err != nil {
		return err
	}
	seen := false
	for {
		ok, err := s.lx.child(1)
		switch {
		case err != nil:
			return err
		case !ok:
			return s.rest()
		case s.lx.is(nsMain, "sheetData") && seen:
			return s.corrupt("has its data twice")
		case s.lx.is(nsMain, "sheetData"):
			seen = true
			err = s.sheetData()
		case s.visit.other != nil:
			err = s.visit.other(s.lx)
		default:
			err = s.lx.skip()
		}
		if err != nil {
			return err
		}
	}
}

// root reads up to the worksheet's start tag.
func (s *sheetScan) root() error {
	ok, err := s.lx.child(0)
	if err != nil {
		return err
	}
	if !ok || !s.lx.is(nsMain, "worksheet") {
		return s.corrupt("is not a worksheet")
	}
	return nil
}

// rest reads to the end of the part.
func (s *sheetScan) rest() error {
	for s.lx.kind != tokEOF {
		if err := s.lx.next(); err != nil {
			return err
		}
	}
	return nil
}

func (s *sheetScan) sheetData() error {
	if s.visit.data != nil {
		if err := s.visit.data(s.lx.start, s.lx.pos); err != nil {
			return err
		}
	}
	depth := len(s.lx.stack)
	for {
		ok, err := s.lx.child(depth)
		switch {
		case err != nil:
			return err
		case !ok && s.visit.dataEnd != nil:
			return s.visit.dataEnd(s.lx.start, s.lx.pos)
		case !ok:
			return nil
		case !s.lx.is(nsMain, "row"):
			return s.corrupt("holds element %s among its rows", s.lx.name)
		}
		if err := s.scanRow(depth + 1); err != nil {
			return err
		}
	}
}

func (s *sheetScan) scanRow(depth int) error {
	if err := s.rowTag(); err != nil {
		return err
	}
	if s.visit.row != nil {
		if err := s.visit.row(&s.row); err != nil {
			return err
		}
	}
	for {
		ok, err := s.lx.child(depth)
		switch {
		case err != nil:
			return err
		case !ok && s.visit.rowEnd != nil:
			return s.visit.rowEnd(&s.row, s.lx.start, s.lx.pos)
		case !ok:
			return nil
		case !s.lx.is(nsMain, "c"):
			return s.corrupt("holds element %s in row %d", s.lx.name, s.row.num)
		}
		if err := s.scanCell(depth + 1); err != nil {
			return err
		}
	}
}

// rowTag reads the attributes of a row. Rows without a number follow the one before.
func (s *sheetScan) rowTag() error {
	r := &s.row
	*r = scannedRow{num: s.lastRow + 1, start: s.lx.start, tagEnd: s.lx.pos, empty: s.lx.empty}
	for _, a := range s.lx.attrs.list {
		name, value := s.lx.attrs.nameOf(a), s.lx.attrs.valueOf(a)
		ok := true
		switch string(name) {
		case "r":
			r.num, ok = parseRow(value)
		case "s":
			r.style, ok = parseIndex(value)
		case "customFormat":
			r.custom = isTrue(value)
		case "hidden":
			r.hidden = isTrue(value)
		case "ht":
			r.height, ok = parseSize(value)
		}
		if !ok {
			return s.badRef("row %d has %s %q", s.lastRow+1, name, value)
		}
	}
	if r.num <= s.lastRow || r.num > maxRow {
		return s.badRef("row %d comes after row %d", r.num, s.lastRow)
	}
	s.lastRow, s.lastCol = r.num, 0
	return nil
}

func isTrue(v []byte) bool { return string(v) == "1" || string(v) == "true" }

// parseSize reads a height or width: not negative, not absurd.
func parseSize(v []byte) (float64, bool) {
	f, err := strconv.ParseFloat(string(v), 64)
	return f, err == nil && f >= 0 && f < 1e6
}

func (s *sheetScan) badRef(format string, args ...any) error {
	return s.refuse("bad_cell_reference", format, args...)
}

func (s *sheetScan) corrupt(format string, args ...any) error {
	return s.refuse("corrupt_part", format, args...)
}

func (s *sheetScan) refuse(code, format string, args ...any) error {
	return caiq.Errorf(caiq.Invalid, code, "sheet %q (%s): "+format, append([]any{s.name, s.lx.part}, args...)...).
		WithHint("the file is damaged: open it in a spreadsheet program and save it again")
}

// scan walks through a sheet that passed the check.
func (b *book) scan(sh *sheet, lim Limits, visit sheetVisitor) error {
	return scanPart(sh.Name, sh.Part, sh.xml, b.strings, lim, visit)
}

func scanPart(name, part string, src []byte, strings []string, lim Limits, visit sheetVisitor) error {
	lx, err := newLexer(part, src, lim)
	if err != nil {
		return err
	}
	lx.most = len(src) // rows, cells and the like have limits of their own
	s := &sheetScan{name: name, lx: lx, strings: strings, visit: visit}
	return s.run()
}
