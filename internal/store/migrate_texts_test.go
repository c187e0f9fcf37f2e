package store_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
	"caique/internal/store"
)

// TestFillTexts fills a database whose questions and entries were written
// before their texts were kept beside them.
func TestFillTexts(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caique.db")
	s := openFile(t, path)
	seed(t, s)
	before, err := s.Asked(t.Context(), "w", "")
	must(t, err)
	must(t, within(t.Context(), s, "seed", "x", func(ctx context.Context) error {
		e := caiq.LibraryEntry{ID: "e2", WorkspaceID: "w", ApprovedBy: "ben", SourceRecordID: "r", SourceN: 1, TextHash: before[0].TextHash}
		e.TextSHA256 = e.Answer.SHA256()
		_, err := s.PutLibraryEntry(ctx, e)
		return err
	}))
	tx, err := openDirect(t, "sqlite", "file:"+path+"?_busy_timeout=5000").BeginTx(t.Context(), nil)
	must(t, err)
	_, err = tx.ExecContext(t.Context(), `UPDATE questions SET text_hash = '', known = ''`)
	must(t, err)
	must(t, store.FillTexts(t.Context(), tx))
	must(t, tx.Commit())
	after, err := s.Asked(t.Context(), "w", "")
	must(t, err)
	if diff := cmp.Diff(before, after); diff != "" || len(after) == 0 {
		t.Errorf("texts before (-) and after (+):\n%s", diff)
	}
	if e, err := s.LibraryEntry(t.Context(), "w", "e2"); err != nil || e.Question != after[0].Text {
		t.Errorf("the entry's question is %q, %v", e.Question, err)
	}
}
