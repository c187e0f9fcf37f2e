package workbook

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

const (
	maxHeight     = 409.0 // points, Excel's limit
	lineFactor    = 1.36  // height of a line by font size: 15 points at size 11
	stdRowHeight  = 15.0  // points
	stdColWidth   = 8.43  // characters of the default font
	cellPadding   = 1.0   // characters that a cell does not use
	heightPadding = 2.0   // points, of texts over several lines
)

// fittedRows are rows whose edited texts do not show whole.
type fittedRows struct {
	heights map[int]float64 // new heights by row, in points
	clipped map[int]bool    // rows that need more than maxHeight
	low     map[int]bool    // rows whose height is fixed below what they need
}

// RowRef is a row of a sheet.
type RowRef struct {
	Sheet string `json:"sheet"`
	Row   int    `json:"row"`
}

// Clipped returns the rows in which the edits' texts do not show whole. Fitted by
// Patch these are the ones that need more than the 409 points that a row can
// have; else those of a fixed height below what they need. Spreadsheet programs
// set the others themselves.
func (f *File) Clipped(edits []Edit, fit bool) ([]RowRef, error) {
	if f.Kind == KindCSV {
		return nil, nil
	}
	placed, err := f.place(edits)
	if err != nil {
		return nil, err
	}
	var rows []RowRef
	for _, sh := range f.book.sheets {
		if len(placed[sh]) == 0 {
			continue
		}
		fitted, err := f.fitRows(sh, placed[sh])
		if err != nil {
			return nil, err
		}
		low := fitted.low
		if fit {
			low = fitted.clipped
		}
		for _, row := range slices.Sorted(maps.Keys(low)) {
			rows = append(rows, RowRef{sh.Name, row})
		}
	}
	return rows, nil
}

// fitRows returns the new heights of the rows whose edited texts do not show
// whole. It estimates by column width, font size and word wrap; texts in cells
// that do not wrap, and hidden rows, raise nothing.
func (f *File) fitRows(sh *sheet, edits []placedEdit) (*fittedRows, error) {
	look := &rowLook{book: f.book, facts: &sh.facts, src: sh.xml, edits: slices.Clone(edits), heights: map[int]float64{}, hidden: map[int]bool{}}
	if err := f.book.scan(sh, f.limits, sheetVisitor{row: look.row, cell: look.cell}); err != nil {
		return nil, err
	}
	return look.fit(), nil
}

// rowLook learns how the rows and cells of edits look.
type rowLook struct {
	book    *book
	facts   *sheetFacts
	src     []byte
	edits   []placedEdit
	heights map[int]float64
	hidden  map[int]bool
	seen    int // edits in rows before this index have their style
}

func (l *rowLook) row(r *scannedRow) error {
	if r.height > 0 {
		l.heights[r.num] = r.height
	}
	if r.hidden {
		l.hidden[r.num] = true
	}
	for ; l.seen < len(l.edits) && l.edits[l.seen].row <= r.num; l.seen++ {
		e := &l.edits[l.seen]
		var tag []byte
		if e.row == r.num {
			tag = l.src[r.start:r.tagEnd]
		}
		e.style = l.facts.newStyle(tag, e.col)
	}
	return nil
}

func (l *rowLook) cell(c *scannedCell) error {
	i, ok := slices.BinarySearchFunc(l.edits, c, func(e placedEdit, c *scannedCell) int {
		return e.compare(c.row, c.col)
	})
	if ok {
		l.edits[i].style = c.style
	}
	return nil
}

func (l *rowLook) fit() *fittedRows {
	for ; l.seen < len(l.edits); l.seen++ {
		e := &l.edits[l.seen]
		e.style = l.facts.newStyle(nil, e.col)
	}
	fitted, merges := &fittedRows{map[int]float64{}, map[int]bool{}, map[int]bool{}}, l.facts.anchors()
	for i := range l.edits {
		e := &l.edits[i]
		if e.Kind != EditText || e.Text == "" || l.hidden[e.row] {
			continue
		}
		place, merged := merges[[2]int{e.row, e.col}]
		if !merged {
			place = area{e.row, e.col, e.row, e.col}
		}
		lack := l.needed(e, place) - l.shown(place)
		if lack <= 0 {
			continue
		}
		if l.heights[e.row] > 0 {
			fitted.low[e.row] = true
		}
		height := math.Ceil(l.height(e.row) + lack)
		if height > maxHeight {
			height, fitted.clipped[e.row] = maxHeight, true
		}
		if height > l.height(e.row) {
			fitted.heights[e.row] = max(fitted.heights[e.row], height)
		}
	}
	return fitted
}

