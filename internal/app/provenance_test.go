package app_test

import (
	"strings"
	"testing"
	"time"

	"caique/internal/app"
	"caique/mappings"
)

// vouching asks where an approved answer comes from.
type vouching struct {
	*importing
	n        int
	record   string
	approved time.Time
}

// newVouching has an answer approved that rests on a SOC 2 report.
func newVouching(t *testing.T) *vouching {
	t.Helper()
	im := newImporting(t)
	row := find(t, im.uploadOwn(t, "A"), func(v app.AnswerView) bool {
		return proposedYes(v) && strings.Contains(v.Answer.Description, "SOC 2 Type II report")
	})
	v := &vouching{importing: im, n: row.Answer.N, record: row.Answer.RecordID}
	if _, err := im.Approve(t.Context(), im.reviewer, v.record, v.n, app.ApproveInput{Revision: 1}); err != nil {
		t.Fatal(err)
	}
	v.approved = im.clock.Now()
	return v
}

// wants asks a service about a moment.
func (v *vouching) wants(t *testing.T, s *app.Service, at time.Time, then, today app.Standing) {
	t.Helper()
	p, err := s.Provenance(t.Context(), v.exporter, v.record, v.n, at)
	if err != nil {
		t.Fatal(err)
	}
	if p.Then != then || p.Today != today {
		t.Errorf("held then: %q, want %q; holds today: %q, want %q", p.Then, then, p.Today, today)
	}
	if p.Approver.ID != v.reviewer.User.ID || p.Event.Action != string(app.ActApprove) || p.Event.Actor != v.reviewer.User.ID || p.Event.Auth != "pwd" {
		t.Errorf("approved by %s, event %+v", p.Approver.ID, p.Event)
	}
	if p.ProfileVersion != 1 || !p.EvidenceKnown || len(p.Evidence) == 0 || p.Evidence[0].Title != "SOC 2 Type II report" || len(p.Evidence[0].Questions) != 1 {
		t.Errorf("approved on version %d, on %+v", p.ProfileVersion, p.Evidence)
	}
}

func TestProvenanceIsOfTheApprovalWhateverIsProposedLater(t *testing.T) {
	t.Parallel()
	v := newVouching(t)
	v.wants(t, v.Service, time.Time{}, "", "")
	v.put(t, v.admin, replaced(`title: "SOC 2 Type II report"`, `title: "SOC 2 Type II report v2"`))
	v.wants(t, v.Service, time.Time{}, "basis_changed", "basis_changed")
	v.wants(t, v.Service, v.approved, "", "basis_changed")
}

func TestProvenanceSaysThatAnApprovalWasTakenBack(t *testing.T) {
	t.Parallel()
	v := newVouching(t)
	if _, err := v.Reopen(t.Context(), v.second, v.record, v.n, 2, "Not so."); err != nil {
		t.Fatal(err)
	}
	v.wants(t, v.Service, v.approved, "", "approval_ended")
	p, err := v.Provenance(t.Context(), v.exporter, v.record, v.n, time.Time{})
	if err != nil || p.Then != "not_approved" || p.Today != "not_approved" || p.Approver.ID != "" {
		t.Errorf("reopened: %q then, %q today, by %q, %v", p.Then, p.Today, p.Approver.ID, err)
	}
}

func TestProvenanceSaysWhatWasApprovedAfterThePacksChange(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	tested := func(v app.AnswerView) bool {
		return proposedYes(v) && strings.Contains(v.Answer.Description, "SOC 2 Type II report")
	}
	rows := w.rows(t, r.ID)
	n := find(t, rows, tested).Answer.N
	if _, err := w.Approve(ctx, w.reviewer, r.ID, n, app.ApproveInput{Revision: 1}); err != nil {
		t.Fatal(err)
	}
	text, err := mappings.FS.ReadFile("profiles/example-saas.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), `title: "SOC 2 Type II report"`, `title: "SOC 2 Type 2 report"`, 1)
	next := w.withPacks(overlay{mappings.FS, "profiles/example-saas.yaml", []byte(changed)})
	p, err := next.Provenance(ctx, w.exporter, r.ID, n, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Then != "basis_changed" || p.Today != "basis_changed" || !p.EvidenceKnown || p.Evidence[0].Title != "SOC 2 Type II report" {
		t.Errorf("%q then, %q today, on %+v", p.Then, p.Today, p.Evidence)
	}
	draft := find(t, rows, func(v app.AnswerView) bool { return tested(v) && v.Answer.N != n })
	p, err = next.Provenance(ctx, w.exporter, r.ID, draft.Answer.N, time.Time{})
	if err != nil || p.EvidenceKnown || len(p.Evidence) > 0 || p.Then != "not_approved" {
		t.Errorf("of a proposal: known %v, %+v, %q, %v", p.EvidenceKnown, p.Evidence, p.Then, err)
	}
	if p, err = w.Provenance(ctx, w.exporter, r.ID, draft.Answer.N, time.Time{}); err != nil || !p.EvidenceKnown || len(p.Evidence) == 0 || p.Evidence[0].Questions[0] != draft.Question.Question.Key {
		t.Errorf("of a proposal before: known %v, %+v, %v", p.EvidenceKnown, p.Evidence, err)
	}
}
