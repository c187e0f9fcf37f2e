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
type statements map[string]string

func (all statements) add(id string, statement any) {
	text, err := json.Marshal(statement)
	if err != nil { // strings, dates and lists of them
		return
	}
	flat := strings.NewReplacer(`\n`, " ", `\t`, " ").Replace(string(text))
	all[id] += strings.Join(strings.Fields(flat), " ")
}

func statementsOf(p *caiq.Profile) statements {
	all := make(statements)
	for _, c := range p.Controls {
		all.add(c.ID, c)
	}
	for _, c := range p.CUECs {
		all.add(c.ID, c)
	}
	for _, e := range p.Evidence {
		all.add(e.ID, e)
		if e.Bridges != "" { // a letter speaks by the report that it extends
			all.add(e.Bridges, e)
		}
	}
	for _, u := range p.Uses {
		all.addUse(u)
	}
	for _, x := range p.Exclusions {
		all.add(x.ID, x)
	}
	for _, a := range p.Answers {
		all.add(string(a.Question), a)
	}
	for _, f := range p.Facts {
		all.add("fact "+f.ID, f)
	}
	return all
}

// addUse adds what is said of a provider with each thing that is expected of it,
// and the copies of its evidence as what they stand in for.
func (all statements) addUse(u caiq.Use) {
	whole := u
	whole.CSOCs, whole.Evidence = nil, nil
	for _, d := range u.CSOCs {
		all.add(d.ID, d)
		all.add(d.ID, whole)
	}
	for _, e := range u.Evidence {
		all.add(u.Provider+":"+e.ID, e)
	}
}

// importedBy says who wrote each statement of a profile's next version: whoever
// imports what is new or changed, besides those who wrote it before.
func importedBy(next, before *caiq.Profile, authors map[string][]string, importer string) map[string][]string {
	var old statements
	if before != nil {
		old = statementsOf(before)
	}
	out := maps.Clone(authors) // also of what is gone: it may come back
	if out == nil {
		out = make(map[string][]string)
	}
	for id, text := range statementsOf(next) {
		if old[id] != text {
			out[id] = withAuthor(authors[id], importer)
		}
	}
	return out
}

// saidBy are the people who imported what the steps of a basis name.
func (k *knowing) saidBy(steps []caiq.Step) []string {
	var all []string
	for _, st := range steps {
		for party, said := range k.authors {
			if st.Kind != caiq.StepDirect || party == k.profile.ID { // nobody else's answers are taken
				all = withAuthor(all, said[strings.TrimPrefix(st.Ref, party+":")]...)
			}
		}
	}
	return all
}
