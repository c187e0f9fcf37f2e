package store_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"caique/internal/caiq"
	"caique/internal/store"
)

// eachStore runs a benchmark on both engines, seeded. Commits of SQLite wait for
// the disk; those of PostgreSQL do when it was started so.
func eachStore(b *testing.B, bench func(b *testing.B, s *store.Store)) {
	b.Helper()
	b.Run("SQLite", func(b *testing.B) {
		s := openFile(b, filepath.Join(b.TempDir(), "caique.db"))
		seed(b, s)
		bench(b, s)
	})
	b.Run("PostgreSQL", func(b *testing.B) {
		s := openPostgres(b)
		seed(b, s)
		bench(b, s)
	})
}

// BenchmarkSaveApprove edits an answer and approves it: two commits each round.
func BenchmarkSaveApprove(b *testing.B) {
	eachStore(b, func(b *testing.B, s *store.Store) {
		must(b, upload(b.Context(), s, "big", 261))
		rows, err := s.Rows(b.Context(), "w", "big", caiq.RowFilter{})
		must(b, err)
		b.ResetTimer()
		for i := range b.N {
			a := &rows[i%len(rows)].Answer
			must(b, edit(b.Context(), s, a, "ben", fmt.Sprintf("Round %d.", i)))
			must(b, approve(b.Context(), s, a, "ana"))
		}
		b.ReportMetric(float64(2*b.N)/b.Elapsed().Seconds(), "commits/s")
	})
}

// BenchmarkSaveContended has eight reviewers of one questionnaire, each at
// answers of their own.
func BenchmarkSaveContended(b *testing.B) {
	eachStore(b, func(b *testing.B, s *store.Store) {
		const reviewers, share = 8, 30
		must(b, upload(b.Context(), s, "big", reviewers*share))
		rows, err := s.Rows(b.Context(), "w", "big", caiq.RowFilter{})
		must(b, err)
		var next, saved atomic.Int64
		var wg sync.WaitGroup
		b.ResetTimer()
		for reviewer := range reviewers {
			wg.Go(func() {
				for i := 0; next.Add(1) <= int64(b.N); i++ {
					a := &rows[reviewer*share+i%share].Answer
					if err := edit(b.Context(), s, a, "ben", "Changed."); err != nil {
						b.Error(err)
						return
					}
					saved.Add(1)
				}
			})
		}
		wg.Wait()
		b.ReportMetric(float64(saved.Load())/b.Elapsed().Seconds(), "commits/s")
	})
}

// BenchmarkUpload stores a questionnaire of 261 questions with its proposals.
func BenchmarkUpload(b *testing.B) {
	eachStore(b, func(b *testing.B, s *store.Store) {
		for i := range b.N {
			must(b, upload(b.Context(), s, fmt.Sprintf("u%06d", i), 261))
		}
	})
}

// BenchmarkRows reads all 261 questions with their answers.
func BenchmarkRows(b *testing.B) {
	eachStore(b, func(b *testing.B, s *store.Store) {
		must(b, upload(b.Context(), s, "big", 261))
		for b.Loop() {
			rows, err := s.Rows(b.Context(), "w", "big", caiq.RowFilter{})
			if err != nil || len(rows) != 261 {
				b.Fatal(len(rows), err)
			}
		}
	})
}

// BenchmarkRecords lists a hundred questionnaires.
func BenchmarkRecords(b *testing.B) {
	eachStore(b, func(b *testing.B, s *store.Store) {
		for i := range 120 {
			must(b, upload(b.Context(), s, fmt.Sprintf("u%06d", i), 5))
		}
		for b.Loop() {
			records, err := s.Records(b.Context(), "w", caiq.RecordFilter{Limit: 100})
			if err != nil || len(records) != 100 {
				b.Fatal(len(records), err)
			}
		}
	})
}

// BenchmarkEvents reads a trail of a thousand events, as verifying it does.
func BenchmarkEvents(b *testing.B) {
	eachStore(b, func(b *testing.B, s *store.Store) {
		must(b, upload(b.Context(), s, "big", 1))
		row, err := s.Row(b.Context(), "w", "big", 1)
		must(b, err)
		for i := range 1000 {
			must(b, edit(b.Context(), s, &row.Answer, "ben", strconv.Itoa(i)))
		}
		for b.Loop() {
			if _, err := s.Events(b.Context(), "w", caiq.EventFilter{Limit: 1000}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
