package workbook

import (
	"bytes"
	"encoding/binary"

	"caique/internal/caiq"
)

// archive is a zip file whose directory was checked: its entries lie one after
// another from the first byte to the directory, which ends with the file. There
// is nothing else in it that another reader could find.
type archive struct {
	data      []byte
	entries   []*entry // in the order of the directory
	directory int      // where the directory begins
	tail      []byte   // the end record with its comment
}

// entry is one file in the zip, as the directory and its local header agree.
type entry struct {
	name       string
	flags      uint16
	method     uint16
	crc        uint32
	packed     int64 // declared size of the compressed bytes
	size       int64 // declared size, inflated
	central    []byte
	centralAt  sizeFields // where the directory record holds sizes and position
	start      int        // of the local header
	local      sizeFields // where the local header holds sizes; relative to start
	body, end  int        // of the compressed bytes, and of all that is the entry's
	descriptor int        // bytes of the data descriptor after the compressed bytes
}

// sizeFields says where a header holds its numbers: at 32 bits, or at 64 in
// the zip64 extra field.
type sizeFields struct{ crc, packed, size, offset numberField }

type numberField struct {
	at   int
	wide bool
}

const (
	localSignature      = "PK\x03\x04"
	centralSignature    = "PK\x01\x02"
	endSignature        = "PK\x05\x06"
	descriptorSignature = "PK\x07\x08"

	localLen   = 30
	centralLen = 46
	endLen     = 22

	methodStore   = 0
	methodDeflate = 8

	flagEncrypted  = 1 << 0
	flagDescriptor = 1 << 3

	saturated = 0xFFFFFFFF
	zip64ID   = 0x0001
)

// openArchive reads and checks the directory of a zip file. It inflates nothing
// and allocates by what is there, not by what is declared.
func openArchive(data []byte, lim Limits) (*archive, error) {
	a := &archive{data: data}
	count, err := a.readEnd(lim)
	if err != nil {
		return nil, err
	}
	if err := a.readDirectory(count); err != nil {
		return nil, err
	}
	if err := a.checkSizes(lim); err != nil {
		return nil, err
	}
	if err := a.checkNames(); err != nil {
		return nil, err
	}
	return a, a.checkLayout()
}

func corruptZip(format string, args ...any) error {
	return caiq.Errorf(caiq.Invalid, "corrupt_zip", "the file is damaged: "+format, args...).
		WithHint("get the file again, or open it in a spreadsheet program and save it again as .xlsx")
}

// readEnd finds the end record and returns how many entries it announces.
func (a *archive) readEnd(lim Limits) (int, error) {
	from := max(0, len(a.data)-endLen-0xFFFF)
	i := bytes.LastIndex(a.data[from:], []byte(endSignature))
	if i < 0 || len(a.data)-from-i < endLen {
		return 0, corruptZip("its zip directory is missing, it may be cut off")
	}
	a.tail = a.data[from+i:]
	switch comment := int(binary.LittleEndian.Uint16(a.tail[20:])); {
	case comment != len(a.tail)-endLen:
		return 0, corruptZip("something stands after its zip directory")
	case comment > lim.Comment:
		return 0, unusual(caiq.Invalid, "corrupt_zip", "the comment at the end of the zip file has %d bytes, the limit is %d", comment, lim.Comment)
	}
	count := int(binary.LittleEndian.Uint16(a.tail[10:]))
	if count > lim.Entries {
		return 0, tooLarge("too_many_entries", "the file holds more than %d parts", lim.Entries)
	}
	size, start := int64(binary.LittleEndian.Uint32(a.tail[12:])), int64(binary.LittleEndian.Uint32(a.tail[16:]))
	if binary.LittleEndian.Uint32(a.tail[4:]) != 0 || int(binary.LittleEndian.Uint16(a.tail[8:])) != count || start+size != int64(from+i) {
		return 0, corruptZip("its zip directory does not fit")
	}
	a.directory = int(start)
	return count, nil
}

