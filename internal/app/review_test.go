package app_test

import (
	"sync"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
)

func TestReviewFromUploadToExport(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	rows := w.rows(t, r.ID)
	if len(rows) != r.Questions || r.Answers.Proposed != r.Questions {
		t.Fatalf("%d rows, record counts %d questions, %+v", len(rows), r.Questions, r.Answers)
	}

	// An edited text goes to a second person.
	row := find(t, rows, proposedYes)
	text := row.Answer.Answer
	text.Description = "We do, and =this is no formula."
	edited, err := w.Edit(ctx, w.reviewer, r.ID, row.Answer.N, app.EditInput{Revision: row.Answer.Revision, Answer: text})
	if err != nil {
		t.Fatal(err)
	}
	if edited.Answer.State != caiq.StateEdited || edited.Answer.EditedBy != w.reviewer.User.ID || edited.Answer.Revision != 2 {
		t.Errorf("edited answer: %+v", edited.Answer)
	}
	_, err = w.Approve(ctx, w.reviewer, r.ID, row.Answer.N, app.ApproveInput{Revision: 2})
	wantCode(t, err, "sod_violation")
	_, err = w.Approve(ctx, w.second, r.ID, row.Answer.N, app.ApproveInput{Revision: 1})
	wantCode(t, err, "stale")
	_, err = w.Approve(ctx, w.second, r.ID, row.Answer.N, app.ApproveInput{Revision: 2, TextSHA256: row.Answer.TextSHA256})
	wantCode(t, err, "text_differs")
	ok, err := w.Approve(ctx, w.second, r.ID, row.Answer.N, app.ApproveInput{Revision: 2, TextSHA256: edited.Answer.TextSHA256})
	if err != nil {
		t.Fatal(err)
	}
	if ok.Answer.ApprovedBy != w.second.User.ID || ok.Stale {
		t.Errorf("approved answer: %+v, stale %v", ok.Answer, ok.Stale)
	}

	// Untouched proposals are approved by anybody, in bulk, but for what needs a look.
	bulk, err := w.Bulk(ctx, w.reviewer, r.ID, app.BulkInput{Action: app.ActApprove, Filter: caiq.RowFilter{States: []caiq.AnswerState{caiq.StateProposed}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(bulk.Changed) == 0 || len(bulk.Changed)+len(bulk.Left) != r.Questions-1 {
		t.Errorf("bulk changed %d and left %d of %d", len(bulk.Changed), len(bulk.Left), r.Questions-1)
	}
	codes := map[string]int{}
	for _, l := range bulk.Left {
		codes[l.Code]++
	}
	if codes["needs_look"] == 0 {
		t.Errorf("nothing was left for a look of its own: %v", codes)
	}
	w.exportAndCheck(t, r, len(bulk.Changed)+1)
	w.verify(t)
}

func (w *world) exportAndCheck(t *testing.T, r caiq.Record, approved int) {
	t.Helper()
	ctx := t.Context()
	in := app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA, IdempotencyKey: "k1"}
	made, err := w.Export(ctx, w.exporter, r.ID, in)
	if err != nil || made.Replayed {
		t.Fatal(made.Replayed, err)
	}
	again, err := w.Export(ctx, w.exporter, r.ID, in)
	if err != nil || again.ID != made.ID || !again.Replayed {
		t.Errorf("the same key made another export: %v, %t, %v", again.ID, again.Replayed, err)
	}
	e, data, err := w.ExportMade(ctx, w.exporter, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	m, err := app.DecodeManifest("manifest.json", e.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	if m.Drafts || e.Drafts || e.FileName != "CAIQ.answered.xlsx" || m.Review.Approved != approved || len(m.Review.Answers) != approved {
		t.Errorf("export %s, drafts %v, manifest approved %d, want %d", e.FileName, m.Drafts, m.Review.Approved, approved)
	}
	for _, a := range m.Review.Answers {
		if a.ApprovedBy == nil || a.ApprovedAt.IsZero() || a.State != caiq.StateApproved {
			t.Errorf("answer without its approval: %+v", a)
		}
	}
	problems, err := app.VerifyOutput(e.FileName, data, m, sample(t))
	if err != nil || len(problems) > 0 {
		t.Errorf("verify: %v, %v", problems, err)
	}
	c, err := app.ReadCheckpoint(m.Review.Trail.Checkpoint, w.key)
	if err != nil || c.Seq != m.Review.Trail.Seq || c.Hash != m.Review.Trail.Hash {
		t.Errorf("checkpoint of the manifest: %+v, %v", c, err)
	}
	if len(e.Evidence) < 100 {
		t.Errorf("evidence list: %s", e.Evidence)
	}
}

func TestSingleOperatorApprovesOwnTextAndTheManifestSaysSo(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorldOf(t, true)
	r := w.upload(t, "Customer A")
	row := find(t, w.rows(t, r.ID), proposedYes)
	text := row.Answer.Answer
	text.Description = "We do."
	if _, err := w.Edit(ctx, w.reviewer, r.ID, row.Answer.N, app.EditInput{Revision: 1, Answer: text}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Approve(ctx, w.reviewer, r.ID, row.Answer.N, app.ApproveInput{Revision: 2}); err != nil {
		t.Fatal(err)
	}
	e, err := w.Export(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportJSON, Audience: caiq.ReleaseNDA})
	if err != nil {
		t.Fatal(err)
	}
	m, err := app.DecodeManifest("manifest.json", e.Manifest)
	if err != nil || !m.Review.SingleOperator {
		t.Errorf("manifest: single operator %v, %v", m.Review.SingleOperator, err)
	}
}

func TestApprovalEndsWithItsText(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	row := find(t, w.rows(t, r.ID), proposedYes)
	n := row.Answer.N
	if _, err := w.Approve(ctx, w.reviewer, r.ID, n, app.ApproveInput{Revision: 1}); err != nil {
		t.Fatal(err)
	}
	text := row.Answer.Answer
	text.Description += " Always."
	a, err := w.Edit(ctx, w.second, r.ID, n, app.EditInput{Revision: 2, Answer: text})
	if err != nil {
		t.Fatal(err)
	}
	if a.Answer.State != caiq.StateEdited || a.Answer.ApprovedBy != "" {
		t.Errorf("after the edit: %s by %q", a.Answer.State, a.Answer.ApprovedBy)
	}
	entries, err := w.LibraryEntries(ctx, w.reviewer, caiq.LibraryFilter{Retired: true})
	if err != nil || len(entries) != 1 || !entries[0].Retired {
		t.Errorf("library: %+v, %v", entries, err)
	}
	_, err = w.Approve(ctx, w.second, r.ID, n, app.ApproveInput{Revision: 3})
	wantCode(t, err, "sod_violation")
	_, err = w.Bulk(ctx, w.second, r.ID, app.BulkInput{Action: app.ActApprove, Filter: caiq.RowFilter{N: []int{n}}})
	if err != nil {
		t.Fatal(err)
	}
	if now := w.rows(t, r.ID)[n-1]; now.Answer.State != caiq.StateEdited {
		t.Errorf("bulk let an author approve: %s", now.Answer.State)
	}
}

func TestRejectAndReopenNeedReasons(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	n := find(t, w.rows(t, r.ID), proposedYes).Answer.N
	_, err := w.Reject(ctx, w.reviewer, r.ID, n, 1, " ")
	wantCode(t, err, "no_reason")
	if _, err := w.Reject(ctx, w.reviewer, r.ID, n, 1, "Not our wording."); err != nil {
		t.Fatal(err)
	}
	_, err = w.Approve(ctx, w.second, r.ID, n, app.ApproveInput{Revision: 2})
	wantCode(t, err, "wrong_state")
	a, err := w.Reopen(ctx, w.second, r.ID, n, 2, "It is after all.")
	if err != nil || a.Answer.State != caiq.StateProposed {
		t.Errorf("reopened: %s, %v", a.Answer.State, err)
	}
}

func TestFiftyReviewersOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.upload(t, "Customer A")
	row := find(t, w.rows(t, r.ID), proposedYes)
	errs := make([]error, 50)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			text := row.Answer.Answer
			text.Description = "Text of reviewer " + string(rune('A'+i))
			_, errs[i] = w.Edit(t.Context(), w.reviewer, r.ID, row.Answer.N, app.EditInput{Revision: 1, Answer: text})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			wantCode(t, err, "stale")
		}
	}
	history, err := w.History(t.Context(), w.reviewer, r.ID, row.Answer.N)
	if won != 1 || err != nil || len(history) != 2 {
		t.Errorf("%d of 50 won, history has %d revisions, %v", won, len(history), err)
	}
	w.verify(t)
}

func TestEditRefusesWhatNoCellHoldsAndWarnsOfRules(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	n := find(t, w.rows(t, r.ID), proposedYes).Answer.N
	_, err := w.Edit(ctx, w.reviewer, r.ID, n, app.EditInput{Revision: 1, Answer: caiq.Answer{Value: caiq.Yes, Description: "bell \x07"}})
	wantCode(t, err, "control_character")
	_, err = w.Edit(ctx, w.reviewer, r.ID, n, app.EditInput{Revision: 1, Answer: caiq.Answer{Value: "perhaps"}})
	wantCode(t, err, "bad_value")
	a, err := w.Edit(ctx, w.reviewer, r.ID, n, app.EditInput{Revision: 1, Answer: caiq.Answer{Value: caiq.No}})
	if err != nil || len(a.Problems) == 0 {
		t.Errorf("an unexplained No: problems %v, error %v", a.Problems, err)
	}
	_, err = w.Approve(ctx, w.second, r.ID, n, app.ApproveInput{Revision: 2})
	wantCode(t, err, "ownership_missing")
}

func TestTextsThatBeginLikeAFormulaAreWarnedOfAndNotBlocked(t *testing.T) {
	t.Parallel()
	e := newEditing(t)
	warned := func() bool {
		t.Helper()
		for _, p := range e.now.Problems {
			if p.Code != "formula_like" || !p.Warning || p.Field != "description" {
				t.Errorf("problem %+v", p)
			}
		}
		return len(e.now.Problems) > 0
	}
	for _, text := range []string{"=cmd|' /C calc'!A0", `=HYPERLINK("x")`, "@SUM(1)", ";=1", "%x|y"} {
		if e.edit(t, e.reviewer, text); !warned() {
			t.Errorf("%q is saved without a warning", text)
		}
	}
	if e.approve(t, e.second, ""); !warned() {
		t.Error("approved without a warning")
	}
	if e.edit(t, e.reviewer, "We do."); warned() {
		t.Errorf("%v", e.now.Problems)
	}
}
