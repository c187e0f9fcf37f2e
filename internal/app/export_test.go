package app_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

func TestExportListsWhatStandsInTheWay(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	check := func(in app.ExportInput) string {
		t.Helper()
		in.Format = caiq.ExportXLSX
		c, err := w.CheckExport(ctx, w.exporter, r.ID, in)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Export(ctx, w.exporter, r.ID, in)
		if (err == nil) != (len(c.Problems) == 0) {
			t.Errorf("check says %v, export says %v", c.Problems, err)
		}
		if len(c.Problems) == 0 {
			return ""
		}
		return c.Problems[0].Code
	}
	if got := check(app.ExportInput{Audience: caiq.ReleaseNDA}); got != "nothing_approved" {
		t.Errorf("nothing approved: %q", got)
	}
	if got := check(app.ExportInput{Audience: caiq.ReleasePublic, Drafts: true}); got != "audience" {
		t.Errorf("a wider audience: %q", got)
	}
	n := find(t, w.rows(t, r.ID), proposedYes).Answer.N
	if _, err := w.Approve(ctx, w.reviewer, r.ID, n, app.ApproveInput{Revision: 1}); err != nil {
		t.Fatal(err)
	}
	if got := check(app.ExportInput{Audience: caiq.ReleaseNDA}); got != "" {
		t.Errorf("one approved: %q", got)
	}
	if _, err := w.ChangeRecord(ctx, w.uploader, r.ID, r.Revision, app.RecordPatch{NDA: new(bool)}); err != nil {
		t.Fatal(err)
	}
	if got := check(app.ExportInput{Audience: caiq.ReleaseNDA}); got != "no_nda" {
		t.Errorf("without an NDA: %q", got)
	}
	if got := check(app.ExportInput{Audience: caiq.ReleaseInternal}); got != "" {
		t.Errorf("for ourselves: %q", got)
	}
	w.clock.set(w.clock.Now().Add(3 * 365 * 24 * time.Hour))
	if got := check(app.ExportInput{Audience: caiq.ReleaseInternal}); got != "stale" {
		t.Errorf("three years later: %q", got)
	}
	_, err := w.Export(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportXLSX})
	wantCode(t, err, "bad_audience")
	_, err = w.Export(ctx, w.reviewer, r.ID, app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseInternal})
	wantCode(t, err, "not_allowed")
}

func TestDraftsSaySoInNameAndManifest(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	made, err := w.Export(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA, Drafts: true})
	if err != nil {
		t.Fatal(err)
	}
	e, data, err := w.ExportMade(ctx, w.exporter, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	m, err := app.DecodeManifest("m", e.Manifest)
	if err != nil || !m.Drafts || !e.Drafts || !strings.Contains(e.FileName, ".draft") || m.Review.Approved != 0 || m.Review.Drafts == 0 {
		t.Errorf("%s: drafts %v, %v", e.FileName, m.Drafts, err)
	}
	problems, err := app.VerifyOutput(e.FileName, data, m, sample(t))
	if err != nil || len(problems) > 0 {
		t.Errorf("verify: %v, %v", problems, err)
	}
}

