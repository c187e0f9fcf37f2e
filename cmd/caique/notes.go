package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/workbook"
)

// named is how many rows a note names.
const named = 6

// printNotes says, a line each, what a person should know before sending the
// file on. What does not occur is not mentioned.
func printNotes(w io.Writer, d *app.Draft, total app.Count) {
	printPartly(w, d.Rows)
	printDiffering(w, d.Rows)
	printOld(w, d.OldAnswers())
	printUnfit(w, d.Rows)
	printLocked(w, d.Rows)
	if n := total.Unplaced; n > 0 {
		fmt.Fprintf(w, "unplaced:  %s written without the text that explains %s: no cell there may take it; --json has it\n",
			caiq.Counted(n, "answer is", "answers are"), eitherWord(n, "it", "them"))
	}
	if n := total.Withheld; n > 0 {
		fmt.Fprintf(w, "withheld:  %s on evidence or controls that audience %s is not told of; the bands count them\n",
			caiq.Counted(n, "answer rests", "answers rest"), d.Manifest.Audience)
	}
	printHiddenAnswers(w, total.Hidden)
	if n := len(d.TooLow); n > 0 {
		fmt.Fprintf(w, "too low:   %s than %s: --fit-rows raises them\n",
			caiq.Counted(n, "row has an answer longer", "rows have answers longer"), eitherWord(n, "it shows", "they show"))
	}
	printClipped(w, d.Clipped)
}

// printClipped names rows that stay too low for their texts, though they were raised.
func printClipped(w io.Writer, rows []workbook.RowRef) {
	if len(rows) == 0 {
		return
	}
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = fmt.Sprintf("%s row %d", r.Sheet, r.Row)
	}
	fmt.Fprintf(w, "too low:   %s than the 409 points that a row can be high: %s\n",
		caiq.Counted(len(rows), "row has an answer longer", "rows have answers longer"), some(names))
}

// printPartly names rows in which the answer itself is left to a person.
func printPartly(w io.Writer, rows []app.Row) {
	var names []string
	for _, r := range rows {
		if r.Outcome == app.Partly {
			names = append(names, cmp.Or(r.Question.ID, r.Question.Cell))
		}
	}
	if len(names) > 0 {
		fmt.Fprintf(w, "partly:    %s the customer's part and no answer: does the service offer what it takes? %s\n",
			caiq.Counted(len(names), "row has", "rows have"), some(names))
	}
}

// printDiffering names kept answers that are not what the profile answers.
func printDiffering(w io.Writer, rows []app.Row) {
	var names []string
	for _, r := range rows {
		if r.Differs() {
			names = append(names, fmt.Sprintf("%s (%s, not %s)", cmp.Or(r.Question.ID, r.Question.Cell), r.FileValue(), r.Proposal.Value))
		}
	}
	if len(names) > 0 {
		fmt.Fprintf(w, "differing: %s not what the profile answers: %s\n", caiq.Counted(len(names), "kept answer is", "kept answers are"), some(names))
	}
}

// printOld warns of answers that --overwrite could not replace.
func printOld(w io.Writer, old []app.OldAnswer) {
	var names []string
	for _, o := range old {
		for _, c := range o.Cells {
			names = append(names, o.Sheet+"!"+c)
		}
	}
	if len(names) > 0 {
		fmt.Fprintf(w, "warning:   %s what the file said before: --overwrite had no answer to put there. Check that it may go out: %s\n",
			caiq.Counted(len(old), "row still says", "rows still say"), some(names))
	}
}

// printUnfit names answers that their cells cannot take, those of like lists
// together, and says how many would have been held back all the same.
func printUnfit(w io.Writer, rows []app.Row) {
	var whys []string
	names, total, doubtful := map[string][]string{}, 0, 0
	for _, r := range rows {
		i := slices.IndexFunc(r.Proposal.Needs, func(n caiq.Need) bool { return n.Code == "not_in_list" })
		if r.Outcome == app.Filled || r.Proposal.Value == "" || i < 0 {
			continue
		}
		why := unfitWhy(r.Proposal.Needs[i].Text)
		if names[why] == nil {
			whys = append(whys, why)
		}
		names[why] = append(names[why], cmp.Or(r.Question.ID, r.Question.Cell))
		total++
		if r.Needs("found_by_wording") {
			doubtful++
		}
	}
	if total == 0 {
		return
	}
	groups := make([]string, len(whys))
	for i, why := range whys {
		groups[i] = fmt.Sprintf("%s (%s)", some(names[why]), why)
	}
	fmt.Fprintf(w, "unfit:     %s: %s", caiq.Counted(total, "answer is not in the list of its cell", "answers are not in the lists of their cells"), some(groups))
	if doubtful > 0 {
		fmt.Fprintf(w, "; %s in doubt besides, see their needs with --json", caiq.Counted(doubtful, "is", "are"))
	}
	fmt.Fprintln(w)
}

// unfitWhy is what the engine says of a cell that cannot take an answer, without the
// cell's own name and the full stop.
func unfitWhy(text string) string {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "The answer does not fit its cell: "), ".")
	if _, after, ok := strings.Cut(text, "!"); ok {
		if _, why, ok := strings.Cut(after, " "); ok {
			return why
		}
	}
	return text
}

// printLocked names rows whose answer cells may not be written.
func printLocked(w io.Writer, rows []app.Row) {
	var names []string
	for _, r := range rows {
		if r.Locked() {
			names = append(names, cmp.Or(r.Question.ID, r.Question.Cell))
		}
	}
	if len(names) > 0 {
		fmt.Fprintf(w, "locked:    %s not written, since a formula or a merge has the cell: %s\n",
			caiq.Counted(len(names), "answer is", "answers are"), some(names))
	}
}

// printHiddenAnswers says how many answers do not show in a spreadsheet program.
func printHiddenAnswers(w io.Writer, h app.Hidden) {
	var parts []string
	for _, p := range []struct {
		n     int
		where string
	}{{h.Row, "row"}, {h.Column, "column"}, {h.Sheet, "sheet"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%s in a hidden %s", count(p.n, "answer"), p.where))
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(w, "hidden:    %s, or to a question there; they go out with the file\n", list(parts))
	}
}

// some lists the first few of many.
func some(names []string) string {
	text := list(names[:min(named, len(names))])
	if n := len(names) - named; n > 0 {
		text += fmt.Sprintf(", and %d more that --json lists", n)
	}
	return text
}

// eitherWord returns the word for one, or for more.
func eitherWord(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
