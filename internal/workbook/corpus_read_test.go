package workbook

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"go.yaml.in/yaml/v3"

	"caique/internal/caiq"
)

// corpus returns the folder of real questionnaires.
func corpus(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("CAIQUE_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "workbooks")
	}
	if _, err := os.Stat(dir); err != nil {
		if slices.Contains(strings.Split(os.Getenv("CAIQUE_TEST_REQUIRE"), ","), "corpus") {
			t.Fatalf("corpus of real questionnaires required: %v", err)
		}
		t.Skipf("no corpus of real questionnaires: set CAIQUE_CORPUS (%v)", err)
	}
	return dir
}

// yamlCatalog reads the format files of the repository.
type yamlCatalog struct{ dir string }

func (c yamlCatalog) FormatIDs() []caiq.FormatID {
	return []caiq.FormatID{"caiq-1.1", "caiq-3.0.1", "caiq-3.1", "caiq-4.0", "caiq-4.1"}
}

func (c yamlCatalog) Format(id caiq.FormatID) (*caiq.Format, error) {
	var f caiq.Format
	return &f, c.read(string(id)+".yaml", &f)
}

func (c yamlCatalog) Topics() ([]caiq.Topic, error) {
	var file struct {
		Schema int
		Topics []caiq.Topic
	}
	return file.Topics, c.read("topics.yaml", &file)
}

func (c yamlCatalog) read(name string, v any) error {
	data, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		return err
	}
	return yaml.Unmarshal(data, v)
}

// openCorpus opens a real questionnaire.
func openCorpus(t testing.TB, name string) *File {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(corpus(t), name))
	must(t, err)
	f, err := Open(name, data, DefaultLimits())
	must(t, err)
	return f
}

func formats() Catalog { return yamlCatalog{filepath.Join("..", "..", "questionnaires")} }

func TestRead_corpus(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file      string
		format    caiq.FormatID
		patch     string
		lite      bool
		questions int
		domains   int // distinct
		sections  int // distinct
	}{
		{"caiq-v1.1-blank-2011.xlsx", "caiq-1.1", "v1.1", false, 197, 11, 11},
		{"caiq-v3.0.1-blank-2017-09.xlsx", "caiq-3.0.1", "v3.0.1", false, 295, 16, 128},
		{"caiq-v3.0.1-filled-sample-2017-09.xlsx", "caiq-3.0.1", "v3.0.1", false, 295, 16, 128},
		{"caiq-lite-v3.1-completed-octopus-deploy.csv", "caiq-3.1", "", true, 71, 0, 0},
		{"caiq-v4.0.2-blank-ks-cookbook-texasdps.xlsx", "caiq-4.0", "v4.0.2", false, 261, 17, 0},
		{"caiq-v4.0.3-blank-official-2023-09-26.xlsx", "caiq-4.0", "v4.0.3", false, 261, 17, 0},
		{"caiq-v4.0.3-completed-whitepact.xlsx", "caiq-4.0", "v4.0.3", false, 261, 17, 0},
		{"caiq-v4.1.0-blank-official-2026-01-13.xlsx", "caiq-4.1", "v4.1.0", false, 283, 17, 0},
		// The workbook lists 332 questions; AILM-07 stands on its hidden reference sheet only.
		{"hecvat-v4.1.4-blank.xlsx", "custom", "", false, 331, 0, 35},
		{"security-questionnaire-northwind-ai-108q-answered.xlsx", "custom", "", false, 108, 18, 0},
		{"trustdeck-acme-demo-completed.xlsx", "custom", "", false, 15, 13, 0},
		{"trustdeck-acme-demo-questionnaire.xlsx", "custom", "", false, 15, 13, 0},
		{"trustdeck-caiq-lite-124q.csv", "custom", "", false, 124, 17, 0},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			q := read(t, openCorpus(t, tt.file), formats(), nil)
			if q.Format != tt.format || q.Patch != tt.patch || q.Lite != tt.lite || len(q.Questions) != tt.questions {
				t.Errorf("got %s %q, lite %v, %d questions; want %s %q, lite %v, %d questions",
					q.Format, q.Patch, q.Lite, len(q.Questions), tt.format, tt.patch, tt.lite, tt.questions)
			}
			domains, sections := distinct(q, func(x *caiq.Question) string { return x.Domain }), distinct(q, func(x *caiq.Question) string { return x.Section })
			if domains != tt.domains || sections != tt.sections {
				t.Errorf("got %d domains and %d sections, want %d and %d", domains, sections, tt.domains, tt.sections)
			}
			golden(t, filepath.Join("testdata", "read", tt.file+".txt"), facts(q))
		})
	}
}

// distinct counts the different texts of questions, blank ones aside.
func distinct(q *caiq.Questionnaire, of func(*caiq.Question) string) int {
	seen := make(map[string]bool)
	for i := range q.Questions {
		if text := of(&q.Questions[i]); text != "" {
			seen[text] = true
		}
	}
	return len(seen)
}

