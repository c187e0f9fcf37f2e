package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"caique/internal/app"
	"caique/internal/mapping"
)

func newMappings(t terminal, lib *mapping.Library) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "mappings QUESTION|CONTROL|CRITERION",
		Short: "Browse the mappings: question, control, criterion, who does what",
		Long: `Prints what the built-in packs say of a question, a CCM control or a SOC 2
criterion, in every version that has it: what is asked, where it leads, what SOC 2
does not show, who does what, and the source of each fact.`,
		Example: `  caique mappings IAM-14.1
  caique mappings ccm-4.1/IAM-13
  caique mappings CC6.1`,
		Args: exactArgs("QUESTION, CONTROL or CRITERION, for example IAM-14.1,"),
		RunE: func(_ *cobra.Command, args []string) error {
			cards, err := app.Browse(lib, args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(t.out, cards)
			}
			for i, c := range cards {
				if i > 0 {
					fmt.Fprintln(t.out)
				}
				printCard(t.out, c)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// printCard prints a card; the sources follow as numbered notes.
func printCard(w io.Writer, c app.Card) {
	const width = 20
	fmt.Fprintf(w, "%s  %s\n", c.Ref, c.Title)
	var sources []string
	for _, l := range c.Facts {
		text := strings.TrimSpace(strings.Join(l.Refs, ", "))
		switch {
		case text != "" && l.Text != "":
			text += " (" + l.Text + ")"
		case text == "":
			text = l.Text
		}
		n := 0
		if l.Source != "" {
			sources, n = footnote(sources, l.Source)
			text += fmt.Sprintf(" [%d]", n)
		}
		fmt.Fprintf(w, "  %-*s", width, l.Name)
		printWrapped(w, strings.Repeat(" ", width+2), text)
	}
	for i, s := range sources {
		fmt.Fprintf(w, "  [%d] %s\n", i+1, s)
	}
}

// footnote returns the number of a source, adding it where it is new.
func footnote(sources []string, source string) ([]string, int) {
	for i, s := range sources {
		if s == source {
			return sources, i + 1
		}
	}
	return append(sources, source), len(sources) + 1
}
