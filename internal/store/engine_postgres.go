package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// Connections of one process. Writers of one workspace wait for each other
// inside the database; with a pool of their own they never keep readers waiting.
const (
	postgresWriters = 8
	postgresReaders = 16
)

// OpenPostgres opens a database by its connection string (postgres://…). The
// role needs the right to create tables the first time.
func OpenPostgres(ctx context.Context, dsn string) (*Store, error) {
	s, err := dialPostgres(dsn)
	return migrated(ctx, s, err)
}

func dialPostgres(dsn string) (*Store, error) {
	config, err := postgresConfig(dsn)
	if err != nil {
		return nil, err
	}
	db := handles{openPool(config, postgresWriters), openPool(config, postgresReaders)}
	return &Store{engine: postgresEngine(), db: db}, nil
}

func postgresConfig(dsn string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The driver's text can hold the password: it stays out of the message.
		return nil, invalid("bad_dsn", "the PostgreSQL connection string cannot be read", err)
	}
	setDefault(config.RuntimeParams, "application_name", "caique")
	setDefault(config.RuntimeParams, "statement_timeout", "60s")
	setDefault(config.RuntimeParams, "lock_timeout", "30s")
	setDefault(config.RuntimeParams, "idle_in_transaction_session_timeout", "60s")
	return config, nil
}

func openPool(config *pgx.ConnConfig, conns int) *sql.DB {
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db
}

func setDefault(params map[string]string, name, value string) {
	if _, ok := params[name]; !ok {
		params[name] = value
	}
}

func postgresEngine() engine {
	return engine{
		dialect:  goose.DialectPostgres,
		guards:   "migrations/postgres",
		lockRow:  " FOR NO KEY UPDATE",
		snapshot: &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		options:  []goose.ProviderOption{goose.WithSessionLocker(migrationLock{})},
		classify: classifyPostgres,
	}
}

// migrationLock lets one process at a time bring the tables of a schema up to
// date; the others wait.
type migrationLock struct{}

const migrationLockKey = `hashtext('caique migration of ' || current_schema())`

// SessionLock implements lock.SessionLocker.
func (migrationLock) SessionLock(ctx context.Context, c *sql.Conn) error {
	_, err := c.ExecContext(ctx, `SELECT pg_advisory_lock(`+migrationLockKey+`)`)
	return err
}

// SessionUnlock implements lock.SessionLocker.
func (migrationLock) SessionUnlock(ctx context.Context, c *sql.Conn) error {
	_, err := c.ExecContext(ctx, `SELECT pg_advisory_unlock(`+migrationLockKey+`)`)
	return err
}

func classifyPostgres(err error) class {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return classifyConnection(err)
	}
	switch e.Code {
	case "23505":
		return classExists
	case "23503":
		return classReference
	case "23514":
		return classCheck
	case "40001", "40P01", "55P03", "57014", "25006", "25P03":
		return classUnavailable // serialisation, deadlock, lock, timeout, standby, idle
	}
	switch e.Code[:2] {
	case "08", "53", "57", "58":
		return classUnavailable // connection, resources, operator, system
	}
	return classOther
}

func classifyConnection(err error) class {
	var netErr net.Error
	var connErr *pgconn.ConnectError
	if errors.As(err, &netErr) || errors.As(err, &connErr) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || pgconn.SafeToRetry(err) {
		return classUnavailable
	}
	return classOther
}
