package workbook

import (
	"path/filepath"
	"strings"
	"unicode/utf16"

	"caique/internal/caiq"
)

// csvSheet is the sheet name under which the cells of a CSV file are addressed.
const csvSheet = "CSV"

// csvFile is a CSV file, read: its text, and where each field lies in it.
type csvFile struct {
	encoding  textEncoding
	text      string // decoded, without byte order mark
	delimiter byte   // ',', ';' or tab
	records   []csvRecord
}

// csvRecord is one record; record n is row n of the sheet, blank lines included.
type csvRecord struct {
	line       int // of the text, 1-based, where the record begins
	start, end int // bytes of the text without the line end
	next       int // where the next record begins
	fields     []csvField
}

// csvField is one field; start and end include its quotes.
type csvField struct {
	start, end int
	text       string // without quotes
}

// openCSV reads a CSV or TSV file in UTF-8 or UTF-16. It is strict: a quote that
// is not closed or stands inside a field without quotes is refused, for guessing
// would shift questions and answers.
//
// Codes: bad_encoding, nul_character, csv_quote, too_many_rows, too_many_cells,
// cell_too_long.
func openCSV(name string, data []byte, lim Limits) (*File, error) {
	c, err := readCSV(name, data, lim, 0)
	if err != nil {
		return nil, err
	}
	f := newFile(name, KindCSV, data, lim)
	f.csv = c
	if f.named(".xlsx") {
		f.Warnings = append(f.Warnings, caiq.Problem{
			Code: "read_as_csv", Warning: true,
			Message: name + " is no workbook, whatever its name says: it is text, and is read and written as CSV",
		})
	}
	return f, nil
}

// named reports whether the file's name ends so.
func (f *File) named(ending string) bool {
	return strings.EqualFold(filepath.Ext(f.Name), ending)
}

// readCSV reads a CSV file with the delimiter, or with the one that a separator
// line names or the records show when delimiter is 0.
func readCSV(name string, data []byte, lim Limits, delimiter byte) (*csvFile, error) {
	text, encoding, err := decodeText(name, data)
	if err != nil {
		return nil, err
	}
	c := &csvFile{encoding: encoding, text: text}
	begin := c.separatorLine()
	if c.delimiter == 0 {
		c.delimiter = delimiter
	}
	if c.delimiter == 0 {
		c.delimiter = sniffDelimiter(text)
	}
	p := &csvParser{name: name, text: text, pos: begin, line: 1 + lineEnds(text[:begin]), delimiter: c.delimiter, limits: lim}
	c.records, err = p.all()
	return c, err
}

// separatorLine reads the line "sep=;" that Excel understands and returns where
// the records begin.
func (c *csvFile) separatorLine() int {
	line, _, found := strings.Cut(c.text, "\n")
	switch strings.TrimSuffix(line, "\r") {
	case "sep=,", "sep=;", "sep=\t":
		if found {
			c.delimiter = line[len("sep=")]
			return len(line) + 1
		}
	}
	return 0
}

// grid returns the records as a sheet.
func (c *csvFile) grid() *grid {
	g := &grid{name: csvSheet}
	for i, r := range c.records {
		row := gridRow{num: i + 1}
		for j, f := range r.fields {
			if strings.TrimSpace(f.text) != "" {
				row.cells = append(row.cells, gridCell{col: j + 1, text: f.text})
			}
		}
		if len(row.cells) > 0 {
			g.rows = append(g.rows, row)
		}
	}
	return g
}

// csvParser walks through the text once.
type csvParser struct {
	name      string
	text      string
	pos, line int
	delimiter byte
	limits    Limits
	cells     int
}

