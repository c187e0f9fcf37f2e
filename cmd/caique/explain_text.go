package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"caique/internal/answer"
	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
)

// runText shows what a question in own words is matched to, among the questions
// of the version that the profile speaks (4.1 without one).
func (c *explainCommand) runText(ctx context.Context, t terminal, lib *mapping.Library) (err error) {
	format := caiq.FormatID("caiq-4.1")
	if c.profile != "" {
		source, err := profileSource(c.profile)
		if err != nil {
			return err
		}
		k, err := lib.Knowledge(caiq.FormatCustom, source)
		if err != nil {
			return err
		}
		format = caiq.FormatID("caiq-" + k.Profiles[k.Answering].CCM)
	}
	finder, err := app.NewFinder(ctx, lib, format, newSearch)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := finder.Close(); err == nil {
			err = cerr
		}
	}()
	w := answer.Wording{Text: c.text}
	if c.heading != "" {
		w.Headings = []string{c.heading}
	}
	m, err := finder.Match(ctx, w)
	if err != nil {
		return err
	}
	row, err := c.answered(ctx, t, lib, m)
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(t.out, explainedText{m, row})
	}
	printMatching(t.out, &m, finder.Topic)
	printAnswered(t.out, row)
	return nil
}

// explainedText is what --json prints of a question in own words.
type explainedText struct {
	answer.Matching
	// Answered says what becomes of it with a profile, where the match is sure.
	Answered *answeredText `json:",omitempty"`
}

// answeredText is what caique answer does with a sheet that asks this alone.
type answeredText struct {
	Written     bool
	Value       caiq.Value
	Description string
	Why         string `json:",omitempty"` // why it is not written
}

// answered answers a sheet of the one question; nil without a profile or a sure match.
func (c *explainCommand) answered(ctx context.Context, t terminal, lib *mapping.Library, m answer.Matching) (*answeredText, error) {
	if c.profile == "" || m.Outcome != answer.MatchedAuto {
		return nil, nil
	}
	in := app.Input{Name: "text.csv", Search: newSearch}
	var err error
	if in.Options, err = c.options(t); err != nil {
		return nil, err
	}
	if in.Profile, err = profileSource(c.profile); err != nil {
		return nil, err
	}
	var sheet bytes.Buffer
	w := csv.NewWriter(&sheet)
	if err := w.WriteAll([][]string{{"ID", "Domain", "Question", "Answer", "Comments"}, {"1", c.heading, c.text, "", ""}}); err != nil {
		return nil, err
	}
	in.Data = sheet.Bytes()
	d, err := app.Propose(ctx, lib, in, nil)
	if err != nil {
		return nil, err
	}
	row := d.Rows[0]
	out := &answeredText{Written: row.Outcome == app.Filled, Value: row.Proposal.Value, Description: row.Proposal.Description}
	if !out.Written && len(row.Proposal.Needs) > 0 {
		out.Why = row.Proposal.Needs[0].Text
	}
	return out, nil
}

func printAnswered(w io.Writer, a *answeredText) {
	if a == nil {
		return
	}
	says := "written: "
	if !a.Written {
		says = "not written: " + a.Why
	}
	if !a.Written && a.Value != "" {
		says += " Suggested: "
	}
	if a.Value != "" {
		says += string(a.Value) + ". " + a.Description
	}
	fmt.Fprint(w, "\n  ")
	printWrapped(w, "  ", says)
}

// outcomeText says what caique answer does with a match.
func outcomeText(o answer.MatchOutcome) string {
	switch o {
	case answer.MatchedAuto:
		return "answered, as partial at most, where the answer speaks of all that is asked"
	case answer.MatchedFact:
		return "a fact of the profile, not filled in"
	case answer.MatchedOffered:
		return "candidates offered, not filled in"
	default:
		return "nothing to offer"
	}
}

func printMatching(w io.Writer, m *answer.Matching, topic func(caiq.Ref) string) {
	fmt.Fprintf(w, "%s\n  %s: %s\n", m.Text, m.Outcome, outcomeText(m.Outcome))
	if m.Why != "" {
		fmt.Fprintf(w, "  %s\n", m.Why)
	}
	if len(m.Facts) > 0 {
		fmt.Fprintf(w, "  facts asked for: %s\n", list(m.Facts))
	}
	for _, c := range m.Candidates {
		printCandidate(w, c, topic)
	}
	for i := range m.Parts {
		fmt.Fprintf(w, "\npart %d: ", i+1)
		printMatching(w, &m.Parts[i], topic)
	}
}

func printCandidate(w io.Writer, c answer.Candidate, topic func(caiq.Ref) string) {
	fmt.Fprintf(w, "\n  %.2f  %s\n        ", c.Probability, c.Refs[0])
	printWrapped(w, "        ", topic(c.Refs[0]))
	parts := make([]string, len(c.Signals))
	for i, s := range c.Signals {
		parts[i] = fmt.Sprintf("%s %+.2f", s.Signal, s.Value*s.Weight)
	}
	fmt.Fprint(w, "        ")
	printWrapped(w, "        ", strings.Join(parts, " · "))
}
