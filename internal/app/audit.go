package app

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"caique/internal/caiq"
)

// Events lists the trail of the principal's workspace.
func (s *Service) Events(ctx context.Context, p caiq.Principal, f caiq.EventFilter) ([]caiq.Event, error) {
	if err := Allow(p, ActTrailRead); err != nil {
		return nil, err
	}
	return s.store.Events(ctx, p.Workspace.ID, f)
}

// Checkpoints lists the signed checkpoints of the workspace's trail.
func (s *Service) Checkpoints(ctx context.Context, p caiq.Principal) ([]caiq.Checkpoint, error) {
	if err := Allow(p, ActTrailRead); err != nil {
		return nil, err
	}
	return s.store.Checkpoints(ctx, p.Workspace.ID)
}

// WriteTrail writes the whole trail with its checkpoints as JSON lines, to be
// verified elsewhere. A trail that grows meanwhile is written up to where it was.
func (s *Service) WriteTrail(ctx context.Context, p caiq.Principal, w io.Writer) error {
	if err := Allow(p, ActTrailRead); err != nil {
		return err
	}
	return WriteTrail(ctx, s.store, p.Workspace.ID, w)
}

// VerifyTrail verifies the trail of the principal's workspace as stored, and
// compares what the workspace holds with it, see Reconcile.
func (s *Service) VerifyTrail(ctx context.Context, p caiq.Principal) (report TrailReport, differ, notes caiq.Problems, err error) {
	if err := Allow(p, ActTrailRead); err != nil {
		return TrailReport{}, nil, nil, err
	}
	err = s.store.Snapshot(ctx, func(ctx context.Context) error {
		if report, err = VerifyStored(ctx, s.store, p.Workspace.ID, nil, s.key); err != nil {
			return err
		}
		differ, notes, err = Reconcile(ctx, s.store, p.Workspace.ID)
		return err
	})
	return report, differ, notes, err
}

// trailPage is how many events are read at a time.
const trailPage = 1000

// eachEvent visits the events of a trail up to a sequence number, in order.
func eachEvent(ctx context.Context, store TrailStore, workspaceID string, upTo int64, visit func(*caiq.Event) error) error {
	for after := int64(0); ; {
		page, err := store.Events(ctx, workspaceID, caiq.EventFilter{After: after, Before: upTo + 1, Limit: trailPage})
		if err != nil {
			return err
		}
		for i := range page {
			if err := visit(&page[i]); err != nil {
				return err
			}
			after = page[i].Seq
		}
		if len(page) < trailPage {
			return nil
		}
	}
}

// TrailProblem is what the first event that is not as it was shows.
type TrailProblem string

// What can have happened to a trail.
const (
	TrailEdited     TrailProblem = "edited"         // the event does not have its hash
	TrailDeleted    TrailProblem = "deleted"        // the event is missing
	TrailReordered  TrailProblem = "reordered"      // the event stands in another's place
	TrailUnlinked   TrailProblem = "unlinked"       // the event does not follow the one before it
	TrailCutOff     TrailProblem = "cut_off"        // the trail ends before the event
	TrailRewritten  TrailProblem = "rewritten"      // a checkpoint signed another history up to the event
	TrailForeign    TrailProblem = "foreign"        // the event belongs to another workspace
	TrailCheckpoint TrailProblem = "bad_checkpoint" // a checkpoint's signature does not hold
	TrailMissing    TrailProblem = "missing"        // the whole trail is gone, with its workspace
)

// TrailReport is the outcome of a verification.
type TrailReport struct {
	WorkspaceID string
	Events      int64
	Head        string // hash of the last event
	First, Last time.Time
	Checkpoints int   // signed ones that agree
	Signed      int64 // up to which event
	Outside     int64 // up to which by a checkpoint from outside of the database
	// Losses are signed events that are known to be gone, since an older state of the
	// database was put in place and that was accepted.
	Losses []Loss
	// Problem is "" when all is as it was; else Seq and Message name the first
	// event where it is not.
	Problem TrailProblem
	Seq     int64
	Message string
}

// OK reports whether the trail is as it was.
func (r TrailReport) OK() bool { return r.Problem == "" }

// Verifier checks a trail event by event; hand it the checkpoints first.
type Verifier struct {
	report   TrailReport
	prev     string
	awaited  map[int64][]caiq.Checkpoint // signed, not yet met
	key      note.Verifier               // nil: none
	former   []note.Verifier             // keys from before the present one
	formerly map[string]bool             // notes that such a key signed
	outside  map[int64]string            // hashes by checkpoints from outside of the database
	others   map[string]caiq.Checkpoint  // one of each other workspace
	founded  map[string]bool             // workspaces that the installation's trail makes
	pending  *pendingGap
	started  bool
}

// pendingGap is a missing event that may still turn up later: then the trail is
// reordered, else the event was deleted.
type pendingGap struct {
	seq   int64
	found bool
}

