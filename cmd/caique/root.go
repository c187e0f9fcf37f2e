package main

import (
	"github.com/spf13/cobra"

	"caique/internal/app"
	"caique/internal/mapping"
	"caique/mappings"
	"caique/questionnaires"
)

// newRoot builds the command tree. Commands parse flags and print; the work is
// in internal/app.
func newRoot(t terminal) *cobra.Command {
	root := &cobra.Command{
		Use:   "caique",
		Short: "Answer cloud security questionnaires in the very file that came in",
		Long: `Caique reads a cloud security questionnaire (CSA CAIQ or a spreadsheet of a
customer's own), traces each question through the Cloud Controls Matrix to the
SOC 2 criteria and the controls of a profile, proposes answers with their
reasons, and writes them into the same file with nothing else touched.

It works offline, and the same input always gives the same bytes.`,
		Example: `  caique inspect CAIQ.xlsx
  caique answer CAIQ.xlsx --profile example-saas -o CAIQ-answered.xlsx
  caique explain CAIQ.xlsx IAM-14.1 --profile example-saas
  caique verify CAIQ-answered.xlsx --manifest manifest.json --original CAIQ.xlsx

Exit codes: 0 done · 1 ran, with a negative result (blanks under --strict, lint
problems, a mismatch) · 2 wrong usage · 3 bad input · 4 cannot write · 130 stopped
by Ctrl-C or SIGTERM, with no file half-written

With --json, stdout holds one JSON value: the result, or {"error": {message, code,
hint, exit}} when there is none. Progress and readable errors go to stderr.`,
		Version:       app.Version,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.ArbitraryArgs,
		RunE:          help,
	}
	root.SetIn(t.in)
	root.SetOut(t.out)
	root.SetErr(t.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.CompletionOptions.HiddenDefaultCmd = true

	lib := mapping.New(questionnaires.FS, mappings.FS)
	root.AddCommand(
		newAnswer(t, lib),
		newInspect(t, lib),
		newExplain(t, lib),
		newVerify(t),
		newLint(t, lib),
		newProfile(t, lib),
		newMappings(t, lib),
		newServe(t, lib),
		newAudit(t),
		newBackup(t),
		newRestore(t),
	)
	return root
}

// help is what a command does that only holds others: it lists them. What is
// none of them is a mistake.
func help(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	var known []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			known = append(known, c.Name())
		}
	}
	return usagef("unknown command %q; %s has %s", args[0], cmd.CommandPath(), list(known))
}

// exactArgs is cobra.ExactArgs with a message that names what is missing.
func exactArgs(names ...string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < len(names) {
			return usagef("%s is missing", names[len(args)])
		}
		if len(args) > len(names) {
			return usagef("%q is one argument too many", args[len(names)])
		}
		return nil
	}
}
