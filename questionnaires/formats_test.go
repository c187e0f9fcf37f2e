package questionnaires_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"caique/internal/caiq"
	"caique/mappings"
	"caique/questionnaires"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// formatFacts are what the published documents say of themselves.
var formatFacts = []struct {
	id              caiq.FormatID
	questions, lite int
	controls        int
	// shared lists the questions that ask the same words.
	shared [][]string
}{
	{id: "caiq-1.1", questions: 197, controls: 100, shared: [][]string{{"FS-02.1", "HR-01.1"}}},
	{id: "caiq-3.0.1", questions: 295, controls: 133, shared: [][]string{{"MOS-12.2", "MOS-13.2"}}},
	{id: "caiq-3.1", questions: 310, lite: 71, controls: 133},
	{id: "caiq-4.0", questions: 261, lite: 124, controls: 197, shared: [][]string{{"BCR-01.2", "CCC-01.2", "GRC-01.2"}}},
	{id: "caiq-4.1", questions: 283, lite: 138, controls: 207, shared: [][]string{{"BCR-01.2", "CCC-01.2", "GRC-01.2"}, {"IAM-02.2", "LOG-01.2"}}},
}

// decode reads YAML strictly: an unknown field fails the test.
func decode[T any](t *testing.T, fsys fs.FS, name string) *T {
	t.Helper()
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	v := new(T)
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

func format(t *testing.T, id caiq.FormatID) *caiq.Format {
	t.Helper()
	return decode[caiq.Format](t, questionnaires.FS, string(id)+".yaml")
}

func framework(t *testing.T, id caiq.FrameworkID) *caiq.Framework {
	t.Helper()
	return decode[caiq.Framework](t, mappings.FS, "frameworks/"+string(id)+".yaml")
}

func TestEveryFormatFileIsDescribedHere(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(questionnaires.FS, "caiq-*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, f := range formatFacts {
		want = append(want, string(f.id)+".yaml")
	}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Error(diff)
	}
}

func TestFormatCounts(t *testing.T) {
	t.Parallel()
	for _, want := range formatFacts {
		t.Run(string(want.id), func(t *testing.T) {
			t.Parallel()
			f := format(t, want.id)
			lite, controls := 0, map[string]bool{}
			for _, q := range f.Questions {
				controls[q.Control] = true
				if q.Lite {
					lite++
				}
			}
			if got := [...]int{len(f.Questions), lite, len(controls)}; got != [...]int{want.questions, want.lite, want.controls} {
				t.Errorf("questions, lite, controls = %v, want %d, %d, %d", got, want.questions, want.lite, want.controls)
			}
			if diff := cmp.Diff(want.shared, sharedTexts(f)); diff != "" {
				t.Errorf("questions with the same words: %s", diff)
			}
		})
	}
}

// sharedTexts returns the ids of questions that have a hash in common, in file order.
func sharedTexts(f *caiq.Format) [][]string {
	byHash, order := map[string][]string{}, []string(nil)
	for _, q := range f.Questions {
		for _, h := range q.Hashes {
			if len(byHash[h]) == 0 {
				order = append(order, h)
			}
			byHash[h] = append(byHash[h], q.ID)
		}
	}
	var shared [][]string
	for _, h := range order {
		if len(byHash[h]) > 1 {
			shared = append(shared, byHash[h])
		}
	}
	return shared
}

func TestFormatHeads(t *testing.T) {
	t.Parallel()
	for _, facts := range formatFacts {
		t.Run(string(facts.id), func(t *testing.T) {
			t.Parallel()
			f := format(t, facts.id)
			if f.Schema != 1 || f.ID != facts.id || f.Title == "" {
				t.Errorf("schema %d, id %q, title %q", f.Schema, f.ID, f.Title)
			}
			if len(f.Detect.Labels) == 0 {
				t.Error("no detect labels")
			}
			for _, l := range f.Detect.Labels {
				if l != strings.ToLower(strings.TrimSpace(l)) || l == "" {
					t.Errorf("label %q is not in lower case", l)
				}
			}
			spelled := []caiq.Value{caiq.ReadValue(f.Answers.Yes), caiq.ReadValue(f.Answers.No), caiq.ReadValue(f.Answers.NA)}
			if diff := cmp.Diff([]caiq.Value{caiq.Yes, caiq.No, caiq.NA}, spelled); diff != "" {
				t.Errorf("answers are not read back: %s", diff)
			}
			for _, o := range f.Ownership {
				if got, ok := caiq.ReadOwnership(string(o)); !ok || got != o {
					t.Errorf("ownership %q is not known", o)
				}
			}
		})
	}
}

func TestFormatQuestions(t *testing.T) {
	t.Parallel()
	for _, facts := range formatFacts {
		t.Run(string(facts.id), func(t *testing.T) {
			t.Parallel()
			f := format(t, facts.id)
			seen := map[string]bool{}
			for _, q := range f.Questions {
				if seen[q.ID] {
					t.Errorf("%s is listed twice", q.ID)
				}
				seen[q.ID] = true
				for _, problem := range questionProblems(q) {
					t.Errorf("%s: %s", q.ID, problem)
				}
			}
		})
	}
}

func questionProblems(q caiq.FormatQuestion) []string {
	var ps []string
	if caiq.NormalizeID(q.ID) != q.ID || caiq.ControlID(q.ID) != q.Control {
		ps = append(ps, "the id is not that of a question of control "+q.Control)
	}
	if len(q.Hashes) == 0 {
		ps = append(ps, "no text is known")
	}
	for i, h := range q.Hashes {
		if len(h) != 64 || strings.Trim(h, "0123456789abcdef") != "" {
			ps = append(ps, fmt.Sprintf("hash %q is not SHA-256 in lower-case hex", h))
		}
		if slices.Contains(q.Hashes[:i], h) {
			ps = append(ps, "hash "+h+" is listed twice")
		}
	}
	return ps
}

