package workbook

import (
	"cmp"
	"slices"
	"sort"
)

// grid is one worksheet as the scanner sees it, or one CSV file: the cells that
// hold something, by row and column, with what bears on reading and writing them.
type grid struct {
	name        string
	hidden      bool
	rows        []gridRow      // ascending by num
	merges      []area         // not overlapping
	byColumn    map[int][]area // merges by column, ascending; filled as columns are asked for
	columns     []scannedColumns
	validations []scannedValidation
	arrays      []area // ranges that one array formula fills
	looks       []cellLook
	// listsByColumn is, by column and row of rows, the list validation that applies.
	listsByColumn map[int][]int
}

// gridRow is a row that holds at least one cell with text or formula.
type gridRow struct {
	num    int // 1-based
	hidden bool
	cells  []gridCell // ascending by col
}

// gridCell is a cell that holds something.
type gridCell struct {
	col     int    // 1-based
	text    string // resolved and decoded; "1" or "0" for booleans
	formula bool   // text is the cached value of a formula
	boolean bool
	style   int32 // index into the looks of the sheet
}

// orUnread returns the cell's text, or words in its stead when it is a formula
// that no spreadsheet program has computed yet.
func (c gridCell) orUnread() string {
	if c.formula && c.text == "" {
		return "formula without value"
	}
	return c.text
}

// area is a rectangle of cells, 1-based and inclusive.
type area struct{ top, left, bottom, right int }

func (a area) contains(row, col int) bool {
	return a.top <= row && row <= a.bottom && a.left <= col && col <= a.right
}

// at returns the cell, or an empty one.
func (g *grid) at(row, col int) gridCell {
	if r := g.row(row); r != nil {
		return r.at(col)
	}
	return gridCell{col: col}
}

func (g *grid) row(num int) *gridRow {
	i, ok := g.rowIndex(num)
	if !ok {
		return nil
	}
	return &g.rows[i]
}

func (g *grid) rowIndex(num int) (int, bool) {
	return slices.BinarySearchFunc(g.rows, num, func(r gridRow, num int) int { return cmp.Compare(r.num, num) })
}

func (r *gridRow) at(col int) gridCell {
	i, found := slices.BinarySearchFunc(r.cells, col, func(c gridCell, col int) int { return cmp.Compare(c.col, col) })
	if !found {
		return gridCell{col: col}
	}
	return r.cells[i]
}

// merge returns the merged range that the cell lies in.
func (g *grid) merge(row, col int) (area, bool) {
	in := g.mergesIn(col)
	i := sort.Search(len(in), func(i int) bool { return in[i].bottom >= row })
	if i == len(in) || !in[i].contains(row, col) {
		return area{}, false
	}
	return in[i], true
}

// mergesIn returns the merged ranges that reach into the column, from the top.
// A sheet has thousands of merges and few columns that matter.
func (g *grid) mergesIn(col int) []area {
	if in, known := g.byColumn[col]; known {
		return in
	}
	var in []area
	for _, m := range g.merges {
		if m.left <= col && col <= m.right {
			in = append(in, m)
		}
	}
	slices.SortFunc(in, func(a, b area) int { return cmp.Compare(a.top, b.top) })
	if g.byColumn == nil {
		g.byColumn = make(map[int][]area)
	}
	g.byColumn[col] = in
	return in
}

// filled returns the cell's text, or that of the anchor of its merged range.
func (g *grid) filled(row, col int) string {
	if m, ok := g.merge(row, col); ok {
		row, col = m.top, m.left
	}
	return g.at(row, col).text
}

// look returns what cells of a style look like.
func (g *grid) look(style int32) cellLook {
	if style < 0 || int(style) >= len(g.looks) {
		return cellLook{}
	}
	return g.looks[style]
}

// columnHidden reports whether the whole column is hidden.
func (g *grid) columnHidden(col int) bool {
	return slices.ContainsFunc(g.columns, func(c scannedColumns) bool { return c.hidden && c.first <= col && col <= c.last })
}

// inArray reports whether an array formula fills the cell.
func (g *grid) inArray(row, col int) bool {
	return slices.ContainsFunc(g.arrays, func(a area) bool { return a.contains(row, col) })
}
