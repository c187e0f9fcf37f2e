package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// older is an installation whose folder holds checkpoints newer than its backup.
func older(t *testing.T) (data, backup, workspace string) {
	t.Helper()
	dir := t.TempDir()
	data, backup = filepath.Join(dir, "data"), filepath.Join(dir, "backup.db")
	s := serve(t, "--data", data)
	setup := `{"link":"` + s.link + `","email":"ada@example.com","name":"Ada","password":"a long enough passphrase","workspace":"Acme"}`
	var made struct {
		Workspace struct {
			ID string `json:"id"`
		} `json:"workspace"`
	}
	if got := post(t, s.base+"/api/v1/setup", setup, &made); got >= 300 {
		t.Fatalf("set-up: %d", got)
	}
	if code, out := command(t, "backup", "--data", data, backup); code != exitDone {
		t.Fatalf("backup: %d %s", code, out)
	}
	signIn(t, s.base)
	if code := s.stop(); code != exitDone {
		t.Fatalf("serve ended with %d", code)
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(filepath.Join(data, "caique.db"+end), filepath.Join(dir, "lost.db"+end)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	return data, backup, made.Workspace.ID
}

func signIn(t *testing.T, base string) {
	t.Helper()
	if got := post(t, base+"/api/v1/session", `{"email":"ada@example.com","password":"a long enough passphrase"}`, nil); got >= 300 {
		t.Fatalf("sign-in: %d", got)
	}
}

func TestAnOlderBackupIsRestoredOnTheRecordAlone(t *testing.T) {
	t.Parallel()
	data, backup, workspace := older(t)
	code, out := command(t, "restore", "--data", data, backup)
	if code == exitDone || !strings.Contains(out, "--accept-loss") || !strings.Contains(out, "of installation") {
		t.Errorf("an older backup: %d %s", code, out)
	}
	if isFile(filepath.Join(data, "caique.db")) {
		t.Error("it was put in place all the same")
	}
	if code, out := command(t, "restore", "--data", data, "--accept-loss", backup); code != exitDone || !strings.Contains(out, "recorded in the trail") {
		t.Fatalf("accepted: %d %s", code, out)
	}
	for range 2 { // at once, and after the trail has grown beyond what was lost
		if code, out := command(t, "audit", "verify", "--data", data); code != exitDone || !strings.Contains(out, "are lost, as accepted on") {
			t.Errorf("audit verify: %d %s", code, out)
		}
		s := serve(t, "--data", data)
		signIn(t, s.base)
		signIn(t, s.base)
		if code := s.stop(); code != exitDone {
			t.Errorf("serve ended with %d", code)
		}
		if strings.Contains(s.log.String(), "older than its checkpoints") {
			t.Error("what was accepted is warned of")
		}
	}
	trail := filepath.Join(data, "trail.jsonl")
	for _, id := range []string{"installation", workspace} {
		if code, out := command(t, "audit", "export", "--data", data, "--workspace", id, "--force", "-o", trail); code != exitDone {
			t.Fatalf("audit export: %d %s", code, out)
		}
		offline := []string{"audit", "verify", "--trail", trail, "--key", filepath.Join(data, publicKeyFile), "--checkpoints", filepath.Join(data, checkpointFile)}
		if code, out := command(t, offline...); code != exitDone {
			t.Errorf("%s offline: %d %s", id, code, out)
		}
	}
}

func TestServeWarnsOfADatabaseOlderThanItsCheckpoints(t *testing.T) {
	t.Parallel()
	data, backup, _ := older(t)
	copyFile(t, backup, filepath.Join(data, "caique.db"))
	s := serve(t, "--data", data)
	if res, err := http.Get(s.base + "/readyz"); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("it is not ready: %v, %v", res, err)
	} else {
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	}
	if code := s.stop(); code != exitDone || !strings.Contains(s.log.String(), "older than its checkpoints") {
		t.Errorf("ended with %d: %s", code, s.log.String())
	}
	if code, out := command(t, "audit", "verify", "--data", data); code != exitNegative {
		t.Errorf("audit verify: %d %s", code, out)
	}
	copyFile(t, backup, filepath.Join(data, "caique.db"))
	s = serve(t, "--data", data, "--accept-loss")
	if code := s.stop(); code != exitDone {
		t.Errorf("ended with %d", code)
	}
	if code, out := command(t, "audit", "verify", "--data", data); code != exitDone || !strings.Contains(out, "are lost") {
		t.Errorf("audit verify: %d %s", code, out)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"-wal", "-shm"} {
		_ = os.Remove(to + end)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestABackupOfAnotherInstallationIsNotRestoredOnItsRecord(t *testing.T) {
	t.Parallel()
	data, _, _ := older(t)
	_, other, _ := older(t)
	code, out := command(t, "restore", "--data", data, "--accept-loss", other)
	if code == exitDone || !strings.Contains(out, "signed with another key") || isFile(filepath.Join(data, "caique.db")) {
		t.Errorf("another installation's backup: %d %s", code, out)
	}
}
