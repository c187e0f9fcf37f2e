package workbook

import "caique/internal/caiq"

// Limits bounds what a file may cost to read. Honest oddities (a styled row
// 1048576, validations over whole columns) cost nothing and are not limited:
// what counts is what a reader has to hold.
type Limits struct {
	File       int64 // bytes of the file itself
	Unzipped   int64 // bytes of all zip entries together, inflated
	Entry      int64 // bytes of one zip entry, inflated
	Parsed     int64 // bytes of the zip entries that are parsed together, inflated: they are held whole
	Kept       int64 // bytes of the texts taken from them and held besides: shared strings, names, lists
	Entries    int   // zip entries
	Comment    int   // bytes of the zip file's comment
	Depth      int   // nesting of XML elements
	Attributes int   // of one XML element
	Token      int   // bytes of one XML attribute, text or comment
	Elements   int   // XML elements of one part; sheets and shared strings may have many more

	Sheets        int   // of the workbook
	Rows          int   // row elements, all sheets together
	FilledRows    int   // rows that hold a filled cell, all sheets together
	FilledCells   int   // cells with a value or formula, all sheets together
	Cells         int   // sum over rows of the last filled column: what readers materialise
	CellElements  int   // cell elements, filled or not, all sheets together
	CellText      int   // UTF-16 code units of one cell
	Text          int64 // bytes of text, shared strings counted once for each cell that shows them
	Strings       int   // shared strings
	Merges        int   // merged ranges, all sheets together
	Validations   int   // data validations, all sheets together
	Areas         int   // ranges that the validations of one sheet name
	NumberFormat  int   // characters of one number format code
	Styles        int   // cell formats
	DefinedNames  int   // of the workbook
	Relationships int   // of one part
}

// DefaultLimits returns limits that let every honest questionnaire pass and
// keep a reader below some 100 MiB.
func DefaultLimits() Limits {
	return Limits{
		File:       25 << 20,
		Unzipped:   64 << 20,
		Entry:      48 << 20,
		Parsed:     32 << 20, // the largest of the published questionnaires has 6 MiB
		Kept:       16 << 20,
		Entries:    2_000,
		Comment:    1 << 10,
		Depth:      64,
		Attributes: 64,
		Token:      4 << 20, // a validation may name thousands of ranges
		Elements:   300_000,

		Sheets:        64,
		Rows:          250_000,
		FilledRows:    50_000,
		FilledCells:   300_000,
		Cells:         1_000_000,
		CellElements:  1_000_000,
		CellText:      32_767,
		Text:          64 << 20,
		Strings:       200_000,
		Merges:        20_000,
		Validations:   65_534,
		Areas:         200_000,
		NumberFormat:  1_024,
		Styles:        65_490,
		DefinedNames:  20_000,
		Relationships: 20_000,
	}
}

// textRoom is how many bytes the text of a cell takes at most before _xHHHH_ is
// decoded: an escape for each code unit.
func (l *Limits) textRoom() int { return l.CellText * escapeLen }

// tooLarge refuses what exceeds a limit. No questionnaire does.
func tooLarge(code, format string, args ...any) *caiq.Error {
	return caiq.Errorf(caiq.TooLarge, code, format, args...).
		WithHint("no questionnaire is that large: copy the sheets with questions into a new workbook and give that one")
}

// unusual refuses what no spreadsheet program writes.
func unusual(kind caiq.Kind, code, format string, args ...any) *caiq.Error {
	return caiq.Errorf(kind, code, format, args...).
		WithHint("no spreadsheet program writes such a file: ask whoever sent it, or open it in one and save it again as .xlsx")
}
