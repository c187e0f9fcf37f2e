package workbook

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
)

// packedBytes returns the entry's compressed bytes.
func (a *archive) packedBytes(e *entry) []byte {
	return a.data[e.body : e.body+int(e.packed)]
}

// inflate returns the entry's content after checking its size and CRC. It takes
// no more memory than the declared size, which checkSizes has bounded.
func (a *archive) inflate(e *entry) ([]byte, error) {
	if e.method == methodStore {
		content := a.packedBytes(e)
		return content, e.checkContent(int64(len(content)), crc32.ChecksumIEEE(content))
	}
	if e.size > maxInflation*e.packed {
		return nil, corruptPart(e.name, "does not unpack to its declared size") // nothing is allocated for a lie
	}
	content := make([]byte, e.size)
	packed := bytes.NewReader(a.packedBytes(e))
	inflater := flate.NewReader(packed)
	if _, err := io.ReadFull(inflater, content); err != nil {
		return nil, corruptPart(e.name, "does not unpack to its declared size")
	}
	if err := e.checkEnd(inflater, packed); err != nil {
		return nil, err
	}
	return content, e.checkContent(e.size, crc32.ChecksumIEEE(content))
}

// maxInflation is how many bytes one packed byte becomes at most: two bits say
// 258 of them (RFC 1951, 3.2.5).
const maxInflation = 258 * 8 / 2

// check inflates the entry into nothing, to know that its size and CRC are right.
func (a *archive) check(e *entry) error {
	if e.method == methodStore {
		return e.checkContent(e.packed, crc32.ChecksumIEEE(a.packedBytes(e)))
	}
	crc := crc32.NewIEEE()
	n := &countingWriter{w: crc}
	if err := a.inflateTo(n, e); err != nil {
		return err
	}
	return e.checkContent(n.n, crc.Sum32())
}

func (a *archive) inflateTo(w io.Writer, e *entry) error {
	packed := bytes.NewReader(a.packedBytes(e))
	inflater := flate.NewReader(packed)
	if _, err := io.Copy(w, io.LimitReader(inflater, e.size+1)); err != nil {
		return corruptPart(e.name, "does not unpack")
	}
	return e.checkEnd(inflater, packed)
}

// checkEnd wants the stream to end where its bytes end: the declared size is
// reached, and the last block is closed.
func (e *entry) checkEnd(inflater io.Reader, packed *bytes.Reader) error {
	if _, err := io.ReadFull(inflater, make([]byte, 1)); !errors.Is(err, io.EOF) {
		return corruptPart(e.name, "does not unpack to its declared size")
	}
	if packed.Len() > 0 {
		return corruptPart(e.name, "has bytes behind its content")
	}
	return nil
}

func (e *entry) checkContent(size int64, crc uint32) error {
	switch {
	case size != e.size:
		return corruptPart(e.name, "does not unpack to its declared size")
	case crc != e.crc:
		return corruptPart(e.name, "does not match its checksum")
	default:
		return nil
	}
}

type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return c.w.Write(p)
}
