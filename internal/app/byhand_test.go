package app_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

// ownWords are questions in a customer's own words.
func ownWords(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "questionnaires", "samples", "sample-custom.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func (w *world) uploadOwnWords(t *testing.T, customer string) caiq.Record {
	t.Helper()
	up, err := w.Upload(t.Context(), w.uploader, app.UploadInput{
		Name: "own.csv", Data: ownWords(t), ProfileID: "example-saas", RecordInput: app.RecordInput{Customer: customer, NDA: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return up.Record
}

// byHand has every answer worded by one person and approved by another.
func (w *world) byHand(t *testing.T, r caiq.Record) {
	t.Helper()
	ctx := t.Context()
	for _, v := range w.rows(t, r.ID) {
		text := caiq.Answer{Value: caiq.Yes, Description: "As agreed with the customer, question by question."}
		v, err := w.Edit(ctx, w.reviewer, r.ID, v.Answer.N, app.EditInput{Revision: v.Answer.Revision, Answer: text})
		if err != nil {
			t.Fatal(err)
		}
		if v, err = w.Approve(ctx, w.second, r.ID, v.Answer.N, app.ApproveInput{Revision: v.Answer.Revision}); err != nil || v.Stale {
			t.Fatalf("question %d, %s: stale %v, %v", v.Answer.N, v.Answer.Proposal.Band, v.Stale, err)
		}
	}
}

// exports checks that lists, single answers and exports tell the same approvals stale.
func (w *world) staleEverywhere(t *testing.T, r caiq.Record) []int {
	t.Helper()
	ctx := t.Context()
	var listed, single []int
	for _, v := range w.rows(t, r.ID) {
		if v.Stale {
			listed = append(listed, v.Answer.N)
		}
		one, err := w.Answer(ctx, w.reviewer, r.ID, v.Answer.N)
		if err != nil {
			t.Fatal(err)
		}
		if one.Stale {
			single = append(single, v.Answer.N)
		}
	}
	check, err := w.CheckExport(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportCSV, Audience: caiq.ReleaseNDA})
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, p := range check.Problems {
		if p.Code == "stale" {
			told++
		}
	}
	if !slices.Equal(listed, single) || told != len(listed) {
		t.Errorf("stale in the list: %v, by themselves: %v, in the export: %d", listed, single, told)
	}
	return listed
}

func TestHandWrittenAnswersToOwnWordsAreExportedOnceApproved(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.uploadOwnWords(t, "A")
	weak := 0
	for _, v := range w.rows(t, r.ID) {
		if v.Answer.Proposal.Band == caiq.BandWeak {
			weak++
		}
	}
	if weak == 0 {
		t.Fatal("nothing is matched weakly")
	}
	w.byHand(t, r)
	export := func(r caiq.Record) {
		t.Helper()
		if _, err := w.Export(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportCSV, Audience: caiq.ReleaseNDA}); err != nil {
			t.Error(err)
		}
	}
	export(r)
	w.clock.set(time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)) // everything is derived anew
	if stale := w.staleEverywhere(t, r); len(stale) > 0 {
		t.Errorf("two days later %v are stale", stale)
	}
	export(r)

	later := w.uploadOwnWords(t, "B")
	for _, v := range w.rows(t, later.ID) {
		if v.Answer.Source == "" || v.Answer.Proposal.Band != caiq.BandVerbatim {
			t.Errorf("question %d is %s from %q", v.Answer.N, v.Answer.Proposal.Band, v.Answer.Source)
			continue
		}
		if _, err := w.Approve(ctx, w.second, later.ID, v.Answer.N, app.ApproveInput{Revision: v.Answer.Revision}); err != nil {
			t.Errorf("question %d: %v", v.Answer.N, err)
		}
	}
	export(later)
	w.clock.set(time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC))
	if stale := w.staleEverywhere(t, later); len(stale) > 0 {
		t.Errorf("of the later questionnaire %v are stale", stale)
	}
	export(later)
}

func TestAHandWrittenAnswerIsStaleOnceTheProfileAnswersItself(t *testing.T) {
	t.Parallel()
	ctx, im := t.Context(), newImporting(t)
	im.put(t, im.other, without(`(?s)  - id: END-09\n.*?- "UEM-03[.]1"\n`)) // UEM-03.1 is open then
	rows := im.uploadOwn(t, "A")
	open := find(t, rows, func(v app.AnswerView) bool { return v.Answer.Value == "" && v.Answer.Answer.Blank() })
	id, n := open.Answer.RecordID, open.Answer.N
	text := caiq.Answer{Value: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "We do."}
	v, err := im.Edit(ctx, im.reviewer, id, n, app.EditInput{Revision: open.Answer.Revision, Answer: text})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = im.Approve(ctx, im.second, id, n, app.ApproveInput{Revision: v.Answer.Revision}); err != nil {
		t.Fatal(err)
	}
	r, err := im.Record(ctx, im.reviewer, id)
	if err != nil {
		t.Fatal(err)
	}
	im.put(t, im.other, replaced("answers:\n", "answers:\n  - question: "+string(open.Question.Question.Key)+"\n    answer: \"no\"\n    ownership: CSP-owned\n    description: We do not, and plan to.\n    owner: Olga\n    reviewed: 2026-10-01\n"))
	if stale := im.staleEverywhere(t, r); !slices.Equal(stale, []int{n}) {
		t.Errorf("stale: %v, want %d alone", stale, n)
	}
}
