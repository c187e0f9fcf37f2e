package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"caique/internal/caiq"
	"caique/internal/mapping"
)

type lintCommand struct {
	asOf   string
	json   bool
	strict bool
}

func newLint(t terminal, lib *mapping.Library) *cobra.Command {
	c := &lintCommand{}
	cmd := &cobra.Command{
		Use:   "lint [FILE.yaml …]",
		Short: "Check profiles and other data files, or without an argument the built-in ones",
		Long: `Reports every problem with file, line and field. What kind of file it is shows in
its fields: a profile, a layout, a format, topics, a framework, a crosswalk, a
lineage, responsibility notes or vocabulary. It is checked among the built-in
files, in place of the one of its name. Without an argument all built-in files
are checked. Dates of a profile are judged by today, or by --as-of: reviews that
are too long ago or still to come, plans whose day has passed.`,
		Example: `  caique lint
  caique lint acme.yaml
  caique lint layout.yaml questionnaires/caiq-4.1.yaml`,
		RunE: func(_ *cobra.Command, args []string) error { return c.run(t, lib, args) },
	}
	cmd.Flags().StringVar(&c.asOf, "as-of", "", "the day by which a profile's dates are judged, as 2026-09-30 (default: today in UTC)")
	cmd.Flags().BoolVar(&c.json, "json", false, "print JSON")
	cmd.Flags().BoolVar(&c.strict, "strict", false, "count warnings as problems")
	return cmd
}

func (c *lintCommand) run(t terminal, lib *mapping.Library, paths []string) error {
	problems, err := c.lint(t, lib, paths)
	if err != nil {
		return err
	}
	errs := len(problems.Errors())
	warnings := len(problems) - errs
	if c.json {
		if err := c.printJSON(t, lib, paths, problems); err != nil {
			return err
		}
	} else {
		for _, p := range problems {
			kind := ""
			if p.Warning {
				kind = "warning: "
			}
			fmt.Fprintf(t.out, "%s%s\n", kind, p)
		}
		fmt.Fprintf(t.out, "%s, %s\n", count(errs, "problem"), count(warnings, "warning"))
	}
	if errs > 0 || c.strict && warnings > 0 {
		return errNegative
	}
	return nil
}

func (c *lintCommand) lint(t terminal, lib *mapping.Library, paths []string) (caiq.Problems, error) {
	today, err := day(t, c.asOf)
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return lib.Lint(), nil
	}
	var problems caiq.Problems
	for _, path := range paths {
		src, err := profileFile(path) // an argument here is always a path, never a built-in name
		if err != nil {
			return nil, err
		}
		src.Today = today
		problems = append(problems, mapping.LintFile(lib, src)...)
	}
	return problems, nil
}

func (c *lintCommand) printJSON(t terminal, lib *mapping.Library, paths []string, problems caiq.Problems) error {
	out := map[string]any{"problems": orEmpty(problems)}
	if len(paths) == 0 {
		counts, err := lib.LineageCounts()
		if err != nil {
			return err
		}
		out["lineage"] = counts
	}
	return writeJSON(t.out, out)
}
