package app_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/workbook"
)

// filledIn is the sample in own words with answers in the rows n of it.
func filledIn(t *testing.T, answers map[int]string) []byte {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(string(ownWords(t))), "\n")
	for n, a := range answers {
		lines[n] = strings.TrimSuffix(strings.TrimRight(lines[n], "\r"), ",,") + "," + a + ","
	}
	return []byte(strings.Join(lines, "\n") + "\n")
}

// filed uploads a file, words the answer to question n and has it approved.
func (w *world) filed(t *testing.T, name string, data []byte, n int, text caiq.Answer) caiq.Record {
	t.Helper()
	ctx := t.Context()
	up, err := w.Upload(ctx, w.uploader, app.UploadInput{
		Name: name, Data: data, ProfileID: "example-saas", RecordInput: app.RecordInput{Customer: t.Name(), NDA: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.Edit(ctx, w.reviewer, up.Record.ID, n, app.EditInput{Revision: 1, Answer: text})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Approve(ctx, w.second, up.Record.ID, n, app.ApproveInput{Revision: v.Answer.Revision}); err != nil {
		t.Fatal(err)
	}
	return up.Record
}

func codes(ps caiq.Problems) []string {
	var all []string
	for _, p := range ps {
		all = append(all, p.Code)
	}
	return all
}

func TestNothingThatNobodyApprovedStaysInAnExportUnasked(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.filed(t, "own.csv", filledIn(t, map[int]string{1: "No", 2: "Yes", 3: "We will see"}), 1, caiq.Answer{Value: caiq.Yes, Description: "We do."})
	rows := w.rows(t, r.ID)
	if got := rows[0].Question.Question.Existing[caiq.RoleAnswer]; got != "No" {
		t.Errorf("the file's own answer is shown as %q", got)
	}
	if got := codes(rows[0].Problems); !slices.Equal(got, []string{"contradicts_file"}) {
		t.Errorf("the reviewer is told %v", got)
	}
	in := app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA}
	check, err := w.CheckExport(ctx, w.exporter, r.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(codes(check.Problems), []string{"kept_answers"}) || !slices.Equal(codes(check.Warnings), []string{"contradicts_file"}) || len(check.Kept) != 2 {
		t.Errorf("problems %v, warnings %v, kept %+v", check.Problems, check.Warnings, check.Kept)
	}
	if p := check.Problems[0].Message; !strings.Contains(p, "CSV!") || !strings.Contains(p, "keep_existing") {
		t.Errorf("it does not say where, or what to do: %s", p)
	}
	_, err = w.Export(ctx, w.exporter, r.ID, in)
	wantCode(t, err, "kept_answers")

	in.KeepExisting = true
	made, err := w.Export(ctx, w.exporter, r.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	_, data, err := w.ExportMade(ctx, w.exporter, made.ID)
	if err != nil || !bytes.Contains(data, []byte("We will see")) {
		t.Errorf("what was to be kept is gone: %s, %v", data, err)
	}
	m, err := app.DecodeManifest("manifest.json", made.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	if k := m.Review.Kept; len(k) != 2 || k[0].N != 2 || len(k[0].Cells) != 1 {
		t.Errorf("the manifest says %+v is kept", k)
	}
	if o := m.Review.Overwritten; len(o) != 1 || o[0].N != 1 || o[0].File != caiq.No || o[0].Answer != caiq.Yes {
		t.Errorf("the manifest says %+v is overwritten", o)
	}
	if c, err := w.CheckExport(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportCSV, Audience: caiq.ReleaseNDA}); err != nil || len(c.Problems)+len(c.Kept) > 0 {
		t.Errorf("a table holds nothing of the file: %+v, %v", c, err)
	}
}

func TestWhatContradictsTheFileIsNotApprovedInBulk(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	sheet, err := workbook.Open("CAIQ.xlsx", sample(t), workbook.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	row := find(t, w.rows(t, w.upload(t, "A").ID), proposedYes)
	edits, err := workbook.Edits(&row.Question.Question, caiq.Answer{Value: caiq.No, Ownership: caiq.OwnerCSP, Description: "We do not."}, caiq.Vocabulary{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := sheet.Patch(edits, workbook.PatchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	up, err := w.Upload(ctx, w.uploader, app.UploadInput{Name: "old.xlsx", Data: data, ProfileID: "example-saas", RecordInput: app.RecordInput{NDA: true}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.Bulk(ctx, w.reviewer, up.Record.ID, app.BulkInput{Action: app.ActApprove, Filter: caiq.RowFilter{N: []int{row.Answer.N}}})
	if err != nil || len(got.Changed) > 0 || len(got.Left) != 1 || got.Left[0].Code != "needs_look" {
		t.Errorf("approved in bulk: %+v, %v", got, err)
	}
	if _, err := w.Approve(ctx, w.reviewer, up.Record.ID, row.Answer.N, app.ApproveInput{Revision: 1}); err != nil {
		t.Errorf("after a look: %v", err)
	}
}

func TestAnExportThatCouldWriteNothingIsRefused(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	data := []byte("Question\nDo you encrypt customer data at rest?\nDo you run penetration tests every year?\n")
	r := w.filed(t, "questions.csv", data, 1, caiq.Answer{Value: caiq.Yes, Description: "We do."})
	_, err := w.Export(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA})
	wantCode(t, err, "no_answer_cells")
	if _, err := w.Export(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportCSV, Audience: caiq.ReleaseNDA}); err != nil {
		t.Errorf("as a table: %v", err)
	}
}