// golden compares with a file; CAIQUE_UPDATE=1 writes it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("CAIQUE_UPDATE") != "" {
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// facts spells a questionnaire without its texts: ids, cells, hashes, lists.
func facts(q *caiq.Questionnaire) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q lite=%v confidence=%.3f questions=%d\n", q.Format, q.Patch, q.Lite, q.Confidence, len(q.Questions))
	for _, s := range q.Sheets {
		fmt.Fprintf(&b, "sheet %q questions=%d headers=%v hidden=%v", s.Name, s.Questions, s.HeaderRows, s.Hidden)
		for _, role := range caiq.Roles() {
			if col := s.Columns[role]; col != "" {
				fmt.Fprintf(&b, " %s=%s", role, col)
			}
		}
		b.WriteByte('\n')
	}
	for _, w := range q.Warnings {
		fmt.Fprintf(&b, "warning %s %q %s\n", w.Code, w.Sheet, w.Cell)
	}
	lists := listFacts(&b, q)
	b.WriteString("# cell, id, control, match, hash, flags, target cells with lists and what they hold\n")
	for i := range q.Questions {
		questionFacts(&b, &q.Questions[i], lists)
	}
	return b.String()
}

// listFacts numbers the drop-down lists.
func listFacts(b *strings.Builder, q *caiq.Questionnaire) map[string]int {
	lists := make(map[string]int)
	for i := range q.Questions {
		for _, t := range q.Questions[i].Targets {
			list := strings.Join(t.Allowed, ",")
			if t.Allowed != nil && lists[list] == 0 {
				lists[list] = len(lists) + 1
				fmt.Fprintf(b, "list %d: %s\n", lists[list], list)
			}
		}
	}
	return lists
}

func questionFacts(b *strings.Builder, q *caiq.Question, lists map[string]int) {
	fmt.Fprintf(b, "%s!%s %s %s %s", q.Sheet, q.Cell, orDash(q.ID), orDash(q.Control), q.Match.Kind)
	if q.Match.Question != "" && q.Match.Question.ID() != q.ID {
		fmt.Fprintf(b, "=%s", q.Match.Question)
	}
	fmt.Fprintf(b, " %.12s", q.TextHash)
	if q.Hidden != "" {
		fmt.Fprintf(b, " hidden:%s", q.Hidden)
	}
	if q.Formula {
		b.WriteString(" formula")
	}
	for _, t := range q.Targets {
		fmt.Fprintf(b, " %s:%s", t.Role, t.Cell)
		if t.Allowed != nil {
			fmt.Fprintf(b, "[%d]", lists[strings.Join(t.Allowed, ",")])
		}
		if t.Locked != "" {
			fmt.Fprintf(b, "(%s)", t.Locked)
		}
		if held := q.Existing[t.Role]; held != "" {
			fmt.Fprintf(b, "=%s", heldKind(caiq.ReadValue(held)))
		}
	}
	b.WriteByte('\n')
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// heldKind names what a cell holds without quoting it.
func heldKind(v caiq.Value) string {
	if v == "" {
		return "text"
	}
	return string(v)
}

// TestReadPatchRead answers every question of real questionnaires, writes the
// answers and reads them back.
func TestReadPatchRead(t *testing.T) {
	t.Parallel()
	answers := []caiq.Answer{
		{Value: caiq.Yes, Ownership: caiq.OwnerSharedCSC, Description: "We do.", Customer: "So do you."},
		{Value: caiq.No, Ownership: caiq.OwnerCSP, Description: "Not yet,\nbut soon."},
		{Value: caiq.NA, Description: "=1+1"},
	}
	files := []string{
		"caiq-v1.1-blank-2011.xlsx", "caiq-v3.0.1-filled-sample-2017-09.xlsx", "caiq-lite-v3.1-completed-octopus-deploy.csv",
		"caiq-v4.0.3-blank-official-2023-09-26.xlsx", "caiq-v4.1.0-blank-official-2026-01-13.xlsx", "hecvat-v4.1.4-blank.xlsx",
		"trustdeck-acme-demo-completed.xlsx",
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			f := openCorpus(t, file)
			before := read(t, f, formats(), nil)
			var edits []Edit
			for i := range before.Questions {
				e, err := Edits(&before.Questions[i], answers[i%len(answers)], caiq.Vocabulary{})
				if caiq.CodeOf(err) == "not_in_list" {
					continue // a list without NA, or of hosting options
				}
				must(t, err)
				edits = append(edits, e...)
			}
			out, err := f.Patch(edits, PatchOptions{})
			must(t, err)
			must(t, f.Verify(out, edits, PatchOptions{}))
			f, err = Open(file, out, DefaultLimits())
			must(t, err)
			after := read(t, f, formats(), nil)
			checkWritten(t, before, after, edits)
		})
	}
}

