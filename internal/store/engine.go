package store

import (
	"context"
	"database/sql"
	"io/fs"
	"path"

	"github.com/pressly/goose/v3"
)

// engine is what differs between the two databases.
type engine struct {
	dialect goose.Dialect
	// guards names the folder of migrations that only this engine understands:
	// triggers, which refuse what no caller may do.
	guards string
	// lockRow follows the SELECT that locks a workspace for the transaction.
	// SQLite has one writer at a time and needs none.
	lockRow string
	// snapshot are the options of a transaction that sees one state. Every one of
	// SQLite does.
	snapshot *sql.TxOptions
	options  []goose.ProviderOption
	// prepares tells that statements are worth keeping, see prepared. PostgreSQL's
	// driver keeps its own.
	prepares bool
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

// ownMigrations are the engine's own parts of the tables, each a file whose
// name begins with its version.
func (e engine) ownMigrations() ([]*goose.Migration, error) {
	files, err := fs.ReadDir(migrations, e.guards)
	if err != nil {
		return nil, err
	}
	var own []*goose.Migration
	for _, f := range files {
		text, err := fs.ReadFile(migrations, path.Join(e.guards, f.Name()))
		if err != nil {
			return nil, err
		}
		version, err := goose.NumericComponent(f.Name())
		if err != nil {
			return nil, err
		}
		own = append(own, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, string(text))
			return err
		}}, nil))
	}
	return own, nil
}
