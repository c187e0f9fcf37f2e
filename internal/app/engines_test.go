package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"caique/internal/store"
)

// engine makes databases of one kind for tests.
type engine struct {
	name   string
	create func(t testing.TB) (address string)
	copied func(t testing.TB, address string) (copied string) // of one that nobody has open
	direct func(t testing.TB, address string) *sql.DB         // past the service and the database's own guards
}

// engines runs a test on every engine that there is.
func engines(t *testing.T, test func(t *testing.T, e engine)) {
	t.Helper()
	for _, e := range []engine{sqliteEngine(), postgresEngine()} {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			test(t, e)
		})
	}
}

func (e engine) open(t testing.TB, address string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// sql writes a statement, in the words of SQLite, in those of the engine.
func (e engine) sql(query string) string {
	if e.name == "SQLite" {
		return query
	}
	return strings.ReplaceAll(query, " AS blob)", " AS bytea)")
}

func sqliteEngine() engine {
	return engine{
		name:   "SQLite",
		create: func(t testing.TB) string { return filepath.Join(t.TempDir(), "caique.db") },
		copied: func(t testing.TB, address string) string {
			data, err := os.ReadFile(address)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "caique.db")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		},
		direct: func(t testing.TB, address string) *sql.DB {
			db := dialled(t, "sqlite", "file:"+address+"?_busy_timeout=5000")
			for _, trigger := range texts(t, db, `SELECT name FROM sqlite_master WHERE type = 'trigger'`) {
				execute(t, db, `DROP TRIGGER `+trigger)
			}
			return db
		},
	}
}

func postgresEngine() engine {
	return engine{
		name:   "PostgreSQL",
		create: func(t testing.TB) string { return postgresDatabase(t, "") },
		copied: func(t testing.TB, address string) string {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			return postgresDatabase(t, ` TEMPLATE `+strings.TrimPrefix(u.Path, "/"))
		},
		direct: func(t testing.TB, address string) *sql.DB {
			db := dialled(t, "pgx", address)
			execute(t, db, `SET session_replication_role = replica`) // neither triggers nor references
			return db
		},
	}
}

var databases atomic.Int64

// postgresDatabase makes a database for one test, skipping where no PostgreSQL is
// named unless it is required.
func postgresDatabase(t testing.TB, how string) (address string) {
	t.Helper()
	dsn := os.Getenv("CAIQUE_TEST_POSTGRES")
	if dsn == "" {
		if strings.Contains(os.Getenv("CAIQUE_TEST_REQUIRE"), "postgres") {
			t.Fatal("CAIQUE_TEST_POSTGRES must name a PostgreSQL database to test on")
		}
		t.Skip("CAIQUE_TEST_POSTGRES names no PostgreSQL database to test on")
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	admin := dialled(t, "pgx", dsn)
	name := fmt.Sprintf("caique_app_%d_%d", os.Getpid(), databases.Add(1))
	execute(t, admin, `CREATE DATABASE `+name+how)
	t.Cleanup(func() { execute(t, admin, `DROP DATABASE `+name+` WITH (FORCE)`) })
	u.Path = "/" + name
	return u.String()
}

func dialled(t testing.TB, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1) // what is set holds for all that follows
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func execute(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// texts reads the one column of a query.
func texts(t testing.TB, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
