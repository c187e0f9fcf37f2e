package store_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"caique/internal/caiq"
	"caique/internal/store"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	t.Run("a database file and its folder are readable by their owner alone", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "data", "caique.db")
		seed(t, openFile(t, path))
		for _, p := range []string{filepath.Dir(path), path, path + "-wal"} {
			info, err := os.Stat(p)
			must(t, err)
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %o", p, info.Mode().Perm())
			}
		}
	})
	t.Run("a path may hold any character", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "a b?c#d%20é&e.db")
		seed(t, openFile(t, path))
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	})
	t.Run("an address names the engine", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "caique.db")
		for _, address := range []string{path, "sqlite:" + path, "memory:"} {
			s, err := store.Open(t.Context(), address)
			must(t, closing(t, s, err).Ping(t.Context()))
		}
	})
	t.Run("what was stored is there after closing", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "caique.db")
		s, err := store.OpenSQLite(t.Context(), path)
		must(t, err)
		seed(t, s)
		must(t, s.Close())
		again := openFile(t, path)
		if _, err := again.Record(t.Context(), "w", "r"); err != nil {
			t.Error(err)
		}
		if pending, err := again.Pending(t.Context()); err != nil || pending {
			t.Errorf("pending %v, %v", pending, err)
		}
	})
	t.Run("several processes may start on a new database together", func(t *testing.T) {
		t.Parallel()
		dsn := map[string]string{"SQLite": filepath.Join(t.TempDir(), "caique.db")}
		if os.Getenv("CAIQUE_TEST_POSTGRES") != "" {
			dsn["PostgreSQL"] = postgresSchema(t)
		}
		for name, address := range dsn {
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					s, err := store.Open(context.Background(), address)
					if err != nil {
						t.Errorf("%s: %v", name, err)
						return
					}
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
	})
	t.Run("a database of a newer program is refused", func(t *testing.T) {
		t.Parallel()
		eachEngine(t, func(t *testing.T, d direct) {
			d.exec(t, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`)
			if err := d.Migrate(t.Context()); caiq.CodeOf(err) != "newer_database" {
				t.Errorf("error %v", err)
			}
		})
	})
	t.Run("a folder that cannot be written to is unavailable", func(t *testing.T) {
		t.Parallel()
		_, err := store.OpenSQLite(t.Context(), "/proc/caique.db")
		if caiq.KindOf(err) != caiq.Unavailable {
			t.Errorf("error %v", err)
		}
	})
	t.Run("a connection string that cannot be read does not show its password", func(t *testing.T) {
		t.Parallel()
		_, err := store.Open(t.Context(), "postgres://caique:hunter2@host:notaport/x")
		if caiq.CodeOf(err) != "bad_dsn" || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("a PostgreSQL that is not there is unavailable", func(t *testing.T) {
		t.Parallel()
		_, err := store.Open(t.Context(), "postgres://caique@127.0.0.1:1/x?sslmode=disable")
		if caiq.KindOf(err) != caiq.Unavailable {
			t.Errorf("error %v", err)
		}
	})
}

func TestBackup(t *testing.T) {
	t.Parallel()
	t.Run("a copy made while others write is consistent and whole", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		s := openFile(t, filepath.Join(folder, "caique.db"))
		seed(t, s)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				row, err := s.Row(context.Background(), "w", "r", 1)
				if err == nil {
					err = edit(context.Background(), s, &row.Answer, "ana", strings.Repeat("x", i))
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
		copied := filepath.Join(folder, "copy.db")
		err := s.Backup(t.Context(), copied)
		close(stop)
		wg.Wait()
		must(t, err)
		ro, err := store.OpenReadOnly(t.Context(), copied)
		closing(t, ro, err)
		problems, err := ro.Check(t.Context())
		if err != nil || len(problems) > 0 {
			t.Errorf("problems %v, %v", problems, err)
		}
		info, err := os.Stat(copied)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("mode %o", info.Mode().Perm())
		}
		before, err := os.ReadFile(copied)
		must(t, err)
		if err := within(t.Context(), ro, "x", "x", func(context.Context) error { return nil }); err == nil {
			t.Error("wrote into a database that was opened to read")
		}
		after, err := os.ReadFile(copied)
		must(t, err)
		if string(before) != string(after) {
			t.Error("reading changed the copy")
		}
	})
	t.Run("a copy can be opened and worked with", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		s := openFile(t, filepath.Join(folder, "caique.db"))
		seed(t, s)
		must(t, s.Backup(t.Context(), filepath.Join(folder, "copy.db")))
		must(t, upload(t.Context(), openFile(t, filepath.Join(folder, "copy.db")), "new", 1))
	})
	t.Run("nothing is overwritten and nothing half-done is left", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		s := openFile(t, filepath.Join(folder, "caique.db"))
		taken := filepath.Join(folder, "taken")
		must(t, os.WriteFile(taken, []byte("mine"), 0o600))
		if err := s.Backup(t.Context(), taken); caiq.CodeOf(err) != "exists" {
			t.Errorf("error %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Backup(ctx, filepath.Join(folder, "copy")); err == nil {
			t.Error("copied for a caller who is gone")
		}
		left, err := filepath.Glob(filepath.Join(folder, "copy*"))
		if err != nil || len(left) > 0 {
			t.Errorf("left %v, %v", left, err)
		}
	})
	t.Run("what is no database is refused", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "x")
		must(t, os.WriteFile(path, []byte(strings.Repeat("not a database", 100)), 0o600))
		for _, p := range []string{path, path + "-missing"} {
			if _, err := store.OpenReadOnly(t.Context(), p); caiq.CodeOf(err) != "not_a_database" {
				t.Errorf("%s: error %v", p, err)
			}
		}
	})
	t.Run("PostgreSQL is copied by its own tools", func(t *testing.T) {
		t.Parallel()
		err := openPostgres(t).Backup(t.Context(), filepath.Join(t.TempDir(), "x"))
		if caiq.CodeOf(err) != "backup_engine" {
			t.Errorf("error %v", err)
		}
	})
}
