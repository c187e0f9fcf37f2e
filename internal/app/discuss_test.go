package app_test

import (
	"errors"
	"slices"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/questionnaires"
)

func TestAssignAndComment(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	rows := w.rows(t, r.ID)
	domain := rows[0].Question.Question.Domain
	ns, r, err := w.Assign(ctx, w.uploader, r.ID, app.AssignInput{Revision: 1, Domains: []string{domain}, UserID: w.second.User.ID})
	if err != nil || len(ns) == 0 || r.Revision != 2 {
		t.Fatalf("assigned %v, revision %d, %v", ns, r.Revision, err)
	}
	mine, err := w.Answers(ctx, w.second, r.ID, caiq.RowFilter{Assignees: []string{w.second.User.ID}})
	if err != nil || len(mine) != len(ns) {
		t.Errorf("%d questions of the assignee, %v", len(mine), err)
	}
	for _, bad := range []struct {
		in          app.AssignInput
		code, field string
	}{
		{app.AssignInput{Revision: 2, All: true, UserID: "stranger"}, "unknown_member", "user"},
		{app.AssignInput{Revision: 2, N: []int{9999}}, "not_found", "n"},
		{app.AssignInput{Revision: 2, Domains: []string{domain, "nowhere"}}, "not_found", "domains"},
		{app.AssignInput{Revision: 2}, "nothing_selected", ""},
		{app.AssignInput{Revision: 1, All: true}, "stale", ""}, // somebody has assigned meanwhile
	} {
		_, _, err := w.Assign(ctx, w.uploader, r.ID, bad.in)
		wantCode(t, err, bad.code)
		if e, _ := errors.AsType[*caiq.Error](err); e.Field != bad.field {
			t.Errorf("%s is placed at %q", bad.code, e.Field)
		}
	}
	w.reconciled(t, w.admin.Workspace.ID)
	if _, err := w.Comment(ctx, w.exporter, r.ID, 1, "When is this due?"); err != nil {
		t.Fatal(err)
	}
	_, err = w.Comment(ctx, w.exporter, r.ID, 1, "  ")
	wantCode(t, err, "blank")
	all, err := w.Comments(ctx, w.second, r.ID, 1)
	if err != nil || len(all) != 1 || all[0].Author != w.exporter.User.ID {
		t.Errorf("comments %+v, %v", all, err)
	}
}

func TestBulkTakesWhatWasSeenAlone(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	var ns []int
	for _, v := range w.rows(t, r.ID) {
		if proposedYes(v) && v.Answer.Proposal.Band == caiq.BandSupported {
			ns = append(ns, v.Answer.N)
		}
	}
	a, b, c := ns[0], ns[1], ns[2]
	if _, err := w.Edit(ctx, w.second, r.ID, b, app.EditInput{Revision: 1, Answer: caiq.Answer{Value: caiq.Yes, Ownership: caiq.OwnerCSP}}); err != nil {
		t.Fatal(err)
	}
	out, err := w.Bulk(ctx, w.reviewer, r.ID, app.BulkInput{
		Action: app.ActApprove, Filter: caiq.RowFilter{N: []int{a, b, c}}, Seen: []app.SeenAnswer{{N: a, Revision: 1}, {N: b, Revision: 1}},
	})
	if err != nil || !slices.Equal(out.Changed, []int{a}) || len(out.Left) != 2 || out.Left[0].Code != "not_seen" {
		t.Errorf("%+v, %v", out, err)
	}
	_, err = w.Bulk(ctx, w.reviewer, r.ID, app.BulkInput{Action: app.ActEdit})
	wantCode(t, err, "bad_action")
}

