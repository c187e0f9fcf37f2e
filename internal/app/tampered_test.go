package app_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
)

// changedRow is an answer that was changed and its last revision alike.
type changedRow struct {
	name    string
	n       int
	columns string
	code    string
}

func changedRows(w *tampered) []changedRow {
	return []changedRow{
		{"authors of what was edited", w.edited, `authors = '', edited_by = NULL`, "answer_differs"},
		{"the last of them", w.edited, `edited_by = NULL`, "answer_differs"},
		{"an approval's time", w.n, `approved_at = approved_at + 1`, "approval_differs"},
		{"an approval's end", w.n, `approved_until = '2099-01-01'`, "approval_differs"},
		{"the end of an approval's evidence", w.n, `evidence_until = '2099-01-01'`, "approval_differs"},
		{"an approval's band", w.n, `band = 'none'`, "approval_differs"},
		{"an approval's source", w.n, `source = 'library/x'`, "approval_differs"},
		{"a rejection", w.rejected, `state = 'proposed'`, "answer_differs"},
		{"its reason", w.rejected, `reason = 'Another.'`, "answer_differs"},
		{"its basis", w.rejected, `basis_hash = 'x'`, "answer_differs"},
		{"its time", w.rejected, `changed = changed + 1`, "answer_differs"},
		{"authors of what the engine wrote", w.untouched, `authors = 'x'`, "answer_differs"},
		{"its band", w.untouched, `band = 'none'`, "answer_differs"},
		{"the end of its evidence", w.untouched, `evidence_until = '2099-01-01'`, "answer_differs"},
		{"who wrote it", w.untouched, `changed_by = (SELECT id FROM users WHERE name = 'emil')`, "answer_differs"},
	}
}

func TestReconcileNamesAnswersChangedWithTheirRevision(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, e engine) {
		base := newTampered(t, e)
		base.close(t)
		for _, tt := range changedRows(base) {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				w := base.copied(t)
				w.change(t, tt.n, tt.columns)
				wantProblem(t, w.reconcile(t), tt.code, "/answers/"+strconv.Itoa(tt.n))
			})
		}
		t.Run("an approval that was withdrawn", func(t *testing.T) {
			t.Parallel()
			w := base.copied(t)
			w.approveAgain(t)
			wantProblem(t, w.reconcile(t), "approval_differs", "/answers/"+strconv.Itoa(w.reopened))
		})
		t.Run("a revision that is gone", func(t *testing.T) {
			t.Parallel()
			w := base.copied(t)
			w.forgetLast(t, w.untouched)
			wantProblem(t, w.reconcile(t), "answer_differs", "/answers/"+strconv.Itoa(w.untouched))
		})
	})
}

// approvedColumns are what an approval sets.
var approvedColumns = []string{"state", "approved_by", "approved_at", "approved_basis", "approved_until", "reason"}

// approveAgain puts the approval that was withdrawn over what came after it.
func (w *tampered) approveAgain(t *testing.T) {
	t.Helper()
	var set []string
	for _, c := range approvedColumns {
		set = append(set, c+` = (SELECT v.`+c+` FROM answer_revisions v WHERE v.n = `+strconv.Itoa(w.reopened)+` AND v.state = 'approved')`)
	}
	w.change(t, w.reopened, strings.Join(set, ", "))
}

// forgetLast takes an answer back to the revision before.
func (w *tampered) forgetLast(t *testing.T, n int) {
	t.Helper()
	w.exec(t, `DELETE FROM answer_revisions WHERE n = $1 AND revision = (SELECT a.revision FROM answers a WHERE a.n = $1)`, n)
	var set []string
	for _, c := range []string{
		"value", "ownership", "description", "customer", "text_sha256", "proposal_sha256", "band", "basis_hash", "evidence_until", "authors", "changed", "source",
	} {
		set = append(set, c+` = (SELECT v.`+c+` FROM answer_revisions v WHERE v.n = answers.n AND v.revision = answers.revision - 1)`)
	}
	w.exec(t, `UPDATE answers SET revision = revision - 1, `+strings.Join(set, ", ")+` WHERE n = $1`, n)
}

var jsonExport = app.ExportInput{Format: caiq.ExportJSON, Audience: caiq.ReleaseNDA}

// wantHeldBack checks that an answer is neither exported nor vouched for.
func (w *tampered) wantHeldBack(t *testing.T, n int) {
	t.Helper()
	_, err := w.Export(t.Context(), w.exporter, w.record, jsonExport)
	ps, ok := err.(caiq.Problems) //nolint:errorlint // handed over bare
	if !ok || ps[0].Code != "text_changed" || ps[0].Cell == "" {
		t.Errorf("export: %v", err)
	}
	_, err = w.Provenance(t.Context(), w.exporter, w.record, n, w.clock.Now())
	wantCode(t, err, "text_changed")
}

