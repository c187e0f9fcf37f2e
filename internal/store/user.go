package store

import (
	"context"

	"caique/internal/caiq"
)

const userColumns = `id, revision, email, name, password_hash, disabled, created`

func scanUser(row scanner) (caiq.User, error) {
	var u caiq.User
	err := row.Scan(&u.ID, &u.Revision, &u.Email, &u.Name, &u.PasswordHash, &u.Disabled, (*scanTime)(&u.Created))
	return u, err
}

// User implements app.Store.
func (s *Store) User(ctx context.Context, id string) (caiq.User, error) {
	return one(ctx, s, "user", scanUser, `SELECT `+userColumns+` FROM users WHERE id = $1`, id)
}

// UserByEmail implements app.Store.
func (s *Store) UserByEmail(ctx context.Context, email string) (caiq.User, error) {
	return one(ctx, s, "user", scanUser, `SELECT `+userColumns+` FROM users WHERE email = $1`, email)
}

// Users implements app.Store.
func (s *Store) Users(ctx context.Context, after string, limit int) ([]caiq.User, error) {
	return list(ctx, s, scanUser, `SELECT `+userColumns+` FROM users WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// CountUsers implements app.Store.
func (s *Store) CountUsers(ctx context.Context) (int, error) {
	return one(ctx, s, "count", scanCount, `SELECT count(*) FROM users`)
}

func scanCount(row scanner) (int, error) {
	var n int
	err := row.Scan(&n)
	return n, err
}

// CreateUser implements app.Store.
func (s *Store) CreateUser(ctx context.Context, u caiq.User) error {
	if err := s.changeAccounts(ctx); err != nil {
		return err
	}
	_, err := s.exec(ctx,
		`INSERT INTO users (id, revision, email, name, password_hash, disabled, created) VALUES ($1, 1, $2, $3, $4, $5, $6)`,
		u.ID, u.Email, u.Name, u.PasswordHash, u.Disabled, micros(u.Created))
	return err
}

// UpdateUser implements app.Store.
func (s *Store) UpdateUser(ctx context.Context, u *caiq.User) error {
	if err := s.changeAccounts(ctx); err != nil {
		return err
	}
	n, err := s.exec(ctx,
		`UPDATE users SET revision = revision + 1, email = $3, name = $4, password_hash = $5, disabled = $6
		WHERE id = $1 AND revision = $2`,
		u.ID, u.Revision, u.Email, u.Name, u.PasswordHash, u.Disabled)
	if err != nil {
		return err
	}
	return s.revised(ctx, "user", n, &u.Revision, `SELECT revision FROM users WHERE id = $1`, u.ID)
}
