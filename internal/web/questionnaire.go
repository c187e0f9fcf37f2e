package web

import (
	"context"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

// recordView is a questionnaire without its questions.
type recordView struct {
	ID         string        `json:"id"`
	Revision   int           `json:"revision" doc:"Counts changes of the questionnaire itself and of who is given its questions, not of its answers"`
	Name       string        `json:"name" doc:"File name as uploaded"`
	FileSHA256 string        `json:"file_sha256"`
	Format     caiq.FormatID `json:"format"`
	Patch      string        `json:"patch,omitempty" doc:"As the file says: v4.0.3"`
	Lite       bool          `json:"lite,omitempty"`
	Confidence float64       `json:"confidence" doc:"Share of the rows that speak for the format"`
	Why        []string      `json:"why,omitempty" doc:"What was seen that decided the format"`
	Warnings   caiq.Problems `json:"warnings,omitempty"`

	Profile        string       `json:"profile,omitempty"`
	ProfileVersion int          `json:"profile_version,omitempty" doc:"Of a workspace's own profile"`
	Audience       caiq.Release `json:"audience,omitempty"`
	AsOf           string       `json:"as_of,omitempty" format:"date"`

	Customer string `json:"customer"`
	Product  string `json:"product"`
	Deal     string `json:"deal"`
	NeededBy string `json:"needed_by,omitempty" format:"date"`
	NDA      bool   `json:"nda" doc:"An NDA with the customer is in place"`

	State     caiq.RecordState `json:"state"`
	Created   time.Time        `json:"created"`
	CreatedBy string           `json:"created_by"`
	Questions int              `json:"questions"`
	Answers   countsView       `json:"answers" doc:"How many are in each state"`
}

type countsView struct {
	Open     int `json:"open" doc:"Nothing is proposed, since no profile is chosen"`
	Proposed int `json:"proposed" doc:"As the engine left them, blank ones included: progress tells them apart"`
	Edited   int `json:"edited"`
	Approved int `json:"approved"`
	Rejected int `json:"rejected"`
}

func viewRecord(r *caiq.Record) recordView {
	return recordView{
		ID: r.ID, Revision: r.Revision, Name: r.Name, FileSHA256: r.BlobSHA256,
		Format: r.Reading.Format, Patch: r.Reading.Patch, Lite: r.Reading.Lite, Confidence: r.Reading.Confidence,
		Why: r.Reading.Why, Warnings: r.Reading.Warnings,
		Profile: r.ProfileID, ProfileVersion: r.ProfileVersion, Audience: r.Options.Audience, AsOf: r.Options.AsOf.String(),
		Customer: r.Customer, Product: r.Product, Deal: r.Deal, NeededBy: r.NeededBy.String(), NDA: r.NDA,
		State: r.State, Created: r.Created, CreatedBy: r.CreatedBy, Questions: r.Questions, Answers: viewCounts(r),
	}
}

func viewCounts(r *caiq.Record) countsView {
	v := countsView{Proposed: r.Answers.Proposed, Edited: r.Answers.Edited, Approved: r.Answers.Approved, Rejected: r.Answers.Rejected}
	if r.ProfileID == "" {
		v.Open, v.Proposed = v.Proposed, 0
	}
	return v
}

type listRecordsInput struct {
	InWorkspace
	Page
	State   string `query:"state" enum:"active,archived" doc:"Only those"`
	Profile string `query:"profile" maxLength:"100" doc:"Only those of the profile"`
	File    string `query:"file_sha256" pattern:"^[0-9a-f]{64}$" doc:"Only those of the file"`
}

func (s *Server) listRecords(ctx context.Context, p caiq.Principal, in *listRecordsInput) (*body[list[recordView]], error) {
	before, err := in.position(ctx)
	if err != nil {
		return nil, err
	}
	rs, err := s.service.Records(ctx, p, caiq.RecordFilter{
		State: caiq.RecordState(in.State), ProfileID: in.Profile, BlobSHA256: in.File, Before: before, Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return bodyOf(listOf(ctx, rs, in.Limit, viewRecord, func(r *caiq.Record) string { return r.ID })), nil
}

// InRecord is in the addresses of one questionnaire.
type InRecord struct {
	InWorkspace
	Record string `path:"questionnaire" maxLength:"64"`
}

func (s *Server) getRecord(ctx context.Context, p caiq.Principal, in *InRecord) (*tagged[recordView], error) {
	return show(s.recordNow(ctx, p, in.Record))
}

func (s *Server) recordNow(ctx context.Context, p caiq.Principal, id string) func() (recordView, int, error) {
	return func() (recordView, int, error) {
		r, err := s.service.Record(ctx, p, id)
		return viewRecord(&r), r.Revision, err
	}
}

type changeRecordInput struct {
	InRecord
	Precondition
	Body struct {
		Customer *string `json:"customer,omitempty" maxLength:"200"`
		Product  *string `json:"product,omitempty" maxLength:"200"`
		Deal     *string `json:"deal,omitempty" maxLength:"200"`
		NeededBy *string `json:"needed_by,omitempty" maxLength:"10" doc:"2026-09-30, or empty for none"`
		NDA      *bool   `json:"nda,omitempty"`
	}
}

func (s *Server) changeRecord(ctx context.Context, p caiq.Principal, in *changeRecordInput) (*tagged[recordView], error) {
	return change(in.Precondition, func(revision int) (recordView, int, error) {
		b := in.Body
		neededBy, err := readPatchedDate("needed_by", b.NeededBy)
		if err != nil {
			return recordView{}, 0, err
		}
		r, err := s.service.ChangeRecord(ctx, p, in.Record, revision, app.RecordPatch{
			Customer: b.Customer, Product: b.Product, Deal: b.Deal, NeededBy: neededBy, NDA: b.NDA,
		})
		return viewRecord(&r), r.Revision, err
	}, s.recordNow(ctx, p, in.Record))
}

// readPatchedDate reads a day that a patch may name; nil when it does not.
func readPatchedDate(field string, text *string) (*caiq.Date, error) {
	if text == nil {
		return nil, nil //nolint:nilnil // not named
	}
	d, err := readDate(field, *text)
	return &d, err
}

// readDate reads a day; none when the text is empty.
func readDate(field, text string) (caiq.Date, error) {
	if text == "" {
		return caiq.Date{}, nil
	}
	d, err := caiq.ParseDate(text)
	if err != nil {
		return d, caiq.Problems{{Field: field, Code: "bad_date", Message: "this is not a date of the form 2026-09-30"}}
	}
	return d, nil
}

type deleteRecordInput struct {
	InRecord
	Precondition
}

func (s *Server) deleteRecord(ctx context.Context, p caiq.Principal, in *deleteRecordInput) (*none, error) {
	return remove(in.Precondition,
		func(revision int) error { return s.service.DeleteRecord(ctx, p, in.Record, revision) }, s.recordNow(ctx, p, in.Record))
}

type archiveRecordInput struct {
	InRecord
	Precondition
	Body struct {
		Archived bool `json:"archived" doc:"false takes it out of the archive"`
	}
}

func (s *Server) archiveRecord(ctx context.Context, p caiq.Principal, in *archiveRecordInput) (*tagged[recordView], error) {
	return change(in.Precondition, func(revision int) (recordView, int, error) {
		r, err := s.service.ArchiveRecord(ctx, p, in.Record, revision, in.Body.Archived)
		return viewRecord(&r), r.Revision, err
	}, s.recordNow(ctx, p, in.Record))
}

type proposeInput struct {
	InRecord
	Precondition
	Body struct {
		Profile  string       `json:"profile,omitempty" maxLength:"100" doc:"Whose answers; missing: the one it has"`
		Version  int          `json:"version,omitempty" minimum:"0" doc:"Of a workspace's own profile; missing: the current one"`
		Audience caiq.Release `json:"audience,omitempty" enum:"public,nda,internal"`
		AsOf     string       `json:"as_of,omitempty" format:"date" doc:"The day on which evidence is judged; missing: today"`
	}
}

type proposedBody struct {
	Questionnaire recordView `json:"questionnaire"`
	Changed       int        `json:"changed" doc:"Answers with a new proposal"`
	Kept          int        `json:"kept" doc:"Among them those whose text people wrote or judged: it stays"`
	Stale         int        `json:"stale" doc:"Approvals that no longer hold: what they rest on has changed or run out. Look at them again"`
}

func (s *Server) propose(ctx context.Context, p caiq.Principal, in *proposeInput) (*tagged[proposedBody], error) {
	asOf, err := readDate("as_of", in.Body.AsOf)
	if err != nil {
		return nil, err
	}
	return change(in.Precondition, func(revision int) (proposedBody, int, error) {
		got, err := s.service.Propose(ctx, p, in.Record, app.ProposeInput{
			Revision: revision, ProfileID: in.Body.Profile, Version: in.Body.Version, Audience: in.Body.Audience, AsOf: asOf,
		})
		return viewProposed(&got), got.Record.Revision, err
	}, func() (proposedBody, int, error) {
		v, revision, err := s.recordNow(ctx, p, in.Record)()
		return proposedBody{Questionnaire: v}, revision, err
	})
}

func viewProposed(r *app.ProposeResult) proposedBody {
	return proposedBody{viewRecord(&r.Record), r.Changed, r.Kept, r.Stale}
}

type progressView struct {
	Domain string           `json:"domain"`
	State  caiq.AnswerState `json:"state"`
	Band   caiq.Band        `json:"band"`
	Count  int              `json:"count"`
	Open   int              `json:"open" doc:"Of them, those without an answer: nothing is proposed, and nobody has written one"`
}

func (s *Server) progress(ctx context.Context, p caiq.Principal, in *InRecord) (*body[list[progressView]], error) {
	cs, err := s.service.Progress(ctx, p, in.Record)
	if err != nil {
		return nil, err
	}
	return all(cs, func(c *caiq.ProgressCount) progressView { return progressView(*c) }), nil
}
