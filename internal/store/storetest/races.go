package storetest

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"caique/internal/caiq"
)

const racers = 50

// race runs fn in many goroutines that start together and returns their errors.
func race(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = fn(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// winners counts those without an error; all others must have the code.
func winners(t *testing.T, errs []error, code string) int {
	t.Helper()
	n := 0
	for i, err := range errs {
		switch {
		case err == nil:
			n++
		case caiq.CodeOf(err) != code:
			t.Errorf("racer %d: %v, want %s", i, err, code)
		}
	}
	return n
}

func testRaces(t *testing.T, open Open) {
	t.Run("of fifty writers on one revision exactly one wins", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 1)
		const rounds = 3
		for round := range rounds {
			row, err := f.Row(f.ctx, workspace, "r", 1)
			f.must(t, err)
			errs := race(racers, func(i int) error {
				a := edited(row.Answer, "ben")
				a.Description = fmt.Sprintf("Round %d, writer %d.", round, i)
				a.TextSHA256 = a.Answer.SHA256()
				return f.save(a)
			})
			if n := winners(t, errs, "stale"); n != 1 {
				t.Fatalf("round %d: %d winners", round, n)
			}
		}
		history, err := f.AnswerHistory(f.ctx, workspace, "r", 1)
		if f.must(t, err); len(history) != 1+rounds {
			t.Errorf("%d revisions after %d rounds", len(history), rounds)
		}
		equal(t, history[0], nil, as[0])
		f.wantChain(t, workspace, 2+rounds)
	})
	t.Run("fifty transactions append to one trail without gap or fork", func(t *testing.T) {
		f := newFixture(t, open)
		errs := race(racers, func(int) error { return f.try(workspace, func(context.Context) error { return nil }) })
		if n := winners(t, errs, ""); n != racers {
			t.Fatalf("%d of %d", n, racers)
		}
		f.wantChain(t, workspace, 1+racers)
	})
	t.Run("what a transaction read stays true until it commits", func(t *testing.T) {
		f := newFixture(t, open)
		// Each leaves only while somebody else stays, as the last admin must.
		errs := race(3, func(i int) error {
			return f.try(workspace, func(ctx context.Context) error {
				ms, err := f.Members(ctx, workspace)
				if err != nil {
					return err
				}
				if len(ms) == 1 {
					return caiq.Errorf(caiq.Conflict, "last", "last member")
				}
				return f.DeleteMember(ctx, workspace, []string{"ana", "ben", "eve"}[i])
			})
		})
		if n := winners(t, errs, "last"); n != 2 {
			t.Errorf("%d left", n)
		}
	})
	t.Run("of two transactions with one idempotency key one does the work", func(t *testing.T) {
		f := newFixture(t, open)
		errs := race(20, func(i int) error {
			return f.try(workspace, func(ctx context.Context) error {
				_, err := f.IdempotencyKey(ctx, workspace, "ana", "upload", "k")
				if err == nil {
					return caiq.Errorf(caiq.Conflict, "replay", "done already")
				}
				if caiq.KindOf(err) != caiq.NotFound {
					return err
				}
				return f.CreateIdempotencyKey(ctx, caiq.IdempotencyKey{
					WorkspaceID: workspace, UserID: "ana", Action: "upload", Key: "k", ObjectID: strconv.Itoa(i), Created: epoch(),
				})
			})
		})
		if n := winners(t, errs, "replay"); n != 1 {
			t.Errorf("%d did the work", n)
		}
	})
	t.Run("of twenty uses of a link one succeeds", func(t *testing.T) {
		f := newFixture(t, open)
		f.must(t, f.CreateLink(f.ctx, caiq.Link{Hash: "l", Purpose: caiq.LinkSetup, Expires: epoch().Add(time.Hour)}))
		if n := winners(t, race(20, func(int) error { return f.UseLink(f.ctx, "l", epoch()) }), "used"); n != 1 {
			t.Errorf("%d used it", n)
		}
	})
	t.Run("no failed try goes uncounted", func(t *testing.T) {
		f := newFixture(t, open)
		errs := race(racers, func(int) error {
			_, err := f.CountAttempt(f.ctx, "k", epoch(), time.Hour)
			return err
		})
		if n := winners(t, errs, ""); n != racers {
			t.Fatalf("%d of %d", n, racers)
		}
		a, err := f.Attempts(f.ctx, "k")
		equal(t, a.Count, err, racers)
	})
	t.Run("readers never see half a transaction", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 4)
		done := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			defer close(done)
			current := as
			for range 20 {
				next := make([]*caiq.StoredAnswer, len(current))
				for i := range current {
					next[i] = edited(current[i], "ben")
				}
				if err := f.save(next...); err != nil {
					t.Error(err)
					return
				}
				for i := range next {
					current[i] = *next[i]
				}
			}
		})
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
			}
			rows, err := f.Rows(f.ctx, workspace, "r", caiq.RowFilter{})
			f.must(t, err)
			for _, row := range rows {
				if row.Answer.Revision != rows[0].Answer.Revision {
					t.Fatalf("revisions %d and %d in one list", rows[0].Answer.Revision, row.Answer.Revision)
				}
			}
		}
		wg.Wait()
	})
	t.Run("readers and writers get along", func(t *testing.T) {
		f := newFixture(t, open)
		f.upload(t, "r", 1)
		errs := race(racers, func(i int) error {
			if i%5 == 0 {
				return f.try(workspace, func(context.Context) error { return nil })
			}
			_, err := f.Rows(f.ctx, workspace, "r", caiq.RowFilter{})
			return err
		})
		if n := winners(t, errs, ""); n != racers {
			t.Errorf("%d of %d", n, racers)
		}
	})
}
