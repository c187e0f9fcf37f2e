package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"caique/internal/app"
	"caique/internal/caiq"
)

// Files of an installation beside its database: the key pair that signs
// checkpoints, and the checkpoints. They lie in the folder --data with either
// engine, so that who can change the database alone cannot sign.
const (
	signingKeyFile = "checkpoint.key"
	publicKeyFile  = "checkpoint.pub"
	checkpointFile = "checkpoints.jsonl"
)

// signingKey is the key pair of an installation.
type signingKey struct {
	note.Signer
	note.Verifier
	public string // of Verifier, as text
}

// Name is the installation's name in signatures.
func (k signingKey) Name() string { return k.Signer.Name() }

// KeyHash identifies the key.
func (k signingKey) KeyHash() uint32 { return k.Signer.KeyHash() }

// loadSigningKey reads the key pair of a data folder, making it where there is none.
func loadSigningKey(data string, random io.Reader) (signingKey, error) {
	path := filepath.Join(data, signingKeyFile)
	private, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeSigningKey(data, random)
	}
	if err != nil {
		return signingKey{}, fmt.Errorf("read the key that signs checkpoints: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return signingKey{}, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return signingKey{}, caiq.Errorf(caiq.Invalid, "open_key", "%s can be read by others", path).WithHint("chmod 600 %s", path)
	}
	public, err := readFile(filepath.Join(data, publicKeyFile), 4<<10)
	if err != nil {
		return signingKey{}, err
	}
	k := signingKey{public: strings.TrimSpace(string(public))}
	if k.Verifier, err = note.NewVerifier(k.public); err != nil {
		return k, caiq.Errorf(caiq.Invalid, "bad_key", "%s holds no public key", filepath.Join(data, publicKeyFile))
	}
	if k.Signer, err = note.NewSigner(strings.TrimSpace(string(private))); err != nil {
		return k, caiq.Errorf(caiq.Invalid, "bad_key", "%s holds no signing key", path)
	}
	if k.Signer.KeyHash() != k.Verifier.KeyHash() || k.Signer.Name() != k.Verifier.Name() {
		return k, caiq.Errorf(caiq.Invalid, "bad_key", "%s and %s are not a pair", path, publicKeyFile)
	}
	return k, nil
}

// signingKeyFor reads the key pair of a data folder for a database. Only where the
// database is new, or a new key is asked for, it is made.
func signingKeyFor(ctx context.Context, db app.KeyStore, data string, newKey bool) (signingKey, error) {
	path := filepath.Join(data, signingKeyFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && !newKey {
		needed, err := app.NeedsKey(ctx, db)
		if err != nil {
			return signingKey{}, err
		}
		if needed {
			return signingKey{}, caiq.Errorf(caiq.Conflict, "key_missing", "the key that signs the checkpoints of this database is not at %s", path).
				WithHint("copy %s and %s from the folder that the database comes from, or begin with a new key by --new-key, which the trail records", signingKeyFile, publicKeyFile)
		}
	}
	return loadSigningKey(data, rand.Reader)
}

func makeSigningKey(data string, random io.Reader) (signingKey, error) {
	k, private, public, err := newSigningKey(random)
	if err != nil {
		return k, err
	}
	if err := writeSecret(filepath.Join(data, signingKeyFile), private); err != nil {
		return k, err
	}
	return k, writeWhole(filepath.Join(data, publicKeyFile), []byte(public+"\n"), true)
}

func newSigningKey(random io.Reader) (k signingKey, private, public string, err error) {
	if private, public, err = note.GenerateKey(random, "caique"); err != nil {
		return k, "", "", fmt.Errorf("make a key that signs checkpoints: %w", err)
	}
	if k.Signer, err = note.NewSigner(private); err != nil {
		return k, "", "", err
	}
	k.public = public
	k.Verifier, err = note.NewVerifier(public)
	return k, private, public, err
}

// writeSecret writes a file that only its owner reads and that must not exist.
func writeSecret(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return writeError{unwritable(path, err)}
	}
	_, err = f.WriteString(text + "\n")
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return writeError{unwritable(path, err)}
	}
	return nil
}

// loadPublicKey reads the key that checks checkpoints.
func loadPublicKey(path string) (note.Verifier, error) {
	public, err := readFile(path, 4<<10)
	if err != nil {
		return nil, err
	}
	v, err := note.NewVerifier(strings.TrimSpace(string(public)))
	if err != nil {
		return nil, caiq.Errorf(caiq.Invalid, "bad_key", "%s holds no public key", path).WithHint("give the file %s of the installation", publicKeyFile)
	}
	return v, nil
}
