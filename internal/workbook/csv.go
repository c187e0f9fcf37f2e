package workbook

import "caique/internal/caiq"

// csvFile is a CSV file, read.
type csvFile struct{}

func openCSV(_ string, _ []byte, _ Limits) (*File, error) {
	return nil, caiq.Errorf(caiq.Unsupported, "csv", "CSV files are not read yet")
}

func (f *File) patchCSV(_ []Edit) ([]byte, error) {
	return nil, caiq.Errorf(caiq.Unsupported, "csv", "CSV files are not written yet")
}

func (f *File) verifyCSV(_ []byte, _ []Edit) error {
	return caiq.Errorf(caiq.Unsupported, "csv", "CSV files are not verified yet")
}
