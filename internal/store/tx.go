package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// tx is a running transaction. It travels in the context, so that callers see
// the same methods inside and outside of it without this package knowing their
// interfaces.
type tx struct {
	sql *sql.Tx
	// trails are the workspaces that the transaction may change, locked or just
	// created, with how far their trails are.
	trails map[string]*trail
	// accounts is set when users changed: they belong to no workspace, any event
	// covers them.
	accounts bool
	// failed is the first error of the database. PostgreSQL refuses everything
	// after it; so do we, on both engines.
	failed error
}

// trail is how far a workspace's events are, and what the transaction did there.
type trail struct {
	seq      int64
	head     string
	changed  bool
	appended bool
}

type txKey struct{ store *Store }

func (s *Store) tx(ctx context.Context) *tx {
	t, _ := ctx.Value(txKey{s}).(*tx)
	return t
}

// Tx implements app.Store.
func (s *Store) Tx(ctx context.Context, workspaceID string, fn func(ctx context.Context) error) error {
	if s.tx(ctx) != nil {
		return misuse("transaction inside a transaction")
	}
	begun, err := s.db.write.BeginTx(ctx, nil)
	if err != nil {
		return s.translate(fmt.Errorf("begin: %w", err))
	}
	defer func() { _ = begun.Rollback() }() // does nothing after a commit
	t := &tx{sql: begun, trails: map[string]*trail{}}
	inner := context.WithValue(ctx, txKey{s}, t)
	if err := s.lock(inner, t, workspaceID); err != nil {
		return err
	}
	if err := fn(inner); err != nil {
		return err
	}
	if err := t.complete(); err != nil {
		return err
	}
	return s.translate(begun.Commit())
}

// Snapshot runs fn on one state of the database: what others commit meanwhile
// does not show. Nothing can be changed inside.
func (s *Store) Snapshot(ctx context.Context, fn func(ctx context.Context) error) error {
	begun, err := s.db.read.BeginTx(ctx, s.engine.snapshot)
	if err != nil {
		return s.translate(fmt.Errorf("begin: %w", err))
	}
	defer func() { _ = begun.Rollback() }()
	return fn(context.WithValue(ctx, txKey{s}, &tx{sql: begun, trails: map[string]*trail{}}))
}

// Lock implements app.Store.
func (s *Store) Lock(ctx context.Context, workspaceID string) error {
	t := s.tx(ctx)
	if t == nil {
		return misuse("lock outside of a transaction")
	}
	if t.trails[workspaceID] != nil {
		return nil
	}
	return s.lock(ctx, t, workspaceID)
}

// lock makes transactions of a workspace run one after the other.
func (s *Store) lock(ctx context.Context, t *tx, workspaceID string) error {
	row := s.queryRow(ctx, `SELECT seq, head FROM workspaces WHERE id = $1`+s.engine.lockRow, workspaceID)
	var tr trail
	if err := row.Scan(&tr.seq, &tr.head); err != nil {
		return missing(s.failed(ctx, err), "workspace")
	}
	t.trails[workspaceID] = &tr
	return nil
}

// complete refuses to commit what cannot be: a change without an event, or
// anything after an error of the database.
func (t *tx) complete() error {
	if t.failed != nil {
		return fmt.Errorf("store: error ignored inside a transaction: %w", t.failed)
	}
	appended := false
	for _, id := range slices.Sorted(maps.Keys(t.trails)) {
		tr := t.trails[id]
		if tr.changed && !tr.appended {
			return misuse("change of workspace %s without an event", id)
		}
		appended = appended || tr.appended
	}
	if t.accounts && !appended {
		return misuse("change of an account without an event")
	}
	return nil
}

// change announces a change of a workspace; it fails outside of its transactions.
func (s *Store) change(ctx context.Context, workspaceID string) error {
	t := s.tx(ctx)
	if t == nil {
		return misuse("change outside of a transaction")
	}
	tr := t.trails[workspaceID]
	if tr == nil {
		return misuse("change of workspace %q inside the transaction of another", workspaceID)
	}
	tr.changed = true
	return nil
}

