package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"caique/internal/caiq"
)

// Compared is how many answers VerifyOutput compares: cells of a workbook, rows
// of a table; a control mapping is compared as a whole.
func (m Manifest) Compared() (n int, noun string) {
	switch m.format() {
	case caiq.ExportCSV, caiq.ExportJSON:
		return len(m.Review.Answers), "answer"
	case caiq.ExportMapping:
		return 1, "file"
	default:
		return len(m.Cells), "cell"
	}
}

func (m Manifest) format() caiq.ExportFormat {
	if m.Review == nil {
		return caiq.ExportXLSX
	}
	return m.Review.Format
}

// verifyTable compares the rows of a table with the manifest: each answer that it
// names is there with its text and state, and no other row has one.
func verifyTable(name string, out []byte, m Manifest) caiq.Problems {
	rows, err := readTable(out, m.Review.Format)
	if err != nil {
		return caiq.Problems{{File: name, Code: "bad_table", Message: "this is no table of answers: " + err.Error()}}
	}
	want := make(map[int]ManifestAnswer, len(m.Review.Answers))
	for _, a := range m.Review.Answers {
		want[a.N] = a
	}
	var problems caiq.Problems
	add := func(n int, code, message string) {
		problems = append(problems, caiq.Problem{File: name, Field: "N " + strconv.Itoa(n), Code: code, Message: message})
	}
	seen := make(map[int]bool)
	for _, r := range rows {
		a, named := want[r.n]
		switch {
		case seen[r.n]:
			add(r.n, "row_repeated", "the row stands there twice")
		case !named && (r.state != "" || !slices.ContainsFunc(r.texts, caiq.Answer.Blank)):
			add(r.n, "answer_added", "the manifest names no answer here")
		case named && !slices.ContainsFunc(r.texts, func(t caiq.Answer) bool { return t.SHA256() == a.TextSHA256 }):
			add(r.n, "answer_changed", "the answer to "+string(a.Question)+" is not the text that was exported")
		case named && r.state != a.sent():
			add(r.n, "state_changed", fmt.Sprintf("the row says %q, the answer was exported as %q", r.state, a.sent()))
		}
		seen[r.n] = true
	}
	for _, a := range m.Review.Answers {
		if !seen[a.N] {
			add(a.N, "answer_missing", "the answer to "+string(a.Question)+" is not in the file")
		}
	}
	return problems
}

// sent is what a table says of an answer.
func (a ManifestAnswer) sent() string {
	if a.State == caiq.StateApproved && !a.Stale {
		return "approved"
	}
	return "draft"
}

// writtenRow is a row of a table as it was read again.
type writtenRow struct {
	n     int
	state string
	texts []caiq.Answer // what it may stand for, see plain
}

func readTable(out []byte, format caiq.ExportFormat) ([]writtenRow, error) {
	if format == caiq.ExportJSON {
		return readJSONTable(out)
	}
	r := csv.NewReader(bytes.NewReader(out))
	r.FieldsPerRecord = len(tableHeader())
	lines, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 || !slices.Equal(lines[0], tableHeader()) {
		return nil, errors.New("its first line does not name its columns")
	}
	rows := make([]writtenRow, 0, len(lines))
	for _, l := range lines[1:] {
		n, err := strconv.Atoi(l[0])
		if err != nil {
			return nil, err
		}
		rows = append(rows, writtenRow{n, l[8], plain(l[4:8])})
	}
	return rows, nil
}

func readJSONTable(out []byte) ([]writtenRow, error) {
	var doc struct {
		Answers []tableRow `json:"answers"`
	}
	if err := json.Unmarshal(out, &doc); err != nil {
		return nil, err
	}
	rows := make([]writtenRow, len(doc.Answers))
	for i, r := range doc.Answers {
		rows[i] = writtenRow{r.N, r.State, []caiq.Answer{r.Answer}}
	}
	return rows, nil
}

// plain returns the answers that four cells may stand for: an apostrophe at the
// beginning is either of the text or keeps it from being taken for a formula.
func plain(cells []string) []caiq.Answer {
	out := []caiq.Answer{{}}
	for i, set := range []func(*caiq.Answer, string){
		func(a *caiq.Answer, t string) { a.Value = caiq.Value(t) },
		func(a *caiq.Answer, t string) { a.Ownership = caiq.Ownership(t) },
		func(a *caiq.Answer, t string) { a.Description = t },
		func(a *caiq.Answer, t string) { a.Customer = t },
	} {
		readings := []string{cells[i]}
		if bare, ok := strings.CutPrefix(cells[i], "'"); ok {
			readings = append(readings, bare)
		}
		var next []caiq.Answer
		for _, a := range out {
			for _, t := range readings {
				set(&a, t)
				next = append(next, a)
			}
		}
		out = next
	}
	return out
}
