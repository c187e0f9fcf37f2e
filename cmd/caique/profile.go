package main

import (
	"context"
	"fmt"
	"io"
	"slices"
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
		RunE:  help,
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
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), t, lib, args[0]) },
	}
	f := cmd.Flags()
	f.StringVar(&c.format, "format", "", "questionnaire to measure against (default: the CAIQ of the profile's CCM version)")
	f.StringVar(&c.audience, "audience", string(caiq.ReleaseInternal), "public, nda or internal")
	f.StringVar(&c.asOf, "as-of", "", "the day on which evidence is judged, as 2026-09-30 (default: today in UTC)")
	f.BoolVar(&c.json, "json", false, "print JSON")
	return cmd
}

func (c *profileShow) run(ctx context.Context, t terminal, lib *mapping.Library, name string) error {
	opt, err := c.options(t)
	if err != nil {
		return err
	}
	src, err := profileSource(name)
	if err != nil {
		return err
	}
	cov, err := app.Cover(ctx, lib, src, caiq.FormatID(c.format), opt)
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
	fmt.Fprintf(w, "%s, %s of its customers, %s; as of %s for audience %s\n", count(len(p.Controls), "control"),
		caiq.Counted(len(p.CUECs), "duty", "duties"), count(len(p.Uses), "provider"), opt.AsOf, opt.Audience)
	printDuties(w, c)
	printEvidence(w, c)
	fmt.Fprintf(w, "\nCoverage of %s\n", c.Title)
	printDomains(w, c.Summary)
	printCounts(w, c.Summary)
	printLifts(w, c.Lifts, "caique profile show --json")
}

// printDuties names each unmet duty and counts the others by provider.
func printDuties(w io.Writer, c *app.Coverage) {
	if len(c.Duties) == 0 {
		return
	}
	if c.Duties[0].State == mapping.DutyUnmet {
		fmt.Fprintf(w, "\nUnmet: expected by a provider, or of one, and nobody does it\n")
	}
	counts := map[string]map[mapping.DutyState]int{}
	var providers []string
	for _, d := range c.Duties {
		if d.State == mapping.DutyUnmet {
			fmt.Fprint(w, "  ! ")
			printWrapped(w, "    ", d.String())
		}
		if counts[d.Provider] == nil {
			counts[d.Provider] = map[mapping.DutyState]int{}
			providers = append(providers, d.Provider)
		}
		counts[d.Provider][d.State]++
	}
	slices.Sort(providers)
	fmt.Fprintf(w, "\nDuties between the profile and its providers\n")
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "PROVIDER\tADDRESSED\tCOVERED\tPASSED ON\tUNMET")
	for _, p := range providers {
		n := counts[p]
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\n", p, n[mapping.DutyAddressed], n[mapping.DutyCovered], n[mapping.DutyPassedOn], n[mapping.DutyUnmet])
	}
	tw.Flush()
}

func printEvidence(w io.Writer, c *app.Coverage) {
	fmt.Fprintf(w, "\nEvidence\n")
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, e := range c.Evidence {
		fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\t%s\n", e.ID, e.Title, e.Period, e.Release, e.State)
	}
	tw.Flush()
}
