package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"caique/internal/caiq"
)

// installed is an installation that was set up and has stopped, so that its
// trails are signed.
type installed struct {
	data      string
	database  []string // the flag that names it, on PostgreSQL
	driver    string
	dsn       string
	workspace string
}

// eachEngine runs a test on an installation on every engine that there is.
func eachEngine(t *testing.T, test func(t *testing.T, in *installed)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, install(t))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		address := postgresSchema(t)
		in := &installed{data: filepath.Join(t.TempDir(), "data"), database: []string{"--database", address}, driver: "pgx", dsn: address}
		test(t, in.setUp(t))
	})
}

func install(t *testing.T) *installed {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	in := &installed{data: data, driver: "sqlite", dsn: "file:" + filepath.Join(data, "caique.db")}
	return in.setUp(t)
}

func (in *installed) setUp(t *testing.T) *installed {
	t.Helper()
	s := serve(t, append([]string{"--data", in.data}, in.database...)...)
	_, secret, _ := strings.Cut(s.link, "#")
	setup := `{"link":"` + secret + `","email":"ada@example.com","name":"Ada","password":"a long enough passphrase","workspace":"Acme"}`
	var made struct {
		Workspace struct {
			ID string `json:"id"`
		} `json:"workspace"`
	}
	if got := post(t, s.base+"/api/v1/setup", setup, &made); got >= 300 {
		t.Fatalf("set-up: %d", got)
	}
	s.stop()
	in.workspace = made.Workspace.ID
	return in
}

// verify runs caique audit verify on it.
func (in *installed) verify(t *testing.T, args ...string) (int, string) {
	t.Helper()
	return command(t, append(append([]string{"audit", "verify", "--data", in.data}, in.database...), args...)...)
}

// exec changes the database past the service and its own guards.
func (in *installed) exec(t *testing.T, queries ...string) {
	t.Helper()
	db, err := sql.Open(in.driver, in.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	off := []string{`DROP TRIGGER events_no_delete`, `DROP TRIGGER checkpoints_no_delete`}
	if in.driver == "pgx" {
		off = []string{`SET session_replication_role = replica`}
	}
	for _, query := range append(off, queries...) {
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
}

var schemas atomic.Int64

// postgresSchema makes a schema for one test and returns an address that stays
// inside it. It skips where no PostgreSQL is named, unless it is required.
func postgresSchema(t *testing.T) string {
	t.Helper()
	dsn := os.Getenv("CAIQUE_TEST_POSTGRES")
	if dsn == "" {
		if strings.Contains(os.Getenv("CAIQUE_TEST_REQUIRE"), "postgres") {
			t.Fatal("CAIQUE_TEST_POSTGRES must name a PostgreSQL database to test on")
		}
		t.Skip("CAIQUE_TEST_POSTGRES names no PostgreSQL database to test on")
	}
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	schema := fmt.Sprintf("caique_cmd_%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := db.ExecContext(t.Context(), `CREATE SCHEMA `+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), `DROP SCHEMA `+schema+` CASCADE`); err != nil {
			t.Error(err)
		}
		_ = db.Close()
	})
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

func TestAuditVerifyNamesWhatDoesNotAgreeWithTheTrail(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, in *installed) {
		if code, out := in.verify(t); code != exitDone || strings.Count(out, "outside the database at event") != 2 {
			t.Errorf("as it was: %d %s", code, out)
		}
		in.exec(t, `UPDATE members SET roles = 'viewer' WHERE workspace_id <> 'installation'`)
		if code, out := in.verify(t); code != exitNegative || !strings.Contains(out, "roles_differ") || !strings.Contains(out, "members/") {
			t.Errorf("a changed role: %d %s", code, out)
		}
		if code, out := in.verify(t, "--json"); code != exitNegative || !strings.Contains(out, `"code": "roles_differ"`) {
			t.Errorf("as JSON: %d %s", code, out)
		}
	})
}

func TestAuditVerifyNamesAWorkspaceThatIsGone(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, in *installed) {
		var all []string
		for _, table := range []string{"tokens", "members", "events", "checkpoints"} {
			all = append(all, `DELETE FROM `+table+` WHERE workspace_id = '`+in.workspace+`'`)
		}
		in.exec(t, append(all, `DELETE FROM workspaces WHERE id = '`+in.workspace+`'`)...)
		code, out := in.verify(t)
		if code != exitNegative || !strings.Contains(out, in.workspace+": missing at event 1") || !strings.Contains(out, "workspace_missing") {
			t.Errorf("%d %s", code, out)
		}
		if code, out := in.verify(t, "--workspace", in.workspace); code != exitNegative || !strings.Contains(out, in.workspace+": missing at event 1") {
			t.Errorf("asked about alone: %d %s", code, out)
		}
		if err := os.Remove(filepath.Join(in.data, checkpointFile)); err != nil {
			t.Fatal(err)
		}
		if code, out := in.verify(t, "--allow-missing"); code != exitNegative || !strings.Contains(out, "workspace_missing") {
			t.Errorf("without checkpoints outside: %d %s", code, out)
		}
	})
}

