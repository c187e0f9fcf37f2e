package store

import (
	"context"
	"database/sql"
	"sync"
)

// How many statements are kept, and how long their texts may be: those of filters
// with many values are too many to come again.
const (
	maxPrepared     = 128
	maxPreparedText = 1600
)

// prepared keeps statements that read, by their text, those that come first. SQLite
// compiles a query each time that it comes as text, which takes longer than to run a
// short one. None is ever closed before its database: somebody may be about to run it.
type prepared struct {
	mu    sync.Mutex
	known map[string]*sql.Stmt
}

// get returns the statement of a query; nil when there is no room for it, or when it
// cannot be had: the query itself will say why.
func (p *prepared) get(ctx context.Context, db *sql.DB, query string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	stmt := p.known[query]
	if stmt != nil || len(p.known) >= maxPrepared {
		return stmt
	}
	stmt, err := db.PrepareContext(ctx, query) //nolint:sqlclosecheck // with the database
	if err != nil {
		return nil
	}
	if p.known == nil {
		p.known = make(map[string]*sql.Stmt)
	}
	p.known[query] = stmt
	return stmt
}

// statement returns the kept statement of a query outside of transactions, nil where
// none is kept.
func (s *Store) statement(ctx context.Context, query string) *sql.Stmt {
	if !s.engine.prepares || len(query) > maxPreparedText || s.tx(ctx) != nil {
		return nil
	}
	return s.kept.get(ctx, s.db.read, query)
}
