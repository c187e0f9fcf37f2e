package answer

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// graph is what connects references: questions to controls and to questions of
// other formats, controls to criteria and to controls of other versions.
// Identifiers alone never connect anything.
type graph struct {
	controlOf  map[caiq.Ref]caiq.Ref      // question → control
	next, prev map[caiq.Ref][]lineageEdge // question → question, with and against the lineage
	dropped    map[caiq.Ref]droppedBy     // question → the version that no longer asks it
	down, up   map[caiq.Ref][]controlEdge // control → control, with and against the crosswalk
	criteria   map[caiq.Ref]*mapping      // control → criteria
	categories map[string]caiq.Category   // criterion → category
	frameworks map[caiq.FormatID]caiq.FrameworkID
	typical    map[caiq.Ref]string // control → who usually has it where infrastructure is rented
}

// lineageEdge leads to the questions that one question continues in or comes from.
type lineageEdge struct {
	to       []caiq.Ref
	relation caiq.Relation
	note     string
	// customers is set where what is expected of customers carries over all the same.
	customers bool
}

// shared reports whether what is expected of customers carries over.
func (e lineageEdge) shared() bool { return e.relation.Carries() || e.customers }

// droppedBy is the version that no longer asks a question, and what it was about.
type droppedBy struct {
	version caiq.FormatID
	note    string
}

// controlEdge leads to the controls that together stand for one control.
type controlEdge struct {
	to    []caiq.Ref
	entry *caiq.CrosswalkEntry
}

// mapping is what a crosswalk says about the criteria behind one control.
type mapping struct {
	control caiq.Ref
	entry   *caiq.CrosswalkEntry
}

func newGraph(k *caiq.Knowledge) *graph {
	g := &graph{
		controlOf:  make(map[caiq.Ref]caiq.Ref),
		next:       make(map[caiq.Ref][]lineageEdge),
		prev:       make(map[caiq.Ref][]lineageEdge),
		dropped:    make(map[caiq.Ref]droppedBy),
		down:       make(map[caiq.Ref][]controlEdge),
		up:         make(map[caiq.Ref][]controlEdge),
		criteria:   make(map[caiq.Ref]*mapping),
		categories: make(map[string]caiq.Category),
		frameworks: make(map[caiq.FormatID]caiq.FrameworkID),
		typical:    make(map[caiq.Ref]string),
	}
	for _, f := range k.Formats {
		g.addFormat(f)
	}
	for _, f := range k.Frameworks {
		g.addFramework(f)
	}
	for _, l := range k.Lineages {
		g.addLineage(l)
	}
	for _, x := range k.Crosswalks {
		g.addCrosswalk(x)
	}
	return g
}

func (g *graph) addFramework(f *caiq.Framework) {
	for _, c := range f.Criteria {
		g.categories[c.ID] = c.Category
	}
	for _, c := range f.Controls {
		if c.Typical != nil {
			g.typical[caiq.MakeRef(string(f.ID), c.ID)] = c.Typical.IaaS
		}
	}
}

// hosted reports whether a provider can do a control for those who build on it: what
// data centres and infrastructure take, unless each party has it for itself, and what
// is the provider's own of continuity and logging. A provider's policies, people and
// audits stand in for nobody else's.
func (g *graph) hosted(control caiq.Ref) bool {
	domain, _, _ := strings.Cut(control.ID(), "-")
	switch domain {
	case "DCS", "I&S", "IVS":
		return g.typical[control] != "Shared (Independent)"
	case "BCR", "LOG":
		return g.typical[control] == "CSP-Owned"
	default:
		return false
	}
}

func (g *graph) addFormat(f *caiq.Format) {
	if f.Framework == "" {
		return
	}
	g.frameworks[f.ID] = f.Framework
	for _, q := range f.Questions {
		g.controlOf[f.Ref(q)] = caiq.MakeRef(string(f.Framework), q.Control)
	}
}

func (g *graph) addLineage(l *caiq.Lineage) {
	for _, e := range l.Entries {
		if e.From == "" {
			continue
		}
		from := caiq.MakeRef(string(l.From), e.From)
		if len(e.To) == 0 {
			g.dropped[from] = droppedBy{l.To, e.Note}
			continue
		}
		to := refs(string(l.To), e.To)
		g.next[from] = append(g.next[from], lineageEdge{to, e.Relation, e.Note, e.Customers})
		for _, t := range to {
			g.prev[t] = append(g.prev[t], lineageEdge{[]caiq.Ref{from}, e.Relation, e.Note, e.Customers})
		}
	}
}

// ends reports whether a question below version 4 was read against those that
// followed, and none of version 4 was found to ask it. It returns the last
// questions of each way, which were dropped.
func (g *graph) ends(question caiq.Ref) ([]caiq.Ref, bool) {
	var last []caiq.Ref
	way := []caiq.Ref{question}
	for i := 0; i < len(way); i++ {
		q := way[i]
		_, dropped := g.dropped[q]
		switch {
		case isV4(q.Set()):
			return nil, false
		case len(g.next[q]) > 0:
			for _, e := range g.next[q] {
				way = appendNew(way, e.to...)
			}
		case dropped:
			last = append(last, q)
		default:
			return nil, false
		}
	}
	return last, true
}

func (g *graph) addCrosswalk(x *caiq.Crosswalk) {
	toCriteria := strings.HasPrefix(string(x.To), "tsc-")
	for i := range x.Entries {
		e := &x.Entries[i]
		from := caiq.MakeRef(string(x.From), e.Control)
		if toCriteria {
			g.criteria[from] = &mapping{from, e}
			continue
		}
		if len(e.To) == 0 || e.Gap == caiq.GapFull {
			continue
		}
		to := refs(string(x.To), e.To)
		g.down[from] = append(g.down[from], controlEdge{to, e})
		for _, t := range to {
			g.up[t] = append(g.up[t], controlEdge{[]caiq.Ref{from}, e})
		}
	}
}

// control returns the control that a question asks about, or "".
func (g *graph) control(question caiq.Ref) caiq.Ref {
	if c, ok := g.controlOf[question]; ok {
		return c
	}
	// Formats reached over a lineage alone need not be loaded: from version 4 on,
	// the id of a CAIQ question holds its control, and the versions go together.
	version, ok := strings.CutPrefix(question.Set(), "caiq-4.")
	id := caiq.ControlID(question.ID())
	if !ok || id == "" {
		return ""
	}
	return caiq.MakeRef("ccm-4."+version, id)
}

// framework returns the framework of a question's format.
func (g *graph) framework(question caiq.Ref) string {
	if f, ok := g.frameworks[caiq.FormatID(question.Set())]; ok {
		return string(f)
	}
	return g.control(question).Set()
}

// category returns the category of a criterion, or "" when it is unknown.
func (g *graph) category(criterion string) caiq.Category { return g.categories[criterion] }

// same returns ref and all controls that are the same under another version.
func (g *graph) same(ref caiq.Ref) []caiq.Ref {
	found := []caiq.Ref{ref}
	for i := 0; i < len(found); i++ {
		for _, edges := range [][]controlEdge{g.down[found[i]], g.up[found[i]]} {
			for _, e := range edges {
				if e.entry.Same && len(e.entry.To) == 1 {
					found = appendNew(found, e.to...)
				}
			}
		}
	}
	return found
}

func refs(set string, ids []string) []caiq.Ref {
	out := make([]caiq.Ref, len(ids))
	for i, id := range ids {
		out[i] = caiq.MakeRef(set, id)
	}
	return out
}

func appendNew[T comparable](list []T, more ...T) []T {
	for _, x := range more {
		if !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}
