package mapping

import (
	"slices"
	"testing"

	"caique/mappings"
	"caique/questionnaires"
)

func TestIndexTerms(t *testing.T) {
	t.Parallel()
	l := New(questionnaires.FS, mappings.FS)
	own, err := l.IndexTerms("ccm-4.1")
	if err != nil {
		t.Fatal(err)
	}
	if f, _ := l.Framework("ccm-4.1"); len(own) != len(f.Controls) {
		t.Errorf("%d of %d controls have terms", len(own), len(f.Controls))
	}
	older, err := l.IndexTerms("ccm-4.0")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(older["TVM-06"], "penetration test") || slices.Contains(older["TVM-07"], "penetration test") {
		t.Error("terms pass to an older version by number, not by content")
	}
	if none, err := l.IndexTerms("ccm-3.0.1"); err != nil || len(none) != 0 {
		t.Errorf("a framework that none maps to: %d terms, %v", len(none), err)
	}
}
