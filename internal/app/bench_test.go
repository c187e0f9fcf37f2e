package app_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
)

// blank403 is the official blank CAIQ v4.0.3 with its 261 questions; our sample
// with 34 where the corpus is missing.
func blank403(tb testing.TB) []byte {
	tb.Helper()
	dir := os.Getenv("CAIQUE_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "workbooks")
	}
	data, err := os.ReadFile(filepath.Join(dir, "caiq-v4.0.3-blank-official-2023-09-26.xlsx"))
	if err != nil {
		tb.Log("the corpus is missing: measuring with the sample of 34 questions")
		if data, err = os.ReadFile(filepath.Join("..", "..", "questionnaires", "samples", "sample-caiq-4.0.xlsx")); err != nil {
			tb.Fatal(err)
		}
	}
	return data
}

// BenchmarkUpload is one workbook from its bytes to stored proposals, on SQLite
// in memory; each is for another customer.
func BenchmarkUpload(b *testing.B) {
	w, data, i := newWorld(b), blank403(b), 0
	questions := 0
	for b.Loop() {
		i++
		up, err := w.Upload(b.Context(), w.uploader, app.UploadInput{
			Name: "CAIQ.xlsx", Data: data, ProfileID: "example-saas", RecordInput: app.RecordInput{Customer: strconv.Itoa(i), NDA: true},
		})
		if err != nil {
			b.Fatal(err)
		}
		questions = up.Record.Questions
	}
	b.ReportMetric(float64(questions), "questions")
}

// BenchmarkUploadWithLibrary is the same where all answers have been approved
// before, in a questionnaire of the same format.
func BenchmarkUploadWithLibrary(b *testing.B) {
	w, data, i := newWorld(b), blank403(b), 0
	upload := func() caiq.Record {
		i++
		up, err := w.Upload(b.Context(), w.uploader, app.UploadInput{
			Name: "CAIQ.xlsx", Data: data, ProfileID: "example-saas", RecordInput: app.RecordInput{Customer: strconv.Itoa(i), NDA: true},
		})
		if err != nil {
			b.Fatal(err)
		}
		return up.Record
	}
	if _, err := w.Bulk(b.Context(), w.reviewer, upload().ID, app.BulkInput{Action: app.ActApprove}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		upload()
	}
}

// BenchmarkExport writes the approved answers of a workbook into it.
func BenchmarkExport(b *testing.B) {
	w := newWorld(b)
	up, err := w.Upload(b.Context(), w.uploader, app.UploadInput{
		Name: "CAIQ.xlsx", Data: blank403(b), ProfileID: "example-saas", RecordInput: app.RecordInput{NDA: true},
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := w.Bulk(b.Context(), w.reviewer, up.Record.ID, app.BulkInput{Action: app.ActApprove}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := w.Export(b.Context(), w.exporter, up.Record.ID, app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkApprove approves proposals that nobody has touched, one by one, on
// SQLite in memory.
func BenchmarkApprove(b *testing.B) {
	w, data, i := newWorld(b), blank403(b), 0
	var recordID string
	var left []caiq.ReviewRow
	refill := func() {
		i++
		up, err := w.Upload(b.Context(), w.uploader, app.UploadInput{
			Name: "CAIQ.xlsx", Data: data, ProfileID: "example-saas", RecordInput: app.RecordInput{Customer: strconv.Itoa(i), NDA: true},
		})
		if err != nil {
			b.Fatal(err)
		}
		recordID = up.Record.ID
		if left, err = w.store.Rows(b.Context(), up.Record.WorkspaceID, recordID, caiq.RowFilter{Values: []caiq.Value{caiq.Yes}, Brief: true}); err != nil || len(left) == 0 {
			b.Fatal(len(left), err)
		}
	}
	for b.Loop() {
		if len(left) == 0 {
			b.StopTimer()
			refill()
			b.StartTimer()
		}
		if _, err := w.Approve(b.Context(), w.reviewer, recordID, left[0].Answer.N, app.ApproveInput{Revision: 1}); err != nil {
			b.Fatal(err)
		}
		left = left[1:]
	}
}

// BenchmarkBulkApprove approves a whole workbook at once.
func BenchmarkBulkApprove(b *testing.B) {
	w, data, i := newWorld(b), blank403(b), 0
	for b.Loop() {
		b.StopTimer()
		i++
		up, err := w.Upload(b.Context(), w.uploader, app.UploadInput{
			Name: "CAIQ.xlsx", Data: data, ProfileID: "example-saas", RecordInput: app.RecordInput{Customer: strconv.Itoa(i), NDA: true},
		})
		b.StartTimer()
		if err == nil {
			_, err = w.Bulk(b.Context(), w.reviewer, up.Record.ID, app.BulkInput{Action: app.ActApprove})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
