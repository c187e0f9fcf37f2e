package app

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"caique/internal/caiq"
	"caique/internal/search"
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

func memory() SearchIndex { return search.NewMemory() }

// TestFill_control holds that what is known of a control alone says no Yes to a
// question that asks something else, and that the file is still worth answering:
// by the questions of version 4 that answer it, or in words of its own.
func TestFill_control(t *testing.T) {
	t.Parallel()
	in := input(t, filepath.Join(corpus(t), "caiq-v3.0.1-blank-2017-09.xlsx"))
	in.Search = memory
	d := fill(t, in)
	want := map[string]caiq.Value{
		"BCR-06.1": "",      // asked the wrong way round
		"DCS-03.1": "",      // known by its location, under a control on identification
		"DSI-07.1": "",      // as tenants decide, under a control on disposal
		"GRM-09.1": "",      // notice to tenants, under a control on policy reviews
		"IVS-08.3": "",      // physically apart, under a control on environments
		"STA-08.2": "",      // every partner, under a control on reviews
		"TVM-02.4": "",      // results for tenants
		"EKM-03.3": caiq.No, // planned
		"IAM-07.6": caiq.No, // answered outright
		"BCR-07.3": caiq.NA, // declared so for this very question
		"MOS-17.1": caiq.NA,
		"AAC-03.2": caiq.Yes,
		"DSI-05.1": caiq.Yes, // though something alike is not applicable
		"GRM-11.1": caiq.Yes,
		"MOS-15.1": caiq.Yes,
		"TVM-02.1": caiq.Yes,
	}
	for _, r := range d.Rows {
		supported := r.Proposal.Band == caiq.BandSupported // no crosswalk says what shows any of them
		if v, ok := want[r.Question.ID]; ok && (r.Proposal.Value != v || supported) {
			t.Errorf("%s: %q, %s; want %q", r.Question.ID, r.Proposal.Value, r.Proposal.Band, v)
		}
	}
}

// TestFill_corpus answers every real questionnaire and proves from the manifest
// that nothing but the answers changed.
func TestFill_corpus(t *testing.T) {
	t.Parallel()
	dir := corpus(t)
	for _, c := range []struct {
		file      string
		format    caiq.FormatID
		questions int
		filled    int // at least, of those that the file leaves open
	}{
		{"caiq-v1.1-blank-2011.xlsx", "caiq-1.1", 197, 0},
		{"caiq-v3.0.1-blank-2017-09.xlsx", "caiq-3.0.1", 295, 213},
		{"caiq-v3.0.1-filled-sample-2017-09.xlsx", "caiq-3.0.1", 295, 0},
		{"caiq-v4.0.2-blank-ks-cookbook-texasdps.xlsx", "caiq-4.0", 261, 248},
		{"caiq-v4.0.3-blank-official-2023-09-26.xlsx", "caiq-4.0", 261, 248},
		{"caiq-v4.0.3-completed-whitepact.xlsx", "caiq-4.0", 261, 0},
		{"caiq-v4.1.0-blank-official-2026-01-13.xlsx", "caiq-4.1", 283, 269},
		{"hecvat-v4.1.4-blank.xlsx", "custom", 331, 0}, // its 332nd, AILM-07, stands on a hidden sheet alone
		{"caiq-lite-v3.1-completed-octopus-deploy.csv", "caiq-3.1", 71, 0},
		{"security-questionnaire-northwind-ai-108q-answered.xlsx", "custom", 108, 0},
		{"trustdeck-acme-demo-questionnaire.xlsx", "custom", 15, 0},
		{"trustdeck-acme-demo-completed.xlsx", "custom", 15, 0},
		{"trustdeck-caiq-lite-124q.csv", "custom", 124, 0},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			in := input(t, filepath.Join(dir, c.file))
			in.Search = memory
			for _, in.Overwrite = range []bool{false, true} {
				d := fill(t, in)
				if d.Questionnaire.Format != c.format || len(d.Rows) != c.questions {
					t.Errorf("read as %s with %d questions, want %s with %d", d.Questionnaire.Format, len(d.Rows), c.format, c.questions)
				}
				if got := d.Manifest.Counts[Filled]; got < c.filled {
					t.Errorf("%d questions filled, want at least %d", got, c.filled)
				}
				if problems, err := VerifyOutput(c.file, d.Output, d.Manifest, in.Data); err != nil || len(problems) > 0 {
					t.Errorf("the answered file does not verify: %v %v", problems, err)
				}
			}
		})
	}
}

// BenchmarkFill is the whole pipeline with its knowledge loaded anew, as one run
// of the command does it.
func BenchmarkFill(b *testing.B) {
	dir := corpus(b)
	for _, file := range []string{
		"caiq-v3.0.1-blank-2017-09.xlsx", "caiq-v4.0.3-blank-official-2023-09-26.xlsx", "caiq-v4.1.0-blank-official-2026-01-13.xlsx",
	} {
		b.Run(strings.TrimSuffix(file, ".xlsx"), func(b *testing.B) {
			in := input(b, filepath.Join(dir, file))
			in.Search = memory
			b.ReportAllocs()
			for b.Loop() {
				fill(b, in)
			}
		})
	}
}
