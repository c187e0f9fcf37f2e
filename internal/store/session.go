package store

import (
	"context"
	"time"

	"caique/internal/caiq"
)

// How long counters and keys are kept that nothing asks for any more.
const (
	attemptsKept = 24 * time.Hour
	keysKept     = 7 * 24 * time.Hour
)

func scanSession(row scanner) (caiq.Session, error) {
	var v caiq.Session
	err := row.Scan(&v.Hash, &v.UserID, (*scanTime)(&v.Created), (*scanTime)(&v.LastSeen), (*scanTime)(&v.Expires))
	return v, err
}

// Session implements app.Store.
func (s *Store) Session(ctx context.Context, hash string) (caiq.Session, error) {
	return one(ctx, s, "session", scanSession,
		`SELECT hash, user_id, created, last_seen, expires FROM sessions WHERE hash = $1`, hash)
}

// CreateSession implements app.Store.
func (s *Store) CreateSession(ctx context.Context, v caiq.Session) error {
	_, err := s.exec(ctx, `INSERT INTO sessions (hash, user_id, created, last_seen, expires) VALUES ($1, $2, $3, $4, $5)`,
		v.Hash, v.UserID, micros(v.Created), micros(v.LastSeen), micros(v.Expires))
	return err
}

// TouchSession implements app.Store.
func (s *Store) TouchSession(ctx context.Context, hash string, lastSeen time.Time) error {
	n, err := s.exec(ctx, `UPDATE sessions SET last_seen = $2 WHERE hash = $1`, hash, micros(lastSeen))
	return found(n, err, "session")
}

// DeleteSession implements app.Store.
func (s *Store) DeleteSession(ctx context.Context, hash string) error {
	_, err := s.exec(ctx, `DELETE FROM sessions WHERE hash = $1`, hash)
	return err
}

// DeleteSessions implements app.Store.
func (s *Store) DeleteSessions(ctx context.Context, userID, exceptHash string) error {
	_, err := s.exec(ctx, `DELETE FROM sessions WHERE user_id = $1 AND hash <> $2`, userID, exceptHash)
	return err
}

// DeleteExpired implements app.Store.
func (s *Store) DeleteExpired(ctx context.Context, now time.Time) error {
	for _, old := range []struct {
		query  string
		before time.Time
	}{
		{`DELETE FROM sessions WHERE expires < $1`, now},
		{`DELETE FROM links WHERE expires < $1`, now},
		{`DELETE FROM attempts WHERE last < $1`, now.Add(-attemptsKept)},
		{`DELETE FROM idempotency_keys WHERE created < $1`, now.Add(-keysKept)},
	} {
		if _, err := s.exec(ctx, old.query, micros(old.before)); err != nil {
			return err
		}
	}
	return nil
}
