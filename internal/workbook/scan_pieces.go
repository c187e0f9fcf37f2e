package workbook

// piece is a run of bytes of a sheet's part: the start or end tag of its data or
// of a row, a whole cell, or what stands between them. It holds positions
// instead of slices: there are many, and the garbage collector need not look.
type piece struct {
	row        int32 // of rows and cells
	start, end int32
	col        int16 // of cells
	kind       pieceKind
	formula    bool // the cell holds a formula
}

type pieceKind uint8

const (
	pieceOther pieceKind = iota // what stands around the data, and blanks or comments inside
	pieceData
	pieceDataEnd
	pieceRow
	pieceRowEnd
	pieceCell
)

// pieces takes a sheet apart while it is scanned.
type pieces struct {
	each func(piece) error // gets the pieces, in order
	at   int               // each has got the part up to here
}

// visitor returns a visitor that takes the sheet apart. Its functions may be
// wrapped.
func (p *pieces) visitor() sheetVisitor {
	return sheetVisitor{
		data:    func(start, end int) error { return p.add(piece{kind: pieceData}, start, end) },
		row:     func(r *scannedRow) error { return p.add(piece{kind: pieceRow, row: int32(r.num)}, r.start, r.tagEnd) },
		cell:    p.cell,
		rowEnd:  p.rowEnd,
		dataEnd: func(start, end int) error { return p.add(piece{kind: pieceDataEnd}, start, end) },
	}
}

func (p *pieces) cell(c *scannedCell) error {
	return p.add(piece{kind: pieceCell, row: int32(c.row), col: int16(c.col), formula: c.formula}, c.start, c.end)
}

func (p *pieces) rowEnd(r *scannedRow, start, end int) error {
	return p.add(piece{kind: pieceRowEnd, row: int32(r.num)}, start, end)
}

// add adds a piece, after one for what stands between it and the last.
func (p *pieces) add(x piece, start, end int) error {
	if err := p.upTo(start); err != nil {
		return err
	}
	x.start, x.end = int32(start), int32(end)
	p.at = end
	return p.each(x)
}

// upTo adds what stands between the last piece and the position.
func (p *pieces) upTo(pos int) error {
	if p.at == pos {
		return nil
	}
	x := piece{start: int32(p.at), end: int32(pos)}
	p.at = pos
	return p.each(x)
}

// of returns the piece's bytes.
func (x piece) of(src []byte) []byte { return src[x.start:x.end] }
