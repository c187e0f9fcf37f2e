package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"

	"caique/internal/caiq"
)

// OpenReadOnly opens an SQLite file without changing it: a backup, or the
// database of a service that runs. Whatever would write fails.
func OpenReadOnly(ctx context.Context, path string) (*Store, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database %q: %w", path, err)
	}
	db, err := openSQLite(abs, sqliteReaders, url.Values{"mode": {"ro"}, "_query_only": {"1"}})
	if err != nil {
		return nil, err
	}
	s := &Store{engine: sqliteEngine(), db: handles{db, db}}
	if err := s.checkVersion(ctx, path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// checkVersion refuses what is no database of this program's version, or none at all.
func (s *Store) checkVersion(ctx context.Context, path string) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return (&caiq.Error{Kind: caiq.Invalid, Code: "not_a_database", Msg: path + " is no database of caique", Err: err}).
			WithHint("give the file that caique serve or caique backup wrote")
	}
	if current != target {
		return unsupported("other_version", fmt.Sprintf("%s has database version %d, this program reads %d", path, current, target)).
			WithHint("use the version of caique that wrote it, or start caique serve once to bring it up to date")
	}
	return nil
}

// Backup writes a consistent copy of a running SQLite database to a file that
// must not exist yet. The file appears under its name only when it is complete
// and on disk. PostgreSQL has tools of its own for this.
func (s *Store) Backup(ctx context.Context, path string) error {
	if s.engine.dialect != goose.DialectSQLite3 {
		return unsupported("backup_engine", "caique backup copies SQLite databases").
			WithHint("use pg_dump for PostgreSQL: everything is in the database")
	}
	if _, err := os.Lstat(path); err == nil {
		return caiq.Errorf(caiq.Conflict, "exists", "%s exists already", path).WithHint("give a file that does not exist")
	}
	if err := s.copyTo(ctx, path+".partial"); err != nil {
		return errors.Join(err, removeIfThere(path+".partial"))
	}
	if err := os.Rename(path+".partial", path); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return syncPath(filepath.Dir(path))
}

func (s *Store) copyTo(ctx context.Context, path string) error {
	if err := removeIfThere(path); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) // VACUUM INTO takes an empty file
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := s.vacuumInto(ctx, path); err != nil {
		return s.translate(fmt.Errorf("backup: %w", err))
	}
	return syncPath(path)
}

// vacuumInto copies within one read transaction, so that writers go on. SQLite
// takes it for writing: the connection drops its guard meanwhile.
func (s *Store) vacuumInto(ctx context.Context, path string) (err error) {
	c, err := s.db.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	var guard int
	if err := c.QueryRowContext(ctx, `PRAGMA query_only`).Scan(&guard); err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, `PRAGMA query_only = 0`); err != nil {
		return err
	}
	defer func() {
		_, e := c.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf(`PRAGMA query_only = %d`, guard))
		err = errors.Join(err, e)
	}()
	_, err = c.ExecContext(ctx, `VACUUM INTO $1`, path)
	return err
}

