package mapping

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

func TestLibrary_Knowledge_holdsWhatIsNeededAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		format caiq.FormatID
		files  map[string]string
		want   []string // files loaded
	}{
		"a format that the profile speaks needs no other": {
			"caiq-9.0",
			map[string]string{"mappings/profiles/host.yaml": hostWithoutOldRefs},
			[]string{
				"mappings/crosswalks/ccm-9.0-to-tsc-2017.yaml",
				"mappings/frameworks/ccm-9.0.yaml", "mappings/frameworks/tsc-2017.yaml",
				"mappings/profiles/acme.yaml", "mappings/profiles/host.yaml",
				"questionnaires/caiq-9.0.yaml", "questionnaires/topics.yaml",
			},
		},
		"an older format is connected by crosswalk and lineage": {
			"caiq-8.0", nil,
			[]string{
				"mappings/crosswalks/ccm-9.0-to-ccm-8.0.yaml", "mappings/crosswalks/ccm-9.0-to-tsc-2017.yaml",
				"mappings/frameworks/ccm-8.0.yaml", "mappings/frameworks/ccm-9.0.yaml", "mappings/frameworks/tsc-2017.yaml",
				"mappings/lineage/caiq-8.0-to-9.0.yaml",
				"mappings/profiles/acme.yaml", "mappings/profiles/host.yaml",
				"questionnaires/caiq-8.0.yaml", "questionnaires/caiq-9.0.yaml", "questionnaires/topics.yaml",
			},
		},
		"a custom questionnaire needs what the profile speaks": {
			caiq.FormatCustom,
			map[string]string{"mappings/profiles/host.yaml": hostWithoutOldRefs},
			[]string{
				"mappings/crosswalks/ccm-9.0-to-tsc-2017.yaml",
				"mappings/frameworks/ccm-9.0.yaml", "mappings/frameworks/tsc-2017.yaml",
				"mappings/profiles/acme.yaml", "mappings/profiles/host.yaml",
				"questionnaires/caiq-9.0.yaml", "questionnaires/topics.yaml",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, err := worldWith(t, c.files).Knowledge(c.format, ProfileSource{Name: "acme"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, slices.Sorted(maps.Keys(k.Hashes))); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if k.Answering != "acme" || k.Profiles["host"] == nil {
				t.Errorf("answering %q with profiles %v", k.Answering, slices.Sorted(maps.Keys(k.Profiles)))
			}
			for file, hash := range k.Hashes {
				if len(hash) != 64 {
					t.Errorf("%s has hash %q", file, hash)
				}
			}
		})
	}
}

const hostWithoutOldRefs = `
schema: 1
id: host
name: Host Ltd
short: Host
service: Host Cloud
model: iaas
ccm: "9.0"
controls:
  - {id: DOOR-1, title: Doors, statement: Host locks doors., owner: Site Manager, document: Rules, reviewed: 2026-02-01, addresses: [DC-01.1]}
`

// ownProfile is a user's file: version 9.0, one stated control, and uses.
func ownProfile(id, uses string) []byte {
	return []byte("schema: 1\nid: " + id + "\nname: N\nshort: S\nservice: V\nmodel: saas\nccm: \"9.0\"\n" +
		"controls:\n  - {id: C-1, title: T, statement: We do it., owner: CISO, document: Policy, reviewed: 2026-02-01, addresses: [DC-01.1]}\n" + uses)
}

func TestLibrary_Knowledge_ownProfile(t *testing.T) {
	t.Parallel()
	const uses = "uses:\n  - {provider: host, for: hosting, monitored_by: C-1}\n  - {provider: post, for: mail, monitored_by: C-1}\n"
	source := ProfileSource{
		Path: "some/folder/own.yaml", Data: ownProfile("own", uses),
		Siblings: fstest.MapFS{
			"post.yaml": {Data: ownProfile("post", "")},
			"host.yaml": {Data: ownProfile("host", "")},
		},
	}
	t.Run("finds providers beside it before the built-in ones", func(t *testing.T) {
		t.Parallel()
		k, err := worldWith(t, nil).Knowledge("caiq-9.0", source)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(k.Profiles)); !slices.Equal(got, []string{"host", "own", "post"}) || k.Profiles["host"].Name != "N" {
			t.Errorf("profiles %v, host is %q", got, k.Profiles["host"].Name)
		}
		for _, file := range []string{"own.yaml", "post.yaml", "host.yaml"} {
			if k.Hashes[file] == "" {
				t.Errorf("no hash of %s in %v", file, slices.Sorted(maps.Keys(k.Hashes)))
			}
		}
	})
	t.Run("finds built-in providers where nothing lies beside it", func(t *testing.T) {
		t.Parallel()
		alone := ProfileSource{Path: "own.yaml", Data: ownProfile("own", "uses:\n  - {provider: host, for: hosting, monitored_by: C-1}\n")}
		k, err := worldWith(t, nil).Knowledge("caiq-9.0", alone)
		if err != nil || k.Profiles["host"].Name != "Host Ltd" {
			t.Errorf("%v", err)
		}
	})
}