// NewVerifier returns a verifier for one trail; "" takes the first event's.
func NewVerifier(workspaceID string) *Verifier {
	return &Verifier{
		report: TrailReport{WorkspaceID: workspaceID}, awaited: make(map[int64][]caiq.Checkpoint), formerly: make(map[string]bool),
		outside: make(map[int64]string), others: make(map[string]caiq.Checkpoint), founded: make(map[string]bool),
	}
}

// Checkpoint adds a signed note. Of one of another workspace only the
// installation's trail says anything: that it made the workspace.
func (v *Verifier) Checkpoint(signed string, key note.Verifier) {
	c, ok := v.read(signed, key)
	switch {
	case !ok:
		v.fail(TrailCheckpoint, 0, "a checkpoint is not signed by the key")
	case v.report.WorkspaceID != "" && c.WorkspaceID != v.report.WorkspaceID:
		if c.At.After(v.others[c.WorkspaceID].At) {
			v.others[c.WorkspaceID] = c
		}
	case slices.ContainsFunc(v.awaited[c.Seq], func(o caiq.Checkpoint) bool { return o.Hash == c.Hash }):
		// the same statement, kept in two places or signed twice
	default:
		v.awaited[c.Seq] = append(v.awaited[c.Seq], c)
	}
}

func (v *Verifier) read(signed string, key note.Verifier) (caiq.Checkpoint, bool) {
	c, err := ReadCheckpoint(signed, key)
	for i := 0; err != nil && i < len(v.former); i++ {
		if c, err = ReadCheckpoint(signed, v.former[i]); err == nil {
			v.formerly[c.Note] = true
		}
	}
	return c, err == nil
}

// KeptOutside adds notes from outside of the database, by the installation's key.
func (v *Verifier) KeptOutside(notes []string, key note.Verifier) {
	v.key = key
	for _, n := range notes {
		v.Checkpoint(n, key)
		if c, ok := v.read(n, key); ok && !v.formerly[n] && c.WorkspaceID == v.report.WorkspaceID {
			v.outside[c.Seq] = c.Hash
		}
	}
}

// kept adds a checkpoint of the database, whose columns say what its note does.
func (v *Verifier) kept(c caiq.Checkpoint, key note.Verifier) {
	v.Checkpoint(c.Note, key)
	if said, ok := v.read(c.Note, key); ok && (said.WorkspaceID != c.WorkspaceID || said.Seq != c.Seq || said.Hash != c.Hash || !said.At.Equal(c.At)) {
		v.fail(TrailCheckpoint, c.Seq, "the checkpoint of event %d is not filed under what it says", c.Seq)
	}
}

// fail keeps the first problem.
func (v *Verifier) fail(p TrailProblem, seq int64, format string, args ...any) {
	if v.report.Problem == "" {
		v.report.Problem, v.report.Seq, v.report.Message = p, seq, fmt.Sprintf(format, args...)
	}
}

// Event checks the next event. After the first problem it only looks whether a
// missing event turns up.
func (v *Verifier) Event(e *caiq.Event) {
	if v.pending != nil && e.Seq == v.pending.seq {
		v.pending.found = true
	}
	if v.report.Problem != "" || v.pending != nil {
		return
	}
	if !v.started && v.report.WorkspaceID == "" {
		v.report.WorkspaceID = e.WorkspaceID
	}
	v.started = true
	want := v.report.Events + 1
	switch {
	case e.WorkspaceID != v.report.WorkspaceID:
		v.fail(TrailForeign, want, "event %d belongs to the workspace %s", e.Seq, e.WorkspaceID)
		return
	case e.Seq > want:
		v.pending = &pendingGap{seq: want}
		return
	case e.Seq < want:
		v.fail(TrailReordered, e.Seq, "event %d stands again where event %d should be", e.Seq, want)
		return
	}
	v.link(e)
}

// link checks an event that stands in its place.
func (v *Verifier) link(e *caiq.Event) {
	hash, err := e.ComputeHash()
	switch {
	case err == nil && hash != e.Hash && properSeq(e) > 0:
		v.fail(TrailReordered, e.Seq, "event %d (%s of %s) stands where event %d should be: the trail is reordered", properSeq(e), e.Action, e.Object, e.Seq)
		return
	case err != nil || hash != e.Hash:
		v.fail(TrailEdited, e.Seq, "event %d (%s of %s) has been edited: its hash is another", e.Seq, e.Action, e.Object)
		return
	case e.Prev != v.prev:
		v.fail(TrailUnlinked, e.Seq, "event %d does not follow the event before it: one of both has been replaced", e.Seq)
		return
	}
	if l, ok := lossBy(e, v.keys()); ok {
		v.report.Losses = append(v.report.Losses, l)
	}
	for _, c := range v.awaited[e.Seq] {
		if c.Hash != e.Hash && v.excused(&c) {
			continue
		}
		if c.Hash != e.Hash {
			v.fail(TrailRewritten, e.Seq, "the trail up to event %d is not the one that was signed on %s; it agreed up to event %d",
				e.Seq, c.At.Format(time.RFC3339), v.report.Signed)
			return
		}
		if !v.formerly[c.Note] {
			v.report.Checkpoints++
			v.report.Signed = e.Seq
		}
	}
	if v.outside[e.Seq] == e.Hash {
		v.report.Outside = e.Seq
	}
	if v.report.Events == 0 {
		v.report.First = e.At
	}
	if id := foundedBy(e); id != "" {
		v.founded[id] = true
	}
	v.prev = e.Hash
	v.report.Events, v.report.Head, v.report.Last = e.Seq, e.Hash, e.At
}

