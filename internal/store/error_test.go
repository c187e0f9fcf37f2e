package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	t.Run("errors of PostgreSQL are told apart by code", func(t *testing.T) {
		t.Parallel()
		for code, want := range map[string]class{
			"23505": classExists, "23503": classReference, "23514": classCheck, "23502": classOther,
			"40001": classUnavailable, "40P01": classUnavailable, "55P03": classUnavailable, "57014": classUnavailable,
			"53100": classUnavailable, "57P01": classUnavailable, "08006": classUnavailable, "42601": classOther, "23001": classOther,
		} {
			err := fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: code})
			if got := classifyPostgres(err); got != want {
				t.Errorf("%s: class %d, want %d", code, got, want)
			}
		}
	})
	t.Run("a lost connection to PostgreSQL is unavailable, other faults are not", func(t *testing.T) {
		t.Parallel()
		for _, err := range []error{&net.OpError{Op: "read", Err: io.EOF}, sql.ErrConnDone, &pgconn.ConnectError{}} {
			if got := classifyPostgres(err); got != classUnavailable {
				t.Errorf("%T: class %d", err, got)
			}
		}
		if got := classifyPostgres(errors.New("other")); got != classOther {
			t.Errorf("class %d", got)
		}
	})
	t.Run("errors of SQLite are told apart by code", func(t *testing.T) {
		t.Parallel()
		db := tiny(t)
		for query, want := range map[string]class{
			`INSERT INTO a VALUES (1, 0)`:                           classExists,
			`INSERT INTO b VALUES (7)`:                              classReference,
			`INSERT INTO a VALUES (2, -1)`:                          classCheck,
			`INSERT INTO a VALUES (2, NULL)`:                        classOther,
			`SELECT nonsense`:                                       classOther,
			`CREATE TABLE c AS SELECT randomblob(9000000) AS large`: classUnavailable, // full
		} {
			_, err := db.ExecContext(t.Context(), query)
			if got := classifySQLite(err); err == nil || got != want {
				t.Errorf("%s: %v is class %d, want %d", query, err, got, want)
			}
		}
	})
	t.Run("whoever gives up is told so", func(t *testing.T) {
		t.Parallel()
		s := &Store{engine: sqliteEngine()}
		if err := s.translate(fmt.Errorf("x: %w", context.Canceled)); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

// tiny is a database of a few pages that cannot grow.
func tiny(t *testing.T) *sql.DB {
	t.Helper()
	db, err := openSQLite(filepath.Join(t.TempDir(), "tiny.db"), 1, map[string][]string{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, query := range []string{
		`PRAGMA max_page_count = 100`,
		`CREATE TABLE a (id integer PRIMARY KEY, n integer NOT NULL CHECK (n >= 0))`,
		`CREATE TABLE b (a integer REFERENCES a (id))`,
		`INSERT INTO a VALUES (1, 0)`,
	} {
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	return db
}
