// Package app holds the use cases. The command line and the service both go
// through it; it knows neither flags nor HTTP.
package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"caique/internal/answer"
	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/internal/workbook"
)

// Version is the tool's version as manifests record it: a change of what the
// same input yields changes the version.
const Version = "0.1.0"

// Input is everything that determines a filled workbook.
type Input struct {
	Name    string // file name of the workbook, for messages and the manifest
	Data    []byte
	Layout  *caiq.Layout // nil: guess
	Profile mapping.ProfileSource
	caiq.Options
	Overwrite   bool // replace answers that are already in the file
	KnownOnly   bool // answer no question that was recognised by its wording alone
	FitRows     bool // set the height of answered rows so that their text shows
	Recalculate bool // have the spreadsheet program recalculate on opening
	// Search finds what questions without a known ID or text ask; nil leaves them open.
	Search Search
}

// Row is one question with its proposal and outcome.
type Row struct {
	Question *caiq.Question
	Proposal caiq.Proposal
	Outcome  Outcome
}

// Needs reports whether the proposal has a need of the code.
func (r Row) Needs(code string) bool {
	return slices.ContainsFunc(r.Proposal.Needs, func(n caiq.Need) bool { return n.Code == code })
}

// Draft is a filled workbook: always a draft, since nobody has approved it.
type Draft struct {
	Questionnaire *caiq.Questionnaire
	Profile       *caiq.Profile
	Knowledge     *caiq.Knowledge
	Rows          []Row // in the order of the file
	Lifts         []answer.Lift
	Output        []byte
	Clipped       []workbook.RowRef // rows whose texts do not show whole, though they were fitted
	TooLow        []workbook.RowRef // rows of a fixed height that cut off an answer, unless they were fitted
	Manifest      Manifest

	engine    *answer.Engine
	matchings []*answer.Matching // by row; nil where the row was recognised
	matcher   *answer.Matcher    // nil where nothing was matched
}

// Progress is told of each stage and how far it is; total is 0 when unknown.
type Progress func(stage string, done, total int)

// step tells of a stage, where anybody wants to know, and is an error when the
// context has ended.
func (p Progress) step(ctx context.Context, stage string, done, total int) error {
	if p != nil {
		p(stage, done, total)
	}
	return ctx.Err()
}

// Fill is the pipeline inspect → read → propose → patch → verify → manifest. It
// is pure: the same input yields the same draft, to the byte. On error nothing
// half-done is returned. When the context ends it stops, with the context's error.
func Fill(ctx context.Context, lib *mapping.Library, in Input, progress Progress) (*Draft, error) {
	file, d, err := prepare(ctx, lib, in, progress)
	if err != nil {
		return nil, err
	}
	if err := d.write(ctx, file, in, progress); err != nil {
		return nil, err
	}
	return d, nil
}

// write puts the rows' answers into the file and checks what came out.
func (d *Draft) write(ctx context.Context, file *workbook.File, in Input, progress Progress) error {
	edits, cells, err := d.edits(file)
	if err != nil {
		return err
	}
	if err := progress.step(ctx, "patch", 0, len(edits)); err != nil {
		return err
	}
	opt := workbook.PatchOptions{FitRows: in.FitRows, Recalculate: in.Recalculate}
	if d.Output, err = file.Patch(edits, opt); err != nil {
		return fmt.Errorf("write answers into %s: %w", in.Name, err)
	}
	rows, err := file.Clipped(edits, in.FitRows)
	switch {
	case err != nil:
		return fmt.Errorf("measure the rows of %s: %w", in.Name, err)
	case in.FitRows:
		d.Clipped = rows
	default:
		d.TooLow = rows
	}
	if err := progress.step(ctx, "verify", 0, len(edits)); err != nil {
		return err
	}
	if err := file.Verify(d.Output, edits, opt); err != nil {
		return fmt.Errorf("check the answers written into %s: %w", in.Name, err)
	}
	d.Manifest = d.manifest(in, cells)
	return ctx.Err()
}

// Propose reads a questionnaire and proposes answers without writing any.
func Propose(ctx context.Context, lib *mapping.Library, in Input, progress Progress) (*Draft, error) {
	_, d, err := prepare(ctx, lib, in, progress)
	return d, err
}

// Inspect reads a questionnaire.
func Inspect(ctx context.Context, lib *mapping.Library, name string, data []byte, layout *caiq.Layout) (*caiq.Questionnaire, error) {
	_, q, err := read(ctx, lib, name, data, layout)
	return q, err
}

func read(ctx context.Context, lib *mapping.Library, name string, data []byte, layout *caiq.Layout) (*workbook.File, *caiq.Questionnaire, error) {
	file, err := workbook.Open(name, data, workbook.DefaultLimits())
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, nil, err
	}
	q, err := workbook.Read(file, lib, layout)
	if err == nil {
		err = ctx.Err()
	}
	return file, q, err
}

