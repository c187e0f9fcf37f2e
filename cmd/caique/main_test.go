package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// clock is the day on which all tests run.
func clock() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"caique": func() { os.Exit(runUntilSignal(clock)) },
	})
}

// TestScripts runs each file of testdata/script: the command as a person meets it.
func TestScripts(t *testing.T) {
	t.Parallel()
	samples, err := filepath.Abs("../../questionnaires/samples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("SAMPLES", samples)
			return nil
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// TestExitCodes holds the table that caique --help prints.
func TestExitCodes(t *testing.T) {
	t.Parallel()
	sample := filepath.Join("..", "..", "questionnaires", "samples", "sample-caiq-4.0.xlsx")
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	taken, text := write("taken.xlsx", "mine"), write("notes.xlsx", "%PDF-1.7 not a workbook")
	bad := write("bad.yaml", "schema: 1\nid: bad\nownre: typo\n")
	answer := func(extra ...string) []string {
		return slices.Concat([]string{"answer", sample, "-p", "example-saas"}, extra)
	}
	for _, c := range []struct {
		name string
		args []string
		want int
		says string // on stderr or stdout
	}{
		{"help", []string{"--help"}, exitDone, "Exit codes"},
		{"version", []string{"--version"}, exitDone, "caique version"},
		{"an answered sample", answer("-o", filepath.Join(dir, "out.xlsx")), exitDone, "This is a draft"},
		{"nothing blank under strict", answer("-o", filepath.Join(dir, "full.xlsx"), "--strict"), exitDone, "This is a draft"},
		{"blanks under strict", []string{"answer", sample, "-p", "aws", "-o", filepath.Join(dir, "strict.xlsx"), "--strict"}, exitNegative, "This is a draft"},
		{"an unknown command", []string{"anwser"}, exitUsage, `unknown command "anwser"`},
		{"an unknown command of a group", []string{"profile", "bogus"}, exitUsage, `unknown command "bogus"; caique profile has list, new, show`},
		{"an unknown command of the trail", []string{"audit", "bogus"}, exitUsage, `unknown command "bogus"; caique audit has export, verify`},
		{"a group", []string{"profile"}, exitDone, "List the built-in profiles"},
		{"an unknown flag", answer("--profil", "x"), exitUsage, "--profil"},
		{"no file", []string{"answer"}, exitUsage, "FILE, the questionnaire, is missing"},
		{"too many files", []string{"inspect", sample, sample}, exitUsage, "one argument too many"},
		{"no profile", []string{"answer", sample}, exitUsage, "--profile is missing"},
		{"an unknown audience", answer("--audience", "friends"), exitUsage, "public, nda or internal"},
		{"a day that is none", answer("--as-of", "2026-02-30"), exitUsage, "2026-09-30"},
		{"output onto the input", []string{"answer", taken, "-p", "example-saas", "-o", taken, "--force"}, exitUsage, "is the input"},
		{"a missing file", []string{"inspect", filepath.Join(dir, "none.xlsx")}, exitInput, "there is no such file"},
		{"a folder", []string{"inspect", dir}, exitInput, "is a folder"},
		{"not a workbook", []string{"inspect", text}, exitInput, "notes.xlsx"},
		{"an unknown profile", []string{"answer", sample, "-p", "nobody"}, exitInput, "example-saas"},
		{"a profile with a typo", []string{"answer", sample, "-p", bad}, exitInput, "bad.yaml:3"},
		{"an unknown question", []string{"explain", sample, "ZZZ-99.9", "-p", "example-saas"}, exitInput, "ZZZ-99.9"},
		{"lint problems", []string{"lint", bad}, exitNegative, "ownre"},
		{"an output that exists", answer("-o", taken), exitWrite, "--force"},
		{"a folder that is missing", answer("-o", filepath.Join(dir, "none", "out.xlsx")), exitWrite, "its folder does not exist\n  hint: make the folder first"},
		{"a name that no file can have", answer("-o", filepath.Join(dir, strings.Repeat("long", 100)+".xlsx")), exitWrite, "long.xlsx: file name too long\n  hint: choose a place where you may write, and see that there is room\n  code: cannot_write"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			got := run(t.Context(), c.args, terminal{in: strings.NewReader(""), out: &out, err: &out, now: clock})
			if got != c.want || !strings.Contains(out.String(), c.says) {
				t.Errorf("exit %d, want %d; output, which should hold %q:\n%s", got, c.want, c.says, out.String())
			}
		})
	}
	if b, err := os.ReadFile(taken); err != nil || string(b) != "mine" {
		t.Errorf("a file that existed was touched: %q, %v", b, err)
	}
}
