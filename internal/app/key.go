package app

import (
	"context"
	"encoding/json"

	"golang.org/x/mod/sumdb/note"

	"caique/internal/caiq"
)

// KeyStore is what deciding about an installation's key needs to read.
type KeyStore interface {
	CountUsers(ctx context.Context) (int, error)
	TrailStore
}

// NeedsKey reports whether a database belongs to an installation that has its key
// already: one made anew would sign what another key began.
func NeedsKey(ctx context.Context, store KeyStore) (bool, error) {
	n, err := store.CountUsers(ctx)
	if err != nil || n > 0 {
		return n > 0, err
	}
	keys, err := keysOf(ctx, store)
	return len(keys) > 0, err
}

// keysOf are the public keys that an installation has signed with, by its own
// trail, the present one last.
func keysOf(ctx context.Context, store TrailStore) ([]string, error) {
	events, err := store.Events(ctx, caiq.Installation, caiq.EventFilter{Action: string(actKey)})
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, e := range events {
		var d struct {
			Key string `json:"key"`
		}
		if err := json.Unmarshal(e.Detail, &d); err != nil {
			return nil, err
		}
		keys = append(keys, d.Key)
	}
	return keys, nil
}

// UseKey ties the installation to the public key of its signer, as text. A
// database that another key signs is refused (Conflict, "key_differs") unless the
// key is to take over, which the trail then says.
func (s *Service) UseKey(ctx context.Context, public string, takeOver bool) error {
	return s.commit(ctx, caiq.Principal{Auth: authCLI}, caiq.Installation, func(ctx context.Context, c *change) error {
		keys, err := keysOf(ctx, s.store)
		if err != nil || len(keys) > 0 && keys[len(keys)-1] == public {
			return err
		}
		ours := len(keys) == 0
		if ours {
			if ours, err = s.signedByUs(ctx); err != nil {
				return err
			}
		}
		if !ours && !takeOver {
			return caiq.Errorf(caiq.Conflict, "key_differs", "the checkpoints of this database are signed with another key than that of the folder --data").
				WithHint("put the key that belongs to the database into the folder, or let this one take over with --new-key, which the trail records")
		}
		c.event(actKey, "keys/"+s.key.Name()).Detail = detail(map[string]any{"key": public, "takes_over": !ours})
		return nil
	})
}

// signedByUs reports whether the last checkpoint of every trail, where there is
// one, is signed with our key: installations from before their trail named it.
func (s *Service) signedByUs(ctx context.Context) (bool, error) {
	all, err := s.store.Workspaces(ctx, "")
	if err != nil {
		return false, err
	}
	for _, w := range append(all, caiq.Workspace{ID: caiq.Installation}) {
		kept, err := s.store.Checkpoints(ctx, w.ID)
		if err != nil {
			return false, err
		}
		if len(kept) == 0 {
			continue
		}
		if _, err := ReadCheckpoint(kept[len(kept)-1].Note, s.key); err != nil {
			return false, nil //nolint:nilerr // signed by somebody else
		}
	}
	return true, nil
}

// formerKeys are those that an installation signed with before the given one.
// What they signed is compared and counts for nothing: the trail alone names them.
func formerKeys(ctx context.Context, store TrailStore, key note.Verifier) ([]note.Verifier, error) {
	keys, err := keysOf(ctx, store)
	var former []note.Verifier
	for _, text := range keys {
		v, err := note.NewVerifier(text)
		if err == nil && (v.Name() != key.Name() || v.KeyHash() != key.KeyHash()) {
			former = append(former, v)
		}
	}
	return former, err
}