func removeIfThere(path string) error {
	err := os.Remove(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// syncPath puts a file, or the names in a folder, on disk.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// Check looks for damage that the database does not see by itself: files and
// answers that differ from their hash, trails whose end is not where the
// workspace says, counts that are off. On SQLite it also has the engine check
// its own structures. Whether a trail's events are genuine is for those who hold
// its checkpoints to say.
func (s *Store) Check(ctx context.Context) (caiq.Problems, error) {
	var problems caiq.Problems
	checks := []func(context.Context) (caiq.Problems, error){s.checkBlobs, s.checkAnswers, s.checkOperators, s.checkHeads, s.checkCounts}
	if s.engine.dialect == goose.DialectSQLite3 {
		checks = append(checks, s.checkEngine)
	}
	for _, check := range checks {
		found, err := check(ctx)
		if err != nil {
			return nil, err
		}
		problems = append(problems, found...)
	}
	return problems, nil
}

func (s *Store) checkBlobs(ctx context.Context) (caiq.Problems, error) {
	type key struct {
		workspace, sum string
		size           int
	}
	keys, err := list(ctx, s, func(row scanner) (k key, err error) { return k, row.Scan(&k.workspace, &k.sum, &k.size) },
		`SELECT workspace_id, sha256, size FROM blobs ORDER BY workspace_id, sha256`)
	if err != nil {
		return nil, err
	}
	var problems caiq.Problems
	for _, k := range keys {
		data, err := one(ctx, s, "file", scanBytes, `SELECT data FROM blobs WHERE workspace_id = $1 AND sha256 = $2`, k.workspace, k.sum)
		if err != nil {
			return nil, err
		}
		if hashOf(data) != k.sum || len(data) != k.size {
			problems = append(problems, damage("blob_damaged", "the file %s of workspace %s is damaged", k.sum, k.workspace))
		}
	}
	return problems, nil
}

func (s *Store) checkAnswers(ctx context.Context) (caiq.Problems, error) {
	var problems caiq.Problems
	_, err := list(ctx, s, func(row scanner) (struct{}, error) {
		var a caiq.StoredAnswer
		err := row.Scan(&a.WorkspaceID, &a.RecordID, &a.N, &a.Revision,
			(*string)(&a.Value), (*string)(&a.Ownership), &a.Description, &a.Customer, &a.TextSHA256)
		if err == nil && a.Answer.SHA256() != a.TextSHA256 {
			problems = append(problems, damage("answer_damaged",
				"revision %d of answer %d of questionnaire %s is damaged", a.Revision, a.N, a.RecordID))
		}
		return struct{}{}, err
	}, `SELECT workspace_id, record_id, n, revision, value, ownership, description, customer, text_sha256
		FROM answer_revisions ORDER BY workspace_id, record_id, n, revision`)
	return problems, err
}

// checkOperators looks for revisions that claim to be of a workspace with a single
// operator, or not to be: no reference keeps these right.
func (s *Store) checkOperators(ctx context.Context) (caiq.Problems, error) {
	return s.problems(ctx, "single_operator_differs", "revisions of questionnaire %s do not say what its workspace does: whether it has a single operator",
		`SELECT DISTINCT v.record_id FROM answer_revisions v JOIN workspaces w ON w.id = v.workspace_id
		WHERE v.single_operator <> w.single_operator ORDER BY v.record_id`)
}

func (s *Store) checkHeads(ctx context.Context) (caiq.Problems, error) {
	return s.problems(ctx, "trail_cut", "the trail of workspace %s does not end where the workspace says",
		`SELECT w.id FROM workspaces w LEFT JOIN events e ON e.workspace_id = w.id AND e.seq = w.seq
		WHERE (w.seq > 0 AND (e.hash IS NULL OR e.hash <> w.head))
		OR w.seq <> (SELECT count(*) FROM events c WHERE c.workspace_id = w.id) ORDER BY w.id`)
}

func (s *Store) checkCounts(ctx context.Context) (caiq.Problems, error) {
	return s.problems(ctx, "rows_missing", "questionnaire %s has lost questions, answers or revisions",
		`SELECT r.id FROM records r
		WHERE r.questions <> (SELECT count(*) FROM questions q WHERE q.workspace_id = r.workspace_id AND q.record_id = r.id)
		OR r.questions <> r.proposed + r.edited + r.approved + r.rejected
		OR r.approved <> (SELECT count(*) FROM answers a WHERE a.workspace_id = r.workspace_id AND a.record_id = r.id AND a.state = 'approved')
		OR (SELECT coalesce(sum(a.revision), 0) FROM answers a WHERE a.workspace_id = r.workspace_id AND a.record_id = r.id)
			<> (SELECT count(*) FROM answer_revisions v WHERE v.workspace_id = r.workspace_id AND v.record_id = r.id)
		ORDER BY r.workspace_id, r.id`)
}

func (s *Store) checkEngine(ctx context.Context) (caiq.Problems, error) {
	var problems caiq.Problems
	lines, err := list(ctx, s, scanText, `PRAGMA integrity_check(20)`)
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		if line != "ok" {
			problems = append(problems, damage("database_damaged", "%s", line))
		}
	}
	_, err = list(ctx, s, func(row scanner) (struct{}, error) {
		var table, parent string
		var id, constraint sql.NullInt64
		err := row.Scan(&table, &id, &parent, &constraint)
		problems = append(problems, damage("database_damaged", "a row of %s names one of %s that is not there", table, parent))
		return struct{}{}, err
	}, `PRAGMA foreign_key_check`)
	return problems, err
}

// problems makes one of every id that the query finds.
func (s *Store) problems(ctx context.Context, code, message, query string) (caiq.Problems, error) {
	ids, err := list(ctx, s, scanText, query)
	var problems caiq.Problems
	for _, id := range ids {
		problems = append(problems, damage(code, message, id))
	}
	return problems, err
}

func damage(code, format string, args ...any) caiq.Problem {
	return caiq.Problem{Code: code, Message: fmt.Sprintf(format, args...)}
}
