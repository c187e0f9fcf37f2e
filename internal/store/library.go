package store

import (
	"context"

	"caique/internal/caiq"
)

const libraryColumns = `workspace_id, id, revision, profile_id, question_key, text_hash, audience,
	value, ownership, description, customer, text_sha256, basis_hash, evidence_until, band, owner, review_by, retired,
	source_record_id, source_name, source_n, source_revision, edited_by, approved_by, approved_at, created, question, asks, authors, product`

func scanLibraryEntry(row scanner) (caiq.LibraryEntry, error) {
	var e caiq.LibraryEntry
	err := row.Scan(&e.WorkspaceID, &e.ID, &e.Revision, &e.ProfileID, (*string)(&e.Key), &e.TextHash, (*string)(&e.Audience),
		(*string)(&e.Value), (*string)(&e.Ownership), &e.Description, &e.Customer, &e.TextSHA256,
		&e.BasisHash, (*scanDate)(&e.EvidenceUntil), (*string)(&e.Band),
		(*scanID)(&e.Owner), (*scanDate)(&e.ReviewBy), &e.Retired,
		&e.SourceRecordID, &e.SourceName, &e.SourceN, &e.SourceRevision,
		(*scanID)(&e.EditedBy), &e.ApprovedBy, (*scanTime)(&e.ApprovedAt), (*scanTime)(&e.Created),
		&e.Question, (*string)(&e.Asks), scanWords[string]{&e.Authors}, &e.Product)
	return e, err
}

// PutLibraryEntry implements app.Store.
func (s *Store) PutLibraryEntry(ctx context.Context, e caiq.LibraryEntry) (caiq.LibraryEntry, error) {
	if err := s.change(ctx, e.WorkspaceID); err != nil {
		return e, err
	}
	if e.TextSHA256 != e.Answer.SHA256() {
		return e, misuse("library entry %s: text hash is of another text", e.ID)
	}
	_, err := s.exec(ctx,
		`INSERT INTO library_entries (`+libraryColumns+`) VALUES `+placeholders(1, 30)+`
		ON CONFLICT (workspace_id, profile_id, question_key, text_hash, audience) DO UPDATE SET
			revision = library_entries.revision + 1,
			value = excluded.value, ownership = excluded.ownership, description = excluded.description,
			customer = excluded.customer, text_sha256 = excluded.text_sha256, basis_hash = excluded.basis_hash,
			evidence_until = excluded.evidence_until, band = excluded.band, owner = excluded.owner,
			review_by = excluded.review_by, retired = excluded.retired, source_record_id = excluded.source_record_id,
			source_name = excluded.source_name, source_n = excluded.source_n, source_revision = excluded.source_revision,
			edited_by = excluded.edited_by, approved_by = excluded.approved_by, approved_at = excluded.approved_at,
			question = excluded.question, asks = excluded.asks, authors = excluded.authors, product = excluded.product`,
		e.WorkspaceID, e.ID, 1, e.ProfileID, string(e.Key), e.TextHash, string(e.Audience),
		string(e.Value), string(e.Ownership), e.Description, e.Customer, e.TextSHA256,
		e.BasisHash, e.EvidenceUntil.String(), string(e.Band), orNull(e.Owner), e.ReviewBy.String(), e.Retired,
		e.SourceRecordID, e.SourceName, e.SourceN, e.SourceRevision,
		orNull(e.EditedBy), e.ApprovedBy, micros(e.ApprovedAt), micros(e.Created), e.Question, string(e.Asks), joinWords(e.Authors), e.Product)
	if err != nil {
		return e, err
	}
	return one(ctx, s, "library entry", scanLibraryEntry,
		`SELECT `+libraryColumns+` FROM library_entries
		WHERE workspace_id = $1 AND profile_id = $2 AND question_key = $3 AND text_hash = $4 AND audience = $5`,
		e.WorkspaceID, e.ProfileID, string(e.Key), e.TextHash, string(e.Audience))
}

// LibraryEntry implements app.Store.
func (s *Store) LibraryEntry(ctx context.Context, workspaceID, id string) (caiq.LibraryEntry, error) {
	return one(ctx, s, "library entry", scanLibraryEntry,
		`SELECT `+libraryColumns+` FROM library_entries WHERE workspace_id = $1 AND id = $2`, workspaceID, id)
}

// LibraryEntries implements app.Store.
func (s *Store) LibraryEntries(ctx context.Context, workspaceID string, f caiq.LibraryFilter) ([]caiq.LibraryEntry, error) {
	w := where{}
	w.is("workspace_id", "=", workspaceID)
	for _, c := range []struct{ column, value string }{
		{"profile_id", f.ProfileID}, {"owner", f.Owner}, {"question_key", string(f.Key)},
	} {
		if c.value != "" {
			w.is(c.column, "=", c.value)
		}
	}
	if !f.Retired {
		w.is("retired", "=", false)
	}
	if f.After != "" {
		w.is("id", ">", f.After)
	}
	query := `SELECT ` + libraryColumns + ` FROM library_entries` + w.String() + ` ORDER BY id` + w.limit(f.Limit)
	return list(ctx, s, scanLibraryEntry, query, w.args...)
}

// UpdateLibraryEntry implements app.Store.
func (s *Store) UpdateLibraryEntry(ctx context.Context, e *caiq.LibraryEntry) error {
	if err := s.change(ctx, e.WorkspaceID); err != nil {
		return err
	}
	n, err := s.exec(ctx,
		`UPDATE library_entries SET revision = revision + 1, owner = $4, review_by = $5, retired = $6
		WHERE workspace_id = $1 AND id = $2 AND revision = $3`,
		e.WorkspaceID, e.ID, e.Revision, orNull(e.Owner), e.ReviewBy.String(), e.Retired)
	if err != nil {
		return err
	}
	return s.revised(ctx, "library entry", n, &e.Revision,
		`SELECT revision FROM library_entries WHERE workspace_id = $1 AND id = $2`, e.WorkspaceID, e.ID)
}
