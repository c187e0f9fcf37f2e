package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/store"
)

// backupManifest stands beside a backup, in the file of its name and .json.
type backupManifest struct {
	Schema int         `json:"schema"` // 1
	Tool   string      `json:"tool"`
	File   string      `json:"file"` // base name
	SHA256 string      `json:"sha256"`
	Size   int64       `json:"size"` // bytes
	Made   time.Time   `json:"made"`
	Trails []trailHead `json:"trails"`
	// Differences counts what does not agree with the trails, see audit verify.
	Differences int `json:"differences,omitempty"`
}

// trailHead is how far a workspace's trail was.
type trailHead struct {
	Workspace string `json:"workspace"`
	Events    int64  `json:"events"`
	Head      string `json:"head"`
}

func newBackup(t terminal) *cobra.Command {
	var data, database string
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the SQLite database of a service, also while it runs",
		Long: `Writes a consistent copy of the database, checks it (structure, files by hash,
trails), and writes FILE.json with hashes beside it. Everything but the keys and the
checkpoints outside the database is in it; keep copies of the folder's ` + signingKeyFile + `,
` + publicKeyFile + ` and ` + checkpointFile + ` apart.

PostgreSQL has its own tools: pg_dump copies all there is.`,
		Example: `  caique backup --data /var/lib/caique /backups/caique-2026-11-23.db`,
		Args:    exactArgs("FILE, the backup to write,"),
		PreRunE: findData,
		RunE: func(cmd *cobra.Command, args []string) error {
			return backup(cmd.Context(), t, data, database, args[0])
		},
	}
	registerData(cmd.Flags(), &data, &database)
	return cmd
}

func backup(ctx context.Context, t terminal, data, database, path string) error {
	err := checkOutputs(false, nil, []string{path, path + ".json"})
	if e, ok := errors.AsType[*caiq.Error](err); ok && e.Code == "exists" {
		e.Hint = "choose another name: a backup is never overwritten"
	}
	if err != nil {
		return err
	}
	db, err := openToRead(ctx, data, database)
	if err != nil {
		return err
	}
	if err := errors.Join(db.Backup(ctx, path), db.Close()); err != nil {
		return writeError{err}
	}
	m, err := inspectBackup(ctx, path)
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	m.Made = t.now().UTC()
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := writeOutputs(false, output{path + ".json", append(text, '\n')}); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "wrote %s: %d bytes, SHA-256 %s, %s verified\n", path, m.Size, m.SHA256, count(len(m.Trails), "trail"))
	if m.Differences > 0 {
		fmt.Fprintf(t.out, "%s with the trails: caique audit verify names %s\n",
			caiq.Counted(m.Differences, "thing in it does not agree", "things in it do not agree"), eitherWord(m.Differences, "it", "them"))
	}
	return nil
}

// inspectBackup checks a backup thoroughly and describes it.
func inspectBackup(ctx context.Context, path string) (_ *backupManifest, err error) {
	db, err := store.OpenReadOnly(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	problems, err := db.Check(ctx)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s is damaged: %w", path, problems)
	}
	ids, err := trailsOf(ctx, db, "")
	if err != nil {
		return nil, err
	}
	reports, err := verifyTrails(ctx, db, ids, nil, nil)
	if err != nil {
		return nil, err
	}
	m := &backupManifest{Schema: 1, Tool: "caique " + app.Version, File: filepath.Base(path), Trails: []trailHead{}}
	for _, r := range reports {
		if !r.OK() {
			return nil, caiq.Errorf(caiq.Invalid, "trail_"+string(r.Problem), "%s: %s", path, r.Message)
		}
		m.Trails = append(m.Trails, trailHead{r.WorkspaceID, r.Events, r.Head})
		differ, _, err := app.Reconcile(ctx, db, r.WorkspaceID)
		if err != nil {
			return nil, err
		}
		m.Differences += len(differ)
	}
	m.SHA256, m.Size, err = hashFile(path)
	return m, err
}

func hashFile(path string) (sum string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, errors.Join(err, f.Close())
}
