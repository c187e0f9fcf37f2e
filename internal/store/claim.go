package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"caique/internal/caiq"
)

// claim is the right of one process to serve a database. It ends with the
// process, however that ends.
type claim interface {
	// check reports whether the claim still holds.
	check(ctx context.Context) error
	release() error
}

// OpenToServe waits three seconds for a process that is about to end.
const (
	claimTries = 60
	claimPause = 50 * time.Millisecond
)

// OpenToServe opens a database as Open does, for the one process that serves it.
// While another does, it fails with Unavailable, "database_in_use". Who only
// reads, or copies the database, needs no claim.
func OpenToServe(ctx context.Context, address string) (*Store, error) {
	if address == "memory:" {
		return OpenMemory(ctx)
	}
	held, err := claimDatabase(ctx, address)
	if err != nil {
		return nil, err
	}
	s, err := Open(ctx, address)
	if err != nil {
		return nil, errors.Join(err, held.release())
	}
	s.claim = held
	return s, nil
}

// claimDatabase tries again for a moment: a process just killed lets go late.
func claimDatabase(ctx context.Context, address string) (claim, error) {
	try := func() (claim, error) { return claimFile(sqlitePath(address)) }
	if isPostgres(address) {
		try = func() (claim, error) { return claimPostgres(ctx, address) }
	}
	for tries := 1; ; tries++ {
		held, err := try()
		if caiq.CodeOf(err) != "database_in_use" || tries == claimTries {
			return held, err
		}
		select {
		case <-time.After(claimPause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func inUse() error {
	return caiq.Errorf(caiq.Unavailable, "database_in_use", "another process serves this database").
		WithHint("one process serves a database: stop the other one first; caique audit and caique backup work beside it")
}

// fileClaim is an exclusive lock on a file beside the database, which the system
// drops with the process. The file stays: removing it would race.
type fileClaim struct{ file lockedFile }

func claimFile(path string) (claim, error) {
	abs, err := filepath.Abs(path)
	if err == nil {
		err = createPrivate(abs + ".lock")
	}
	if err != nil {
		return nil, unavailable("database_open", "the lock file beside "+path+" cannot be opened", err)
	}
	f, err := lockFile(abs + ".lock")
	if errors.Is(err, errLocked) {
		return nil, inUse()
	}
	if err != nil {
		return nil, unavailable("database_open", "the lock file beside "+path+" cannot be locked", err)
	}
	return fileClaim{f}, nil
}

var errLocked = errors.New("locked by another process")

func (fileClaim) check(context.Context) error { return nil } // the system keeps it as long as we run

func (c fileClaim) release() error { return c.file.unlock() }

// serverClaim is an advisory lock of one PostgreSQL session, which ends with its
// connection.
type serverClaim struct {
	db   *sql.DB
	mu   sync.Mutex
	conn *sql.Conn // nil after it was lost
}

const serverClaimKey = `hashtext('caique serves ' || current_schema())`

func claimPostgres(ctx context.Context, dsn string) (claim, error) {
	config, err := postgresConfig(dsn)
	if err != nil {
		return nil, err
	}
	c := &serverClaim{db: openPool(config, 1)}
	if err := c.acquire(ctx); err != nil {
		return nil, errors.Join(err, c.db.Close())
	}
	return c, nil
}

func (c *serverClaim) acquire(ctx context.Context) error {
	conn, err := c.db.Conn(ctx)
	if err != nil {
		return unavailable("database_open", "the database cannot be reached", err)
	}
	var got bool
	if err := conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock(`+serverClaimKey+`)`).Scan(&got); err != nil {
		return errors.Join(unavailable("database_open", "the database cannot be claimed", err), conn.Close())
	}
	if !got {
		return errors.Join(inUse(), conn.Close())
	}
	c.conn = conn
	return nil
}

// check asks the session that holds the lock; where it is gone, it tries to get
// the lock back.
func (c *serverClaim) check(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != nil {
		if _, err := c.conn.ExecContext(ctx, `SELECT 1`); err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		_ = c.conn.Close() // it is broken already
		c.conn = nil
	}
	return c.acquire(ctx)
}

func (c *serverClaim) release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != nil {
		// The next process need not wait until the server notices that we are gone;
		// a broken session has lost its locks already.
		_, _ = c.conn.ExecContext(context.Background(), `SELECT pg_advisory_unlock(`+serverClaimKey+`)`)
		_ = c.conn.Close()
	}
	return c.db.Close()
}
