package app_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"caique/internal/app"
	"caique/internal/caiq"
)

// lossy is a trail of three events whose fourth and fifth were signed and are gone.
type lossy struct {
	signer  note.Signer
	key     note.Verifier
	prev    string
	seq     int64
	now     time.Time
	events  []*caiq.Event
	outside []string
}

func keyPair(t *testing.T, seed byte) (note.Signer, note.Verifier) {
	t.Helper()
	sk, vk, err := note.GenerateKey(&lockedReader{r: rand.NewChaCha8([32]byte{seed})}, "caique-test")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(sk)
	if err != nil {
		t.Fatal(err)
	}
	key, err := note.NewVerifier(vk)
	if err != nil {
		t.Fatal(err)
	}
	return signer, key
}

func newLossy(t *testing.T) *lossy {
	t.Helper()
	l := &lossy{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	l.signer, l.key = keyPair(t, 7)
	for range 5 {
		l.add(t, "answer.edit", nil)
	}
	l.sign(t)
	l.events, l.seq, l.prev = l.events[:3], 3, l.events[2].Hash
	return l
}

func (l *lossy) add(t *testing.T, action string, detail any) {
	t.Helper()
	l.seq++
	l.now = l.now.Add(time.Minute)
	e := &caiq.Event{WorkspaceID: "w", Seq: l.seq, At: l.now, ActorKind: caiq.ActorSystem, Action: action, Object: "trail", Prev: l.prev}
	var err error
	if detail != nil {
		if e.Detail, err = json.Marshal(detail); err != nil {
			t.Fatal(err)
		}
	}
	if e.Hash, err = e.ComputeHash(); err != nil {
		t.Fatal(err)
	}
	l.prev = e.Hash
	l.events = append(l.events, e)
}

// sign has the head signed outside.
func (l *lossy) sign(t *testing.T) {
	t.Helper()
	hash, err := hex.DecodeString(l.prev)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%s\nw\n%d\n%s\n%s\n", app.CheckpointOrigin, l.seq, base64.StdEncoding.EncodeToString(hash), l.now.Format(time.RFC3339Nano))
	signed, err := note.Sign(&note.Note{Text: text}, l.signer)
	if err != nil {
		t.Fatal(err)
	}
	l.outside = append(l.outside, string(signed))
}

// accept adds the event that records the loss of events 4 to to.
func (l *lossy) accept(t *testing.T, by note.Signer, to int64) {
	t.Helper()
	text := fmt.Sprintf("caique loss\nw\n%d\n%s\n%d\n%s\n", l.seq, l.prev, to, l.now.Add(time.Minute).Format(time.RFC3339Nano))
	signed, err := note.Sign(&note.Note{Text: text}, by)
	if err != nil {
		t.Fatal(err)
	}
	l.add(t, "trail.loss", map[string]any{"note": string(signed)})
}

func (l *lossy) verify() app.TrailReport {
	v := app.NewVerifier("w")
	v.KeptOutside(l.outside, l.key)
	for _, e := range l.events {
		v.Event(e)
	}
	return v.Done(l.seq, l.prev)
}

func TestALossIsKnownWhereTheKeyHasSignedIt(t *testing.T) {
	t.Parallel()
	other, _ := keyPair(t, 8)
	for name, c := range map[string]struct {
		do   func(t *testing.T, l *lossy)
		want app.TrailProblem
	}{
		"nobody said so":                  {func(*testing.T, *lossy) {}, app.TrailCutOff},
		"the installation said so":        {func(t *testing.T, l *lossy) { l.accept(t, l.signer, 5) }, ""}, //nolint:thelper // a case
		"and went on":                     {func(t *testing.T, l *lossy) { l.accept(t, l.signer, 5); grow(t, l, 4); l.sign(t) }, ""},
		"somebody else said so":           {func(t *testing.T, l *lossy) { l.accept(t, other, 5) }, app.TrailCutOff},
		"somebody else said so, and more": {func(t *testing.T, l *lossy) { l.accept(t, other, 5); grow(t, l, 4) }, app.TrailRewritten},
		"of less than is gone":            {func(t *testing.T, l *lossy) { l.accept(t, l.signer, 4) }, app.TrailCutOff},
		"what was signed later is gone": {func(t *testing.T, l *lossy) {
			l.accept(t, l.signer, 5)
			grow(t, l, 1)
			l.sign(t)
			l.events, l.seq, l.prev = l.events[:4], 4, l.events[3].Hash
		}, app.TrailCutOff},
		"the event moved": {func(t *testing.T, l *lossy) {
			l.accept(t, l.signer, 5)
			moved := l.events[3].Detail
			l.events, l.seq, l.prev = l.events[:3], 3, l.events[2].Hash
			grow(t, l, 1)
			l.add(t, "trail.loss", moved)
		}, app.TrailRewritten},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLossy(t)
			c.do(t, l)
			if r := l.verify(); r.Problem != c.want || r.OK() && len(r.Losses) != 1 {
				t.Errorf("%q: %s, losses %v", r.Problem, r.Message, r.Losses)
			}
		})
	}
}

func grow(t *testing.T, l *lossy, n int) {
	t.Helper()
	for range n {
		l.add(t, "answer.edit", nil)
	}
}
