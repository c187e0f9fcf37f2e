package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"caique/internal/caiq"
)

// translate turns a driver's error into the domain's, by its code, never by its
// text. Errors that are the domain's already, or that the caller caused by giving
// up, pass as they are.
func (s *Store) translate(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if _, ok := errors.AsType[*caiq.Error](err); ok {
		return err
	}
	switch s.engine.classify(err) {
	case classExists:
		return &caiq.Error{Kind: caiq.Conflict, Code: "exists", Msg: "this exists already", Err: err}
	case classReference:
		return &caiq.Error{Kind: caiq.Invalid, Code: "unknown_reference", Msg: "an id names nothing of this workspace", Err: err}
	case classUnavailable:
		return unavailable("database_unavailable", "the database cannot do this now", err)
	case classCheck, classOther:
		return err
	}
	return err
}

// isCheck reports whether a check constraint refused a statement.
func (s *Store) isCheck(err error) bool { return s.engine.classify(err) == classCheck }

func unavailable(code, msg string, err error) *caiq.Error {
	return (&caiq.Error{Kind: caiq.Unavailable, Code: code, Msg: msg, Err: err}).
		WithHint("try again; if it stays so, look at the free space and at the database's own log")
}

func invalid(code, msg string, err error) *caiq.Error {
	return &caiq.Error{Kind: caiq.Invalid, Code: code, Msg: msg, Err: err}
}

func unsupported(code, msg string) *caiq.Error {
	return &caiq.Error{Kind: caiq.Unsupported, Code: code, Msg: msg}
}

// notFound says that there is no such thing, or none for this workspace.
func notFound(noun string) error {
	return caiq.Errorf(caiq.NotFound, "not_found", "there is no such %s", noun)
}

func stale(noun string, have, current int) error {
	return caiq.Errorf(caiq.Conflict, "stale", "%s has changed since it was read: revision %d is now %d", noun, have, current).
		WithHint("read it again and repeat the change where it still applies")
}

// missing turns "no rows" into notFound.
func missing(err error, noun string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return notFound(noun)
	}
	return err
}

// misuse is a mistake of the calling code, not of a user.
func misuse(format string, args ...any) error {
	return fmt.Errorf("store: "+format, args...)
}
