package app

import (
	"fmt"
	"slices"
	"strings"

	"caique/internal/caiq"
	"caique/internal/workbook"
)

// mapping writes what the answers that go out rest on: question → control →
// criteria and gap → company control → evidence, as a workbook. It holds nothing
// that its readers may not know.
func (x *snapshot) mapping() ([]byte, error) {
	t := workbook.Table{
		Name: "Control mapping",
		Header: []string{
			"Question", "Answer", "Description", "Words", "Control", "SOC 2 criteria", "Gap", "Not shown by SOC 2", "Company control", "Title", "Evidence", "Band", "State",
		},
		Widths: []float64{14, 10, 60, 20, 16, 22, 10, 40, 18, 40, 60, 12, 12},
	}
	if n := x.check.Drafts; n > 0 {
		t.Lines = [][]string{{"DRAFT", "", fmt.Sprintf("Of the answers listed here %d are drafts: nobody has approved them.", n)}}
	}
	for _, row := range x.rows {
		if row.out != leaveOut {
			t.Lines = append(t.Lines, x.mappingLines(row)...)
		}
	}
	return workbook.WriteTables(t)
}

// controlled is a company control of the basis with the evidence under it.
type controlled struct {
	id, title string
	evidence  []string
}

// mappingLines has a line for each company control behind a question, or one
// where there is none.
func (x *snapshot) mappingLines(row exportRow) [][]string {
	k, q, a := x.known.knowledge, row.Question.Question, row.Answer
	id := q.ID
	if id == "" {
		id = string(q.Key)
	}
	controls, criteria, gaps, missing := mappedControls(k, a.Proposal.Basis)
	words := "" // the engine's
	if a.ByHand() {
		words = "edited by a person"
	}
	head := []string{id, string(a.Value), a.Description, words, strings.Join(controls, "\n"), strings.Join(criteria, "\n"), strings.Join(gaps, "\n"), strings.Join(missing, "\n")}
	company := x.companyControls(&row.Answer)
	if len(company) == 0 {
		company = []controlled{{}}
	}
	var lines [][]string
	for _, c := range company {
		line := slices.Concat(head, []string{c.id, c.title, strings.Join(c.evidence, "\n"), string(a.Band()), row.state()})
		lines = append(lines, line)
	}
	return lines
}

// mappedControls returns the CCM controls of a basis, with what SOC 2 has for
// each: criteria, gap, and what it leaves unshown.
func mappedControls(k *caiq.Knowledge, steps []caiq.Step) (controls, criteria, gaps, missing []string) {
	for _, st := range steps {
		ref := caiq.Ref(st.Ref)
		if st.Kind != caiq.StepCrosswalk || slices.Contains(controls, st.Ref) || !strings.HasPrefix(ref.Set(), "ccm-") {
			continue
		}
		controls = append(controls, st.Ref)
		e := toCriteria(k, ref)
		if e == nil {
			criteria, gaps = append(criteria, "–"), append(gaps, "–")
			continue
		}
		to := "–"
		if len(e.To) > 0 {
			to = strings.Join(e.To, ", ")
		}
		criteria, gaps = append(criteria, to), append(gaps, string(e.Gap))
		for _, m := range e.Missing {
			missing = append(missing, m.Text)
		}
	}
	return controls, criteria, gaps, missing
}

// toCriteria returns the crosswalk entry of a control to the SOC 2 criteria, or nil.
func toCriteria(k *caiq.Knowledge, control caiq.Ref) *caiq.CrosswalkEntry {
	for _, cw := range k.Crosswalks {
		if string(cw.From) != control.Set() || !strings.HasPrefix(string(cw.To), "tsc-") {
			continue
		}
		for i := range cw.Entries {
			if cw.Entries[i].Control == control.ID() {
				return &cw.Entries[i]
			}
		}
	}
	return nil
}

// companyControls returns the controls behind an answer, ours and providers', each
// with the evidence steps that follow it, as far as the audience may know of them:
// of a person's words those alone whose evidence they name.
func (x *snapshot) companyControls(a *caiq.StoredAnswer) []controlled {
	k, audience, carries := x.known.knowledge, x.in.Audience, carried(x.known.knowledge, a)
	var found []controlled
	open := false
	for _, st := range a.Proposal.Basis {
		if c, title := controlOf(k, st); c != nil {
			if open = c.Release.VisibleTo(audience); open {
				found = append(found, controlled{id: st.Ref, title: title})
			}
			continue
		}
		if st.Kind != caiq.StepEvidence || !open || strings.Contains(st.Text, notCounted) {
			continue
		}
		last := &found[len(found)-1]
		for _, e := range evidenceOf(k, []caiq.Step{st}) {
			if text := evidenceLine(e); e.Release.VisibleTo(audience) && slices.Contains(carries, e) && !slices.Contains(last.evidence, text) {
				last.evidence = append(last.evidence, text)
			}
		}
	}
	if a.ByHand() {
		found = slices.DeleteFunc(found, func(c controlled) bool { return len(c.evidence) == 0 })
	}
	return found
}

// controlOf returns the company control that a step names, with its title.
func controlOf(k *caiq.Knowledge, st caiq.Step) (*caiq.CompanyControl, string) {
	if st.Kind != caiq.StepControl && st.Kind != caiq.StepProvider {
		return nil, ""
	}
	party, id, ok := strings.Cut(st.Ref, ":")
	p := k.Profiles[party]
	if !ok || p == nil {
		return nil, ""
	}
	c := p.ControlByID(id)
	if c == nil {
		return nil, ""
	}
	return c, c.Title
}

// evidenceLine is one piece of evidence as a cell shows it.
func evidenceLine(e namedEvidence) string {
	text := e.Ref() + ": " + e.Title + ", " + e.Issuer
	switch {
	case !e.From.IsZero() && !e.To.IsZero():
		text += ", " + e.From.String() + " to " + e.To.String()
	case !e.AsOf.IsZero():
		text += ", as of " + e.AsOf.String()
	}
	if !e.ReliableUntil.IsZero() {
		text += ", reliable until " + e.ReliableUntil.String()
	}
	return text
}
