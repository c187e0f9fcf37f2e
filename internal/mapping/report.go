package mapping

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"caique/internal/caiq"

	"go.yaml.in/yaml/v3"
)

// maxProblems is how many problems of one file are told; nobody reads more, and
// a hostile file holds millions.
const maxProblems = 1000

// report gathers the problems of one file. Lines are looked up when it is
// finished, and only if there are problems: a clean file is parsed once.
type report struct {
	file     string
	data     []byte
	problems caiq.Problems
}

// finish returns the problems with their lines, in the order of the file.
func (r *report) finish() caiq.Problems {
	if len(r.problems) == 0 {
		return nil
	}
	if root, ps := parse(r.file, r.data); ps == nil {
		r.locate(root)
	}
	sortProblems(r.problems)
	return withEnd(r.file, r.problems)
}

// withEnd says that a full list may not be the whole one.
func withEnd(file string, ps caiq.Problems) caiq.Problems {
	if len(ps) < maxProblems {
		return ps
	}
	return append(ps, caiq.Problem{
		File: file, Line: ps[len(ps)-1].Line, Code: "too_many_problems",
		Message: fmt.Sprintf("there may be more than these %d problems; mend them and run again", maxProblems),
	})
}

// withMalformed joins what reading a file found wrong with what is wrong with the
// rest of it. Of places that could not be read nothing more is said.
func withMalformed(malformed, found caiq.Problems) caiq.Problems {
	all := malformed
	for _, p := range found {
		if !slices.ContainsFunc(malformed, func(m caiq.Problem) bool { return within(p.Field, m.Field) }) {
			all = append(all, p)
		}
	}
	sortProblems(all)
	return all
}

// unreadable reports whether nothing of a file could be read.
func unreadable(malformed caiq.Problems) bool {
	return slices.ContainsFunc(malformed, func(m caiq.Problem) bool { return m.Field == "" })
}

func (r *report) locate(root *yaml.Node) {
	for i := range r.problems {
		if p := &r.problems[i]; p.File == r.file && p.Line == 0 {
			p.Line = lineOf(root, p.Field)
		}
	}
}

// place is where in the file a check looks. Places form a tree, so that every
// message carries its field without naming it.
type place struct {
	report *report
	path   string
}

func (at place) field(name string) place { return place{at.report, join(at.path, name)} }

func (at place) item(i int) place { return place{at.report, index(at.path, i)} }

func (at place) key(k string) place { return place{at.report, keyed(at.path, k)} }

func (at place) add(warning bool, code, format string, args ...any) {
	if len(at.report.problems) >= maxProblems {
		return // finish says that there are more
	}
	at.report.problems = append(at.report.problems, caiq.Problem{
		File: at.report.file, Field: at.path, Code: code, Message: fmt.Sprintf(format, args...), Warning: warning,
	})
}

// errorf reports something that must be mended.
func (at place) errorf(code, format string, args ...any) { at.add(false, code, format, args...) }

// warnf reports something to think about.
func (at place) warnf(code, format string, args ...any) { at.add(true, code, format, args...) }

// sortProblems orders by file, then line; problems of one line keep their order.
func sortProblems(ps caiq.Problems) {
	slices.SortStableFunc(ps, func(a, b caiq.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
