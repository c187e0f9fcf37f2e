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
func reviewedTrail(t *testing.T, e engine) (*world, []string) {
	t.Helper()
	ctx, w := t.Context(), newWorldOn(t, e.open(t, e.create(t)), false)
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
	engines(t, testVerifyTrailFile)
}

func testVerifyTrailFile(t *testing.T, e engine) {
	w, lines := reviewedTrail(t, e)
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
	w, _ := reviewedTrail(t, sqliteEngine())
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
	w, lines := reviewedTrail(t, sqliteEngine())
	forged := strings.Replace(w.outside[0], "\n1\n", "\n2\n", 1) + "x"
	got, err := app.VerifyTrailFile(strings.NewReader(strings.Join(lines, "")), []string{forged}, w.key)
	if err != nil || got.Problem != app.TrailCheckpoint {
		t.Errorf("got %q, %v", got.Problem, err)
	}
}

// TestVerifyStoredNamesTheFirstEventThatIsNotAsItWas damages the trail in the database.
func TestVerifyStoredNamesTheFirstEventThatIsNotAsItWas(t *testing.T) {
	t.Parallel()
	cut := []string{
		`DELETE FROM events WHERE workspace_id = $1 AND seq > 8`,
		`UPDATE workspaces SET seq = 8, head = (SELECT e.hash FROM events e WHERE e.workspace_id = $1 AND e.seq = 8) WHERE id = $1`,
	}
	engines(t, func(t *testing.T, e engine) {
		base := newTampered(t, e)
		if _, err := base.SignTrails(t.Context()); err != nil {
			t.Fatal(err)
		}
		base.close(t)
		for _, tt := range []struct {
			name    string
			damage  []string
			problem app.TrailProblem
			seq     int64
		}{
			{"an honest trail", nil, "", 0},
			{"an event edited", []string{`UPDATE events SET actor = 'x' WHERE workspace_id = $1 AND seq = 5`}, app.TrailEdited, 5},
			{"an event deleted", []string{`DELETE FROM events WHERE workspace_id = $1 AND seq = 5`}, app.TrailDeleted, 5},
			{"two events exchanged", []string{
				`UPDATE events SET seq = 1000 WHERE workspace_id = $1 AND seq = 5`, `UPDATE events SET seq = 5 WHERE workspace_id = $1 AND seq = 7`,
				`UPDATE events SET seq = 7 WHERE workspace_id = $1 AND seq = 1000`,
			}, app.TrailReordered, 5},
			{"the tail cut off", cut[:1], app.TrailCutOff, 9},
			{"the tail and the head cut off", cut, app.TrailCutOff, 9},
			{"the tail, the head and the checkpoints cut off", append(cut, `DELETE FROM checkpoints WHERE workspace_id = $1 AND seq > 8`), app.TrailCutOff, 9},
			{"a checkpoint filed elsewhere", []string{`UPDATE checkpoints SET seq = seq - 1 WHERE workspace_id = $1`}, app.TrailCheckpoint, 0},
			{"a checkpoint of another time", []string{`UPDATE checkpoints SET at = at - 1 WHERE workspace_id = $1`}, app.TrailCheckpoint, 0},
		} {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				w := base.copied(t)
				for _, query := range tt.damage {
					w.exec(t, query, w.admin.Workspace.ID)
				}
				got, err := app.VerifyStored(t.Context(), w.store, w.admin.Workspace.ID, w.outside, w.key)
				if err != nil || got.Problem != tt.problem || tt.seq > 0 && got.Seq != tt.seq {
					t.Errorf("got %q at %d (%s), %v; want %q at %d", got.Problem, got.Seq, got.Message, err, tt.problem, tt.seq)
				}
			})
		}
	})
}

func TestVerifyStoredFindsNothingInAnHonestDatabase(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, e engine) {
		w, _ := reviewedTrail(t, e)
		w.verify(t)
		report, _, _, err := w.VerifyTrail(t.Context(), w.reviewer)
		if err != nil || !report.OK() || report.Checkpoints != 2 || report.Signed != report.Events {
			t.Errorf("report %+v, %v", report, err)
		}
	})
}

// TestTheInstallationsTrailMakesEveryWorkspaceThatIsSigned: offline it is all that
// tells of a workspace besides.
func TestTheInstallationsTrailMakesEveryWorkspaceThatIsSigned(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	if _, err := w.SignTrails(ctx); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := app.WriteTrail(ctx, w.store, caiq.Installation, &buf); err != nil {
		t.Fatal(err)
	}
	trail := buf.String()
	if got, err := app.VerifyTrailFile(strings.NewReader(trail), w.outside, w.key); err != nil || !got.OK() || got.Outside == 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	made, err := w.CreateWorkspace(ctx, w.enter(t, w.admin, caiq.Installation), "Other", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.SignTrails(ctx); err != nil {
		t.Fatal(err)
	}
	var others []string // without the installation's own
	for _, n := range w.outside {
		if !strings.Contains(n, caiq.Installation) {
			others = append(others, n)
		}
	}
	got, err := app.VerifyTrailFile(strings.NewReader(trail), others, w.key)
	if err != nil || got.Problem != app.TrailCutOff || !strings.Contains(got.Message, made.ID) {
		t.Errorf("got %+v, %v", got, err)
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
