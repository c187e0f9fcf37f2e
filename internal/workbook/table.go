package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// WriteCSV writes lines of cells as CSV in UTF-8 (RFC 4180), every cell quoted.
// Texts that a spreadsheet program would take for formulas get an apostrophe.
func WriteCSV(lines [][]string) []byte {
	var b strings.Builder
	for _, line := range lines {
		for i, cell := range line {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(neutralise(cell), `"`, `""`) + `"`)
		}
		b.WriteString("\r\n")
	}
	return []byte(b.String())
}

// Table is a sheet to be written: a title row, then lines of texts.
type Table struct {
	Name   string
	Header []string
	Widths []float64 // of the columns, in characters
	Lines  [][]string
}

// WriteTables writes a new workbook with one sheet for each table. Cells are
// texts, never formulas. The same tables give the same bytes.
func WriteTables(tables ...Table) (_ []byte, err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = fmt.Errorf("write tables: %w", e)
		}
	}()
	styles, err := newTableStyles(f)
	if err != nil {
		return nil, err
	}
	for i, t := range tables {
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("write table %s: %w", t.Name, err)
		}
		if err := styles.write(f, t); err != nil {
			return nil, fmt.Errorf("write table %s: %w", t.Name, err)
		}
	}
	buf, err := f.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("write tables: %w", err)
	}
	return inOrder(buf.Bytes())
}

// inOrder packs a workbook anew with its parts sorted by name: excelize writes
// them in the changing order of a map.
func inOrder(data []byte) ([]byte, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("write tables: %w", err)
	}
	slices.SortFunc(r.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range r.File {
		if err := w.Copy(part); err != nil {
			return nil, fmt.Errorf("write tables: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("write tables: %w", err)
	}
	return out.Bytes(), nil
}

// tableStyles are the two looks of a table's cells.
type tableStyles struct{ header, text int }

func newTableStyles(f *excelize.File) (s tableStyles, err error) {
	top := excelize.Alignment{Vertical: "top", WrapText: true}
	s.header, err = f.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Alignment: &top,
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7E6E6"}},
	})
	if err == nil {
		s.text, err = f.NewStyle(&excelize.Style{Alignment: &top})
	}
	if err != nil {
		return s, fmt.Errorf("styles: %w", err)
	}
	return s, nil
}

func (s tableStyles) write(f *excelize.File, t Table) error {
	w, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	for i, width := range t.Widths {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, line := range append([][]string{t.Header}, t.Lines...) {
		style := s.text
		if i == 0 {
			style = s.header
		}
		row := make([]any, len(line))
		for j, text := range line {
			row[j] = excelize.Cell{StyleID: style, Value: text}
		}
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := w.SetRow(cell, row); err != nil {
			return err
		}
	}
	return w.Flush()
}
