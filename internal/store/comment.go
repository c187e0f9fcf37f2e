package store

import (
	"context"

	"caique/internal/caiq"
)

// CreateComment implements app.Store.
func (s *Store) CreateComment(ctx context.Context, c caiq.Comment) error {
	if err := s.change(ctx, c.WorkspaceID); err != nil {
		return err
	}
	_, err := s.exec(ctx,
		`INSERT INTO comments (workspace_id, id, record_id, n, author, body, created) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.WorkspaceID, c.ID, c.RecordID, c.N, c.Author, c.Text, micros(c.Created))
	return err
}

// Comments implements app.Store.
func (s *Store) Comments(ctx context.Context, workspaceID, recordID string, n int) ([]caiq.Comment, error) {
	return list(ctx, s, scanComment,
		`SELECT workspace_id, id, record_id, n, author, body, created FROM comments
		WHERE workspace_id = $1 AND record_id = $2 AND n = $3 ORDER BY id`, workspaceID, recordID, n)
}

func scanComment(row scanner) (caiq.Comment, error) {
	var c caiq.Comment
	err := row.Scan(&c.WorkspaceID, &c.ID, &c.RecordID, &c.N, &c.Author, &c.Text, (*scanTime)(&c.Created))
	return c, err
}
