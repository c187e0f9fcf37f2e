package workbook

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// mark is what stands in the chosen one of several X-mark columns.
const mark = "x"

// Edits returns the cells to write so that the question says the answer: the
// value in the answer cell or as a mark that moves between columns, each text in
// its own column, and what has none in the nearest free-text cell. Cells of the
// row that held something else are emptied. A blank answer gives no edits.
//
// Every value is one of its cell's own list; voc decides where there is none,
// and Yes, No and N/A where the format has no vocabulary. Codes: "not_in_list"
// when the list lacks the value, "locked_cell" when no cell may take it,
// "bad_text" when no cell can hold the text. Text that no cell is there for,
// beside a drop-down list and nothing else, is left out; Unplaced tells it.
func Edits(q *caiq.Question, a caiq.Answer, voc caiq.Vocabulary) ([]Edit, error) {
	if a.Blank() {
		return nil, nil
	}
	if voc == (caiq.Vocabulary{}) {
		voc = caiq.Vocabulary{Yes: "Yes", No: "No", NA: "N/A"}
	}
	w := &answerWriter{q: q, voc: voc, told: a.Description != ""}
	w.value(a.Value)
	w.ownership(a.Ownership)
	w.texts(a)
	w.clearRest()
	if w.err != nil {
		return nil, w.err
	}
	return w.edits, nil
}

// answerWriter collects the edits of one question; the first error stays.
type answerWriter struct {
	q     *caiq.Question
	voc   caiq.Vocabulary
	told  bool // the answer has a description
	edits []Edit
	err   error
	// unplaced is text that no cell may take, and noCell why.
	unplaced, noCell string
}

// free returns the question's cell of the role if it may be written, else nil.
func (w *answerWriter) free(role caiq.Role) *caiq.Target {
	if t := w.q.Target(role); t != nil && t.Locked == "" {
		return t
	}
	return nil
}

// value writes Yes, No or NA where the file has cells for it.
func (w *answerWriter) value(v caiq.Value) {
	if v == "" || w.textAnswer() {
		return // goes with the text
	}
	if t := w.free(caiq.RoleAnswer); t != nil {
		w.answerCell(t, v)
		return
	}
	if w.marks() {
		w.moveMark(v)
		return
	}
	for _, role := range answerRoles() {
		if t := w.q.Target(role); t != nil {
			w.fail(t, "locked_cell", "may not be written: "+t.Locked)
		}
	}
}

// marks reports whether X marks say the answer.
func (w *answerWriter) marks() bool {
	return w.free(caiq.RoleYes) != nil || w.free(caiq.RoleNo) != nil || w.free(caiq.RoleNA) != nil
}

// textAnswer reports whether value and text share one free-text cell: there is
// an answer cell for any text and no other, or a comments cell and no answer cell.
func (w *answerWriter) textAnswer() bool {
	if t := w.q.Target(caiq.RoleAnswer); t != nil {
		return t.Locked == "" && t.Allowed == nil && !t.Boolean && w.free(caiq.RoleNotes) == nil && w.free(caiq.RoleDescription) == nil
	}
	return !w.q.Has(caiq.RoleYes) && !w.q.Has(caiq.RoleNo) && !w.q.Has(caiq.RoleNA)
}

func (w *answerWriter) answerCell(t *caiq.Target, v caiq.Value) {
	if t.Boolean {
		w.checkBox(t, v)
		return
	}
	if v == caiq.Yes && t.Allowed == nil && w.told && caiq.AsksOpenly(w.q.Text) {
		w.add(t, EditText, seeComment)
		return
	}
	if text, ok := caiq.Spell(v, t.Allowed, w.voc); ok {
		w.add(t, EditText, text)
		return
	}
	if t.Allowed == nil || caiq.Lacks(v, t.Allowed) {
		w.notInList(t, string(v))
		return
	}
	w.fail(t, "not_in_list", "offers "+anyOf(t.Allowed)+", and Caique does not choose among them")
}

// seeComment answers "How do you …?" beside a cell that tells how.
const seeComment = "See comment."

// checkBox ticks or unticks a single check box; it can say Yes and No only.
func (w *answerWriter) checkBox(t *caiq.Target, v caiq.Value) {
	if v == caiq.NA {
		w.fail(t, "not_in_list", "is a check box, which cannot say NA")
		return
	}
	w.edits = append(w.edits, Edit{Sheet: w.q.Sheet, Cell: t.Cell, Kind: EditBool, Bool: v == caiq.Yes})
}

// moveMark marks the column of the value and clears the marks of the others.
func (w *answerWriter) moveMark(v caiq.Value) {
	chosen := map[caiq.Value]caiq.Role{caiq.Yes: caiq.RoleYes, caiq.No: caiq.RoleNo, caiq.NA: caiq.RoleNA}[v]
	if t := w.q.Target(chosen); t == nil || t.Locked != "" {
		w.err = caiq.Errorf(caiq.Invalid, "not_in_list", "%s!%s: the file has no cell to mark as %s", w.q.Sheet, w.q.Cell, v)
		return
	}
	for _, role := range []caiq.Role{caiq.RoleYes, caiq.RoleNo, caiq.RoleNA} {
		t := w.free(role)
		if t == nil {
			continue
		}
		switch {
		case t.Boolean:
			w.edits = append(w.edits, Edit{Sheet: w.q.Sheet, Cell: t.Cell, Kind: EditBool, Bool: role == chosen})
		case role == chosen:
			w.add(t, EditText, spellMark(t.Allowed))
		case w.q.Existing[role] != "":
			w.add(t, EditClear, "")
		}
	}
}

