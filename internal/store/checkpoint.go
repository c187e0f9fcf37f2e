package store

import (
	"context"

	"caique/internal/caiq"
)

// PutCheckpoint implements app.Store. The first note about an event stays.
func (s *Store) PutCheckpoint(ctx context.Context, c caiq.Checkpoint) error {
	_, err := s.exec(ctx,
		`INSERT INTO checkpoints (workspace_id, seq, hash, at, note) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		c.WorkspaceID, c.Seq, c.Hash, micros(c.At), c.Note)
	return err
}

// Checkpoints implements app.Store.
func (s *Store) Checkpoints(ctx context.Context, workspaceID string) ([]caiq.Checkpoint, error) {
	return list(ctx, s, scanCheckpoint,
		`SELECT workspace_id, seq, hash, at, note FROM checkpoints WHERE workspace_id = $1 ORDER BY seq`, workspaceID)
}

func scanCheckpoint(row scanner) (caiq.Checkpoint, error) {
	var c caiq.Checkpoint
	err := row.Scan(&c.WorkspaceID, &c.Seq, &c.Hash, (*scanTime)(&c.At), &c.Note)
	return c, err
}
