package app

import (
	"strconv"

	"caique/internal/caiq"
	"caique/internal/workbook"
)

// tableRow is one question of an export as a table.
type tableRow struct {
	N        int      `json:"n"`
	Key      caiq.Ref `json:"key"`
	ID       string   `json:"id"`
	Domain   string   `json:"domain"`
	Question string   `json:"question"`
	Sheet    string   `json:"sheet"`
	Cell     string   `json:"cell"`
	caiq.Answer
	State string `json:"state"` // "approved", "draft", or "" where no answer goes out
}

// tableHeader is the first line of an export as CSV.
func tableHeader() []string {
	return []string{"N", "ID", "Domain", "Question", "Answer", "Ownership", "Description", "Customer responsibilities", "State"}
}

// table writes the questions and the answers that go out as CSV or JSON.
func (x *snapshot) table() ([]byte, error) {
	rows := make([]tableRow, len(x.rows))
	for i, row := range x.rows {
		q := row.Question.Question
		rows[i] = tableRow{N: row.Question.N, Key: q.Key, ID: q.ID, Domain: q.Domain, Question: q.Text, Sheet: q.Sheet, Cell: q.Cell}
		if row.out == leaveOut {
			continue
		}
		rows[i].Answer, rows[i].State = row.Answer.Answer, row.state()
	}
	if x.in.Format == caiq.ExportJSON {
		return encodeJSON(map[string]any{
			"schema": 1, "questionnaire": x.record.Name, "format": x.record.Reading.Format, "as_of": x.asOf, "audience": x.in.Audience,
			"statement": statement(x.record.Product, x.asOf), "answers": rows,
		})
	}
	lines := [][]string{tableHeader()}
	for _, r := range rows {
		lines = append(lines, []string{
			strconv.Itoa(r.N), r.ID, r.Domain, r.Question, string(r.Value), string(r.Ownership), r.Description, r.Customer, r.State,
		})
	}
	return workbook.WriteCSV(lines), nil
}
