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

// The block on AWS holds what only a reader of one's own report can decide, behind
// a second #.
func TestSkeleton_sharedWithAWS(t *testing.T) {
	t.Parallel()
	once := fillIn(uncomment(string(Skeleton("acme"))))
	twice := regexp.MustCompile(`(?m)^(    )#(  |\w)`).ReplaceAllString(once, "$1$2")
	if n := strings.Count(twice, "CSOC-") - strings.Count(once, "\n      - id: CSOC-"); n != 9 {
		t.Errorf("%d expectations wait for a decision, want 9", n)
	}
	for _, p := range LintProfile(packs(), ProfileSource{Path: "acme.yaml", Data: []byte(twice)}) {
		if p.Code != "duty_unmet" {
			t.Errorf("%s (%s)", p, p.Code)
		}
	}
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
