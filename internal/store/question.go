package store

import (
	"context"

	"caique/internal/caiq"
)

func (s *Store) insertQuestions(ctx context.Context, r caiq.Record, questions []caiq.StoredQuestion) error {
	rows := make([][]any, len(questions))
	for i, q := range questions {
		if q.N != i+1 {
			return misuse("question %d has number %d", i+1, q.N)
		}
		doc, err := toJSON(q.Question)
		if err != nil {
			return err
		}
		rows[i] = []any{r.WorkspaceID, r.ID, q.N, doc, q.Question.Domain, orNull(q.Assignee), q.Question.TextHash, string(knownAs(q.Question))}
	}
	return insertMany(rows, `INSERT INTO questions (workspace_id, record_id, n, question, domain, assignee, text_hash, known)`, ``, s.execer(ctx))
}

// execer is exec for those who do not count rows.
func (s *Store) execer(ctx context.Context) func(string, ...any) error {
	return func(query string, args ...any) error {
		_, err := s.exec(ctx, query, args...)
		return err
	}
}

// Assign implements app.Store.
func (s *Store) Assign(ctx context.Context, workspaceID, recordID string, n []int, userID string) error {
	if err := s.change(ctx, workspaceID); err != nil {
		return err
	}
	if len(n) == 0 {
		return nil
	}
	w := where{args: []any{orNull(userID)}}
	w.is("workspace_id", "=", workspaceID)
	w.is("record_id", "=", recordID)
	in(&w, "n", n, number)
	changed, err := s.exec(ctx, `UPDATE questions SET assignee = $1`+w.String(), w.args...)
	if err == nil && int(changed) != len(n) {
		return notFound("question")
	}
	return err
}

func number(n int) any { return n }

const rowQuery = `SELECT ` + answerColumns + `, p.proposal` + rowFrom + `
	JOIN proposals p ON p.workspace_id = a.workspace_id AND p.record_id = a.record_id AND p.n = a.n AND p.sha256 = a.proposal_sha256`

// briefRowQuery leaves of the proposal its band: reading the rest takes longer
// than all else.
const briefRowQuery = `SELECT ` + answerColumns + rowFrom

// bandColumn is caiq.StoredAnswer.Band.
const bandColumn = `CASE WHEN a.edited_by IS NOT NULL AND a.source = '' THEN 'partial' ELSE a.band END`

const rowFrom = `, q.question, q.assignee,
		(SELECT count(*) FROM comments c WHERE c.workspace_id = q.workspace_id AND c.record_id = q.record_id AND c.n = q.n)
	FROM questions q
	JOIN answers a ON a.workspace_id = q.workspace_id AND a.record_id = q.record_id AND a.n = q.n`

func (s *Store) scanRow(row scanner) (caiq.ReviewRow, error) {
	var r caiq.ReviewRow
	return r, s.scanRowWith(row, &r, append(answerDest(&r.Answer), scanProposal{&r.Answer}))
}

func (s *Store) scanBriefRow(row scanner) (caiq.ReviewRow, error) {
	var r caiq.ReviewRow
	return r, s.scanRowWith(row, &r, answerDest(&r.Answer))
}

func (s *Store) scanRowWith(row scanner, r *caiq.ReviewRow, answer []any) error {
	err := row.Scan(append(answer, scanQuestion{&s.memo, &r.Question.Question}, (*scanID)(&r.Question.Assignee), &r.Comments)...)
	r.Question.WorkspaceID, r.Question.RecordID, r.Question.N = r.Answer.WorkspaceID, r.Answer.RecordID, r.Answer.N
	return err
}

// Row implements app.Store.
func (s *Store) Row(ctx context.Context, workspaceID, recordID string, n int) (caiq.ReviewRow, error) {
	return one(ctx, s, "question", s.scanRow,
		rowQuery+` WHERE q.workspace_id = $1 AND q.record_id = $2 AND q.n = $3`, workspaceID, recordID, n)
}

// Rows implements app.Store.
func (s *Store) Rows(ctx context.Context, workspaceID, recordID string, f caiq.RowFilter) ([]caiq.ReviewRow, error) {
	w := where{}
	w.is("q.workspace_id", "=", workspaceID)
	w.is("q.record_id", "=", recordID)
	in(&w, "a.state", f.States, text[caiq.AnswerState])
	in(&w, bandColumn, f.Bands, text[caiq.Band])
	in(&w, "a.value", f.Values, text[caiq.Value])
	in(&w, "q.domain", f.Domains, text[string])
	in(&w, "coalesce(q.assignee, '')", f.Assignees, text[string])
	in(&w, "q.n", f.N, number)
	if f.AfterN > 0 {
		w.is("q.n", ">", f.AfterN)
	}
	query, scan := rowQuery, s.scanRow
	if f.Brief {
		query, scan = briefRowQuery, s.scanBriefRow
	}
	room := make([]caiq.ReviewRow, 0, min(f.Limit, maxRoom))
	return listInto(ctx, s, room, scan, query+w.String()+` ORDER BY q.n`+w.limit(f.Limit), w.args...)
}

// maxRoom bounds how many rows room is made for before they are there.
const maxRoom = 256

// Progress implements app.Store.
func (s *Store) Progress(ctx context.Context, workspaceID, recordID string) ([]caiq.ProgressCount, error) {
	return list(ctx, s, scanProgress,
		`SELECT q.domain, a.state, `+bandColumn+`, count(*), sum(CASE WHEN a.value = '' THEN 1 ELSE 0 END)
		FROM questions q JOIN answers a ON a.workspace_id = q.workspace_id AND a.record_id = q.record_id AND a.n = q.n
		WHERE q.workspace_id = $1 AND q.record_id = $2
		GROUP BY 1, 2, 3 ORDER BY min(q.n)`, workspaceID, recordID)
}

func scanProgress(row scanner) (caiq.ProgressCount, error) {
	var p caiq.ProgressCount
	err := row.Scan(&p.Domain, (*string)(&p.State), (*string)(&p.Band), &p.Count, &p.Open)
	return p, err
}

// MisfiledQuestions implements app.Store.
func (s *Store) MisfiledQuestions(ctx context.Context, workspaceID, recordID string) ([]int, error) {
	type filed struct {
		n                   int
		domain, text, known string
		question            caiq.Question
	}
	all, err := list(ctx, s, func(row scanner) (f filed, err error) {
		return f, row.Scan(&f.n, &f.domain, &f.text, &f.known, scanJSON{&f.question})
	}, `SELECT n, domain, text_hash, known, question FROM questions WHERE workspace_id = $1 AND record_id = $2 ORDER BY n`, workspaceID, recordID)
	var ns []int
	for _, f := range all {
		if f.domain != f.question.Domain || f.text != f.question.TextHash || f.known != string(knownAs(f.question)) {
			ns = append(ns, f.n)
		}
	}
	return ns, err
}
