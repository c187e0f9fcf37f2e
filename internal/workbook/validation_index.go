package workbook

import (
	"cmp"
	"container/heap"
	"slices"
)

// listValidation returns the list validation of a cell in a filled row, or nil.
// Where several apply, which Excel does not allow, the last one in the file wins.
func (g *grid) listValidation(row, col int) *scannedValidation {
	i, ok := g.rowIndex(row)
	if !ok {
		return nil
	}
	in, known := g.listsByColumn[col]
	if !known {
		in = g.sweepLists(col)
		if g.listsByColumn == nil {
			g.listsByColumn = make(map[int][]int)
		}
		g.listsByColumn[col] = in
	}
	if in == nil || in[i] < 0 {
		return nil
	}
	return &g.validations[in[i]]
}

// listArea is a run of rows of one column under a list validation.
type listArea struct{ top, bottom, validation int }

// sweepLists returns for each filled row the index of the list validation that
// applies in the column, or -1. It goes down the rows once, however many areas a
// file declares.
func (g *grid) sweepLists(col int) []int {
	areas := g.listAreas(col)
	if len(areas) == 0 {
		return nil
	}
	in := make([]int, len(g.rows))
	var open listHeap
	next := 0
	for i, row := range g.rows {
		for ; next < len(areas) && areas[next].top <= row.num; next++ {
			heap.Push(&open, areas[next])
		}
		for len(open) > 0 && open[0].bottom < row.num {
			heap.Pop(&open)
		}
		in[i] = -1
		if len(open) > 0 {
			in[i] = open[0].validation
		}
	}
	return in
}

// listAreas returns the areas of list validations in the column, from the top.
func (g *grid) listAreas(col int) []listArea {
	var areas []listArea
	for i, v := range g.validations {
		if v.kind != "list" {
			continue
		}
		for _, a := range v.areas {
			if a.left <= col && col <= a.right {
				areas = append(areas, listArea{a.top, a.bottom, i})
			}
		}
	}
	slices.SortStableFunc(areas, func(a, b listArea) int { return cmp.Compare(a.top, b.top) })
	return areas
}

// listHeap holds the areas that are open at a row, the last declared on top.
type listHeap []listArea

func (h listHeap) Len() int           { return len(h) }
func (h listHeap) Less(i, j int) bool { return h[i].validation > h[j].validation }
func (h listHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *listHeap) Push(x any)        { *h = append(*h, x.(listArea)) } // heap.Interface: it is always one
func (h *listHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
