package questionnaires_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"caique/internal/caiq"

	"github.com/xuri/excelize/v2"
)

// corpusFile returns the path of a real workbook, or skips. CAIQUE_CORPUS names
// the folder; CAIQUE_TEST_REQUIRE=corpus turns the skip into a failure.
func corpusFile(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("CAIQUE_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "workbooks")
	}
	file := filepath.Join(dir, name)
	if _, err := os.Stat(file); err != nil {
		if strings.Contains(os.Getenv("CAIQUE_TEST_REQUIRE"), "corpus") {
			t.Fatalf("the corpus of real workbooks is required: %v", err)
		}
		t.Skipf("no corpus of real workbooks (set CAIQUE_CORPUS): %v", err)
	}
	return file
}

// corpus says where each real file keeps its questions: sheet and the columns,
// counted from 0, of id, text and control (-1: none).
var corpus = []struct {
	file              string
	format            caiq.FormatID
	sheet             string
	id, text, control int
	questions         int
}{
	{"caiq-v1.1-blank-2011.xlsx", "caiq-1.1", "csa-cai v1.1", 4, 5, 3, 197},
	{"caiq-v3.0.1-blank-2017-09.xlsx", "caiq-3.0.1", "CSA CAIQ v3.0.1", 2, 4, -1, 295},
	{"caiq-v3.0.1-filled-sample-2017-09.xlsx", "caiq-3.0.1", "CSA CAIQ v3.0.1", 2, 4, -1, 295},
	{"caiq-v4.0.2-blank-ks-cookbook-texasdps.xlsx", "caiq-4.0", "CAIQv4.0.2", 0, 1, -1, 261},
	{"caiq-v4.0.3-blank-official-2023-09-26.xlsx", "caiq-4.0", "CAIQv4.0.3", 0, 1, -1, 261},
	{"caiq-v4.0.3-completed-whitepact.xlsx", "caiq-4.0", "CAIQv4.0.3", 0, 1, -1, 261},
	{"caiq-v4.1.0-blank-official-2026-01-13.xlsx", "caiq-4.1", "CAIQv4.1.0", 0, 1, -1, 283},
	{"caiq-lite-v3.1-completed-octopus-deploy.csv", "caiq-3.1", "", 0, 1, -1, 71},
}

func TestEveryRealQuestionIsKnown(t *testing.T) {
	t.Parallel()
	for _, tt := range corpus {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			rows := readRows(t, corpusFile(t, tt.file), tt.sheet)
			f := format(t, tt.format)
			matcher, seen := caiq.NewMatcher(f, nil), map[caiq.Ref]bool{}
			for n, row := range rows {
				id := caiq.NormalizeID(cell(row, tt.id))
				if caiq.ControlID(id) == "" {
					continue // headers, section rows, footers
				}
				m := matcher.Match(id, caiq.TextHash(cell(row, tt.text)), cell(row, tt.control))
				if m.Kind != caiq.MatchKnown || m.Question.ID() != id && !misprinted(tt.format, id, m.Question) || seen[m.Question] {
					t.Errorf("row %d: %s is recognised as %s %s (again: %v)", n+1, id, m.Kind, m.Question, seen[m.Question])
				}
				seen[m.Question] = true
			}
			if len(seen) != tt.questions {
				t.Errorf("%d questions, want %d", len(seen), tt.questions)
			}
		})
	}
}

// misprinted allows for the one number that the workbook of 2011 prints twice.
func misprinted(f caiq.FormatID, id string, q caiq.Ref) bool {
	return f == "caiq-1.1" && id == "IS-21.1" && q.ID() == "IS-20.1"
}

func readRows(t *testing.T, file, sheet string) [][]string {
	t.Helper()
	if sheet == "" {
		return readCSV(t, file)
	}
	rows, err := openBook(t, file).GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func openBook(t *testing.T, file string) *excelize.File {
	t.Helper()
	f, err := excelize.OpenFile(file, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func readCSV(t *testing.T, file string) [][]string {
	t.Helper()
	r, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func cell(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return row[i]
}
