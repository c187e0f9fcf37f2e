package app_test

import (
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
)

func TestApprovedAnswersAreOfferedAgain(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	rows := w.rows(t, r.ID)
	row := find(t, rows, proposedYes)
	n := row.Answer.N
	text := row.Answer.Answer
	text.Description = "We do, in our own words."
	if _, err := w.Edit(ctx, w.reviewer, r.ID, n, app.EditInput{Revision: 1, Answer: text}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Approve(ctx, w.second, r.ID, n, app.ApproveInput{Revision: 2}); err != nil {
		t.Fatal(err)
	}
	later := w.upload(t, "Customer B")
	again := w.rows(t, later.ID)[n-1]
	if again.Answer.Answer != text || again.Answer.Proposal.Band != caiq.BandVerbatim || !strings.HasPrefix(again.Answer.Source, "library/") {
		t.Errorf("offered: %+v", again.Answer)
	}
	if again.Answer.State != caiq.StateProposed || again.Answer.EditedBy != w.reviewer.User.ID {
		t.Errorf("state %s, author %s", again.Answer.State, again.Answer.EditedBy)
	}
	// The author of the words does not approve them in another questionnaire either.
	_, err := w.Approve(ctx, w.reviewer, later.ID, n, app.ApproveInput{Revision: 1})
	wantCode(t, err, "sod_violation")
	if a, err := w.Approve(ctx, w.second, later.ID, n, app.ApproveInput{Revision: 1}); err != nil || a.Stale {
		t.Errorf("approving what was approved before: stale %v, %v", a.Stale, err)
	}
	if _, err := w.Export(ctx, w.exporter, later.ID, app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA}); err != nil {
		t.Errorf("exporting it: %v", err)
	}
}

func TestRetiredOverdueAndNarrowerEntriesAreNotOffered(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	n := find(t, w.rows(t, r.ID), proposedYes).Answer.N
	if _, err := w.Approve(ctx, w.reviewer, r.ID, n, app.ApproveInput{Revision: 1}); err != nil {
		t.Fatal(err)
	}
	offered := func(customer string, audience caiq.Release) bool {
		up, err := w.Upload(ctx, w.uploader, app.UploadInput{
			Name: "CAIQ.xlsx", Data: sample(t, "sample-caiq-4.0.xlsx"), ProfileID: "example-saas", Audience: audience,
			RecordInput: app.RecordInput{Customer: customer},
		})
		if err != nil {
			t.Fatal(err)
		}
		return w.rows(t, up.Record.ID)[n-1].Answer.Source != ""
	}
	if !offered("B", caiq.ReleaseNDA) || offered("C", caiq.ReleasePublic) {
		t.Error("an answer for readers under an NDA goes to them alone")
	}
	entries, err := w.LibraryEntries(ctx, w.reviewer, caiq.LibraryFilter{})
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	e := entries[0]
	change := func(in app.LibraryInput) {
		if e, err = w.ChangeLibraryEntry(ctx, w.reviewer, e.ID, e.Revision, in); err != nil {
			t.Fatal(err)
		}
	}
	change(app.LibraryInput{Owner: w.second.User.ID, ReviewBy: w.Today().AddDays(-1)})
	if offered("D", caiq.ReleaseNDA) {
		t.Error("an entry past its review is offered")
	}
	change(app.LibraryInput{Owner: w.second.User.ID, ReviewBy: w.Today(), Retired: true})
	if offered("E", caiq.ReleaseNDA) {
		t.Error("a retired entry is offered")
	}
	w.verify(t)
}

func TestTheSameFileForTheSameCustomerIsStoredOnce(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	in := app.UploadInput{
		Name: "copy.xlsx", Data: sample(t, "sample-caiq-4.0.xlsx"), ProfileID: "example-saas",
		RecordInput: app.RecordInput{Customer: "Customer A", Product: "Example Cloud", NDA: true}, IdempotencyKey: "k",
	}
	again, err := w.Upload(ctx, w.uploader, in)
	if err != nil || again.Created || again.Record.ID != r.ID {
		t.Errorf("stored again: %v %s, %v", again.Created, again.Record.ID, err)
	}
	in.Customer, in.IdempotencyKey = "Customer B", "k2"
	other, err := w.Upload(ctx, w.uploader, in)
	if err != nil || !other.Created {
		t.Fatalf("for another customer: %v, %v", other.Created, err)
	}
	same, err := w.Upload(ctx, w.uploader, in)
	if err != nil || same.Created || same.Record.ID != other.Record.ID {
		t.Errorf("with the same key: %v, %v", same.Created, err)
	}
	in.Name = "other.xlsx"
	_, err = w.Upload(ctx, w.uploader, in)
	wantCode(t, err, "idempotency_key_reused")
	_, err = w.Upload(ctx, w.uploader, app.UploadInput{Name: "x.xlsx", Data: []byte("%PDF-1.7")})
	if caiq.KindOf(err) == caiq.Internal {
		t.Errorf("a PDF: %v", err)
	}
	_, err = w.Upload(ctx, w.reviewer, in)
	wantCode(t, err, "not_allowed")
}