func TestTablesHoldWhatTheFileWould(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	row := find(t, w.rows(t, r.ID), proposedYes)
	text := row.Answer.Answer
	text.Description = "=HYPERLINK(\"x\")"
	if _, err := w.Edit(ctx, w.reviewer, r.ID, row.Answer.N, app.EditInput{Revision: 1, Answer: text}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Approve(ctx, w.second, r.ID, row.Answer.N, app.ApproveInput{Revision: 2}); err != nil {
		t.Fatal(err)
	}
	for format, want := range map[caiq.ExportFormat]string{
		caiq.ExportCSV: `"'=HYPERLINK(""x"")"`, caiq.ExportJSON: `"=HYPERLINK(\"x\")"`,
	} {
		made, err := w.Export(ctx, w.exporter, r.ID, app.ExportInput{Format: format, Audience: caiq.ReleaseNDA})
		if err != nil {
			t.Fatal(err)
		}
		e, data, err := w.ExportMade(ctx, w.exporter, made.ID)
		if err != nil || !bytes.Contains(data, []byte(want)) || e.FileName != "CAIQ.answered."+string(format) {
			t.Errorf("%s %s: %v\n%s", format, e.FileName, err, data)
		}
		m, err := app.DecodeManifest("m", e.Manifest)
		if err != nil {
			t.Fatal(err)
		}
		if problems, err := app.VerifyOutput(e.FileName, data, m, nil); err != nil || len(problems) > 0 {
			t.Errorf("%s: verify: %v, %v", format, problems, err)
		}
		if problems, err := app.VerifyOutput(e.FileName, append(data, ' '), m, nil); err != nil || len(problems) == 0 {
			t.Errorf("%s: a changed file passes: %v", format, err)
		}
		checkRows(t, e.FileName, data, m)
	}
}

// checkRows alters the rows of a table beside a manifest that names the altered
// file: the hash of the file is not what finds it.
func checkRows(t *testing.T, name string, data []byte, m app.Manifest) {
	t.Helper()
	if n, noun := m.Compared(); n != 1 || noun != "answer" {
		t.Errorf("%d %ss are compared", n, noun)
	}
	for _, c := range []struct{ code, from, to string }{
		{"answer_changed", "HYPERLINK", "HYPERLINKS"},
		{"answer_changed", `""x""`, `""X""`},
		{"answer_changed", `\"x\"`, `\"X\"`},
		{"state_changed", `"approved"`, `"draft"`},
		{"answer_added", `"","","","",""`, `"yes","","","",""`},
		{"answer_added", `"answer": ""`, `"answer": "no"`},
		{"answer_missing", `"` + strconv.Itoa(m.Review.Answers[0].N) + `","`, `"7000","`},
		{"answer_missing", `"n": ` + strconv.Itoa(m.Review.Answers[0].N) + `,`, `"n": 7000,`},
		{"bad_table", `"Domain"`, `"domains"`},
		{"bad_table", `"answers": [`, `"answers": {`},
	} {
		altered := bytes.Replace(data, []byte(c.from), []byte(c.to), 1)
		if bytes.Equal(altered, data) {
			continue // of the other format
		}
		sum := sha256.Sum256(altered)
		m.Output.SHA256 = hex.EncodeToString(sum[:])
		problems, err := app.VerifyOutput(name, altered, m, nil)
		if err != nil || !slices.ContainsFunc(problems, func(p caiq.Problem) bool { return p.Code == c.code }) {
			t.Errorf("%s: %s made %s: %v, %v; want %s", name, c.from, c.to, problems, err, c.code)
		}
	}
	if problems, err := app.VerifyOutput(name, data, m, []byte("another file")); err != nil || len(problems) != 2 {
		t.Errorf("%s: another original: %v, %v", name, problems, err)
	}
}

func TestEvidenceListNamesPeriodsAndWithholds(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	up, err := w.Upload(ctx, w.uploader, app.UploadInput{
		Name: "CAIQ.xlsx", Data: sample(t), ProfileID: "example-saas", Audience: caiq.ReleasePublic,
		RecordInput: app.RecordInput{NDA: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Bulk(ctx, w.reviewer, up.Record.ID, app.BulkInput{Action: app.ActApprove}); err != nil {
		t.Fatal(err)
	}
	list := func(audience caiq.Release) app.EvidenceList {
		e, err := w.Export(ctx, w.exporter, up.Record.ID, app.ExportInput{Format: caiq.ExportJSON, Audience: audience})
		if err != nil {
			t.Fatal(err)
		}
		var l app.EvidenceList
		if err := json.Unmarshal(e.Evidence, &l); err != nil {
			t.Fatal(err)
		}
		return l
	}
	public, nda := list(caiq.ReleasePublic), list(caiq.ReleaseNDA)
	for _, e := range public.Evidence {
		if e.Release != caiq.ReleasePublic {
			t.Errorf("the public learns of %s", e.Ref)
		}
	}
	if public.Withheld == 0 || len(nda.Evidence) <= len(public.Evidence) {
		t.Errorf("public: %d and %d withheld; nda: %d", len(public.Evidence), public.Withheld, len(nda.Evidence))
	}
	for _, e := range nda.Evidence {
		if e.Kind == caiq.SOC2Type2 && (e.From.IsZero() || e.To.IsZero() || len(e.Questions) == 0) {
			t.Errorf("evidence without period or questions: %+v", e)
		}
	}
}
