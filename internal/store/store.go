package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// Store is an open database. It is safe for concurrent use.
type Store struct {
	engine engine
	db     handles
	claim  claim // nil unless opened by OpenToServe
	memo   questionMemo
	kept   prepared
}

// Open opens a database by its address: postgres://… or postgresql://…, memory:,
// or the path of an SQLite file with or without sqlite: before it. Tables are
// made and brought up to date.
func Open(ctx context.Context, address string) (*Store, error) {
	s, err := dial(address)
	return migrated(ctx, s, err)
}

// dial opens a database as it is.
func dial(address string) (*Store, error) {
	switch {
	case isPostgres(address):
		return dialPostgres(address)
	case address == "memory:":
		return dialMemory()
	default:
		return dialSQLite(sqlitePath(address))
	}
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

func sqlitePath(address string) string { return strings.TrimPrefix(address, "sqlite:") }

// migrated brings the tables of a database that was just opened up to date.
func migrated(ctx context.Context, s *Store, err error) (*Store, error) {
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes the database; running transactions are rolled back.
func (s *Store) Close() error {
	err := s.db.close()
	if s.claim != nil {
		err = errors.Join(err, s.claim.release())
	}
	return err
}

// Ping reports whether the database answers, and still is this process's to
// serve where it was opened for that.
func (s *Store) Ping(ctx context.Context) error {
	if s.claim != nil {
		if err := s.claim.check(ctx); err != nil {
			return err
		}
	}
	var one int
	if err := s.db.read.QueryRowContext(ctx, `SELECT 1`).Scan(&one); err != nil {
		return s.translate(fmt.Errorf("ping: %w", err))
	}
	return nil
}

// Pending reports whether tables wait to be brought up to date.
func (s *Store) Pending(ctx context.Context) (bool, error) {
	p, err := s.provider()
	if err != nil {
		return false, err
	}
	pending, err := p.HasPending(ctx)
	return pending, s.translate(err)
}

// Migrate brings the tables up to date and refuses a database that a newer
// program wrote. Two processes may start together: one migrates, the other finds
// nothing left to do.
func (s *Store) Migrate(ctx context.Context) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return unavailable("database_open", "the database cannot be read", s.translate(err))
	}
	if current > target {
		return unsupported("newer_database",
			fmt.Sprintf("the database has version %d, this program knows versions up to %d", current, target)).
			WithHint("run the version of caique that wrote it, or a newer one")
	}
	return s.up(ctx, p)
}

// How often and how long to wait for another process that migrates.
const (
	migrateTries = 40
	migratePause = 50 * time.Millisecond
)

// up migrates. Where that fails another process may be at it, between two of the
// steps: it is given time to finish.
func (s *Store) up(ctx context.Context, p *goose.Provider) error {
	for try := 1; ; try++ {
		_, err := p.Up(ctx)
		if err == nil {
			return nil
		}
		if pending, e := p.HasPending(ctx); e == nil && !pending {
			return nil
		}
		if try == migrateTries {
			return fmt.Errorf("bring the database up to date: %w", s.translate(err))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(migratePause):
		}
	}
}

func (s *Store) provider() (*goose.Provider, error) {
	tables, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	own, err := s.engine.ownMigrations()
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	texts := goose.NewGoMigration(6, &goose.GoFunc{RunTx: fillTexts}, nil)
	options := append([]goose.ProviderOption{
		goose.WithGoMigrations(append(own, texts)...), goose.WithDisableGlobalRegistry(true),
	}, s.engine.options...)
	return goose.NewProvider(s.engine.dialect, s.db.write, tables, options...)
}
