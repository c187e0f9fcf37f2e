package storetest

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"caique/internal/caiq"
)

func testRecords(t *testing.T, open Open) {
	t.Run("a record comes back as it was stored, without its questions", func(t *testing.T) {
		f := newFixture(t, open)
		want, _, _ := f.upload(t, "r", 3)
		got, err := f.Record(f.ctx, workspace, "r")
		equal(t, got, err, want)
	})
	t.Run("a record without layout, dates and needs comes back too", func(t *testing.T) {
		f := newFixture(t, open)
		r := caiq.Record{ID: "bare", WorkspaceID: workspace, Revision: 1, State: caiq.RecordActive, CreatedBy: "ana", Created: epoch()}
		f.do(t, func(ctx context.Context) (err error) {
			if r.BlobSHA256, err = f.PutBlob(ctx, workspace, nil); err != nil {
				return err
			}
			return f.CreateRecord(ctx, r, nil, nil)
		})
		got, err := f.Record(f.ctx, workspace, "bare")
		equal(t, got, err, r)
	})
	t.Run("files are kept once per workspace and come back whole", func(t *testing.T) {
		f := newFixture(t, open)
		data := bytes.Repeat([]byte{0, 1, 0xff, '\''}, 300_000)
		var first, second string
		f.do(t, func(ctx context.Context) (err error) {
			if first, err = f.PutBlob(ctx, workspace, data); err != nil {
				return err
			}
			second, err = f.PutBlob(ctx, workspace, data)
			return err
		})
		if first != second || len(first) != 64 {
			t.Errorf("hashes %q and %q", first, second)
		}
		got, err := f.Blob(f.ctx, workspace, first)
		if f.must(t, err); !bytes.Equal(got, data) {
			t.Error("the file came back changed")
		}
		_, err = f.Blob(f.ctx, workspace, strings.Repeat("0", 64))
		wantMissing(t, err)
	})
	t.Run("a record of a file that is not there is refused", func(t *testing.T) {
		f := newFixture(t, open)
		r, qs, as := record("r", 1)
		r.BlobSHA256 = "none"
		err := f.try(workspace, func(ctx context.Context) error { return f.CreateRecord(ctx, r, qs, as) })
		wantError(t, err, caiq.Invalid, "unknown_reference")
	})
	t.Run("an id is stored once", func(t *testing.T) {
		f := newFixture(t, open)
		r, qs, as := f.upload(t, "r", 1)
		err := f.try(workspace, func(ctx context.Context) error { return f.CreateRecord(ctx, r, qs, as) })
		wantError(t, err, caiq.Conflict, "exists")
	})
	t.Run("questions and answers that do not belong together are refused", func(t *testing.T) {
		f := newFixture(t, open)
		f.upload(t, "r", 1)
		for name, change := range map[string]func(qs *[]caiq.StoredQuestion, as *[]caiq.StoredAnswer){
			"fewer answers":    func(_ *[]caiq.StoredQuestion, as *[]caiq.StoredAnswer) { *as = (*as)[:1] },
			"a gap":            func(qs *[]caiq.StoredQuestion, _ *[]caiq.StoredAnswer) { (*qs)[1].N = 3 },
			"another's answer": func(_ *[]caiq.StoredQuestion, as *[]caiq.StoredAnswer) { (*as)[1].RecordID = "r" },
			"wrong text hash":  func(_ *[]caiq.StoredQuestion, as *[]caiq.StoredAnswer) { (*as)[1].TextSHA256 = "x" },
		} {
			err := f.try(workspace, func(ctx context.Context) error {
				r, qs, as := record("new", 2)
				var err error
				if r.BlobSHA256, err = f.PutBlob(ctx, workspace, []byte(name)); err != nil {
					return err
				}
				change(&qs, &as)
				return f.CreateRecord(ctx, r, qs, as)
			})
			if err == nil {
				t.Errorf("%s: stored", name)
			}
		}
	})
	t.Run("changes are stored and stale ones refused", func(t *testing.T) {
		f := newFixture(t, open)
		r, _, _ := f.upload(t, "r", 1)
		old := r
		r.Customer, r.State, r.NeededBy, r.Layout, r.ProfileVersion = "Else", caiq.RecordArchived, caiq.Date{}, nil, 3
		f.do(t, func(ctx context.Context) error { return f.UpdateRecord(ctx, &r) })
		got, err := f.Record(f.ctx, workspace, "r")
		equal(t, got, err, r)
		wantError(t, f.try(workspace, func(ctx context.Context) error { return f.UpdateRecord(ctx, &old) }), caiq.Conflict, "stale")
		old.ID = "none"
		wantMissing(t, f.try(workspace, func(ctx context.Context) error { return f.UpdateRecord(ctx, &old) }))
	})
	t.Run("records are listed newest first, page by page and by filter", func(t *testing.T) {
		f := newFixture(t, open)
		for _, id := range []string{"r1", "r2", "r3", "r4"} {
			f.upload(t, id, 1)
		}
		r2, err := f.Record(f.ctx, workspace, "r2")
		f.must(t, err)
		r2.State, r2.ProfileID = caiq.RecordArchived, "other"
		f.do(t, func(ctx context.Context) error { return f.UpdateRecord(ctx, &r2) })
		for _, c := range []struct {
			filter caiq.RecordFilter
			want   string
		}{
			{caiq.RecordFilter{}, "r4 r3 r2 r1"},
			{caiq.RecordFilter{Limit: 2}, "r4 r3"},
			{caiq.RecordFilter{Limit: 2, Before: "r3"}, "r2 r1"},
			{caiq.RecordFilter{State: caiq.RecordArchived}, "r2"},
			{caiq.RecordFilter{State: caiq.RecordActive, Limit: 2, Before: "r4"}, "r3 r1"},
			{caiq.RecordFilter{ProfileID: "other"}, "r2"},
			{caiq.RecordFilter{BlobSHA256: r2.BlobSHA256}, "r2"},
			{caiq.RecordFilter{BlobSHA256: "none"}, ""},
		} {
			rs, err := f.Records(f.ctx, workspace, c.filter)
			var ids []string
			for _, r := range rs {
				ids = append(ids, r.ID)
			}
			equal(t, strings.Join(ids, " "), err, c.want)
		}
	})
	t.Run("deleting takes everything but the trail and files that others use", func(t *testing.T) {
		f := newFixture(t, open)
		r, _, as := f.upload(t, "r", 2)
		var shared, own, listed string
		f.do(t, func(ctx context.Context) (err error) {
			f.must(t, f.SaveAnswers(ctx, edited(as[0], "ben")))
			if listed, err = f.PutAnswerList(ctx, workspace, "r", []byte("list")); err != nil {
				return err
			}
			f.must(t, f.CreateComment(ctx, caiq.Comment{ID: "c", WorkspaceID: workspace, RecordID: "r", N: 1, Author: "ana"}))
			shared = r.BlobSHA256
			if own, err = f.PutBlob(ctx, workspace, []byte("export")); err != nil {
				return err
			}
			f.must(t, f.CreateExport(ctx, export("x", own)))
			twin, qs, as := record("twin", 1)
			twin.BlobSHA256 = shared
			return f.CreateRecord(ctx, twin, qs, as)
		})
		f.do(t, func(ctx context.Context) error { return f.DeleteRecord(ctx, workspace, "r") })
		_, err := f.Record(f.ctx, workspace, "r")
		wantMissing(t, err)
		_, err = f.Export(f.ctx, workspace, "x")
		wantMissing(t, err)
		_, err = f.AnswerList(f.ctx, workspace, "r", listed)
		wantMissing(t, err)
		_, err = f.Blob(f.ctx, workspace, own)
		wantMissing(t, err)
		_, err = f.Blob(f.ctx, workspace, shared)
		f.must(t, err)
		history, err := f.AnswerHistory(f.ctx, workspace, "r", 1)
		equal(t, history, err, nil)
		comments, err := f.Comments(f.ctx, workspace, "r", 1)
		equal(t, comments, err, nil)
		f.wantChain(t, workspace, 4)
		f.do(t, func(ctx context.Context) error { return f.DeleteRecord(ctx, workspace, "twin") })
		_, err = f.Blob(f.ctx, workspace, shared)
		wantMissing(t, err)
		wantMissing(t, f.try(workspace, func(ctx context.Context) error { return f.DeleteRecord(ctx, workspace, "r") }))
	})
	t.Run("an idempotency key is remembered with what it did", func(t *testing.T) {
		f := newFixture(t, open)
		k := caiq.IdempotencyKey{
			WorkspaceID: workspace, UserID: "ana", Action: "upload", Key: "k", RequestSHA256: "q", ObjectID: "r", Created: epoch(),
		}
		f.do(t, func(ctx context.Context) error { return f.CreateIdempotencyKey(ctx, k) })
		got, err := f.IdempotencyKey(f.ctx, workspace, "ana", "upload", "k")
		equal(t, got, err, k)
		for _, other := range [][3]string{{"ben", "upload", "k"}, {"ana", "export", "k"}, {"ana", "upload", "K"}} {
			_, err := f.IdempotencyKey(f.ctx, workspace, other[0], other[1], other[2])
			wantMissing(t, err)
		}
		wantError(t, f.try(workspace, func(ctx context.Context) error { return f.CreateIdempotencyKey(ctx, k) }), caiq.Conflict, "exists")
		f.must(t, f.DeleteExpired(f.ctx, epoch().Add(8*24*time.Hour)))
		_, err = f.IdempotencyKey(f.ctx, workspace, "ana", "upload", "k")
		wantMissing(t, err)
	})
}

