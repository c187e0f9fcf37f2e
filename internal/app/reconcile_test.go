package app_test

import (
	"database/sql"
	"strings"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
)

// tampered is an installation with a bit of everything, and a way past the service.
type tampered struct {
	*world
	engine  engine
	address string
	db      *sql.DB
	record  string
	n       int // of an approved answer
	// Of others: one that was edited, one that was rejected, one whose approval was
	// withdrawn, one that nobody has touched.
	edited, rejected, reopened, untouched int
}

func newTampered(t *testing.T, e engine) *tampered {
	t.Helper()
	address := e.create(t)
	w := &tampered{world: newWorldOn(t, e.open(t, address), false), engine: e, address: address}
	ctx := t.Context()
	if _, err := w.ImportProfile(ctx, w.admin, app.ImportProfileInput{ID: "own", YAML: []byte(ownProfile(t))}); err != nil {
		t.Fatal(err)
	}
	r := w.upload(t, "Customer A")
	w.record = r.ID
	w.n = w.edit(t)
	w.approve(t, w.n)
	if _, err := w.Export(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportJSON, Audience: caiq.ReleaseNDA}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Propose(ctx, w.uploader, r.ID, app.ProposeInput{Revision: 1, Audience: caiq.ReleasePublic}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Propose(ctx, w.uploader, r.ID, app.ProposeInput{Revision: 2, Audience: caiq.ReleaseNDA}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Comment(ctx, w.reviewer, r.ID, w.n, "Is this so?"); err != nil {
		t.Fatal(err)
	}
	in := app.TokenInput{Name: "ci", Scopes: []caiq.Scope{caiq.ScopeRead}, Expires: w.clock.Now().AddDate(0, 1, 0)}
	if _, _, err := w.CreateToken(ctx, w.reviewer, in); err != nil {
		t.Fatal(err)
	}
	w.review(t)
	w.db = e.direct(t, address)
	return w
}

// review leaves an answer in each state.
func (w *tampered) review(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	w.edited, w.reopened = w.edit(t), w.edit(t)
	w.approve(t, w.reopened)
	if _, err := w.Reopen(ctx, w.second, w.record, w.reopened, w.revision(t, w.reopened), "It is not so."); err != nil {
		t.Fatal(err)
	}
	rows := w.rows(t, w.record)
	w.rejected = find(t, rows, proposedYes).Answer.N
	if _, err := w.Reject(ctx, w.second, w.record, w.rejected, w.revision(t, w.rejected), "It is not so."); err != nil {
		t.Fatal(err)
	}
	w.untouched = find(t, rows, func(r app.AnswerView) bool { return proposedYes(r) && r.Answer.N != w.rejected }).Answer.N
}

// edit has Rita write an answer that nobody has touched.
func (w *tampered) edit(t *testing.T) int {
	t.Helper()
	row := find(t, w.rows(t, w.record), proposedYes)
	text := row.Answer.Answer
	text.Description = "Written by Rita."
	if _, err := w.Edit(t.Context(), w.reviewer, w.record, row.Answer.N, app.EditInput{Revision: row.Answer.Revision, Answer: text}); err != nil {
		t.Fatal(err)
	}
	return row.Answer.N
}

func (w *tampered) approve(t *testing.T, n int) {
	t.Helper()
	if _, err := w.Approve(t.Context(), w.second, w.record, n, app.ApproveInput{Revision: w.revision(t, n)}); err != nil {
		t.Fatal(err)
	}
}

func (w *tampered) revision(t *testing.T, n int) int {
	t.Helper()
	row, err := w.store.Row(t.Context(), w.admin.Workspace.ID, w.record, n)
	if err != nil {
		t.Fatal(err)
	}
	return row.Answer.Revision
}

// close ends all use of the database, so that it can be copied.
func (w *tampered) close(t *testing.T) {
	t.Helper()
	for _, c := range []interface{ Close() error }{w.Service, w.db, w.store} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// copied is the same installation to be damaged by itself; only its database is
// worked with.
func (w *tampered) copied(t *testing.T) *tampered {
	t.Helper()
	world, c := *w.world, *w
	c.address = w.engine.copied(t, w.address)
	world.store = w.engine.open(t, c.address)
	c.world, c.db = &world, w.engine.direct(t, c.address)
	return &c
}

func (w *tampered) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	execute(t, w.db, w.engine.sql(query), args...)
}

// change changes the columns of an answer, in its last revision too.
func (w *tampered) change(t *testing.T, n int, columns string) {
	t.Helper()
	w.exec(t, `UPDATE answers SET `+columns+` WHERE n = $1`, n)
	w.exec(t, `UPDATE answer_revisions SET `+columns+` WHERE n = $1 AND revision = (SELECT a.revision FROM answers a WHERE a.n = $1)`, n)
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

// damaged is a way to change a database past the service, and what is to be said of it.
type damaged struct {
	name   string
	damage []string
	code   string
	field  string // part of it
}

// damages are of single tables, whatever they hold.
func damages() []damaged {
	return []damaged{
		{"an answer's text", []string{`UPDATE answers SET description = 'Forged.' WHERE state = 'approved'`}, "answer_differs", "/answers/"},
		{
			"an answer's text and hash",
			[]string{`UPDATE answers SET value = 'yes', ownership = 'CSP-owned', description = 'Forged.', text_sha256 = '` + forged.SHA256() + `' WHERE state = 'approved'`},
			"approval_differs", "/answers/",
		},
		{"an untouched proposal and its revision", []string{
			`UPDATE answers SET basis_hash = 'x' WHERE n = (SELECT max(n) FROM answers WHERE state = 'proposed')`,
			`UPDATE answer_revisions SET basis_hash = 'x' WHERE n = (SELECT max(n) FROM answers WHERE state = 'proposed')`,
		}, "answer_differs", "questionnaires/"},
		{"an approver", []string{`UPDATE answers SET approved_by = (SELECT id FROM users WHERE name = 'emil') WHERE state = 'approved'`}, "approval_differs", "/answers/"},
		{"a proposal that is another", []string{`UPDATE answers SET proposal_sha256 = (SELECT min(sha256) FROM proposals p WHERE p.n = answers.n AND p.sha256 <> answers.proposal_sha256) WHERE n IN (SELECT n FROM proposals GROUP BY n HAVING count(*) > 1)`}, "answer_differs", "/answers/"},
		{"a revision in the middle", []string{`DELETE FROM answer_revisions WHERE state = 'edited' AND n IN (SELECT n FROM answers WHERE state = 'approved')`}, "answer_differs", "/answers/"},
		{"the list of what the engine wrote", []string{`UPDATE answer_lists SET list = replace(list, ' 1 ', ' 2 ')`}, "answer_list_differs", "questionnaires/"},
		{"the list of what the engine wrote, gone", []string{`DELETE FROM answer_lists`}, "answer_list_differs", "questionnaires/"},
		{"a library entry", []string{`UPDATE library_entries SET description = 'Forged.'`}, "library_differs", "library/"},
		{"a library entry offered again", []string{`UPDATE library_entries SET retired = NOT retired`}, "library_differs", "library/"},
		{"a role", []string{`UPDATE members SET roles = 'viewer uploader reviewer exporter admin' WHERE roles = 'exporter'`}, "roles_differ", "members/"},
		{"a member's revision", []string{`UPDATE members SET revision = revision + 1 WHERE roles = 'exporter'`}, "row_differs", "members/"},
		{"when an admin joined", []string{`UPDATE members SET created = created - 1 WHERE workspace_id <> 'installation' AND roles = 'viewer uploader reviewer exporter admin'`}, "row_differs", "members/"},
		{"when who runs the installation joined", []string{`UPDATE members SET created = created - 1 WHERE workspace_id = 'installation'`}, "row_differs", "members/"},
		{"a member of the installation", []string{`INSERT INTO members SELECT 'installation', id, 1, 'admin', 0 FROM users WHERE name = 'emil'`}, "member_unknown", "members/"},
		{"a member who is gone", []string{`DELETE FROM members WHERE roles = 'exporter'`}, "member_missing", "members/"},
		{"a profile", []string{`UPDATE profiles SET yaml = CAST('x' AS blob)`}, "profile_differs", "profiles/own"},
		{"an uploaded file", []string{`UPDATE blobs SET data = CAST('x' AS blob) WHERE sha256 IN (SELECT blob_sha256 FROM records)`}, "file_damaged", "questionnaires/"},
		{"an exported file", []string{`UPDATE blobs SET data = CAST('x' AS blob) WHERE sha256 IN (SELECT blob_sha256 FROM exports)`}, "file_damaged", "exports/"},
		{"what an approval kept of its evidence", []string{`UPDATE blobs SET data = CAST('[]' AS blob) WHERE sha256 NOT IN (SELECT blob_sha256 FROM records UNION SELECT blob_sha256 FROM exports)`}, "file_damaged", "/answers/"},
		{"what an approval kept of its evidence, gone", []string{`DELETE FROM blobs WHERE sha256 NOT IN (SELECT blob_sha256 FROM records UNION SELECT blob_sha256 FROM exports)`}, "file_damaged", "/answers/"},
		{"a manifest", []string{`UPDATE exports SET manifest = CAST('{}' AS blob)`}, "export_differs", "exports/"},
		{"an export's evidence list", []string{`UPDATE exports SET evidence = CAST('[]' AS blob)`}, "row_differs", "exports/"},
		{"whom an export is for", []string{`UPDATE exports SET audience = 'public'`}, "row_differs", "exports/"},
		{"a library entry's authors", []string{`UPDATE library_entries SET authors = ''`}, "row_differs", "library/"},
		{"a library entry's days", []string{`UPDATE library_entries SET review_by = '2031-01-01'`}, "row_differs", "library/"},
		{"a profile's authors", []string{`UPDATE profiles SET authors = '{}'`}, "row_differs", "profiles/own"},
		{"a proposal's text", []string{`UPDATE proposals SET proposal = replace(proposal, 'soc2', 'soc3')`}, "proposal_changed", "/answers/"},
		{"a question", []string{`UPDATE questions SET question = replace(question, 'Are', 'Were')`}, "questions_differ", "questionnaires/"},
		{"a question's domain", []string{`UPDATE questions SET domain = 'X' WHERE n = 2`}, "question_misfiled", "/answers/2"},
		{"what a question is found by", []string{`UPDATE questions SET text_hash = 'x' WHERE n = 2`}, "question_misfiled", "/answers/2"},
		{"what a question is known as", []string{`UPDATE questions SET known = 'caiq-4.0/IAM-14.1' WHERE n = 2`}, "question_misfiled", "/answers/2"},
		{"a customer", []string{`UPDATE records SET customer = 'Evil', nda = true`}, "row_differs", "questionnaires/"},
		{"what a questionnaire counts", []string{`UPDATE records SET edited = edited + 1, proposed = proposed - 1`}, "counts_differ", "questionnaires/"},
		{"a profile's version", []string{`UPDATE records SET profile_version = 7, profile_sha256 = 'x'`}, "row_differs", "questionnaires/"},
		{"a comment", []string{`UPDATE comments SET body = 'changed'`}, "comment_differs", "/answers/"},
		{"a comment that is gone", []string{`DELETE FROM comments`}, "comment_missing", "/answers/"},
		{"an email", []string{`UPDATE users SET email = 'evil@example.com' WHERE name = 'Ada'`}, "row_differs", "users/"},
		{"an account", []string{`UPDATE users SET disabled = true WHERE name = 'Ada'`}, "row_differs", "users/"},
		{"a password", []string{`UPDATE users SET password_hash = 'x' WHERE name = 'Ada'`}, "row_differs", "users/"},
		{"a password taken away", []string{`UPDATE users SET password_hash = '' WHERE name = 'Ada'`}, "row_differs", "users/"},
		{"an account that nobody made", []string{`INSERT INTO users SELECT 'eve', 1, 'eve@example.com', 'Eve', password_hash, false, created FROM users WHERE name = 'Ada'`}, "row_unknown", "users/eve"},
		{"a token's scopes", []string{`UPDATE tokens SET scopes = 'read approve'`}, "row_differs", "tokens/"},
		{"a token that nobody made", []string{`INSERT INTO tokens SELECT 'other', workspace_id, user_id, 1, 'x', 'other', scopes, created, expires, 0, 0 FROM tokens`}, "row_unknown", "tokens/other"},
		{"a workspace's name", []string{`UPDATE workspaces SET name = 'X' WHERE id <> 'installation'`}, "row_differs", "workspaces/"},
		{"a single operator", []string{`UPDATE workspaces SET single_operator = true WHERE id <> 'installation'`}, "single_operator_differs", "workspaces/"},
		{"a workspace that nobody made", []string{`INSERT INTO workspaces SELECT 'other', 1, 'Other', false, 0, 0, '' FROM workspaces WHERE id = 'installation'`}, "workspace_unknown", "workspaces/other"},
		{"authors that are no list of people", []string{`UPDATE profiles SET authors = '[]'`}, "row_unreadable", "profiles"},
		{"a questionnaire", []string{`DELETE FROM records`}, "questionnaire_missing", "questionnaires/"},
	}
}

func TestReconcileNamesWhatTheTrailDoesNotSay(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, e engine) {
		base := newTampered(t, e)
		base.close(t)
		t.Run("an honest installation", func(t *testing.T) {
			t.Parallel()
			if problems := base.copied(t).reconcile(t); len(problems) > 0 {
				t.Errorf("problems:\n%s", problems.Error())
			}
		})
		all := damages()
		if e.name == "SQLite" { // the other keeps texts out of numbers by itself
			all = append(all, damaged{"a time that is none", []string{`UPDATE library_entries SET approved_at = 'soon'`}, "row_unreadable", "library"})
		}
		for _, tt := range all {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				w := base.copied(t)
				for _, query := range tt.damage {
					w.exec(t, query)
				}
				wantProblem(t, w.reconcile(t), tt.code, tt.field)
			})
		}
	})
}

func wantProblem(t *testing.T, problems caiq.Problems, code, field string) {
	t.Helper()
	for _, p := range problems {
		if p.Code == code && strings.Contains(p.Field, field) {
			return
		}
	}
	t.Errorf("no %s of %s in:\n%v", code, field, problems)
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
	ctx, w := t.Context(), newTampered(t, sqliteEngine())
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
