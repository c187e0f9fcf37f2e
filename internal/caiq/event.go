package caiq

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// ActorKind is what sort of actor caused an event.
type ActorKind string

// Kinds of actors.
const (
	ActorUser   ActorKind = "user"
	ActorToken  ActorKind = "token"  // a program, in the name of Actor
	ActorCLI    ActorKind = "cli"    // somebody with access to the machine
	ActorSystem ActorKind = "system" // the service itself
)

// Event is one line of a workspace's audit trail. It holds no answer text and
// no secret, only hashes. Events form a chain: Hash covers the event and the
// hash before it.
type Event struct {
	WorkspaceID string
	Seq         int64 // from 1, without gaps; given by the store
	At          time.Time
	Actor       string // User.ID, or "" for the service itself
	ActorKind   ActorKind
	Auth        string // as Principal.Auth
	RequestID   string
	Action      string // "answer.approve"
	Object      string // "questionnaires/ID/answers/12"
	RecordID    string // the questionnaire concerned, or ""
	// The revision and text hash that the action found and left; zero where
	// they do not apply.
	FromRevision   int
	FromTextSHA256 string
	Revision       int
	TextSHA256     string
	Detail         json.RawMessage // a JSON object, or nil
	Prev           string          // Hash of the event before; "" for the first
	Hash           string
}

// canonicalEvent is the hashed form: one line of JSON, fields in this order,
// time in microseconds since 1970.
type canonicalEvent struct {
	Seq            int64           `json:"seq"`
	At             int64           `json:"at"`
	Workspace      string          `json:"workspace"`
	Actor          string          `json:"actor"`
	ActorKind      ActorKind       `json:"actor_kind"`
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

// Canonical returns the bytes that Hash covers: one line of JSON without its
// line feed.
func (e *Event) Canonical() ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(canonicalEvent{
		Seq: e.Seq, At: e.At.UnixMicro(), Workspace: e.WorkspaceID,
		Actor: e.Actor, ActorKind: e.ActorKind, Auth: e.Auth, RequestID: e.RequestID,
		Action: e.Action, Object: e.Object, RecordID: e.RecordID,
		FromRevision: e.FromRevision, FromTextSHA256: e.FromTextSHA256,
		Revision: e.Revision, TextSHA256: e.TextSHA256, Detail: e.Detail, Prev: e.Prev,
	})
	if err != nil {
		return nil, fmt.Errorf("event %d of %s: %w", e.Seq, e.WorkspaceID, err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// Seal gives the event its place in the chain: Seq, Prev and Hash, the SHA-256
// of prev's text and the canonical form, in lower-case hex. At loses what is
// finer than a microsecond, Detail its blanks.
func (e *Event) Seal(seq int64, prev string) error {
	e.Seq, e.Prev, e.At = seq, prev, e.At.UTC().Truncate(time.Microsecond)
	if e.Detail != nil {
		var compact bytes.Buffer
		if err := json.Compact(&compact, e.Detail); err != nil {
			return fmt.Errorf("detail of event %s: %w", e.Action, err)
		}
		e.Detail = compact.Bytes()
	}
	hash, err := e.ComputeHash()
	e.Hash = hash
	return err
}

// ComputeHash returns what Hash must be.
func (e *Event) ComputeHash() (string, error) {
	b, err := e.Canonical()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	h.Write([]byte(e.Prev))
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil)), nil
}

// EventFilter selects events of a workspace's trail.
type EventFilter struct {
	RecordID string // "" for all
	Object   string // "" for all
	Actor    string // "" for all
	Action   string // "" for all
	After    int64  // sequence number to go on after, exclusive
	Before   int64  // 0: no bound; else exclusive
	Newest   bool   // descending, for pages; ascending otherwise
	Limit    int    // 0: no limit
}

// Checkpoint is a signed statement of how far a trail had come: whoever holds
// one can tell when the trail is cut off before it.
type Checkpoint struct {
	WorkspaceID string
	Seq         int64
	Hash        string // of event Seq
	At          time.Time
	Note        string // signed note (golang.org/x/mod/sumdb/note)
}
