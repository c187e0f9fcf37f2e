package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"caique/internal/caiq"
	"caique/internal/store"
)

// childEnv names the database that a re-executed test binary works on until it
// is killed.
const childEnv = "CAIQUE_STORE_CHILD"

func TestMain(m *testing.M) {
	if address := os.Getenv(childEnv); address != "" {
		fmt.Fprintln(os.Stderr, work(address, os.Getenv(childEnv+"_CYCLE"), os.Stdout))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// work changes a database without end and says on w, after each commit, what is
// committed: one line "action object".
func work(address, cycle string, w io.Writer) error {
	ctx := context.Background()
	s, err := store.OpenToServe(ctx, address)
	if err != nil {
		return err
	}
	rows, err := s.Rows(ctx, "w", "r", caiq.RowFilter{})
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		id := fmt.Sprintf("%s-%04d", cycle, i)
		a := &rows[i%len(rows)].Answer
		steps := []struct {
			ack string
			do  func() error
		}{
			{"upload " + id, func() error { return upload(ctx, s, id, 20) }},
			{"edit " + ack(a, 1), func() error { return edit(ctx, s, a, "ben", "Text of "+id+".") }},
			{"approve " + ack(a, 2), func() error { return approve(ctx, s, a, "ana") }},
			{"bulk " + id, func() error { return bulk(ctx, s, id) }},
			{"export " + id, func() error { return export(ctx, s, id) }},
		}
		for _, step := range steps {
			if err := step.do(); err != nil {
				return fmt.Errorf("%s: %w", step.ack, err)
			}
			if _, err := fmt.Fprintln(w, step.ack); err != nil {
				return err
			}
		}
	}
}

// ack names a revision of an answer, n after the current one.
func ack(a *caiq.StoredAnswer, n int) string {
	return fmt.Sprintf("%s/%d/%d", a.RecordID, a.N, a.Revision+n)
}

// bulk approves all answers of a questionnaire at once.
func bulk(ctx context.Context, s *store.Store, recordID string) error {
	rows, err := s.Rows(ctx, "w", recordID, caiq.RowFilter{})
	if err != nil {
		return err
	}
	all := make([]*caiq.StoredAnswer, len(rows))
	for i := range rows {
		all[i] = &rows[i].Answer
		all[i].State, all[i].ApprovedBy, all[i].ApprovedAt = caiq.StateApproved, "ana", noon
	}
	return within(ctx, s, "bulk", recordID, func(ctx context.Context) error { return s.SaveAnswers(ctx, all...) })
}

func export(ctx context.Context, s *store.Store, recordID string) error {
	return within(ctx, s, "export", recordID, func(ctx context.Context) error {
		sum, err := s.PutBlob(ctx, "w", []byte("export of "+recordID))
		if err != nil {
			return err
		}
		return s.CreateExport(ctx, caiq.Export{ID: recordID, WorkspaceID: "w", RecordID: recordID, BlobSHA256: sum, CreatedBy: "ana"})
	})
}

// TestCrash kills a writing process again and again. What it had acknowledged
// must be there, what is there must be whole, and the trail must say neither
// less nor more than what is there.
func TestCrash(t *testing.T) {
	t.Parallel()
	cycles := 20
	if testing.Short() {
		cycles = 3
	}
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		crash(t, filepath.Join(t.TempDir(), "caique.db"), cycles)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		crash(t, postgresSchema(t), cycles)
	})
}

func crash(t *testing.T, address string, cycles int) {
	t.Helper()
	s, err := store.Open(t.Context(), address)
	must(t, err)
	must(t, found(t.Context(), s))
	must(t, upload(t.Context(), s, "r", 3))
	must(t, s.Close())
	random := rand.New(rand.NewPCG(1, 2))
	acked := map[string]bool{}
	for cycle := range cycles {
		for _, line := range killed(t, address, cycle, time.Duration(20+random.IntN(280))*time.Millisecond) {
			acked[line] = true
		}
		inspect(t, address, acked)
	}
	if len(acked) < cycles {
		t.Errorf("only %d acknowledged changes in %d cycles: nothing was tested", len(acked), cycles)
	}
	t.Logf("%d acknowledged changes over %d kills, all there", len(acked), cycles)
}

