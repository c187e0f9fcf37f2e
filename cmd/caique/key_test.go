package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestADatabaseKeepsItsSigningKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	s := serve(t, "--data", data)
	_, secret, _ := strings.Cut(s.link, "#")
	setup := `{"link":"` + secret + `","email":"ada@example.com","name":"Ada","password":"a long enough passphrase","workspace":"Acme"}`
	if got := post(t, s.base+"/api/v1/setup", setup, nil); got >= 300 {
		t.Fatalf("set-up: %d", got)
	}
	if code, out := command(t, "serve", "--data", data, "--listen", "127.0.0.1:0"); code == exitDone || !strings.Contains(out, "another process serves") {
		t.Errorf("a second process: %d %s", code, out)
	}
	if code, out := command(t, "audit", "verify", "--data", data); code != exitDone {
		t.Errorf("audit verify beside it: %d %s", code, out)
	}
	if code := s.stop(); code != exitDone {
		t.Fatalf("serve ended with %d", code)
	}
	key := filepath.Join(data, signingKeyFile)
	if err := os.Rename(key, key+".away"); err != nil {
		t.Fatal(err)
	}
	if code, out := command(t, "serve", "--data", data, "--listen", "127.0.0.1:0"); code == exitDone || !strings.Contains(out, "--new-key") {
		t.Errorf("without its key: %d %s", code, out)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a key was made all the same")
	}
	next := serve(t, "--data", data, "--new-key")
	if code := next.stop(); code != exitDone {
		t.Errorf("with a new key: %d", code)
	}
	code, out := command(t, "audit", "verify", "--data", data)
	if code != exitDone || !strings.Contains(out, "checkpoints agree") {
		t.Errorf("audit verify after a new key: %d %s", code, out)
	}
	if err := os.Rename(key+".away", key); err != nil {
		t.Fatal(err)
	}
	if code, _ := command(t, "serve", "--data", data, "--listen", "127.0.0.1:0"); code == exitDone {
		t.Error("the old key and the new public key passed as a pair")
	}
}