// height returns the present height of a row, in points.
func (l *rowLook) height(row int) float64 {
	switch h, ok := l.heights[row]; {
	case l.hidden[row]:
		return 0
	case ok:
		return h
	case l.facts.defaultHeight > 0:
		return l.facts.defaultHeight
	default:
		return stdRowHeight
	}
}

// shown returns the present height of a cell, merged or not, in points.
func (l *rowLook) shown(place area) float64 {
	sum := 0.0
	for row := place.top; row <= place.bottom && sum < maxHeight; row++ {
		sum += l.height(row)
	}
	return sum
}

// needed returns the height that the edit's text takes in its cell, in points.
func (l *rowLook) needed(e *placedEdit, place area) float64 {
	look := cellLook{size: defaultFontSize}
	if e.style < len(l.book.looks) {
		look = l.book.looks[e.style]
	}
	if !look.wraps {
		return 0
	}
	chars := (l.columnsWidth(place) - cellPadding) * l.book.defaultSize() / look.size
	line := look.size * lineFactor
	if lines := wrappedLines(e.Text, chars); lines > 1 {
		return float64(lines)*line + heightPadding
	}
	return math.Ceil(line)
}

func (l *rowLook) columnsWidth(place area) float64 {
	sum := 0.0
	for col := place.left; col <= place.right && sum < 255; col++ {
		sum += l.facts.columnWidth(col)
	}
	return sum
}

// columnWidth returns a column's width in characters, 0 when it is hidden.
func (f *sheetFacts) columnWidth(col int) float64 {
	for _, c := range f.columns {
		if c.first <= col && col <= c.last {
			if c.hidden {
				return 0
			}
			return cmp.Or(c.width, f.defaultWidth, stdColWidth)
		}
	}
	return cmp.Or(f.defaultWidth, stdColWidth)
}

// anchors returns the merged ranges by the row and column of their first cells.
func (f *sheetFacts) anchors() map[[2]int]area {
	byCell := make(map[[2]int]area, len(f.merges))
	for _, m := range f.merges {
		byCell[[2]int{m.top, m.left}] = m
	}
	return byCell
}

// defaultSize returns the size of the workbook's default font, in points.
func (b *book) defaultSize() float64 {
	if len(b.looks) == 0 {
		return defaultFontSize
	}
	return b.looks[0].size
}

// wrappedLines returns how many lines the text takes at so many characters a
// line, broken at blanks.
func wrappedLines(text string, chars float64) int {
	chars = max(chars, 1)
	lines := 0
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines++
		used := 0.0
		for word := range strings.FieldsSeq(paragraph) {
			w := displayWidth(word)
			if used > 0 && used+runeWidth(' ')+w > chars {
				lines++
				used = 0
			}
			if used > 0 {
				used += runeWidth(' ')
			}
			for used += w; used > chars; used -= chars {
				lines++
			}
		}
	}
	return lines
}

// displayWidth returns how many digits wide a word is.
func displayWidth(word string) float64 {
	sum := 0.0
	for _, r := range word {
		sum += runeWidth(r)
	}
	return sum
}

// runeWidth returns how many digits wide a character is, rounded up from the
// tables of Arial and Calibri: column widths are counted in digits, and prose is
// narrower. East Asian wide characters take two.
func runeWidth(r rune) float64 {
	switch {
	case strings.ContainsRune(" ,.:;!'|iljtfI/[]", r):
		return 0.55
	case strings.ContainsRune("rs-()\"", r):
		return 0.85
	case strings.ContainsRune("mwMW@%", r):
		return 1.6
	case r < 'A', 'a' <= r && r <= 'z':
		return 1
	case r < utf8.RuneSelf:
		return 1.25
	}
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1.1
}
