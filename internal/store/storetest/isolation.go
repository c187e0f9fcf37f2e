package storetest

import (
	"context"
	"testing"

	"caique/internal/caiq"
)

// testIsolation has a second workspace, "other", whose member max knows every id
// of the first.
func testIsolation(t *testing.T, open Open) {
	setup := func(t *testing.T) (fixture, caiq.Record, []caiq.StoredAnswer) {
		t.Helper()
		f := newFixture(t, open)
		r, _, as := f.upload(t, "r", 2)
		f.makeWorkspace(t, caiq.Workspace{ID: "other"}, "max")
		f.do(t, func(ctx context.Context) error {
			f.must(t, f.CreateComment(ctx, caiq.Comment{ID: "c", WorkspaceID: workspace, RecordID: "r", N: 1, Author: "ana"}))
			f.must(t, f.CreateExport(ctx, export("x", r.BlobSHA256)))
			f.must(t, f.CreateProfile(ctx, storedProfile("p", 1, "x")))
			f.must(t, f.CreateInvitation(ctx, caiq.Invitation{ID: "v", WorkspaceID: workspace, Email: "e", Hash: "h", Roles: []caiq.MemberRole{caiq.Viewer}}))
			f.must(t, f.PutPick(ctx, pick(1, "h", "caiq-4.1/IAM-13.1", epoch())))
			_, err := f.PutLibraryEntry(ctx, entry("e"))
			return err
		})
		return f, r, as
	}
	t.Run("nothing of another workspace is found", func(t *testing.T) {
		f, r, _ := setup(t)
		_, recordErr := f.Record(f.ctx, "other", "r")
		_, blobErr := f.Blob(f.ctx, "other", r.BlobSHA256)
		_, rowErr := f.Row(f.ctx, "other", "r", 1)
		_, exportErr := f.Export(f.ctx, "other", "x")
		_, profileErr := f.Profile(f.ctx, "other", "p", 0)
		_, entryErr := f.LibraryEntry(f.ctx, "other", "e")
		_, memberErr := f.Member(f.ctx, "other", "ana")
		_, invitationErr := f.Invitation(f.ctx, "other", "v")
		for _, err := range []error{invitationErr, recordErr, blobErr, rowErr, exportErr, profileErr, entryErr, memberErr} {
			wantMissing(t, err)
		}
	})
	t.Run("lists of another workspace are empty", func(t *testing.T) {
		f, r, _ := setup(t)
		records, e1 := f.Records(f.ctx, "other", caiq.RecordFilter{BlobSHA256: r.BlobSHA256})
		rows, e2 := f.Rows(f.ctx, "other", "r", caiq.RowFilter{})
		history, e3 := f.AnswerHistory(f.ctx, "other", "r", 1)
		comments, e4 := f.Comments(f.ctx, "other", "r", 1)
		exports, e5 := f.Exports(f.ctx, "other", "r")
		entries, e6 := f.LibraryEntries(f.ctx, "other", caiq.LibraryFilter{})
		profiles, e7 := f.Profiles(f.ctx, "other")
		progress, e8 := f.Progress(f.ctx, "other", "r")
		events, e9 := f.Events(f.ctx, "other", caiq.EventFilter{RecordID: "r"})
		asked, e10 := f.Asked(f.ctx, "other", "r")
		at, e11 := f.AskedAt(f.ctx, "other", []string{"h"})
		picks, e12 := f.Picks(f.ctx, "other", nil)
		invitations, e13 := f.Invitations(f.ctx, "other")
		if n := len(asked) + len(at) + len(picks) + len(invitations); n > 0 {
			t.Errorf("%d texts of another workspace", n)
		}
		for _, err := range []error{e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13} {
			f.must(t, err)
		}
		if n := len(records) + len(rows) + len(history) + len(comments) + len(exports) + len(entries) + len(profiles) + len(progress) + len(events); n > 0 {
			t.Errorf("%d things of another workspace", n)
		}
	})
	t.Run("no id of another workspace can be stored or changed", func(t *testing.T) {
		f, r, as := setup(t)
		blob := r.BlobSHA256
		foreignAnswer := *edited(as[0], "max")
		foreignAnswer.WorkspaceID = "other"
		foreignExport := export("y", blob)
		foreignExport.WorkspaceID = "other"
		stolen, qs, sas := record("s", 0)
		stolen.WorkspaceID, stolen.BlobSHA256 = "other", blob
		foreignEntry := entry("e9")
		foreignEntry.WorkspaceID = "other" // owned by ana
		moved := r
		moved.WorkspaceID = "other"
		foreignToken := token("t")
		foreignToken.WorkspaceID = "other"
		for name, fn := range map[string]func(ctx context.Context) error{
			"answer":     func(ctx context.Context) error { return f.SaveAnswers(ctx, &foreignAnswer) },
			"assignment": func(ctx context.Context) error { return f.Assign(ctx, "other", "r", []int{1}, "max") },
			"comment": func(ctx context.Context) error {
				return f.CreateComment(ctx, caiq.Comment{ID: "d", WorkspaceID: "other", RecordID: "r", N: 1, Author: "max"})
			},
			"export":        func(ctx context.Context) error { return f.CreateExport(ctx, foreignExport) },
			"file":          func(ctx context.Context) error { return f.CreateRecord(ctx, stolen, qs, sas) },
			"library owner": func(ctx context.Context) error { _, err := f.PutLibraryEntry(ctx, foreignEntry); return err },
			"list":          func(ctx context.Context) error { _, err := f.PutAnswerList(ctx, "other", "r", []byte("x")); return err },
			"record":        func(ctx context.Context) error { return f.UpdateRecord(ctx, &moved) },
			"withdrawal":    func(ctx context.Context) error { return f.DeleteInvitation(ctx, "other", "v") },
			"deletion":      func(ctx context.Context) error { return f.DeleteRecord(ctx, "other", "r") },
			"token":         func(ctx context.Context) error { return f.CreateToken(ctx, foreignToken) },
		} {
			err := f.try("other", fn)
			if code := caiq.CodeOf(err); code != "not_found" && code != "unknown_reference" {
				t.Errorf("%s: %v", name, err)
			}
		}
		got, err := f.Record(f.ctx, workspace, "r")
		equal(t, got, err, r)
	})
	t.Run("a question cannot be given to a member of another workspace", func(t *testing.T) {
		f, _, _ := setup(t)
		err := f.try(workspace, func(ctx context.Context) error { return f.Assign(ctx, workspace, "r", []int{1}, "max") })
		wantError(t, err, caiq.Invalid, "unknown_reference")
	})
	t.Run("the same ids and files live side by side", func(t *testing.T) {
		f, r, _ := setup(t)
		twin, qs, as := record("r", 2)
		twin.WorkspaceID, twin.CreatedBy = "other", "max"
		for i := range as {
			qs[i].WorkspaceID, as[i].WorkspaceID = "other", "other"
		}
		f.must(t, f.try("other", func(ctx context.Context) (err error) {
			if twin.BlobSHA256, err = f.PutBlob(ctx, "other", []byte("file of r")); err != nil {
				return err
			}
			return f.CreateRecord(ctx, twin, qs, as)
		}))
		f.must(t, f.try("other", func(ctx context.Context) error { return f.DeleteRecord(ctx, "other", "r") }))
		got, err := f.Record(f.ctx, workspace, "r")
		equal(t, got, err, r)
		_, err = f.Blob(f.ctx, workspace, r.BlobSHA256)
		f.must(t, err)
	})
}
