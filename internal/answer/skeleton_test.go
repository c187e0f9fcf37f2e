package answer_test

import (
	"regexp"
	"strings"
	"testing"

	"caique/internal/answer"
	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/mappings"
	"caique/questionnaires"
)

// A company on AWS that fills the skeleton in and takes the first # away from its
// block on AWS inherits what AWS alone does, and nothing that takes a part of its own.
func TestTheSkeletonInheritsDataCentresFromAWS(t *testing.T) {
	t.Parallel()
	text := string(mapping.Skeleton("acme"))
	text = strings.NewReplacer("FILL IN: ", "Here is ", "reviewed: #", "reviewed: 2026-03-17 #").Replace(text)
	from, to := strings.Index(text, "#uses:"), strings.Index(text, "# What does not apply,")
	text = text[:from] + regexp.MustCompile(`(?m)^#`).ReplaceAllString(text[from:to], "") + text[to:]
	lib := mapping.New(questionnaires.FS, mappings.FS)
	for format, want := range map[caiq.FormatID]string{
		"caiq-4.0": "DCS-07.1 DCS-07.2 DCS-09.1 DCS-09.2 DCS-10.1 DCS-11.1 DCS-12.1 DCS-13.1 DCS-14.1 DCS-15.1 LOG-12.1",
		"caiq-4.1": "DCS-01.1 DCS-01.2 DCS-08.1 DCS-10.1 DCS-10.2 DCS-11.1 DCS-12.1 DCS-13.1 DCS-14.1 DCS-15.1 DCS-16.1 DCS-18.1 LOG-13.1",
	} {
		k, err := lib.Knowledge(format, mapping.ProfileSource{Path: "acme.yaml", Data: []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		e, err := answer.New(k, "acme", caiq.Options{AsOf: date(day), Audience: caiq.ReleasePublic})
		if err != nil {
			t.Fatal(err)
		}
		var inherited []string
		for _, q := range k.Formats[format].Questions {
			if p := propose(t, e, string(k.Formats[format].Ref(q))); p.Value == caiq.Yes && p.Ownership == caiq.OwnerThirdParty {
				inherited = append(inherited, q.ID)
			}
		}
		if got := strings.Join(inherited, " "); got != want {
			t.Errorf("%s: inherited are %s, want %s", format, got, want)
		}
	}
}
