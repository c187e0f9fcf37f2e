package app

import (
	"context"

	"caique/internal/caiq"
)

// Record returns a questionnaire.
func (s *Service) Record(ctx context.Context, p caiq.Principal, id string) (caiq.Record, error) {
	if err := Allow(p, ActRecordRead); err != nil {
		return caiq.Record{}, err
	}
	return s.store.Record(ctx, p.Workspace.ID, id)
}

// Records lists questionnaires, newest first.
func (s *Service) Records(ctx context.Context, p caiq.Principal, f caiq.RecordFilter) ([]caiq.Record, error) {
	if err := Allow(p, ActRecordRead); err != nil {
		return nil, err
	}
	return s.store.Records(ctx, p.Workspace.ID, f)
}

// Original returns a questionnaire's file as it was uploaded.
func (s *Service) Original(ctx context.Context, p caiq.Principal, id string) (caiq.Record, []byte, error) {
	r, err := s.Record(ctx, p, id)
	if err != nil {
		return r, nil, err
	}
	data, err := s.store.Blob(ctx, p.Workspace.ID, r.BlobSHA256)
	return r, data, err
}

// Progress counts a questionnaire's answers by domain, state and band.
func (s *Service) Progress(ctx context.Context, p caiq.Principal, id string) ([]caiq.ProgressCount, error) {
	if err := Allow(p, ActRecordRead); err != nil {
		return nil, err
	}
	if _, err := s.store.Record(ctx, p.Workspace.ID, id); err != nil {
		return nil, err
	}
	return s.store.Progress(ctx, p.Workspace.ID, id)
}

// openRecord returns a record that is worked on; an archived one is refused.
func (s *Service) openRecord(ctx context.Context, p caiq.Principal, id string) (caiq.Record, error) {
	r, err := s.store.Record(ctx, p.Workspace.ID, id)
	if err == nil && r.State == caiq.RecordArchived {
		err = caiq.Errorf(caiq.Conflict, "archived", "%s is archived: it is read and exported, and nothing of it changes", r.Name).
			WithHint("take it out of the archive first")
	}
	return r, err
}

// RecordPatch is what people change of a RecordInput: nil stays as it is.
type RecordPatch struct {
	Customer *string
	Product  *string
	Deal     *string
	NeededBy *caiq.Date
	NDA      *bool
}

func (in RecordPatch) apply(r *caiq.Record) error {
	now := RecordInput{Customer: r.Customer, Product: r.Product, Deal: r.Deal, NeededBy: r.NeededBy, NDA: r.NDA}
	replace(&now.Customer, in.Customer)
	replace(&now.Product, in.Product)
	replace(&now.Deal, in.Deal)
	replace(&now.NeededBy, in.NeededBy)
	replace(&now.NDA, in.NDA)
	now = now.trimmed()
	if err := now.check(); err != nil {
		return err
	}
	r.Customer, r.Product, r.Deal, r.NeededBy, r.NDA = now.Customer, now.Product, now.Deal, now.NeededBy, now.NDA
	return nil
}

// replace sets a value that a patch names.
func replace[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// ChangeRecord changes what people say about a questionnaire.
func (s *Service) ChangeRecord(ctx context.Context, p caiq.Principal, id string, revision int, in RecordPatch) (caiq.Record, error) {
	return s.updateRecord(ctx, p, ActRecordChange, id, revision, func(r *caiq.Record) error {
		if r.State == caiq.RecordArchived {
			return caiq.Errorf(caiq.Conflict, "archived", "%s is archived: it is read and exported, and nothing of it changes", r.Name).
				WithHint("take it out of the archive first")
		}
		return in.apply(r)
	})
}

// ArchiveRecord makes a questionnaire read only, or takes it out of the archive.
func (s *Service) ArchiveRecord(ctx context.Context, p caiq.Principal, id string, revision int, archived bool) (caiq.Record, error) {
	return s.updateRecord(ctx, p, ActRecordArchive, id, revision, func(r *caiq.Record) error {
		r.State = caiq.RecordActive
		if archived {
			r.State = caiq.RecordArchived
		}
		return nil
	})
}

func (s *Service) updateRecord(ctx context.Context, p caiq.Principal, a Action, id string, revision int, alter func(*caiq.Record) error) (caiq.Record, error) {
	var out caiq.Record
	err := s.transact(ctx, p, a, func(ctx context.Context, c *change) error {
		r, err := s.store.Record(ctx, p.Workspace.ID, id)
		if err != nil {
			return err
		}
		if r.Revision != revision {
			return staleError("questionnaire", revision, r.Revision)
		}
		if err := alter(&r); err != nil {
			return err
		}
		if err := s.store.UpdateRecord(ctx, &r); err != nil {
			return err
		}
		e := c.event(a, recordObject(id))
		e.RecordID, e.FromRevision, e.Revision = id, revision, r.Revision
		e.Detail = detail(map[string]any{
			"customer": r.Customer, "product": r.Product, "deal": r.Deal, "needed_by": r.NeededBy, "nda": r.NDA, "state": r.State,
		})
		out = r
		return nil
	})
	return out, err
}

// DeleteRecord deletes a questionnaire with its answers and exports; one that has
// been exported is archived before. The trail keeps what happened to it, without its
// texts.
func (s *Service) DeleteRecord(ctx context.Context, p caiq.Principal, id string, revision int) error {
	return s.transact(ctx, p, ActRecordDelete, func(ctx context.Context, c *change) error {
		r, err := s.store.Record(ctx, p.Workspace.ID, id)
		if err != nil {
			return err
		}
		if r.Revision != revision {
			return staleError("questionnaire", revision, r.Revision)
		}
		exports, err := s.store.Exports(ctx, p.Workspace.ID, id)
		if err != nil {
			return err
		}
		if len(exports) > 0 && r.State != caiq.RecordArchived {
			return caiq.Errorf(caiq.Conflict, "exported", "%s has been exported: with it %s and their manifests would be gone", r.Name, caiq.Counted(len(exports), "export", "exports")).
				WithHint("archive it first: an archived questionnaire can be deleted")
		}
		e := c.event(ActRecordDelete, recordObject(id))
		e.RecordID, e.FromRevision = id, revision
		e.Detail = detail(map[string]any{"file_sha256": r.BlobSHA256, "questions": r.Questions})
		return s.store.DeleteRecord(ctx, p.Workspace.ID, id)
	})
}

// staleError is the conflict of a change made to something that another changed
// meanwhile.
func staleError(noun string, have, current int) error {
	return caiq.Errorf(caiq.Conflict, "stale", "the %s has changed: you have revision %d, it is at %d", noun, have, current).
		WithHint("read it again and repeat the change")
}
