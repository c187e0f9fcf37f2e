package mapping

import (
	"cmp"
	"maps"
	"regexp"
	"slices"

	"caique/internal/caiq"
)

// clause matches how a clause of a standard is written: of an annex ("A.8.24"), of
// the text ("9.2", "8.4.3"), of what ISO/IEC 27017 adds ("CLD.6.3.1"), or of a
// standard for those who certify ("17021-1:9.6.2").
var clause = regexp.MustCompile(`^(A\.\d+\.\d+|CLD\.\d+\.\d+\.\d+|(\d{5}-\d:)?\d+(\.\d+){1,2})$`)

// lintCertified checks that each certificate is named with the clauses that count.
func lintCertified(at place, certified caiq.Certified) {
	for _, kind := range sortedKeys(certified) {
		at := at.key(string(kind))
		if kind.Level() != caiq.LevelCertified {
			at.errorf("bad_value", "%q is no kind of certificate", clip(string(kind)))
		}
		if len(certified[kind]) == 0 {
			at.errorf("clauses_missing", "name the clauses that require it")
		}
		named := make(seen)
		for i, c := range certified[kind] {
			switch {
			case !clause.MatchString(c):
				at.item(i).errorf("bad_clause", "%q should be a clause such as A.8.24, 9.2 or CLD.6.3.1", clip(c))
			case named.again(c):
				at.item(i).errorf("duplicate_clause", "%s stands twice", c)
			}
		}
	}
}

// entryCertified checks what certificates show of a whole control: asked only where
// no criterion shows it.
func (l *crosswalkLint) entryCertified(at place, e caiq.CrosswalkEntry) {
	if len(e.Certified) > 0 && (e.Gap != caiq.GapFull || l.crosswalk.To != criteria) {
		at.errorf("certified_without_gap", "certificates are named for a full gap to %s; for less, name them at the missing parts", criteria)
	}
	lintCertified(at, e.Certified)
}

// sameCertified checks that a part is shown by the same clauses wherever it stands.
func (l *crosswalkLint) sameCertified(at place, p caiq.Part) {
	first, ok := l.firstPart(p.ID)
	if ok && !maps.EqualFunc(first.certified, p.Certified, slices.Equal[[]string]) {
		at.errorf("certified_differs", "%s is shown by %s in %s of %s: one id means one thing", p.ID, cmp.Or(first.certified.String(), "no certificate"), first.of, first.crosswalk)
	}
}

// certifiedPart is the first part of an id, with its place.
type certifiedPart struct {
	certified caiq.Certified
	of        caiq.Ref
	crosswalk string
}

// firstPart returns the first part of an id among all crosswalks.
func (c *catalogue) firstPart(id string) (certifiedPart, bool) {
	if c.firstParts == nil {
		c.firstParts = make(map[string]certifiedPart)
		for _, e := range c.library.edges(crosswalksDir) {
			cw, err := c.library.Crosswalk(caiq.FrameworkID(e.from), caiq.FrameworkID(e.to))
			if err != nil {
				continue // reported in its own file
			}
			c.addParts(e.name, cw)
		}
	}
	p, ok := c.firstParts[id]
	return p, ok
}

func (c *catalogue) addParts(name string, cw *caiq.Crosswalk) {
	for _, e := range cw.Entries {
		for _, p := range e.Missing {
			if _, known := c.firstParts[p.ID]; !known {
				c.firstParts[p.ID] = certifiedPart{p.Certified, caiq.MakeRef(string(cw.From), e.Control), name}
			}
		}
	}
}