// export is an export of record "r".
func export(id, blob string) caiq.Export {
	return caiq.Export{
		ID: id, WorkspaceID: workspace, RecordID: "r", Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA, Drafts: true,
		AsOf: caiq.DateOf(epoch()), Seq: 7, FileName: "a-DRAFT.xlsx", BlobSHA256: blob, Manifest: []byte("{}\n"), Evidence: []byte("[]"),
		Checkpoint: "note\n", Created: epoch(), CreatedBy: "ana",
	}
}

func testExports(t *testing.T, open Open) {
	t.Run("an export comes back whole, in lists without its documents", func(t *testing.T) {
		f := newFixture(t, open)
		r, _, _ := f.upload(t, "r", 1)
		want := export("x1", r.BlobSHA256)
		f.do(t, func(ctx context.Context) error {
			f.must(t, f.CreateExport(ctx, want))
			return f.CreateExport(ctx, export("x2", r.BlobSHA256))
		})
		got, err := f.Export(f.ctx, workspace, "x1")
		equal(t, got, err, want)
		all, err := f.Exports(f.ctx, workspace, "r")
		want.Manifest, want.Evidence = nil, nil
		if f.must(t, err); len(all) != 2 || all[0].ID != "x2" {
			t.Fatalf("exports %v", all)
		}
		equal(t, all[1], nil, want)
		_, err = f.Export(f.ctx, workspace, "none")
		wantMissing(t, err)
	})
}
