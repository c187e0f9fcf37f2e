package store

import (
	"context"

	"caique/internal/caiq"
)

const workspaceColumns = `w.id, w.revision, w.name, w.single_operator, w.created, w.seq, w.head`

func scanWorkspace(row scanner) (caiq.Workspace, error) {
	var w caiq.Workspace
	err := row.Scan(&w.ID, &w.Revision, &w.Name, &w.SingleOperator, (*scanTime)(&w.Created), &w.Head, &w.HeadHash)
	return w, err
}

// Workspace implements app.Store.
func (s *Store) Workspace(ctx context.Context, id string) (caiq.Workspace, error) {
	return one(ctx, s, "workspace", scanWorkspace,
		`SELECT `+workspaceColumns+` FROM workspaces w WHERE w.id = $1`, id)
}

// Workspaces implements app.Store.
func (s *Store) Workspaces(ctx context.Context, userID string) ([]caiq.Workspace, error) {
	if userID == "" {
		return list(ctx, s, scanWorkspace,
			`SELECT `+workspaceColumns+` FROM workspaces w WHERE w.id <> $1 ORDER BY w.id`, caiq.Installation)
	}
	return list(ctx, s, scanWorkspace,
		`SELECT `+workspaceColumns+` FROM workspaces w JOIN members m ON m.workspace_id = w.id
		WHERE m.user_id = $1 AND w.id <> $2 ORDER BY w.id`, userID, caiq.Installation)
}

// CreateWorkspace implements app.Store.
func (s *Store) CreateWorkspace(ctx context.Context, w caiq.Workspace) error {
	t := s.tx(ctx)
	if t == nil {
		return misuse("change outside of a transaction")
	}
	_, err := s.exec(ctx,
		`INSERT INTO workspaces (id, revision, name, single_operator, created, seq, head)
		VALUES ($1, 1, $2, $3, $4, 0, '')`,
		w.ID, w.Name, w.SingleOperator, micros(w.Created))
	if err != nil {
		return err
	}
	t.trails[w.ID] = &trail{changed: true}
	return nil
}

// UpdateWorkspace implements app.Store.
func (s *Store) UpdateWorkspace(ctx context.Context, w *caiq.Workspace) error {
	if err := s.change(ctx, w.ID); err != nil {
		return err
	}
	n, err := s.exec(ctx, `UPDATE workspaces SET revision = revision + 1, name = $3 WHERE id = $1 AND revision = $2`,
		w.ID, w.Revision, w.Name)
	if err != nil {
		return err
	}
	return s.revised(ctx, "workspace", n, &w.Revision, `SELECT revision FROM workspaces WHERE id = $1`, w.ID)
}