func TestFormatsAskAboutEveryControlOfTheirFramework(t *testing.T) {
	t.Parallel()
	for _, facts := range formatFacts {
		f := format(t, facts.id)
		if f.Framework == "" {
			continue // no catalogue is kept for CAIQ 1.1
		}
		t.Run(string(facts.id), func(t *testing.T) {
			t.Parallel()
			fw := framework(t, f.Framework)
			domain, unasked := map[string]string{}, map[string]bool{}
			for _, c := range fw.Controls {
				domain[c.ID], unasked[c.ID] = c.Domain, true
			}
			for _, q := range f.Questions {
				delete(unasked, q.Control)
				if d, ok := domain[q.Control]; !ok || d != q.Domain {
					t.Errorf("%s: control %s, domain %s; %s has domain %q", q.ID, q.Control, q.Domain, fw.ID, d)
				}
			}
			if len(unasked) > 0 {
				t.Errorf("nothing asks about %v", unasked)
			}
		})
	}
}

func TestFrameworks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		id                caiq.FrameworkID
		domains, controls int
	}{
		{id: "ccm-3.0.1", domains: 16, controls: 133},
		{id: "ccm-4.0", domains: 17, controls: 197},
		{id: "ccm-4.1", domains: 17, controls: 207},
	}
	for _, tt := range tests {
		t.Run(string(tt.id), func(t *testing.T) {
			t.Parallel()
			fw := framework(t, tt.id)
			if fw.Schema != 1 || fw.ID != tt.id || fw.Title == "" || fw.Source == "" {
				t.Errorf("schema %d, id %q, title %q, source %q", fw.Schema, fw.ID, fw.Title, fw.Source)
			}
			if len(fw.Domains) != tt.domains || len(fw.Controls) != tt.controls {
				t.Errorf("%d domains, %d controls; want %d, %d", len(fw.Domains), len(fw.Controls), tt.domains, tt.controls)
			}
			for _, p := range controlProblems(fw) {
				t.Error(p)
			}
		})
	}
}

var typicalOwners = []string{"CSP-Owned", "CSC-Owned", "Shared", "Shared (Independent)", "Shared (Dependent)"}

func controlProblems(fw *caiq.Framework) []string {
	var ps []string
	domains, seen := map[string]bool{}, map[string]bool{}
	for _, d := range fw.Domains {
		domains[d.ID] = true
	}
	for _, c := range fw.Controls {
		if seen[c.ID] || !domains[c.Domain] || strings.Join(strings.Fields(c.Title), " ") != c.Title || c.Title == "" {
			ps = append(ps, fmt.Sprintf("%s: listed twice, unknown domain %q or untidy title %q", c.ID, c.Domain, c.Title))
		}
		seen[c.ID] = true
		if c.Typical == nil {
			continue
		}
		for _, o := range []string{c.Typical.IaaS, c.Typical.PaaS, c.Typical.SaaS} {
			if !slices.Contains(typicalOwners, o) {
				ps = append(ps, fmt.Sprintf("%s: unknown typical owner %q", c.ID, o))
			}
		}
	}
	return ps
}

func TestTrustServicesCriteria(t *testing.T) {
	t.Parallel()
	fw := framework(t, "tsc-2017")
	series := map[string][]string{}
	for _, c := range fw.Criteria {
		head, _, _ := strings.Cut(c.ID, ".")
		series[head] = append(series[head], strings.TrimPrefix(c.ID, head+"."))
		if words := len(strings.Fields(c.Title)); words < 2 || words > 9 {
			t.Errorf("%s: title of %d words: %q", c.ID, words, c.Title)
		}
		if want := categoryOf(head); c.Category != want {
			t.Errorf("%s: category %q, want %q", c.ID, c.Category, want)
		}
	}
	want := map[string][]string{}
	for head, last := range map[string]int{
		"CC1": 5, "CC2": 3, "CC3": 4, "CC4": 2, "CC5": 3, "CC6": 8, "CC7": 5, "CC8": 1, "CC9": 2,
		"A1": 3, "C1": 2, "PI1": 5, "P1": 1, "P2": 1, "P3": 2, "P4": 3, "P5": 2, "P6": 7, "P7": 1, "P8": 1,
	} {
		for i := range last {
			want[head] = append(want[head], strconv.Itoa(i+1))
		}
	}
	for _, head := range []string{"P2", "P3", "P4", "P5", "P6"} { // headings that CSA's map cites
		want[head] = append([]string{"0"}, want[head]...)
	}
	if diff := cmp.Diff(want, series); diff != "" {
		t.Error(diff)
	}
}

func categoryOf(series string) caiq.Category {
	switch strings.TrimRight(series, "0123456789") {
	case "CC":
		return caiq.Security
	case "A":
		return caiq.Availability
	case "C":
		return caiq.Confidentiality
	case "PI":
		return caiq.ProcessingIntegrity
	default:
		return caiq.Privacy
	}
}

// TestReadmeTable holds the counts in README.md against the data.
func TestReadmeTable(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, facts := range formatFacts {
		f := format(t, facts.id)
		row := fmt.Sprintf("| [`%s`](%s) | %s | %d | %d | %d |", f.ID, string(f.ID)+".yaml", f.Title, len(f.Questions), facts.controls, facts.lite)
		if !strings.Contains(string(readme), row) {
			t.Errorf("README.md has no row %q", row)
		}
	}
}
