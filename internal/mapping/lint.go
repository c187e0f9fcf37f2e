package mapping

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// Lint checks every file of the library and returns all problems, ordered by
// file and line.
func (l *Library) Lint() caiq.Problems {
	c := newCatalogue(l)
	var all caiq.Problems
	for _, name := range l.dataFiles() {
		all = append(all, l.lintFile(c, name)...)
	}
	sortProblems(all)
	return all
}

// LintProfile checks one profile: a user's file, or a built-in one by its name, its
// dates by the source's day. Profiles that it uses are checked as far as they bear
// on it.
func LintProfile(l *Library, source ProfileSource) caiq.Problems {
	c := newCatalogue(l)
	c.today = source.Today
	if source.Data == nil {
		if _, err := l.Profile(source.Name); caiq.KindOf(err) == caiq.NotFound {
			return caiq.Problems{{Field: source.Name, Code: caiq.CodeOf(err), Message: err.Error()}}
		}
		return l.lintFile(c, path.Join(profilesDir, source.Name+".yaml"))
	}
	return l.lintProfileData(c, source)
}

func (l *Library) lintProfileData(c *catalogue, source ProfileSource) caiq.Problems {
	p := new(caiq.Profile)
	malformed := decode(source.Path, source.Data, p)
	if unreadable(malformed) {
		return malformed
	}
	resolve(p)
	r := &report{file: source.Path, data: source.Data}
	name := ""
	if source.Path != "" {
		name = strings.TrimSuffix(baseName(source.Path), ".yaml")
	}
	lintProfile(place{report: r}, c, p, source, name)
	return withMalformed(malformed, r.finish())
}

// dataFiles lists the paths of all data files, sorted, with strays: YAML in
// places where nothing reads it.
func (l *Library) dataFiles() []string {
	var names []string
	for _, top := range []string{"mappings", questionnairesDir} {
		fsys, root := l.place(top)
		_ = fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && isYAML(name) {
				names = append(names, path.Join(top, name))
			}
			return nil // what cannot be read is missed by whoever needs it
		})
	}
	slices.Sort(names)
	return names
}

func isYAML(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// lintFile checks one file of the library by its path, "mappings/profiles/aws.yaml".
func (l *Library) lintFile(c *catalogue, name string) caiq.Problems {
	r := &report{file: name}
	id, at := strings.TrimSuffix(path.Base(name), ".yaml"), place{report: r}
	err := l.lintKind(at, c, name, id)
	malformed, ok := err.(caiq.Problems) //nolint:errorlint // load returns them bare
	if err != nil && !ok {
		at.errorf(cmp.Or(caiq.CodeOf(err), "unreadable_file"), "%s", err)
		return r.problems
	}
	if len(r.problems) > 0 {
		r.data, _ = l.bytes(name) // read a moment ago; without it lines are unknown
	}
	return withMalformed(malformed, r.finish())
}

func (l *Library) lintKind(at place, c *catalogue, name, id string) error {
	switch folder := path.Dir(name); {
	case !strings.HasSuffix(name, ".yaml"):
		return caiq.Errorf(caiq.Invalid, "stray_file", "data files end in .yaml; nothing reads this one")
	case name == topicsFile:
		return lintAs(l, folder, id, "topics", func(t *topics) { lintTopics(at, c, t) })
	case folder == questionnairesDir:
		return lintAs(l, folder, id, "format", func(f *caiq.Format) { lintFormat(at, c, f, id) })
	case folder == frameworksDir:
		return lintAs(l, folder, id, "framework", func(f *caiq.Framework) { lintFramework(at, f, id) })
	case folder == crosswalksDir:
		return lintAs(l, folder, id, "crosswalk", func(cw *caiq.Crosswalk) { lintCrosswalk(at, c, cw, id) })
	case folder == lineageDir:
		return lintAs(l, folder, id, "lineage", func(lin *caiq.Lineage) { lintLineage(at, c, lin, id) })
	case folder == responsibilityDir:
		return lintAs(l, folder, id, "responsibility notes", func(n *caiq.ResponsibilityNotes) { lintResponsibility(at, c, n, id) })
	case folder == vocabularyDir:
		return l.vocabularyKind(at, c, id)
	case folder == profilesDir:
		_, err := l.Profile(id)
		return lintLoaded(l, folder, id, err, func(p *caiq.Profile) { lintProfile(at, c, p, ProfileSource{Name: id}, id) })
	default:
		return caiq.Errorf(caiq.Invalid, "stray_file", "nothing reads a data file in this folder")
	}
}

func lintAs[T any](l *Library, folder, id, what string, check func(*T)) error {
	_, err := load[T](l, folder, id, what)
	return lintLoaded(l, folder, id, err, check)
}

// lintLoaded checks a file that was loaded with the given error: what could be
// read of it, where that is anything.
func lintLoaded[T any](l *Library, folder, id string, err error, check func(*T)) error {
	malformed, ok := err.(caiq.Problems) //nolint:errorlint // load returns them bare
	if err != nil && (!ok || unreadable(malformed)) {
		return err
	}
	check(l.file(path.Join(folder, id+".yaml")).data.(*T)) //nolint:forcetypeassert // a path has one kind of file: its folder's
	return err
}

func baseName(file string) string { return path.Base(strings.ReplaceAll(file, `\`, "/")) }

// ccmVersion returns the version of a CCM framework id: "4.1" of "ccm-4.1".
func ccmVersion(framework string) (string, bool) { return strings.CutPrefix(framework, "ccm-") }

// LineageCount sums up one lineage.
type LineageCount struct {
	From      caiq.FormatID         `json:"from"`
	To        caiq.FormatID         `json:"to"`
	Relations map[caiq.Relation]int `json:"relations"` // entries by relation
	Reused    int                   `json:"reused"`    // identifiers that ask something else in To
	Unmapped  []string              `json:"unmapped"`  // questions of From without an entry
}

// LineageCounts sums up every lineage, in the order of their file names.
func (l *Library) LineageCounts() ([]LineageCount, error) {
	var counts []LineageCount
	for _, e := range l.edges(lineageDir) {
		lin, err := l.Lineage(caiq.FormatID(e.from), caiq.FormatID(e.to))
		if err != nil {
			return nil, err
		}
		f, err := l.Format(lin.From)
		if err != nil {
			return nil, err
		}
		counts = append(counts, countLineage(lin, f))
	}
	return counts, nil
}

func countLineage(lin *caiq.Lineage, from *caiq.Format) LineageCount {
	n := LineageCount{
		From: lin.From, To: lin.To, Reused: len(lin.Reused),
		Relations: make(map[caiq.Relation]int), Unmapped: []string{},
	}
	mapped := make(map[string]bool)
	for _, e := range lin.Entries {
		n.Relations[e.Relation]++
		mapped[e.From] = true
	}
	for _, q := range from.Questions {
		if !mapped[q.ID] {
			n.Unmapped = append(n.Unmapped, q.ID)
		}
	}
	return n
}
