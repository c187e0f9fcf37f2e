package app_test

import (
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/mappings"
)

// ownProfile is a small profile of the workspace's own.
func ownProfile(t *testing.T) string {
	t.Helper()
	text, err := mappings.FS.ReadFile("profiles/keystone-id.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(string(text), "id: keystone-id", "id: own", 1)
}

func TestImportProfileMakesStaleOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	text := ownProfile(t)
	first, err := w.ImportProfile(ctx, w.admin, app.ImportProfileInput{ID: "own", YAML: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	if first.Profile.Version != 1 {
		t.Errorf("version %d", first.Profile.Version)
	}
	up, err := w.Upload(ctx, w.uploader, app.UploadInput{
		Name: "CAIQ.xlsx", Data: sample(t), ProfileID: "own", RecordInput: app.RecordInput{NDA: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := up.Record
	var approved []app.AnswerView
	for _, v := range w.rows(t, r.ID) {
		if v.Answer.Value == "" || len(v.Problems) > 0 {
			continue
		}
		a, err := w.Approve(ctx, w.reviewer, r.ID, v.Answer.N, app.ApproveInput{Revision: 1})
		if err != nil {
			t.Fatal(err)
		}
		approved = append(approved, a)
	}
	if len(approved) < 2 {
		t.Fatalf("%d answers to approve", len(approved))
	}
	// Change one control that stands behind one of the answers.
	control := ""
	for _, st := range approved[0].Answer.Proposal.Basis {
		if st.Kind == caiq.StepControl {
			control = strings.TrimPrefix(st.Ref, "own:")
			break
		}
	}
	at := strings.Index(text, "id: "+control)
	line := at + strings.Index(text[at:], "statement: ") + len("statement: ")
	rest := strings.TrimLeft(text[line:], ">-| \n")
	changed := text[:len(text)-len(rest)] + "Since this year, " + rest
	second, err := w.ImportProfile(ctx, w.admin, app.ImportProfileInput{ID: "own", YAML: []byte(changed), Previous: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(second.Proposed) != 1 || second.Proposed[0].Record.ProfileVersion != 2 {
		t.Errorf("proposed anew: %+v", second.Proposed)
	}
	stale := 0
	for _, v := range w.rows(t, r.ID) {
		if v.Stale {
			stale++
		}
	}
	if stale == 0 || stale == len(approved) || second.Proposed[0].Stale != stale {
		t.Errorf("%d of %d approvals are stale, proposing told %d", stale, len(approved), second.Proposed[0].Stale)
	}
	check, err := w.CheckExport(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA})
	if err != nil || len(check.Problems) != stale || check.Problems[0].Code != "stale" {
		t.Errorf("export: %+v, %v", check, err)
	}
	w.verify(t)
}

func TestImportProfileRefusesWhatItShould(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	text := ownProfile(t)
	_, err := w.ImportProfile(ctx, w.admin, app.ImportProfileInput{ID: "own", YAML: []byte(strings.Replace(text, "controls:", "controlz:", 1))})
	ps, ok := err.(caiq.Problems) //nolint:errorlint // handed over bare
	if !ok || ps[0].Line == 0 {
		t.Errorf("a typo: %v", err)
	}
	_, err = w.ImportProfile(ctx, w.admin, app.ImportProfileInput{ID: "aws", YAML: []byte(text)})
	wantCode(t, err, "built_in")
	_, err = w.ImportProfile(ctx, w.admin, app.ImportProfileInput{ID: "own", YAML: []byte(text), Previous: 3})
	wantCode(t, err, "stale")
	_, err = w.ImportProfile(ctx, w.reviewer, app.ImportProfileInput{ID: "own", YAML: []byte(text)})
	wantCode(t, err, "not_allowed")
	if _, err := w.ImportProfile(ctx, w.admin, app.ImportProfileInput{ID: "own", YAML: []byte(text)}); err != nil {
		t.Fatal(err)
	}
	all, err := w.Profiles(ctx, w.reviewer)
	if err != nil || all[len(all)-1].ID != "own" || all[len(all)-1].BuiltIn {
		t.Errorf("profiles: %+v, %v", all, err)
	}
}
