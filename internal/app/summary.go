package app

import (
	"cmp"
	"slices"

	"caique/internal/caiq"
)

// Count counts questions by what became of them.
type Count struct {
	Questions int                    `json:"questions"`
	Outcomes  map[Outcome]int        `json:"outcomes"`
	Values    map[caiq.Value]int     `json:"values"`    // of filled questions
	Bands     map[caiq.Band]int      `json:"bands"`     // of all proposals
	Owners    map[caiq.Ownership]int `json:"ownership"` // of filled and partly filled questions
	Differing int                    `json:"differing"` // kept answers that are not what the profile answers
	Withheld  int                    `json:"withheld"`  // filled questions whose reasons the audience is not told in full
	Unplaced  int                    `json:"unplaced"`  // filled questions whose explanation has no cell to go into
	Locked    int                    `json:"locked"`    // questions that the profile answers and whose answer cell may not be written: formulas, merges
	Hidden    Hidden                 `json:"hidden"`    // filled and partly filled questions that do not show
}

// Hidden counts questions that were written to by what hides them or their answer cells; one
// may count in several.
type Hidden struct {
	Row    int `json:"row"`
	Column int `json:"column"`
	Sheet  int `json:"sheet"`
}

func (h *Hidden) add(q *caiq.Question) {
	by := q.HiddenBy()
	column := slices.ContainsFunc(q.Targets, func(t caiq.Target) bool { return t.Hidden && t.Locked == "" })
	if slices.Contains(by, "sheet") {
		h.Sheet++
		return
	}
	if slices.Contains(by, "row") {
		h.Row++
	}
	if column || slices.Contains(by, "column") {
		h.Column++
	}
}

// Group is the count of one domain, or of one sheet or section where a
// questionnaire has no domains.
type Group struct {
	Name string `json:"name"`
	Count
}

// Summary counts a draft by domain, in the order of the file, and in total.
type Summary struct {
	Domains []Group `json:"domains"`
	Total   Count   `json:"total"`
}

// Summarize counts a draft.
func Summarize(d *Draft) Summary {
	s := Summary{Total: newCount()}
	for _, row := range d.Rows {
		name := d.groupName(row.Question)
		i := slices.IndexFunc(s.Domains, func(g Group) bool { return g.Name == name })
		if i < 0 {
			i = len(s.Domains)
			s.Domains = append(s.Domains, Group{name, newCount()})
		}
		s.Domains[i].add(row)
		s.Total.add(row)
	}
	return s
}

func newCount() Count {
	return Count{
		Outcomes: map[Outcome]int{}, Values: map[caiq.Value]int{},
		Bands: map[caiq.Band]int{}, Owners: map[caiq.Ownership]int{},
	}
}

func (c *Count) add(row Row) {
	c.Questions++
	c.Outcomes[row.Outcome]++
	c.Bands[row.Proposal.Band]++
	if row.Differs() {
		c.Differing++
	}
	if row.Locked() {
		c.Locked++
	}
	if !row.writes() {
		return
	}
	c.Hidden.add(row.Question)
	if row.Proposal.Ownership != caiq.OwnerNone {
		c.Owners[row.Proposal.Ownership]++
	}
	if row.Outcome == Filled {
		c.addFilled(row)
	}
}

// addFilled counts what only an answer has.
func (c *Count) addFilled(row Row) {
	if slices.ContainsFunc(row.Proposal.Basis, func(s caiq.Step) bool { return s.Kind == caiq.StepRelease }) {
		c.Withheld++
	}
	if row.Needs(needUnplaced) {
		c.Unplaced++
	}
	c.Values[row.Proposal.Value]++
}

// groupName is "IAM Identity & Access Management" for a known question, else
// what the file itself groups by.
func (d *Draft) groupName(q *caiq.Question) string {
	if f := d.Knowledge.Formats[caiq.FormatID(q.Key.Set())]; f != nil {
		return d.domainName(f, q.Key.ID())
	}
	if len(d.Questionnaire.Sheets) > 1 {
		return q.Sheet
	}
	return cmp.Or(q.Domain, q.Section, q.Sheet)
}

func (d *Draft) domainName(f *caiq.Format, questionID string) string {
	i := slices.IndexFunc(f.Questions, func(q caiq.FormatQuestion) bool { return q.ID == questionID })
	if i < 0 {
		return questionID
	}
	id := f.Questions[i].Domain
	if fw := d.Knowledge.Frameworks[f.Framework]; fw != nil {
		for _, dom := range fw.Domains {
			if dom.ID == id {
				return id + " " + dom.Title
			}
		}
	}
	return id
}