// checkWritten compares two readings of a file before and after the edits.
func checkWritten(t *testing.T, before, after *caiq.Questionnaire, edits []Edit) {
	t.Helper()
	if len(before.Questions) != len(after.Questions) {
		t.Fatalf("%d questions became %d", len(before.Questions), len(after.Questions))
	}
	written := make(map[string]string, len(edits))
	for _, e := range edits {
		written[e.Sheet+"!"+e.Cell] = strings.TrimPrefix(e.Text, "=")
	}
	for i, q := range after.Questions {
		was := before.Questions[i]
		if q.Key != was.Key || q.TextHash != was.TextHash || q.Cell != was.Cell {
			t.Errorf("question %s at %s became %s at %s", was.Key, was.Cell, q.Key, q.Cell)
		}
		for _, target := range q.Targets {
			want, edited := written[q.Sheet+"!"+target.Cell]
			if !edited {
				want = was.Existing[target.Role]
			}
			if got := q.Existing[target.Role]; strings.TrimLeft(got, "'=") != want {
				t.Errorf("%s!%s holds %q, want %q", q.Sheet, target.Cell, got, want)
			}
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for _, file := range []string{"caiq-v3.0.1-blank-2017-09.xlsx", "caiq-v4.0.3-blank-official-2023-09-26.xlsx", "caiq-v4.1.0-blank-official-2026-01-13.xlsx", "hecvat-v4.1.4-blank.xlsx"} {
		b.Run(file, func(b *testing.B) {
			f := openCorpus(b, file)
			c := &catalogOf{}
			for _, id := range formats().FormatIDs() {
				format, err := formats().Format(id)
				must(b, err)
				c.formats = append(c.formats, format)
			}
			b.ReportAllocs()
			for b.Loop() {
				read(b, f, c, nil)
			}
		})
	}
}

// TestRead_reworked reads real questionnaires that somebody has rearranged: the
// same questions come back.
func TestRead_reworked(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file, sheet string
		rework      func(t *testing.T, b *excelize.File, sheet string)
	}{
		{"caiq-v4.0.3-blank-official-2023-09-26.xlsx", "CAIQv4.0.3", insertRowsAndColumns},
		{"caiq-v4.0.3-blank-official-2023-09-26.xlsx", "CAIQv4.0.3", withoutLabels},
		{"caiq-v4.0.3-blank-official-2023-09-26.xlsx", "CAIQv4.0.3", saved},
		{"caiq-v4.0.2-blank-ks-cookbook-texasdps.xlsx", "CAIQv4.0.2", saved},
		{"caiq-v4.1.0-blank-official-2026-01-13.xlsx", "CAIQv4.1.0", withoutLabels},
		{"caiq-v3.0.1-blank-2017-09.xlsx", "CSA CAIQ v3.0.1", insertRowsAndColumns},
		{"caiq-v1.1-blank-2011.xlsx", "csa-cai v1.1", saved},
		{"hecvat-v4.1.4-blank.xlsx", "Product", saved},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprintf("%d %s", i, tt.file), func(t *testing.T) {
			t.Parallel()
			f := openCorpus(t, tt.file)
			want := read(t, f, formats(), nil)
			b, err := excelize.OpenReader(bytes.NewReader(f.data))
			must(t, err)
			tt.rework(t, b, tt.sheet)
			f, err = Open("reworked.xlsx", saveAs(t, b, "reworked.xlsx"), DefaultLimits())
			must(t, err)
			got := read(t, f, formats(), nil)
			if got.Format != want.Format {
				t.Errorf("got format %s, want %s", got.Format, want.Format)
			}
			if diff := cmp.Diff(asked(want), asked(got)); diff != "" {
				t.Errorf("questions (-want +got):\n%s", diff)
			}
		})
	}
}

// asked lists what a questionnaire asks, wherever it stands.
func asked(q *caiq.Questionnaire) []string {
	var out []string
	for _, x := range q.Questions {
		line := []string{x.ID, x.TextHash, string(x.Match.Question)}
		for _, target := range x.Targets {
			line = append(line, fmt.Sprintf("%s%q", target.Role, target.Allowed))
		}
		out = append(out, strings.Join(line, " "))
	}
	return out
}

func saved(*testing.T, *excelize.File, string) {}

func insertRowsAndColumns(t *testing.T, b *excelize.File, sheet string) {
	t.Helper()
	must(t, b.InsertRows(sheet, 1, 5))
	must(t, b.InsertCols(sheet, "A", 2))
	must(t, b.SetCellStr(sheet, "C2", "Please answer every question."))
	must(t, b.SetSheetName(sheet, "Questions to you"))
}

func withoutLabels(t *testing.T, b *excelize.File, sheet string) {
	t.Helper()
	must(t, b.RemoveRow(sheet, 1))
	must(t, b.SetSheetName(sheet, "Tab"))
	for _, name := range b.GetSheetList() {
		if name != "Tab" {
			must(t, b.DeleteSheet(name))
		}
	}
}
