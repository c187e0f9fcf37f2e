package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/internal/store"
)

func newRestore(t terminal) *cobra.Command {
	var data, database string
	var acceptLoss bool
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in place as the database of an installation",
		Long: `Compares the backup with FILE.json, checks it as caique backup did, compares its
trails with the checkpoints of the folder --data where there are any, and copies it
to where the database belongs. A database that is there already is refused.

A backup that ends before what those checkpoints signed is refused too: what was
approved since would be gone, and the trail would go on as if it had never been. With
--accept-loss it is restored, and each trail records, signed, which of its events are
lost; caique audit verify then names them and passes.`,
		Example: `  caique restore --data /var/lib/caique /backups/caique-2026-11-23.db
  caique restore --data /var/lib/caique --accept-loss /backups/caique-2026-11-20.db`,
		Args:    exactArgs("FILE, the backup to restore,"),
		PreRunE: findData,
		RunE: func(cmd *cobra.Command, args []string) error {
			return restore(cmd.Context(), t, data, databaseAddress(data, database), args[0], acceptLoss)
		},
	}
	registerData(cmd.Flags(), &data, &database)
	cmd.Flags().BoolVar(&acceptLoss, "accept-loss", false, "restore a backup that lacks signed events, and record which are lost")
	return cmd
}

func restore(ctx context.Context, t terminal, data, target, path string, acceptLoss bool) error {
	for _, p := range []string{target, target + "-wal", target + "-shm"} {
		if _, err := os.Lstat(p); err == nil {
			return writeError{caiq.Errorf(caiq.Conflict, "exists", "%s exists already", p).
				WithHint("restore into an empty folder, or move the old database away")}
		}
	}
	if err := compareBackup(ctx, path); err != nil {
		return err
	}
	losses, err := lacks(ctx, data, path)
	if err != nil {
		return err
	}
	if len(losses) > 0 && !acceptLoss {
		return caiq.Errorf(caiq.Conflict, "backup_older", "%s ends before what was signed: %s would be lost", path, listLosses(losses)).
			WithHint("restore a newer backup, or accept the loss with --accept-loss, which the trail records")
	}
	if len(losses) > 0 && !isFile(filepath.Join(data, signingKeyFile)) {
		return caiq.Errorf(caiq.Conflict, "key_missing", "the loss is signed with the key of the installation, and %s has no %s", data, signingKeyFile).
			WithHint("put the installation's key there first")
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return writeError{unwritable(filepath.Dir(target), err)}
	}
	if err := copyWhole(path, target); err != nil {
		return writeError{unwritable(target, err)}
	}
	fmt.Fprintf(t.out, "restored %s to %s\n", path, target)
	if len(losses) > 0 {
		if err := recordLosses(ctx, t, data, target, losses); err != nil {
			return errors.Join(err, takeAway(target)) // without its record it is not restored
		}
		fmt.Fprintf(t.out, "recorded in the trail: %s are lost\n", listLosses(losses))
	}
	if !isFile(filepath.Join(data, signingKeyFile)) {
		fmt.Fprintf(t.out, "the folder %s has no %s: put the one of the installation there before caique serve starts\n", data, signingKeyFile)
	}
	c := &auditCommand{data: data, database: target, allowMissing: true} // a new folder has neither key nor checkpoints
	return c.verify(ctx, t)                                              // newer checkpoints in the folder tell how much the backup lacks
}

// lacks tells what the checkpoints of the folder speak of that a backup does not have.
func lacks(ctx context.Context, data, path string) (losses []app.Loss, err error) {
	db, err := store.OpenReadOnly(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return lost(ctx, db, data)
}

// recordLosses has the trails of a restored database say what is gone.
func recordLosses(ctx context.Context, t terminal, data, target string, losses []app.Loss) (err error) {
	db, err := store.OpenToServe(ctx, target)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	k, err := signingKeyFor(ctx, db, data, false)
	if err != nil {
		return err
	}
	sink := &checkpointSink{path: filepath.Join(data, checkpointFile)}
	service := app.NewService(app.Config{Store: db, Now: t.now, Rand: rand.Reader, Signer: k.Signer, Key: k.Verifier, Sink: sink.put})
	if err := service.UseKey(ctx, k.public, false); err != nil { // another installation's database
		return err
	}
	return service.AcceptLosses(ctx, losses)
}

// takeAway removes a database that was just put in place.
func takeAway(target string) error {
	var errs []error
	for _, p := range []string{target, target + "-wal", target + "-shm"} {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// compareBackup checks a backup and compares it with the manifest beside it.
func compareBackup(ctx context.Context, path string) error {
	raw, err := readFile(path+".json", mapping.MaxFileSize)
	if err != nil {
		return err
	}
	var want backupManifest
	if err := json.Unmarshal(raw, &want); err != nil || want.Schema != 1 {
		return caiq.Errorf(caiq.Invalid, "bad_manifest", "%s.json is no manifest of a backup", path)
	}
	sum, size, err := hashFile(path)
	if err != nil {
		return caiq.Errorf(caiq.NotFound, "no_such_file", "%s cannot be read", path)
	}
	if sum != want.SHA256 || size != want.Size {
		return caiq.Errorf(caiq.Invalid, "backup_changed", "%s is not the file that its manifest describes: %d bytes, SHA-256 %s", path, size, sum)
	}
	_, err = inspectBackup(ctx, path)
	return err
}

// copyWhole copies a file so that it appears complete or not at all, for its
// owner alone.
func copyWhole(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	tmp, err := os.OpenFile(to+".partial", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // after the rename this finds nothing
	_, err = io.Copy(tmp, in)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := place(tmp.Name(), to, false); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(to))
}
