package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/internal/workbook"
)

type inspectCommand struct {
	layout      string
	writeLayout bool
	json        bool
	questions   bool
}

func newInspect(t terminal, lib *mapping.Library) *cobra.Command {
	c := &inspectCommand{}
	cmd := &cobra.Command{
		Use:   "inspect FILE",
		Short: "Say what a questionnaire is: format, sheets, columns, questions",
		Example: `  caique inspect CAIQ.xlsx
  caique inspect CAIQ.xlsx --json --questions
  caique inspect odd.xlsx --write-layout > layout.yaml`,
		Args: exactArgs("FILE, the questionnaire,"),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), t, lib, args[0]) },
	}
	f := cmd.Flags()
	f.StringVar(&c.layout, "layout", "", "YAML file that says where questions and answers stand, instead of guessing")
	f.BoolVar(&c.writeLayout, "write-layout", false, "print the layout as YAML, to be corrected and given back with --layout")
	f.BoolVar(&c.json, "json", false, "print JSON")
	f.BoolVar(&c.questions, "questions", false, "list every question too")
	return cmd
}

func (c *inspectCommand) run(ctx context.Context, t terminal, lib *mapping.Library, path string) error {
	if c.writeLayout && c.json {
		return usagef("--write-layout prints YAML and --json prints JSON: choose one")
	}
	data, err := readWorkbook(path)
	if err != nil {
		return err
	}
	layout, layoutData, err := readLayout(c.layout)
	if err != nil {
		return err
	}
	q, err := app.Inspect(ctx, lib, path, data, layout)
	if c.writeLayout && caiq.CodeOf(err) == "no_questions" {
		fmt.Fprint(t.out, layoutForm)
		return nil
	}
	if err != nil {
		return mapping.LocateLayout(c.layout, layoutData, err)
	}
	switch {
	case c.writeLayout:
		guess := workbook.GuessLayout(q)
		out, err := mapping.EncodeLayout(&guess)
		if err == nil {
			_, err = t.data.Write(out)
		}
		return err
	case c.json:
		return writeJSON(t.out, inspectJSON(q, c.questions))
	default:
		printInspect(t.out, path, q)
		if c.questions {
			printQuestions(t.out, q)
		}
		return nil
	}
}

// layoutForm is what --write-layout prints when there is nothing to guess from.
const layoutForm = `# No column of questions was found in the file. Say where the questions stand,
# save this as layout.yaml and give it back with --layout layout.yaml.
schema: 1
sheets:
  - name: Sheet1 # as the tab names it; a CSV file has one sheet, CSV
    header_rows: [1] # [] when the first row is a question already
    every_row: false # true when no text in the question column is a heading
    columns: # role: letters of the column
      question: B
      id: A
      answer: C # or yes, no and na: three columns that take a mark
      notes: D # or description, ownership, customer
`

func printInspect(w io.Writer, path string, q *caiq.Questionnaire) {
	fmt.Fprintf(w, "%s: %s", shownName(filepath.Base(path)), q.Format)
	if q.Lite {
		fmt.Fprint(w, " Lite")
	}
	if q.Patch != "" {
		fmt.Fprintf(w, " (%s)", q.Patch)
	}
	fmt.Fprintf(w, ", %s\n", count(len(q.Questions), "question"))
	for _, why := range q.Why {
		fmt.Fprintf(w, "  %s\n", why)
	}
	for _, s := range q.Sheets {
		hidden := ""
		if s.Hidden {
			hidden = ", hidden"
		}
		fmt.Fprintf(w, "\nsheet %q: %s, %s%s\n", s.Name, count(s.Questions, "question"), headerRows(s.HeaderRows), hidden)
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, role := range caiq.Roles() {
			if col, ok := s.Columns[role]; ok {
				fmt.Fprintf(tw, "  %s\t%s\n", col, role)
			}
		}
		tw.Flush()
	}
	printHidden(w, q)
	printFormulas(w, q)
	printWarnings(w, q.Warnings)
}

// printHidden says how many questions do not show in a spreadsheet program.
func printHidden(w io.Writer, q *caiq.Questionnaire) {
	hidden := hiddenCounts(q)
	if len(hidden) == 0 {
		return
	}
	var parts []string
	for _, where := range []string{"row", "column", "sheet"} {
		if n := hidden[where]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s in a hidden %s", count(n, "question"), where))
		}
	}
	fmt.Fprintf(w, "\nhidden: %s; they are read and answered like the others\n", list(parts))
}

// hiddenCounts counts questions by what hides them: row, column or sheet. A row
// and a column may hide the same question, which counts in both.
func hiddenCounts(q *caiq.Questionnaire) map[string]int {
	hidden := map[string]int{}
	for i := range q.Questions {
		for _, where := range q.Questions[i].HiddenBy() {
			hidden[where]++
		}
	}
	return hidden
}

// printFormulas says how many questions are texts that a formula gives.
func printFormulas(w io.Writer, q *caiq.Questionnaire) {
	n := 0
	for i := range q.Questions {
		if q.Questions[i].Formula {
			n++
		}
	}
	if n > 0 {
		fmt.Fprintf(w, "\nformulas: %s by a formula; what it showed when the file was saved is what is read\n", caiq.Counted(n, "question is given", "questions are given"))
	}
}

func headerRows(ns []int) string {
	if len(ns) == 0 {
		return "no header row"
	}
	out := make([]string, len(ns))
	for i, n := range ns {
		out[i] = strconv.Itoa(n)
	}
	if len(ns) == 1 {
		return "header row " + out[0]
	}
	return "header rows " + list(out)
}

func printQuestions(w io.Writer, q *caiq.Questionnaire) {
	fmt.Fprintln(w)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "CELL\tKEY\tMATCH\tANSWERED\tHEADING\tTEXT")
	for i := range q.Questions {
		x := &q.Questions[i]
		answered := ""
		if len(x.Existing) > 0 {
			answered = "yes"
		}
		fmt.Fprintf(tw, "%s!%s\t%s\t%s\t%s\t%s\t%s\n", x.Sheet, x.Cell, x.Key, x.Match.Kind, answered,
			shorten(cmp.Or(x.Domain, x.Section), 24), shorten(x.Text, 60))
	}
	tw.Flush()
}

// shorten cuts text to n runes on one line.
func shorten(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}
