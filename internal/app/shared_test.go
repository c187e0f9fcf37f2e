package app_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/store"
)

// TestQuestionsStayAsTheyAreStored has everything done to questions that is done to
// them, and holds those that the store has read by then, which all readers share,
// against those that another one reads.
func TestQuestionsStayAsTheyAreStored(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "caique.db")
	db, err := store.OpenSQLite(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldOn(t, db, false)
	known := w.upload(t, "Customer A").ID
	own := w.uploadSheet(t, "A", odd, "Are backups encrypted?", similar)
	w.rows(t, own.ID)
	if _, err := w.Pick(ctx, w.reviewer, own.ID, 1, app.PickInput{Revision: 1, Ref: wanted}); err != nil {
		t.Fatal(err)
	}
	r, err := w.Propose(ctx, w.uploader, own.ID, app.ProposeInput{Revision: own.Revision})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Assign(ctx, w.uploader, own.ID, app.AssignInput{Revision: r.Record.Revision, All: true, UserID: w.second.User.ID}); err != nil {
		t.Fatal(err)
	}
	in := app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA, Drafts: true}
	for _, id := range []string{own.ID, known} {
		if _, err := w.Export(ctx, w.exporter, id, in); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Export(ctx, w.exporter, id, app.ExportInput{Format: caiq.ExportMapping, Audience: caiq.ReleaseNDA, Drafts: true}); err != nil {
			t.Fatal(err)
		}
		w.rows(t, id)
	}
	fresh, err := store.OpenReadOnly(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	for _, id := range []string{own.ID, known} {
		shared, err := w.store.Rows(ctx, w.admin.Workspace.ID, id, caiq.RowFilter{})
		if err != nil {
			t.Fatal(err)
		}
		stored, err := fresh.Rows(ctx, w.admin.Workspace.ID, id, caiq.RowFilter{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(stored, shared); diff != "" {
			t.Error(diff)
		}
	}
}
