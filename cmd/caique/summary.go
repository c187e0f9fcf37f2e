package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"caique/internal/answer"
	"caique/internal/app"
	"caique/internal/caiq"
)

const (
	liftsShown  = 8
	domainWidth = 34

	problemsShown = 4
)

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return writeError{err}
	}
	return nil
}

func list(names []string) string { return strings.Join(names, ", ") }

// printSummary says what a run did: outcomes and bands per domain, answers,
// ownership, and what would lift most questions.
func printSummary(w io.Writer, in, out string, d *app.Draft) {
	s := app.Summarize(d)
	fmt.Fprintf(w, "%s → %s\n", shownName(in), shownName(out))
	fmt.Fprintf(w, "%s, %s, answered for %s as of %s for audience %s\n", formatTitle(d), count(s.Total.Questions, "question"), d.Profile.Name, d.Manifest.AsOf, d.Manifest.Audience)
	if d.Profile.Assessed() {
		fmt.Fprintln(w, d.Profile.AssessorNotice())
	}
	fmt.Fprintf(w, "This is a draft: nobody has approved it.\n\n")
	printDomains(w, s)
	printCounts(w, s)
	printNotes(w, d, s.Total)
	printLifts(w, d.Lifts, "caique answer --json")
	printWarnings(w, d.Questionnaire.Warnings)
}

func formatTitle(d *app.Draft) string {
	q := d.Questionnaire
	title := "Custom questionnaire"
	if f := d.Knowledge.Formats[q.Format]; f != nil {
		title = f.Title
	}
	if q.Lite {
		title += " Lite"
	}
	if q.Patch != "" {
		title += " (" + q.Patch + ")"
	}
	return title
}

func printDomains(w io.Writer, s app.Summary) {
	fmt.Fprintf(w, "%-*s %5s %6s %6s %5s %5s %9s %7s %4s %4s\n", domainWidth, "DOMAIN", "ASKED", "FILLED", "PARTLY", "KEPT", "BLANK", "SUPPORTED", "PARTIAL", "WEAK", "NONE")
	row := func(name string, c app.Count) {
		fmt.Fprintf(w, "%-*s %5d %6d %6d %5d %5d %9d %7d %4d %4d\n", domainWidth, shorten(name, domainWidth), c.Questions,
			c.Outcomes[app.Filled], c.Outcomes[app.Partly], c.Outcomes[app.Kept], c.Outcomes[app.Blank],
			c.Bands[caiq.BandSupported]+c.Bands[caiq.BandVerbatim], c.Bands[caiq.BandPartial], c.Bands[caiq.BandWeak], c.Bands[caiq.BandNone])
	}
	for _, g := range s.Domains {
		row(g.Name, g.Count)
	}
	row("total", s.Total)
}

func printCounts(w io.Writer, s app.Summary) {
	var values, owners []string
	for _, v := range []caiq.Value{caiq.Yes, caiq.No, caiq.NA} {
		values = append(values, fmt.Sprintf("%s %d", v, s.Total.Values[v]))
	}
	keys := make([]caiq.Ownership, 0, len(s.Total.Owners))
	for o := range s.Total.Owners {
		keys = append(keys, o)
	}
	slices.SortFunc(keys, func(a, b caiq.Ownership) int {
		return cmp.Or(cmp.Compare(s.Total.Owners[b], s.Total.Owners[a]), cmp.Compare(a, b))
	})
	for _, o := range keys {
		owners = append(owners, fmt.Sprintf("%s %d", o, s.Total.Owners[o]))
	}
	fmt.Fprintf(w, "\nanswers:   %s\n", list(values))
	fmt.Fprintf(w, "ownership: %s\n", cmp.Or(list(owners), "none proposed"))
}

func printLifts(w io.Writer, lifts []answer.Lift, more string) {
	if len(lifts) == 0 {
		return
	}
	lifts = mergeLifts(lifts)
	fmt.Fprintf(w, "\nWhat would lift most questions\n")
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, l := range lifts[:min(liftsShown, len(lifts))] {
		fmt.Fprintf(tw, "%d\t %s\n", len(l.Questions), l.Text)
	}
	tw.Flush()
	if n := len(lifts) - liftsShown; n > 0 {
		fmt.Fprintf(w, "   … and %d more: %s lists them all\n", n, more)
	}
}

func printWarnings(w io.Writer, ps caiq.Problems) {
	if len(ps) == 0 {
		return
	}
	fmt.Fprintf(w, "\nWarnings\n")
	printProblems(w, ps, problemsShown)
}

// mergeLifts joins lifts that read alike, most questions first.
func mergeLifts(lifts []answer.Lift) []answer.Lift {
	var merged []answer.Lift
	for _, l := range lifts {
		i := slices.IndexFunc(merged, func(m answer.Lift) bool { return m.Text == l.Text })
		if i < 0 {
			merged = append(merged, l)
			continue
		}
		merged[i].Questions = slices.Concat(merged[i].Questions, l.Questions)
	}
	slices.SortStableFunc(merged, func(a, b answer.Lift) int { return cmp.Compare(len(b.Questions), len(a.Questions)) })
	return merged
}

// printProblems shows the first few of each kind in the order in which the
// kinds occur; --json has them all.
func printProblems(w io.Writer, ps caiq.Problems, shown int) {
	byCode := map[string]caiq.Problems{}
	var codes []string
	for _, p := range ps {
		if byCode[p.Code] == nil {
			codes = append(codes, p.Code)
		}
		byCode[p.Code] = append(byCode[p.Code], p)
	}
	for _, code := range codes {
		same := byCode[code]
		for _, p := range same[:min(shown, len(same))] {
			fmt.Fprintf(w, "  %s\n", p)
		}
		if more := len(same) - shown; more > 0 {
			fmt.Fprintf(w, "  … and %d more like this (%s); --json lists them all\n", more, code)
		}
	}
}

// count is "1 problem", "2 problems".
func count(n int, noun string) string {
	return caiq.Counted(n, noun, noun+"s")
}