func TestAuditVerifyFailsWhereWhatWouldTellIsMissing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		damage func(path string) error
		file   string
		code   string
	}{
		{"no public key", os.Remove, publicKeyFile, "key_missing"},
		{"no checkpoints", os.Remove, checkpointFile, "checkpoints_missing"},
		{"emptied checkpoints", func(path string) error { return os.Truncate(path, 0) }, checkpointFile, "checkpoints_missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := install(t)
			path := filepath.Join(in.data, tt.file)
			if err := tt.damage(path); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{nil, {"--json"}} {
				if code, out := in.verify(t, args...); code != exitNegative || !strings.Contains(out, tt.code) || !strings.Contains(out, path) {
					t.Errorf("%v: %d %s", args, code, out)
				}
			}
			if code, out := in.verify(t, "--allow-missing"); code != exitDone || !strings.Contains(out, tt.code) {
				t.Errorf("allowed: %d %s", code, out)
			}
		})
	}
}

func TestAuditVerifyReadsCheckpointsInBothForms(t *testing.T) {
	t.Parallel()
	in := install(t)
	file := filepath.Join(in.data, checkpointFile)
	kept, unread, err := readCheckpoints(file)
	if err != nil || len(kept) != 2 || len(unread) != 0 {
		t.Fatalf("kept %v, unread %v, %v", kept, unread, err)
	}
	trail := filepath.Join(in.data, "trail.jsonl")
	if code, out := command(t, "audit", "export", "--data", in.data, "--workspace", in.workspace, "-o", trail); code != exitDone {
		t.Fatalf("export: %d %s", code, out)
	}
	bare := filepath.Join(in.data, "checkpoint.txt") // as the API gives it
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(bare, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	offline := []string{"audit", "verify", "--trail", trail, "--key", filepath.Join(in.data, publicKeyFile), "--checkpoints", bare}
	for name, text := range map[string]string{
		"bare":           kept[0].Note + kept[1].Note,
		"with line ends": strings.ReplaceAll(kept[0].Note+"\n"+kept[1].Note, "\n", "\r\n"),
	} {
		write(text)
		if code, out := command(t, offline...); code != exitDone || !strings.Contains(out, "outside the database at event 1") {
			t.Errorf("%s: %d %s", name, code, out)
		}
	}
	write(kept[0].Note + "not a checkpoint\nat all\n" + kept[1].Note[:20])
	if code, out := command(t, offline...); code != exitDone || !strings.Contains(out, bare+":8:") || strings.Count(out, "checkpoint_unreadable") != 1 {
		t.Errorf("with other lines: %d %s", code, out)
	}
	write("not a checkpoint\n")
	if code, out := command(t, offline...); code != exitNegative || !strings.Contains(out, "checkpoints_missing") {
		t.Errorf("without any: %d %s", code, out)
	}
	other := install(t)
	code, out := in.verify(t, "--checkpoints", filepath.Join(other.data, checkpointFile))
	if code != exitNegative || strings.Count(out, "bad_checkpoint") != 2 || !strings.Contains(out, checkpointFile+":2:") {
		t.Errorf("of another installation: %d %s", code, out)
	}
}

func TestATornLineOfCheckpointsIsPassedOver(t *testing.T) {
	t.Parallel()
	in := install(t)
	file := filepath.Join(in.data, checkpointFile)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text[:len(text)-20], 0o600); err != nil { // the power failed while it was written
		t.Fatal(err)
	}
	if code, out := in.verify(t); code != exitDone || !strings.Contains(out, file+":2:") || !strings.Contains(out, "checkpoint_unreadable") {
		t.Errorf("torn: %d %s", code, out)
	}
	kept, _, err := readCheckpoints(file)
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept %v, %v", kept, err)
	}
	sink := &checkpointSink{path: file}
	for range 2 {
		if err := sink.put(caiq.Checkpoint{Note: kept[0].Note}); err != nil {
			t.Fatal(err)
		}
	}
	kept, unread, err := readCheckpoints(file)
	if err != nil || len(kept) != 3 || len(unread) != 1 || kept[1].Place != file+":3" || kept[2].Place != file+":4" {
		t.Errorf("kept %v, unread %v, %v", kept, unread, err)
	}
}
