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
		cut := func() error {
			_, err := other.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE application_name = 'outage' AND pid <> pg_backend_pid()`)
			return err
		}
		err = within(t.Context(), s, "x", "x", func(ctx context.Context) error {
			must(t, s.DeleteMember(ctx, "w", "ben"))
			return cut()
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
		second := func(workspaceID string) error {
			return s.Tx(t.Context(), workspaceID, func(context.Context) error { return nil })
		}
		must(t, s.Tx(t.Context(), "w", func(context.Context) error {
			if err := second("w"); caiq.KindOf(err) != caiq.Unavailable {
				t.Errorf("error %v", err)
			}
			return second(caiq.Installation) // another workspace does not wait
		}))
	})
}
