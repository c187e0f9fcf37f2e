package storetest

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"caique/internal/caiq"
)

// wantChain checks that the trail has n events, each sealed onto the one before,
// and that the workspace knows its end.
func (f fixture) wantChain(t testing.TB, workspaceID string, n int) []caiq.Event {
	t.Helper()
	events, err := f.Events(f.ctx, workspaceID, caiq.EventFilter{})
	if f.must(t, err); len(events) != n {
		t.Fatalf("%d events, want %d", len(events), n)
	}
	prev := ""
	for i, e := range events {
		hash, err := e.ComputeHash()
		if f.must(t, err); e.Seq != int64(i+1) || e.Prev != prev || e.Hash != hash {
			t.Fatalf("event %d: seq %d prev %q hash %q, computed %q after %q", i+1, e.Seq, e.Prev, e.Hash, hash, prev)
		}
		prev = e.Hash
	}
	w, err := f.Workspace(f.ctx, workspaceID)
	if f.must(t, err); w.Head != int64(n) || w.HeadHash != prev {
		t.Fatalf("head %d %q, last event %d %q", w.Head, w.HeadHash, n, prev)
	}
	return events
}

func testTrail(t *testing.T, open Open) {
	t.Run("events come back as they were sealed", func(t *testing.T) {
		f := newFixture(t, open)
		full := event(workspace, "answer.edit")
		full.At = time.Date(2026, 9, 30, 14, 0, 0, 123_456_789, time.FixedZone("CEST", 7200))
		full.Object, full.RecordID = "questionnaires/r/answers/1", "r"
		full.FromRevision, full.FromTextSHA256, full.Revision, full.TextSHA256 = 1, "aa", 2, "bb"
		full.Detail = json.RawMessage(`{ "why": "<&> Ü", "n": 1.50 }`)
		f.must(t, f.Tx(f.ctx, workspace, func(ctx context.Context) error {
			return f.AppendEvents(ctx, full, &caiq.Event{WorkspaceID: workspace, At: epoch(), ActorKind: caiq.ActorSystem, Action: "sweep"})
		}))
		events := f.wantChain(t, workspace, 3)
		equal(t, events[1], nil, *full)
		if got := string(full.Detail); got != `{"why":"<&> Ü","n":1.50}` {
			t.Errorf("detail %s", got)
		}
		if !full.At.Equal(time.Date(2026, 9, 30, 12, 0, 0, 123_456_000, time.UTC)) {
			t.Errorf("time %s", full.At)
		}
	})
	t.Run("trails of workspaces and of the installation are apart", func(t *testing.T) {
		f := newFixture(t, open)
		f.makeWorkspace(t, caiq.Workspace{ID: "other"})
		for range 2 {
			f.must(t, f.try("other", func(context.Context) error { return nil }))
		}
		f.must(t, f.try(caiq.Installation, func(context.Context) error { return nil }))
		f.wantChain(t, workspace, 1)
		f.wantChain(t, "other", 3)
		f.wantChain(t, caiq.Installation, 1)
	})
	t.Run("one transaction may write into the trail of the installation and of a new workspace", func(t *testing.T) {
		f := newFixture(t, open)
		f.must(t, f.Tx(f.ctx, caiq.Installation, func(ctx context.Context) error {
			if err := f.CreateWorkspace(ctx, caiq.Workspace{ID: "new"}); err != nil {
				return err
			}
			return f.AppendEvents(ctx, event(caiq.Installation, "a"), event("new", "b"), event(caiq.Installation, "c"), event("new", "d"))
		}))
		f.wantChain(t, "new", 2)
		f.wantChain(t, caiq.Installation, 2)
	})
	t.Run("an event whose detail is no JSON is refused", func(t *testing.T) {
		f := newFixture(t, open)
		e := event(workspace, "x")
		e.Detail = json.RawMessage(`{"a":`)
		if err := f.Tx(f.ctx, workspace, func(ctx context.Context) error { return f.AppendEvents(ctx, e) }); err == nil {
			t.Fatal("stored")
		}
		f.wantChain(t, workspace, 1)
	})
	t.Run("events are listed by filter and page by page, both ways", func(t *testing.T) {
		f := newFixture(t, open)
		f.must(t, f.Tx(f.ctx, workspace, func(ctx context.Context) error {
			for i, action := range []string{"a", "b", "a", "b"} {
				e := event(workspace, action)
				if i < 2 {
					e.RecordID, e.Object = "r", "questionnaires/r"
				} else {
					e.Actor = "ben"
				}
				if err := f.AppendEvents(ctx, e); err != nil {
					return err
				}
			}
			return nil
		}))
		for _, c := range []struct {
			filter caiq.EventFilter
			want   []int64
		}{
			{caiq.EventFilter{}, []int64{1, 2, 3, 4, 5}},
			{caiq.EventFilter{After: 2, Limit: 2}, []int64{3, 4}},
			{caiq.EventFilter{Newest: true, Limit: 2}, []int64{5, 4}},
			{caiq.EventFilter{Newest: true, Before: 4, Limit: 2}, []int64{3, 2}},
			{caiq.EventFilter{RecordID: "r"}, []int64{2, 3}},
			{caiq.EventFilter{Object: "questionnaires/r", Action: "b"}, []int64{3}},
			{caiq.EventFilter{Actor: "ben"}, []int64{4, 5}},
		} {
			es, err := f.Events(f.ctx, workspace, c.filter)
			var got []int64
			for _, e := range es {
				got = append(got, e.Seq)
			}
			equal(t, got, err, c.want)
		}
	})
	t.Run("checkpoints are kept, the first for an event stays", func(t *testing.T) {
		f := newFixture(t, open)
		c := caiq.Checkpoint{WorkspaceID: workspace, Seq: 1, Hash: "h", At: epoch(), Note: "note\n"}
		f.must(t, f.PutCheckpoint(f.ctx, c))
		second := c
		second.Note = "other\n"
		f.must(t, f.PutCheckpoint(f.ctx, second))
		got, err := f.Checkpoints(f.ctx, workspace)
		equal(t, got, err, []caiq.Checkpoint{c})
	})
}