func prepare(ctx context.Context, lib *mapping.Library, in Input, progress Progress) (*workbook.File, *Draft, error) {
	if err := progress.step(ctx, "read", 0, 0); err != nil {
		return nil, nil, err
	}
	file, q, err := read(ctx, lib, in.Name, in.Data, in.Layout)
	if err != nil {
		return nil, nil, err
	}
	d := &Draft{Questionnaire: q}
	if len(d.Questionnaire.Questions) == 0 {
		return nil, nil, noQuestions(in.Name)
	}
	if d.Knowledge, err = lib.Knowledge(d.Questionnaire.Format, in.Profile); err != nil {
		return nil, nil, err
	}
	if err := d.ready(in.Options); err != nil {
		return nil, nil, err
	}
	d.warnOfEarlierDay(in.AsOf)
	if err := progress.step(ctx, "match", 0, 0); err != nil {
		return nil, nil, err
	}
	if err := d.matchRows(ctx, lib, in); err != nil {
		return nil, nil, err
	}
	return file, d, d.propose(ctx, in, progress)
}

func noQuestions(name string) error {
	return caiq.Errorf(caiq.Invalid, "no_questions", "%s: no questions found", name).
		WithHint("run caique inspect on it; a layout file (--layout) can name the sheet, header row and columns")
}

// ready readies the engine for the profile that answers.
func (d *Draft) ready(opt caiq.Options) (err error) {
	id := d.Knowledge.Answering
	d.Profile = d.Knowledge.Profiles[id]
	d.engine, err = answer.New(d.Knowledge, id, opt)
	return err
}

// warnOfEarlierDay warns where evidence is judged by a day before the profile's texts
// were written: these may name things that happened later.
func (d *Draft) warnOfEarlierDay(asOf caiq.Date) {
	var last caiq.Date
	later := func(day caiq.Date) {
		if last.Before(day) {
			last = day
		}
	}
	for _, e := range d.Profile.Evidence {
		later(e.Reviewed)
	}
	for _, c := range d.Profile.Controls {
		later(c.Reviewed)
	}
	if asOf.Before(last) {
		d.Questionnaire.Warnings = append(d.Questionnaire.Warnings, caiq.Problem{Code: "as_of_before_texts", Message: fmt.Sprintf(
			"evidence is judged as of %s, and %s was last reviewed on %s: its texts may name what happened in between", asOf.Long(), d.Profile.Name, last.Long())})
	}
}

func (d *Draft) propose(ctx context.Context, in Input, progress Progress) error {
	questions, vocabulary := d.Questionnaire.Questions, d.vocabulary()
	proposals := make([]caiq.Proposal, 0, len(questions))
	for i := range questions {
		if err := progress.step(ctx, "propose", i, len(questions)); err != nil {
			return err
		}
		p := d.engine.Propose(&questions[i])
		d.offer(i, &p, in.Audience)
		asked := p
		outcome := d.decide(&questions[i], &p, vocabulary, in)
		if outcome == Blank {
			asked = p // what is in the way is the first thing to put right
		}
		asked.Question = questions[i].Key // the row waits, whatever it was recognised as
		proposals = append(proposals, asked)
		d.Rows = append(d.Rows, Row{Question: &questions[i], Proposal: p, Outcome: outcome})
	}
	d.Lifts = d.engine.Lifts(proposals)
	d.markAssessed()
	return ctx.Err()
}

// markAssessed has the first description of an assessor's draft say whose words these are.
func (d *Draft) markAssessed() {
	if !d.Profile.Assessed() {
		return
	}
	for i := range d.Rows {
		p := &d.Rows[i].Proposal
		if d.Rows[i].Outcome == Filled && p.Description != "" {
			p.Description = d.Profile.AssessorNotice() + " " + p.Description
			return
		}
	}
}

func (d *Draft) edits(file *workbook.File) ([]workbook.Edit, []ManifestCell, error) {
	var edits []workbook.Edit
	var cells []ManifestCell
	vocabulary := d.vocabulary()
	for _, row := range d.Rows {
		if !row.writes() {
			continue
		}
		es, err := workbook.Edits(row.Question, row.Proposal.Answer, vocabulary)
		if err != nil {
			return nil, nil, err
		}
		for _, e := range es {
			edits = append(edits, e)
			cells = append(cells, manifestCell(file, row, e))
		}
	}
	return edits, cells, nil
}

func (d *Draft) vocabulary() caiq.Vocabulary {
	if f := d.Knowledge.Formats[d.Questionnaire.Format]; f != nil {
		return f.Answers
	}
	return caiq.Vocabulary{Yes: "Yes", No: "No", NA: "N/A"}
}

func hexSHA256(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
