package web

import (
	"net/http"
	"regexp"
	"strconv"

	"caique/internal/caiq"
)

// etag is the entity tag of a revision.
func etag(revision int) string { return `"` + strconv.Itoa(revision) + `"` }

// Precondition is the revision that a change starts from. Embed it in the input
// of everything that changes something.
type Precondition struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what is changed, as it was read: \"7\". Missing: 428; changed meanwhile: 412"`
}

// revision reads If-Match. Several tags, weak ones and * are refused: a change
// starts from one known revision.
func (p Precondition) revision() (int, error) {
	if p.IfMatch == "" {
		e := problemOf(caiq.Errorf(caiq.Invalid, "if_match_required", "the header If-Match is missing").At("header.If-Match").
			WithHint("read it first and send its ETag as If-Match: a change must say which version it starts from"))
		e.setStatus(http.StatusPreconditionRequired)
		return 0, e
	}
	m := revisionTag.FindStringSubmatch(p.IfMatch)
	if m == nil {
		return 0, caiq.Errorf(caiq.Invalid, "bad_if_match", "the header If-Match holds no single ETag of this service").At("header.If-Match").
			WithHint(`it looks like "7", quotes included`)
	}
	return strconv.Atoi(m[1])
}

var revisionTag = regexp.MustCompile(`^"(0|[1-9][0-9]{0,8})"$`)

// stale completes the refusal of a change that started from an old revision, or
// from none, with the thing as it is now and its revision.
func stale[T any](err error, current func() (T, int, error)) error {
	p := problemOf(err)
	if p.Status != http.StatusPreconditionFailed && p.Status != http.StatusPreconditionRequired {
		return err
	}
	now, revision, e := current()
	if e != nil && caiq.KindOf(e) == caiq.Forbidden {
		return err // a token that may change and not read
	}
	if e != nil {
		return e // gone meanwhile
	}
	with := *p
	with.headers = p.headers.Clone()
	with.Current = now
	with.header("ETag", etag(revision))
	return &with
}

// change makes a change that starts from the revision of a precondition, and
// shows what came of it; now reads the thing for those who came too late.
func change[T any](p Precondition, do func(revision int) (T, int, error), now func() (T, int, error)) (*tagged[T], error) {
	revision, err := p.revision()
	if err != nil {
		return nil, stale(err, now)
	}
	v, revision, err := do(revision)
	if err != nil {
		return nil, stale(err, now)
	}
	return taggedOf(revision, v), nil
}

// remove is change for what is gone afterwards.
func remove[T any](p Precondition, do func(revision int) error, now func() (T, int, error)) (*none, error) {
	revision, err := p.revision()
	if err == nil {
		err = do(revision)
	}
	if err != nil {
		return nil, stale(err, now)
	}
	return &none{}, nil
}
