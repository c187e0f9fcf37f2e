package mapping_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/mappings"
	"caique/questionnaires"
)

// TestLintFile_tellsTheKind lints each data file as a user's own, by its content alone.
func TestLintFile_tellsTheKind(t *testing.T) {
	t.Parallel()
	lib := mapping.New(questionnaires.FS, mappings.FS)
	root := filepath.Join("..", "..")
	var files []string
	for _, pattern := range []string{"mappings/*/*.yaml", "questionnaires/*.yaml"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(found), err)
		}
		files = append(files, found...)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.ToSlash(strings.TrimPrefix(path, root)), func(t *testing.T) {
			t.Parallel()
			base := filepath.Base(path)
			if ps := lint(lib, base, string(data)).Errors(); len(ps) > 0 {
				t.Errorf("as it is: %s", ps[0])
			}
			ps := lint(lib, base, strings.Replace(string(data), "schema: 1", "schema: 7", 1))
			if len(ps) == 0 || ps[0].Code != "bad_schema" || ps[0].File != base || ps[0].Line == 0 {
				t.Errorf("with another schema: %v, want bad_schema with file and line", ps)
			}
		})
	}
}

func TestLintFile_refuses(t *testing.T) {
	t.Parallel()
	lib := mapping.New(questionnaires.FS, mappings.FS)
	for name, test := range map[string]struct{ file, data, code string }{
		"a layout without its question column":     {"layout.yaml", "schema: 1\nsheets: [{name: S, columns: {id: A}}]\n", "question_column_missing"},
		"a layout of an unknown format":            {"layout.yaml", "schema: 1\nformat: caiq-9\nsheets: [{name: S, columns: {question: A}}]\n", "bad_value"},
		"a layout of a format, misspelt besides":   {"layout.yaml", "schema: 1\nformat: topics\nsheet: x\nsheets: [{name: S, columns: {question: A}}]\n", "bad_value"},
		"a misspelt layout of a format":            {"layout.yaml", "schema: 1\nformat: topics\nsheet: x\nsheets: [{name: S, columns: {question: A}}]\n", "unknown_field"},
		"a misspelt profile's other faults":        {"acme.yaml", "schema: 1\nid: acme\nownre: x\nccm: '4.1'\ncontrols: [{id: C-1}]\n", "empty_text"},
		"a misspelt note's other faults":           {"ccm-4.1.yaml", "schema: 1\nframework: ccm-4.1\nnots: x\nnotes: [{control: ZZZ-01}]\n", "unknown_control"},
		"a crosswalk of an unknown control":        {"ccm-4.1-to-tsc-2017.yaml", "schema: 1\nfrom: ccm-4.1\nto: tsc-2017\nsource: x\nentries: [{control: ZZZ-01, gap: none}]\n", "unknown_control"},
		"a name that no file of the kind can have": {"My notes.yaml", "schema: 1\nframework: ccm-4.1\nnotes: []\n", "bad_file_name"},
		"a file that is no YAML":                   {"x.yaml", "a: [", "yaml_syntax"},
		"an empty file":                            {"x.yaml", "", "empty_file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ps := lint(lib, test.file, test.data)
			for _, p := range ps {
				if p.Code == test.code && p.File == test.file {
					return
				}
			}
			t.Errorf("got %v, want code %s", ps, test.code)
		})
	}
}

func lint(lib *mapping.Library, path, data string) caiq.Problems {
	return mapping.LintFile(lib, mapping.ProfileSource{Path: path, Data: []byte(data), Siblings: mappings.FS})
}
