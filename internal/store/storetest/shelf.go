package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

func pick(n int, hash string, ref caiq.Ref, at time.Time) caiq.Pick {
	return caiq.Pick{
		WorkspaceID: workspace, RecordID: "r", N: n, TextHash: hash, Text: "Is <it> “so”?", Question: ref, EntryID: "e", Reason: "It is.",
		By: "ben", ByName: "Name of ben", SourceName: "own.csv", At: at,
	}
}

func testShelf(t *testing.T, open Open) {
	t.Run("a pick comes back as it was stored, the newest of a text first", func(t *testing.T) {
		f := newFixture(t, open)
		first, second := pick(1, "h", "caiq-4.1/IAM-13.1", epoch()), pick(2, "h", "caiq-4.1/IAM-14.1", epoch().Add(time.Second))
		f.do(t, func(ctx context.Context) error {
			f.must(t, f.PutPick(ctx, pick(1, "h0", "caiq-4.1/AIS-01.1", epoch())))
			f.must(t, f.PutPick(ctx, first))
			return f.PutPick(ctx, second)
		})
		got, err := f.Picks(f.ctx, workspace, []string{"h", "h0"})
		equal(t, got, err, []caiq.Pick{second, first})
		f.do(t, func(ctx context.Context) error { return f.DeletePick(ctx, workspace, "r", 2) })
		got, err = f.Picks(f.ctx, workspace, nil)
		equal(t, got, err, []caiq.Pick{first})
		wantMissing(t, f.try(workspace, func(ctx context.Context) error { return f.DeletePick(ctx, workspace, "r", 2) }))
	})
	t.Run("texts are listed once, with what they were recognised as and where they were asked", func(t *testing.T) {
		f := newFixture(t, open)
		for _, id := range []string{"r1", "r2"} {
			r, qs, as := record(id, 3)
			for i, text := range []string{"Is it so?", "Is it SO", "What else?"} {
				qs[i].Question.Text, qs[i].Question.TextHash = text, caiq.TextHash(text)
			}
			qs[0].Question.Match = caiq.Match{Kind: caiq.MatchKnown, Question: "caiq-4.0/IAM-01.1"}
			qs[1].Question.Match = caiq.Match{Kind: caiq.MatchChanged, Question: "caiq-4.0/IAM-02.1"}
			f.do(t, func(ctx context.Context) (err error) {
				if r.BlobSHA256, err = f.PutBlob(ctx, workspace, []byte(id)); err != nil {
					return err
				}
				return f.CreateRecord(ctx, r, qs, as)
			})
		}
		so, other := caiq.TextHash("Is it so?"), caiq.TextHash("What else?")
		all, err := f.Asked(f.ctx, workspace, "")
		f.must(t, err)
		byHash, err := f.AskedByHash(f.ctx, workspace, []string{so, other})
		if diff := cmp.Diff(all, byHash); err != nil || diff != "" || len(all) != 2 {
			t.Errorf("%d texts, %v, by hash:\n%s", len(all), err, diff)
		}
		for _, a := range all {
			if known := a.TextHash == so; known != (len(a.Known) == 1) || known && a.Known[0] != "caiq-4.0/IAM-01.1" {
				t.Errorf("%+v", a)
			}
		}
		at, err := f.AskedAt(f.ctx, workspace, []string{other})
		equal(t, at, err, []caiq.AskedAt{{TextHash: other, RecordID: "r2", N: 3}, {TextHash: other, RecordID: "r1", N: 3}})
		for id, want := range map[string]int{"r1": 2, "r2": 0} {
			some, err := f.Asked(f.ctx, workspace, id)
			if f.must(t, err); len(some) != want {
				t.Errorf("%d texts came in with %s first, want %d", len(some), id, want)
			}
		}
		count, err := f.ShelfCount(f.ctx, workspace)
		equal(t, count, err, caiq.ShelfCount{Texts: 2})
	})
	t.Run("the shelf counts texts that were picked for and entries that are offered", func(t *testing.T) {
		f := newFixture(t, open)
		f.do(t, func(ctx context.Context) error {
			f.must(t, f.PutPick(ctx, pick(1, "h", "caiq-4.1/IAM-13.1", epoch())))
			f.must(t, f.PutPick(ctx, pick(2, "h", "caiq-4.1/IAM-13.1", epoch())))
			_, err := f.PutLibraryEntry(ctx, entry("e"))
			f.must(t, err)
			retired, err := f.PutLibraryEntry(ctx, entry("e2"))
			f.must(t, err)
			retired.Retired = true
			return f.UpdateLibraryEntry(ctx, &retired)
		})
		count, err := f.ShelfCount(f.ctx, workspace)
		equal(t, count, err, caiq.ShelfCount{Picks: 1, Entries: 1})
	})
}
