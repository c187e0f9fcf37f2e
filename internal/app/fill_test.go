package app

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/internal/workbook"
	"caique/mappings"
	"caique/questionnaires"
)

// asOf is the day on which all tests judge evidence.
func asOf(t testing.TB) caiq.Date {
	t.Helper()
	d, err := caiq.ParseDate("2026-11-23")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func library() *mapping.Library { return mapping.New(questionnaires.FS, mappings.FS) }

func input(t testing.TB, path string) Input {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return Input{
		Name: filepath.Base(path), Data: data, Profile: mapping.ProfileSource{Name: "example-saas"},
		Options: caiq.Options{AsOf: asOf(t), Audience: caiq.ReleaseNDA},
	}
}

const sample = "../../questionnaires/samples/sample-caiq-4.0.xlsx"

func fill(t testing.TB, in Input) *Draft {
	t.Helper()
	d, err := Fill(t.Context(), library(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestFill_sameInputSameBytes(t *testing.T) {
	t.Parallel()
	a, b := fill(t, input(t, sample)), fill(t, input(t, sample))
	if !bytes.Equal(a.Output, b.Output) {
		t.Error("the same input gave two different files")
	}
	am, err := a.Manifest.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if bm, err := b.Manifest.Encode(); err != nil || !bytes.Equal(am, bm) {
		t.Errorf("the same input gave two different manifests (%v)", err)
	}
}

func TestFill_manifestTellsTheDraft(t *testing.T) {
	t.Parallel()
	d := fill(t, input(t, sample))
	m := d.Manifest
	if !m.Drafts || m.Profile != "example-saas" || m.Format != "caiq-4.0" || m.Patch != "v4.0.3" || m.PreparedBy != "self" {
		t.Errorf("manifest says %+v", m)
	}
	if sum := m.Counts[Filled] + m.Counts[Partly] + m.Counts[Kept] + m.Counts[Blank]; sum != len(d.Rows) {
		t.Errorf("outcomes add up to %d of %d questions", sum, len(d.Rows))
	}
	for _, pack := range []string{"profiles/example-saas.yaml", "profiles/aws.yaml", "caiq-4.0.yaml"} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(m.Packs)), func(k string) bool { return strings.HasSuffix(k, pack) }) {
			t.Errorf("the manifest does not hold the hash of %s", pack)
		}
	}
	encoded, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := DecodeManifest("m.json", encoded)
	if err != nil {
		t.Fatal(err)
	}
	if problems, err := VerifyOutput("out.xlsx", d.Output, back, input(t, sample).Data); err != nil || len(problems) > 0 {
		t.Errorf("a fresh draft does not verify: %v %v", problems, err)
	}
	for _, change := range [][2]string{
		{`"audience": "nda"`, `"audience": "public"`},
		{`"drafts": true`, `"drafts": false`},
		{`"fit_rows": false`, `"fit_rows": true`},
		{`"manifest_sha256": "`, `"manifest_sha256": "0`},
	} {
		edited := strings.Replace(string(encoded), change[0], change[1], 1)
		back, err := DecodeManifest("m.json", []byte(edited))
		if err != nil || edited == string(encoded) {
			t.Fatalf("%s: %v", change[0], err)
		}
		problems, err := VerifyOutput("out.xlsx", d.Output, back, nil)
		if err != nil || len(problems) != 1 || problems[0].Code != "manifest_altered" {
			t.Errorf("with %s: %v %v, want manifest_altered", change[1], problems, err)
		}
	}
}

// TestVerifyOutput_changes changes an answered file in ways a person might not
// notice and expects each to be named.
func TestVerifyOutput_changes(t *testing.T) {
	t.Parallel()
	in := input(t, sample)
	d := fill(t, in)
	first := d.Manifest.Cells[0]
	edit := func(cell, text string) []byte {
		f, err := workbook.Open("out.xlsx", d.Output, workbook.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		out, err := f.Patch([]workbook.Edit{{Sheet: first.Sheet, Cell: cell, Text: text}}, workbook.PatchOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	codes := func(out, original []byte) []string {
		problems, err := VerifyOutput("out.xlsx", out, d.Manifest, original)
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, p := range problems {
			codes = append(codes, p.Code)
		}
		return codes
	}
	if got, want := codes(edit(first.Cell, "No"), nil), []string{"output_hash", "answer_changed"}; !slices.Equal(got, want) {
		t.Errorf("a changed answer gives %v, want %v", got, want)
	}
	if got, want := codes(edit("B3", "Another question?"), in.Data), []string{"output_hash", "verify_mismatch"}; !slices.Equal(got, want) {
		t.Errorf("a changed question gives %v, want %v", got, want)
	}
	if got, want := codes(d.Output, d.Output), "input_hash"; !slices.Contains(got, want) {
		t.Errorf("another original gives %v, want %s", got, want)
	}
}

// A day before the profile's texts were written is told: they may name what came later.
func TestFill_dayBeforeTheTexts(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]bool{"2026-01-15": true, "2026-11-23": false} {
		in := input(t, sample)
		asOf, err := caiq.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		in.AsOf = asOf
		warned := slices.ContainsFunc(fill(t, in).Questionnaire.Warnings, func(p caiq.Problem) bool { return p.Code == "as_of_before_texts" })
		if warned != want {
			t.Errorf("as of %s: warned is %t", day, warned)
		}
	}
}
