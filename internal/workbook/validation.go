package workbook

import (
	"strings"
)

// choice is the list of values that a cell's validation allows.
type choice struct {
	values []string
	// unknown is set when the list depends on a formula that is not computed
	// here; then nobody can say which values are right.
	unknown bool
}

// lists resolves the validation lists of one workbook.
type lists struct {
	sheets map[string]*grid // by lower-case name
	index  map[string]int   // of the sheet in the workbook, by lower-case name
	names  []definedName
	known  map[listKey]*choice
}

type listKey struct{ sheet, formula, options string }

func newLists(grids []*grid, names []definedName) *lists {
	l := &lists{
		sheets: make(map[string]*grid, len(grids)),
		index:  make(map[string]int, len(grids)),
		names:  names,
		known:  make(map[listKey]*choice),
	}
	for i, g := range grids {
		l.sheets[strings.ToLower(g.name)] = g
		l.index[strings.ToLower(g.name)] = i
	}
	return l
}

// at returns the list of values that the validation of a cell in a filled row
// allows, or nil when it has none.
func (l *lists) at(g *grid, row, col int) *choice {
	v := g.listValidation(row, col)
	if v == nil {
		return nil
	}
	key := listKey{g.name, v.formula, v.options}
	c, ok := l.known[key]
	if !ok {
		c = l.resolve(v, g)
		l.known[key] = c
	}
	return c
}

func (l *lists) resolve(v *scannedValidation, g *grid) *choice {
	if v.options != "" {
		return &choice{values: splitOptions(v.options)}
	}
	return l.formula(v.formula, g, maxNameHops)
}

// maxNameHops is how many names may lead to each other before a range.
const maxNameHops = 8

// formula resolves an inline list, a range or a name.
func (l *lists) formula(formula string, g *grid, hops int) *choice {
	formula = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(formula), "="))
	if inline, ok := unquote(formula, '"'); ok {
		return &choice{values: cleanOptions(strings.Split(inline, ","))}
	}
	if values, ok := l.rangeValues(formula, g); ok {
		return &choice{values: values}
	}
	if hops > 0 {
		if ref, ok := l.name(formula, g); ok {
			return l.formula(ref, g, hops-1)
		}
	}
	return &choice{unknown: true}
}

// rangeValues reads the cells of "$A$1:$A$3" or "'Other sheet'!$A$1:$A$3".
func (l *lists) rangeValues(formula string, g *grid) ([]string, bool) {
	sheet, ref := splitSheet(formula)
	if sheet != "" {
		g = l.sheets[strings.ToLower(sheet)]
	}
	a, ok := parseArea([]byte(ref))
	if g == nil || !ok || a.left != a.right && a.top != a.bottom {
		return nil, false
	}
	var values []string
	for _, row := range g.rows {
		for _, c := range row.cells {
			if a.contains(row.num, c.col) {
				values = append(values, c.text)
			}
		}
	}
	return cleanOptions(values), true
}

// name returns what a defined name stands for; a sheet's own name wins.
func (l *lists) name(name string, g *grid) (string, bool) {
	_, name = splitSheet(name)
	ref, found := "", false
	for _, n := range l.names {
		if !strings.EqualFold(n.name, name) {
			continue
		}
		if n.sheet == l.index[strings.ToLower(g.name)] {
			return n.ref, true
		}
		if n.sheet < 0 {
			ref, found = n.ref, true
		}
	}
	return ref, found
}

// splitSheet splits "'Other sheet'!A1" into the sheet's name and the rest.
func splitSheet(ref string) (sheet, rest string) {
	i := strings.LastIndexByte(ref, '!')
	if i < 0 {
		return "", ref
	}
	sheet = ref[:i]
	if name, ok := unquote(sheet, '\''); ok {
		sheet = name
	}
	return sheet, ref[i+1:]
}

// unquote takes off quotes and halves the doubled ones inside. It is false when
// the text is not one quoted piece.
func unquote(s string, quote byte) (string, bool) {
	if len(s) < 2 || s[0] != quote || s[len(s)-1] != quote {
		return "", false
	}
	one, two := string(quote), string([]byte{quote, quote})
	inner := strings.ReplaceAll(s[1:len(s)-1], two, "\x00")
	if strings.Contains(inner, one) {
		return "", false
	}
	return strings.ReplaceAll(inner, "\x00", one), true
}

// splitOptions splits an x12ac list, where options that hold commas are quoted.
func splitOptions(list string) []string {
	var options []string
	var option strings.Builder
	quoted := false
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '"' && quoted && i+1 < len(list) && list[i+1] == '"':
			option.WriteByte('"')
			i++
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			options = append(options, option.String())
			option.Reset()
		default:
			option.WriteByte(c)
		}
	}
	return cleanOptions(append(options, option.String()))
}

// cleanOptions drops blank options and the blanks around the others, as
// spreadsheet programs do when they show the list. Nil is left of a list of
// blanks, which allows any text.
func cleanOptions(options []string) []string {
	var clean []string
	for _, o := range options {
		if o = strings.TrimSpace(o); o != "" {
			clean = append(clean, o)
		}
	}
	return clean
}
