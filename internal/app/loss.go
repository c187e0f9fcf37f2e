package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"caique/internal/caiq"
)

// Loss is what a trail lost when an older state of the database was put in place:
// events that had been signed. Who accepts it has the installation sign so; the
// event that records it follows the last one that is left, and checkpoints of what
// is gone are then no sign of a trail that was cut off.
type Loss struct {
	WorkspaceID string
	Kept        int64  // the last event that is there
	KeptHash    string // its hash
	To          int64  // the last signed event that is gone; Kept when none of this trail is
	At          time.Time
	// Workspaces are gone as a whole, by the installation's trail.
	Workspaces []string
}

// lossOrigin begins the signed statement of a loss, so that it is no checkpoint.
const lossOrigin = "caique loss"

func (l *Loss) text() string {
	return strings.Join(append([]string{
		lossOrigin, l.WorkspaceID, strconv.FormatInt(l.Kept, 10), l.KeptHash, strconv.FormatInt(l.To, 10), l.At.UTC().Format(time.RFC3339Nano),
	}, l.Workspaces...), "\n") + "\n"
}

// readLoss reads a statement that one of the keys signed.
func readLoss(signed string, keys []note.Verifier) (l Loss, ok bool) {
	n, err := note.Open([]byte(signed), note.VerifierList(keys...))
	if err != nil {
		return l, false
	}
	lines := strings.Split(strings.TrimSuffix(n.Text, "\n"), "\n")
	if len(lines) < 6 || lines[0] != lossOrigin {
		return l, false
	}
	l = Loss{WorkspaceID: lines[1], KeptHash: lines[3], Workspaces: lines[6:]}
	if l.Kept, err = strconv.ParseInt(lines[2], 10, 64); err == nil {
		l.To, err = strconv.ParseInt(lines[4], 10, 64)
	}
	if err == nil {
		l.At, err = time.Parse(time.RFC3339Nano, lines[5])
	}
	return l, err == nil
}

// lossBy returns the loss that an event records; ok is false for another event, and
// for one that no key of the installation has signed or that stands elsewhere: only
// who has the key may say that events are gone.
func lossBy(e *caiq.Event, keys []note.Verifier) (l Loss, ok bool) {
	if e.Action != string(actLoss) || len(keys) == 0 {
		return l, false
	}
	var d struct {
		Note string `json:"note"`
	}
	if err := json.Unmarshal(e.Detail, &d); err != nil {
		return l, false
	}
	l, ok = readLoss(d.Note, keys)
	return l, ok && l.WorkspaceID == e.WorkspaceID && l.Kept == e.Seq-1 && l.KeptHash == e.Prev
}

// excuses reports whether a checkpoint is of what the loss names.
func (l *Loss) excuses(c *caiq.Checkpoint) bool {
	if c.At.After(l.At) {
		return false
	}
	if c.WorkspaceID != l.WorkspaceID {
		return slices.Contains(l.Workspaces, c.WorkspaceID)
	}
	return c.Seq > l.Kept && c.Seq <= l.To
}

// String says what is gone.
func (l *Loss) String() string {
	var parts []string
	if l.To > l.Kept {
		parts = append(parts, fmt.Sprintf("events %d to %d of %s", l.Kept+1, l.To, l.WorkspaceID))
	}
	if len(l.Workspaces) > 0 {
		parts = append(parts, "all of the workspaces "+strings.Join(l.Workspaces, ", "))
	}
	return strings.Join(parts, " and ")
}

// Losses are those that a trail records.
func Losses(ctx context.Context, store TrailStore, workspaceID string, keys ...note.Verifier) ([]Loss, error) {
	events, err := store.Events(ctx, workspaceID, caiq.EventFilter{Action: string(actLoss)})
	var losses []Loss
	for i := range events {
		if l, ok := lossBy(&events[i], keys); ok {
			losses = append(losses, l)
		}
	}
	return losses, err
}

