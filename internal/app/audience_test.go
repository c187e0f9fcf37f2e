package app_test

import (
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
)

// narrowed is a questionnaire whose answers were approved for readers under an NDA
// and then proposed for everybody.
type narrowed struct {
	*world
	record caiq.Record
	kept   []app.AnswerView // the approved texts that stayed, and are not the proposal's
	same   []app.AnswerView // those that are
}

func newNarrowed(t *testing.T) *narrowed {
	t.Helper()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	if _, err := w.Bulk(ctx, w.reviewer, r.ID, app.BulkInput{Action: app.ActApprove}); err != nil {
		t.Fatal(err)
	}
	r, err := w.ChangeRecord(ctx, w.uploader, r.ID, r.Revision, app.RecordPatch{NDA: new(bool)})
	if err != nil {
		t.Fatal(err)
	}
	out, err := w.Propose(ctx, w.uploader, r.ID, app.ProposeInput{Revision: r.Revision, Audience: caiq.ReleasePublic})
	if err != nil {
		t.Fatal(err)
	}
	n := &narrowed{world: w, record: out.Record}
	for _, v := range w.rows(t, r.ID) {
		switch {
		case v.Answer.State != caiq.StateApproved:
		case v.Answer.Answer == v.Answer.Proposal.Answer:
			n.same = append(n.same, v)
		default:
			n.kept = append(n.kept, v)
		}
	}
	if len(n.kept) == 0 || len(n.same) == 0 {
		t.Fatalf("%d approved texts differ from what everybody is told, %d do not", len(n.kept), len(n.same))
	}
	return n
}

// public exports for everybody and returns the codes of what stands in the way.
func (n *narrowed) public(t *testing.T, drafts bool) map[string]int {
	t.Helper()
	in := app.ExportInput{Format: caiq.ExportCSV, Audience: caiq.ReleasePublic, Drafts: drafts}
	c, err := n.CheckExport(t.Context(), n.exporter, n.record.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	codes := make(map[string]int)
	for _, p := range c.Problems {
		codes[p.Code]++
	}
	return codes
}

func TestTextsKeepTheAudienceTheyWereWrittenFor(t *testing.T) {
	t.Parallel()
	ctx, n := t.Context(), newNarrowed(t)
	for _, v := range n.kept {
		if v.Answer.Audience != caiq.ReleaseNDA || len(v.Problems) == 0 || v.Problems[0].Code != "audience" {
			t.Errorf("question %d: audience %s, problems %v", v.Answer.N, v.Answer.Audience, v.Problems)
		}
	}
	for _, v := range n.same {
		if v.Answer.Audience != caiq.ReleasePublic || !v.Stale || len(v.Problems) > 0 {
			t.Errorf("question %d, told to everybody in the same words: audience %s, stale %v, problems %v", v.Answer.N, v.Answer.Audience, v.Stale, v.Problems)
		}
	}
	one := n.kept[0].Answer
	_, err := n.Approve(ctx, n.reviewer, n.record.ID, one.N, app.ApproveInput{Revision: one.Revision})
	wantCode(t, err, "audience")
	bulk, err := n.Bulk(ctx, n.reviewer, n.record.ID, app.BulkInput{Action: app.ActApprove, Filter: caiq.RowFilter{States: []caiq.AnswerState{caiq.StateApproved}}})
	if err != nil {
		t.Fatal(err)
	}
	left := make(map[int]string)
	for _, l := range bulk.Left {
		left[l.N] = l.Code
	}
	for _, v := range n.kept {
		if left[v.Answer.N] != "audience" {
			t.Errorf("question %d was approved in bulk for everybody, or left out as %q", v.Answer.N, left[v.Answer.N])
		}
	}
	if got := n.public(t, true)["audience"]; got < len(n.kept) {
		t.Errorf("%d of %d texts are kept from everybody as drafts", got, len(n.kept))
	}
	entries, err := n.LibraryEntries(ctx, n.reviewer, caiq.LibraryFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Audience == caiq.ReleasePublic && left[e.SourceN] == "audience" {
			t.Errorf("the library offers question %d to everybody", e.SourceN)
		}
	}
}

func TestATextIsWrittenAnewForAWiderAudience(t *testing.T) {
	t.Parallel()
	ctx, n := t.Context(), newNarrowed(t)
	row := n.kept[0]
	edit := func(words string) {
		t.Helper()
		text := row.Answer.Answer
		text.Description = words
		v, err := n.Edit(ctx, n.reviewer, n.record.ID, row.Answer.N, app.EditInput{Revision: row.Answer.Revision, Answer: text})
		if err != nil {
			t.Fatal(err)
		}
		row = v
	}
	approve := func(p caiq.Principal, code string) {
		t.Helper()
		_, err := n.Approve(ctx, p, n.record.ID, row.Answer.N, app.ApproveInput{Revision: row.Answer.Revision})
		wantCode(t, err, code)
	}
	edit(row.Answer.Description + "\n")
	approve(n.second, "audience") // a blank has rewritten nothing
	edit("This is for everybody.")
	if row.Answer.Audience != caiq.ReleasePublic || len(row.Problems) > 0 {
		t.Errorf("audience %s, problems %v", row.Answer.Audience, row.Problems)
	}
	approve(n.reviewer, "sod_violation")
	approve(n.second, "")
}

func TestReopeningTakesTheProposalWhereNobodyEdited(t *testing.T) {
	t.Parallel()
	ctx, n := t.Context(), newNarrowed(t)
	in := app.BulkInput{Action: app.ActReopen, Reason: "For everybody now.", Filter: caiq.RowFilter{States: []caiq.AnswerState{caiq.StateApproved}}}
	if _, err := n.Bulk(ctx, n.reviewer, n.record.ID, in); err != nil {
		t.Fatal(err)
	}
	for _, was := range n.kept {
		v := n.rows(t, n.record.ID)[was.Answer.N-1].Answer
		if v.State != caiq.StateProposed || v.Answer != v.Proposal.Answer || v.Audience != caiq.ReleasePublic || strings.Contains(v.Description, "SOC 2 Type II report for") {
			t.Errorf("question %d: %s for %s: %s", v.N, v.State, v.Audience, v.Description)
		}
	}
	if _, err := n.Bulk(ctx, n.reviewer, n.record.ID, app.BulkInput{Action: app.ActApprove}); err != nil {
		t.Fatal(err)
	}
	if codes := n.public(t, false); len(codes) > 0 {
		t.Errorf("in the way of an export for everybody: %v", codes)
	}
}
