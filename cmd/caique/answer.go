package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"caique/internal/app"
	"caique/internal/mapping"
)

type answerCommand struct {
	answerFlags
	out, manifest string
	overwrite     bool
	knownOnly     bool
	fitRows       bool
	recalculate   bool
	strict        bool
	force         bool
	json          bool
}

func newAnswer(t terminal, lib *mapping.Library) *cobra.Command {
	c := &answerCommand{}
	cmd := &cobra.Command{
		Use:   "answer FILE",
		Short: "Propose answers and write them into a copy of the file",
		Long: `Reads a questionnaire, proposes an answer with its reasons for each question, and
writes a copy of the file in which only the answer cells differ. The result is
re-read and compared before it takes its name.

What it writes is a draft: nobody has approved it.`,
		Example: `  caique answer CAIQ.xlsx --profile example-saas -o CAIQ-answered.xlsx
  caique answer CAIQ.xlsx --profile ./acme.yaml --audience public --manifest manifest.json
  caique answer CAIQ.xlsx --profile example-saas --as-of 2026-12-31 --json`,
		Args: exactArgs("FILE, the questionnaire,"),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), t, lib, args[0]) },
	}
	c.register(cmd)
	f := cmd.Flags()
	f.StringVarP(&c.out, "output", "o", "", "file to write (default: FILE with .draft before its ending)")
	f.StringVar(&c.manifest, "manifest", "", "also write a manifest: hashes of input, output, packs and each answer, as JSON")
	f.BoolVar(&c.overwrite, "overwrite", false, "replace answers that are already in the file (default: keep them); where nothing is proposed they stay, and the summary says so")
	f.BoolVar(&c.knownOnly, "known-only", false, "write no answer to questions that were recognised by their wording alone (default: where all of the question is found in the answer)")
	f.BoolVar(&c.fitRows, "fit-rows", false, "set the height of answered rows so that their text shows")
	f.BoolVar(&c.recalculate, "recalculate", false, "have the spreadsheet program recalculate formulas on opening")
	f.BoolVar(&c.strict, "strict", false, "exit with 1 when a question stays blank")
	f.BoolVar(&c.force, "force", false, "overwrite files that exist")
	f.BoolVar(&c.json, "json", false, "print the proposals and their reasons as JSON instead of the summary")
	return cmd
}

func (c *answerCommand) run(ctx context.Context, t terminal, lib *mapping.Library, path string) error {
	in, err := c.input(t, lib, path)
	if err != nil {
		return err
	}
	in.Overwrite, in.KnownOnly, in.FitRows, in.Recalculate = c.overwrite, c.knownOnly, c.fitRows, c.recalculate
	if c.out != "" { // the default name depends on the profile and is checked below
		if in, out := strings.ToLower(filepath.Ext(path)), strings.ToLower(filepath.Ext(c.out)); in != "" && out != in {
			return usagef("the answers go into a copy of %s, so -o must end in %s too, not %q", filepath.Base(path), in, out)
		}
		if err := checkOutputs(c.force, []string{path, c.layout}, []string{c.out, c.manifest}); err != nil {
			return err
		}
	}
	bar := newProgress(t.bar)
	draft, err := app.Fill(ctx, lib, in, bar.step)
	bar.end()
	if err != nil {
		return c.located(err)
	}
	if c.out == "" {
		c.out = draftName(path, draft)
		if err := checkOutputs(c.force, []string{path, c.layout}, []string{c.out, c.manifest}); err != nil {
			return err
		}
	}
	if err := c.write(draft); err != nil {
		return err
	}
	if err := c.print(t, path, draft); err != nil {
		return err
	}
	if c.strict && app.Open(draft.Manifest.Counts) > 0 {
		return errNegative
	}
	return nil
}

// draftName says in the name itself that nobody approved the file and, for an
// assessor's work, that it does not come from the party it describes.
func draftName(path string, d *app.Draft) string {
	ext := filepath.Ext(path)
	mark := ".draft"
	if d.Profile.Assessed() {
		mark += "-not-by-" + d.Profile.ID
	}
	return strings.TrimSuffix(path, ext) + mark + ext
}

func (c *answerCommand) write(d *app.Draft) error {
	d.Manifest.Output.Name = filepath.Base(c.out)
	manifest, err := d.Manifest.Encode()
	if err != nil {
		return err
	}
	return writeOutputs(c.force, output{c.out, d.Output}, output{c.manifest, manifest})
}

func (c *answerCommand) print(t terminal, path string, d *app.Draft) error {
	if c.json {
		return writeJSON(t.out, answerJSON(c.out, d))
	}
	printSummary(t.out, path, c.out, d)
	return nil
}
