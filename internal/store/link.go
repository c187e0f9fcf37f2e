package store

import (
	"context"
	"time"

	"caique/internal/caiq"
)

func scanLink(row scanner) (caiq.Link, error) {
	var l caiq.Link
	err := row.Scan(&l.Hash, (*string)(&l.Purpose), (*scanID)(&l.UserID),
		(*scanTime)(&l.Created), (*scanTime)(&l.Expires), (*scanTime)(&l.Used))
	return l, err
}

// Link implements app.Store.
func (s *Store) Link(ctx context.Context, hash string) (caiq.Link, error) {
	return one(ctx, s, "link", scanLink,
		`SELECT hash, purpose, user_id, created, expires, used FROM links WHERE hash = $1`, hash)
}

// CreateLink implements app.Store.
func (s *Store) CreateLink(ctx context.Context, l caiq.Link) error {
	_, err := s.exec(ctx, `INSERT INTO links (hash, purpose, user_id, created, expires, used) VALUES ($1, $2, $3, $4, $5, 0)`,
		l.Hash, string(l.Purpose), orNull(l.UserID), micros(l.Created), micros(l.Expires))
	return err
}

// UseLink implements app.Store.
func (s *Store) UseLink(ctx context.Context, hash string, at time.Time) error {
	n, err := s.exec(ctx, `UPDATE links SET used = $2 WHERE hash = $1 AND used = 0`, hash, micros(at))
	if err != nil || n == 1 {
		return err
	}
	if _, err := s.Link(ctx, hash); err != nil {
		return err
	}
	return caiq.Errorf(caiq.Conflict, "used", "this link has been used already")
}
