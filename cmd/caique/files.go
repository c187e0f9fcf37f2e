package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/internal/workbook"
)

// readFile reads an input file, refusing folders and files over the limit
// before they are in memory.
func readFile(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, caiq.Errorf(caiq.NotFound, "no_such_file", "%s: there is no such file", path).WithHint("check the path; it is taken from the current folder")
	case err != nil:
		return nil, osFailed(caiq.Invalid, "cannot_read", "cannot read "+path, err).WithHint("check that it is there and that you may read it")
	case info.IsDir():
		return nil, caiq.Errorf(caiq.Invalid, "is_folder", "%s is a folder, not a file", path).WithHint("name a file in it")
	case !info.Mode().IsRegular():
		return nil, caiq.Errorf(caiq.Invalid, "not_a_file", "%s is a pipe or device, not a file", path).WithHint("save it as a file first")
	case info.Size() > limit:
		return nil, caiq.Errorf(caiq.TooLarge, "too_large", "%s has %d bytes, the limit is %d", path, info.Size(), limit).
			WithHint("no questionnaire or data file is that large: is it the right file?")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, osFailed(caiq.Invalid, "cannot_read", "cannot read "+path, err).WithHint("check that it is there and that you may read it")
	}
	return data, nil
}

func readWorkbook(path string) ([]byte, error) {
	return readFile(path, workbook.DefaultLimits().File)
}

// output is a file to be written when all work has succeeded.
type output struct {
	path string
	data []byte
}

// checkOutputs refuses, before any work is done, paths that exist already
// (unless force), that stand twice, or whose folder is missing.
func checkOutputs(force bool, inputs, paths []string) error {
	seen := map[string]string{}
	for _, p := range inputs {
		if p != "" {
			seen[absolute(p)] = "the input"
		}
	}
	for _, p := range paths {
		if p == "" {
			continue
		}
		if other, ok := seen[absolute(p)]; ok {
			return usagef("%s is %s: name another file to write to", p, other)
		}
		seen[absolute(p)] = "named twice"
		if dir, err := os.Stat(filepath.Dir(p)); err != nil || !dir.IsDir() {
			return writeError{caiq.Errorf(caiq.NotFound, "no_folder", "cannot write %s: its folder does not exist", p).
				WithHint("make the folder first, or name one that is there")}
		}
		switch info, err := os.Lstat(p); {
		case err != nil: // nothing there
		case !info.Mode().IsRegular():
			return writeError{caiq.Errorf(caiq.Conflict, "not_a_file", "%s is a link, folder or device, which is never replaced", p).
				WithHint("name a plain file")}
		case !force:
			return writeError{exists(p)}
		}
	}
	return nil
}

func exists(path string) *caiq.Error {
	return caiq.Errorf(caiq.Conflict, "exists", "%s exists already", path).WithHint("choose another name, or add --force to overwrite it")
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// writeOutputs puts each file in place whole: temporary file in the same folder,
// fsync, rename. If one cannot be written, those that this call created go away again.
func writeOutputs(force bool, outs ...output) error {
	var done []string
	for _, o := range outs {
		if o.path == "" {
			continue
		}
		if err := writeWhole(o.path, o.data, force); err != nil {
			for _, p := range done {
				os.Remove(p)
			}
			return writeError{err}
		}
		done = append(done, o.path)
	}
	return nil
}

func writeWhole(path string, data []byte, force bool) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".caique-*")
	if err != nil {
		return unwritable(path, err)
	}
	defer os.Remove(tmp.Name()) // after the rename this finds nothing
	if _, err = tmp.Write(data); err == nil {
		err = tmp.Chmod(0o644)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = place(tmp.Name(), path, force)
	}
	if err == nil {
		err = syncFolder(dir)
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return exists(path)
	case err != nil:
		return unwritable(path, err)
	default:
		return nil
	}
}

func unwritable(path string, err error) *caiq.Error {
	return osFailed(caiq.Unavailable, "cannot_write", "cannot write "+path, err).
		WithHint("choose a place where you may write, and see that there is room")
}

// osFailed is an error of the operating system, told without the name of the file it
// happened to, which may be a temporary one.
func osFailed(kind caiq.Kind, code, message string, err error) *caiq.Error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		err = e.Err
	}
	return &caiq.Error{Kind: kind, Code: code, Msg: message, Err: err}
}

// place gives the temporary file its final name; a hard link refuses to replace
// a file that appeared meanwhile, a rename would not.
func place(tmp, path string, force bool) error {
	if force {
		return os.Rename(tmp, path)
	}
	err := os.Link(tmp, path)
	if errors.Is(err, fs.ErrExist) || err == nil {
		return err
	}
	return os.Rename(tmp, path) // file systems without hard links
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// profileSource reads --profile: a built-in name, or a path when it holds a
// slash or ends in .yaml.
func profileSource(arg string) (mapping.ProfileSource, error) {
	if !strings.ContainsAny(arg, `/\`) && !strings.HasSuffix(arg, ".yaml") {
		return mapping.ProfileSource{Name: arg}, nil
	}
	return profileFile(arg)
}

// profileFile reads a profile that is not built in.
func profileFile(arg string) (mapping.ProfileSource, error) {
	data, err := readFile(arg, mapping.MaxFileSize)
	if err != nil {
		return mapping.ProfileSource{}, err
	}
	return mapping.ProfileSource{Path: arg, Data: data, Siblings: os.DirFS(filepath.Dir(arg))}, nil
}
