package mapping

import (
	"strings"

	"caique/internal/caiq"
)

// Pair names the two ends of a crosswalk or lineage.
type Pair[ID ~string] struct{ From, To ID }

// FrameworkIDs lists the known frameworks by the names of their files, sorted.
func (l *Library) FrameworkIDs() []caiq.FrameworkID {
	var ids []caiq.FrameworkID
	for _, name := range l.names(frameworksDir) {
		ids = append(ids, caiq.FrameworkID(name))
	}
	return ids
}

// Crosswalks lists the crosswalks, ordered by the names of their files.
func (l *Library) Crosswalks() []Pair[caiq.FrameworkID] {
	return pairs[caiq.FrameworkID](l.edges(crosswalksDir))
}

// Lineages lists the lineages, ordered by the names of their files.
func (l *Library) Lineages() []Pair[caiq.FormatID] {
	return pairs[caiq.FormatID](l.edges(lineageDir))
}

func pairs[ID ~string](edges []edge) []Pair[ID] {
	out := make([]Pair[ID], len(edges))
	for i, e := range edges {
		out[i] = Pair[ID]{ID(e.from), ID(e.to)}
	}
	return out
}

// ProviderNoteIDs lists the profiles that ProviderResponsibilities has notes of.
func (l *Library) ProviderNoteIDs() []string {
	var ids []string
	for _, name := range l.names(responsibilityDir) {
		if !strings.HasPrefix(name, "ccm-") {
			ids = append(ids, name)
		}
	}
	return ids
}
