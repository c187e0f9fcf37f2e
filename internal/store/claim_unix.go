//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

type lockedFile struct{ *os.File }

// lockFile locks a file for this process alone, or fails with errLocked.
func lockFile(path string) (lockedFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if err != nil {
		return lockedFile{}, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = errLocked
		}
		return lockedFile{}, errors.Join(err, f.Close())
	}
	return lockedFile{f}, nil
}

func (f lockedFile) unlock() error { return f.Close() }
