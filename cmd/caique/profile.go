package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
)

func newProfile(t terminal, lib *mapping.Library) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "List, show and start profiles",
		Long:  "A profile is one party's posture: its controls, their evidence, what it expects of its customers, the providers it builds on.",
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newProfileList(t, lib), newProfileNew(t), newProfileShow(t, lib))
	return cmd
}

func newProfileList(t terminal, lib *mapping.Library) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the built-in profiles",
		Args:  exactArgs(),
		RunE: func(_ *cobra.Command, _ []string) error {
			tw := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(tw, "NAME\tPARTY\tSERVICE\tPREPARED BY")
			for _, id := range lib.ProfileIDs() {
				p, err := lib.Profile(id)
				if err != nil {
					return err
				}
				by := "itself"
				if p.Assessed() {
					by = "an assessor, from public sources"
				}
				fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", p.ID, p.Name, p.Service, by)
			}
			return tw.Flush()
		},
	}
}

func newProfileNew(t terminal) *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:     "new PATH.yaml",
		Short:   "Write a commented skeleton to fill in",
		Example: `  caique profile new acme.yaml`,
		Args:    exactArgs("PATH.yaml, the file to write,"),
		RunE: func(_ *cobra.Command, args []string) error {
			id, err := mapping.ProfileID(args[0])
			if err != nil {
				return usageError{err}
			}
			if err := checkOutputs(force, nil, args); err != nil {
				return err
			}
			if err := writeOutputs(force, output{args[0], mapping.Skeleton(id)}); err != nil {
				return err
			}
			fmt.Fprintf(t.out, "wrote %s; fill it in, then: caique lint %s\n", args[0], args[0])
			return nil
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "overwrite a file that exists")
	return cmd
}

type profileShow struct {
	answerFlags
	format string
	json   bool
}

func newProfileShow(t terminal, lib *mapping.Library) *cobra.Command {
	c := &profileShow{}
	cmd := &cobra.Command{
		Use:   "show PROFILE",
		Short: "Show what a profile covers, and what it lacks",
		Long: `Prints the duties that the profile's providers expect of it and nobody meets, its
evidence with dates, how well each domain of a questionnaire is covered, and what
would lift most questions. PROFILE is a built-in name, or a path (holds a / or
ends in .yaml).`,
		Example: `  caique profile show example-saas
  caique profile show ./acme.yaml --format caiq-4.0 --as-of 2027-01-01`,
		Args: exactArgs("PROFILE, a built-in name or a path,"),
		RunE: func(_ *cobra.Command, args []string) error { return c.run(t, lib, args[0]) },
	}
	f := cmd.Flags()
	f.StringVar(&c.format, "format", "", "questionnaire to measure against (default: the CAIQ of the profile's CCM version)")
	f.StringVar(&c.audience, "audience", string(caiq.ReleaseInternal), "public, nda or internal")
	f.StringVar(&c.asOf, "as-of", "", "the day on which evidence is judged, as 2026-09-30 (default: today in UTC)")
	f.BoolVar(&c.json, "json", false, "print JSON")
	return cmd
}

func (c *profileShow) run(t terminal, lib *mapping.Library, name string) error {
	opt, err := c.options(t)
	if err != nil {
		return err
	}
	src, err := profileSource(name)
	if err != nil {
		return err
	}
	cov, err := app.Cover(lib, src, caiq.FormatID(c.format), opt)
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(t.out, cov)
	}
	printCoverage(t.out, cov, opt)
	return nil
}

func printCoverage(w io.Writer, c *app.Coverage, opt caiq.Options) {
	p := c.Profile
	fmt.Fprintf(w, "%s (%s): %s\n", p.Name, p.ID, p.Service)
	if p.Assessed() {
		fmt.Fprintln(w, p.AssessorNotice())
	}
	fmt.Fprintf(w, "%d controls, %d duties of its customers, %d providers; as of %s for audience %s\n", len(p.Controls), len(p.CUECs), len(p.Uses), opt.AsOf, opt.Audience)
	printDuties(w, c)
	printEvidence(w, c)
	fmt.Fprintf(w, "\nCoverage of %s\n", c.Title)
	printBandMatrix(w, c.Summary)
	printCounts(w, c.Summary)
	printLifts(w, c.Lifts, "caique profile show --json")
}

func printDuties(w io.Writer, c *app.Coverage) {
	if len(c.Unmet) == 0 {
		return
	}
	fmt.Fprintf(w, "\nUnmet: expected by providers, or of them, and nobody does it\n")
	for _, d := range c.Unmet {
		fmt.Fprint(w, "  ! ")
		printWrapped(w, "    ", d.String())
	}
}

func printEvidence(w io.Writer, c *app.Coverage) {
	fmt.Fprintf(w, "\nEvidence\n")
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, e := range c.Evidence {
		fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\t%s\n", e.ID, e.Title, e.Period, e.Release, e.State)
	}
	tw.Flush()
}

// printBandMatrix is domain × band.
func printBandMatrix(w io.Writer, s app.Summary) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "DOMAIN\tQUESTIONS\tSUPPORTED\tPARTIAL\tWEAK\tNONE\tANSWERED")
	row := func(name string, c app.Count) {
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d\t%d\n", name, c.Questions, c.Bands[caiq.BandSupported], c.Bands[caiq.BandPartial], c.Bands[caiq.BandWeak], c.Bands[caiq.BandNone], c.Outcomes[app.Filled])
	}
	for _, g := range s.Domains {
		row(g.Name, g.Count)
	}
	row("total", s.Total)
	tw.Flush()
}
