package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
)

type verifyCommand struct {
	manifest, original string
	json               bool
}

func newVerify(t terminal) *cobra.Command {
	c := &verifyCommand{}
	cmd := &cobra.Command{
		Use:   "verify FILE --manifest MANIFEST",
		Short: "Check an answered file against its manifest and its original",
		Long: `Compares the file's hash and each answer in it with the manifest, and the manifest
with its own hash, so that no field of it was edited since. That hash is no
signature: whoever writes a manifest anew writes its hash too. With
--original it also shows that nothing but the answers changed: every other part
of the file is byte-identical, and inside the sheets every other cell. What
differs is listed part by part and cell by cell; parts that a program packed
anew without changing them are named apart.`,
		Example: `  caique verify CAIQ-answered.xlsx --manifest manifest.json --original CAIQ.xlsx`,
		Args:    exactArgs("FILE, the answered questionnaire,"),
		RunE:    func(_ *cobra.Command, args []string) error { return c.run(t, args[0]) },
	}
	f := cmd.Flags()
	f.StringVar(&c.manifest, "manifest", "", "the manifest that caique answer wrote")
	f.StringVar(&c.original, "original", "", "the file that was answered")
	f.BoolVar(&c.json, "json", false, "print JSON")
	return cmd
}

func (c *verifyCommand) run(t terminal, path string) error {
	if c.manifest == "" {
		return usagef("--manifest is missing: give the file that caique answer --manifest wrote")
	}
	data, err := readWorkbook(path)
	if err != nil {
		return err
	}
	raw, err := readFile(c.manifest, 4*mapping.MaxFileSize)
	if err != nil {
		return err
	}
	m, err := app.DecodeManifest(c.manifest, raw)
	if err != nil {
		return err
	}
	var original []byte
	if c.original != "" {
		if original, err = readWorkbook(c.original); err != nil {
			return err
		}
	}
	problems, err := app.VerifyOutput(path, data, m, original)
	if err != nil {
		return err
	}
	for i := range problems {
		if problems[i].Code == "input_hash" {
			problems[i].File = c.original
		}
	}
	return c.print(t, path, m, problems)
}

// differencesShown is how many differences of a kind are named without --json.
const differencesShown = 20

func (c *verifyCommand) print(t terminal, path string, m app.Manifest, problems caiq.Problems) error {
	compared, noun := m.Compared()
	if c.json {
		if err := writeJSON(t.out, map[string]any{"verified": len(problems) == 0, noun + "s": compared, "problems": orEmpty(problems)}); err != nil {
			return err
		}
	} else {
		printProblems(t.out, problems, differencesShown)
	}
	if len(problems) > 0 {
		if !c.json {
			fmt.Fprintf(t.out, "%s: %s\n", shownName(path), count(len(problems), "difference"))
		}
		return errNegative
	}
	if !c.json {
		fmt.Fprintf(t.out, "%s is what the manifest describes: %s compared", shownName(path), count(compared, noun))
		switch {
		case c.original != "" && noun == "cell":
			fmt.Fprintf(t.out, ", nothing else differs from %s", m.Input.Name)
		case c.original != "" && noun == "answer":
			fmt.Fprintf(t.out, ", which answer %s", m.Input.Name)
		}
		fmt.Fprintln(t.out)
		if m.Drafts {
			fmt.Fprintln(t.out, "Its answers are drafts: nobody has approved them.")
		}
	}
	return nil
}
