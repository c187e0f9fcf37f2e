package store

import (
	"database/sql"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// engine is what differs between the two databases.
type engine struct {
	dialect goose.Dialect
	// guards names the file with what only this engine understands: the triggers
	// that refuse changes of the trail.
	guards string
	// lockRow follows the SELECT that locks a workspace for the transaction.
	// SQLite has one writer at a time and needs none.
	lockRow string
	options []goose.ProviderOption
	// classify sorts a driver's error by its code.
	classify func(error) class
}

// class is what a database error means to callers.
type class int

const (
	classOther       class = iota
	classExists            // unique or primary key
	classReference         // foreign key
	classCheck             // check constraint
	classUnavailable       // locked, full, gone: may work later
)

// handles are the connections to a database: writers take turns, readers do not
// wait for them.
type handles struct {
	write *sql.DB
	read  *sql.DB
}

func (h handles) close() error {
	err := h.write.Close()
	if h.read != h.write {
		if e := h.read.Close(); err == nil {
			err = e
		}
	}
	return err
}

// guardsSQL reads the engine's own part of the tables.
func (e engine) guardsSQL() (string, error) {
	b, err := fs.ReadFile(migrations, e.guards)
	return string(b), err
}
