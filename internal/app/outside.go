package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"caique/internal/caiq"
)

// KeptCheckpoint is a signed note that was kept outside of a database.
type KeptCheckpoint struct {
	Note  string
	Place string // "checkpoints.jsonl:12"
}

// Outside are the checkpoints kept outside of a database.
type Outside struct {
	Notes    []string                   // signed by the installation
	Farthest map[string]caiq.Checkpoint // of each workspace
	Problems caiq.Problems              // what the installation did not sign
}

// ReadOutside checks the signatures of checkpoints by the keys of an installation,
// see InstallationKeys.
func ReadOutside(kept []KeptCheckpoint, keys ...note.Verifier) Outside {
	o := Outside{Farthest: make(map[string]caiq.Checkpoint)}
	for _, k := range kept {
		c, err := readSigned(k.Note, keys)
		if err != nil {
			o.Problems = append(o.Problems, caiq.Problem{Code: string(TrailCheckpoint), Field: k.Place, Message: "the checkpoint is not signed by the key of the installation"})
			continue
		}
		o.Notes = append(o.Notes, k.Note)
		if c.Seq > o.Farthest[c.WorkspaceID].Seq {
			o.Farthest[c.WorkspaceID] = c
		}
	}
	return o
}

func readSigned(signed string, keys []note.Verifier) (c caiq.Checkpoint, err error) {
	err = badCheckpoint(nil)
	for i := 0; err != nil && i < len(keys); i++ {
		c, err = ReadCheckpoint(signed, keys[i])
	}
	return c, err
}

// Missing reports the trails that checkpoints speak of and that are not there, but
// for those that the installation's trail names as lost.
func (o Outside) Missing(there []string, lost []Loss) []TrailReport {
	var missing []TrailReport
	for _, id := range slices.Sorted(maps.Keys(o.Farthest)) {
		c := o.Farthest[id]
		if slices.Contains(there, id) || slices.ContainsFunc(lost, func(l Loss) bool { return l.excuses(&c) }) {
			continue
		}
		missing = append(missing, TrailReport{
			WorkspaceID: id, Problem: TrailMissing, Seq: 1,
			Message: fmt.Sprintf("the workspace is not there with all it held, and event %d of its trail was signed on %s", c.Seq, c.At.Format(time.RFC3339)),
		})
	}
	return missing
}

// InstallationKeys are the key given and those that the installation signed with
// before it.
func InstallationKeys(ctx context.Context, store TrailStore, key note.Verifier) ([]note.Verifier, error) {
	former, err := formerKeys(ctx, store, key)
	return append([]note.Verifier{key}, former...), err
}

// Signs reports whether an installation has signed its trails: then there is a key
// to check them by.
func Signs(ctx context.Context, store TrailStore) (bool, error) {
	keys, err := keysOf(ctx, store)
	if err != nil || len(keys) > 0 {
		return len(keys) > 0, err
	}
	kept, err := store.Checkpoints(ctx, caiq.Installation)
	return len(kept) > 0, err
}
