package mapping

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"caique/internal/caiq"
)

// ProfileSource says where the answering profile comes from: a built-in one by
// its name, or a YAML file of the user's.
type ProfileSource struct {
	Name string // id of a built-in profile; ignored when Data is set
	Path string // the user's file, for messages
	Data []byte
	// Siblings is the folder of the user's file: its uses may name profiles that
	// lie there, which win over built-in ones. Nil allows built-in ones alone.
	Siblings fs.FS
	// Today is the day by which lint judges dates; zero for none.
	Today caiq.Date
}

// Knowledge loads what answering a questionnaire of the format with the profile
// needs and nothing else: the format, its framework, the crosswalks and lineages
// that connect it with the versions the profile and its providers speak, their
// crosswalks to the SOC 2 criteria, the topics, the profile and every provider
// it uses. FormatCustom needs no format. Malformed files, cyclic uses and a
// user's profile with lint errors are caiq.Problems; unknown names NotFound.
func (l *Library) Knowledge(format caiq.FormatID, source ProfileSource) (*caiq.Knowledge, error) {
	a := &assembly{library: l, source: source, k: &caiq.Knowledge{
		Formats:    make(map[caiq.FormatID]*caiq.Format),
		Frameworks: make(map[caiq.FrameworkID]*caiq.Framework),
		Profiles:   make(map[string]*caiq.Profile),
		Hashes:     make(map[string]string),
	}}
	if err := a.run(format); err != nil {
		return nil, err
	}
	return a.k, nil
}

// lintOwn returns the errors in the user's own files. Built-in ones are linted
// by the tests.
func (l *Library) lintOwn(own []ProfileSource) caiq.Problems {
	var ps caiq.Problems
	for _, source := range own {
		ps = append(ps, LintProfile(l, source).Errors()...)
	}
	return ps
}

// assembly gathers the parts of one Knowledge.
type assembly struct {
	library *Library
	source  ProfileSource
	k       *caiq.Knowledge
}

func (a *assembly) run(format caiq.FormatID) error {
	var family *party
	var err error
	l := a.library
	ahead(
		func() { family, err = l.party(a.source) },
		func() { _, _ = l.Topics() },
		func() { l.aheadOf(format) },
	)
	if err != nil {
		return err
	}
	if ps := a.library.lintOwn(family.own); len(ps) > 0 {
		return ps
	}
	a.k.Answering = family.first
	a.k.Profiles = family.profiles
	maps.Copy(a.k.Hashes, family.hashes)

	formats, frameworks, err := a.versions(format)
	if err != nil {
		return err
	}
	if err := a.lineages(formats); err != nil {
		return err
	}
	if err := a.crosswalks(frameworks); err != nil {
		return err
	}
	return a.topics()
}

// versions loads the asked format and those the profiles speak, and returns
// their ids and those of their frameworks; the asked ones come first.
func (a *assembly) versions(asked caiq.FormatID) ([]caiq.FormatID, []caiq.FrameworkID, error) {
	var formats []caiq.FormatID
	var frameworks []caiq.FrameworkID
	if asked != caiq.FormatCustom {
		formats = append(formats, asked)
	}
	for _, v := range a.spoken() {
		if id := caiq.FormatID("caiq-" + v); !slices.Contains(formats, id) {
			formats = append(formats, id)
		}
	}
	a.formatsAhead(formats)
	for _, id := range formats {
		f, err := a.library.Format(id)
		if err != nil {
			return nil, nil, err
		}
		a.k.Formats[id] = f
		a.used(questionnairesDir, string(id))
		if f.Framework != "" && !slices.Contains(frameworks, f.Framework) {
			frameworks = append(frameworks, f.Framework)
		}
	}
	return formats, frameworks, nil
}

// aheadOf loads what every answer to a format needs, whatever the profile says.
func (l *Library) aheadOf(format caiq.FormatID) {
	if f, err := l.Format(format); err == nil && f.Framework != "" {
		_, _ = l.Framework(f.Framework)
		_, _ = l.Crosswalk(f.Framework, criteria) // an older framework has none
	}
	_, _ = l.Framework(criteria)
}

// formatsAhead loads formats and the lineages between them side by side.
func (a *assembly) formatsAhead(formats []caiq.FormatID) {
	var loads []func()
	for _, id := range formats {
		loads = append(loads, func() { _, _ = a.library.Format(id) })
	}
	for _, e := range route(a.library.edges(lineageDir), formats) {
		loads = append(loads, func() { _, _ = a.library.Lineage(caiq.FormatID(e.from), caiq.FormatID(e.to)) })
	}
	ahead(loads...)
}