// keys are all that the installation has signed with.
func (v *Verifier) keys() []note.Verifier {
	if v.key == nil {
		return nil
	}
	return append([]note.Verifier{v.key}, v.former...)
}

// excused reports whether a checkpoint is of events that are known to be lost.
func (v *Verifier) excused(c *caiq.Checkpoint) bool {
	return slices.ContainsFunc(v.report.Losses, func(l Loss) bool { return l.excuses(c) })
}

// farthest is the last checkpoint of this trail beyond an event, but for what is
// known to be lost; zero when there is none.
func (v *Verifier) farthest(beyond int64) (last caiq.Checkpoint) {
	for seq, cs := range v.awaited {
		for i := range cs {
			if seq > beyond && seq > last.Seq && !v.excused(&cs[i]) {
				last = cs[i]
			}
		}
	}
	return last
}

// reorderReach is how far from its place an event is looked for.
const reorderReach = 1000

// properSeq is the number that an event was sealed with, where it has been given
// another one not far from it; else 0.
func properSeq(e *caiq.Event) int64 {
	for d := int64(1); d <= reorderReach; d++ {
		for _, seq := range []int64{e.Seq - d, e.Seq + d} {
			moved := *e
			moved.Seq = seq
			if hash, err := moved.ComputeHash(); err == nil && hash == e.Hash {
				return seq
			}
		}
	}
	return 0
}

// Done ends the verification. headSeq is how long the trail should be and head
// the hash of its last event; 0 when nobody says.
func (v *Verifier) Done(headSeq int64, head string) TrailReport {
	if v.pending != nil && v.report.Problem == "" {
		if v.pending.found {
			v.fail(TrailReordered, v.pending.seq, "event %d is not in its place: the trail is reordered", v.pending.seq)
		} else {
			v.fail(TrailDeleted, v.pending.seq, "event %d is missing", v.pending.seq)
		}
	}
	last := v.report.Events
	farthest := v.farthest(last)
	switch {
	case farthest.Seq > last:
		v.fail(TrailCutOff, last+1, "the trail is cut off: it ends with event %d, and event %d was signed on %s",
			last, farthest.Seq, farthest.At.Format(time.RFC3339))
	case headSeq > last:
		v.fail(TrailCutOff, last+1, "the trail is cut off: it ends with event %d of %d", last, headSeq)
	case headSeq > 0 && (headSeq < last || head != v.report.Head):
		v.fail(TrailRewritten, headSeq, "the trail's head is event %d with another hash", headSeq)
	}
	if v.report.WorkspaceID == caiq.Installation {
		v.othersFounded()
	}
	return v.report
}

// othersFounded looks, in the installation's trail, for the events that made the
// workspaces whose trails are signed.
func (v *Verifier) othersFounded() {
	for _, id := range slices.Sorted(maps.Keys(v.others)) {
		if c := v.others[id]; !v.founded[id] && !v.excused(&c) {
			v.fail(TrailCutOff, v.report.Events+1, "the trail is cut off: nothing in it makes the workspace %s, whose event %d was signed on %s",
				id, c.Seq, c.At.Format(time.RFC3339))
		}
	}
}

// VerifyStored verifies a trail in a database, with the checkpoints kept there
// and those given (from outside the database); without a key no checkpoint counts.
func VerifyStored(ctx context.Context, store Store, workspaceID string, outside []string, key note.Verifier) (TrailReport, error) {
	w, err := store.Workspace(ctx, workspaceID)
	if err != nil {
		return TrailReport{}, err
	}
	v := NewVerifier(workspaceID)
	v.key = key
	if key != nil {
		if v.former, err = formerKeys(ctx, store, key); err != nil {
			return TrailReport{}, err
		}
		kept, err := store.Checkpoints(ctx, workspaceID)
		if err != nil {
			return TrailReport{}, err
		}
		for _, c := range kept {
			v.kept(c, key)
		}
		v.KeptOutside(outside, key)
	}
	// Beyond the head lies what was appended while this reads, or by hand.
	err = eachEvent(ctx, store, workspaceID, w.Head, func(e *caiq.Event) error {
		v.Event(e)
		return nil
	})
	if err != nil {
		return TrailReport{}, err
	}
	return v.Done(w.Head, w.HeadHash), nil
}