// A provider's evidence is what the answering profile has read of it; the built-in
// profile stays as it is for everybody else.
func TestLibrary_Knowledge_copies(t *testing.T) {
	t.Parallel()
	const unread = "evidence:\n  - {id: iso, kind: iso27001, title: Certificate, issuer: Body, system: All, confirm: read it}\n"
	copied := func(issuer string) string {
		return "    evidence:\n      - {id: iso, kind: iso27001, title: Certificate, issuer: " + issuer + ", system: All, as_of: 2026-01-01}\n"
	}
	use := func(id, copies string) string {
		return "  - provider: " + id + "\n    for: it\n    monitored_by: C-1\n" + copies
	}
	for name, c := range map[string]struct {
		own, post string // their uses
		want      string // issuer and release of the copy; "" for evidence that is still to be confirmed
	}{
		"is confirmed by the copy":                         {use("host", copied("Ours")), "", "Ours nda"},
		"is unread without one":                            {use("host", ""), "", ""},
		"is what the answering profile has read":           {use("post", "") + use("host", copied("Ours")), use("host", copied("Theirs")), "Ours nda"},
		"is not what another has read":                     {use("post", "") + use("host", ""), use("host", copied("Theirs")), ""},
		"is what the only user has read, further down":     {use("post", ""), use("host", copied("Theirs")), "Theirs nda"},
		"goes by its user, whatever the order of the uses": {use("host", copied("Ours")) + use("post", ""), use("host", copied("Theirs")), "Ours nda"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := worldWith(t, map[string]string{"mappings/profiles/host.yaml": hostWithoutOldRefs + unread})
			post := ""
			if c.post != "" {
				post = "uses:\n" + c.post
			}
			source := ProfileSource{
				Path: "own.yaml", Data: ownProfile("own", "uses:\n"+c.own),
				Siblings: fstest.MapFS{"post.yaml": {Data: ownProfile("post", post)}},
			}
			k, err := l.Knowledge("caiq-9.0", source)
			if err != nil {
				t.Fatal(err)
			}
			e, got := k.Profiles["host"].EvidenceByID("iso"), ""
			if e.Confirm == "" {
				got = e.Issuer + " " + string(e.Release)
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			shared, err := l.Profile("host")
			if err != nil || shared.EvidenceByID("iso").Confirm == "" {
				t.Errorf("the shared profile was changed (%v)", err)
			}
		})
	}
}

