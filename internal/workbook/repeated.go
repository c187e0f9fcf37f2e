package workbook

import (
	"fmt"
	"slices"

	"caique/internal/caiq"
)

// askedSet holds the questions of some tables, to be compared by identifier and
// text together: two lists of the same numbers need not ask the same.
type askedSet struct {
	both    map[[2]string]bool // identifier and text hash
	texts   map[string]bool    // text hashes, whatever the identifier
	unnamed map[string]bool    // text hashes of questions without identifier
	ids     map[string]bool
}

// asked returns the questions that are wanted.
func (r *reading) asked(wanted func(*part, *caiq.Question) bool) *askedSet {
	a := &askedSet{make(map[[2]string]bool), make(map[string]bool), make(map[string]bool), make(map[string]bool)}
	r.each(func(p *part, q *caiq.Question) {
		if !wanted(p, q) {
			return
		}
		a.both[[2]string{q.ID, q.TextHash}] = true
		a.texts[q.TextHash] = true
		a.ids[q.ID] = true
		if q.ID == "" {
			a.unnamed[q.TextHash] = true
		}
	})
	return a
}

// has reports whether a question is among those asked. A formula without a value
// has no text to compare, so that its identifier decides.
func (a *askedSet) has(q *caiq.Question) bool {
	switch {
	case q.Text == "":
		return q.ID != "" && a.ids[q.ID]
	case q.ID == "":
		return a.texts[q.TextHash]
	default:
		return a.both[[2]string{q.ID, q.TextHash}] || a.unnamed[q.TextHash]
	}
}

// namesSheets reports whether a layout says which tables to read.
func namesSheets(layout *caiq.Layout) bool { return layout != nil && len(layout.Sheets) > 0 }

// leaveOut drops what nobody answers, and says so. What a layout names stays.
func (r *reading) leaveOut(layout *caiq.Layout) {
	r.dropMirrors(namesSheets(layout))
	if !namesSheets(layout) {
		r.dropReferences()
	}
}

// dropMirrors drops rows that only repeat, by formula, what another row asks and
// is answered: evaluation sheets, and sections that show answers given elsewhere.
// A table that a layout names is never dropped whole.
func (r *reading) dropMirrors(named bool) {
	open := r.asked(func(_ *part, q *caiq.Question) bool { return !mirror(q) && len(q.Targets) > 0 })
	drop := func(q caiq.Question) bool { return mirror(&q) && open.has(&q) }
	var kept []*part
	for _, p := range r.parts {
		left := slices.DeleteFunc(slices.Clone(p.questions), drop)
		if n := len(p.questions) - len(left); n > 0 && (len(left) > 0 || !named) {
			r.tell(p, "repeats_left_out", "%s not read: formulas there show answers to questions that other rows ask", rowsAre(n))
			p.questions = left
		}
		if len(p.questions) > 0 {
			kept = append(kept, p)
		}
	}
	r.parts = kept
}

// mirror reports whether the cells that would take the answer are formulas.
func mirror(q *caiq.Question) bool {
	found := false
	for _, role := range answerRoles() {
		if t := q.Target(role); t != nil {
			if t.Locked != lockedFormula {
				return false
			}
			found = true
		}
	}
	return found
}

// dropReferences drops what nobody answers when visible tables take answers:
// tables that list again what those ask, lone columns that happen to read like
// questions, and hidden lists behind the visible questions. It says what is left
// out.
func (r *reading) dropReferences() {
	asked := r.asked(func(p *part, _ *caiq.Question) bool { return p.t.answers() && !p.g.hidden })
	if len(asked.texts) == 0 {
		return
	}
	var kept []*part
	for _, p := range r.parts {
		if p.reference(asked) {
			r.noteReference(p, asked)
		} else {
			kept = append(kept, p)
		}
	}
	r.parts = kept
}

// Shares of a table's questions that must be asked elsewhere for the table to be
// there for looking up only: of one without answer cells, and of a hidden one
// that has them.
const (
	mostRepeated  = .5
	nearlyAllSame = .9
)

// reference reports whether a table is there to be looked up and not answered,
// given what the visible tables with answer cells ask.
func (p *part) reference(asked *askedSet) bool {
	repeated := float64(len(p.questions)-len(p.notAsked(asked))) / float64(len(p.questions))
	switch {
	case p.t.answers():
		return p.g.hidden && repeated >= nearlyAllSame
	case p.g.hidden:
		return true
	default:
		return len(p.t.headers) == 0 || len(p.t.columns) == 1 || repeated > mostRepeated
	}
}

// notAsked returns the table's questions that no visible table with answer cells
// asks, by identifier or else by cell.
func (p *part) notAsked(asked *askedSet) []string {
	var left []string
	for i := range p.questions {
		q := &p.questions[i]
		switch {
		case asked.has(q):
		case q.ID != "":
			left = append(left, q.ID)
		default:
			left = append(left, q.Cell)
		}
	}
	return left
}

// noteReference warns of a table that is dropped: how many rows, why, and which
// of them are asked nowhere else.
func (r *reading) noteReference(p *part, asked *askedSet) {
	n, left := len(p.questions), p.notAsked(asked)
	why := "the sheet has no column for answers"
	switch {
	case p.t.answers():
		why = "the sheet is hidden"
	case p.g.hidden:
		why = "the sheet is hidden and has no column for answers"
	}
	if len(left) == 0 {
		r.tell(p, "repeats_left_out", "%s not read: %s, and visible sheets ask the same by identifier and text", rowsAre(n), why)
		return
	}
	r.tell(p, "not_asked", "%s not read: %s; asked nowhere else: %s (name the sheet in a layout file, see --write-layout, to have it read)",
		rowsAre(n), why, someOf(left))
}

func (r *reading) tell(p *part, code, format string, args ...any) {
	r.warnings = append(r.warnings, caiq.Problem{Sheet: p.g.name, Code: code, Warning: true, Message: fmt.Sprintf(format, args...)})
}

func rowsAre(n int) string { return caiq.Counted(n, "row is", "rows are") }

// answers reports whether the table has a column that answers go to.
func (t *table) answers() bool {
	for role := range t.columns {
		if role.Writable() {
			return true
		}
	}
	return false
}
