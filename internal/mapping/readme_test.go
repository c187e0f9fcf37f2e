package mapping

import (
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
