package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// serving runs caique serve in process until the test calls stop.
type serving struct {
	base string // "http://127.0.0.1:4711"
	link string // of the first set-up
	stop func() int
	log  *bytes.Buffer // to be read once it has stopped
}

func serve(t *testing.T, args ...string) serving {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	code := make(chan int, 1)
	var log bytes.Buffer
	go func() {
		args := append([]string{"serve", "--listen", "127.0.0.1:0", "--drain", "0s"}, args...)
		code <- run(ctx, args, terminal{in: strings.NewReader(""), out: w, err: &log, now: time.Now})
		_ = w.Close()
	}()
	s := serving{stop: func() int { cancel(); return <-code }, log: &log}
	fresh := isNew(args)
	lines := bufio.NewScanner(r)
	ready := make(chan bool, 1)
	go func() {
		for first := true; lines.Scan(); first = false {
			if _, address, ok := strings.Cut(lines.Text(), "listens on "); first && ok {
				s.base = address
			}
			if f := strings.Fields(lines.Text()); len(f) == 2 && f[0] == "link" {
				s.link = f[1] // http://127.0.0.1:4711/setup#…
			}
			if s.base != "" && (s.link != "" || !fresh) && len(ready) == 0 {
				ready <- true
			}
		}
		close(ready)
	}()
	select {
	case ok := <-ready:
		if !ok {
			t.Fatalf("serve ended with %d: %s", <-code, log.String())
		}
	case <-time.After(20 * time.Second):
		t.Fatal("serve did not get ready")
	}
	return s
}

// isNew reports whether a service that starts has a link to show: on a database of
// its own that is not there yet.
func isNew(args []string) bool {
	at := slices.Index(args, "--data")
	return at >= 0 && !isFile(filepath.Join(args[at+1], "caique.db"))
}

