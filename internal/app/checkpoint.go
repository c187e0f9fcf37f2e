package app

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"caique/internal/caiq"
)

// CheckpointOrigin begins every checkpoint, so that a signature on another kind
// of note is none on a trail.
const CheckpointOrigin = "caique trail"

// checkpointText is the signed text: origin, workspace, sequence number, hash in
// base64 and time, a line each.
func checkpointText(c caiq.Checkpoint) (string, error) {
	hash, err := hex.DecodeString(c.Hash)
	if err != nil {
		return "", fmt.Errorf("checkpoint of %s: %w", c.WorkspaceID, err)
	}
	return strings.Join([]string{
		CheckpointOrigin, c.WorkspaceID, strconv.FormatInt(c.Seq, 10), base64.StdEncoding.EncodeToString(hash),
		c.At.UTC().Format(time.RFC3339Nano), "",
	}, "\n"), nil
}

// ReadCheckpoint checks the signature of a checkpoint and returns what it says.
// A note that is no checkpoint, or not signed by the key, is Invalid with code
// bad_checkpoint.
func ReadCheckpoint(signed string, v note.Verifier) (caiq.Checkpoint, error) {
	n, err := note.Open([]byte(signed), note.VerifierList(v))
	if err != nil {
		return caiq.Checkpoint{}, badCheckpoint(err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 6 || lines[0] != CheckpointOrigin || lines[5] != "" {
		return caiq.Checkpoint{}, badCheckpoint(nil)
	}
	seq, err := strconv.ParseInt(lines[2], 10, 64)
	if err != nil || seq < 1 {
		return caiq.Checkpoint{}, badCheckpoint(err)
	}
	hash, err := base64.StdEncoding.DecodeString(lines[3])
	if err != nil {
		return caiq.Checkpoint{}, badCheckpoint(err)
	}
	at, err := time.Parse(time.RFC3339Nano, lines[4])
	if err != nil {
		return caiq.Checkpoint{}, badCheckpoint(err)
	}
	return caiq.Checkpoint{WorkspaceID: lines[1], Seq: seq, Hash: hex.EncodeToString(hash), At: at, Note: signed}, nil
}

func badCheckpoint(err error) error {
	return &caiq.Error{
		Kind: caiq.Invalid, Code: "bad_checkpoint", Msg: "the checkpoint is not signed by this key, or is none", Err: err,
		Hint: "give the public key of the installation that wrote it",
	}
}

// signHead signs how far a workspace's trail is, keeps the note in the database
// and hands it to the sink; "" without a signer or before the first event.
func (s *Service) signHead(ctx context.Context, w caiq.Workspace) (string, error) {
	if s.signer == nil || w.Head == 0 {
		return "", nil
	}
	c := caiq.Checkpoint{WorkspaceID: w.ID, Seq: w.Head, Hash: w.HeadHash, At: s.clock()}
	text, err := checkpointText(c)
	if err != nil {
		return "", err
	}
	signed, err := note.Sign(&note.Note{Text: text}, s.signer)
	if err != nil {
		return "", fmt.Errorf("sign a checkpoint: %w", err)
	}
	c.Note = string(signed)
	if s.sink != nil {
		if err := s.sink(c); err != nil {
			return "", fmt.Errorf("keep a checkpoint outside the database: %w", err)
		}
	}
	return c.Note, s.store.PutCheckpoint(ctx, c)
}

// SignTrails signs the head of every trail that has grown since its last
// checkpoint, and returns how many it signed. The service calls it every minute
// and when it stops.
func (s *Service) SignTrails(ctx context.Context) (int, error) {
	if s.signer == nil {
		return 0, nil
	}
	all, err := s.store.Workspaces(ctx, "")
	if err != nil {
		return 0, err
	}
	own, err := s.store.Workspace(ctx, caiq.Installation)
	if err != nil {
		return 0, err
	}
	signed := 0
	for _, w := range append(all, own) {
		kept, err := s.store.Checkpoints(ctx, w.ID)
		if err != nil {
			return signed, err
		}
		if w.Head == 0 || len(kept) > 0 && kept[len(kept)-1].Seq >= w.Head {
			continue
		}
		if _, err := s.signHead(ctx, w); err != nil {
			return signed, err
		}
		signed++
	}
	return signed, nil
}

// Tidy removes sessions, links, counters and keys that have had their day.
func (s *Service) Tidy(ctx context.Context) error { return s.store.DeleteExpired(ctx, s.clock()) }
