package workbook

import (
	"cmp"
	"encoding/binary"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"caique/internal/caiq"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// checkSizes refuses what its declared sizes already make too large.
func (a *archive) checkSizes(lim Limits) error {
	var total int64
	for _, e := range a.entries {
		if e.size < 0 || e.packed < 0 || e.size > lim.Entry {
			return tooLargeUnzipped(lim.Entry)
		}
		if total += e.size; total > lim.Unzipped {
			return tooLargeUnzipped(lim.Unzipped)
		}
		switch {
		case e.flags&flagEncrypted != 0:
			return caiq.Errorf(caiq.Unsupported, "encrypted", "the zip file is encrypted").WithHint("save the workbook without a password")
		case e.method != methodStore && e.method != methodDeflate:
			return unusual(caiq.Unsupported, "bad_compression", "part %q is compressed by method %d, which spreadsheets do not use", e.name, e.method)
		case e.method == methodStore && e.packed != e.size:
			return corruptPart(e.name, "declares two sizes")
		}
	}
	return nil
}

func tooLargeUnzipped(limit int64) error {
	return tooLarge("too_large_unzipped", "the file unpacks to more than %d MiB", limit>>20)
}

func corruptPart(part, format string, args ...any) error {
	return caiq.Errorf(caiq.Invalid, "corrupt_part", "part %s "+format, append([]any{part}, args...)...).
		WithHint("the file is damaged: get it again, or open it in a spreadsheet program and save it again")
}

// checkNames refuses names that are no part names and names that occur twice.
func (a *archive) checkNames() error {
	seen := make(map[string]bool, len(a.entries))
	for _, e := range a.entries {
		if problem := badName(e.name); problem != "" {
			return unusual(caiq.Invalid, "bad_entry_name", "the zip entry %.80q %s", e.name, problem)
		}
		if e.symlink() {
			return unusual(caiq.Invalid, "bad_entry_name", "the zip entry %.80q is a symbolic link", e.name)
		}
		folded := strings.ToLower(e.name)
		if seen[folded] {
			return unusual(caiq.Invalid, "duplicate_entry", "the zip entry %.80q occurs twice", e.name)
		}
		seen[folded] = true
	}
	return nil
}

const maxEntryName = 255

func badName(name string) string {
	trimmed := strings.TrimSuffix(name, "/") // directories
	switch {
	case name == "" || len(name) > maxEntryName:
		return "has a name of a length that is not allowed"
	case !utf8.ValidString(name):
		return "has a name that is not UTF-8"
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7F || r == '\\' || r == ':' }):
		return "has a name with a character that is not allowed"
	case path.IsAbs(name) || path.Clean(trimmed) != trimmed || trimmed == ".." || strings.HasPrefix(trimmed, "../"):
		return "has a name that leads outside"
	default:
		return ""
	}
}

// symlink reports whether the entry was made on Unix as a symbolic link.
func (e *entry) symlink() bool {
	const unix, darwin, format, link = 3, 19, 0o170000, 0o120000
	mode := binary.LittleEndian.Uint32(e.central[38:]) >> 16
	return (e.central[5] == unix || e.central[5] == darwin) && mode&format == link
}

// checkLayout reads the local headers and checks that the entries follow one
// another without overlap or gap.
func (a *archive) checkLayout() error {
	order := slices.SortedFunc(slices.Values(a.entries), func(x, y *entry) int { return cmp.Compare(x.start, y.start) })
	at := 0
	for _, e := range order {
		if e.start != at {
			return corruptZip("entry %q overlaps another or follows a gap", e.name)
		}
		if err := a.readLocal(e); err != nil {
			return err
		}
		at = e.end
	}
	if at != a.directory {
		return corruptZip("something stands before its zip directory")
	}
	return nil
}

// readLocal checks the local header against the directory and finds the entry's end.
func (a *archive) readLocal(e *entry) error {
	src := a.data[e.start:a.directory]
	if len(src) < localLen || string(src[:4]) != localSignature {
		return corruptZip("entry %q is not where the zip directory says", e.name)
	}
	name, extra := int(binary.LittleEndian.Uint16(src[26:])), int(binary.LittleEndian.Uint16(src[28:]))
	body := localLen + name + extra
	if int64(len(src)) < int64(body)+e.packed || string(src[localLen:localLen+name]) != e.name ||
		(binary.LittleEndian.Uint16(src[6:])^e.flags)&(flagEncrypted|flagDescriptor) != 0 || binary.LittleEndian.Uint16(src[8:]) != e.method {
		return corruptZip("entry %q and the zip directory contradict each other", e.name)
	}
	e.local = sizeFields{crc: numberField{at: 14}, packed: numberField{at: 18}, size: numberField{at: 22}}
	if !widen(src, localLen+name, extra, &e.local.size, &e.local.packed) {
		return corruptZip("entry %q is not readable", e.name)
	}
	e.body = e.start + body
	e.end = e.body + int(e.packed)
	if !e.localAgrees(src) {
		return corruptZip("entry %q and the zip directory contradict each other", e.name)
	}
	if e.flags&flagDescriptor != 0 {
		return a.readDescriptor(e)
	}
	return nil
}

// localAgrees compares the numbers of the local header with the directory's. An
// entry with a data descriptor may leave them zero.
func (e *entry) localAgrees(header []byte) bool {
	agrees := func(f numberField, want int64) bool {
		got := f.get(header)
		return got == want || got == 0 && e.flags&flagDescriptor != 0
	}
	return agrees(e.local.crc, int64(e.crc)) && agrees(e.local.packed, e.packed) && agrees(e.local.size, e.size)
}

// readDescriptor finds the data descriptor behind the compressed bytes, which
// comes with or without a signature and with sizes of 32 or 64 bits.
func (a *archive) readDescriptor(e *entry) error {
	rest := a.data[e.end:a.directory]
	for _, length := range []int{16, 24, 12, 20} {
		if len(rest) >= length && string(rest[:length]) == string(e.describe(length, e.crc, e.packed, e.size)) {
			e.descriptor = length
			e.end += length
			return nil
		}
	}
	return corruptZip("entry %q ends without its data descriptor", e.name)
}

// describe returns a data descriptor of the length, which tells its form.
func (e *entry) describe(length int, crc uint32, packed, size int64) []byte {
	var out []byte
	if length == 16 || length == 24 {
		out = append(out, descriptorSignature...)
	}
	out = binary.LittleEndian.AppendUint32(out, crc)
	if length >= 20 {
		out = binary.LittleEndian.AppendUint64(out, uint64(packed))
		return binary.LittleEndian.AppendUint64(out, uint64(size))
	}
	out = binary.LittleEndian.AppendUint32(out, uint32(packed))
	return binary.LittleEndian.AppendUint32(out, uint32(size))
}
