package questionnaires_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"caique/internal/caiq"
	"caique/mappings"
	"caique/questionnaires"
)

// The longest runs of words that data files may share with texts of others.
const (
	maxSharedRun      = 8
	maxSharedRunTopic = 6
)

// TestDataFilesAreInOurWords compares every data file with every cell of the
// real workbooks: official texts are not ours to ship.
func TestDataFilesAreInOurWords(t *testing.T) {
	t.Parallel()
	theirs := map[int]map[string]bool{maxSharedRun + 1: {}, maxSharedRunTopic + 1: {}}
	for _, c := range corpus {
		for _, text := range readTexts(t, corpusFile(t, c.file)) {
			words := strings.Fields(caiq.NormalizeText(text))
			for n, runs := range theirs {
				eachRun(words, n, func(run string) { runs[run] = true })
			}
		}
	}
	for name, fsys := range map[string]fs.FS{"questionnaires": questionnaires.FS, "mappings": mappings.FS} {
		for _, file := range yamlFiles(t, fsys) {
			t.Run(name+"/"+file, func(t *testing.T) {
				t.Parallel()
				n := maxSharedRun + 1
				if file == "topics.yaml" {
					n = maxSharedRunTopic + 1
				}
				data, err := fs.ReadFile(fsys, file)
				if err != nil {
					t.Fatal(err)
				}
				eachRun(strings.Fields(caiq.NormalizeText(string(data))), n, func(run string) {
					if theirs[n][run] {
						t.Errorf("%d words in a row are those of a published workbook: %q", n, run)
					}
				})
			})
		}
	}
}

// eachRun calls f with every n words in a row.
func eachRun(words []string, n int, f func(run string)) {
	for i := 0; i+n <= len(words); i++ {
		f(strings.Join(words[i:i+n], " "))
	}
}

func yamlFiles(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(fsys, ".", func(file string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(file, ".yaml") {
			files = append(files, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// readTexts returns every cell of a CSV file or of all sheets of a workbook.
func readTexts(t *testing.T, file string) []string {
	t.Helper()
	var rows [][]string
	if filepath.Ext(file) == ".csv" {
		rows = readCSV(t, file)
	} else {
		rows = readSheets(t, file)
	}
	var texts []string
	for _, row := range rows {
		texts = append(texts, row...)
	}
	return texts
}

func readSheets(t *testing.T, file string) [][]string {
	t.Helper()
	f := openBook(t, file)
	var all [][]string
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rows...)
	}
	return all
}
