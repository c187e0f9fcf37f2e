package app

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"caique/internal/caiq"
)

// argon2id as OWASP's password storage cheat sheet has it for two passes. Hashes
// of other settings are compared by their own.
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
)

// A password is hashed by two at a time, some 40 MiB together; so many others
// wait their turn, and who comes then is asked to try again.
const (
	hashesAtOnce = 2
	hashesQueued = 64
	busyPause    = 5 * time.Second // in which as many are done as may wait
)

// Passwords are at least twelve characters long and at most 1024 bytes.
const (
	minPassword = 12
	maxPassword = 1024
)

// hasher hashes passwords, few at a time.
type hasher struct {
	rand    io.Reader
	running chan struct{}
	waiting chan struct{}
	nobody  string // hash that no password has, for users that do not exist
}

func newHasher(random io.Reader) *hasher {
	salt := base64.RawStdEncoding.EncodeToString(make([]byte, argonSalt))
	key := base64.RawStdEncoding.EncodeToString(make([]byte, argonKey))
	return &hasher{
		rand: random, running: make(chan struct{}, hashesAtOnce), waiting: make(chan struct{}, hashesAtOnce+hashesQueued),
		nobody: phc(argonMemory, argonTime, argonThreads, salt, key),
	}
}

func phc(memory, time uint32, threads uint8, salt, key string) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, time, threads, salt, key)
}

// hash returns the PHC string of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	if _, err := io.ReadFull(h.rand, salt); err != nil {
		return "", fmt.Errorf("make a salt: %w", err)
	}
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey)
	enc := base64.RawStdEncoding
	return phc(argonMemory, argonTime, argonThreads, enc.EncodeToString(salt), enc.EncodeToString(key)), nil
}

// matches compares a password with a PHC string; "" is nobody's and takes as long.
func (h *hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	if hash == "" {
		hash = h.nobody
	}
	var memory, time uint32
	var threads uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("stored password hash has an unknown form")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil {
		return false, fmt.Errorf("stored password hash: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("stored password hash: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("stored password hash: %w", err)
	}
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	got := argon2.IDKey([]byte(password), salt, time, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

func (h *hasher) enter(ctx context.Context) error {
	select {
	case h.waiting <- struct{}{}:
	default:
		e := caiq.Errorf(caiq.Throttled, "busy", "too many people are signing in at this moment").WithHint("try again in a few seconds")
		e.RetryAfter = busyPause
		return e
	}
	select {
	case h.running <- struct{}{}:
		return nil
	case <-ctx.Done():
		<-h.waiting
		return ctx.Err()
	}
}

func (h *hasher) leave() {
	<-h.running
	<-h.waiting
}

// hashNew hashes a password that somebody chooses; one that is their own email
// address anybody would try.
func (s *Service) hashNew(ctx context.Context, email, password string) (string, error) {
	if err := checkPassword(password); err != nil {
		return "", err
	}
	if strings.EqualFold(strings.TrimSpace(password), email) {
		return "", caiq.Errorf(caiq.Invalid, "guessable_password", "the password is the email address").At("password").WithHint("choose another")
	}
	return s.hasher.hash(ctx, password)
}

// checkPassword refuses passwords that are too short or no text.
func checkPassword(password string) error {
	switch {
	case !utf8.ValidString(password) || len(password) > maxPassword:
		return caiq.Errorf(caiq.Invalid, "bad_password", "the password must be text of at most %d bytes", maxPassword).At("password")
	case utf8.RuneCountInString(password) < minPassword:
		return caiq.Errorf(caiq.Invalid, "short_password", "the password must have at least %d characters", minPassword).At("password")
	}
	return nil
}
