package store

import (
	"context"
	"encoding/json"

	"caique/internal/caiq"
)

const eventColumns = `workspace_id, seq, at, actor, actor_kind, auth, request_id, action, object, record_id,
	from_revision, from_text_sha256, revision, text_sha256, detail, prev, hash`

func scanEvent(row scanner) (caiq.Event, error) {
	var e caiq.Event
	var detail scanID
	err := row.Scan(&e.WorkspaceID, &e.Seq, (*scanTime)(&e.At), &e.Actor, (*string)(&e.ActorKind), &e.Auth, &e.RequestID,
		&e.Action, &e.Object, &e.RecordID, &e.FromRevision, &e.FromTextSHA256, &e.Revision, &e.TextSHA256,
		&detail, &e.Prev, &e.Hash)
	if detail != "" {
		e.Detail = json.RawMessage(detail)
	}
	return e, err
}

func eventArgs(e *caiq.Event) []any {
	return []any{
		e.WorkspaceID, e.Seq, micros(e.At), e.Actor, string(e.ActorKind), e.Auth, e.RequestID,
		e.Action, e.Object, e.RecordID, e.FromRevision, e.FromTextSHA256, e.Revision, e.TextSHA256,
		orNull(string(e.Detail)), e.Prev, e.Hash,
	}
}

// AppendEvents implements app.Store.
func (s *Store) AppendEvents(ctx context.Context, events ...*caiq.Event) error {
	t := s.tx(ctx)
	if t == nil {
		return misuse("event outside of a transaction")
	}
	rows := make([][]any, len(events))
	for i, e := range events {
		tr := t.trails[e.WorkspaceID]
		if tr == nil {
			return misuse("event of workspace %q inside the transaction of another", e.WorkspaceID)
		}
		if err := e.Seal(tr.seq+1, tr.head); err != nil {
			return err
		}
		tr.seq, tr.head, tr.appended = e.Seq, e.Hash, true
		rows[i] = eventArgs(e)
	}
	if err := insertMany(rows, `INSERT INTO events (`+eventColumns+`)`, ``, s.execer(ctx)); err != nil {
		return err
	}
	return s.moveHeads(ctx, t, events)
}

// moveHeads notes in each workspace how far its trail is by now.
func (s *Store) moveHeads(ctx context.Context, t *tx, events []*caiq.Event) error {
	for i, e := range events {
		if i+1 < len(events) && events[i+1].WorkspaceID == e.WorkspaceID {
			continue // a later event of the same trail follows
		}
		tr := t.trails[e.WorkspaceID]
		if _, err := s.exec(ctx, `UPDATE workspaces SET seq = $2, head = $3 WHERE id = $1`, e.WorkspaceID, tr.seq, tr.head); err != nil {
			return err
		}
	}
	return nil
}

// Events implements app.Store.
func (s *Store) Events(ctx context.Context, workspaceID string, f caiq.EventFilter) ([]caiq.Event, error) {
	w := where{}
	w.is("workspace_id", "=", workspaceID)
	for _, c := range []struct{ column, value string }{
		{"record_id", f.RecordID}, {"object", f.Object}, {"actor", f.Actor}, {"action", f.Action},
	} {
		if c.value != "" {
			w.is(c.column, "=", c.value)
		}
	}
	w.is("seq", ">", f.After)
	if f.Before > 0 {
		w.is("seq", "<", f.Before)
	}
	order := ` ORDER BY seq`
	if f.Newest {
		order += ` DESC`
	}
	query := `SELECT ` + eventColumns + ` FROM events` + w.String() + order + w.limit(f.Limit)
	return list(ctx, s, scanEvent, query, w.args...)
}
