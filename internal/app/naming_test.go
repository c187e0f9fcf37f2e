package app_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
)

func TestWhatAPersonWroteRestsOnThatPerson(t *testing.T) {
	t.Parallel()
	const report = "An auditor tests it for our SOC 2 Type II report."
	for name, c := range map[string]struct {
		text  func(caiq.Answer) caiq.Answer
		named []string
	}{
		"another answer": {func(a caiq.Answer) caiq.Answer {
			a.Value, a.Description = caiq.No, "We have no independent audit and no SOC 2 Type II report; one is planned."
			return a
		}, nil},
		"words of their own": {func(a caiq.Answer) caiq.Answer { a.Description = "We do, trust us."; return a }, nil},
		"the report named":   {func(a caiq.Answer) caiq.Answer { a.Description = report; return a }, []string{"example-saas:soc2-2026"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, w := t.Context(), newWorld(t)
			row := find(t, w.rows(t, w.upload(t, "A").ID), func(v app.AnswerView) bool {
				return proposedYes(v) && v.Answer.Proposal.Band == caiq.BandSupported && strings.Contains(v.Answer.Description, "SOC 2 Type II report")
			})
			id, n := row.Answer.RecordID, row.Answer.N
			v, err := w.Edit(ctx, w.reviewer, id, n, app.EditInput{Revision: 1, Answer: c.text(row.Answer.Answer)})
			if err != nil || v.Answer.Band() != caiq.BandPartial || !v.Answer.ByHand() {
				t.Fatalf("edited: %s, %v", v.Answer.Band(), err)
			}
			if _, err := w.Approve(ctx, w.second, id, n, app.ApproveInput{Revision: v.Answer.Revision}); err != nil {
				t.Fatal(err)
			}
			wantBands(t, w, id, n, v.Answer.Proposal.Band)
			made, err := w.Export(ctx, w.exporter, id, app.ExportInput{Format: caiq.ExportJSON, Audience: caiq.ReleaseNDA})
			if err != nil {
				t.Fatal(err)
			}
			m, err := app.DecodeManifest("manifest.json", made.Manifest)
			if err != nil {
				t.Fatal(err)
			}
			a := m.Review.Answers[0]
			if a.Band != caiq.BandPartial || !a.ByHand || !slices.Equal(a.Evidence, append([]string{}, c.named...)) {
				t.Errorf("the manifest says %+v", a)
			}
			var list app.EvidenceList
			if err := json.Unmarshal(made.Evidence, &list); err != nil || len(list.Evidence) != len(c.named) {
				t.Errorf("the evidence list says %+v, %v", list.Evidence, err)
			}
			pv, err := w.Provenance(ctx, w.exporter, id, n, w.clock.Now())
			if err != nil || len(pv.Evidence) != len(c.named) {
				t.Errorf("the provenance says %+v, %v", pv.Evidence, err)
			}
		})
	}
}

// wantBands checks that filters and progress tell the band of the answer, not of the
// proposal beside it.
func wantBands(t *testing.T, w *world, id string, n int, proposed caiq.Band) {
	t.Helper()
	ctx := t.Context()
	for band, there := range map[caiq.Band]bool{caiq.BandPartial: true, proposed: false} {
		rows, err := w.Answers(ctx, w.reviewer, id, caiq.RowFilter{Bands: []caiq.Band{band}, Brief: true})
		has := slices.ContainsFunc(rows, func(v app.AnswerView) bool { return v.Answer.N == n })
		if err != nil || has != there {
			t.Errorf("among the %s: %v, %v", band, has, err)
		}
	}
	counts, err := w.Progress(ctx, w.reviewer, id)
	if err != nil || !slices.ContainsFunc(counts, func(c caiq.ProgressCount) bool {
		return c.State == caiq.StateApproved && c.Band == caiq.BandPartial && c.Count == 1
	}) {
		t.Errorf("progress %+v, %v", counts, err)
	}
}

func TestAQuestionnaireDoesNotAnswerItself(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "A")
	n := find(t, w.rows(t, r.ID), proposedYes).Answer.N
	text := w.rows(t, r.ID)[n-1].Answer.Answer
	text.Description = "In Rita's words."
	v, err := w.Edit(ctx, w.reviewer, r.ID, n, app.EditInput{Revision: 1, Answer: text})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Approve(ctx, w.second, r.ID, n, app.ApproveInput{Revision: v.Answer.Revision}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Propose(ctx, w.uploader, r.ID, app.ProposeInput{Revision: r.Revision, AsOf: w.Today().AddMonths(1)}); err != nil {
		t.Fatal(err)
	}
	row := w.rows(t, r.ID)[n-1]
	for _, st := range row.Answer.Proposal.Basis {
		if st.Kind == caiq.StepLibrary {
			t.Errorf("it rests on itself: %s", st.Text)
		}
	}
	if row.Answer.Description != text.Description || row.Answer.State != caiq.StateApproved {
		t.Errorf("it is %s: %q", row.Answer.State, row.Answer.Description)
	}
	later := w.upload(t, "B")
	if got := w.rows(t, later.ID)[n-1].Answer; got.Proposal.Band != caiq.BandVerbatim || got.Description != text.Description || !got.ByHand() {
		t.Errorf("the next one is offered %q, %s", got.Description, got.Proposal.Band)
	}
}

