package mapping

import (
	"regexp"
	"strings"
	"testing"

	"caique/internal/caiq"
)

func TestSkeleton(t *testing.T) {
	t.Parallel()
	l := packs()
	plain := string(Skeleton("acme"))
	lint := func(text string) caiq.Problems {
		return LintProfile(l, ProfileSource{Path: "acme.yaml", Data: []byte(text)})
	}
	t.Run("lacks nothing but what is to be filled in", func(t *testing.T) {
		t.Parallel()
		ps := lint(plain)
		if len(ps) == 0 {
			t.Fatal("a skeleton that lints clean could be sent")
		}
		for _, p := range ps {
			if p.Code != "placeholder" && p.Code != "date_missing" {
				t.Errorf("%s (%s)", p, p.Code)
			}
		}
	})
	t.Run("is clean once filled in", func(t *testing.T) {
		t.Parallel()
		for _, p := range lint(fillIn(plain)) {
			t.Errorf("%s (%s)", p, p.Code)
		}
	})
	t.Run("has examples that are clean too", func(t *testing.T) {
		t.Parallel()
		for _, p := range lint(fillIn(uncomment(plain))) {
			if p.Code != "duty_unmet" { // the example says little about the provider's CUECs
				t.Errorf("%s (%s)", p, p.Code)
			}
		}
	})
}

func fillIn(s string) string {
	s = strings.ReplaceAll(s, "FILL IN: ", "Here is ")
	return strings.ReplaceAll(s, "reviewed: #", "reviewed: 2026-03-17 #")
}

// uncomment takes the # from example lines: those without a blank after it, or
// with several.
func uncomment(s string) string {
	return regexp.MustCompile(`(?m)^#(  |\w)`).ReplaceAllString(strings.ReplaceAll(s, "#     caique lint", "# caique lint"), "$1")
}
