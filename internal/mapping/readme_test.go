package mapping

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"caique/internal/caiq"
)

// The field references name every field that the decoder accepts.
func TestREADME_namesEveryField(t *testing.T) {
	t.Parallel()
	for file, shapes := range map[string][]any{
		"../../mappings/README.md": {caiq.Framework{}, caiq.Crosswalk{}, caiq.Lineage{}, caiq.ResponsibilityNotes{}, caiq.Profile{}},
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		seen := make(map[reflect.Type]bool)
		for _, shape := range shapes {
			eachField(reflect.TypeOf(shape), seen, func(owner, name string) {
				if !strings.Contains(string(text), "`"+name+"`") && !strings.Contains(string(text), "."+name+"`") {
					t.Errorf("%s does not name %s of %s", file, name, owner)
				}
			})
		}
	}
}

// The table of lineages says what the linter counts.
func TestREADME_countsRelations(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../mappings/README.md")
	if err != nil {
		t.Fatal(err)
	}
	counts, err := packs().LineageCounts()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		n := c.Relations
		row := fmt.Sprintf("| `%s` | %d | %d | %d | %d | %d | %d |\n", lineageName(c.From, c.To),
			n[caiq.LineageSame], n[caiq.LineageReworded], n[caiq.LineageChanged], n[caiq.LineageNew], n[caiq.LineageDropped], c.Reused)
		if !strings.Contains(string(text), row) {
			t.Errorf("mappings/README.md has no row %s", row)
		}
		if n[caiq.LineageSplit]+n[caiq.LineageMerged]+len(c.Unmapped) > 0 {
			t.Errorf("%s to %s splits or merges, or leaves out %v: say so in mappings/README.md", c.From, c.To, c.Unmapped)
		}
	}
}

func eachField(t reflect.Type, seen map[reflect.Type]bool, visit func(owner, name string)) {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] || t == reflect.TypeFor[caiq.Date]() {
		return
	}
	seen[t] = true
	for f := range t.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); name != "" && name != "-" {
			visit(t.Name(), name)
			eachField(f.Type, seen, visit)
		}
	}
}
