package search

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"caique/internal/caiq"
)

// Files beside the generations of an index on disk.
const (
	pointerFile = "current" // names the folder of the live generation
	sealFile    = "seal"    // SHA-256 of each file, written on closing
	genPrefix   = "gen-"
)

// Open opens the index kept in a folder, which is made if need be. One that is
// missing, was not closed, or whose files changed since is left alone and not
// searched: Mark reports false and Check says why; Rebuild mends it. One process
// at a time may have the folder open. Errors are those of the file system.
func Open(dir string) (*Index, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	x := newIndex(dir)
	name, err := x.pointer()
	if err != nil || name == "" {
		return x, err
	}
	g := &generation{path: filepath.Join(dir, name), parts: make(map[string]*part)}
	if x.intact(g) {
		x.revive(g)
	}
	return x, nil
}

// revive opens a generation whose files are whole. The seal goes first: from here
// on the files change.
func (x *Index) revive(g *generation) {
	if err := os.Remove(filepath.Join(x.dir, sealFile)); err != nil {
		return // Check reports it as missing
	}
	err := g.open()
	if err == nil {
		err = g.sound()
	}
	if err != nil {
		_ = g.close() // what is not sound has nothing to lose
		return
	}
	x.live = g
}

// create starts a new generation beside the live one.
func (x *Index) create() (*generation, error) {
	g := &generation{parts: make(map[string]*part)}
	if x.dir == "" {
		return g, nil
	}
	path, err := os.MkdirTemp(x.dir, genPrefix)
	if err != nil {
		return nil, fmt.Errorf("build search index: %w", err)
	}
	g.path = path
	return g, nil
}

// point makes a generation the one that is opened next time.
func (x *Index) point(g *generation) error {
	if x.dir == "" {
		return nil
	}
	if err := os.Remove(filepath.Join(x.dir, sealFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("swap search index: %w", err)
	}
	return write(filepath.Join(x.dir, pointerFile), []byte(filepath.Base(g.path)))
}

// write replaces a small file in one step.
func write(path string, data []byte) error {
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return fmt.Errorf("write search index: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write search index: %w", err)
	}
	return nil
}

// pointer names the live generation, "" when there is none.
func (x *Index) pointer() (string, error) {
	text, err := os.ReadFile(filepath.Join(x.dir, pointerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("open search index: %w", err)
	}
	name := string(text)
	if !filepath.IsLocal(name) || !strings.HasPrefix(name, genPrefix) {
		return "", nil // damaged: as good as none
	}
	return name, nil
}

// discard removes a generation that nobody searches any more.
func (x *Index) discard(g *generation) error {
	if g.path == "" {
		return nil
	}
	if err := os.RemoveAll(g.path); err != nil {
		return fmt.Errorf("remove old search index: %w", err)
	}
	return nil
}

// sweep removes generations that a crash or damage left behind.
func (x *Index) sweep(but *generation) error {
	if x.dir == "" {
		return nil
	}
	entries, err := os.ReadDir(x.dir)
	if err != nil {
		return fmt.Errorf("clean search index: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), genPrefix) && e.Name() != filepath.Base(but.path) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(x.dir, e.Name())))
		}
	}
	return err
}

// writeSeal writes down the hash of every file of a closed generation: the
// segments carry no checksum that is looked at, and flipped bytes open and search
// without an error.
func (x *Index) writeSeal(g *generation) error {
	if x.dir == "" {
		return nil
	}
	sums, err := hashes(g.path)
	if err != nil {
		return fmt.Errorf("close search index: %w", err)
	}
	text, err := json.Marshal(sums)
	if err != nil {
		return fmt.Errorf("close search index: %w", err)
	}
	return write(filepath.Join(x.dir, sealFile), text)
}

// intact reports whether a generation's files are those that were sealed.
func (x *Index) intact(g *generation) bool {
	text, err := os.ReadFile(filepath.Join(x.dir, sealFile))
	if err != nil {
		return false
	}
	var sealed map[string]string
	if json.Unmarshal(text, &sealed) != nil {
		return false
	}
	sums, err := hashes(g.path)
	if err != nil || len(sums) != len(sealed) {
		return false
	}
	for file, sum := range sums {
		if sealed[file] != sum {
			return false
		}
	}
	return true
}

// hashes returns the SHA-256 of every file below a folder, by path.
func hashes(dir string) (map[string]string, error) {
	sums := make(map[string]string)
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		sum, err := hash(filepath.Join(dir, path))
		sums[path] = sum
		return err
	})
	return sums, err
}

func hash(path string) (sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Bytes is the size of the index on disk; 0 in memory.
func (x *Index) Bytes() (int64, error) {
	if x.dir == "" {
		return 0, nil
	}
	var n int64
	err := fs.WalkDir(os.DirFS(x.dir), ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	if err != nil {
		return 0, caiq.Errorf(caiq.Internal, "index_size", "the search index cannot be measured: %v", err)
	}
	return n, nil
}