func post(t *testing.T, url, body string, into any) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if into != nil {
		if err := json.NewDecoder(res.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	return res.StatusCode
}

func command(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := run(t.Context(), args, terminal{in: strings.NewReader(""), out: &out, err: &out, now: time.Now})
	return code, out.String()
}

func TestServeBackupRestoreVerify(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	s := serve(t, "--data", data)
	setup := `{"link":"` + s.link + `","email":"ada@example.com","name":"Ada","password":"a long enough passphrase","workspace":"Acme"}`
	var made struct {
		Workspace struct {
			ID string `json:"id"`
		} `json:"workspace"`
	}
	if !strings.HasPrefix(s.link, s.base+"/setup#") {
		t.Errorf("the set-up link is %s, the service at %s", s.link, s.base)
	}
	if res, err := http.Get(s.link); err != nil || res.Body.Close() != nil || res.StatusCode != http.StatusOK {
		t.Errorf("the set-up link leads nowhere: %v", err)
	}
	if got := post(t, s.base+"/api/v1/setup", setup, &made); got >= 300 {
		t.Fatalf("set-up: %d", got)
	}
	if got := post(t, s.base+"/api/v1/setup", setup, nil); got != http.StatusNotFound {
		t.Errorf("a second set-up: %d", got)
	}
	if res, err := http.Get(s.link); err != nil || res.Body.Close() != nil || res.StatusCode != http.StatusNotFound {
		t.Errorf("the page of the set-up is still there: %v", err)
	}
	backup := filepath.Join(dir, "backup.db")
	if code, out := command(t, "backup", "--data", data, backup); code != exitDone {
		t.Fatalf("backup of the running service: %d %s", code, out)
	}
	if code, out := command(t, "backup", "--data", data, backup); code != exitWrite || !strings.Contains(out, "another name") || strings.Contains(out, "--force") {
		t.Errorf("backup over a backup: %d %s", code, out)
	}
	if got := post(t, s.base+"/api/v1/session", `{"email":"ada@example.com","password":"a long enough passphrase"}`, nil); got >= 300 {
		t.Errorf("sign-in: %d", got)
	}
	if code := s.stop(); code != exitDone {
		t.Errorf("serve ended with %d", code)
	}
	if code, out := command(t, "audit", "verify", "--data", data); code != exitDone || !strings.Contains(out, "1 checkpoint agrees") {
		t.Errorf("audit verify: %d %s", code, out)
	}
	checkTrailFile(t, data, made.Workspace.ID)
	checkRestore(t, data, backup)
}

// checkTrailFile exports a trail, verifies it offline, and alters it.
func checkTrailFile(t *testing.T, data, workspace string) {
	t.Helper()
	trail := filepath.Join(data, "trail.jsonl")
	if code, out := command(t, "audit", "export", "--data", data, "--workspace", workspace, "-o", trail); code != exitDone {
		t.Fatalf("audit export: %d %s", code, out)
	}
	offline := []string{"audit", "verify", "--trail", trail, "--key", filepath.Join(data, publicKeyFile), "--checkpoints", filepath.Join(data, checkpointFile)}
	if code, out := command(t, offline...); code != exitDone {
		t.Errorf("offline: %d %s", code, out)
	}
	text, err := os.ReadFile(trail)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("workspace.create"), []byte("workspace.rename"), 1)
	if err := os.WriteFile(trail, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := command(t, offline...); code != exitNegative || !strings.Contains(out, "edited at event 1") {
		t.Errorf("an edited trail: %d %s", code, out)
	}
}

func checkRestore(t *testing.T, data, backup string) {
	t.Helper()
	fresh := filepath.Join(filepath.Dir(data), "fresh")
	if code, out := command(t, "restore", "--data", fresh, backup); code != exitDone {
		t.Errorf("restore: %d %s", code, out)
	}
	if code, _ := command(t, "restore", "--data", fresh, backup); code != exitWrite {
		t.Errorf("restore over a database: %d", code)
	}
	// Checkpoints newer than the backup tell that it lacks events.
	for _, name := range []string{publicKeyFile, checkpointFile} {
		text, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(fresh, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, out := command(t, "audit", "verify", "--data", fresh); code != exitNegative || !strings.Contains(out, "cut_off") {
		t.Errorf("an older state beside newer checkpoints: %d %s", code, out)
	}
	raw, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(backup, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := command(t, "restore", "--data", filepath.Join(fresh, "other"), backup); code != exitInput {
		t.Errorf("a flipped bit: %d %s", code, out)
	}
}

func TestDemoSignsIn(t *testing.T) {
	t.Parallel()
	s := serve(t, "--demo")
	if got := post(t, s.base+"/api/v1/session", `{"email":"rosa@example.com","password":"`+demoPassword+`"}`, nil); got >= 300 {
		t.Errorf("sign-in: %d", got)
	}
	for host, want := range map[string]int{
		"localhost:8080": 200, "127.0.0.1": 200, "[::1]:80": 200, "evil.example": 421, "localhost.evil.example": 421, "127.0.0.1.nip.io": 421,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.base+"/openapi.json", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		res, err := http.DefaultClient.Do(req)
		if err != nil || res.Body.Close() != nil || res.StatusCode != want {
			t.Errorf("host %s: %v, %v", host, res, err)
		}
	}
	if code := s.stop(); code != exitDone {
		t.Errorf("serve ended with %d", code)
	}
}

func TestServeSettings(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "caique.yaml")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("listen: 127.0.0.1:1\norigin: https://from.file\ntrusted-proxies: [10.0.0.1, 10.0.0.2]\nlog-level: warn\n")
	t.Setenv("CAIQUE_LISTEN", "127.0.0.1:2")
	t.Setenv("CAIQUE_LOG_LEVEL", "error")
	t.Setenv("CAIQUE_DATABASE", "postgres://caique:hunter2@db/caique?sslpassword=hunter3")
	code, out := command(t, "serve", "--config", file, "--log-level", "debug", "--print-config")
	for _, want := range []string{"listen: 127.0.0.1:2", "origin: https://from.file", "log-level: debug", "- 10.0.0.2", "demo: false"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if code != exitDone || strings.Contains(out, "hunter") {
		t.Errorf("code %d, printed\n%s", code, out)
	}
	write("listen: 127.0.0.1:1\nlisten-to: me\n")
	if code, out := command(t, "serve", "--config", file); code != exitInput || !strings.Contains(out, "caique.yaml:2: listen-to") {
		t.Errorf("an unknown setting: %d %s", code, out)
	}
	for _, args := range [][]string{
		{"--listen", "0.0.0.0:0"},
		{"--demo", "--listen", "0.0.0.0:0", "--insecure-http"},
		{"--demo", "--data", "somewhere"},
		{"--drain", "2m"},
		{"--drain", "-1s"},
		{"--drain", "5"},
		{"--listen", "nowhere"},
		{"--tls-cert", "x"},
		{"--log-level", "loud", "--demo"},
		{"--log-level", "loud", "--print-config"},
		{"--log-level", "info+2", "--print-config"},
		{"--origin", "caique.example.com"},
		{"--origin", "https://caique.example.com/app"},
		{"--trusted-proxies", "proxy.example.com"},
		{"--allowed-hosts", "https://caique.example.com"},
		{"--database", "host=db user=caique password=hunter2"},
	} {
		if code, out := command(t, append([]string{"serve"}, args...)...); code != exitUsage {
			t.Errorf("%v: %d %s", args, code, out)
		}
	}
}

func TestUnknownVariablesAreNamed(t *testing.T) {
	t.Setenv("CAIQUE_LISTEN_TO", "me")
	t.Setenv("CAIQUE_PRINT_CONFIG", "true")
	t.Setenv("CAIQUE_ORIGIN", "https://caique.example.com")
	t.Setenv("CAIQUE_TEST_X", "a test's own")
	_, out := command(t, "serve", "--print-config")
	for name, want := range map[string]bool{"CAIQUE_LISTEN_TO": true, "CAIQUE_PRINT_CONFIG": true, "CAIQUE_ORIGIN": false, "CAIQUE_TEST_X": false} {
		if strings.Contains(out, "warning: "+name) != want {
			t.Errorf("%s: named should be %v\n%s", name, want, out)
		}
	}
}

func TestOtherCommandsFindTheDataOfTheService(t *testing.T) {
	t.Setenv("CAIQUE_DATA", filepath.Join(t.TempDir(), "of-the-service"))
	for _, args := range [][]string{{"audit", "verify"}, {"backup", "x.db"}, {"audit", "export", "--workspace", "w", "-o", filepath.Join(t.TempDir(), "t")}} {
		if code, out := command(t, args...); code != exitInput || !strings.Contains(out, "of-the-service") {
			t.Errorf("%v: %d %s", args, code, out)
		}
	}
}

func TestMasked(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"/var/lib/caique/caique.db":                           "/var/lib/caique/caique.db",
		"postgres://db/caique":                                "postgres://db/caique",
		"postgres://caique@db/caique?sslmode=disable":         "postgres://caique@db/caique?sslmode=disable",
		"postgres://caique:hunter2@db/caique":                 "postgres://caique:xxxxx@db/caique",
		"postgres://caique:hunter2@db/x?sslpassword=hunter3":  "postgres://caique:xxxxx@db/x?sslpassword=xxxxx",
		"postgresql://caique:hunter/2?@h#x@db/caique":         "postgresql://caique:xxxxx@db/caique",
		"postgres://db/x?user=caique&PASSWORD=hunter2&a=b":    "postgres://db/x?user=caique&PASSWORD=xxxxx&a=b",
		"host=db user=caique password=hunter2 dbname=x":       "host=db user=caique password=xxxxx dbname=x",
		"host=db password = 'hunter \\'2' dbname=x":           "host=db password = xxxxx dbname=x",
		`host=db password=hunter\ 2 dbname=x`:                 "host=db password=xxxxx dbname=x",
		"PGPASSWORD=hunter2 postgres://db/x":                  "PGPASSWORD=xxxxx postgres://db/x",
		"POSTGRES://caique:hunter2@db/caique?pwd=hunter3&a=b": "POSTGRES://caique:xxxxx@db/caique?pwd=xxxxx&a=b",
	} {
		if got := masked(address); got != want || strings.Contains(got, "hunter") {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