// spellMark returns the mark as the cell's list spells it. A list of a mark
// column offers the mark and, at most, a blank.
func spellMark(allowed []string) string {
	i := slices.IndexFunc(allowed, func(a string) bool { return strings.EqualFold(a, mark) })
	switch {
	case i >= 0:
		return allowed[i]
	case len(allowed) > 0:
		return allowed[0]
	default:
		return mark
	}
}

func (w *answerWriter) ownership(o caiq.Ownership) {
	t := w.free(caiq.RoleOwnership)
	if t == nil || o == caiq.OwnerNone {
		return
	}
	if text, ok := caiq.SpellOwnership(o, t.Allowed); ok {
		w.add(t, EditText, text)
		return
	}
	w.notInList(t, string(o))
}

// texts writes description and customer responsibilities to their columns, and
// what has no column of its own to the first free-text cell.
func (w *answerWriter) texts(a caiq.Answer) {
	rest := a
	if w.free(caiq.RoleOwnership) != nil {
		rest.Ownership = caiq.OwnerNone
	}
	if t := w.free(caiq.RoleCustomer); t != nil {
		w.text(t, a.Customer)
		rest.Customer = ""
	}
	description, notes := w.free(caiq.RoleDescription), w.free(caiq.RoleNotes)
	if description != nil && notes != nil {
		w.text(description, a.Description)
		rest.Description = ""
	}
	free := notes
	if free == nil {
		free = description
	}
	shared := w.textAnswer()
	if shared && w.q.Has(caiq.RoleAnswer) {
		free = w.free(caiq.RoleAnswer)
	}
	text := caiq.ComposeText(rest)
	if shared {
		text = w.withValue(a.Value, text)
	}
	if free != nil {
		w.text(free, text)
		return
	}
	w.unplaced, w.noCell = text, w.whyNoCell()
}

// whyNoCell says why the row has no cell for free text.
func (w *answerWriter) whyNoCell() string {
	for _, role := range []caiq.Role{caiq.RoleNotes, caiq.RoleDescription} {
		if t := w.q.Target(role); t != nil {
			return t.Cell + " may not be written: " + t.Locked
		}
	}
	return "the file has no column for it"
}

// Unplaced tells what Edits leaves out: text of the answer that no cell may take,
// and why. Both are "" when all of it is written.
func Unplaced(q *caiq.Question, a caiq.Answer, voc caiq.Vocabulary) (text, why string) {
	if a.Blank() {
		return "", ""
	}
	w := &answerWriter{q: q, voc: voc, told: a.Description != ""}
	w.texts(a)
	if w.unplaced == "" {
		return "", ""
	}
	return w.unplaced, w.noCell
}

// withValue puts the spelled value before the text, "Yes. We …", unless the question
// asks how.
func (w *answerWriter) withValue(v caiq.Value, text string) string {
	value, _ := caiq.Spell(v, nil, w.voc)
	switch {
	case value == "", v == caiq.Yes && text != "" && caiq.AsksOpenly(w.q.Text):
		return text
	case text == "":
		return value
	default:
		return value + ". " + text
	}
}

// clearRest empties the row's other cells that hold part of an earlier answer:
// an old owner or duty beside the new answer would be said by nobody.
func (w *answerWriter) clearRest() {
	for _, role := range caiq.Roles() {
		t := w.free(role)
		if t == nil || t.Boolean || w.q.Existing[role] == "" {
			continue
		}
		if !slices.ContainsFunc(w.edits, func(e Edit) bool { return e.Cell == t.Cell }) {
			w.add(t, EditClear, "")
		}
	}
}

// text writes a free text; nothing to say leaves the cell alone.
func (w *answerWriter) text(t *caiq.Target, text string) {
	if text == "" {
		return
	}
	if t.Allowed != nil && !slices.Contains(t.Allowed, text) {
		w.notInList(t, text)
		return
	}
	if err := caiq.CheckText(text); err != nil {
		w.fail(t, "bad_text", "cannot hold the text: "+err.Error())
		return
	}
	w.add(t, EditText, text)
}

func (w *answerWriter) add(t *caiq.Target, kind EditKind, text string) {
	w.edits = append(w.edits, Edit{Sheet: w.q.Sheet, Cell: t.Cell, Kind: kind, Text: text})
}

func (w *answerWriter) notInList(t *caiq.Target, value string) {
	const shown = 60
	if r := []rune(value); len(r) > shown {
		value = string(r[:shown]) + "…"
	}
	w.fail(t, "not_in_list", "takes "+anyOf(t.Allowed)+", not "+value)
}

// anyOf is "1, 2 or 3", of long lists the beginning.
func anyOf(values []string) string {
	last := len(values) - 1
	if last < 1 || last >= few {
		return someOf(values)
	}
	return strings.Join(values[:last], ", ") + " or " + values[last]
}

func (w *answerWriter) fail(t *caiq.Target, code, what string) {
	if w.err == nil {
		w.err = caiq.Errorf(caiq.Invalid, code, "%s!%s %s", w.q.Sheet, t.Cell, what)
	}
}
