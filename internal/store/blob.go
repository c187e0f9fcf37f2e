package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// PutBlob implements app.Store.
func (s *Store) PutBlob(ctx context.Context, workspaceID string, data []byte) (string, error) {
	if s.tx(ctx) == nil {
		return "", misuse("change outside of a transaction")
	}
	sum := hashOf(data)
	_, err := s.exec(ctx,
		`INSERT INTO blobs (workspace_id, sha256, size, data) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		workspaceID, sum, len(data), notNil(data))
	return sum, err
}

// Blob implements app.Store.
func (s *Store) Blob(ctx context.Context, workspaceID, sha256 string) ([]byte, error) {
	data, err := one(ctx, s, "file", scanBytes,
		`SELECT data FROM blobs WHERE workspace_id = $1 AND sha256 = $2`, workspaceID, sha256)
	if err != nil {
		return nil, err
	}
	if got := hashOf(data); got != sha256 {
		return nil, fmt.Errorf("store: blob %s of workspace %s has SHA-256 %s", sha256, workspaceID, got)
	}
	return data, nil
}

func scanBytes(row scanner) ([]byte, error) {
	var b []byte
	err := row.Scan(&b)
	return b, err
}

// notNil keeps an empty document apart from none.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