func TestWhatWasChangedInTheDatabaseIsNeitherApprovedNorExportedNorVouchedFor(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, e engine) {
		for name, query := range map[string]string{
			"the text alone":    `UPDATE answers SET value = 'yes', ownership = 'CSP-owned', description = 'Forged.' WHERE n = $1 AND $2 <> ''`,
			"the text and hash": `UPDATE answers SET value = 'yes', ownership = 'CSP-owned', description = 'Forged.', text_sha256 = $2 WHERE n = $1`,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newTampered(t, e)
				w.exec(t, query, w.n, forged.SHA256())
				w.wantHeldBack(t, w.n)
				w.exec(t, query, w.edited, forged.SHA256())
				_, err := w.Approve(t.Context(), w.second, w.record, w.edited, app.ApproveInput{Revision: w.revision(t, w.edited)})
				wantCode(t, err, "text_changed")
			})
		}
		t.Run("an approval that was withdrawn", func(t *testing.T) {
			t.Parallel()
			w := newTampered(t, e)
			w.approveAgain(t)
			w.wantHeldBack(t, w.reopened)
		})
		t.Run("a rejection", func(t *testing.T) {
			t.Parallel()
			w := newTampered(t, e)
			w.change(t, w.rejected, `state = 'proposed'`)
			w.wantHeldBack(t, w.rejected)
			_, err := w.Approve(t.Context(), w.second, w.record, w.rejected, app.ApproveInput{Revision: w.revision(t, w.rejected)})
			wantCode(t, err, "text_changed")
		})
		t.Run("authors", func(t *testing.T) {
			t.Parallel()
			w := newTampered(t, e)
			w.change(t, w.edited, `authors = '', edited_by = NULL`)
			w.wantHeldBack(t, w.edited)
			_, err := w.Approve(t.Context(), w.reviewer, w.record, w.edited, app.ApproveInput{Revision: w.revision(t, w.edited)})
			wantCode(t, err, "text_changed")
		})
		t.Run("a proposal, taken back to an earlier one", func(t *testing.T) {
			t.Parallel()
			w := newTampered(t, e)
			w.forgetLast(t, w.untouched)
			_, err := w.Approve(t.Context(), w.second, w.record, w.untouched, app.ApproveInput{Revision: w.revision(t, w.untouched)})
			wantCode(t, err, "text_changed")
		})
		t.Run("a proposal, which the evidence list comes from", func(t *testing.T) {
			t.Parallel()
			ctx, w := t.Context(), newTampered(t, e)
			w.exec(t, `UPDATE proposals SET proposal = replace(proposal, 'soc2', 'soc3')`)
			_, err := w.Export(ctx, w.exporter, w.record, jsonExport)
			wantCode(t, err, "proposal_changed")
			_, err = w.Provenance(ctx, w.exporter, w.record, w.n, w.clock.Now())
			wantCode(t, err, "proposal_changed")
		})
		t.Run("the band beside a proposal", func(t *testing.T) {
			t.Parallel()
			w := newTampered(t, e)
			w.change(t, w.untouched, `band = 'verbatim'`)
			_, err := w.Approve(t.Context(), w.second, w.record, w.untouched, app.ApproveInput{Revision: 1})
			wantCode(t, err, "proposal_changed")
		})
	})
}

// TestNoEventVouchesForWhatWasChangedInTheDatabase: what a person or the engine
// does to such an answer would otherwise make it good.
func TestNoEventVouchesForWhatWasChangedInTheDatabase(t *testing.T) {
	t.Parallel()
	w := newTampered(t, sqliteEngine())
	ctx := t.Context()
	w.approveAgain(t)
	w.change(t, w.untouched, `authors = 'x'`)
	for name, try := range map[string]func(n, revision int) error{
		"reject": func(n, revision int) error {
			_, err := w.Reject(ctx, w.second, w.record, n, revision, "It is not so.")
			return err
		},
		"reopen": func(n, revision int) error {
			_, err := w.Reopen(ctx, w.second, w.record, n, revision, "It is not so.")
			return err
		},
	} {
		for _, n := range []int{w.reopened, w.untouched} {
			if code := codeOf(try(n, w.revision(t, n))); code != "text_changed" {
				t.Errorf("%s of answer %d: %q", name, n, code)
			}
		}
	}
	r, err := w.Record(ctx, w.uploader, w.record)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Propose(ctx, w.uploader, w.record, app.ProposeInput{Revision: r.Revision, Audience: caiq.ReleasePublic})
	var ps caiq.Problems
	if !errors.As(err, &ps) || len(ps) != 2 || ps[0].Code != "text_changed" || ps[0].Cell == "" {
		t.Errorf("propose: %v", err)
	}
	out, err := w.Bulk(ctx, w.second, w.record, app.BulkInput{Action: app.ActApprove})
	if err != nil || len(out.Changed) == 0 {
		t.Fatalf("bulk: %+v, %v", out, err)
	}
	left := map[int]string{}
	for _, l := range out.Left {
		left[l.N] = l.Code
	}
	if left[w.reopened] != "text_changed" || left[w.untouched] != "text_changed" {
		t.Errorf("left out in bulk: %v", left)
	}
}

