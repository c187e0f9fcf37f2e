package store_test

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

	"caique/internal/app"
	"caique/internal/store"
	"caique/internal/store/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	t.Run("SQLite file", func(t *testing.T) {
		t.Parallel()
		storetest.Run(t, func(t testing.TB) app.Store { return openFile(t, filepath.Join(t.TempDir(), "caique.db")) })
	})
	t.Run("SQLite in memory", func(t *testing.T) {
		t.Parallel()
		storetest.Run(t, func(t testing.TB) app.Store {
			s, err := store.OpenMemory(context.Background())
			return closing(t, s, err)
		})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		requirePostgres(t)
		storetest.Run(t, func(t testing.TB) app.Store { return openPostgres(t) })
	})
}

func openFile(t testing.TB, path string) *store.Store {
	t.Helper()
	s, err := store.OpenSQLite(context.Background(), path)
	return closing(t, s, err)
}

func closing(t testing.TB, s *store.Store, err error) *store.Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// requirePostgres skips a test where no PostgreSQL is named, unless it is required.
func requirePostgres(t testing.TB) {
	t.Helper()
	if os.Getenv("CAIQUE_TEST_POSTGRES") != "" {
		return
	}
	if strings.Contains(os.Getenv("CAIQUE_TEST_REQUIRE"), "postgres") {
		t.Fatal("CAIQUE_TEST_POSTGRES must name a PostgreSQL database to test on")
	}
	t.Skip("CAIQUE_TEST_POSTGRES names no PostgreSQL database to test on")
}

var schemas atomic.Int64

// postgresSchema makes a schema for one test and returns a connection string
// that stays inside it.
func postgresSchema(t testing.TB) string {
	t.Helper()
	requirePostgres(t)
	dsn := os.Getenv("CAIQUE_TEST_POSTGRES")
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	schema := fmt.Sprintf("caique_test_%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := db.ExecContext(context.Background(), `CREATE SCHEMA `+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), `DROP SCHEMA `+schema+` CASCADE`); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

func openPostgres(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.OpenPostgres(context.Background(), postgresSchema(t))
	return closing(t, s, err)
}
