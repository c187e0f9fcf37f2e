package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"caique/internal/caiq"
)

// storedText is a question as far as its text is looked up.
type storedText struct {
	workspaceID, recordID string
	n                     int
	question              caiq.Question
}

// fillTexts writes the hash of each question's text, and what it was recognised
// as, beside the question, and the text beside the library entries it led to:
// what databases from before these columns lack.
func fillTexts(ctx context.Context, tx *sql.Tx) error {
	texts, err := readTexts(ctx, tx)
	if err != nil {
		return err
	}
	for _, t := range texts {
		if _, err := tx.ExecContext(ctx, `UPDATE questions SET text_hash = $4, known = $5 WHERE workspace_id = $1 AND record_id = $2 AND n = $3`,
			t.workspaceID, t.recordID, t.n, t.question.TextHash, string(knownAs(t.question))); err != nil {
			return fmt.Errorf("texts of questions: %w", err)
		}
		if _, err := tx.ExecContext(ctx,
			`UPDATE library_entries SET question = $5 WHERE workspace_id = $1 AND source_record_id = $2 AND source_n = $3 AND text_hash = $4`,
			t.workspaceID, t.recordID, t.n, t.question.TextHash, t.question.Text); err != nil {
			return fmt.Errorf("texts of library entries: %w", err)
		}
	}
	return nil
}

func readTexts(ctx context.Context, tx *sql.Tx) (_ []storedText, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT workspace_id, record_id, n, question FROM questions`)
	if err != nil {
		return nil, fmt.Errorf("texts of questions: %w", err)
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	var texts []storedText
	for rows.Next() {
		var t storedText
		var doc string
		if err := rows.Scan(&t.workspaceID, &t.recordID, &t.n, &doc); err != nil {
			return nil, fmt.Errorf("texts of questions: %w", err)
		}
		if err := json.Unmarshal([]byte(doc), &t.question); err != nil {
			return nil, fmt.Errorf("question %d of %s: %w", t.n, t.recordID, err)
		}
		texts = append(texts, t)
	}
	return texts, rows.Err()
}

// knownAs is the question that a text surely is; "" where its identifier or
// nothing spoke for it.
func knownAs(q caiq.Question) caiq.Ref {
	if q.Match.Kind != caiq.MatchKnown {
		return ""
	}
	return q.Match.Question
}
