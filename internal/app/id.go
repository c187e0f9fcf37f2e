package app

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"sync"
	"time"
)

// newIDs returns a generator of UUIDs, version 7 (RFC 9562): milliseconds of
// the clock, a counter of twelve bits, random bits. Those of one generator
// ascend, also within a millisecond and when the clock steps back.
func newIDs(now func() time.Time, random io.Reader) func() string {
	var mu sync.Mutex
	var last uint64 // milliseconds, then the counter
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		next := uint64(now().UnixMilli()) << 12
		if next <= last {
			next = last + 1
		}
		last = next
		var b [16]byte
		if _, err := io.ReadFull(random, b[8:]); err != nil {
			panic("the system has no randomness: " + err.Error()) // nothing can be kept apart without it
		}
		binary.BigEndian.PutUint64(b[:8], next>>12<<16|0x7000|next&0xFFF)
		b[8] = b[8]&0x3F | 0x80
		return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	}
}

// newSecret returns 256 random bits as text that fits into addresses.
func newSecret(random io.Reader) (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// hashSecret is the form in which secrets are kept: long and random, they need
// no slow hash.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
