package app

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"caique/internal/caiq"
	"caique/internal/workbook"
)

// ExportInput says what leaves, for whom and in which form.
type ExportInput struct {
	Format   caiq.ExportFormat
	Audience caiq.Release // required: nothing is assumed about who reads it
	// Drafts lets unapproved answers go along; name and manifest then say so.
	Drafts bool
	// KeepExisting lets what the uploaded file holds stay where nobody approved an
	// answer; the manifest then names it. Without it such an export is not made.
	KeepExisting bool
	FitRows      bool // as Input.FitRows
	Recalculate  bool // as Input.Recalculate
	// IdempotencyKey makes a repetition return the first export; "" for none.
	IdempotencyKey string
}

// ExportCheck is what an export would come to.
type ExportCheck struct {
	Problems caiq.Problems // any of them keeps the export from being made
	Warnings caiq.Problems // what to look at before it is sent
	Kept     []KeptAnswer  // where the uploaded file's own texts stay
	Approved int           // answers that go out approved
	Drafts   int           // answers that go out unapproved
	LeftOut  int           // questions that stay without an answer of ours
}

// CheckExport lists what stands in the way of an export, before it is made.
func (s *Service) CheckExport(ctx context.Context, p caiq.Principal, recordID string, in ExportInput) (ExportCheck, error) {
	if err := Allow(p, ActExport); err != nil {
		return ExportCheck{}, err
	}
	x, err := s.snapshot(ctx, p, recordID, in)
	if err != nil {
		return ExportCheck{}, err
	}
	return x.check, nil
}

// Exported is the outcome of an export.
type Exported struct {
	caiq.Export
	Replayed bool // the idempotency key made it before
}

// Export writes the answers into the original file, or as a table, and keeps the
// result with its manifest and evidence list. It shows the state after one
// event of the trail. What stands in the way is caiq.Problems; nothing is
// stored then.
func (s *Service) Export(ctx context.Context, p caiq.Principal, recordID string, in ExportInput) (Exported, error) {
	if err := Allow(p, ActExport); err != nil {
		return Exported{}, err
	}
	if _, err := s.store.Record(ctx, p.Workspace.ID, recordID); err != nil {
		return Exported{}, err // also what a key exported goes with its questionnaire
	}
	once, err := s.idempotent(p, ActExport, in.IdempotencyKey, in.digest(recordID))
	if err != nil {
		return Exported{}, err
	}
	if id, err := once.done(ctx); err != nil || id != "" {
		return s.exportedBefore(ctx, p, id, err)
	}
	x, err := s.snapshot(ctx, p, recordID, in)
	if err != nil {
		return Exported{}, err
	}
	if len(x.check.Problems) > 0 {
		return Exported{}, x.check.Problems
	}
	made, err := s.makeExport(ctx, x)
	if err != nil {
		return Exported{}, err
	}
	return s.storeExport(ctx, p, x, made, once)
}

func (s *Service) exportedBefore(ctx context.Context, p caiq.Principal, id string, err error) (Exported, error) {
	if err != nil {
		return Exported{}, err
	}
	e, err := s.store.Export(ctx, p.Workspace.ID, id)
	return Exported{e, true}, err
}

func (in ExportInput) digest(recordID string) string {
	return hexSHA256(fmt.Appendf(nil, "%s\n%s\n%s\n%t %t %t %t", recordID, in.Format, in.Audience, in.Drafts, in.FitRows, in.Recalculate, in.KeepExisting))
}

