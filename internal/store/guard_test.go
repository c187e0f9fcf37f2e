package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"caique/internal/caiq"
	"caique/internal/store"
)

// direct is a store and a way round it: what somebody with the password, or a
// mistake in this package, could do.
type direct struct {
	*store.Store
	db *sql.DB
}

// eachEngine runs a test on both engines, with one questionnaire stored.
func eachEngine(t *testing.T, test func(t *testing.T, d direct)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "caique.db")
		s := openFile(t, path)
		seed(t, s)
		test(t, direct{s, openDirect(t, "sqlite", "file:"+path+"?_foreign_keys=1&_busy_timeout=5000")})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		dsn := postgresSchema(t)
		s, err := store.OpenPostgres(t.Context(), dsn)
		closing(t, s, err)
		seed(t, s)
		test(t, direct{s, openDirect(t, "pgx", dsn)})
	})
}

func openDirect(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// exec runs a statement past the store.
func (d direct) exec(t *testing.T, query string) {
	t.Helper()
	if _, err := d.db.ExecContext(t.Context(), query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// refused checks that the database itself refuses a statement.
func (d direct) refused(t *testing.T, query string) {
	t.Helper()
	if _, err := d.db.ExecContext(t.Context(), query); err == nil {
		t.Errorf("not refused: %s", query)
	}
}

func TestGuards(t *testing.T) {
	t.Parallel()
	t.Run("the trail and histories are append-only for everybody", func(t *testing.T) {
		t.Parallel()
		eachEngine(t, func(t *testing.T, d direct) {
			for _, query := range []string{
				`UPDATE events SET actor = 'nobody' WHERE seq = 1`,
				`DELETE FROM events WHERE seq = 1`,
				`DELETE FROM events`,
				`UPDATE checkpoints SET note = 'x'`,
				`DELETE FROM checkpoints`,
				`UPDATE answer_revisions SET description = 'x' WHERE n = 1`,
				`DELETE FROM answer_revisions WHERE n = 1`,
				`UPDATE profiles SET name = 'x'`,
				`DELETE FROM profiles`,
			} {
				d.refused(t, query)
			}
		})
	})
	t.Run("nobody approves a text of their own, whichever way they come", func(t *testing.T) {
		t.Parallel()
		eachEngine(t, func(t *testing.T, d direct) {
			d.exec(t, `UPDATE answers SET edited_by = 'ben' WHERE n = 1`)
			d.refused(t, `UPDATE answers SET state = 'approved', approved_by = 'ben' WHERE n = 1`)
			d.refused(t, `UPDATE answers SET state = 'approved', approved_by = 'ben', single_operator = true WHERE n = 1`)
			d.refused(t, `UPDATE workspaces SET single_operator = true WHERE id = 'w'`)
			d.exec(t, `UPDATE answers SET state = 'approved', approved_by = 'ana' WHERE n = 1`)
			d.refused(t, `UPDATE answers SET edited_by = 'ana' WHERE n = 1`)
			d.refused(t, `UPDATE answers SET approved_by = NULL WHERE n = 1`)
		})
	})
	t.Run("nobody approves words of theirs, whoever edited last", func(t *testing.T) {
		t.Parallel()
		eachEngine(t, func(t *testing.T, d direct) {
			row, err := d.Row(t.Context(), "w", "r", 1)
			must(t, err)
			must(t, edit(t.Context(), d.Store, &row.Answer, "ana", "By ana."))
			row.Answer.Authors = []string{"ana", "ben"}
			row.Answer.EditedBy, row.Answer.Description = "ben", "By ana and ben."
			row.Answer.TextSHA256 = row.Answer.Answer.SHA256()
			must(t, save(t.Context(), d.Store, "edit", &row.Answer))
			d.refused(t, `UPDATE answers SET state = 'approved', approved_by = 'ana' WHERE n = 1`)
			d.refused(t, `UPDATE answers SET state = 'approved', approved_by = 'ana', authors = 'ben' WHERE n = 1`)
			d.refused(t, `UPDATE answers SET state = 'approved', approved_by = 'ana', authors = '', edited_by = NULL WHERE n = 1`)
			if err := approve(t.Context(), d.Store, &row.Answer, "ana"); caiq.CodeOf(err) != "sod_violation" {
				t.Errorf("error %v", err)
			}
			d.exec(t, `INSERT INTO users SELECT 'eve', revision, 'eve@example.com', name, password_hash, disabled, created FROM users WHERE id = 'ana'`)
			must(t, approve(t.Context(), d.Store, &row.Answer, "eve"))
			d.refused(t, `UPDATE answers SET authors = 'eve' WHERE n = 1`)
		})
	})
	t.Run("ids of one workspace cannot be stored in another", func(t *testing.T) {
		t.Parallel()
		eachEngine(t, func(t *testing.T, d direct) {
			d.exec(t, `INSERT INTO workspaces (id, revision, name, single_operator, created, seq, head) VALUES ('other', 1, '', false, 0, 0, '')`)
			d.refused(t, `INSERT INTO comments (workspace_id, id, record_id, n, author, body, created) VALUES ('other', 'c', 'r', 1, 'ana', '', 0)`)
			d.refused(t, `UPDATE questions SET workspace_id = 'other'`)
			d.refused(t, `UPDATE records SET workspace_id = 'other'`)
			d.refused(t, `INSERT INTO library_entries SELECT 'other', id, revision, profile_id, question_key, text_hash, audience, value,
				ownership, description, customer, text_sha256, basis_hash, evidence_until, band, 'ana', review_by, retired,
				source_record_id, source_name, source_n, source_revision, edited_by, approved_by, approved_at, created, authors, question, asks FROM library_entries`)
		})
	})
}

func TestCheck(t *testing.T) {
	t.Parallel()
	t.Run("a sound database has no problems", func(t *testing.T) {
		t.Parallel()
		eachEngine(t, func(t *testing.T, d direct) { wantProblems(t, d, "") })
	})
	dropGuards := map[string][]string{
		"SQLite":     {`DROP TRIGGER events_no_delete`, `DROP TRIGGER answer_revisions_no_update`},
		"PostgreSQL": {`DROP TRIGGER events_append_only ON events`, `DROP TRIGGER answer_revisions_append_only ON answer_revisions`},
	}
	for _, c := range []struct{ name, damage, code string }{
		{"a changed file is named", `UPDATE blobs SET data = CAST('x' AS bytea)`, "blob_damaged"},
		{"a file's changed size is named", `UPDATE blobs SET size = size + 1`, "blob_damaged"},
		{"a trail without its last event is named", `DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)`, "trail_cut"},
		{"a trail without an event in the middle is named", `DELETE FROM events WHERE seq = 1`, "trail_cut"},
		{"a revision of another kind of workspace is named", `UPDATE answer_revisions SET single_operator = NOT single_operator WHERE n = 1`, "single_operator_differs"},
		{"a lost question is named", `DELETE FROM answers WHERE n = 2`, "rows_missing"},
		{"a count that is off is named", `UPDATE records SET approved = approved + 1`, "rows_missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			eachEngine(t, func(t *testing.T, d direct) {
				name := "SQLite"
				if filepath.Base(t.Name()) == "PostgreSQL" {
					name = "PostgreSQL"
				}
				for _, query := range dropGuards[name] {
					d.exec(t, query)
				}
				d.exec(t, c.damage)
				wantProblems(t, d, c.code)
			})
		})
	}
	t.Run("a changed answer is named", func(t *testing.T) {
		t.Parallel()
		eachEngine(t, func(t *testing.T, d direct) {
			// A new revision that nobody hashed, as inserting is all the guards allow.
			d.exec(t, `INSERT INTO answer_revisions SELECT workspace_id, record_id, n, revision + 1, state, value, ownership, 'forged', customer,
				text_sha256, proposal_sha256, band, basis_hash, evidence_until, edited_by, approved_by, approved_at, approved_basis,
				approved_until, reason, changed_by, changed, source, single_operator, authors, audience FROM answer_revisions WHERE n = 1`)
			wantProblems(t, d, "answer_damaged")
		})
	})
}

// wantProblems checks that the first problem has the code, or that there is none.
func wantProblems(t *testing.T, d direct, code string) {
	t.Helper()
	problems, err := d.Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if code == "" && len(problems) == 0 {
		return
	}
	for _, p := range problems {
		if p.Code == code {
			return
		}
	}
	t.Errorf("problems %v, want %q", problems, code)
}