// Lost tells what checkpoints from outside a database speak of that is not in it,
// and that no trail names as lost: the installation's own trail first. Signatures
// are checked of those alone that reach beyond it.
func Lost(ctx context.Context, store Store, kept []KeptCheckpoint, key note.Verifier) ([]Loss, error) {
	keys, err := InstallationKeys(ctx, store, key)
	if err != nil {
		return nil, err
	}
	f := &lossFinder{store: store, keys: keys, heads: make(map[string]caiq.Workspace), named: make(map[string][]Loss), found: make(map[string]*Loss)}
	if err := f.readHeads(ctx); err != nil {
		return nil, err
	}
	for _, k := range kept {
		if err := f.see(ctx, k.Note); err != nil {
			return nil, err
		}
	}
	return f.losses(), nil
}

type lossFinder struct {
	store Store
	keys  []note.Verifier
	heads map[string]caiq.Workspace
	named map[string][]Loss // by trail, as far as it was asked for
	found map[string]*Loss
}

func (f *lossFinder) readHeads(ctx context.Context) error {
	all, err := f.store.Workspaces(ctx, "")
	if err != nil {
		return err
	}
	own, err := f.store.Workspace(ctx, caiq.Installation)
	for _, w := range append(all, own) {
		f.heads[w.ID] = w
	}
	return err
}

// see looks at one checkpoint.
func (f *lossFinder) see(ctx context.Context, signed string) error {
	lines := strings.SplitN(signed, "\n", 4)
	if len(lines) < 4 {
		return nil
	}
	seq, err := strconv.ParseInt(lines[2], 10, 64)
	w, there := f.heads[lines[1]]
	if err != nil || there && seq <= w.Head {
		return nil //nolint:nilerr // no checkpoint, or of what is there
	}
	c, err := readSigned(signed, f.keys)
	if err != nil {
		return nil //nolint:nilerr // audit verify tells
	}
	trail := c.WorkspaceID
	if !there {
		trail = caiq.Installation
	}
	if _, asked := f.named[trail]; !asked {
		if f.named[trail], err = Losses(ctx, f.store, trail, f.keys...); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(f.named[trail], func(l Loss) bool { return l.excuses(&c) }) {
		return nil
	}
	l := f.found[trail]
	if l == nil {
		w := f.heads[trail]
		l = &Loss{WorkspaceID: trail, Kept: w.Head, KeptHash: w.HeadHash, To: w.Head}
		f.found[trail] = l
	}
	switch {
	case there:
		l.To = max(l.To, c.Seq)
	case !slices.Contains(l.Workspaces, c.WorkspaceID):
		l.Workspaces = append(l.Workspaces, c.WorkspaceID)
	}
	return nil
}

// losses are those found, the installation's first.
func (f *lossFinder) losses() []Loss {
	var all []Loss
	for _, l := range f.found {
		slices.Sort(l.Workspaces)
		all = append(all, *l)
	}
	slices.SortFunc(all, func(a, b Loss) int {
		rank := func(l Loss) string { return strconv.FormatBool(l.WorkspaceID != caiq.Installation) + l.WorkspaceID }
		return strings.Compare(rank(a), rank(b))
	})
	return all
}

// AcceptLosses records them, each in its trail, signed; afterwards the trails are
// signed as they are now.
func (s *Service) AcceptLosses(ctx context.Context, losses []Loss) error {
	for _, l := range losses {
		err := s.commit(ctx, caiq.Principal{Auth: authCLI}, l.WorkspaceID, func(_ context.Context, c *change) error {
			l.At = c.now
			signed, err := note.Sign(&note.Note{Text: l.text()}, s.signer)
			if err != nil {
				return fmt.Errorf("sign a loss: %w", err)
			}
			c.event(actLoss, "trail").Detail = detail(map[string]any{
				"lost_from": l.Kept + 1, "lost_to": l.To, "workspaces": l.Workspaces, "note": string(signed),
			})
			return nil
		})
		if err != nil {
			return err
		}
	}
	_, err := s.SignTrails(ctx)
	return err
}
