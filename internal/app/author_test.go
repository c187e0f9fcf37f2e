package app_test

import (
	"slices"
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
)

// editing is an answer that reviewers pass to and fro.
type editing struct {
	*world
	record string
	n      int
	now    app.AnswerView
}

func newEditing(t *testing.T) *editing {
	t.Helper()
	w := newWorld(t)
	r := w.upload(t, "Customer A")
	row := find(t, w.rows(t, r.ID), proposedYes)
	return &editing{w, r.ID, row.Answer.N, row}
}

func (e *editing) edit(t *testing.T, p caiq.Principal, description string) {
	t.Helper()
	text := e.now.Answer.Answer
	text.Description = description
	v, err := e.Edit(t.Context(), p, e.record, e.n, app.EditInput{Revision: e.now.Answer.Revision, Answer: text})
	if err != nil {
		t.Fatal(err)
	}
	e.now = v
}

func (e *editing) approve(t *testing.T, p caiq.Principal, code string) {
	t.Helper()
	v, err := e.Approve(t.Context(), p, e.record, e.n, app.ApproveInput{Revision: e.now.Answer.Revision})
	wantCode(t, err, code)
	if err == nil {
		e.now = v
	}
}

func (e *editing) wantAuthors(t *testing.T, people ...caiq.Principal) {
	t.Helper()
	var want []string
	for _, p := range people {
		want = append(want, p.User.ID)
	}
	slices.Sort(want)
	if !slices.Equal(e.now.Answer.Authors, want) {
		t.Errorf("authors %v, want %v", e.now.Answer.Authors, want)
	}
}

func TestNobodyApprovesATextThatWordsOfTheirsStandIn(t *testing.T) {
	t.Parallel()
	t.Run("two reviewers who edit in turn approve neither", func(t *testing.T) {
		t.Parallel()
		e := newEditing(t)
		third := e.person(t, "tom", caiq.Reviewer)
		e.edit(t, e.reviewer, "Written by Rita.")
		e.edit(t, e.second, "Written by Rita. And by Sven.")
		e.wantAuthors(t, e.reviewer, e.second)
		e.approve(t, e.reviewer, "sod_violation")
		e.approve(t, e.second, "sod_violation")
		e.approve(t, third, "")
	})
	t.Run("who adds a blank is no author, and makes nobody else none", func(t *testing.T) {
		t.Parallel()
		e := newEditing(t)
		e.edit(t, e.reviewer, "Written by Rita.")
		e.edit(t, e.second, "Written  by Rita.\n")
		e.wantAuthors(t, e.reviewer)
		e.approve(t, e.reviewer, "sod_violation")
		e.approve(t, e.second, "")
	})
	t.Run("the proposal's own text is nobody's again", func(t *testing.T) {
		t.Parallel()
		e := newEditing(t)
		own := e.now.Answer.Description
		e.edit(t, e.reviewer, "Written by Rita.")
		e.edit(t, e.second, own)
		e.wantAuthors(t)
		if e.now.Answer.State != caiq.StateProposed || e.now.Answer.EditedBy != "" {
			t.Errorf("state %s, edited by %q", e.now.Answer.State, e.now.Answer.EditedBy)
		}
		e.approve(t, e.reviewer, "")
	})
	t.Run("an approval vouches for the words before it, a reopened one does not", func(t *testing.T) {
		t.Parallel()
		e := newEditing(t)
		e.edit(t, e.reviewer, "Written by Rita.")
		e.approve(t, e.second, "")
		v, err := e.Reopen(t.Context(), e.second, e.record, e.n, e.now.Answer.Revision, "Not yet.")
		if err != nil {
			t.Fatal(err)
		}
		e.now = v
		e.wantAuthors(t, e.reviewer)
		e.approve(t, e.reviewer, "sod_violation")
		e.approve(t, e.second, "")
		e.edit(t, e.second, "Written by Rita. And by Sven.")
		e.wantAuthors(t, e.second)
		e.approve(t, e.second, "sod_violation")
		e.approve(t, e.reviewer, "")
	})
	t.Run("the manifest and the provenance name them", func(t *testing.T) {
		t.Parallel()
		e := newEditing(t)
		e.edit(t, e.reviewer, "Written by Rita.")
		e.approve(t, e.second, "")
		made, err := e.Export(t.Context(), e.exporter, e.record, app.ExportInput{Format: caiq.ExportJSON, Audience: caiq.ReleaseNDA})
		if err != nil {
			t.Fatal(err)
		}
		m, err := app.DecodeManifest("manifest.json", made.Manifest)
		rita := app.ManifestPerson{ID: e.reviewer.User.ID, Name: "rita"}
		if err != nil || !slices.Equal(m.Review.Answers[0].Authors, []app.ManifestPerson{rita}) {
			t.Errorf("manifest: %+v, %v", m.Review.Answers, err)
		}
		pv, err := e.Provenance(t.Context(), e.exporter, e.record, e.n, e.clock.Now())
		if err != nil || len(pv.Authors) != 1 || pv.Authors[0].ID != e.reviewer.User.ID {
			t.Errorf("provenance: %+v, %v", pv.Authors, err)
		}
	})
}

