package mapping

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

var update = flag.Bool("update", false, "rewrite the expected messages of testdata/lint")

// A case is a sentence, files that replace or join those of world.txtar, and in
// the section want every message of the linter with its code.
func TestLint_cases(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/lint/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			files := archive(t, name)
			want := files["want"]
			delete(files, "want")
			l := worldWith(t, files)
			got := render(l.Lint())
			if *update {
				rewriteWant(t, name, got)
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

func render(ps caiq.Problems) string {
	var b strings.Builder
	for _, p := range ps {
		if p.Warning {
			b.WriteString("warning: ")
		}
		b.WriteString(p.String() + " (" + p.Code + ")\n")
	}
	return b.String()
}

// worldWith returns the small world with some files replaced or added.
func worldWith(t *testing.T, files map[string]string) *Library {
	t.Helper()
	return New(folders(t, archive(t, "testdata/world.txtar"), files))
}

// archive reads a txtar file: "-- name --" lines begin a file each.
func archive(t testing.TB, name string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	at := ""
	for line := range strings.Lines(string(data)) {
		inner, opens := strings.CutPrefix(line, "-- ")
		inner, closes := strings.CutSuffix(inner, " --\n")
		switch {
		case opens && closes:
			at = inner
			files[at] = ""
		case at != "":
			files[at] += line
		}
	}
	if !strings.HasPrefix(string(data), "Description: ") {
		t.Errorf("%s does not begin with a Description", name)
	}
	return files
}

func rewriteWant(t *testing.T, name, got string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(data), "-- want --\n")
	if err := os.WriteFile(name, []byte(head+"-- want --\n"+got), 0o600); err != nil {
		t.Fatal(err)
	}
}
