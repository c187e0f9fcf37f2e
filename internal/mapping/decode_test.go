package mapping

import (
	"strings"
	"testing"
	"testing/fstest"

	"caique/internal/caiq"
)

func TestDecode_refuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ data, code string }{
		"a file over the limit":               {strings.Repeat("#", MaxFileSize+1), "too_large"},
		"more entries than anybody writes":    {"controls: [" + strings.Repeat("{},", maxEntries+1) + "]", "too_large"},
		"an alias bomb":                       {"schema: 1\nname: &a [x]\nshort: [*a, *a]\n", "alias"},
		"an anchor on the way":                {"controls:\n  - &a {id: C-1}\n", "alias"},
		"deep nesting in a known field":       {"name: " + strings.Repeat("[", 900) + strings.Repeat("]", 900), "wrong_type"},
		"deeper nesting than the parser goes": {"name: " + strings.Repeat("[", 90_000), "yaml_syntax"},
		"a merge key":                         {"<<: {id: x}\n", "unknown_field"},
		"a list where a profile should be":    {"- id: x\n", "wrong_type"},
		"a scalar where a profile should be":  {"just text\n", "wrong_type"},
		"bytes that are no UTF-8":             {"id: \xff\xfe\n", "yaml_syntax"},
		"a tab for indentation":               {"evidence:\n\t- id: x\n", "yaml_syntax"},
		"nothing":                             {"", "empty_file"},
		"an unknown alias":                    {"id: *nowhere\n", "yaml_syntax"},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			t.Parallel()
			ps := decode("x.yaml", []byte(c.data), new(caiq.Profile))
			if len(ps) == 0 || ps[0].Code != c.code || ps[0].File != "x.yaml" {
				t.Errorf("got %v, want code %s", ps, c.code)
			}
		})
	}
}

func TestDecode_syntaxLine(t *testing.T) {
	t.Parallel()
	head := "schema: 1\nid: acme\ncontrols:\n"
	item := "  - id: C-1\n    title: Doors\n    addresses: [A]\n"
	for name, c := range map[string]struct {
		data string
		line int
	}{
		"a colon in bare text":     {head + item + "    reason: it works: always\n" + item, 7},
		"a quote that never ends":  {head + item + "    reason: \"open\n" + strings.Repeat(item, 50), 7},
		"an item out of line":      {head + item + item + " - id: C-2\n" + strings.Repeat(item, 50), 10},
		"a list that never closes": {head + item + "    evidence: [a, b\n", 7},
	} {
		t.Run("finds "+name, func(t *testing.T) {
			t.Parallel()
			ps := decode("x.yaml", []byte(c.data), new(caiq.Profile))
			if len(ps) != 1 || ps[0].Code != "yaml_syntax" || ps[0].Line != c.line {
				t.Errorf("got %v, want line %d", ps, c.line)
			}
		})
	}
}

// TestDecode_secondDocument wants the line on which a second document begins.
func TestDecode_secondDocument(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data string
		line int
	}{
		"plain":                           {"id: a\n---\nid: b\n", 2},
		"after a marker of the first":     {"# a\n%YAML 1.1\n--- # first\nid: a\n--- \nid: b\n", 5},
		"after an end":                    {"id: a\n...\n\n---\nid: b\n", 4},
		"one that is no YAML":             {"id: a\n---\n- [\n", 2},
		"one without a marker":            {"id: a\n...\n# b\nid: b\n", 4},
		"where dashes stand in the first": {"id: >-\n  ---\nname: ---x\n---\nid: b\n", 4},
		"where the first has one line":    {"--- {id: a}\n---\nid: b\n", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ps := decode("x.yaml", []byte(c.data), new(caiq.Profile))
			if len(ps) != 1 || ps[0].Code != "second_document" || ps[0].Line != c.line {
				t.Errorf("got %v, want line %d", ps, c.line)
			}
		})
	}
}

func TestDecode_addresses(t *testing.T) {
	t.Parallel()
	p := new(caiq.Profile)
	data := "cuecs:\n  - addresses: [IAM-13, \"IAM-13#mfa\", {ref: IAM-13.1, says: We do.}]\n"
	if ps := decode("x.yaml", []byte(data), p); ps != nil {
		t.Fatal(ps)
	}
	got := p.CUECs[0].Addresses
	if len(got) != 3 || got[0].Ref != "IAM-13" || got[1].Ref != "IAM-13#mfa" || got[2].Says != "We do." {
		t.Errorf("addresses %+v", got)
	}
}

func TestDecode_listsNoMoreThanAnybodyReads(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"of decoding": strings.Repeat("controls: x\n", 5000),
		"of linting":  "id: x\ncontrols:\n" + strings.Repeat("  - {}\n", 5000),
	} {
		t.Run("problems "+name, func(t *testing.T) {
			t.Parallel()
			ps := LintProfile(worldWith(t, nil), ProfileSource{Path: "x.yaml", Data: []byte(data)})
			if len(ps) != maxProblems+1 || ps[maxProblems].Code != "too_many_problems" {
				t.Errorf("%d problems, the last %v", len(ps), ps[len(ps)-1])
			}
		})
	}
}

// FuzzLoad feeds any bytes to every kind of file: it may refuse, it must not
// panic, and what a loader accepts the linter must stand too. Run it with
// -fuzzminimizetime 5x: goroutines make coverage vary, and minimising drags.
func FuzzLoad(f *testing.F) {
	paths := []string{
		"questionnaires/caiq-4.0.yaml", "questionnaires/topics.yaml", "mappings/frameworks/ccm-4.0.yaml",
		"mappings/crosswalks/ccm-4.0-to-tsc-2017.yaml", "mappings/lineage/caiq-4.0-to-4.1.yaml",
		"mappings/responsibility/ccm-4.0.yaml", "mappings/profiles/acme.yaml",
	}
	world := archive(f, "testdata/world.txtar")
	for name, data := range world {
		for kind, path := range paths {
			if strings.HasPrefix(name, path[:strings.LastIndex(path, "/")]) {
				f.Add(uint8(kind), []byte(data))
			}
		}
	}
	f.Add(uint8(6), Skeleton("acme"))
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		files := map[string]string{paths[int(kind)%len(paths)]: string(data)}
		questionnaires, mappings := folders(t, world, files)
		l := New(questionnaires, mappings)
		for _, p := range l.Lint() {
			if p.File == "" || p.Code == "" || p.Message == "" {
				t.Errorf("a problem without file, code or message: %+v", p)
			}
		}
		_, _ = l.Knowledge("caiq-9.0", ProfileSource{Path: "acme.yaml", Data: data})
		_, _ = DecodeLayout("layout.yaml", data)
	})
}

func folders(t *testing.T, all ...map[string]string) (questionnaires, mappings fstest.MapFS) {
	t.Helper()
	dirs := map[string]fstest.MapFS{"questionnaires": {}, "mappings": {}}
	for _, files := range all {
		for name, data := range files {
			top, inner, _ := strings.Cut(name, "/")
			if dirs[top] == nil {
				t.Fatalf("%s is in neither folder", name)
			}
			dirs[top][inner] = &fstest.MapFile{Data: []byte(data)}
		}
	}
	return dirs["questionnaires"], dirs["mappings"]
}
