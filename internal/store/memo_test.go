package store_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"caique/internal/caiq"
)

// TestQuestionsChangedInTheDatabase reads a question, changes it behind the store's
// back, and reads it again: what is remembered is what was stored, not the row.
func TestQuestionsChangedInTheDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caique.db")
	s := openFile(t, path)
	seed(t, s)
	for range 2 {
		row, err := s.Row(t.Context(), "w", "r", 1)
		if must(t, err); !strings.HasPrefix(row.Question.Question.Text, "Is it so?") {
			t.Fatalf("question %q", row.Question.Question.Text)
		}
	}
	db := openDirect(t, "sqlite", "file:"+path)
	_, err := db.ExecContext(t.Context(), `UPDATE questions SET question = replace(question, 'Is it so?', 'Is it not?')`)
	must(t, err)
	must(t, db.Close())
	row, err := s.Row(t.Context(), "w", "r", 1)
	if must(t, err); !strings.HasPrefix(row.Question.Question.Text, "Is it not?") {
		t.Errorf("question %q", row.Question.Question.Text)
	}
}

// TestMoreQueriesThanAreKept asks side by side with more texts of queries than
// statements are kept.
func TestMoreQueriesThanAreKept(t *testing.T) {
	t.Parallel()
	const questions = 200
	s := openFile(t, filepath.Join(t.TempDir(), "caique.db"))
	seed(t, s)
	must(t, upload(t.Context(), s, "many", questions))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			var ns []int
			for n := 1; n <= questions; n++ {
				ns = append(ns, n)
				rows, err := s.Rows(t.Context(), "w", "many", caiq.RowFilter{N: ns, Brief: true})
				if err != nil || len(rows) != n || rows[n-1].Question.Question.ID != fmt.Sprintf("IAM-%02d.1", n) {
					t.Errorf("%d rows of %d: %v", len(rows), n, err)
					return
				}
			}
		})
	}
	wg.Wait()
}
