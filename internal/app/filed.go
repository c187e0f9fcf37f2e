package app

import (
	"fmt"
	"slices"
	"strings"

	"caique/internal/caiq"
	"caique/internal/workbook"
)

// KeptAnswer is a row in which an export leaves what the uploaded file holds.
type KeptAnswer struct {
	N int `json:"n"`
	OldAnswer
}

// OverwrittenAnswer is a row in which an export puts another answer in the place of
// the one that the uploaded file gives.
type OverwrittenAnswer struct {
	N        int        `json:"n"`
	Question caiq.Ref   `json:"question"`
	Sheet    string     `json:"sheet"`
	Cell     string     `json:"cell"`
	File     caiq.Value `json:"file"` // what stood there
	Answer   caiq.Value `json:"answer"`
}

// fileAnswer is what the file itself answers to a question, and in which cell.
func fileAnswer(q *caiq.Question) (caiq.Value, string) {
	if len(q.Existing) == 0 || q.Editorial {
		return "", q.Cell
	}
	v := Row{Question: q}.FileValue()
	for role, says := range map[caiq.Role]caiq.Value{caiq.RoleAnswer: v, caiq.RoleYes: caiq.Yes, caiq.RoleNo: caiq.No, caiq.RoleNA: caiq.NA} {
		if t := q.Target(role); t != nil && says == v && q.Existing[role] != "" {
			return v, t.Cell
		}
	}
	return v, q.Cell
}

// contradiction warns that the file itself gives another answer.
func contradiction(q *caiq.Question, v caiq.Value) (caiq.Problem, bool) {
	file, cell := fileAnswer(q)
	if file == "" || v == "" || file == v {
		return caiq.Problem{}, false
	}
	return caiq.Problem{
		Sheet: q.Sheet, Cell: cell, Field: "answer", Code: "contradicts_file", Warning: true,
		Message: fmt.Sprintf("the file itself answers %s here, and this answer is %s: the export replaces the one by the other", file, v),
	}, true
}

// keeps lists the cells of a row that hold something of the file's own, where no
// answer of ours takes its place: all of those of a row that is left out, else
// those that may not be written.
func keeps(q *caiq.Question, left bool) []string {
	if q.Editorial {
		return nil
	}
	var cells []string
	for _, t := range q.Targets {
		text := q.Existing[t.Role]
		unticked := t.Boolean && text == "0"
		if text != "" && !unticked && (left || t.Locked != "") {
			cells = append(cells, t.Cell)
		}
	}
	return cells
}

// judgeFile says what becomes of the uploaded file's own answers, and which of ours
// find no cell in it.
func (x *snapshot) judgeFile(voc caiq.Vocabulary) {
	if x.in.Format != caiq.ExportXLSX {
		return
	}
	sent, placed := 0, 0
	for i := range x.rows {
		row := &x.rows[i]
		q, n := &row.Question.Question, row.Answer.N
		if cells := keeps(q, row.out == leaveOut); len(cells) > 0 {
			x.check.Kept = append(x.check.Kept, KeptAnswer{n, OldAnswer{q.Key, q.Sheet, cells}})
		}
		if row.out == leaveOut {
			continue
		}
		sent++
		if row.noCell = !x.place(row, voc); !row.noCell {
			placed++
		}
		if p, contradicts := contradiction(q, row.Answer.Value); contradicts {
			file, cell := fileAnswer(q)
			x.check.Warnings = append(x.check.Warnings, p)
			x.overwritten = append(x.overwritten, OverwrittenAnswer{n, q.Key, q.Sheet, cell, file, row.Answer.Value})
		}
	}
	if sent > 0 && placed == 0 { // said once
		x.check.Warnings = slices.DeleteFunc(x.check.Warnings, func(p caiq.Problem) bool { return p.Code == "no_cell" })
		x.problem(caiq.Problem{
			Code: "no_answer_cells", Field: "format",
			Message: "nothing can be written into this file: it has no cells for answers. Export it as csv or json, or upload it again with a layout that names its answer column",
		})
	}
	x.judgeKept()
}

// place reports whether an answer that goes out finds a cell, and warns where it or a
// text of it does not. What does not fit its cell is a problem of the answer's own.
func (x *snapshot) place(row *exportRow, voc caiq.Vocabulary) bool {
	q := &row.Question.Question
	edits, err := workbook.Edits(q, row.Answer.Answer, voc)
	if err == nil && len(edits) == 0 {
		x.check.Warnings = append(x.check.Warnings, caiq.Problem{
			Sheet: q.Sheet, Cell: q.Cell, Code: "no_cell", Warning: true, Message: "the file has no cell for this answer: it is not in the export",
		})
		return false
	}
	if text, why := workbook.Unplaced(q, row.Answer.Answer, voc); text != "" {
		x.check.Warnings = append(x.check.Warnings, caiq.Problem{
			Sheet: q.Sheet, Cell: q.Cell, Code: needUnplaced, Warning: true,
			Message: "what explains the answer has no cell to go into and is not in the export: " + why,
		})
	}
	return true
}

// maxNamed is how many places one message names.
const maxNamed = 10

// judgeKept keeps what nobody approved here from going out unseen: whoever exports
// says so, and the manifest names it.
func (x *snapshot) judgeKept() {
	kept := x.check.Kept
	if len(kept) == 0 || x.in.KeepExisting {
		return
	}
	var places []string
	for _, k := range kept[:min(maxNamed, len(kept))] {
		places = append(places, k.Sheet+"!"+strings.Join(k.Cells, ","))
	}
	more := ""
	if n := len(kept) - len(places); n > 0 {
		more = fmt.Sprintf(" and %d more, see kept of the export check", n)
	}
	x.problem(caiq.Problem{
		Sheet: kept[0].Sheet, Cell: kept[0].Cells[0], Field: "keep_existing", Code: "kept_answers",
		Message: fmt.Sprintf("the uploaded file holds texts of its own in %s that nobody approved here, and they would stay in it: %s%s. "+
			"Approve answers for these rows, or export with keep_existing: true; the manifest then names them",
			caiq.Counted(len(kept), "row", "rows"), strings.Join(places, "; "), more),
	})
}