func TestWordsThatNameEvidenceOfANarrowerAudience(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	up, err := w.Upload(ctx, w.uploader, app.UploadInput{
		Name: "CAIQ.xlsx", Data: sample(t), ProfileID: "example-saas", Audience: caiq.ReleasePublic, RecordInput: app.RecordInput{Customer: "A", NDA: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	id := up.Record.ID
	row := find(t, w.rows(t, id), proposedYes)
	n, text := row.Answer.N, row.Answer.Answer
	edit := func(words string) app.AnswerView {
		t.Helper()
		text.Description = words
		v, err := w.Edit(ctx, w.reviewer, id, n, app.EditInput{Revision: row.Answer.Revision, Answer: text})
		if err != nil {
			t.Fatal(err)
		}
		row = v
		return v
	}
	v := edit("Harlow & Finch LLP audits us for a SOC 2 Type II report.")
	if got := codes(v.Problems); !slices.Equal(got, []string{"names_withheld", "names_withheld"}) || v.Problems[0].Field != "description" {
		t.Errorf("told at the edit: %v", v.Problems)
	}
	_, err = w.Approve(ctx, w.second, id, n, app.ApproveInput{Revision: v.Answer.Revision})
	wantCode(t, err, "names_withheld")

	v = edit("Auditors write a SOC 2 Type II report on us, which we share under an NDA.")
	if len(v.Problems) != 1 || !v.Problems[0].Warning {
		t.Errorf("that there is a report is warned of: %v", v.Problems)
	}
	if got, err := w.Bulk(ctx, w.second, id, app.BulkInput{Action: app.ActApprove, Filter: caiq.RowFilter{N: []int{n}}}); err != nil || len(got.Changed) > 0 {
		t.Errorf("approved without a look: %+v, %v", got, err)
	}
	if _, err := w.Approve(ctx, w.second, id, n, app.ApproveInput{Revision: v.Answer.Revision}); err != nil {
		t.Errorf("after a look: %v", err)
	}
	// Northmark issued a certificate that everybody may know of.
	for _, v := range w.rows(t, id) {
		for _, p := range v.Problems {
			if p.Code == "names_withheld" && !v.Answer.ByHand() {
				t.Errorf("question %d, in the engine's words: %v", v.Answer.N, p)
			}
		}
	}
}

func TestAnswersOfOneProductAreLookedAtBeforeTheyServeAnother(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	upload := func(product string) caiq.Record {
		t.Helper()
		up, err := w.Upload(ctx, w.uploader, app.UploadInput{
			Name: product + ".xlsx", Data: sample(t), ProfileID: "example-saas", RecordInput: app.RecordInput{Customer: "A", Product: product, NDA: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		return up.Record
	}
	first := upload("Example Cloud")
	n := find(t, w.rows(t, first.ID), proposedYes).Answer.N
	if _, err := w.Approve(ctx, w.second, first.ID, n, app.ApproveInput{Revision: 1}); err != nil {
		t.Fatal(err)
	}
	other := upload("Example Vault")
	row := w.rows(t, other.ID)[n-1]
	one, err := w.Answer(ctx, w.reviewer, other.ID, n)
	if err != nil || row.Answer.Band() != caiq.BandPartial || len(one.Answer.Proposal.Needs) != 1 || !strings.Contains(one.Answer.Proposal.Needs[0].Text, "Example Cloud") {
		t.Errorf("for another product it is %s: %+v, %v", row.Answer.Band(), one.Answer.Proposal.Needs, err)
	}
	got, err := w.Bulk(ctx, w.second, other.ID, app.BulkInput{Action: app.ActApprove, Filter: caiq.RowFilter{N: []int{n}}})
	if err != nil || len(got.Changed) > 0 || got.Left[0].Code != "needs_look" {
		t.Errorf("approved in bulk: %+v, %v", got, err)
	}
	if same := upload("example cloud "); w.rows(t, same.ID)[n-1].Answer.Band() != caiq.BandVerbatim && same.ID != first.ID {
		t.Errorf("for the same product it is %s", w.rows(t, same.ID)[n-1].Answer.Band())
	}
}