func TestAnAnswerChangedInTheDatabaseIsEditedAnew(t *testing.T) {
	t.Parallel()
	w := newTampered(t, sqliteEngine())
	ctx := t.Context()
	before, err := w.Answer(ctx, w.second, w.record, w.edited)
	if err != nil {
		t.Fatal(err)
	}
	w.change(t, w.edited, `authors = '', edited_by = NULL, proposal_sha256 = (SELECT min(p.sha256) FROM proposals p WHERE p.n = `+strconv.Itoa(w.edited)+`), basis_hash = 'x'`)
	row, err := w.Answer(ctx, w.second, w.record, w.edited)
	if err != nil {
		t.Fatal(err)
	}
	text := row.Answer.Answer
	text.Description += "\n" // would leave the authors as they are
	v, err := w.Edit(ctx, w.second, w.record, w.edited, app.EditInput{Revision: row.Answer.Revision, Answer: text})
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Answer.Authors; len(got) != 2 || v.Answer.State != caiq.StateEdited ||
		v.Answer.BasisHash != before.Answer.BasisHash || v.Answer.ProposalSHA256 != before.Answer.ProposalSHA256 {
		t.Errorf("edited anew: %+v", v.Answer)
	}
	for _, p := range []caiq.Principal{w.reviewer, w.second} { // by the trail, and by this edit
		_, err := w.Approve(ctx, p, w.record, w.edited, app.ApproveInput{Revision: v.Answer.Revision})
		wantCode(t, err, "sod_violation")
	}
	if _, err := w.Provenance(ctx, w.exporter, w.record, w.edited, w.clock.Now()); err != nil {
		t.Errorf("provenance: %v", err)
	}
	wantProblem(t, w.reconcile(t), "answer_differs", "/answers/"+strconv.Itoa(w.edited)) // the revision before, for good
}

func TestAWorkspaceThatIsGoneIsNamed(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, e engine) {
		ctx, w := t.Context(), newTampered(t, e)
		if _, err := w.SignTrails(ctx); err != nil {
			t.Fatal(err)
		}
		gone := w.admin.Workspace.ID
		for _, table := range []string{
			"exports", "comments", "answers", "answer_revisions", "answer_lists", "proposals", "questions", "records", "picks", "library_entries", "profiles",
			"tokens", "members", "blobs", "idempotency_keys", "events", "checkpoints",
		} {
			w.exec(t, `DELETE FROM `+table+` WHERE workspace_id = $1`, gone)
		}
		w.exec(t, `DELETE FROM workspaces WHERE id = $1`, gone)
		problems, _, err := app.Reconcile(ctx, w.store, caiq.Installation)
		if err != nil {
			t.Fatal(err)
		}
		wantProblem(t, problems, "workspace_missing", "workspaces/"+gone)
		var kept []app.KeptCheckpoint
		for _, n := range w.outside {
			kept = append(kept, app.KeptCheckpoint{Note: n})
		}
		missing := app.ReadOutside(kept, w.key).Missing([]string{caiq.Installation}, nil)
		if len(missing) != 1 || missing[0].WorkspaceID != gone || missing[0].Problem != app.TrailMissing {
			t.Errorf("missing: %+v", missing)
		}
		if report, err := app.VerifyStored(ctx, w.store, caiq.Installation, w.outside, w.key); err != nil || !report.OK() || report.Outside == 0 {
			t.Errorf("the installation's trail: %+v, %v", report, err)
		}
	})
}

// TestCommentsHideNoChange: they are events on the answer too.
func TestCommentsHideNoChange(t *testing.T) {
	t.Parallel()
	w := newTampered(t, sqliteEngine())
	for range 50 {
		if _, err := w.Comment(t.Context(), w.reviewer, w.record, w.edited, "Is this so?"); err != nil {
			t.Fatal(err)
		}
	}
	w.change(t, w.edited, `authors = '', edited_by = NULL`)
	_, err := w.Approve(t.Context(), w.reviewer, w.record, w.edited, app.ApproveInput{Revision: w.revision(t, w.edited)})
	wantCode(t, err, "text_changed")
}
