package store

import (
	"context"

	"caique/internal/caiq"
)

// IdempotencyKey implements app.Store.
func (s *Store) IdempotencyKey(ctx context.Context, workspaceID, userID, action, key string) (caiq.IdempotencyKey, error) {
	return one(ctx, s, "key", scanIdempotencyKey,
		`SELECT workspace_id, user_id, action, id, request_sha256, object_id, created FROM idempotency_keys
		WHERE workspace_id = $1 AND user_id = $2 AND action = $3 AND id = $4`, workspaceID, userID, action, key)
}

func scanIdempotencyKey(row scanner) (caiq.IdempotencyKey, error) {
	var k caiq.IdempotencyKey
	err := row.Scan(&k.WorkspaceID, &k.UserID, &k.Action, &k.Key, &k.RequestSHA256, &k.ObjectID, (*scanTime)(&k.Created))
	return k, err
}

// CreateIdempotencyKey implements app.Store.
func (s *Store) CreateIdempotencyKey(ctx context.Context, k caiq.IdempotencyKey) error {
	if err := s.change(ctx, k.WorkspaceID); err != nil {
		return err
	}
	_, err := s.exec(ctx,
		`INSERT INTO idempotency_keys (workspace_id, user_id, action, id, request_sha256, object_id, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		k.WorkspaceID, k.UserID, k.Action, k.Key, k.RequestSHA256, k.ObjectID, micros(k.Created))
	return err
}
