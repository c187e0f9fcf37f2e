package store_test

import (
	"context"
	"net/url"
	"testing"

	"caique/internal/caiq"
	"caique/internal/store"
)

func TestOutage(t *testing.T) {
	t.Parallel()
	t.Run("a lost connection to PostgreSQL fails what runs, and the next transaction works", func(t *testing.T) {
		t.Parallel()
		u, err := url.Parse(postgresSchema(t))
		must(t, err)
		q := u.Query()
		q.Set("application_name", "outage")
		u.RawQuery = q.Encode()
		s, err := store.OpenPostgres(t.Context(), u.String())
		closing(t, s, err)
		seed(t, s)
		other := openDirect(t, "pgx", u.String())
		err = within(t.Context(), s, "x", "x", func(ctx context.Context) error {
			must(t, s.DeleteMember(ctx, "w", "ben"))
			_, err := other.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE application_name = 'outage' AND pid <> pg_backend_pid()`)
			return err
		})
		if caiq.KindOf(err) != caiq.Unavailable {
			t.Errorf("error %v", err)
		}
		if _, err := s.Member(t.Context(), "w", "ben"); err != nil {
			t.Errorf("half a transaction: %v", err)
		}
		must(t, within(t.Context(), s, "x", "x", func(ctx context.Context) error { return s.DeleteMember(ctx, "w", "ben") }))
	})
	t.Run("a waiter for a locked workspace gets through or is told to try again", func(t *testing.T) {
		t.Parallel()
		u, err := url.Parse(postgresSchema(t))
		must(t, err)
		q := u.Query()
		q.Set("lock_timeout", "100")
		u.RawQuery = q.Encode()
		s, err := store.OpenPostgres(t.Context(), u.String())
		closing(t, s, err)
		seed(t, s)
		must(t, s.Tx(t.Context(), "w", func(context.Context) error {
			err := within(t.Context(), s, "x", "x", func(context.Context) error { return nil })
			if caiq.KindOf(err) != caiq.Unavailable {
				t.Errorf("error %v", err)
			}
			// Another workspace does not wait.
			return s.Tx(t.Context(), caiq.Installation, func(context.Context) error { return nil })
		}))
	})
}
