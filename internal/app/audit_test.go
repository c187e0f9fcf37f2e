package app_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

// reviewedTrail is an exported trail of some length, and the world it is from.
func reviewedTrail(t *testing.T) (*world, []string) {
	t.Helper()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	if _, err := w.SignTrails(ctx); err != nil {
		t.Fatal(err)
	}
	rows := w.rows(t, r.ID)
	for _, n := range []int{1, 2, 3} {
		if _, err := w.Approve(ctx, w.reviewer, r.ID, n, app.ApproveInput{Revision: rows[n-1].Answer.Revision}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.SignTrails(ctx); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := app.WriteTrail(ctx, w.store, w.admin.Workspace.ID, &buf); err != nil {
		t.Fatal(err)
	}
	return w, strings.SplitAfter(strings.TrimSuffix(buf.String(), "\n"), "\n")
}

func TestVerifyTrailFileNamesTheFirstEventThatIsNotAsItWas(t *testing.T) {
	t.Parallel()
	w, lines := reviewedTrail(t)
	first := 0 // line of event 1
	for !strings.Contains(lines[first], `"event":{"seq":1,`) {
		first++
	}
	last := len(lines) - first // number of events
	event := func(n int) int { return first + n - 1 }
	for _, tt := range []struct {
		name    string
		alter   func([]string) []string
		problem app.TrailProblem
		seq     int64
	}{
		{"an honest trail", func(l []string) []string { return l }, "", 0},
		{"an event edited", func(l []string) []string {
			l[event(6)] = strings.Replace(l[event(6)], `"action":"`, `"action":"x`, 1)
			return l
		}, app.TrailEdited, 6},
		{"a hash edited", func(l []string) []string {
			i := strings.Index(l[event(4)], `"hash":"`) + 8
			l[event(4)] = l[event(4)][:i] + "0123" + l[event(4)][i+4:]
			return l
		}, app.TrailEdited, 4},
		{"a line that is none", func(l []string) []string { l[event(3)] = "{\n"; return l }, app.TrailEdited, 3},
		{"an event deleted", func(l []string) []string { return append(l[:event(5)], l[event(6):]...) }, app.TrailDeleted, 5},
		{"two events exchanged", func(l []string) []string {
			l[event(3)], l[event(4)] = l[event(4)], l[event(3)]
			return l
		}, app.TrailReordered, 3},
		{"an event repeated", func(l []string) []string { return append(l[:event(5)], l[event(4):]...) }, app.TrailReordered, 4},
		{"the tail cut off", func(l []string) []string { return l[:event(last)] }, app.TrailCutOff, int64(last)},
		{"the tail and the head cut off", func(l []string) []string { return relabel(l[:event(last)], last-1) }, app.TrailCutOff, int64(last)},
		{"an event of another workspace", func(l []string) []string {
			l[event(2)] = strings.Replace(l[event(2)], w.admin.Workspace.ID, "another", 1)
			return l
		}, app.TrailForeign, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			altered := tt.alter(append([]string(nil), lines...))
			got, err := app.VerifyTrailFile(strings.NewReader(strings.Join(altered, "")), w.outside, w.key)
			if err != nil {
				t.Fatal(err)
			}
			if got.Problem != tt.problem || got.Seq != tt.seq {
				t.Errorf("got %q at %d (%s), want %q at %d", got.Problem, got.Seq, got.Message, tt.problem, tt.seq)
			}
		})
	}
}

// relabel makes the first line speak of fewer events, as who cuts a trail would.
func relabel(lines []string, events int) []string {
	head := lines[len(lines)-1]
	i := strings.LastIndex(head, `"hash":"`) + 8
	lines[0] = `{"trail":{"workspace":"` + workspaceOf(lines[0]) + `","events":` + itoa(events) + `,"head":"` + head[i:i+64] + `"}}` + "\n"
	return lines
}

func workspaceOf(line string) string {
	_, rest, _ := strings.Cut(line, `"workspace":"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

func itoa(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

func TestVerifierNoticesATrailRestampedAsAWhole(t *testing.T) {
	t.Parallel()
	w, _ := reviewedTrail(t)
	events, err := w.Events(t.Context(), w.admin, caiq.EventFilter{})
	if err != nil {
		t.Fatal(err)
	}
	v := app.NewVerifier(w.admin.Workspace.ID)
	for _, n := range w.outside {
		v.Checkpoint(n, w.key)
	}
	prev := ""
	for i := range events {
		e := events[i]
		if e.Seq == 4 {
			e.Actor = "somebody else"
		}
		if err := e.Seal(e.Seq, prev); err != nil {
			t.Fatal(err)
		}
		prev = e.Hash
		v.Event(&e)
	}
	got := v.Done(0, "")
	if got.Problem != app.TrailRewritten {
		t.Errorf("got %q at %d: %s", got.Problem, got.Seq, got.Message)
	}
}

func TestVerifierRefusesCheckpointsOfAnotherKey(t *testing.T) {
	t.Parallel()
	w, lines := reviewedTrail(t)
	forged := strings.Replace(w.outside[0], "\n1\n", "\n2\n", 1) + "x"
	got, err := app.VerifyTrailFile(strings.NewReader(strings.Join(lines, "")), []string{forged}, w.key)
	if err != nil || got.Problem != app.TrailCheckpoint {
		t.Errorf("got %q, %v", got.Problem, err)
	}
}

func TestVerifyStoredFindsNothingInAnHonestDatabase(t *testing.T) {
	t.Parallel()
	w, _ := reviewedTrail(t)
	w.verify(t)
	report, _, _, err := w.VerifyTrail(t.Context(), w.reviewer)
	if err != nil || !report.OK() || report.Checkpoints != 2 || report.Signed != report.Events {
		t.Errorf("report %+v, %v", report, err)
	}
}

func TestProvenanceSaysWhoApprovedOnWhichEvidence(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	before := w.clock.Now()
	row := find(t, w.rows(t, r.ID), func(v app.AnswerView) bool { return proposedYes(v) && v.Answer.Proposal.Band == caiq.BandSupported })
	if _, err := w.Approve(ctx, w.reviewer, r.ID, row.Answer.N, app.ApproveInput{Revision: 1}); err != nil {
		t.Fatal(err)
	}
	now, err := w.Provenance(ctx, w.exporter, r.ID, row.Answer.N, w.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if now.Approver.ID != w.reviewer.User.ID || now.Author.ID != "" || !now.Then.Holds() || !now.Today.Holds() || now.Event.Auth != "pwd" || len(now.Evidence) == 0 || now.Profile != "example-saas" {
		t.Errorf("provenance: %+v", now)
	}
	then, err := w.Provenance(ctx, w.exporter, r.ID, row.Answer.N, before)
	if err != nil || then.Then != "not_approved" || then.Approver.ID != "" {
		t.Errorf("before the approval: %q, %v", then.Then, err)
	}
	late, err := w.Provenance(ctx, w.exporter, r.ID, row.Answer.N, midnight(now.Until.AddDays(1)))
	if err != nil || late.Then != "evidence_expired" || !late.Today.Holds() {
		t.Errorf("after its evidence: %q then, %q today, %v", late.Then, late.Today, err)
	}
	_, err = w.Provenance(ctx, w.exporter, r.ID, row.Answer.N, r.Created.AddDate(-1, 0, 0))
	wantCode(t, err, "not_yet")
}

func midnight(d caiq.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 1, 0, time.UTC) }
