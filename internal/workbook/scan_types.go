package workbook

// cellType is the t attribute of a cell.
type cellType uint8

const (
	cellNumber    cellType = iota // n or none; also dates by style
	cellShared                    // s: index into the shared strings
	cellFormula                   // str: cached text of a formula
	cellInline                    // inlineStr
	cellBoolean                   // b
	cellError                     // e
	cellDate                      // d: ISO 8601
	cellTypeCount = iota
)

// scannedCell is one cell element of a sheet.
type scannedCell struct {
	row, col int // 1-based
	style    int // index into the cell formats, 0 when the cell names none
	typ      cellType
	formula  bool   // holds a formula; the text is its cached value
	filled   bool   // holds a value (be it an empty text) or a formula
	own      []byte // the text, unless it is a shared string; good until the visit returns
	shared   string // the text, if it is a shared string

	start, end   int // the element's bytes in the part
	tagEnd       int // end of its start tag
	array        area
	sharedString int // index, -1 if there is none
}

// text returns the cell's text, final: shared strings resolved, rich text
// flattened without phonetic runs, entities and _xHHHH_ decoded, line ends as
// line feeds; "1" or "0" for booleans; otherwise the value as the file spells it.
func (c *scannedCell) text() string {
	if c.sharedString >= 0 {
		return c.shared
	}
	return string(c.own)
}

// scannedRow is one row element of a sheet.
type scannedRow struct {
	num    int // 1-based
	hidden bool
	style  int     // default style of new cells, when custom is set
	custom bool    // customFormat
	height float64 // points; 0 when the row names none

	start, tagEnd int  // the start tag's bytes in the part
	empty         bool // self-closing
}

// scannedColumns is one col element: a run of columns.
type scannedColumns struct {
	first, last int // 1-based, inclusive
	hidden      bool
	style       int
	width       float64 // characters of the default font; 0 when it names none
}

// scannedValidation is one data validation, of the sheet itself or of its x14
// extension list.
type scannedValidation struct {
	kind  string // type attribute: "list", "whole", …; "none" when absent
	areas []area
	// formula is formula1 or xm:f: `"Yes,No,NA"`, `Lists!$A$1:$A$5`, `Answers`.
	formula string
	// options is the x12ac:list text, which stands in for a formula1 whose
	// options hold commas: `Yes,No,"Yes, in part"`. Empty when there is none.
	options string
}

// sheetFacts is what the check of a sheet keeps for readers, so that nobody has
// to look for it again.
type sheetFacts struct {
	rows, filledRows, cells, filledCells int

	merges      []area // in the order of the file
	validations []scannedValidation
	columns     []scannedColumns
	hiddenRows  []int // ascending
	arrays      []area
	// rowsHidden is set when rows are hidden unless they say otherwise (zeroHeight).
	rowsHidden    bool
	defaultHeight float64 // points
	defaultWidth  float64 // characters of the default font
}

// definedName is one name of the workbook: a named range or formula.
type definedName struct {
	name  string
	sheet int    // index of the sheet whose own name it is, -1 for the whole workbook
	ref   string // "Lists!$A$1:$A$5"
}
