package main

import (
	"errors"

	"github.com/spf13/cobra"

	"caique/internal/answer"
	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/workbook"
)

// inspection is what inspect --json prints.
type inspection struct {
	Format     caiq.FormatID `json:"format"`
	Patch      string        `json:"patch,omitempty"`
	Lite       bool          `json:"lite,omitempty"`
	Confidence float64       `json:"format_confidence"`
	Why        []string      `json:"why"`
	Sheets     []sheet       `json:"sheets"`
	// Questions is the count, or with --questions the list.
	Questions any `json:"questions"`
	// Hidden counts questions that do not show: by row, column or sheet.
	Hidden   map[string]int `json:"hidden,omitempty"`
	Warnings []caiq.Problem `json:"warnings"`
}

type sheet struct {
	Name       string               `json:"name"`
	HeaderRows []int                `json:"header_rows"`
	Columns    map[caiq.Role]string `json:"columns"`
	Questions  int                  `json:"questions"`
	Hidden     bool                 `json:"hidden,omitempty"`
}

// row says which row of a file is meant, the same wherever one is printed: its own
// key, which stays as it is, and what it was recognised as.
type row struct {
	Key   caiq.Ref       `json:"key"`
	Match caiq.MatchKind `json:"match"`
	// Asks is the known question that the row was recognised as; absent where it is none.
	Asks caiq.Ref `json:"asks,omitempty"`
}

func rowJSON(q *caiq.Question) row { return row{q.Key, q.Match.Kind, q.Match.Question} }

type question struct {
	row
	ID       string                 `json:"id"`
	Control  string                 `json:"control"`
	Domain   string                 `json:"domain"`
	Section  string                 `json:"section"` // the heading above
	Sheet    string                 `json:"sheet"`
	Cell     string                 `json:"cell"`
	TextHash string                 `json:"text_sha256"`
	Answer   caiq.Existing          `json:"answer"`
	Allowed  map[caiq.Role][]string `json:"allowed"`
	Hidden   string                 `json:"hidden,omitempty"`
	Formula  bool                   `json:"formula,omitempty"`
}

func inspectJSON(q *caiq.Questionnaire, withQuestions bool) inspection {
	out := inspection{
		Format: q.Format, Patch: q.Patch, Lite: q.Lite, Confidence: q.Confidence, Why: orEmpty(q.Why),
		Sheets: []sheet{}, Questions: len(q.Questions), Hidden: hiddenCounts(q), Warnings: orEmpty(q.Warnings),
	}
	for _, s := range q.Sheets {
		out.Sheets = append(out.Sheets, sheet{s.Name, s.HeaderRows, s.Columns, s.Questions, s.Hidden})
	}
	if withQuestions {
		list := make([]question, len(q.Questions))
		for i := range q.Questions {
			list[i] = questionJSON(&q.Questions[i])
		}
		out.Questions = list
	}
	return out
}

func questionJSON(q *caiq.Question) question {
	out := question{
		row: rowJSON(q), ID: q.ID, Control: q.Control, Domain: q.Domain, Section: q.Section, Sheet: q.Sheet, Cell: q.Cell,
		TextHash: q.TextHash, Answer: q.Existing, Allowed: map[caiq.Role][]string{}, Hidden: q.Hidden, Formula: q.Formula,
	}
	if out.Answer == nil {
		out.Answer = caiq.Existing{}
	}
	for _, t := range q.Targets {
		if t.Allowed != nil {
			out.Allowed[t.Role] = t.Allowed
		}
	}
	return out
}

// orEmpty makes an absent list print as [] rather than null.
func orEmpty[S ~[]E, E any](s S) S {
	if s == nil {
		return S{}
	}
	return s
}

