package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// TestStop_signal sends a signal to a run that would go on for long: it ends in
// good order and leaves nothing behind.
func TestStop_signal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process on Windows gets no such signal")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			dir := t.TempDir()
			command := filepath.Join(dir, "caique") // the name by which TestMain knows it
			if err := os.Symlink(self, command); err != nil {
				t.Fatal(err)
			}
			var rows strings.Builder
			rows.WriteString("Question,Answer,Comment\n")
			for i := range 20_000 {
				fmt.Fprintf(&rows, "Do you review access to system %d of department %d every quarter?,,\n", i, i%97)
			}
			if err := os.WriteFile(filepath.Join(dir, "long.csv"), []byte(rows.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), command, "answer", "long.csv", "-p", "example-saas", "-o", "out.csv", "--manifest", "out.json", "--json")
			cmd.Dir = dir
			var out bytes.Buffer
			cmd.Stdout = &out
			told, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			said := bufio.NewScanner(told)
			for said.Scan() && said.Text() != "match" {
			}
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			var last string
			for said.Scan() {
				last = said.Text()
			}
			err = cmd.Wait()
			if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != exitStopped || last != "caique: "+stopped {
				t.Errorf("ended with %v after %q, want exit status %d after %q", err, last, exitStopped, stopped)
			}
			if !strings.Contains(out.String(), `"code": "stopped"`) {
				t.Errorf("stdout does not say that the run was stopped: %.200s", out.String())
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) != 2 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// TestStop_before runs commands whose time is over before they begin.
func TestStop_before(t *testing.T) {
	t.Parallel()
	sample := filepath.Join("..", "..", "questionnaires", "samples", "sample-caiq-4.0.xlsx")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	for _, args := range [][]string{
		{"answer", sample, "-p", "example-saas", "-o", filepath.Join(dir, "out.xlsx"), "--manifest", filepath.Join(dir, "out.json")},
		{"explain", sample, "IAM-14.1", "-p", "example-saas"},
		{"explain", "--text", "Do you encrypt data?", "-p", "example-saas"},
		{"inspect", sample},
		{"profile", "show", "example-saas"},
	} {
		var out bytes.Buffer
		if got := run(ctx, args, terminal{in: strings.NewReader(""), out: &out, err: &out, now: clock}); got != exitStopped {
			t.Errorf("%v: exit %d, want %d: %s", args[0], got, exitStopped, out.String())
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
