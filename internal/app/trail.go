package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/mod/sumdb/note"

	"caique/internal/caiq"
)

// trailLine is one line of an exported trail: the head, a checkpoint, or an
// event with its hash.
type trailLine struct {
	Trail      *trailHead      `json:"trail,omitempty"`
	Checkpoint string          `json:"checkpoint,omitempty"`
	Event      json.RawMessage `json:"event,omitempty"` // canonical, see caiq.Event
	Hash       string          `json:"hash,omitempty"`
}

// trailHead is the first line: whose trail it is and how far it goes.
type trailHead struct {
	Workspace string `json:"workspace"`
	Events    int64  `json:"events"`
	Head      string `json:"head"`
}

// trailEvent is the canonical form of an event, to be read.
type trailEvent struct {
	Seq            int64           `json:"seq"`
	At             int64           `json:"at"`
	Workspace      string          `json:"workspace"`
	Actor          string          `json:"actor"`
	ActorKind      caiq.ActorKind  `json:"actor_kind"`
	Auth           string          `json:"auth"`
	RequestID      string          `json:"request_id"`
	Action         string          `json:"action"`
	Object         string          `json:"object"`
	RecordID       string          `json:"record"`
	FromRevision   int             `json:"from_revision"`
	FromTextSHA256 string          `json:"from_text_sha256"`
	Revision       int             `json:"revision"`
	TextSHA256     string          `json:"text_sha256"`
	Detail         json.RawMessage `json:"detail"`
	Prev           string          `json:"prev"`
}

func (e trailEvent) event(hash string) caiq.Event {
	return caiq.Event{
		WorkspaceID: e.Workspace, Seq: e.Seq, At: time.UnixMicro(e.At).UTC(), Actor: e.Actor, ActorKind: e.ActorKind, Auth: e.Auth,
		RequestID: e.RequestID, Action: e.Action, Object: e.Object, RecordID: e.RecordID, FromRevision: e.FromRevision,
		FromTextSHA256: e.FromTextSHA256, Revision: e.Revision, TextSHA256: e.TextSHA256, Detail: e.Detail, Prev: e.Prev, Hash: hash,
	}
}

// WriteTrail writes a stored trail as JSON lines: its head, its checkpoints, its
// events in order.
func WriteTrail(ctx context.Context, store Store, workspaceID string, w io.Writer) error {
	ws, err := store.Workspace(ctx, workspaceID)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(trailLine{Trail: &trailHead{ws.ID, ws.Head, ws.HeadHash}}); err != nil {
		return err
	}
	checkpoints, err := store.Checkpoints(ctx, workspaceID)
	if err != nil {
		return err
	}
	for _, c := range checkpoints {
		if c.Seq > ws.Head {
			continue
		}
		if err := enc.Encode(trailLine{Checkpoint: c.Note}); err != nil {
			return err
		}
	}
	err = eachEvent(ctx, store, workspaceID, ws.Head, func(e *caiq.Event) error {
		canonical, err := e.Canonical()
		if err != nil {
			return err
		}
		return enc.Encode(trailLine{Event: canonical, Hash: e.Hash})
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// maxTrailLine bounds a line of a trail file.
const maxTrailLine = 4 << 20

// VerifyTrailFile verifies a trail written by WriteTrail, without a database.
// Checkpoints count with the key alone, outside ones included. A line that is
// none is a problem of the trail, not an error.
func VerifyTrailFile(r io.Reader, outside []string, key note.Verifier) (TrailReport, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxTrailLine)
	if !lines.Scan() {
		return TrailReport{}, errors.Join(badTrail("it is empty"), lines.Err())
	}
	var head trailLine
	if err := strictJSON(lines.Bytes(), &head); err != nil || head.Trail == nil {
		return TrailReport{}, badTrail("its first line does not name a trail")
	}
	v := NewVerifier(head.Trail.Workspace)
	v.key = key
	if key != nil {
		v.KeptOutside(outside, key)
	}
	for n := 2; lines.Scan(); n++ {
		v.line(n, lines.Bytes(), key)
	}
	if err := lines.Err(); err != nil {
		return TrailReport{}, fmt.Errorf("read the trail: %w", err)
	}
	return v.Done(head.Trail.Events, head.Trail.Head), nil
}

func badTrail(why string) error {
	return caiq.Errorf(caiq.Invalid, "bad_trail", "this is no exported trail: %s", why).
		WithHint("give a file that caique audit export or the API wrote")
}

func (v *Verifier) line(n int, data []byte, key note.Verifier) {
	var l trailLine
	if err := strictJSON(data, &l); err != nil || l.Trail != nil {
		v.fail(TrailEdited, v.report.Events+1, "line %d cannot be read, where event %d should be", n, v.report.Events+1)
		return
	}
	if l.Checkpoint != "" {
		if key != nil {
			v.Checkpoint(l.Checkpoint, key)
		}
		return
	}
	var e trailEvent
	if err := strictJSON(l.Event, &e); err != nil {
		v.fail(TrailEdited, v.report.Events+1, "line %d cannot be read, where event %d should be", n, v.report.Events+1)
		return
	}
	event := e.event(l.Hash)
	v.Event(&event)
}

// strictJSON decodes one value, refusing unknown fields and anything after it.
func strictJSON(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}