func TestLibrary_Knowledge_refuses(t *testing.T) {
	t.Parallel()
	siblings := fstest.MapFS{
		"circle.yaml": {Data: ownProfile("circle", "uses:\n  - {provider: own, for: it, monitored_by: C-1}\n")},
		"own.yaml":    {Data: ownProfile("own", "uses:\n  - {provider: circle, for: it, monitored_by: C-1}\n")},
		"named.yaml":  {Data: ownProfile("other", "")},
		"broken.yaml": {Data: []byte("id: [")},
		"faulty.yaml": {Data: []byte(strings.ReplaceAll(string(ownProfile("faulty", "")), "DC-01.1", "DC-99"))},
	}
	own := func(uses string) ProfileSource {
		return ProfileSource{Path: "own.yaml", Data: ownProfile("own", uses), Siblings: siblings}
	}
	use := func(id string) ProfileSource {
		return own("uses:\n  - {provider: " + id + ", for: it, monitored_by: C-1}\n")
	}
	for name, c := range map[string]struct {
		format caiq.FormatID
		source ProfileSource
		code   string // of the problem, or of the error
	}{
		"an unknown format":                   {"caiq-7.0", ProfileSource{Name: "acme"}, "unknown_format"},
		"an unknown profile":                  {"caiq-9.0", ProfileSource{Name: "nobody"}, "unknown_profile"},
		"a name that is a path":               {"caiq-9.0", ProfileSource{Name: "../acme"}, "unknown_profile"},
		"an unknown provider":                 {"caiq-9.0", use("nobody"), "unknown_profile"},
		"a provider by a path":                {"caiq-9.0", use("../host"), "unknown_profile"},
		"a profile that uses itself":          {"caiq-9.0", use("circle"), "uses_cycle"},
		"a provider named otherwise":          {"caiq-9.0", use("named"), "id_not_file_name"},
		"a provider's file that is no YAML":   {"caiq-9.0", use("broken"), "yaml_syntax"},
		"a provider's file with lint errors":  {"caiq-9.0", use("faulty"), "unknown_control"},
		"an own profile with lint errors":     {"caiq-9.0", own("facts:\n  - {id: a, title: b}\n"), "empty_text"},
		"an own profile with unknown fields":  {"caiq-9.0", own("fact: x\n"), "unknown_field"},
		"an own profile that is empty":        {"caiq-9.0", ProfileSource{Path: "own.yaml", Data: []byte{}}, "empty_file"},
		"an own profile of an unknown matrix": {"caiq-9.0", ProfileSource{Path: "own.yaml", Data: []byte(strings.Replace(string(ownProfile("own", "")), "9.0", "7.0", 1))}, "bad_value"},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			t.Parallel()
			k, err := worldWith(t, nil).Knowledge(c.format, c.source)
			var ps caiq.Problems
			switch {
			case err == nil:
				t.Errorf("got knowledge of %v", slices.Sorted(maps.Keys(k.Hashes)))
			case errors.As(err, &ps):
				if !slices.ContainsFunc(ps, func(p caiq.Problem) bool { return p.Code == c.code && p.File != "" }) {
					t.Errorf("problems %v, want code %s", ps, c.code)
				}
			case caiq.CodeOf(err) != c.code:
				t.Errorf("error %v (%s), want code %s", err, caiq.CodeOf(err), c.code)
			}
		})
	}
}

func TestLibrary_isSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	l := worldWith(t, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, format := range []caiq.FormatID{"caiq-8.0", "caiq-9.0", caiq.FormatCustom} {
				if _, err := l.Knowledge(format, ProfileSource{Name: "acme"}); err != nil {
					t.Error(err)
				}
			}
			if ps := l.Lint(); len(ps) > 0 {
				t.Error(ps)
			}
		})
	}
	wg.Wait()
}

func TestLibrary_Responsibilities(t *testing.T) {
	t.Parallel()
	l := worldWith(t, nil)
	notes, err := l.Responsibilities("ccm-9.0/DC-01", "ccm-8.0/AC-01", "ccm-9.0/AC-99", "ccm-7.0/AC-01")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range notes {
		got = append(got, n.Evidence)
	}
	want := []string{"The provider's report.", "The policy with date and owner."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notes, the second that of the same control of another version (-want +got):\n%s", diff)
	}
	if _, err := l.ProviderResponsibilities("host"); caiq.KindOf(err) != caiq.NotFound {
		t.Errorf("notes of a provider without any: %v", err)
	}
}

func TestLibrary_LineageCounts(t *testing.T) {
	t.Parallel()
	got, err := worldWith(t, nil).LineageCounts()
	want := []LineageCount{{
		From: "caiq-8.0", To: "caiq-9.0", Unmapped: []string{},
		Relations: map[caiq.Relation]int{caiq.LineageSame: 1, caiq.LineageReworded: 1, caiq.LineageNew: 2},
	}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("counts (-want +got), %v:\n%s", err, diff)
	}
}

// Questions have their kin in the versions next to theirs, both ways.
func TestLibrary_Kin(t *testing.T) {
	t.Parallel()
	lib := packs()
	for _, tt := range []struct {
		format    caiq.FormatID
		own, kin  caiq.Ref
		notByIDof caiq.Ref // has the identifier of own and asks something else
	}{
		{"caiq-4.1", "caiq-4.1/IAM-13.1", "caiq-4.0/IAM-14.1", "caiq-4.0/IAM-13.1"},
		{"caiq-4.0", "caiq-4.0/IAM-14.1", "caiq-4.1/IAM-13.1", "caiq-4.1/IAM-14.1"},
	} {
		kin, err := lib.Kin(tt.format)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(kin[tt.own], tt.kin) || slices.Contains(kin[tt.own], tt.notByIDof) {
			t.Errorf("%s: kin of %s are %v", tt.format, tt.own, kin[tt.own])
		}
	}
}
