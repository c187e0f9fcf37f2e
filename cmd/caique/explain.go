package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
)

type explainCommand struct {
	answerFlags
	text    string
	heading string
	json    bool
}

func newExplain(t terminal, lib *mapping.Library) *cobra.Command {
	c := &explainCommand{}
	cmd := &cobra.Command{
		Use:   "explain FILE QUESTION | --text QUESTION",
		Short: "Show why a question is answered as it is, and what is missing",
		Long: `Prints the chain from the question down to the evidence, and what would lift the
answer to the next band. QUESTION is an id as the file has it (IAM-14.1), or the
cell that holds the question (B12, or Sheet!B12).

With --text, shows what a question in own words is matched to: the candidates,
how probable each is, and what each signal adds; with --profile also whether its
answer is written, or why not.`,
		Example: `  caique explain CAIQ.xlsx IAM-14.1 --profile example-saas
  caique explain --text "Do admins need 2FA?" --profile example-saas`,
		Args: func(cmd *cobra.Command, args []string) error {
			if c.text != "" {
				return exactArgs()(cmd, args)
			}
			return exactArgs("FILE, the questionnaire,", "QUESTION, an id or a cell,")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if c.text != "" {
				return c.runText(cmd.Context(), t, lib)
			}
			return c.run(cmd.Context(), t, lib, args[0], args[1])
		},
	}
	c.register(cmd)
	cmd.Flags().StringVar(&c.text, "text", "", "a question in own words, instead of FILE and QUESTION")
	cmd.Flags().StringVar(&c.heading, "heading", "", "with --text: the heading above the question")
	cmd.Flags().BoolVar(&c.json, "json", false, "print JSON")
	return cmd
}

func (c *explainCommand) run(ctx context.Context, t terminal, lib *mapping.Library, path, want string) error {
	in, err := c.input(t, lib, path)
	if err != nil {
		return err
	}
	draft, err := app.Propose(ctx, lib, in, nil)
	if err != nil {
		return c.located(err)
	}
	found := findRows(draft.Rows, want)
	if len(found) == 0 {
		return caiq.Errorf(caiq.NotFound, "no_such_question", "%s has no question %q", path, want).
			WithHint("caique inspect %s --questions lists them", path)
	}
	if c.json {
		out := make([]proposed, len(found))
		for i, r := range found {
			out[i] = proposedJSON(r)
		}
		return writeJSON(t.out, out)
	}
	for i, r := range found {
		if i > 0 {
			fmt.Fprintln(t.out)
		}
		printExplanation(t.out, r)
	}
	return nil
}

// findRows looks a question up by id, key or cell; ids can repeat in a file.
func findRows(rows []app.Row, want string) []app.Row {
	id := caiq.NormalizeID(want)
	var found []app.Row
	for _, r := range rows {
		q := r.Question
		if q.ID == id || string(q.Key) == want || strings.EqualFold(q.Cell, want) || strings.EqualFold(q.Sheet+"!"+q.Cell, want) {
			found = append(found, r)
		}
	}
	return found
}

func printExplanation(w io.Writer, r app.Row) {
	p := r.Proposal
	fmt.Fprintf(w, "%s  %s!%s\n", r.Question.Key, r.Question.Sheet, r.Question.Cell)
	printWrapped(w, "  ", r.Question.Text)
	fmt.Fprintln(w)
	field := func(name, text string) {
		if text == "" {
			text = "(blank)"
		}
		fmt.Fprintf(w, "%-12s", name)
		printWrapped(w, strings.Repeat(" ", 12), text)
	}
	field("answer", string(p.Value))
	field("ownership", string(p.Ownership))
	field("description", p.Description)
	field("customer", p.Customer)
	field("band", string(p.Band))
	printFile(w, r)
	fmt.Fprintln(w, "\nbasis")
	for _, s := range p.Basis {
		indent := strings.Repeat("  ", s.Depth+1)
		fmt.Fprint(w, indent)
		printWrapped(w, indent+"  ", strings.TrimSpace(s.Ref+"  "+s.Text))
	}
	printNeeds(w, p)
}

// printFile shows what the file itself answers, where it does, in one line. Its
// texts are for whoever opens the file: they may be for another audience.
func printFile(w io.Writer, r app.Row) {
	var held []string
	for _, role := range caiq.Roles() {
		switch text := r.Question.Existing[role]; {
		case text == "":
		case role == caiq.RoleDescription, role == caiq.RoleCustomer, role == caiq.RoleNotes:
			held = append(held, string(role)+" filled")
		default:
			held = append(held, string(role)+" "+shorten(text, 40))
		}
	}
	if len(held) == 0 {
		return
	}
	differs := ""
	if r.Differs() {
		differs = " (not what the profile answers)"
	}
	fmt.Fprintf(w, "%-12s%s%s\n", "in the file", list(held), differs)
}

func printNeeds(w io.Writer, p caiq.Proposal) {
	if len(p.Needs) > 0 {
		fmt.Fprintln(w, "\nmissing for the next band")
	}
	for _, n := range p.Needs {
		fmt.Fprint(w, "  - ")
		printWrapped(w, "    ", n.Text)
	}
	if len(p.Candidates) > 0 {
		fmt.Fprintf(w, "\ncandidates, for a person to look at: %s\n", list(p.Candidates))
	}
}

// printWrapped writes text at 96 columns; lines after the first get the indent.
// The caller has written the first line's own.
func printWrapped(w io.Writer, indent, text string) {
	const width = 96
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(indent)+len(line)+1+len(word) > width {
			fmt.Fprintf(w, "%s\n%s", line, indent)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	fmt.Fprintln(w, line)
}
