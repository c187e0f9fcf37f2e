package workbook

import (
	"strings"

	"caique/internal/caiq"
)

// sectionTitles returns what begins a section in a repeated header, by row: where
// the identifiers or questions stand, the header says what the rows below are
// about ("Company Information | | Answer"). A header that says the same each time
// says nothing of the kind.
func (r *tableReader) sectionTitles() map[int]string {
	titles, distinct := make(map[int]string), make(map[string]bool)
	for i, row := range r.t.headers {
		above := i > 0 && r.t.headers[i-1] == row-1
		below := i+1 < len(r.t.headers) && r.t.headers[i+1] == row+1
		if above || below {
			continue // one header over several rows
		}
		if title := r.titleIn(row); title != "" {
			titles[row] = title
			distinct[title] = true
		}
	}
	if len(distinct) < 2 {
		return nil
	}
	return titles
}

// titleIn returns the first text of a header row that heads neither identifiers
// nor questions and stands in their columns.
func (r *tableReader) titleIn(row int) string {
	for _, role := range []caiq.Role{caiq.RoleID, caiq.RoleQuestion} {
		col := r.t.columns[role]
		if col == 0 {
			continue
		}
		text := strings.TrimSpace(r.g.at(row, col).text)
		if text != "" && r.vocabulary.role(text).role != role {
			return text
		}
	}
	return ""
}

// titledShare of the cells of domains have two lines where the second is the title
// of a control, and so many of the first lines repeat.
const (
	titledShare   = .9
	repeatedShare = .5
)

// titledDomains reports whether the cells of domains hold the title of a control on
// a second line, as in CAIQ 3.0.1: nearly all have two lines, and few first lines
// stand before many second ones.
func (r *tableReader) titledDomains() bool {
	col := r.t.columns[caiq.RoleDomain]
	if col == 0 {
		return false
	}
	filled, first, whole := 0, make(map[string]bool), make(map[string]bool)
	two := 0
	for _, row := range r.g.rows {
		text := tidy(row.at(col).text)
		if row.num <= r.t.headerEnd() || row.num > r.t.last || r.t.isHeader(row.num) || text == "" {
			continue
		}
		filled++
		domain, title, ok := strings.Cut(text, "\n")
		if ok && strings.TrimSpace(title) != "" {
			two++
		}
		first[oneLine(domain)], whole[oneLine(text)] = true, true
	}
	return two > 0 && float64(two) >= titledShare*float64(filled) && float64(len(first)) <= repeatedShare*float64(len(whole))
}

// domain returns the domain of a row and, where its cell holds it too, the title
// of its control.
func (r *tableReader) domain(row gridRow) (domain, title string) {
	text := tidy(r.filled(row, caiq.RoleDomain))
	if !r.titled {
		return oneLine(text), ""
	}
	domain, title, _ = strings.Cut(text, "\n")
	return oneLine(domain), oneLine(title)
}
