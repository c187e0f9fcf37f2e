package store

import (
	"context"
	"time"

	"caique/internal/caiq"
)

const selectTokens = `SELECT id, workspace_id, user_id, revision, name, hash, scopes, created, expires, last_used, revoked FROM tokens` //nolint:gosec // columns, no credentials

func scanToken(row scanner) (caiq.Token, error) {
	var t caiq.Token
	err := row.Scan(&t.ID, &t.WorkspaceID, &t.UserID, &t.Revision, &t.Name, &t.Hash, scanWords[caiq.Scope]{&t.Scopes},
		(*scanTime)(&t.Created), (*scanTime)(&t.Expires), (*scanTime)(&t.LastUsed), (*scanTime)(&t.Revoked))
	return t, err
}

// Token implements app.Store.
func (s *Store) Token(ctx context.Context, id string) (caiq.Token, error) {
	return one(ctx, s, "token", scanToken, selectTokens+` WHERE id = $1`, id)
}

// Tokens implements app.Store.
func (s *Store) Tokens(ctx context.Context, workspaceID, userID string) ([]caiq.Token, error) {
	w := where{}
	w.is("workspace_id", "=", workspaceID)
	if userID != "" {
		w.is("user_id", "=", userID)
	}
	return list(ctx, s, scanToken, selectTokens+w.String()+` ORDER BY id`, w.args...)
}

// CreateToken implements app.Store.
func (s *Store) CreateToken(ctx context.Context, t caiq.Token) error {
	if err := s.change(ctx, t.WorkspaceID); err != nil {
		return err
	}
	_, err := s.exec(ctx,
		`INSERT INTO tokens (id, workspace_id, user_id, revision, name, hash, scopes, created, expires, last_used, revoked)
		VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, 0, 0)`,
		t.ID, t.WorkspaceID, t.UserID, t.Name, t.Hash, joinWords(t.Scopes), micros(t.Created), micros(t.Expires))
	return err
}

// UpdateToken implements app.Store.
func (s *Store) UpdateToken(ctx context.Context, t *caiq.Token) error {
	if err := s.change(ctx, t.WorkspaceID); err != nil {
		return err
	}
	n, err := s.exec(ctx,
		`UPDATE tokens SET revision = revision + 1, name = $4, revoked = $5 WHERE workspace_id = $1 AND id = $2 AND revision = $3`,
		t.WorkspaceID, t.ID, t.Revision, t.Name, micros(t.Revoked))
	if err != nil {
		return err
	}
	return s.revised(ctx, "token", n, &t.Revision,
		`SELECT revision FROM tokens WHERE workspace_id = $1 AND id = $2`, t.WorkspaceID, t.ID)
}

// TouchToken implements app.Store.
func (s *Store) TouchToken(ctx context.Context, id string, lastUsed time.Time) error {
	n, err := s.exec(ctx, `UPDATE tokens SET last_used = $2 WHERE id = $1`, id, micros(lastUsed))
	return found(n, err, "token")
}
