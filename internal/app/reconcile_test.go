package app_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/store"
)

// tampered is an installation in a file with a bit of everything, and a way past
// the service.
type tampered struct {
	*world
	db     *sql.DB
	record string
	n      int // of an approved answer
}

func newTampered(t *testing.T) *tampered {
	t.Helper()
	path := filepath.Join(t.TempDir(), "caique.db")
	s, err := store.OpenSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldOn(t, s, false)
	ctx := t.Context()
	if _, err := w.ImportProfile(ctx, w.admin, app.ImportProfileInput{ID: "own", YAML: []byte(ownProfile(t))}); err != nil {
		t.Fatal(err)
	}
	r := w.upload(t, "Customer A")
	row := find(t, w.rows(t, r.ID), proposedYes)
	n := row.Answer.N
	text := row.Answer.Answer
	text.Description = "Written by Rita."
	if _, err := w.Edit(ctx, w.reviewer, r.ID, n, app.EditInput{Revision: 1, Answer: text}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Approve(ctx, w.second, r.ID, n, app.ApproveInput{Revision: 2}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Export(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportJSON, Audience: caiq.ReleaseNDA}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Propose(ctx, w.uploader, r.ID, app.ProposeInput{Revision: 1, Audience: caiq.ReleasePublic}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Propose(ctx, w.uploader, r.ID, app.ProposeInput{Revision: 2, Audience: caiq.ReleaseNDA}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Comment(ctx, w.reviewer, r.ID, n, "Is this so?"); err != nil {
		t.Fatal(err)
	}
	in := app.TokenInput{Name: "ci", Scopes: []caiq.Scope{caiq.ScopeRead}, Expires: w.clock.Now().AddDate(0, 1, 0)}
	if _, _, err := w.CreateToken(ctx, w.reviewer, in); err != nil {
		t.Fatal(err)
	}
	return &tampered{w, openDirect(t, path), r.ID, n}
}

func openDirect(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// copied is the same installation to be damaged by itself; only its database is
// worked with.
func (w *tampered) copied(t *testing.T) *tampered {
	t.Helper()
	path := filepath.Join(t.TempDir(), "caique.db")
	if err := w.store.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	s, err := store.OpenSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	world := *w.world
	world.store = s
	return &tampered{&world, openDirect(t, path), w.record, w.n}
}

func (w *tampered) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := w.db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func (w *tampered) reconcile(t *testing.T) caiq.Problems {
	t.Helper()
	var all caiq.Problems
	for _, id := range []string{w.admin.Workspace.ID, caiq.Installation} {
		problems, _, err := app.Reconcile(t.Context(), w.store, id)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, problems...)
	}
	return all
}

// forged is the answer that somebody puts in place past the service.
var forged = caiq.Answer{Value: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "Forged."}

func TestReconcileNamesWhatTheTrailDoesNotSay(t *testing.T) {
	t.Parallel()
	base := newTampered(t)
	t.Run("an honest installation", func(t *testing.T) {
		t.Parallel()
		if problems := base.copied(t).reconcile(t); len(problems) > 0 {
			t.Errorf("problems:\n%s", problems.Error())
		}
	})
	for _, tt := range []struct {
		name   string
		damage []string
		code   string
		field  string // part of it
	}{
		{"an answer's text", []string{`UPDATE answers SET description = 'Forged.' WHERE state = 'approved'`}, "answer_differs", "/answers/"},
		{
			"an answer's text and hash",
			[]string{`UPDATE answers SET value = 'yes', ownership = 'CSP-owned', description = 'Forged.', text_sha256 = '` + forged.SHA256() + `' WHERE state = 'approved'`},
			"approval_differs", "/answers/",
		},
		{"an untouched proposal and its revision", []string{
			`DROP TRIGGER answer_revisions_no_update`,
			`UPDATE answers SET basis_hash = 'x' WHERE n = (SELECT max(n) FROM answers WHERE state = 'proposed')`,
			`UPDATE answer_revisions SET basis_hash = 'x' WHERE n = (SELECT max(n) FROM answers WHERE state = 'proposed')`,
		}, "answer_differs", "questionnaires/"},
		{"an approver", []string{
			`DROP TRIGGER answers_approved_by_another`,
			`UPDATE answers SET approved_by = (SELECT id FROM users WHERE name = 'emil') WHERE state = 'approved'`,
		}, "approval_differs", "/answers/"},
		{"a proposal that is another", []string{`UPDATE answers SET proposal_sha256 = (SELECT min(sha256) FROM proposals p WHERE p.n = answers.n AND p.sha256 <> answers.proposal_sha256) WHERE n IN (SELECT n FROM proposals GROUP BY n HAVING count(*) > 1)`}, "answer_differs", "/answers/"},
		{"a library entry", []string{`UPDATE library_entries SET description = 'Forged.'`}, "library_differs", "library/"},
		{"a library entry offered again", []string{`UPDATE library_entries SET retired = true`}, "library_differs", "library/"},
		{"a role", []string{`UPDATE members SET roles = 'viewer uploader reviewer exporter admin' WHERE roles = 'exporter'`}, "roles_differ", "members/"},
		{"a member of the installation", []string{`INSERT INTO members SELECT 'installation', id, 1, 'admin', 0 FROM users WHERE name = 'emil'`}, "member_unknown", "members/"},
		{"a member who is gone", []string{`DELETE FROM members WHERE roles = 'exporter'`}, "member_missing", "members/"},
		{"a profile", []string{`DROP TRIGGER profiles_no_update`, `UPDATE profiles SET yaml = CAST('x' AS blob)`}, "profile_differs", "profiles/own"},
		{"an uploaded file", []string{`UPDATE blobs SET data = CAST('x' AS blob) WHERE sha256 IN (SELECT blob_sha256 FROM records)`}, "file_damaged", "questionnaires/"},
		{"an exported file", []string{`UPDATE blobs SET data = CAST('x' AS blob) WHERE sha256 IN (SELECT blob_sha256 FROM exports)`}, "file_damaged", "exports/"},
		{"a manifest", []string{`UPDATE exports SET manifest = CAST('{}' AS blob)`}, "export_differs", "exports/"},
		{"an export's evidence list", []string{`UPDATE exports SET evidence = CAST('[]' AS blob)`}, "row_differs", "exports/"},
		{"whom an export is for", []string{`UPDATE exports SET audience = 'public'`}, "row_differs", "exports/"},
		{"a library entry's authors", []string{`UPDATE library_entries SET authors = ''`}, "row_differs", "library/"},
		{"a library entry's days", []string{`UPDATE library_entries SET review_by = '2031-01-01'`}, "row_differs", "library/"},
		{"a profile's authors", []string{`DROP TRIGGER profiles_no_update`, `UPDATE profiles SET authors = '{}'`}, "row_differs", "profiles/own"},
		{"a proposal's text", []string{`UPDATE proposals SET proposal = replace(proposal, 'soc2', 'soc3')`}, "proposal_changed", "/answers/"},
		{"a question", []string{`UPDATE questions SET question = replace(question, 'Are', 'Were')`}, "questions_differ", "questionnaires/"},
		{"a customer", []string{`UPDATE records SET customer = 'Evil', nda = true`}, "row_differs", "questionnaires/"},
		{"a profile's version", []string{`UPDATE records SET profile_version = 7, profile_sha256 = 'x'`}, "row_differs", "questionnaires/"},
		{"a comment", []string{`UPDATE comments SET body = 'changed'`}, "comment_differs", "/answers/"},
		{"a comment that is gone", []string{`DELETE FROM comments`}, "comment_missing", "/answers/"},
		{"an email", []string{`UPDATE users SET email = 'evil@example.com' WHERE name = 'Ada'`}, "row_differs", "users/"},
		{"an account", []string{`UPDATE users SET disabled = true WHERE name = 'Ada'`}, "row_differs", "users/"},
		{"a password", []string{`UPDATE users SET password_hash = 'x' WHERE name = 'Ada'`}, "row_differs", "users/"},
		{"a password taken away", []string{`UPDATE users SET password_hash = '' WHERE name = 'Ada'`}, "row_differs", "users/"},
		{"a token's scopes", []string{`UPDATE tokens SET scopes = 'read approve'`}, "row_differs", "tokens/"},
		{"a token that nobody made", []string{`INSERT INTO tokens SELECT 'other', workspace_id, user_id, 1, 'x', 'other', scopes, created, expires, 0, 0 FROM tokens`}, "row_unknown", "tokens/other"},
		{"a workspace's name", []string{`UPDATE workspaces SET name = 'X' WHERE id <> 'installation'`}, "row_differs", "workspaces/"},
		{"a single operator", []string{`UPDATE workspaces SET single_operator = true WHERE id <> 'installation'`}, "single_operator_differs", "workspaces/"},
		{"a time that is none", []string{`UPDATE library_entries SET approved_at = 'soon'`}, "row_unreadable", "library"},
		{"authors that are no list of people", []string{`DROP TRIGGER profiles_no_update`, `UPDATE profiles SET authors = '[]'`}, "row_unreadable", "profiles"},
		{"a questionnaire", []string{`DELETE FROM records`}, "questionnaire_missing", "questionnaires/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := base.copied(t)
			for _, query := range tt.damage {
				w.exec(t, query)
			}
			problems := w.reconcile(t)
			for _, p := range problems {
				if p.Code == tt.code && strings.Contains(p.Field, tt.field) {
					return
				}
			}
			t.Errorf("problems:\n%v", problems)
		})
	}
}

func TestWhatWasChangedInTheDatabaseIsNeitherApprovedNorExportedNorVouchedFor(t *testing.T) {
	t.Parallel()
	export := app.ExportInput{Format: caiq.ExportJSON, Audience: caiq.ReleaseNDA}
	for name, query := range map[string]string{
		"the text alone":    `UPDATE answers SET value = 'yes', ownership = 'CSP-owned', description = 'Forged.' WHERE n = $1 AND $2 <> ''`,
		"the text and hash": `UPDATE answers SET value = 'yes', ownership = 'CSP-owned', description = 'Forged.', text_sha256 = $2 WHERE n = $1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, w := t.Context(), newTampered(t)
			w.exec(t, query, w.n, forged.SHA256())
			_, err := w.Export(ctx, w.exporter, w.record, export)
			ps, ok := err.(caiq.Problems) //nolint:errorlint // handed over bare
			if !ok || ps[0].Code != "text_changed" || ps[0].Cell == "" {
				t.Errorf("export: %v", err)
			}
			_, err = w.Provenance(ctx, w.exporter, w.record, w.n, w.clock.Now())
			wantCode(t, err, "text_changed")
		})
		t.Run(name+" before an approval", func(t *testing.T) {
			t.Parallel()
			ctx, w := t.Context(), newTampered(t)
			row := find(t, w.rows(t, w.record), proposedYes)
			text := row.Answer.Answer
			text.Description = "Written by Rita."
			v, err := w.Edit(ctx, w.reviewer, w.record, row.Answer.N, app.EditInput{Revision: row.Answer.Revision, Answer: text})
			if err != nil {
				t.Fatal(err)
			}
			w.exec(t, query, row.Answer.N, forged.SHA256())
			_, err = w.Approve(ctx, w.second, w.record, row.Answer.N, app.ApproveInput{Revision: v.Answer.Revision})
			wantCode(t, err, "text_changed")
		})
	}
	t.Run("a proposal, which the evidence list comes from", func(t *testing.T) {
		t.Parallel()
		ctx, w := t.Context(), newTampered(t)
		w.exec(t, `UPDATE proposals SET proposal = replace(proposal, 'soc2', 'soc3')`)
		_, err := w.Export(ctx, w.exporter, w.record, export)
		wantCode(t, err, "proposal_changed")
		_, err = w.Provenance(ctx, w.exporter, w.record, w.n, w.clock.Now())
		wantCode(t, err, "proposal_changed")
	})
}

func TestReconcileKnowsWhoJoined(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	other, err := w.CreateWorkspace(ctx, w.enter(t, w.admin, caiq.Installation), "Other", false)
	if err != nil {
		t.Fatal(err)
	}
	in, err := w.Invite(ctx, w.enter(t, w.admin, other.ID), "rita@example.com", "Rita", []caiq.MemberRole{caiq.Reviewer})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Join(ctx, caiq.Principal{User: w.reviewer.User, Auth: "pwd"}, in.Link); err != nil {
		t.Fatal(err)
	}
	problems, _, err := app.Reconcile(ctx, w.store, other.ID)
	if err != nil || len(problems) > 0 {
		t.Errorf("problems %v, %v", problems, err)
	}
}

func TestRemovingWhoOwnsLibraryEntriesLeavesTheTrailComplete(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newTampered(t)
	owned := func() []caiq.LibraryEntry {
		entries, err := w.LibraryEntries(ctx, w.reviewer, caiq.LibraryFilter{Owner: w.second.User.ID, Retired: true})
		if err != nil {
			t.Fatal(err)
		}
		return entries
	}
	if len(owned()) == 0 {
		t.Fatal("the approver owns no entry")
	}
	if _, _, err := w.CreateToken(ctx, w.second, app.TokenInput{Name: "ci", Scopes: []caiq.Scope{caiq.ScopeRead}, Expires: w.clock.Now().AddDate(0, 1, 0)}); err != nil {
		t.Fatal(err)
	}
	if err := w.RemoveMember(ctx, w.admin, w.second.User.ID, 1); err != nil {
		t.Fatal(err)
	}
	if left := owned(); len(left) > 0 {
		t.Errorf("%d entries are still owned", len(left))
	}
	if problems := w.reconcile(t); len(problems) > 0 {
		t.Errorf("problems:\n%s", problems.Error())
	}
}