// answering is what answer --json prints.
type answering struct {
	Output   string        `json:"output"`
	Summary  app.Summary   `json:"summary"`
	Manifest manifestHead  `json:"manifest"`
	Answers  []answered    `json:"answers"`
	Lifts    []answer.Lift `json:"lifts"`
	// Clipped are rows whose texts do not show whole, with --fit-rows.
	Clipped []workbook.RowRef `json:"clipped_rows,omitempty"`
	// TooLow are rows of a fixed height that cut off an answer, without --fit-rows.
	TooLow []workbook.RowRef `json:"too_low_rows,omitempty"`
	// OldAnswers are the file's answers that --overwrite left, in want of one.
	OldAnswers []app.OldAnswer `json:"old_answers,omitempty"`
	Warnings   []caiq.Problem  `json:"warnings"`
}

type manifestHead struct {
	Input    app.FileHash  `json:"input"`
	Output   app.FileHash  `json:"output"`
	Format   caiq.FormatID `json:"format"`
	Profile  string        `json:"profile"`
	AsOf     caiq.Date     `json:"as_of"`
	Audience caiq.Release  `json:"audience"`
	Drafts   bool          `json:"drafts"`
}

type answered struct {
	Outcome app.Outcome `json:"outcome"`
	// File is what the file itself held, by column role, where it held anything.
	File caiq.Existing `json:"file,omitempty"`
	// Differs is set when the file's answer stays and the profile's is another.
	Differs bool `json:"differs,omitempty"`
	// Hidden is what hides the question: row, column, row and column, or sheet.
	Hidden string `json:"hidden,omitempty"`
	// Formula is set when a formula gives the question's text.
	Formula bool `json:"formula,omitempty"`
	proposed
}

// proposed is a proposal as answer and explain print it.
type proposed struct {
	row
	Sheet string `json:"sheet"`
	Cell  string `json:"cell"`
	caiq.Answer
	Band       caiq.Band   `json:"band"`
	Basis      []caiq.Step `json:"basis"`
	Needs      []caiq.Need `json:"needs,omitempty"`
	Candidates []string    `json:"candidates,omitempty"`
}

func proposedJSON(r app.Row) proposed {
	p := r.Proposal
	return proposed{rowJSON(r.Question), p.Sheet, p.Cell, p.Answer, p.Band, p.Basis, p.Needs, p.Candidates}
}

func answerJSON(out string, d *app.Draft) answering {
	m := d.Manifest
	a := answering{
		Output: out, Summary: app.Summarize(d), Answers: []answered{}, Lifts: orEmpty(d.Lifts), Clipped: d.Clipped, TooLow: d.TooLow, OldAnswers: d.OldAnswers(), Warnings: orEmpty(d.Questionnaire.Warnings),
		Manifest: manifestHead{m.Input, m.Output, m.Format, m.Profile, m.AsOf, m.Audience, m.Drafts},
	}
	for _, row := range d.Rows {
		q := row.Question
		a.Answers = append(a.Answers, answered{row.Outcome, q.Existing, row.Differs(), q.Hidden, q.Formula, proposedJSON(row)})
	}
	return a
}

// failure is what a command with --json prints when it has no result.
type failure struct {
	Error failed `json:"error"`
}

type failed struct {
	Message  string        `json:"message"`
	Code     string        `json:"code,omitempty"`
	Hint     string        `json:"hint,omitempty"`
	Exit     int           `json:"exit"`
	Problems caiq.Problems `json:"problems,omitempty"` // of a data file, each with its place
}

func wantsJSON(cmd *cobra.Command) bool {
	f := cmd.Flags().Lookup("json")
	return f != nil && f.Value.String() == "true"
}

func errorJSON(err error, exit int) failure {
	f := failed{Message: err.Error(), Exit: exit}
	if e, ok := errors.AsType[*caiq.Error](err); ok {
		f.Code, f.Hint = e.Code, e.Hint
	}
	switch exit {
	case exitUsage:
		f.Code = "usage"
	case exitStopped:
		f.Code, f.Message, f.Hint = "stopped", stopped, ""
	}
	if ps, ok := errors.AsType[caiq.Problems](err); ok {
		f.Problems = ps
	}
	return failure{f}
}
