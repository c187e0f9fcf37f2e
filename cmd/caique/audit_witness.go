package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"caique/internal/app"
	"caique/internal/caiq"
)

// witnesses are what tells of a trail from outside of its database: the public key
// and the checkpoints.
type witnesses struct {
	key     note.Verifier
	path    string // of the checkpoints; "" where there are none
	keyPath string
	kept    []app.KeptCheckpoint

	bad     caiq.Problems // checkpoints that the installation did not sign
	missing caiq.Problems // what the installation has and is not here
	unread  caiq.Problems // lines that are no checkpoints
}

// witnesses reads them. What is named must be there; what is not is used where it
// lies in --data.
func (c *auditCommand) witnesses() (*witnesses, error) {
	w := &witnesses{keyPath: c.key, path: c.checkpoints}
	if c.trail == "" {
		w.keyPath = orDefault(c.key, filepath.Join(c.data, publicKeyFile))
		w.path = orDefault(c.checkpoints, filepath.Join(c.data, checkpointFile))
	}
	if c.key == "" && !isFile(w.keyPath) {
		if c.checkpoints != "" {
			return nil, usagef("--checkpoints needs the public key that checks them: give --key")
		}
		return w, nil
	}
	var err error
	if w.key, err = loadPublicKey(w.keyPath); err != nil {
		return nil, err
	}
	if c.checkpoints == "" && !isFile(w.path) {
		return w, nil
	}
	w.kept, w.unread, err = readCheckpoints(w.path)
	if c.checkpoints != "" && err == nil && len(w.kept) == 0 {
		w.lacks("checkpoints_missing", w.path, "there is no checkpoint in it")
	}
	return w, err
}

func orDefault(path, other string) string {
	if path == "" {
		return other
	}
	return path
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func (w *witnesses) lacks(code, path, message string) {
	w.missing = append(w.missing, caiq.Problem{Code: code, Field: path, Message: message})
}

func (w *witnesses) ok(allowMissing bool) bool {
	return len(w.bad) == 0 && (allowMissing || len(w.missing) == 0)
}

// signedBy are the checkpoints that keys of the installation signed.
func (w *witnesses) signedBy(keys ...note.Verifier) app.Outside {
	signed := app.ReadOutside(w.kept, keys...)
	w.bad = signed.Problems
	return signed
}

// of are the checkpoints that the installation of a database signed.
func (w *witnesses) of(ctx context.Context, db app.Store) (app.Outside, error) {
	if w.key != nil {
		keys, err := app.InstallationKeys(ctx, db, w.key)
		return w.signedBy(keys...), err
	}
	signs, err := app.Signs(ctx, db)
	if signs {
		w.lacks("key_missing", w.keyPath, "the installation signs its trails and its public key is not here, so no checkpoint was looked at: "+
			"a trail that was rewritten or cut off is not noticed; give --key")
	}
	return app.Outside{}, err
}

// losses are those that the installation's trail names.
func (w *witnesses) losses(ctx context.Context, db app.Store) ([]app.Loss, error) {
	if w.key == nil {
		return nil, nil
	}
	keys, err := app.InstallationKeys(ctx, db, w.key)
	if err != nil {
		return nil, err
	}
	return app.Losses(ctx, db, caiq.Installation, keys...)
}

// lost tells what checkpoints in a data folder speak of that a database does not have.
func lost(ctx context.Context, db app.Store, data string) ([]app.Loss, error) {
	w, err := (&auditCommand{data: data}).witnesses()
	if err != nil || w.key == nil {
		return nil, err
	}
	return app.Lost(ctx, db, w.kept, w.key)
}

// listLosses says what is gone.
func listLosses(losses []app.Loss) string {
	texts := make([]string, len(losses))
	for i := range losses {
		texts[i] = losses[i].String()
	}
	return strings.Join(texts, "; ")
}

// expect notes that an installation has checkpoints and none is here: whoever cuts
// a trail off with the checkpoints in its database is then not noticed. The first
// may have been written since they were read.
func (w *witnesses) expect(reports []app.TrailReport) {
	signed := slices.ContainsFunc(reports, func(r app.TrailReport) bool { return r.Checkpoints > 0 })
	if w.key == nil || !signed || len(w.kept) > 0 || len(w.missing) > 0 {
		return
	}
	if late, _, err := readCheckpoints(w.path); err != nil || len(late) == 0 {
		w.lacks("checkpoints_missing", w.path, "the installation keeps its checkpoints outside the database too and none is here: "+
			"a trail that was cut off together with those in the database is not noticed; give --checkpoints")
	}
}
