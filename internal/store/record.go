package store

import (
	"context"

	"caique/internal/caiq"
)

const recordColumns = `id, workspace_id, revision, name, blob_sha256, reading, layout,
	profile_id, profile_version, profile_sha256, as_of, audience,
	customer, product, deal, needed_by, nda, state, created, created_by,
	questions, proposed, edited, approved, rejected`

func scanRecord(row scanner) (caiq.Record, error) {
	var r caiq.Record
	err := row.Scan(&r.ID, &r.WorkspaceID, &r.Revision, &r.Name, &r.BlobSHA256, scanJSON{&r.Reading}, scanJSON{&r.Layout},
		&r.ProfileID, &r.ProfileVersion, &r.ProfileSHA256, (*scanDate)(&r.Options.AsOf), (*string)(&r.Options.Audience),
		&r.Customer, &r.Product, &r.Deal, (*scanDate)(&r.NeededBy), &r.NDA, (*string)(&r.State),
		(*scanTime)(&r.Created), &r.CreatedBy,
		&r.Questions, &r.Answers.Proposed, &r.Answers.Edited, &r.Answers.Approved, &r.Answers.Rejected)
	return r, err
}

// Record implements app.Store.
func (s *Store) Record(ctx context.Context, workspaceID, id string) (caiq.Record, error) {
	return one(ctx, s, "questionnaire", scanRecord,
		`SELECT `+recordColumns+` FROM records WHERE workspace_id = $1 AND id = $2`, workspaceID, id)
}

// Records implements app.Store.
func (s *Store) Records(ctx context.Context, workspaceID string, f caiq.RecordFilter) ([]caiq.Record, error) {
	w := where{}
	w.is("workspace_id", "=", workspaceID)
	for _, c := range []struct{ column, value string }{
		{"state", string(f.State)}, {"blob_sha256", f.BlobSHA256}, {"profile_id", f.ProfileID},
	} {
		if c.value != "" {
			w.is(c.column, "=", c.value)
		}
	}
	if f.Before != "" {
		w.is("id", "<", f.Before)
	}
	query := `SELECT ` + recordColumns + ` FROM records` + w.String() + ` ORDER BY id DESC` + w.limit(f.Limit)
	return list(ctx, s, scanRecord, query, w.args...)
}

// CreateRecord implements app.Store.
func (s *Store) CreateRecord(ctx context.Context, r caiq.Record, questions []caiq.StoredQuestion, answers []caiq.StoredAnswer) error {
	if err := s.change(ctx, r.WorkspaceID); err != nil {
		return err
	}
	if len(questions) != len(answers) {
		return misuse("%d questions with %d answers", len(questions), len(answers))
	}
	args, err := recordArgs(r)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx,
		`INSERT INTO records (id, workspace_id, name, blob_sha256, reading, layout,
			profile_id, profile_version, profile_sha256, as_of, audience,
			customer, product, deal, needed_by, nda, state, created, created_by,
			revision, questions, proposed, edited, approved, rejected)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1, $20, 0, 0, 0, 0)`,
		append(args, micros(r.Created), r.CreatedBy, len(questions))...)
	if err != nil {
		return err
	}
	if err := s.insertQuestions(ctx, r, questions); err != nil {
		return err
	}
	return s.insertAnswers(ctx, r, answers)
}

// recordArgs are the columns that both creating and updating set, after the two
// that identify the record.
func recordArgs(r caiq.Record) ([]any, error) {
	r.Reading.Questions = nil
	reading, err := toJSON(r.Reading)
	if err != nil {
		return nil, err
	}
	var layout any
	if r.Layout != nil {
		if layout, err = toJSON(r.Layout); err != nil {
			return nil, err
		}
	}
	return []any{
		r.ID, r.WorkspaceID, r.Name, r.BlobSHA256, reading, layout,
		r.ProfileID, r.ProfileVersion, r.ProfileSHA256, r.Options.AsOf.String(), string(r.Options.Audience),
		r.Customer, r.Product, r.Deal, r.NeededBy.String(), r.NDA, string(r.State),
	}, nil
}

// UpdateRecord implements app.Store.
func (s *Store) UpdateRecord(ctx context.Context, r *caiq.Record) error {
	if err := s.change(ctx, r.WorkspaceID); err != nil {
		return err
	}
	args, err := recordArgs(*r)
	if err != nil {
		return err
	}
	n, err := s.exec(ctx,
		`UPDATE records SET revision = revision + 1, name = $3, blob_sha256 = $4, reading = $5, layout = $6,
			profile_id = $7, profile_version = $8, profile_sha256 = $9, as_of = $10, audience = $11,
			customer = $12, product = $13, deal = $14, needed_by = $15, nda = $16, state = $17
		WHERE id = $1 AND workspace_id = $2 AND revision = $18`,
		append(args, r.Revision)...)
	if err != nil {
		return err
	}
	return s.revised(ctx, "questionnaire", n, &r.Revision,
		`SELECT revision FROM records WHERE workspace_id = $1 AND id = $2`, r.WorkspaceID, r.ID)
}

// DeleteRecord implements app.Store.
func (s *Store) DeleteRecord(ctx context.Context, workspaceID, id string) error {
	if err := s.change(ctx, workspaceID); err != nil {
		return err
	}
	blobs, err := list(ctx, s, scanText,
		`SELECT blob_sha256 FROM records WHERE workspace_id = $1 AND id = $2
		UNION SELECT blob_sha256 FROM exports WHERE workspace_id = $1 AND record_id = $2`, workspaceID, id)
	if err != nil {
		return err
	}
	n, err := s.exec(ctx, `DELETE FROM records WHERE workspace_id = $1 AND id = $2`, workspaceID, id)
	if err := found(n, err, "questionnaire"); err != nil {
		return err
	}
	for _, sum := range blobs {
		if err := s.deleteUnusedBlob(ctx, workspaceID, sum); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) deleteUnusedBlob(ctx context.Context, workspaceID, sum string) error {
	_, err := s.exec(ctx,
		`DELETE FROM blobs WHERE workspace_id = $1 AND sha256 = $2
		AND NOT EXISTS (SELECT 1 FROM records r WHERE r.workspace_id = $1 AND r.blob_sha256 = $2)
		AND NOT EXISTS (SELECT 1 FROM exports e WHERE e.workspace_id = $1 AND e.blob_sha256 = $2)`, workspaceID, sum)
	return err
}

func scanText(row scanner) (string, error) {
	var v string
	err := row.Scan(&v)
	return v, err
}
