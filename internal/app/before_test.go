package app_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
)

// forgetHashes makes of an installation one from before events held the hashes of
// answers and members: with the hash of what the engine wrote that they held then.
func (w *tampered) forgetHashes(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	w.exec(t, `DELETE FROM answer_lists`)
	w.exec(t, `DELETE FROM checkpoints`)
	for _, id := range []string{w.admin.Workspace.ID, caiq.Installation} {
		events, err := w.store.Events(ctx, id, caiq.EventFilter{})
		if err != nil {
			t.Fatal(err)
		}
		prev := ""
		for i := range events {
			e := &events[i]
			e.Detail = w.detailBefore(t, e)
			if err := e.Seal(e.Seq, prev); err != nil {
				t.Fatal(err)
			}
			prev = e.Hash
			if e.Detail != nil {
				w.exec(t, `UPDATE events SET detail = $3 WHERE workspace_id = $1 AND seq = $2`, id, e.Seq, string(e.Detail))
			}
			w.exec(t, `UPDATE events SET prev = $3, hash = $4 WHERE workspace_id = $1 AND seq = $2`, id, e.Seq, e.Prev, e.Hash)
		}
		w.exec(t, `UPDATE workspaces SET head = $2 WHERE id = $1`, id, prev)
	}
}

// detailBefore are an event's particulars as they were then.
func (w *tampered) detailBefore(t *testing.T, e *caiq.Event) json.RawMessage {
	t.Helper()
	if e.Detail == nil {
		return nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(e.Detail, &all); err != nil {
		t.Fatal(err)
	}
	if list := string(all["answer_list_sha256"]); list != "" && list != `""` {
		sum := sha256.Sum256([]byte(w.linesBefore(t, e)))
		all["answers_sha256"] = json.RawMessage(`"` + hex.EncodeToString(sum[:]) + `"`)
	}
	for _, name := range []string{"answer_sha256", "answer_list_sha256", "member_sha256"} {
		delete(all, name)
	}
	if strings.HasPrefix(e.Object, "members/") {
		delete(all, "row_sha256")
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (w *tampered) linesBefore(t *testing.T, e *caiq.Event) string {
	t.Helper()
	revisions, err := w.store.AnswerRevisions(context.Background(), e.WorkspaceID, e.RecordID)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range revisions {
		if a := &revisions[i]; a.ChangedBy == "" && a.Changed.Equal(e.At) {
			fmt.Fprintf(&b, "%d %d %s %s\n", a.N, a.Revision, a.TextSHA256, a.BasisHash)
		}
	}
	return b.String()
}

func TestAnInstallationFromBeforeStillVerifies(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, e engine) {
		base := newTampered(t, e)
		base.forgetHashes(t)
		ctx := t.Context()
		base.approve(t, base.untouched)
		if _, err := base.Export(ctx, base.exporter, base.record, jsonExport); err != nil {
			t.Errorf("export: %v", err)
		}
		if _, err := base.Provenance(ctx, base.exporter, base.record, base.n, base.clock.Now()); err != nil {
			t.Errorf("provenance: %v", err)
		}
		base.close(t)
		t.Run("honest", func(t *testing.T) {
			t.Parallel()
			w := base.copied(t)
			for _, id := range []string{w.admin.Workspace.ID, caiq.Installation} {
				report, err := app.VerifyStored(t.Context(), w.store, id, nil, w.key)
				if err != nil || !report.OK() {
					t.Errorf("%s: %+v, %v", id, report, err)
				}
			}
			problems, notes, err := app.Reconcile(t.Context(), w.store, w.admin.Workspace.ID)
			if err != nil || len(problems) > 0 || len(notes) != 2 || notes[0].Field != "answers" || notes[1].Field != "members" {
				t.Errorf("problems %v, notes %v, %v", problems, notes, err)
			}
		})
		for _, tt := range []changedRow{
			{"authors", base.edited, `authors = '', edited_by = NULL`, "answer_differs"},
			{"a rejection", base.rejected, `state = 'proposed'`, "answer_differs"},
			{"its reason", base.rejected, `reason = 'Another.'`, "answer_differs"},
			{"the end of evidence", base.rejected, `evidence_until = '2099-01-01'`, "answer_differs"},
		} {
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
	})
}
