package app

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// withAuthor adds a person to those whose words stand in a text.
func withAuthor(authors []string, more ...string) []string {
	all := slices.Concat(authors, more)
	slices.Sort(all)
	return slices.Compact(all)
}

// sameWords reports whether two answers differ in blanks and line ends at most:
// who changes no more than that has written nothing.
func sameWords(a, b caiq.Answer) bool {
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	return a.Value == b.Value && a.Ownership == b.Ownership &&
		words(a.Description) == words(b.Description) && words(a.Customer) == words(b.Customer)
}

// statements are what a profile says, by what steps call it, in a form that
// tells whether it changed.
func statements(p *caiq.Profile) map[string]string {
	all := make(map[string]string)
	add := func(id string, statement any) {
		text, err := json.Marshal(statement)
		if err != nil { // strings, dates and lists of them
			return
		}
		flat := strings.NewReplacer(`\n`, " ", `\t`, " ").Replace(string(text))
		all[id] += strings.Join(strings.Fields(flat), " ")
	}
	for _, c := range p.Controls {
		add(c.ID, c)
	}
	for _, c := range p.CUECs {
		add(c.ID, c)
	}
	for _, x := range p.Exclusions {
		add(x.ID, x)
	}
	for _, a := range p.Answers {
		add(string(a.Question), a)
	}
	for _, f := range p.Facts {
		add("fact "+f.ID, f)
	}
	return all
}

// importedBy says who wrote each statement of a profile's next version: whoever
// imports what is new or changed, besides those who wrote it before.
func importedBy(next, before *caiq.Profile, authors map[string][]string, importer string) map[string][]string {
	old := make(map[string]string)
	if before != nil {
		old = statements(before)
	}
	out := maps.Clone(authors) // also of what is gone: it may come back
	if out == nil {
		out = make(map[string][]string)
	}
	for id, text := range statements(next) {
		if old[id] != text {
			out[id] = withAuthor(authors[id], importer)
		}
	}
	return out
}

// authorsOf are the people who imported what the steps of a basis name.
func (k *knowing) authorsOf(steps []caiq.Step) []string {
	if len(k.authors) == 0 {
		return nil
	}
	var all []string
	for _, st := range steps {
		party, id, ok := strings.Cut(st.Ref, ":")
		if st.Kind == caiq.StepDirect && !ok {
			party, id = k.profile.ID, st.Ref
		}
		all = withAuthor(all, k.authors[party][id]...)
	}
	return all
}
