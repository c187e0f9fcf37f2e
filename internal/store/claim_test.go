package store_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"caique/internal/caiq"
	"caique/internal/store"
)

// eachAddress runs a test with the address of an empty database of each engine.
func eachAddress(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, filepath.Join(t.TempDir(), "caique.db"))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, postgresSchema(t))
	})
}

func TestClaim(t *testing.T) {
	t.Parallel()
	t.Run("a second process that wants to serve is refused, one that reads is not", func(t *testing.T) {
		t.Parallel()
		eachAddress(t, func(t *testing.T, address string) {
			first, err := store.OpenToServe(t.Context(), address)
			must(t, err)
			if _, err := store.OpenToServe(t.Context(), address); caiq.CodeOf(err) != "database_in_use" || caiq.KindOf(err) != caiq.Unavailable {
				t.Errorf("a second one: %v", err)
			}
			beside, err := store.Open(t.Context(), address)
			closing(t, beside, err)
			must(t, first.Ping(t.Context()))
			must(t, first.Close())
			next, err := store.OpenToServe(t.Context(), address)
			closing(t, next, err)
		})
	})
	t.Run("the claim of a killed process is free", func(t *testing.T) {
		t.Parallel()
		eachAddress(t, func(t *testing.T, address string) {
			s, err := store.Open(t.Context(), address)
			must(t, err)
			must(t, found(t.Context(), s))
			must(t, upload(t.Context(), s, "r", 3))
			must(t, s.Close())
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), childEnv+"="+address, childEnv+"_CYCLE=0")
			out, err := cmd.StdoutPipe()
			must(t, err)
			must(t, cmd.Start())
			if _, err := out.Read(make([]byte, 1)); err != nil { // it works by now
				t.Fatal(err)
			}
			if _, err := store.OpenToServe(t.Context(), address); caiq.CodeOf(err) != "database_in_use" {
				t.Errorf("while it runs: %v", err)
			}
			must(t, cmd.Process.Kill())
			_ = cmd.Wait() // killed, as intended
			next, err := store.OpenToServe(t.Context(), address)
			closing(t, next, err)
		})
	})
	t.Run("a lost lock of PostgreSQL is noticed, and taken back where it is free", func(t *testing.T) {
		t.Parallel()
		dsn := postgresSchema(t)
		s, err := store.OpenToServe(t.Context(), dsn)
		closing(t, s, err)
		db := openDirect(t, "pgx", dsn)
		cut := func() {
			_, err := db.ExecContext(t.Context(), `SELECT pg_terminate_backend(l.pid) FROM pg_locks l
				WHERE l.locktype = 'advisory' AND l.objid::bigint = hashtext('caique serves ' || current_schema())::bigint & 4294967295`)
			must(t, err)
		}
		cut()
		for tries := 0; s.Ping(t.Context()) != nil; tries++ { // until the server has noticed
			if tries == 100 {
				t.Fatal("the lock is not taken back")
			}
			time.Sleep(20 * time.Millisecond)
		}
		cut()
		other, err := store.OpenToServe(t.Context(), dsn)
		must(t, err)
		if err := s.Ping(t.Context()); caiq.CodeOf(err) != "database_in_use" {
			t.Errorf("while another serves: %v", err)
		}
		must(t, other.Close())
		must(t, s.Ping(t.Context()))
	})
}