// killed runs a child until some time after its first acknowledgement, kills it,
// and returns what it had acknowledged.
func killed(t *testing.T, address string, cycle int, after time.Duration) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+address, childEnv+"_CYCLE="+strconv.Itoa(cycle))
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	var lines []string
	scan := bufio.NewScanner(out)
	for scan.Scan() {
		lines = append(lines, scan.Text())
		if len(lines) == 1 {
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // killed, as intended
	if complaint.Len() > 0 {
		t.Fatalf("the child gave up by itself: %s", complaint.String())
	}
	return lines
}

// inspect opens the database as the next start of the service does.
func inspect(t *testing.T, address string, acked map[string]bool) {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, address)
	must(t, err)
	defer func() { must(t, s.Close()) }()
	problems, err := s.Check(ctx)
	if err != nil || len(problems) > 0 {
		t.Fatalf("problems %v, %v", problems, err)
	}
	stored := changes(t, s)
	logged := trailOf(t, s)
	for line := range acked {
		if !stored[line] {
			t.Errorf("acknowledged and lost: %s", line)
		}
	}
	for line := range stored {
		if !logged[line] {
			t.Errorf("there without an event: %s", line)
		}
	}
	for line := range logged {
		if !stored[line] {
			t.Errorf("an event of what is not there: %s", line)
		}
	}
	if extra := len(stored) - len(acked); extra < 0 || extra > 1 {
		t.Errorf("%d changes that nobody was told of in one kill", extra)
	}
	// What was committed as the kill came counts as known from now on.
	for line := range stored {
		acked[line] = true
	}
}

// changes lists what is in the tables, in the words of acknowledgements, and
// checks that each is whole.
func changes(t *testing.T, s *store.Store) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	records, err := s.Records(t.Context(), "w", caiq.RecordFilter{})
	must(t, err)
	for _, r := range records {
		rows, err := s.Rows(t.Context(), "w", r.ID, caiq.RowFilter{})
		must(t, err)
		if len(rows) != r.Questions {
			t.Errorf("%s: %d of %d questions", r.ID, len(rows), r.Questions)
		}
		if r.ID == "r" {
			revisions(t, s, rows, found)
			continue
		}
		found["upload "+r.ID] = true
		switch r.Answers.Approved {
		case 0:
		case r.Questions:
			found["bulk "+r.ID] = true
		default:
			t.Errorf("%s: %d of %d approved at once", r.ID, r.Answers.Approved, r.Questions)
		}
		if e, err := s.Export(t.Context(), "w", r.ID); err == nil {
			found["export "+r.ID] = true
			_, err := s.Blob(t.Context(), "w", e.BlobSHA256)
			must(t, err)
		}
	}
	return found
}

func revisions(t *testing.T, s *store.Store, rows []caiq.ReviewRow, found map[string]bool) {
	t.Helper()
	for _, row := range rows {
		history, err := s.AnswerHistory(t.Context(), "w", "r", row.Answer.N)
		must(t, err)
		for _, a := range history[1:] {
			action := map[caiq.AnswerState]string{caiq.StateEdited: "edit", caiq.StateApproved: "approve"}[a.State]
			found[action+" "+ack(&a, 0)] = true
		}
	}
}

// trailOf lists what the events say, after checking their chain.
func trailOf(t *testing.T, s *store.Store) map[string]bool {
	t.Helper()
	events, err := s.Events(t.Context(), "w", caiq.EventFilter{})
	must(t, err)
	logged := map[string]bool{}
	count := map[string]int{}
	prev := ""
	for i, e := range events {
		hash, err := e.ComputeHash()
		must(t, err)
		if e.Seq != int64(i+1) || e.Prev != prev || e.Hash != hash {
			t.Fatalf("the chain breaks at event %d", i+1)
		}
		prev = e.Hash
		object := e.Object
		if e.Action == "edit" || e.Action == "approve" {
			count[object]++
			object = fmt.Sprintf("%s/%d", object, 1+count[object])
		}
		if e.Object != "w" && e.Object != "r" {
			logged[e.Action+" "+object] = true
		}
	}
	return logged
}
