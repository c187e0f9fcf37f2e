package store

import (
	"errors"
	"syscall"
)

type lockedFile struct{ syscall.Handle }

const errorSharingViolation = syscall.Errno(32)

// lockFile opens a file without sharing it, or fails with errLocked.
func lockFile(path string) (lockedFile, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return lockedFile{}, err
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, errorSharingViolation) {
		err = errLocked
	}
	return lockedFile{h}, err
}

func (f lockedFile) unlock() error { return syscall.CloseHandle(f.Handle) }
