package workbook

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// GuessLayout returns how the questionnaire was read, in the form of a layout
// file.
func GuessLayout(q *caiq.Questionnaire) caiq.Layout {
	l := caiq.Layout{Schema: 1, Format: q.Format}
	for _, s := range q.Sheets {
		l.Sheets = append(l.Sheets, caiq.Sheet{
			Name: s.Name, HeaderRows: slices.Clone(s.HeaderRows), Columns: maps.Clone(s.Columns), EveryRow: s.EveryRow,
		})
	}
	return l
}

// unknownFormat is the problem with the format that a layout names, if any.
func unknownFormat(c Catalog, format caiq.FormatID) caiq.Problems {
	known := append(slices.Clone(c.FormatIDs()), caiq.FormatCustom)
	if format == "" || slices.Contains(known, format) {
		return nil
	}
	names := make([]string, len(known))
	for i, id := range known {
		names[i] = string(id)
	}
	return caiq.Problems{{
		Field: "format", Code: "unknown_format",
		Message: fmt.Sprintf("there is no format %q; known are %s", format, strings.Join(names, ", ")),
	}}
}

// given takes the tables of a layout file. It returns problems for sheets, roles
// and columns that do not exist.
func (r *reading) given(layout *caiq.Layout) caiq.Problems {
	var problems caiq.Problems
	for i, s := range layout.Sheets {
		field := fmt.Sprintf("sheets[%d]", i)
		g := r.lists.sheets[strings.ToLower(s.Name)]
		if g == nil {
			problems = append(problems, caiq.Problem{
				Field: field + ".name", Code: "unknown_sheet",
				Message: fmt.Sprintf("the file has no sheet %q; it has %s", s.Name, r.sheetNames()),
			})
			continue
		}
		t, bad := givenTable(s, field)
		problems = append(problems, bad...)
		if len(bad) == 0 {
			t.last = lastRow(layout.Sheets, s)
			if !r.add(g, t) {
				r.warnings = append(r.warnings, caiq.Problem{
					Sheet: g.name, Code: "no_questions", Warning: true,
					Message: "the layout names this sheet, but no question was found in its column " + strings.ToUpper(s.Columns[caiq.RoleQuestion]),
				})
			}
		}
	}
	return problems
}

func (r *reading) sheetNames() string {
	names := make([]string, len(r.grids))
	for i, g := range r.grids {
		names[i] = fmt.Sprintf("%q", g.name)
	}
	return someOf(names)
}

// givenTable checks one sheet of a layout file.
func givenTable(s caiq.Sheet, field string) (table, caiq.Problems) {
	t := table{
		headers: slices.Compact(slices.Sorted(slices.Values(s.HeaderRows))), columns: make(map[caiq.Role]int),
		first: 1, last: math.MaxInt, everyRow: s.EveryRow,
	}
	var problems caiq.Problems
	bad := func(field, code, format string, args ...any) {
		problems = append(problems, caiq.Problem{Field: field, Code: code, Message: fmt.Sprintf(format, args...)})
	}
	for _, row := range s.HeaderRows {
		if row < 1 || row > maxRow {
			bad(field+".header_rows", "bad_row", "%d is no row of a sheet", row)
		}
	}
	for _, role := range slices.Sorted(maps.Keys(s.Columns)) {
		letters := strings.ToUpper(strings.TrimSpace(s.Columns[role]))
		col, ok := parseColumn([]byte(letters))
		switch {
		case !slices.Contains(caiq.Roles(), role):
			bad(field+".columns", "unknown_role", "%q is no column role; known are %s", role, roleNames())
		case !ok:
			bad(field+".columns."+string(role), "bad_column", "%q is no column of a sheet", s.Columns[role])
		case t.roleOf(col) != "":
			bad(field+".columns."+string(role), "column_twice", "column %s has another role already", letters)
		default:
			t.columns[role] = col
		}
	}
	if t.columns[caiq.RoleQuestion] == 0 && len(problems) == 0 {
		bad(field+".columns", "no_question_column", "names no question column")
	}
	return t, problems
}

func roleNames() string {
	var names []string
	for _, role := range caiq.Roles() {
		names = append(names, string(role))
	}
	return strings.Join(names, ", ")
}

// lastRow returns where a table of a layout ends: above the next one that names
// the same sheet.
func lastRow(sheets []caiq.Sheet, s caiq.Sheet) int {
	last := math.MaxInt
	for _, other := range sheets {
		if strings.EqualFold(other.Name, s.Name) && len(other.HeaderRows) > 0 && len(s.HeaderRows) > 0 {
			if begins := slices.Min(other.HeaderRows); begins > slices.Min(s.HeaderRows) {
				last = min(last, begins-1)
			}
		}
	}
	return last
}
