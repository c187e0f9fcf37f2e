package app_test

import (
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/internal/search"
	"caique/questionnaires"
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
			Name: "CAIQ.xlsx", Data: sample(t), ProfileID: "example-saas", Audience: audience,
			RecordInput: app.RecordInput{Customer: customer},
		})
		if err != nil {
			t.Fatal(err)
		}
		return w.rows(t, up.Record.ID)[n-1].Answer.Source != "" //nolint:contextcheck // the test has one context
	}
	if !offered("B", caiq.ReleaseNDA) || offered("C", caiq.ReleasePublic) {
		t.Error("an answer for readers under an NDA goes to them alone")
	}
	entries, err := w.LibraryEntries(ctx, w.reviewer, caiq.LibraryFilter{})
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	e := entries[0]
	change := func(in app.LibraryPatch) {
		if e, err = w.ChangeLibraryEntry(ctx, w.reviewer, e.ID, e.Revision, in); err != nil {
			t.Fatal(err)
		}
	}
	change(app.LibraryPatch{Owner: &w.second.User.ID, ReviewBy: new(w.Today().AddDays(-1))})
	if offered("D", caiq.ReleaseNDA) {
		t.Error("an entry past its review is offered")
	}
	change(app.LibraryPatch{ReviewBy: new(w.Today()), Retired: new(true)})
	if offered("E", caiq.ReleaseNDA) {
		t.Error("a retired entry is offered")
	}
	w.verify(t)
}

func TestATextWhoseApprovalWasTakenBackIsNotOfferedAgain(t *testing.T) {
	t.Parallel()
	ctx, e := t.Context(), newEditing(t)
	entry := func() caiq.LibraryEntry {
		t.Helper()
		all, err := e.LibraryEntries(ctx, e.second, caiq.LibraryFilter{Retired: true})
		if err != nil || len(all) != 1 {
			t.Fatalf("%d entries, %v", len(all), err)
		}
		return all[0]
	}
	retire := func(p caiq.Principal, retired bool, code string) {
		t.Helper()
		_, err := e.ChangeLibraryEntry(ctx, p, entry().ID, entry().Revision, app.LibraryPatch{Retired: &retired})
		wantCode(t, err, code)
	}
	e.edit(t, e.reviewer, "A wrong claim of Rita's.")
	e.approve(t, e.second, "")
	retire(e.second, true, "")
	retire(e.reviewer, false, "sod_violation")
	retire(e.second, false, "") // it was a person who withdrew it, and the approval stands
	reopened, err := e.Reopen(ctx, e.second, e.record, e.n, e.now.Answer.Revision, "This is false.")
	if err != nil || !entry().Retired {
		t.Fatalf("reopened: entry withdrawn %v, %v", entry().Retired, err)
	}
	retire(e.reviewer, false, "sod_violation")
	retire(e.second, false, "approval_withdrawn")
	retire(e.second, true, "")
	retire(e.second, false, "approval_withdrawn")
	e.now = reopened
	e.approve(t, e.second, "")
	if entry().Retired {
		t.Error("a text that is approved again is not offered")
	}
}

func TestAnEntryIsLookedAtAgainWithinAYear(t *testing.T) {
	t.Parallel()
	ctx, e := t.Context(), newEditing(t)
	e.approve(t, e.second, "")
	all, err := e.LibraryEntries(ctx, e.second, caiq.LibraryFilter{})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d entries, %v", len(all), err)
	}
	year := e.Today().AddMonths(12)
	for _, c := range []struct {
		day  caiq.Date
		code string
	}{{caiq.Date{}, "no_review_by"}, {year.AddDays(1), "review_by_too_far"}, {year, ""}} {
		_, err := e.ChangeLibraryEntry(ctx, e.second, all[0].ID, all[0].Revision, app.LibraryPatch{ReviewBy: &c.day})
		wantCode(t, err, c.code)
	}
}

func TestTheSameFileForTheSameCustomerIsStoredOnce(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	in := app.UploadInput{
		Name: "copy.xlsx", Data: sample(t), ProfileID: "example-saas",
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
	in.Name = "copy.xlsx"
	if err := w.DeleteRecord(ctx, w.admin, other.Record.ID, other.Record.Revision); err != nil {
		t.Fatal(err)
	}
	_, err = w.Upload(ctx, w.uploader, in) // neither as if nothing had been, nor anew
	wantCode(t, err, "deleted_since")
	in.IdempotencyKey = "k3"
	if anew, err := w.Upload(ctx, w.uploader, in); err != nil || !anew.Created {
		t.Errorf("with another key: %v, %v", anew.Created, err)
	}
	_, err = w.Upload(ctx, w.uploader, app.UploadInput{Name: "x.xlsx", Data: []byte("%PDF-1.7")})
	if caiq.KindOf(err) == caiq.Internal {
		t.Errorf("a PDF: %v", err)
	}
	_, err = w.Upload(ctx, w.reviewer, in)
	wantCode(t, err, "not_allowed")
}

func TestQuestionsWithoutIDsAreMatchedStoredAsReadAndOfferedAgain(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	data, err := questionnaires.Samples.ReadFile("samples/sample-custom.csv")
	if err != nil {
		t.Fatal(err)
	}
	upload := func(customer string) caiq.Record {
		up, err := w.Upload(ctx, w.uploader, app.UploadInput{
			Name: "own.csv", Data: data, ProfileID: "example-saas", RecordInput: app.RecordInput{Customer: customer, NDA: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		return up.Record
	}
	r := upload("A")
	draft, err := app.Propose(ctx, w.Library(), app.Input{
		Name: "own.csv", Data: data, Profile: mapping.ProfileSource{Name: "example-saas"}, Options: r.Options,
		Search: func() app.SearchIndex { return search.NewMemory() },
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows := w.rows(t, r.ID)
	n, filled := 0, 0
	for i, v := range rows {
		if v.Answer.Answer != draft.Rows[i].Proposal.Answer {
			t.Errorf("question %d: the service proposes other than the command", v.Answer.N)
		}
		if v.Question.Question.Match.Kind != caiq.MatchNone {
			t.Errorf("question %d is stored as %s", v.Answer.N, v.Question.Question.Match.Kind)
		}
		if v.Answer.Value != "" && len(v.Problems) == 0 {
			n, filled = v.Answer.N, filled+1
		}
	}
	if filled == 0 {
		text := caiq.Answer{Value: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "We do."}
		n = 1
		if _, err := w.Edit(ctx, w.second, r.ID, n, app.EditInput{Revision: 1, Answer: text}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Approve(ctx, w.reviewer, r.ID, n, app.ApproveInput{Revision: w.rows(t, r.ID)[n-1].Answer.Revision}); err != nil {
		t.Fatal(err)
	}
	later := w.rows(t, upload("B").ID)[n-1]
	if later.Answer.Proposal.Band != caiq.BandVerbatim || !strings.HasPrefix(later.Answer.Source, "library/") {
		t.Errorf("not offered again: %+v", later.Answer)
	}
	check, err := w.CheckExport(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA})
	if err != nil || len(check.Problems) > 0 {
		t.Errorf("export: %+v, %v", check, err)
	}
}