func TestArchivedQuestionnairesAreReadOnly(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	archived, err := w.ArchiveRecord(ctx, w.uploader, r.ID, r.Revision, true)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Approve(ctx, w.reviewer, r.ID, 1, app.ApproveInput{Revision: 1})
	wantCode(t, err, "archived")
	_, err = w.Comment(ctx, w.reviewer, r.ID, 1, "Late.")
	wantCode(t, err, "archived")
	_, err = w.Propose(ctx, w.uploader, r.ID, app.ProposeInput{Revision: archived.Revision})
	wantCode(t, err, "archived")
	_, err = w.ArchiveRecord(ctx, w.uploader, r.ID, r.Revision, false)
	wantCode(t, err, "stale")
	wantCode(t, w.DeleteRecord(ctx, w.uploader, r.ID, archived.Revision), "not_allowed")
	if err := w.DeleteRecord(ctx, w.admin, r.ID, archived.Revision); err != nil {
		t.Fatal(err)
	}
	_, err = w.Record(ctx, w.admin, r.ID)
	if caiq.KindOf(err) != caiq.NotFound {
		t.Errorf("after deletion: %v", err)
	}
	w.verify(t)
}

func TestProposeAgainKeepsWhatPeopleWrote(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	row := find(t, w.rows(t, r.ID), proposedYes)
	n := row.Answer.N
	own := row.Answer.Answer
	own.Description = "Ours."
	if _, err := w.Edit(ctx, w.reviewer, r.ID, n, app.EditInput{Revision: 1, Answer: own}); err != nil {
		t.Fatal(err)
	}
	same, err := w.Propose(ctx, w.uploader, r.ID, app.ProposeInput{Revision: r.Revision})
	if err != nil || same.Changed != 0 {
		t.Errorf("the same profile and day changed %d answers, %v", same.Changed, err)
	}
	public, err := w.Propose(ctx, w.uploader, r.ID, app.ProposeInput{Revision: same.Record.Revision, Audience: caiq.ReleasePublic})
	if err != nil || public.Changed == 0 || public.Kept == 0 || public.Stale != 0 {
		t.Errorf("for the public: %+v, %v", public, err)
	}
	if now := w.rows(t, r.ID)[n-1].Answer; now.Answer != own || now.State != caiq.StateEdited {
		t.Errorf("the edited text became %+v (%s)", now.Answer, now.State)
	}
	_, err = w.Propose(ctx, w.uploader, r.ID, app.ProposeInput{Revision: 1})
	wantCode(t, err, "stale")
}

func TestCSVGoesBackAsCSV(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	data, err := questionnaires.Samples.ReadFile("samples/sample-custom.csv")
	if err != nil {
		t.Fatal(err)
	}
	up, err := w.Upload(ctx, w.uploader, app.UploadInput{Name: "own.csv", Data: data, RecordInput: app.RecordInput{NDA: true}})
	if err != nil {
		t.Fatal(err)
	}
	text := caiq.Answer{Value: caiq.Yes, Description: "=We do."}
	if _, err := w.Edit(ctx, w.second, up.Record.ID, 1, app.EditInput{Revision: 1, Answer: text}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Approve(ctx, w.reviewer, up.Record.ID, 1, app.ApproveInput{Revision: 2}); err != nil {
		t.Fatal(err)
	}
	made, err := w.Export(ctx, w.exporter, up.Record.ID, app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA})
	if err != nil {
		t.Fatal(err)
	}
	e, out, err := w.ExportMade(ctx, w.exporter, made.ID)
	if err != nil || e.FileName != "own.answered.csv" {
		t.Fatalf("%s: %v", e.FileName, err)
	}
	m, err := app.DecodeManifest("m", e.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	if problems, err := app.VerifyOutput(e.FileName, out, m, data); err != nil || len(problems) > 0 {
		t.Errorf("verify: %v, %v", problems, err)
	}
}

func TestWatchTellsOfChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ch, end, err := w.Watch(w.exporter)
	if err != nil {
		t.Fatal(err)
	}
	w.upload(t, "Customer A")
	w.upload(t, "Customer B")
	select {
	case <-ch:
	default:
		t.Error("nothing was told")
	}
	end()
	w.upload(t, "Customer C")
	select {
	case <-ch:
		t.Error("told after the end")
	default:
	}
}
