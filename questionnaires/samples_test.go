package questionnaires_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"caique/internal/caiq"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var update = flag.Bool("update", false, "rebuild the sample workbook from topics.yaml")

// sampleQuestions are asked by the sample workbook, in the official order. With
// the profile example-saas they bring every kind of answer.
var sampleQuestions = []string{
	"A&A-01.1", "A&A-01.2", "A&A-02.1", "AIS-07.1", "BCR-08.1", "BCR-08.2", "BCR-08.3", "BCR-10.1", "BCR-10.2",
	"CCC-02.1", "CEK-03.1", "CEK-08.1", "DCS-04.1", "DCS-07.1", "DCS-13.1", "DSP-16.1", "DSP-19.1", "GRC-05.1",
	"HRS-11.1", "HRS-11.2", "IAM-06.1", "IAM-08.1", "IAM-14.1", "IAM-14.2", "IPY-04.1", "IVS-06.1", "LOG-03.1",
	"SEF-07.1", "STA-07.1", "STA-10.1", "TVM-06.1", "UEM-03.1", "UEM-08.1", "UEM-11.1",
}

const (
	sampleFile   = "samples/sample-caiq-4.0.xlsx"
	sampleFormat = caiq.FormatID("caiq-4.0")
	sampleSheet  = "CAIQv4.0.3"
	sampleTop    = 3 // first row of questions
)

// TestSampleWorkbook rebuilds the sample from topics.yaml and compares it with
// the committed file, so that the two cannot drift apart.
func TestSampleWorkbook(t *testing.T) {
	t.Parallel()
	var built bytes.Buffer
	if _, err := buildSample(t).WriteTo(&built); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(filepath.FromSlash(sampleFile), built.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(filepath.FromSlash(sampleFile))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(bookContent(t, built.Bytes()), bookContent(t, committed)); diff != "" {
		t.Errorf("%s is not what topics.yaml gives; run go test ./questionnaires -run TestSampleWorkbook -update\n%s", sampleFile, diff)
	}
}

func TestSampleQuestionsAreKnown(t *testing.T) {
	t.Parallel()
	matcher := caiq.NewMatcher(format(t, sampleFormat), topics(t))
	for id, text := range sampleTexts(t) {
		if m := matcher.Match(id, caiq.TextHash(text), ""); m.Kind != caiq.MatchKnown || m.Question.ID() != id {
			t.Errorf("%s %q is recognised as %s %s", id, text, m.Kind, m.Question)
		}
	}
}

// topics reads topics.yaml.
func topics(t *testing.T) []caiq.Topic {
	t.Helper()
	type file struct {
		Schema int          `yaml:"schema"`
		Topics []caiq.Topic `yaml:"topics"`
	}
	return decode[file](t, os.DirFS("."), "topics.yaml").Topics
}

// sampleTexts returns the topic of every question of the sample, by id.
func sampleTexts(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, topic := range topics(t) {
		for _, ref := range topic.Questions {
			if ref.Set() == string(sampleFormat) {
				texts[ref.ID()] = topic.Topic
			}
		}
	}
	sample := map[string]string{}
	for _, id := range sampleQuestions {
		if texts[id] == "" {
			t.Fatalf("topics.yaml has no topic of %s/%s", sampleFormat, id)
		}
		sample[id] = texts[id]
	}
	return sample
}

// buildSample lays the sample out as the official workbook does.
func buildSample(t *testing.T) *excelize.File {
	t.Helper()
	b := newSampleBook(t)
	b.introduction()
	b.head()
	texts, groups := sampleTexts(t), map[string]*span{}
	fw := framework(t, "ccm-4.0")
	for i, id := range sampleQuestions {
		row := sampleTop + i
		b.row(row, id, texts[id])
		control := caiq.ControlID(id)
		domain, _, _ := strings.Cut(control, "-")
		extend(groups, "I"+control, row)
		extend(groups, "L"+domain, row)
	}
	for _, c := range fw.Controls {
		b.merged(groups["I"+c.ID], map[string]string{"I": c.ID, "J": "(not in this sample)", "K": c.Title})
	}
	for _, d := range fw.Domains {
		b.merged(groups["L"+d.ID], map[string]string{"L": d.Title})
	}
	last := sampleTop + len(sampleQuestions)
	b.list("C", last-1, "Yes", "No", "NA")
	b.list("D", last-1, ownershipNames(t)...)
	b.set(sampleSheet, "A"+strconv.Itoa(last), "End of sample", b.plain)
	return b.f
}

func ownershipNames(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, o := range format(t, sampleFormat).Ownership {
		names = append(names, string(o))
	}
	return names
}

// sheetContent is what the sample is compared by.
type sheetContent struct {
	Name   string
	Rows   [][]string
	Merges []string
	Lists  []string
	Widths []float64
	Height []float64
}

func bookContent(t *testing.T, data []byte) []sheetContent {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var content []sheetContent
	for _, name := range f.GetSheetList() {
		content = append(content, readSheetContent(t, f, name))
	}
	return content
}

func readSheetContent(t *testing.T, f *excelize.File, name string) sheetContent {
	t.Helper()
	c := sheetContent{Name: name}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	c.Rows, err = f.GetRows(name)
	check(err)
	merges, err := f.GetMergeCells(name)
	check(err)
	for _, m := range merges {
		c.Merges = append(c.Merges, m.GetStartAxis()+":"+m.GetEndAxis()+" "+m.GetCellValue())
	}
	lists, err := f.GetDataValidations(name)
	check(err)
	for _, v := range lists {
		c.Lists = append(c.Lists, v.Sqref+" "+v.Formula1)
	}
	for column := range strings.FieldsSeq("A B C D E F G H I J K L") {
		width, err := f.GetColWidth(name, column)
		check(err)
		c.Widths = append(c.Widths, width)
	}
	for row := range c.Rows {
		height, err := f.GetRowHeight(name, row+1)
		check(err)
		c.Height = append(c.Height, height)
	}
	return c
}
