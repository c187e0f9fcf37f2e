package workbook

import "slices"

// grids returns the worksheets of the file as the scanner sees them, or the one
// table of a CSV file.
func (f *File) grids() ([]*grid, error) {
	if f.csv != nil {
		return []*grid{f.csv.grid()}, nil
	}
	grids := make([]*grid, 0, len(f.book.sheets))
	for _, sh := range f.book.sheets {
		g, err := f.grid(sh)
		if err != nil {
			return nil, err
		}
		grids = append(grids, g)
	}
	return grids, nil
}

// grid reads one sheet; sheets without cells give an empty grid.
func (f *File) grid(sh *sheet) (*grid, error) {
	g := &grid{
		name:        sh.Name,
		hidden:      sh.Hidden,
		merges:      slices.Clone(sh.facts.merges),
		columns:     sh.facts.columns,
		validations: sh.facts.validations,
		arrays:      sh.facts.arrays,
		looks:       f.book.looks,
	}
	if !sh.Worksheet {
		return g, nil
	}
	hidden := sh.facts.hiddenRows
	err := f.book.scan(sh, f.limits, sheetVisitor{cell: func(c *scannedCell) error {
		if c.filled {
			g.add(c, hidden)
		}
		return nil
	}})
	return g, err
}

// add appends a cell; the scanner gives them in ascending order.
func (g *grid) add(c *scannedCell, hiddenRows []int) {
	if n := len(g.rows); n == 0 || g.rows[n-1].num != c.row {
		_, hidden := slices.BinarySearch(hiddenRows, c.row)
		g.rows = append(g.rows, gridRow{num: c.row, hidden: hidden})
	}
	row := &g.rows[len(g.rows)-1]
	row.cells = append(row.cells, gridCell{col: c.col, text: c.text(), formula: c.formula, boolean: c.typ == cellBoolean, style: int32(c.style)})
}
