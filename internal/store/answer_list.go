package store

import "context"

// PutAnswerList implements app.Store.
func (s *Store) PutAnswerList(ctx context.Context, workspaceID, recordID string, list []byte) (string, error) {
	if err := s.change(ctx, workspaceID); err != nil {
		return "", err
	}
	sum := hashOf(list)
	_, err := s.exec(ctx, `INSERT INTO answer_lists (workspace_id, record_id, sha256, list) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		workspaceID, recordID, sum, string(list))
	return sum, err
}

// AnswerList implements app.Store.
func (s *Store) AnswerList(ctx context.Context, workspaceID, recordID, sha256 string) ([]byte, error) {
	text, err := one(ctx, s, "list of answers", scanText,
		`SELECT list FROM answer_lists WHERE workspace_id = $1 AND record_id = $2 AND sha256 = $3`, workspaceID, recordID, sha256)
	if err == nil && hashOf([]byte(text)) != sha256 {
		err = notFound("list of answers") // another one stands in its place
	}
	return []byte(text), err
}
