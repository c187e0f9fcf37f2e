package store

import (
	"context"

	"caique/internal/caiq"
)

const exportColumns = `workspace_id, id, record_id, format, audience, drafts, as_of, seq, file_name, blob_sha256, checkpoint, created, created_by`

func exportDest(e *caiq.Export) []any {
	return []any{
		&e.WorkspaceID, &e.ID, &e.RecordID, (*string)(&e.Format), (*string)(&e.Audience), &e.Drafts,
		(*scanDate)(&e.AsOf), &e.Seq, &e.FileName, &e.BlobSHA256, &e.Checkpoint, (*scanTime)(&e.Created), &e.CreatedBy,
	}
}

func scanExportHead(row scanner) (caiq.Export, error) {
	var e caiq.Export
	err := row.Scan(exportDest(&e)...)
	return e, err
}

func scanExport(row scanner) (caiq.Export, error) {
	var e caiq.Export
	err := row.Scan(append(exportDest(&e), &e.Manifest, &e.Evidence)...)
	return e, err
}

// CreateExport implements app.Store.
func (s *Store) CreateExport(ctx context.Context, e caiq.Export) error {
	if err := s.change(ctx, e.WorkspaceID); err != nil {
		return err
	}
	_, err := s.exec(ctx,
		`INSERT INTO exports (`+exportColumns+`, manifest, evidence) VALUES `+placeholders(1, 15),
		e.WorkspaceID, e.ID, e.RecordID, string(e.Format), string(e.Audience), e.Drafts, e.AsOf.String(), e.Seq,
		e.FileName, e.BlobSHA256, e.Checkpoint, micros(e.Created), e.CreatedBy, notNil(e.Manifest), notNil(e.Evidence))
	return err
}

// Export implements app.Store.
func (s *Store) Export(ctx context.Context, workspaceID, id string) (caiq.Export, error) {
	return one(ctx, s, "export", scanExport,
		`SELECT `+exportColumns+`, manifest, evidence FROM exports WHERE workspace_id = $1 AND id = $2`, workspaceID, id)
}

// Exports implements app.Store.
func (s *Store) Exports(ctx context.Context, workspaceID, recordID string) ([]caiq.Export, error) {
	return list(ctx, s, scanExportHead,
		`SELECT `+exportColumns+` FROM exports WHERE workspace_id = $1 AND record_id = $2 ORDER BY id DESC`,
		workspaceID, recordID)
}
