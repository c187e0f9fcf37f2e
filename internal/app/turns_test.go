package app_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/mappings"
)

// importing is a workspace with a profile of its own, which two admins import.
type importing struct {
	*world
	text    string
	version int
	other   caiq.Principal // an admin who reviews too
}

func newImporting(t *testing.T) *importing {
	t.Helper()
	w := newWorld(t)
	text, err := mappings.FS.ReadFile("profiles/example-saas.yaml")
	if err != nil {
		t.Fatal(err)
	}
	im := &importing{world: w, text: strings.Replace(string(text), "id: example-saas", "id: own", 1)}
	im.other = w.person(t, "olga", caiq.Admin, caiq.Reviewer)
	im.put(t, w.admin, func(text string) string { return text })
	return im
}

// put imports the next version.
func (im *importing) put(t *testing.T, p caiq.Principal, change func(string) string) {
	t.Helper()
	text := change(im.text)
	if text == im.text && im.version > 0 {
		t.Fatal("the next version changes nothing")
	}
	if _, err := im.ImportProfile(t.Context(), p, app.ImportProfileInput{ID: "own", YAML: []byte(text), Previous: im.version}); err != nil {
		t.Fatal(err)
	}
	im.text = text
	im.version++
}

func (im *importing) uploadOwn(t *testing.T, customer string) []app.AnswerView {
	t.Helper()
	up, err := im.Upload(t.Context(), im.uploader, app.UploadInput{
		Name: "CAIQ.xlsx", Data: sample(t), ProfileID: "own", RecordInput: app.RecordInput{Customer: customer, NDA: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return im.rows(t, up.Record.ID)
}

func replaced(old, with string) func(string) string {
	return func(text string) string { return strings.Replace(text, old, with, 1) }
}

func without(pattern string) func(string) string {
	return func(text string) string {
		at := regexp.MustCompile(pattern).FindStringIndex(text)
		return text[:at[0]] + text[at[1]:]
	}
}

// versionChanges change what answers rest on, each at another place of a profile.
func versionChanges() map[string]func(string) string {
	return map[string]func(string) string{
		"a report's title":      replaced(`title: "SOC 2 Type II report"`, `title: "Spotless SOC 2 Type II report"`),
		"management's response": replaced("Reminders now go to the reviewer's manager after five days", "Olga supervises every review in person"),
		"deviations taken away": without(`    deviations:\n(      .*\n)+`),
		"what a provider does":  func(text string) string { return strings.ReplaceAll(text, `says: "AWS`, `says: "Olga says AWS`) },
		"a duty taken away":     without(`(?m)^      - id: CSOC-KEY-02\n(        .*\n)+`),
	}
}

func TestWhoImportsAChangeOfWhatAnAnswerRestsOnIsItsAuthor(t *testing.T) {
	t.Parallel()
	for name, change := range versionChanges() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			im := newImporting(t)
			before := im.uploadOwn(t, "before")
			im.put(t, im.other, change)
			after := im.rows(t, before[0].Answer.RecordID)
			fresh := im.uploadOwn(t, "after")
			changed, others := 0, 0
			for i, v := range after {
				differs := v.Answer.BasisHash != before[i].Answer.BasisHash
				wrote := slices.Contains(v.Answer.Authors, im.other.User.ID)
				switch {
				case v.Answer.Answer.Blank():
				case differs && !wrote:
					t.Errorf("question %d has changed, and who imported that is none of its authors", v.Answer.N)
				case !slices.Equal(v.Answer.Authors, fresh[i].Answer.Authors):
					t.Errorf("question %d: authors %v, uploaded later %v", v.Answer.N, v.Answer.Authors, fresh[i].Answer.Authors)
				case !wrote:
					others++
				case differs:
					changed++
					_, err := im.Approve(t.Context(), im.other, v.Answer.RecordID, v.Answer.N, app.ApproveInput{Revision: v.Answer.Revision})
					wantCode(t, err, "sod_violation")
				}
			}
			if changed == 0 || others == 0 {
				t.Errorf("%d answers are by who imported a change of theirs, %d are not", changed, others)
			}
		})
	}
}

