package workbook

// book is a workbook that passed the check.
type book struct {
	sheets  []*sheet
	strings []string // shared strings, final texts
	names   []definedName
}

// sheet is one sheet with its bytes.
type sheet struct {
	SheetPart
	facts sheetFacts
	xml   []byte // the part, inflated; nil unless it is a worksheet
}