// changeAccounts announces a change of a user.
func (s *Store) changeAccounts(ctx context.Context) error {
	t := s.tx(ctx)
	if t == nil {
		return misuse("change outside of a transaction")
	}
	t.accounts = true
	return nil
}

// conn is what both a database and a transaction can do.
type conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// reader is the running transaction, or else a connection that reads.
func (s *Store) reader(ctx context.Context) conn {
	if t := s.tx(ctx); t != nil {
		return t.sql
	}
	return s.db.read
}

// writer is the running transaction, or else a connection that writes on its own.
func (s *Store) writer(ctx context.Context) conn {
	if t := s.tx(ctx); t != nil {
		return t.sql
	}
	return s.db.write
}

// exec runs a statement and returns how many rows it changed.
func (s *Store) exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := checkTexts(args); err != nil {
		return 0, err
	}
	res, err := s.writer(ctx).ExecContext(ctx, query, args...)
	if err != nil {
		return 0, s.failed(ctx, err)
	}
	n, err := res.RowsAffected()
	return n, s.failed(ctx, err)
}

// queryRow asks for one row; Scan's error still goes through failed.
func (s *Store) queryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt := s.statement(ctx, query); stmt != nil { //nolint:sqlclosecheck // kept
		return stmt.QueryRowContext(ctx, args...)
	}
	return s.reader(ctx).QueryRowContext(ctx, query, args...)
}

// query asks for rows.
func (s *Store) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt := s.statement(ctx, query); stmt != nil { //nolint:sqlclosecheck // kept
		return stmt.QueryContext(ctx, args...)
	}
	return s.reader(ctx).QueryContext(ctx, query, args...)
}

// failed translates an error and dooms the running transaction. Finding nothing
// is no failure.
func (s *Store) failed(ctx context.Context, err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	err = s.translate(err)
	if t := s.tx(ctx); t != nil && t.failed == nil {
		t.failed = err
	}
	return err
}

// scanner is a row being read.
type scanner interface{ Scan(dest ...any) error }

// one reads a single row, or fails with notFound.
func one[T any](ctx context.Context, s *Store, noun string, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	var zero T
	if err := checkTexts(args); err != nil {
		return zero, err
	}
	v, err := scan(s.queryRow(ctx, query, args...))
	if err != nil {
		return zero, missing(s.failed(ctx, err), noun)
	}
	return v, nil
}

// list reads all rows.
func list[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	return listInto(ctx, s, nil, scan, query, args...)
}

// listInto reads all rows to the end of a list, which may have room for them.
func listInto[T any](ctx context.Context, s *Store, vs []T, scan func(scanner) (T, error), query string, args ...any) (_ []T, err error) {
	if err := checkTexts(args); err != nil {
		return nil, err
	}
	rows, err := s.query(ctx, query, args...)
	if err != nil {
		return nil, s.failed(ctx, err)
	}
	defer func() {
		if e := rows.Close(); err == nil && e != nil {
			err = s.failed(ctx, e)
		}
	}()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, s.failed(ctx, err)
		}
		vs = append(vs, v)
	}
	if len(vs) == 0 {
		vs = nil
	}
	return vs, s.failed(ctx, rows.Err())
}

// revised checks the outcome of an update that names the revision it read: no
// row changed means that there is none, or that it has another revision by now.
func (s *Store) revised(ctx context.Context, noun string, changed int64, have *int, query string, args ...any) error {
	if changed == 1 {
		*have++
		return nil
	}
	var current int
	if err := s.queryRow(ctx, query, args...).Scan(&current); err != nil {
		return missing(s.failed(ctx, err), noun)
	}
	return stale("the "+noun, *have, current)
}

// found turns an update that changed nothing into notFound.
func found(changed int64, err error, noun string) error {
	if err == nil && changed == 0 {
		return notFound(noun)
	}
	return err
}
