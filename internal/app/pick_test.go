package app_test

import (
	"slices"
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
)

// sheet is a customer's own questionnaire.
func sheet(questions ...string) []byte {
	return []byte("Nr,Question,Answer,Comment\n" + rowsOf(questions))
}

func rowsOf(questions []string) string {
	var b strings.Builder
	for i, q := range questions {
		b.WriteString(string(rune('1'+i)) + `,"` + q + "\",,\n")
	}
	return b.String()
}

func (w *world) uploadSheet(t *testing.T, customer string, questions ...string) caiq.Record {
	t.Helper()
	up, err := w.Upload(t.Context(), w.uploader, app.UploadInput{
		Name: customer + ".csv", Data: sheet(questions...), ProfileID: "example-saas", RecordInput: app.RecordInput{Customer: customer, NDA: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return up.Record
}

const (
	odd     = "Could a vanished zebraphone be emptied from afar?"
	similar = "Can a vanished zebraphone be emptied from afar by you?"
	wanted  = "caiq-4.1/UEM-13.1"
)

func TestPick(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.uploadSheet(t, "A", odd, "Are backups encrypted?")
	before := w.rows(t, r.ID)[0]
	if before.Answer.Value != "" {
		t.Fatalf("answered before anybody said what it asks: %+v", before.Answer.Proposal)
	}
	for ref, code := range map[string]string{"caiq-4.1/XXX-01.1": "unknown_candidate", "library/none": "unknown_candidate", "ccm-4.1/IAM-13": "unknown_candidate"} {
		_, err := w.Pick(ctx, w.reviewer, r.ID, 1, app.PickInput{Revision: 1, Ref: ref})
		wantCode(t, err, code)
	}
	_, err := w.Pick(ctx, w.uploader, r.ID, 1, app.PickInput{Revision: 1, Ref: wanted})
	wantCode(t, err, "not_allowed")
	picked, err := w.Pick(ctx, w.reviewer, r.ID, 1, app.PickInput{Revision: 1, Ref: wanted, Reason: "It means remote wiping."})
	if err != nil {
		t.Fatal(err)
	}
	a := picked.Answer
	if a.Value != caiq.Yes || a.State != caiq.StateProposed || a.EditedBy != "" || !slices.Equal(a.Authors, []string{w.reviewer.User.ID}) || a.Proposal.Question != wanted {
		t.Errorf("after the pick: %+v", a)
	}
	if picked.Pick == nil || picked.Pick.Question != wanted || !strings.Contains(a.Proposal.Basis[0].Text, "Matched by rita") {
		t.Errorf("pick %+v, basis %q", picked.Pick, a.Proposal.Basis[0].Text)
	}
	t.Run("whoever picked does not approve, singly or in bulk", func(t *testing.T) {
		_, err := w.Approve(ctx, w.reviewer, r.ID, 1, app.ApproveInput{Revision: a.Revision})
		wantCode(t, err, "sod_violation")
		got, err := w.Bulk(ctx, w.reviewer, r.ID, app.BulkInput{Action: app.ActApprove, Filter: caiq.RowFilter{N: []int{1}}})
		if err != nil || len(got.Changed) != 0 || len(got.Left) != 1 || got.Left[0].Code != "sod_violation" {
			t.Errorf("in bulk: %+v, %v", got, err)
		}
	})
	t.Run("it teaches: the same words surely, similar ones through search", func(t *testing.T) {
		same := w.rows(t, w.uploadSheet(t, "B", strings.ToUpper(odd)).ID)[0]
		if same.Answer.Proposal.Question != wanted || same.Answer.Value != caiq.Yes {
			t.Errorf("the same words: %+v", same.Answer)
		}
		if text := same.Answer.Proposal.Basis[0].Text; !strings.Contains(text, "for the same words in A.csv") {
			t.Errorf("basis %q", text)
		}
		near := w.rows(t, w.uploadSheet(t, "C", similar).ID)[0].Answer.Proposal
		first := ""
		if len(near.Candidates) > 0 {
			first = near.Candidates[0]
		}
		if near.Question != wanted && !strings.HasPrefix(first, wanted) {
			t.Errorf("similar words: %+v", near)
		}
	})
	t.Run("proposing again keeps it, approval by another holds", func(t *testing.T) {
		got, err := w.Propose(ctx, w.uploader, r.ID, app.ProposeInput{Revision: 1})
		if err != nil {
			t.Fatal(err)
		}
		row := w.rows(t, r.ID)[0].Answer //nolint:contextcheck // the test has one context
		if row.Proposal.Question != wanted || !slices.Equal(row.Authors, []string{w.reviewer.User.ID}) {
			t.Errorf("after proposing again (%d changed): %+v", got.Changed, row)
		}
		if _, err := w.Approve(ctx, w.second, r.ID, 1, app.ApproveInput{Revision: row.Revision}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Unpick(ctx, w.reviewer, r.ID, 1, row.Revision+1); codeOf(err) != "wrong_state" {
			t.Errorf("a pick under an approved answer is taken back: %v", err)
		}
		check, err := w.CheckExport(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA})
		if err != nil || check.Approved != 1 || len(check.Problems) > 0 {
			t.Errorf("export: %+v, %v", check, err)
		}
		later := w.rows(t, w.uploadSheet(t, "D", odd, "What else is there?").ID)[0].Answer //nolint:contextcheck // the test has one context
		if later.Proposal.Band != caiq.BandVerbatim || later.Source == "" {
			t.Errorf("approved and not offered again: %+v", later)
		}
	})
	w.verify(t)
}

// A pick that nobody else has confirmed does not get around separation of duties
// by coming in once more.
func TestPick_taught(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.uploadSheet(t, "A", odd)
	if _, err := w.Pick(ctx, w.reviewer, r.ID, 1, app.PickInput{Revision: 1, Ref: wanted}); err != nil {
		t.Fatal(err)
	}
	picker := []string{w.reviewer.User.ID}
	later := w.uploadSheet(t, "B", odd)
	a := w.rows(t, later.ID)[0].Answer
	if a.Proposal.Question != wanted || !slices.Equal(a.Authors, picker) || a.Proposal.Band != caiq.BandPartial {
		t.Errorf("the same words in a later questionnaire: authors %q, %+v", a.Authors, a.Proposal)
	}
	_, err := w.Approve(ctx, w.reviewer, later.ID, 1, app.ApproveInput{Revision: a.Revision})
	wantCode(t, err, "sod_violation")
	bulk, err := w.Bulk(ctx, w.reviewer, later.ID, app.BulkInput{Action: app.ActApprove, Filter: caiq.RowFilter{N: []int{1}}})
	if err != nil || len(bulk.Changed) != 0 {
		t.Errorf("in bulk: %+v, %v", bulk, err)
	}
	near := w.rows(t, w.uploadSheet(t, "C", similar).ID)[0].Answer
	if near.Proposal.Question == wanted && !slices.Equal(near.Authors, picker) {
		t.Errorf("near words: authors %q, %+v", near.Authors, near.Proposal)
	}
	if _, err := w.Approve(ctx, w.second, later.ID, 1, app.ApproveInput{Revision: a.Revision}); err != nil {
		t.Fatal(err)
	}
	other, err := w.Upload(ctx, w.uploader, app.UploadInput{
		Name: "D.csv", Data: sheet(odd, "What else?"), ProfileID: "example-saas", Audience: caiq.ReleasePublic, RecordInput: app.RecordInput{Customer: "D"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := w.rows(t, other.Record.ID)[0].Answer; a.Proposal.Question != wanted || len(a.Authors) > 0 {
		t.Errorf("confirmed by a second person: authors %q, %+v", a.Authors, a.Proposal)
	}
	w.verify(t)
}

func TestUnpick(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.uploadSheet(t, "A", odd)
	first, err := w.Pick(ctx, w.reviewer, r.ID, 1, app.PickInput{Revision: 1, Ref: wanted})
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.Unpick(ctx, w.second, r.ID, 1, first.Answer.Revision)
	if err != nil || got.Answer.Value != "" || len(got.Answer.Authors) > 0 || got.Pick != nil {
		t.Errorf("taken back: %+v, %v", got.Answer, err)
	}
	_, err = w.Unpick(ctx, w.second, r.ID, 1, got.Answer.Revision)
	wantCode(t, err, "not_found")
	if same := w.rows(t, w.uploadSheet(t, "B", odd).ID)[0]; same.Answer.Value != "" {
		t.Errorf("what was taken back still teaches: %+v", same.Answer)
	}
	history, err := w.History(ctx, w.reviewer, r.ID, 1)
	if err != nil || len(history) != 3 || !slices.Equal(history[1].Authors, []string{w.reviewer.User.ID}) {
		t.Errorf("history of %d, %v", len(history), err)
	}
	w.verify(t)
}

// An answer of the library that is none of a known question serves another one in
// other words, by its id.
func TestPick_library(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.uploadSheet(t, "A", "Does the quokka glow at night?")
	text := caiq.Answer{Value: caiq.No, Ownership: caiq.OwnerCSP, Description: "It does not glow, and it never will."}
	if _, err := w.Edit(ctx, w.reviewer, r.ID, 1, app.EditInput{Revision: 1, Answer: text}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Approve(ctx, w.second, r.ID, 1, app.ApproveInput{Revision: 2}); err != nil {
		t.Fatal(err)
	}
	later := w.uploadSheet(t, "B", "Would the quokka glow after nightfall?")
	m, err := w.Candidates(ctx, w.reviewer, later.ID, 1, 5)
	if err != nil {
		t.Fatal(err)
	}
	var ref string
	for _, c := range m.Candidates {
		if strings.HasPrefix(c.Ref, "library/") {
			ref = c.Ref
			if c.Value != caiq.No || c.Topic != "Does the quokka glow at night?" {
				t.Errorf("candidate %+v", c)
			}
		}
	}
	if ref == "" {
		t.Fatalf("the library's answer is no candidate: %+v", m.Candidates)
	}
	got, err := w.Pick(ctx, w.second, later.ID, 1, app.PickInput{Revision: 1, Ref: ref})
	if err != nil {
		t.Fatal(err)
	}
	if a := got.Answer; a.Answer != text || a.Source != ref || a.EditedBy != w.reviewer.User.ID || len(a.Authors) != 2 {
		t.Errorf("picked: %+v", a)
	}
	for _, who := range []caiq.Principal{w.reviewer, w.second} { // who wrote it, and who chose it
		_, err := w.Approve(ctx, who, later.ID, 1, app.ApproveInput{Revision: got.Answer.Revision})
		wantCode(t, err, "sod_violation")
	}
	same := w.rows(t, w.uploadSheet(t, "C", "Would the quokka glow after nightfall?").ID)[0].Answer
	if same.Answer != text {
		t.Errorf("the pick does not teach: %+v", same)
	}
	w.verify(t)
}