func TestWhoImportsAStatementDoesNotApproveIt(t *testing.T) {
	t.Parallel()
	for _, single := range []bool{false, true} {
		ctx, w := t.Context(), newWorldOf(t, single)
		if _, err := w.ImportProfile(ctx, w.admin, app.ImportProfileInput{ID: "own", YAML: []byte(ownProfile(t))}); err != nil {
			t.Fatal(err)
		}
		up, err := w.Upload(ctx, w.uploader, app.UploadInput{
			Name: "CAIQ.xlsx", Data: sample(t), ProfileID: "own", RecordInput: app.RecordInput{NDA: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		row := find(t, w.rows(t, up.Record.ID), proposedYes)
		if !slices.Equal(row.Answer.Authors, []string{w.admin.User.ID}) {
			t.Errorf("authors %v", row.Answer.Authors)
		}
		_, err = w.Approve(ctx, w.admin, up.Record.ID, row.Answer.N, app.ApproveInput{Revision: 1})
		if single {
			wantCode(t, err, "")
			continue
		}
		wantCode(t, err, "sod_violation")
		if _, err := w.Approve(ctx, w.reviewer, up.Record.ID, row.Answer.N, app.ApproveInput{Revision: 1}); err != nil {
			t.Error(err)
		}
	}
}

func TestALaterImporterIsAuthorOfWhatTheVersionChanged(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	text := ownProfile(t)
	other := w.person(t, "olga", caiq.Admin, caiq.Reviewer)
	if _, err := w.ImportProfile(ctx, w.admin, app.ImportProfileInput{ID: "own", YAML: []byte(text)}); err != nil {
		t.Fatal(err)
	}
	up, err := w.Upload(ctx, w.uploader, app.UploadInput{
		Name: "CAIQ.xlsx", Data: sample(t), ProfileID: "own", RecordInput: app.RecordInput{NDA: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(text, "statement: ") + len("statement: ")
	rest := strings.TrimLeft(text[at:], ">-| \n")
	changed := text[:len(text)-len(rest)] + "Since this year, " + rest
	if _, err := w.ImportProfile(ctx, other, app.ImportProfileInput{ID: "own", YAML: []byte(changed), Previous: 1}); err != nil {
		t.Fatal(err)
	}
	one, both := []string{w.admin.User.ID}, []string{w.admin.User.ID, other.User.ID}
	slices.Sort(both)
	count := map[string]int{}
	for _, v := range w.rows(t, up.Record.ID) {
		switch {
		case v.Answer.Answer.Blank():
		case slices.Equal(v.Answer.Authors, one):
			count["one"]++
		case slices.Equal(v.Answer.Authors, both):
			count["both"]++
		default:
			t.Errorf("question %d: authors %v", v.Answer.N, v.Answer.Authors)
		}
	}
	if count["one"] == 0 || count["both"] == 0 {
		t.Errorf("authors: %v", count)
	}
}
