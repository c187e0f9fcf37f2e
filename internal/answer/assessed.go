package answer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// What an assessor writes about another party rests on what that party makes
// public. Its auditor knows no control by the assessor's name for it, and results
// of tests are not public: a report is named by the criteria it covers, and no
// sentence says that something was tested or that no exception was noted.

// publicProof says what a report or certificate of an assessed party covers.
func (i *inquiry) publicProof(p proof) string {
	if !p.by.Kind.SOC2() {
		return fmt.Sprintf("This is within the scope of the %s.", certificateText(p.by))
	}
	return fmt.Sprintf("The criteria behind this (%s) are covered by the %s%s; the tests and their results are in the report.",
		joinWords(sharedCriteria(p.claims)), trimStop(p.by.Title), periodText(p.by))
}

// sharedCriteria returns the criteria of claims that also stand behind the question.
func sharedCriteria(claims []claim) []string {
	var out []string
	for _, c := range claims {
		for _, home := range c.homes {
			if home != nil {
				out = appendNew(out, common(home.entry.To, c.control.Criteria)...)
			}
		}
	}
	slices.Sort(out)
	return out
}

// publicStatement says where an assessed party states what no audit stands behind.
func (i *inquiry) publicStatement(p proof, of int) string {
	sources := i.sourcesOf(p)
	lead := "This is"
	if len(p.claims) < of {
		lead = "The rest is"
	}
	text := lead + " " + i.publicWord()
	if len(sources) > 0 {
		text += " (" + strings.Join(sources, "; ") + ")"
	}
	told := func(c claim) bool { return c.unread != nil && i.visible(c.unread) }
	if slices.ContainsFunc(p.claims, func(c claim) bool { return !told(c) }) {
		return text + "; no audit report is relied on for it."
	}
	return text + "." // the sentence on the report says that it was not read
}

// sourcesOf names what the audience may know of where claims are stated.
func (i *inquiry) sourcesOf(p proof) []string {
	var out []string
	for _, c := range p.claims {
		if source := sourceText(c.control, c.by); source != "" && (c.by == nil || i.visible(c.by)) {
			out = appendNew(out, source)
		}
	}
	return out
}

// publicSources names where the claims that rest on an assessed party's word are stated.
func (i *inquiry) publicSources(said []claim) []string {
	var out []string
	if i.we {
		return nil
	}
	for _, p := range i.proofs(said) {
		if p.by == nil {
			out = appendNew(out, i.sourcesOf(p)...)
		}
	}
	return out
}

// statedPart says where an assessed party states a part; named holds the sources
// that the reader knows already.
func (i *inquiry) statedPart(source string, named []string) string {
	if slices.Equal(named, []string{source}) {
		return "stated by " + i.name + " in the same source"
	}
	return "stated by " + i.name + " in public (" + source + ")"
}

// publicWord is what an assessed party says in public, as a noun.
func (v voice) publicWord() string { return "what " + v.name + " states in public" }

// sourceText names a public source and the day on which it was put together.
func sourceText(c *caiq.CompanyControl, e *caiq.Evidence) string {
	read := c.Reviewed
	if e != nil {
		read = firstSet(e.Reviewed, e.AsOf, e.Issued)
	}
	var parts []string
	if name := sourceName(c, e); name != "" {
		parts = append(parts, name)
	}
	if !read.IsZero() {
		parts = append(parts, "put together on "+read.Long())
	}
	return strings.Join(parts, ", ")
}

// sourceName names the document that something is stated in, "" for none.
func sourceName(c *caiq.CompanyControl, e *caiq.Evidence) string {
	if e == nil {
		return trimStop(c.Document)
	}
	return trimStop(cmp.Or(e.Document, e.Title))
}

// request has an assessor ask the party for what is not public: before anything
// that only the party itself could put into its profile.
func (i *inquiry) request() {
	p := i.v.profile
	if i.we || p.Request == "" || i.p.Value != "" || len(i.p.Needs) == 0 {
		return
	}
	switch i.p.Needs[0].Code {
	case codeNoControl, codePart, codeNoEvidence, codeCustomerAlone:
		ask := need(codeRequest, own(p, "request"), "What is summarised of %s here does not answer this: %s.", i.name, trimStop(p.Request))
		i.p.Needs = append([]caiq.Need{ask}, i.p.Needs...)
	}
}