func (a *archive) readDirectory(count int) error {
	at, end := a.directory, len(a.data)-len(a.tail)
	for range count {
		e, err := a.readCentral(a.data[at:end])
		if err != nil {
			return err
		}
		a.entries = append(a.entries, e)
		at += len(e.central)
	}
	if at != end || count == 0 {
		return corruptZip("its zip directory does not fit")
	}
	return nil
}

// readCentral reads the directory record that src begins with.
func (a *archive) readCentral(src []byte) (*entry, error) {
	if len(src) < centralLen || string(src[:4]) != centralSignature {
		return nil, corruptZip("its zip directory is not readable")
	}
	name, extra, comment := int(binary.LittleEndian.Uint16(src[28:])), int(binary.LittleEndian.Uint16(src[30:])), int(binary.LittleEndian.Uint16(src[32:]))
	if len(src) < centralLen+name+extra+comment || binary.LittleEndian.Uint16(src[34:]) != 0 {
		return nil, corruptZip("its zip directory is not readable")
	}
	e := &entry{
		central: src[:centralLen+name+extra+comment],
		name:    string(src[centralLen : centralLen+name]),
		flags:   binary.LittleEndian.Uint16(src[8:]),
		method:  binary.LittleEndian.Uint16(src[10:]),
		crc:     binary.LittleEndian.Uint32(src[16:]),
	}
	e.centralAt = sizeFields{crc: numberField{at: 16}, packed: numberField{at: 20}, size: numberField{at: 24}, offset: numberField{at: 42}}
	at := &e.centralAt
	if !widen(e.central, centralLen+name, extra, &at.size, &at.packed, &at.offset) {
		return nil, corruptZip("entry %q of its zip directory is not readable", e.name)
	}
	e.packed, e.size = at.packed.get(e.central), at.size.get(e.central)
	offset := at.offset.get(e.central)
	if offset < 0 || offset >= int64(a.directory) {
		return nil, corruptZip("entry %q of its zip directory points outside", e.name)
	}
	e.start = int(offset)
	return e, nil
}

// widen moves the fields that are saturated to the places where the zip64 extra
// field holds them, in this order (APPNOTE 4.5.3).
func widen(header []byte, extra, length int, fields ...*numberField) bool {
	var full []*numberField
	for _, f := range fields {
		if binary.LittleEndian.Uint32(header[f.at:]) == saturated {
			full = append(full, f)
		}
	}
	if len(full) == 0 {
		return true
	}
	for end := extra + length; extra+4 <= end; {
		id, n := binary.LittleEndian.Uint16(header[extra:]), int(binary.LittleEndian.Uint16(header[extra+2:]))
		if extra += 4; extra+n > end {
			return false
		}
		if id == zip64ID && n >= 8*len(full) {
			for i, f := range full {
				*f = numberField{extra + 8*i, true}
			}
			return true
		}
		extra += n
	}
	return false
}

// get reads the number; what no int64 holds comes back negative.
func (f numberField) get(header []byte) int64 {
	if f.wide {
		return int64(binary.LittleEndian.Uint64(header[f.at:]))
	}
	return int64(binary.LittleEndian.Uint32(header[f.at:]))
}

func (f numberField) set(header []byte, n int64) {
	if f.wide {
		binary.LittleEndian.PutUint64(header[f.at:], uint64(n))
		return
	}
	binary.LittleEndian.PutUint32(header[f.at:], uint32(n))
}

// find returns the entry of the name: exactly, or else but for case, as part
// names are compared (ECMA-376 Part 2, 6.2.2.3).
func (a *archive) find(name string) *entry {
	for _, e := range a.entries {
		if e.name == name {
			return e
		}
	}
	for _, e := range a.entries {
		if equalFold(e.name, name) {
			return e
		}
	}
	return nil
}