func TestWordsThatALaterVersionBringsIntoAnAnswerKeepTheirAuthor(t *testing.T) {
	t.Parallel()
	im := newImporting(t)
	im.put(t, im.other, replaced("  - id: pentest-2026\n", `  - id: olgas
    kind: iso27001
    title: "Olga's certificate"
    issuer: "Olga & Friends"
    system: "Example Cloud Platform"
    as_of: 2026-03-28
    issued: 2026-03-28
    reliable_until: 2028-03-27
    release: public
  - id: pentest-2026
`))
	for _, v := range im.uploadOwn(t, "unused") {
		if slices.Contains(v.Answer.Authors, im.other.User.ID) {
			t.Errorf("question %d: an author of what nothing names", v.Answer.N)
		}
	}
	im.put(t, im.admin, replaced("criteria: [CC7.1, CC7.4, CC8.1]\n    evidence: [", "criteria: [CC7.1, CC7.4, CC8.1]\n    evidence: [olgas, "))
	named := func(v app.AnswerView) bool {
		return slices.ContainsFunc(v.Answer.Proposal.Basis, func(st caiq.Step) bool { return st.Ref == "own:olgas" })
	}
	v := find(t, im.uploadOwn(t, "used"), named)
	if !slices.Contains(v.Answer.Authors, im.other.User.ID) {
		t.Errorf("question %d rests on Olga's words, authors %v", v.Answer.N, v.Answer.Authors)
	}
}

func TestWhoImportsAProviderIsAnAuthorOfWhatRestsOnIt(t *testing.T) {
	t.Parallel()
	im := newImporting(t)
	provider := strings.Replace(ownProfile(t), "id: own", "id: signin", 1)
	put := func(text string, previous int) {
		if _, err := im.ImportProfile(t.Context(), im.other, app.ImportProfileInput{ID: "signin", YAML: []byte(text), Previous: previous}); err != nil {
			t.Fatal(err)
		}
	}
	put(provider, 0)
	im.put(t, im.admin, replaced("provider: keystone-id", "provider: signin"))
	before := im.uploadOwn(t, "before")
	put(strings.Replace(provider, `title: "SOC 2 Type II report"`, `title: "Spotless SOC 2 Type II report"`, 1), 1)
	theirs, changed := 0, 0
	for i, v := range im.uploadOwn(t, "after") {
		wrote := slices.Contains(v.Answer.Authors, im.other.User.ID)
		if wrote {
			theirs++
		}
		if v.Answer.BasisHash != before[i].Answer.BasisHash && !v.Answer.Answer.Blank() {
			if changed++; !wrote {
				t.Errorf("question %d rests on what Olga changed of a provider, and she is none of its authors", v.Answer.N)
			}
		}
	}
	if changed == 0 || theirs == 0 || theirs == len(before) {
		t.Errorf("%d answers changed, %d are Olga's too", changed, theirs)
	}
}

func TestVersionsAreInOrderWhateverTheClockSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	im := &importing{world: w, text: ownProfile(t), other: w.person(t, "olga", caiq.Admin, caiq.Reviewer)}
	im.put(t, w.admin, func(text string) string { return text })
	w.clock.set(w.clock.Now().Add(-time.Hour))
	im.put(t, im.other, replaced("statement: >-\n      ", "statement: >-\n      Olga says: "))
	theirs, others := 0, 0
	for _, v := range im.uploadOwn(t, "A") {
		switch {
		case v.Answer.Answer.Blank():
		case slices.Contains(v.Answer.Authors, im.other.User.ID):
			theirs++
		default:
			others++
		}
	}
	if theirs == 0 || others == 0 {
		t.Errorf("%d answers are Olga's too, %d are not", theirs, others)
	}
}

func TestOfEarlyTurnsEverybodyIsAnAuthor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	im := &importing{world: w, text: ownProfile(t), other: w.person(t, "olga", caiq.Admin, caiq.Reviewer)}
	people := []caiq.Principal{w.admin, im.other}
	next := func() {
		im.put(t, people[im.version%2], func(text string) string {
			if im.version == 1 {
				return strings.Replace(text, "statement: >-\n      ", "statement: >-\n      Olga says: ", 1)
			}
			return text + "# A remark.\n"
		})
	}
	for _, c := range []struct {
		turns int
		all   bool
	}{{2, false}, {13, false}, {14, true}} {
		for im.version < c.turns {
			next()
		}
		theirs, others := 0, 0
		for _, v := range im.uploadOwn(t, strconv.Itoa(c.turns)) {
			switch {
			case v.Answer.Answer.Blank():
			case slices.Contains(v.Answer.Authors, im.other.User.ID):
				theirs++
			default:
				others++
			}
		}
		if theirs == 0 || (others == 0) != c.all {
			t.Errorf("after %d turns %d answers are Olga's too, %d are not", c.turns, theirs, others)
		}
	}
}
