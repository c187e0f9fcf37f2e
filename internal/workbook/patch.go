package workbook

// EditKind says what an edit writes.
type EditKind uint8

// The kinds of edits.
const (
	EditText  EditKind = iota // Text, as it is: never a formula, never a number
	EditBool                  // Bool, for check-box cells
	EditClear                 // nothing: the cell is emptied and keeps its style
)

// Edit is one cell to write.
type Edit struct {
	Sheet string // name of the sheet
	Cell  string // "C12"
	Kind  EditKind
	Text  string
	Bool  bool
}

// PatchOptions are the two changes outside the edited cells that may be asked for.
type PatchOptions struct {
	// FitRows raises rows with edited texts so that the texts show whole.
	FitRows bool
	// Recalculate makes spreadsheet programs compute all formulas on opening.
	Recalculate bool
}
