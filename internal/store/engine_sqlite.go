package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteReaders bounds the connections that read while one writes.
const sqliteReaders = 8

// busyWait is how long a process waits for another one (a backup, a check) to
// let go of the database.
const busyWait = 10 * time.Second

// OpenSQLite opens the database file, making it and its folder when missing,
// readable by their owner alone. A commit is on disk before it is acknowledged.
func OpenSQLite(ctx context.Context, path string) (*Store, error) {
	s, err := dialSQLite(path)
	return migrated(ctx, s, err)
}

func dialSQLite(path string) (*Store, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database %q: %w", path, err)
	}
	if err := createPrivate(abs); err != nil {
		return nil, unavailable("database_open", "the database file "+path+" cannot be opened", err)
	}
	write, err := openSQLite(abs, 1, url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_txlock": {"immediate"},
	})
	if err != nil {
		return nil, err
	}
	read, err := openSQLite(abs, sqliteReaders, url.Values{"_query_only": {"1"}})
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return &Store{engine: sqliteEngine(), db: handles{write, read}}, nil
}

// OpenMemory opens an empty database that lives as long as the Store. It has one
// connection: reading waits for a running transaction, so inside Tx every call
// must use the context that Tx handed in.
func OpenMemory(ctx context.Context) (*Store, error) {
	s, err := dialMemory()
	return migrated(ctx, s, err)
}

func dialMemory() (*Store, error) {
	db, err := openSQLite(":memory:", 1, url.Values{"_txlock": {"immediate"}})
	if err != nil {
		return nil, err
	}
	return &Store{engine: sqliteEngine(), db: handles{db, db}}, nil
}

func openSQLite(path string, conns int, params url.Values) (*sql.DB, error) {
	params.Set("_busy_timeout", strconv.FormatInt(busyWait.Milliseconds(), 10))
	params.Set("_foreign_keys", "1")
	params.Set("_defensive", "1")
	params.Set("_dqs", "0")
	params.Set("_error_rc", "1")
	params["_pragma"] = []string{"trusted_schema(0)", "cache_size(-4096)", "journal_size_limit(67108864)"}
	u := url.URL{Scheme: "file", RawQuery: params.Encode()}
	if path == ":memory:" {
		u.Opaque = path
	} else {
		u.Path = path
	}
	connector, err := sqlite.NewConnector(u.String())
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// createPrivate makes an empty file that its owner alone can read; the engine's
// own side files take over its mode.
func createPrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func sqliteEngine() engine {
	return engine{
		dialect:  goose.DialectSQLite3,
		guards:   "migrations/sqlite",
		prepares: true,
		classify: classifySQLite,
	}
}

func classifySQLite(err error) class {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return classOther
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return classExists
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return classReference
	case sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_CONSTRAINT_TRIGGER:
		return classCheck
	}
	switch e.Code() & 0xff { // the primary code below an extended one
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM:
		return classUnavailable
	}
	return classOther
}
