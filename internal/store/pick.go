package store

import (
	"context"
	"database/sql"
	"slices"

	"caique/internal/caiq"
)

const pickColumns = `k.workspace_id, k.record_id, k.n, k.text_hash, k.body, k.question, k.entry_id, k.reason, k.picked_by, u.name, k.source_name, k.picked_at,
	c.first IS NOT NULL AND (c.first <> k.picked_by OR c.last <> k.picked_by) AND (k.entry_id = '' OR c.at >= k.picked_at)`

// picksFrom joins picks with who approved answers to their words; an entry that
// was chosen is confirmed by an approval since then alone.
const picksFrom = ` FROM picks k JOIN users u ON u.id = k.picked_by
	LEFT JOIN (SELECT text_hash, asks, min(approved_by) AS first, max(approved_by) AS last, max(approved_at) AS at
		FROM library_entries WHERE workspace_id = $1 AND NOT retired GROUP BY text_hash, asks) c
		ON c.text_hash = k.text_hash AND c.asks = k.question`

func scanPick(row scanner) (caiq.Pick, error) {
	var k caiq.Pick
	var confirmed sql.NullBool // NULL: nobody approved any
	err := row.Scan(&k.WorkspaceID, &k.RecordID, &k.N, &k.TextHash, &k.Text, (*string)(&k.Question), &k.EntryID, &k.Reason,
		&k.By, &k.ByName, &k.SourceName, (*scanTime)(&k.At), &confirmed)
	k.Confirmed = confirmed.Bool
	return k, err
}

// PutPick implements app.Store.
func (s *Store) PutPick(ctx context.Context, k caiq.Pick) error {
	if err := s.change(ctx, k.WorkspaceID); err != nil {
		return err
	}
	_, err := s.exec(ctx,
		`INSERT INTO picks (workspace_id, record_id, n, text_hash, body, question, entry_id, reason, picked_by, source_name, picked_at)
		VALUES `+placeholders(1, 11)+`
		ON CONFLICT (workspace_id, record_id, n) DO UPDATE SET text_hash = excluded.text_hash, body = excluded.body,
			question = excluded.question, entry_id = excluded.entry_id, reason = excluded.reason, picked_by = excluded.picked_by,
			source_name = excluded.source_name, picked_at = excluded.picked_at`,
		k.WorkspaceID, k.RecordID, k.N, k.TextHash, k.Text, string(k.Question), k.EntryID, k.Reason, k.By, k.SourceName, micros(k.At))
	return err
}

// DeletePick implements app.Store.
func (s *Store) DeletePick(ctx context.Context, workspaceID, recordID string, n int) error {
	if err := s.change(ctx, workspaceID); err != nil {
		return err
	}
	changed, err := s.exec(ctx, `DELETE FROM picks WHERE workspace_id = $1 AND record_id = $2 AND n = $3`, workspaceID, recordID, n)
	return found(changed, err, "pick")
}

// Picks implements app.Store.
func (s *Store) Picks(ctx context.Context, workspaceID string, hashes []string) ([]caiq.Pick, error) {
	query := `SELECT ` + pickColumns + picksFrom
	order := ` ORDER BY k.picked_at DESC, k.record_id DESC, k.n`
	if hashes == nil {
		return list(ctx, s, scanPick, query+` WHERE k.workspace_id = $1`+order, workspaceID)
	}
	return chunked(hashes, func(some []string) ([]caiq.Pick, error) {
		w := where{}
		w.is("k.workspace_id", "=", workspaceID)
		in(&w, "k.text_hash", some, text[string])
		return list(ctx, s, scanPick, query+w.String()+order, w.args...)
	})
}

// Asked implements app.Store.
func (s *Store) Asked(ctx context.Context, workspaceID, recordID string) ([]caiq.AskedText, error) {
	w := where{}
	w.is("workspace_id", "=", workspaceID)
	w.parts = append(w.parts, "text_hash <> ''")
	if recordID != "" {
		record := w.arg(recordID)
		w.parts = append(w.parts, `text_hash IN (SELECT text_hash FROM questions WHERE workspace_id = $1
			AND text_hash IN (SELECT text_hash FROM questions WHERE workspace_id = $1 AND record_id = `+record+`)
			GROUP BY text_hash, known HAVING min(record_id) = `+record+`)`)
	}
	return s.asked(ctx, w)
}

// AskedByHash implements app.Store.
func (s *Store) AskedByHash(ctx context.Context, workspaceID string, hashes []string) ([]caiq.AskedText, error) {
	return chunked(hashes, func(some []string) ([]caiq.AskedText, error) {
		w := where{}
		w.is("workspace_id", "=", workspaceID)
		in(&w, "text_hash", some, text[string])
		return s.asked(ctx, w)
	})
}

// asked groups questions by their text; texts that differ in case or
// punctuation alone are one, and the same one of them is shown always.
func (s *Store) asked(ctx context.Context, w where) ([]caiq.AskedText, error) {
	type row struct {
		hash, known string
		question    caiq.Question
	}
	rows, err := list(ctx, s, func(r scanner) (v row, err error) { return v, r.Scan(&v.hash, &v.known, scanJSON{&v.question}) },
		`SELECT text_hash, known, min(question) FROM questions`+w.String()+` GROUP BY text_hash, known ORDER BY text_hash, known`, w.args...)
	if err != nil {
		return nil, err
	}
	var all []caiq.AskedText
	for _, r := range rows {
		if len(all) == 0 || all[len(all)-1].TextHash != r.hash {
			all = append(all, caiq.AskedText{TextHash: r.hash, Text: r.question.Text})
		}
		if last := &all[len(all)-1]; r.known != "" {
			last.Known = append(last.Known, caiq.Ref(r.known))
		}
	}
	return all, nil
}

// AskedAt implements app.Store.
func (s *Store) AskedAt(ctx context.Context, workspaceID string, hashes []string) ([]caiq.AskedAt, error) {
	return chunked(hashes, func(some []string) ([]caiq.AskedAt, error) {
		w := where{}
		w.is("workspace_id", "=", workspaceID)
		in(&w, "text_hash", some, text[string])
		return list(ctx, s, func(r scanner) (v caiq.AskedAt, err error) { return v, r.Scan(&v.TextHash, &v.RecordID, &v.N) },
			`SELECT text_hash, record_id, min(n) FROM questions`+w.String()+` GROUP BY text_hash, record_id ORDER BY text_hash, record_id DESC`, w.args...)
	})
}

// ShelfCount implements app.Store.
func (s *Store) ShelfCount(ctx context.Context, workspaceID string) (caiq.ShelfCount, error) {
	return one(ctx, s, "workspace", func(r scanner) (c caiq.ShelfCount, err error) { return c, r.Scan(&c.Texts, &c.Picks, &c.Entries) },
		`SELECT (SELECT count(DISTINCT text_hash) FROM questions WHERE workspace_id = $1 AND text_hash <> ''),
			(SELECT count(DISTINCT text_hash) FROM picks WHERE workspace_id = $1),
			(SELECT count(*) FROM library_entries WHERE workspace_id = $1 AND retired = $2)`, workspaceID, false)
}

// chunked asks for a list in as few statements as their arguments fit.
func chunked[K, T any](keys []K, ask func([]K) ([]T, error)) ([]T, error) {
	var all []T
	for some := range slices.Chunk(keys, maxArgs-10) {
		found, err := ask(some)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}