// storeExport keeps the file and its papers, in one transaction with the event.
func (s *Service) storeExport(ctx context.Context, p caiq.Principal, x *snapshot, made exported, once *once) (Exported, error) {
	e := Exported{Export: made.export}
	err := s.transact(ctx, p, ActExport, func(ctx context.Context, c *change) error {
		if id, err := once.done(ctx); err != nil || id != "" {
			e, err = s.exportedBefore(ctx, p, id, err)
			return err
		}
		var err error
		if e.BlobSHA256, err = s.store.PutBlob(ctx, p.Workspace.ID, made.data); err != nil {
			return err
		}
		e.Created, e.CreatedBy = c.now, p.User.ID
		if err := s.store.CreateExport(ctx, e.Export); err != nil {
			return err
		}
		ev := c.event(ActExport, "exports/"+e.ID)
		ev.RecordID = e.RecordID
		ev.Detail = detail(map[string]any{
			"format": e.Format, "audience": e.Audience, "drafts": e.Drafts, "seq": e.Seq, "file_sha256": e.BlobSHA256,
			"manifest_sha256": hexSHA256(e.Manifest), "approved": x.check.Approved, "left_out": x.check.LeftOut,
			"kept": len(x.check.Kept), "overwritten": len(x.overwritten),
		})
		return once.remember(ctx, c, e.ID)
	})
	return e, err
}

// Exports lists the exports of a questionnaire, newest first, without their papers.
func (s *Service) Exports(ctx context.Context, p caiq.Principal, recordID string) ([]caiq.Export, error) {
	if err := Allow(p, ActRecordRead); err != nil {
		return nil, err
	}
	if _, err := s.store.Record(ctx, p.Workspace.ID, recordID); err != nil {
		return nil, err
	}
	return s.store.Exports(ctx, p.Workspace.ID, recordID)
}

// ExportMade returns an export with its manifest, evidence list and file.
func (s *Service) ExportMade(ctx context.Context, p caiq.Principal, id string) (caiq.Export, []byte, error) {
	if err := Allow(p, ActExportRead); err != nil {
		return caiq.Export{}, nil, err
	}
	e, err := s.store.Export(ctx, p.Workspace.ID, id)
	if err != nil {
		return e, nil, err
	}
	data, err := s.store.Blob(ctx, p.Workspace.ID, e.BlobSHA256)
	return e, data, err
}

// exportName says in the name itself what a file holds, when it holds drafts, and
// whose service an assessor describes.
func exportName(name string, f caiq.ExportFormat, profile *caiq.Profile, drafts bool) string {
	ext := path.Ext(name)
	base, mark := strings.TrimSuffix(name, ext), ""
	switch f {
	case caiq.ExportXLSX: // as it was uploaded
	case caiq.ExportMapping:
		mark, ext = ".mapping", ".xlsx"
	default:
		ext = "." + string(f)
	}
	switch {
	case drafts:
		mark += ".draft"
	case mark == "":
		mark = ".answered"
	}
	if profile.Assessed() {
		mark += "-not-by-" + profile.ID
	}
	return base + mark + ext
}

// exported is an export with its file.
type exported struct {
	export caiq.Export
	data   []byte
}

// makeExport writes the file and its papers from a snapshot; nothing is stored.
func (s *Service) makeExport(ctx context.Context, x *snapshot) (exported, error) {
	drafts := x.check.Drafts > 0
	e := caiq.Export{
		ID: s.newID(), WorkspaceID: x.record.WorkspaceID, RecordID: x.record.ID, Format: x.in.Format, Audience: x.in.Audience,
		Drafts: drafts, AsOf: x.asOf, Seq: x.workspace.Head, FileName: exportName(x.record.Name, x.in.Format, x.profile(), drafts),
	}
	note, err := s.signHead(ctx, x.workspace)
	if err != nil {
		return exported{}, err
	}
	e.Checkpoint = note
	d, err := x.draft(s)
	if err != nil {
		return exported{}, err
	}
	if err := s.fillExport(ctx, x, d); err != nil {
		return exported{}, err
	}
	m := d.Manifest
	m.Drafts, m.Output.Name = drafts, e.FileName
	if m.Review, err = s.manifestReview(ctx, x, e); err != nil {
		return exported{}, err
	}
	if e.Manifest, err = m.Encode(); err != nil {
		return exported{}, err
	}
	e.Evidence, err = x.evidenceList().encode()
	return exported{e, d.Output}, err
}

