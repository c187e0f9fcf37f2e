package app_test

import (
	"slices"
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/workbook"
)

// mapped makes the control mapping of a questionnaire and returns it with the
// questions that it lists, a cell of the first column each.
func (w *world) mapped(t *testing.T, recordID string, drafts bool) (e caiq.Export, data []byte, column []string) {
	t.Helper()
	made, err := w.Export(t.Context(), w.exporter, recordID, app.ExportInput{Format: caiq.ExportMapping, Audience: caiq.ReleaseNDA, Drafts: drafts})
	if err != nil {
		t.Fatal(err)
	}
	if e, data, err = w.ExportMade(t.Context(), w.exporter, made.ID); err != nil {
		t.Fatal(err)
	}
	f, err := workbook.Open(e.FileName, data, workbook.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	cells := []workbook.CellRef{{Sheet: "Control mapping", Cell: "A2"}, {Sheet: "Control mapping", Cell: "A3"}, {Sheet: "Control mapping", Cell: "A4"}}
	if column, err = f.Values(cells); err != nil {
		t.Fatal(err)
	}
	return e, data, column
}

func TestTheControlMappingLeavesAsOtherExportsDo(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	in := app.ExportInput{Format: caiq.ExportMapping, Audience: caiq.ReleaseNDA}
	_, err := w.Export(ctx, w.exporter, r.ID, in)
	wantCode(t, err, "nothing_approved")
	_, err = w.Export(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportMapping, Audience: caiq.ReleasePublic})
	wantCode(t, err, "bad_audience")

	row := find(t, w.rows(t, r.ID), proposedYes)
	if _, err := w.Approve(ctx, w.reviewer, r.ID, row.Answer.N, app.ApproveInput{Revision: 1}); err != nil {
		t.Fatal(err)
	}
	e, data, column := w.mapped(t, r.ID, false)
	other := func(id string) bool { return id != "" && id != row.Question.Question.ID }
	if column[0] == "" || slices.ContainsFunc(column, other) {
		t.Errorf("questions listed: %q, approved is %s alone", column, row.Question.Question.ID)
	}
	m, err := app.DecodeManifest("m", e.Manifest)
	if err != nil || e.FileName != "CAIQ.mapping.xlsx" || e.Drafts || m.Drafts || m.Review.Approved != 1 {
		t.Errorf("%s, drafts %v, manifest %+v, %v", e.FileName, e.Drafts, m.Review, err)
	}
	if problems, err := app.VerifyOutput(e.FileName, data, m, sample(t)); err != nil || len(problems) > 0 {
		t.Errorf("verify: %v, %v", problems, err)
	}
	if problems, err := app.VerifyOutput(e.FileName, append(data, ' '), m, nil); err != nil || len(problems) != 1 || problems[0].Code != "output_hash" {
		t.Errorf("a changed mapping: %v, %v", problems, err)
	}
	events, err := w.Events(ctx, w.admin, caiq.EventFilter{Object: "exports/" + e.ID})
	if err != nil || len(events) != 1 || events[0].Actor != w.exporter.User.ID || !strings.Contains(string(events[0].Detail), e.BlobSHA256) ||
		!strings.Contains(string(events[0].Detail), `"audience":"nda"`) {
		t.Errorf("events %+v, %v", events, err)
	}

	e, _, column = w.mapped(t, r.ID, true)
	if m, err = app.DecodeManifest("m", e.Manifest); err != nil || e.FileName != "CAIQ.mapping.draft.xlsx" || !m.Drafts || column[0] != "DRAFT" || column[1] == "" {
		t.Errorf("%s, drafts %v, lines %q, %v", e.FileName, m.Drafts, column, err)
	}
	if _, err := w.ChangeRecord(ctx, w.uploader, r.ID, r.Revision, app.RecordPatch{NDA: new(bool)}); err != nil {
		t.Fatal(err)
	}
	_, err = w.Export(ctx, w.exporter, r.ID, in)
	wantCode(t, err, "no_nda")
}

func TestWithoutAProfileThereIsNothingToMapTo(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	up, err := w.Upload(ctx, w.uploader, app.UploadInput{Name: "CAIQ.xlsx", Data: sample(t), RecordInput: app.RecordInput{NDA: true}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Export(ctx, w.exporter, up.Record.ID, app.ExportInput{Format: caiq.ExportMapping, Audience: caiq.ReleaseNDA, Drafts: true})
	wantCode(t, err, "no_profile")
}