// all reads all records.
func (p *csvParser) all() ([]csvRecord, error) {
	var records []csvRecord
	for p.pos < len(p.text) {
		if len(records) == p.limits.Rows {
			return nil, tooLarge("too_many_rows", "%s has more than %d rows", p.name, p.limits.Rows)
		}
		r, err := p.record()
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, nil
}

func (p *csvParser) record() (csvRecord, error) {
	r := csvRecord{line: p.line, start: p.pos}
	for {
		f, err := p.field()
		if err != nil {
			return r, err
		}
		r.fields = append(r.fields, f)
		if p.cells++; p.cells > p.limits.Cells || len(r.fields) > maxCol {
			return r, tooLarge("too_many_cells", "%s, line %d: more cells than the %d that are read", p.name, p.line, p.limits.Cells)
		}
		if p.pos == len(p.text) || p.text[p.pos] != p.delimiter {
			break
		}
		p.pos++
	}
	r.end = p.pos
	p.skipLineEnd()
	r.next = p.pos
	return r, nil
}

func (p *csvParser) skipLineEnd() {
	for _, end := range []string{"\r\n", "\n", "\r"} {
		if strings.HasPrefix(p.text[p.pos:], end) {
			p.pos += len(end)
			p.line++
			return
		}
	}
}

func (p *csvParser) field() (csvField, error) {
	f, line := csvField{start: p.pos}, p.line
	var err error
	if p.pos < len(p.text) && p.text[p.pos] == '"' {
		f.text, err = p.quoted()
		if err != nil && p.bareQuotes() {
			p.pos, p.line = f.start, line
			f.text, err = p.plain()
		}
	} else {
		f.text, err = p.plain()
	}
	f.end = p.pos
	if err == nil && utf16Length(f.text) > p.limits.CellText {
		err = tooLarge("cell_too_long", "%s, line %d: a field is longer than the %d characters a cell can hold", p.name, p.line, p.limits.CellText)
	}
	return f, err
}

// quoted reads a field in quotes; doubled quotes inside stand for one.
func (p *csvParser) quoted() (string, error) {
	line := p.line
	p.pos++
	var text strings.Builder
	for {
		i := strings.IndexByte(p.text[p.pos:], '"')
		if i < 0 {
			return "", p.quoteError(line, "a quoted field is not closed")
		}
		p.line += lineEnds(p.text[p.pos : p.pos+i])
		text.WriteString(p.text[p.pos : p.pos+i])
		p.pos += i + 1
		if p.pos == len(p.text) || p.text[p.pos] != '"' {
			break
		}
		text.WriteByte('"')
		p.pos++
	}
	if p.pos < len(p.text) && !p.atEnd() {
		return "", p.quoteError(p.line, "text follows the closing quote of a field")
	}
	return text.String(), nil
}

// plain reads a field without quotes.
func (p *csvParser) plain() (string, error) {
	start := p.pos
	for p.pos < len(p.text) && !p.atEnd() {
		if p.text[p.pos] == '"' && !p.bareQuotes() {
			return "", p.quoteError(p.line, "a quote stands inside a field without quotes")
		}
		p.pos++
	}
	return p.text[start:p.pos], nil
}

// bareQuotes reports whether a quote that does not enclose its field stands for
// itself, as it does between tabs; elsewhere it is a sign of damage.
func (p *csvParser) bareQuotes() bool { return p.delimiter == '\t' }

// atEnd reports whether a field ends here.
func (p *csvParser) atEnd() bool {
	c := p.text[p.pos]
	return c == p.delimiter || c == '\n' || c == '\r'
}

func (p *csvParser) quoteError(line int, what string) error {
	return caiq.Errorf(caiq.Invalid, "csv_quote", "%s, line %d: %s", p.name, line, what).
		WithHint("put fields with quotes in quotes and double the quotes inside: \"say \"\"yes\"\"\"; or save the sheet as .xlsx")
}

// lineEnds counts the line ends in a text: CR LF is one.
func lineEnds(s string) int {
	return strings.Count(s, "\n") + strings.Count(s, "\r") - strings.Count(s, "\r\n")
}

// utf16Length returns the length of a text in UTF-16 code units.
func utf16Length(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// sniffDelimiter returns the delimiter under which most of the first records
// have the same number of fields, and more than one.
func sniffDelimiter(text string) byte {
	best, bestShare, bestFields := byte(','), 0.0, 1
	for _, delimiter := range []byte{',', ';', '\t'} {
		fields, share := regularity(text, delimiter)
		if fields > 1 && (share > bestShare || share == bestShare && fields > bestFields) {
			best, bestShare, bestFields = delimiter, share, fields
		}
	}
	return best
}

// sniffed is how many records decide about the delimiter.
const sniffed = 64

// regularity returns the most common number of fields among the first records
// and the share of records that have it; nothing when the text does not parse.
func regularity(text string, delimiter byte) (fields int, share float64) {
	lim := DefaultLimits()
	p := &csvParser{text: text, delimiter: delimiter, limits: lim}
	counts := make(map[int]int)
	records := 0
	for p.pos < len(text) && records < sniffed {
		r, err := p.record()
		if err != nil {
			return 0, 0
		}
		if r.start == r.end {
			continue // a blank line
		}
		records++
		n := len(r.fields)
		if counts[n]++; counts[n] > counts[fields] || counts[n] == counts[fields] && n > fields {
			fields = n
		}
	}
	return fields, float64(counts[fields]) / float64(max(records, 1))
}
