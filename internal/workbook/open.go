package workbook

import "caique/internal/caiq"

// Kind says what sort of file was opened.
type Kind string

// The kinds of files that Open accepts.
const (
	KindXLSX Kind = "xlsx"
	KindCSV  Kind = "csv" // any delimiter
)

// File is an uploaded file that passed the check and is ready to be read. It
// does not change and may be used by several goroutines.
type File struct {
	Name     string        // base name, for messages
	SHA256   string        // of the bytes, lower-case hex
	Kind     Kind          //
	Warnings caiq.Problems // what was let pass and should be known: external links, signatures

	data   []byte
	limits Limits
	book   *book    // of a workbook
	csv    *csvFile // of a CSV file
}

// SheetPart is one sheet of a workbook, in the order of its tabs.
type SheetPart struct {
	Name        string
	Part        string // zip entry: "xl/worksheets/sheet1.xml"
	Hidden      bool   // hidden or very hidden
	VeryHidden  bool   // shown by a macro only
	Worksheet   bool   // false for chart and dialog sheets, which hold no cells
	FilledRows  int    // rows that hold a filled cell
	FilledCells int    // cells with a value or formula
}
