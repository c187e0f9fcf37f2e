package store

import (
	"context"
	"time"

	"caique/internal/caiq"
)

func scanAttempts(row scanner) (caiq.Attempts, error) {
	var a caiq.Attempts
	err := row.Scan(&a.Count, (*scanTime)(&a.Since), (*scanTime)(&a.Last))
	return a, err
}

// CountAttempt implements app.Store.
func (s *Store) CountAttempt(ctx context.Context, key string, at time.Time, window time.Duration) (caiq.Attempts, error) {
	if err := checkTexts([]any{key}); err != nil {
		return caiq.Attempts{}, err
	}
	row := s.writer(ctx).QueryRowContext(ctx,
		`INSERT INTO attempts (id, tries, since, last) VALUES ($1, 1, $2, $2)
		ON CONFLICT (id) DO UPDATE SET
			tries = CASE WHEN attempts.since <= $3 THEN 1 ELSE attempts.tries + 1 END,
			since = CASE WHEN attempts.since <= $3 THEN $2 ELSE attempts.since END,
			last = $2
		RETURNING tries, since, last`,
		key, micros(at), micros(at.Add(-window)))
	a, err := scanAttempts(row)
	return a, s.failed(ctx, err)
}

// Attempts implements app.Store.
func (s *Store) Attempts(ctx context.Context, key string) (caiq.Attempts, error) {
	all, err := list(ctx, s, scanAttempts, `SELECT tries, since, last FROM attempts WHERE id = $1`, key)
	if err != nil || len(all) == 0 {
		return caiq.Attempts{}, err
	}
	return all[0], nil
}

// ForgetAttempts implements app.Store.
func (s *Store) ForgetAttempts(ctx context.Context, key string) error {
	_, err := s.exec(ctx, `DELETE FROM attempts WHERE id = $1`, key)
	return err
}