// fillExport makes the file: the uploaded one through the same pipeline as the
// command line, a table, or the control mapping.
func (s *Service) fillExport(ctx context.Context, x *snapshot, d *Draft) error {
	in := Input{
		Name: x.record.Name, FitRows: x.in.FitRows, Recalculate: x.in.Recalculate,
		Options: caiq.Options{AsOf: x.asOf, Audience: x.in.Audience}, Overwrite: true,
	}
	if x.in.Format != caiq.ExportXLSX {
		var err error
		d.Output, err = x.write()
		d.Manifest = d.manifest(in, []ManifestCell{})
		return err
	}
	data, err := s.store.Blob(ctx, x.record.WorkspaceID, x.record.BlobSHA256)
	if err != nil {
		return err
	}
	file, err := workbook.Open(x.record.Name, data, workbook.DefaultLimits())
	if err != nil {
		return err
	}
	return d.write(ctx, file, in, nil)
}

// write writes what is no file of the customer's.
func (x *snapshot) write() ([]byte, error) {
	if x.in.Format == caiq.ExportMapping {
		return x.mapping()
	}
	return x.table()
}

func (s *Service) manifestReview(ctx context.Context, x *snapshot, e caiq.Export) (*ManifestReview, error) {
	r := &ManifestReview{
		Workspace: x.workspace.Name, WorkspaceID: x.workspace.ID, QuestionnaireID: x.record.ID, ExportID: e.ID, Format: e.Format,
		Customer: x.record.Customer, Product: x.record.Product, SingleOperator: x.workspace.SingleOperator,
		Statement: statement(x.record.Product, x.asOf), Approved: x.check.Approved, Drafts: x.check.Drafts, LeftOut: x.check.LeftOut,
		Kept: x.check.Kept, Overwritten: x.overwritten, Answers: []ManifestAnswer{}, Trail: ManifestTrail{x.workspace.Head, x.workspace.HeadHash, e.Checkpoint},
	}
	people := make(map[string]ManifestPerson)
	for _, row := range x.rows {
		if row.out == leaveOut {
			continue
		}
		a := row.Answer
		m := ManifestAnswer{
			N: a.N, Question: row.Question.Question.Key, Sheet: row.Question.Question.Sheet, Cell: row.Question.Question.Cell,
			State: a.State, Stale: a.State == caiq.StateApproved && row.out == sendDraft, Revision: a.Revision, TextSHA256: a.TextSHA256,
			Band: a.Band(), ByHand: a.ByHand(), Source: a.Source, Basis: a.BasisHash, Evidence: x.visibleRefs(row), ApprovedAt: a.ApprovedAt,
		}
		if len(m.Evidence) > 0 || !a.ByHand() {
			m.EvidenceUntil = a.EvidenceUntil
		}
		for _, id := range a.Authors {
			who, err := s.person(ctx, people, id)
			if err != nil {
				return nil, err
			}
			m.Authors = append(m.Authors, who)
		}
		if a.ApprovedBy != "" {
			who, err := s.person(ctx, people, a.ApprovedBy)
			if err != nil {
				return nil, err
			}
			m.ApprovedBy = &who
			if !a.ApprovedUntil.IsZero() && (r.ValidUntil.IsZero() || a.ApprovedUntil.Before(r.ValidUntil)) {
				r.ValidUntil = a.ApprovedUntil
			}
		}
		r.Answers = append(r.Answers, m)
	}
	return r, nil
}

// person names somebody; names alone repeat, and change.
func (s *Service) person(ctx context.Context, known map[string]ManifestPerson, id string) (ManifestPerson, error) {
	if who, ok := known[id]; ok {
		return who, nil
	}
	u, err := s.store.User(ctx, id)
	known[id] = ManifestPerson{u.ID, u.Name}
	return known[id], err
}

// visibleRefs names the evidence behind an answer that the audience may know of.
func (x *snapshot) visibleRefs(row exportRow) []string {
	refs := []string{}
	for _, e := range x.carried(row) {
		if e.Release.VisibleTo(x.in.Audience) {
			refs = append(refs, e.Ref())
		}
	}
	return slices.Clip(refs)
}