// crosswalksAhead loads crosswalks and frameworks side by side.
func (a *assembly) crosswalksAhead(crosswalks []edge, frameworks map[string]bool) {
	var loads []func()
	for _, e := range crosswalks {
		loads = append(loads, func() { _, _ = a.library.Crosswalk(caiq.FrameworkID(e.from), caiq.FrameworkID(e.to)) })
	}
	for id := range frameworks {
		loads = append(loads, func() { _, _ = a.library.Framework(caiq.FrameworkID(id)) })
	}
	ahead(loads...)
}

// ahead runs loads side by side, so that whoever asks for the files afterwards,
// in order, finds them ready. Errors are kept by the library and met then.
func ahead(loads ...func()) {
	var wg sync.WaitGroup
	for _, load := range loads {
		wg.Go(load)
	}
	wg.Wait()
}

// spoken lists the CCM versions of the profiles and of their complete references.
func (a *assembly) spoken() []string {
	seen := make(map[string]bool)
	for _, p := range a.k.Profiles {
		seen[p.CCM] = true
		eachRef(p, func(_ string, ref caiq.Ref) {
			if _, v, ok := strings.Cut(ref.Set(), "-"); ok {
				seen[v] = true
			}
		})
	}
	return slices.Sorted(maps.Keys(seen))
}

// lineages loads those on the way from the first format to each of the others.
func (a *assembly) lineages(formats []caiq.FormatID) error {
	edges := a.library.edges(lineageDir)
	for _, e := range route(edges, formats) {
		lin, err := a.library.Lineage(caiq.FormatID(e.from), caiq.FormatID(e.to))
		if err != nil {
			return err
		}
		a.k.Lineages = append(a.k.Lineages, lin)
		a.used(lineageDir, e.name)
	}
	return nil
}

// crosswalks loads those on the way from the first framework to each of the
// others, and from every framework met to the criteria.
func (a *assembly) crosswalks(frameworks []caiq.FrameworkID) error {
	var between, toCriteria []edge
	for _, e := range a.library.edges(crosswalksDir) {
		if e.to == string(criteria) {
			toCriteria = append(toCriteria, e)
		} else {
			between = append(between, e)
		}
	}
	chosen := route(between, frameworks)
	met := make(map[string]bool)
	for _, id := range frameworks {
		met[string(id)] = true
	}
	for _, e := range chosen {
		met[e.from], met[e.to] = true, true
	}
	for _, e := range toCriteria {
		if met[e.from] {
			chosen = append(chosen, e)
			met[e.to] = true
		}
	}
	a.crosswalksAhead(chosen, met)
	for _, e := range chosen {
		cw, err := a.library.Crosswalk(caiq.FrameworkID(e.from), caiq.FrameworkID(e.to))
		if err != nil {
			return err
		}
		a.k.Crosswalks = append(a.k.Crosswalks, cw)
		a.used(crosswalksDir, e.name)
	}
	return a.frameworks(slices.Sorted(maps.Keys(met)))
}

func (a *assembly) frameworks(ids []string) error {
	for _, id := range ids {
		f, err := a.library.Framework(caiq.FrameworkID(id))
		if err != nil {
			return err
		}
		a.k.Frameworks[f.ID] = f
		a.used(frameworksDir, id)
	}
	return nil
}

// topics keeps those of the formats loaded.
func (a *assembly) topics() error {
	all, err := a.library.Topics()
	if err != nil {
		return err
	}
	for _, t := range all {
		if slices.ContainsFunc(t.Questions, func(r caiq.Ref) bool { return a.k.Formats[caiq.FormatID(r.Set())] != nil }) {
			a.k.Topics = append(a.k.Topics, t)
		}
	}
	if len(all) > 0 {
		a.used(questionnairesDir, "topics")
	}
	return nil
}

// used records the hash of a file that was loaded.
func (a *assembly) used(folder, name string) {
	full := path.Join(folder, name+".yaml")
	a.k.Hashes[full] = a.library.file(full).hash
}

// eachRef calls visit for every reference of a resolved profile with its field.
func eachRef(p *caiq.Profile, visit func(field string, ref caiq.Ref)) {
	addresses := func(field string, as []caiq.Address) {
		for i, a := range as {
			visit(index(join(field, "addresses"), i), a.Ref)
		}
	}
	for i, c := range p.Controls {
		addresses(index("controls", i), c.Addresses)
	}
	for i, d := range p.CUECs {
		addresses(index("cuecs", i), d.Addresses)
	}
	for i, u := range p.Uses {
		for j, d := range u.CSOCs {
			addresses(index(join(index("uses", i), "csocs"), j), d.Addresses)
		}
	}
	for i, x := range p.Exclusions {
		addresses(index("exclusions", i), x.Addresses)
	}
	for i, d := range p.Answers {
		visit(join(index("answers", i), "question"), d.Question)
	}
}
