package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

func TestTheSameProfileAgainIsNoNewVersion(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	text := []byte(ownProfile(t))
	if _, err := w.ImportProfile(ctx, w.admin, app.ImportProfileInput{ID: "own", YAML: text}); err != nil {
		t.Fatal(err)
	}
	again, err := w.ImportProfile(ctx, w.admin, app.ImportProfileInput{ID: "own", YAML: text, Previous: 1})
	if err != nil || !again.Unchanged || again.Profile.Version != 1 {
		t.Errorf("again: %+v, %v", again.Profile.Version, err)
	}
	versions, err := w.ProfileVersions(ctx, w.admin, "own")
	if err != nil || len(versions) != 1 {
		t.Errorf("%d versions, %v", len(versions), err)
	}
	_, err = w.Upload(ctx, w.uploader, app.UploadInput{Name: "CAIQ.xlsx", Data: sample(t), ProfileID: "none"})
	if wantCode(t, err, "unknown_profile"); !strings.Contains(hintOf(err), "the workspace has own;") {
		t.Errorf("the hint does not name the workspace's own: %s", hintOf(err))
	}
}

func hintOf(err error) string {
	if e, ok := err.(*caiq.Error); ok { //nolint:errorlint // handed over bare
		return e.Hint
	}
	return ""
}

func TestExpiredEvidenceIsToldOnReadAndApartFromChanges(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "A")
	row := find(t, w.rows(t, r.ID), func(v app.AnswerView) bool { return proposedYes(v) && !v.Answer.EvidenceUntil.IsZero() })
	until, err := time.Parse(time.DateOnly, row.Answer.EvidenceUntil.String())
	if err != nil {
		t.Fatal(err)
	}
	w.clock.set(until.Add(36 * time.Hour))
	now := w.rows(t, r.ID)[row.Answer.N-1]
	if !slices.Contains(codes(now.Problems.Errors()), "evidence_expired") {
		t.Errorf("on read: %v", now.Problems)
	}
	_, err = w.Approve(ctx, w.reviewer, r.ID, row.Answer.N, app.ApproveInput{Revision: row.Answer.Revision})
	wantCode(t, err, "evidence_expired")

	far := w.Today().AddMonths(-13)
	_, err = w.Propose(ctx, w.uploader, r.ID, app.ProposeInput{Revision: r.Revision, AsOf: far})
	wantCode(t, err, "as_of_too_far")
	_, err = w.Upload(ctx, w.uploader, app.UploadInput{Name: "CAIQ.xlsx", Data: sample(t), AsOf: w.Today().AddMonths(13)})
	wantCode(t, err, "as_of_too_far")
}

func TestWhatWasExportedIsArchivedBeforeItIsDeleted(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "A")
	row := find(t, w.rows(t, r.ID), proposedYes)
	if _, err := w.Approve(ctx, w.reviewer, r.ID, row.Answer.N, app.ApproveInput{Revision: 1}); err != nil {
		t.Fatal(err)
	}
	export := func() error {
		_, err := w.Export(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportJSON, Audience: caiq.ReleaseNDA})
		return err
	}
	if err := export(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, w.DeleteRecord(ctx, w.admin, r.ID, r.Revision), "exported")
	r, err := w.ArchiveRecord(ctx, w.admin, r.ID, r.Revision, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := export(); err != nil {
		t.Errorf("an archived questionnaire is exported: %v", err)
	}
	if err := w.DeleteRecord(ctx, w.admin, r.ID, r.Revision); err != nil {
		t.Error(err)
	}
}

func TestNobodysPasswordIsTheirEmailAddress(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	in, err := w.Invite(ctx, w.admin, "nina.long@example.com", "Nina", []caiq.MemberRole{caiq.Viewer})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.UseLink(ctx, in.Link, "Nina.Long@example.com", "")
	wantCode(t, err, "guessable_password")
	if _, err = w.UseLink(ctx, in.Link, "another passphrase", ""); err != nil {
		t.Error(err)
	}
}

func TestColumnRulesNameTheirFieldAndItsCell(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "A")
	row := find(t, w.rows(t, r.ID), proposedYes)
	q := &row.Question.Question
	for field, c := range map[string]struct {
		text caiq.Answer
		role caiq.Role
	}{
		"ownership":                 {caiq.Answer{Value: caiq.Yes, Description: "We do."}, caiq.RoleOwnership},
		"description":               {caiq.Answer{Value: caiq.No, Ownership: caiq.OwnerCSP}, caiq.RoleDescription},
		"customer_responsibilities": {caiq.Answer{Value: caiq.Yes, Ownership: caiq.OwnerCSC, Description: "They do."}, caiq.RoleCustomer},
	} {
		v, err := w.Edit(ctx, w.reviewer, r.ID, row.Answer.N, app.EditInput{Revision: row.Answer.Revision, Answer: c.text})
		if err != nil {
			t.Fatal(err)
		}
		row = v
		if ps := v.Problems.Errors(); len(ps) != 1 || ps[0].Field != field || ps[0].Cell != q.Target(c.role).Cell {
			t.Errorf("%s: %+v, want cell %s", field, ps, q.Target(c.role).Cell)
		}
	}
}
