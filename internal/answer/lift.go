package answer

import (
	"cmp"
	"slices"

	"caique/internal/caiq"
)

// Lift is something that would answer questions or raise their band, with the
// questions that wait for it first of all.
type Lift struct {
	Code      string     `json:"code"`
	Ref       string     `json:"ref,omitempty"`
	Text      string     `json:"text"`
	Questions []caiq.Ref `json:"questions"`
}

// Lifts ranks what decides the proposals that are blank, No or below supported,
// by how many wait for it; ties go by code, reference and text. What names nothing
// is told apart by its text. What is not applicable waits for nothing.
func (e *Engine) Lifts(ps []caiq.Proposal) []Lift {
	type key struct{ code, ref, text string }
	at := make(map[key]int)
	var out []Lift
	for _, p := range ps {
		if len(p.Needs) == 0 || p.Value == caiq.NA {
			continue
		}
		n := p.Needs[0]
		k := key{code: n.Code, ref: n.Ref}
		if n.Ref == "" {
			k.text = n.Text
		}
		if _, ok := at[k]; !ok {
			at[k] = len(out)
			out = append(out, Lift{Code: n.Code, Ref: n.Ref, Text: n.Text})
		}
		out[at[k]].Questions = append(out[at[k]].Questions, p.Question)
	}
	slices.SortStableFunc(out, func(a, b Lift) int {
		return cmp.Or(cmp.Compare(len(b.Questions), len(a.Questions)), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Text, b.Text))
	})
	return out
}
