// Package storetest says what a store promises, as tests: a storage engine is
// what passes Run.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caique/internal/app"
	"caique/internal/caiq"
)

// Open returns an empty store that is closed when the test ends.
type Open func(t testing.TB) app.Store

// Run tests everything that app.Store promises, each part on a store of its own.
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, part := range []struct {
		name string
		test func(*testing.T, Open)
	}{
		{"transactions", testTransactions},
		{"workspaces", testWorkspaces},
		{"invitations", testInvitations},
		{"users", testUsers},
		{"credentials", testCredentials},
		{"records", testRecords},
		{"answers", testAnswers},
		{"rows", testRows},
		{"library", testLibrary},
		{"shelf", testShelf},
		{"profiles", testProfiles},
		{"exports", testExports},
		{"trail", testTrail},
		{"isolation", testIsolation},
		{"races", testRaces},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.test(t, open)
		})
	}
}

// epoch is when the fixture happens: a microsecond past a second, so that lost
// precision shows.
func epoch() time.Time { return time.Date(2026, 9, 30, 12, 0, 0, 1000, time.UTC) }

// fixture is a store with one workspace, "w", and its members ana, ben and eve.
type fixture struct {
	app.Store
	ctx context.Context
}

const workspace = "w"

func newFixture(t *testing.T, open Open) fixture {
	t.Helper()
	f := fixture{Store: open(t), ctx: t.Context()}
	f.makeWorkspace(t, caiq.Workspace{ID: workspace, Name: "One", Created: epoch()}, "ana", "ben", "eve")
	return f
}

// makeWorkspace creates a workspace and its members, who are new users.
func (f fixture) makeWorkspace(t testing.TB, w caiq.Workspace, users ...string) {
	t.Helper()
	f.must(t, f.Tx(f.ctx, caiq.Installation, func(ctx context.Context) error {
		if err := f.CreateWorkspace(ctx, w); err != nil {
			return err
		}
		for _, id := range users {
			if err := f.CreateUser(ctx, user(id)); err != nil {
				return err
			}
			m := caiq.Member{WorkspaceID: w.ID, UserID: id, Roles: []caiq.MemberRole{caiq.Uploader, caiq.Reviewer}, Created: epoch()}
			if err := f.CreateMember(ctx, m); err != nil {
				return err
			}
		}
		return f.AppendEvents(ctx, event(w.ID, "workspace.create"))
	}))
}

func user(id string) caiq.User {
	return caiq.User{ID: id, Revision: 1, Email: id + "@example.com", Name: "Name of " + id, PasswordHash: "$argon2id$" + id, Created: epoch()}
}

func event(workspaceID, action string) *caiq.Event {
	return &caiq.Event{
		WorkspaceID: workspaceID, At: epoch(), Actor: "ana", ActorKind: caiq.ActorUser, Auth: "pwd",
		RequestID: "r1", Action: action, Object: "things/1",
	}
}

// try runs fn in a transaction of the workspace, followed by an event.
func (f fixture) try(workspaceID string, fn func(ctx context.Context) error) error {
	return f.Tx(f.ctx, workspaceID, func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return err
		}
		return f.AppendEvents(ctx, event(workspaceID, "test"))
	})
}

// do is try for what must succeed in workspace "w".
func (f fixture) do(t testing.TB, fn func(ctx context.Context) error) {
	t.Helper()
	f.must(t, f.try(workspace, fn))
}

func (f fixture) must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantError checks kind and code of an error.
func wantError(t testing.TB, err error, kind caiq.Kind, code string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", code)
	}
	if caiq.KindOf(err) != kind || caiq.CodeOf(err) != code {
		t.Fatalf("error %v: kind %d code %q, want %d %q", err, caiq.KindOf(err), caiq.CodeOf(err), kind, code)
	}
}

func wantMissing(t testing.TB, err error) { t.Helper(); wantError(t, err, caiq.NotFound, "not_found") }

// equal compares what was read with what was stored.
func equal[T any](t testing.TB, got T, err error, want T) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("stored (-) and read (+) differ:\n%s", diff)
	}
}

// record is a questionnaire with n questions, answered by the engine.
func record(id string, n int) (caiq.Record, []caiq.StoredQuestion, []caiq.StoredAnswer) {
	r := caiq.Record{
		ID: id, WorkspaceID: workspace, Revision: 1, Name: "CAIQ <for> you.xlsx",
		Reading: caiq.Questionnaire{
			File: "CAIQ <for> you.xlsx", Format: "caiq-4.0", Patch: "v4.0.3", Confidence: 0.75, Why: []string{"ids"},
			Sheets:   []caiq.Sheet{{Name: "CAIQ", HeaderRows: []int{2}, Columns: map[caiq.Role]string{caiq.RoleAnswer: "C"}}},
			Warnings: caiq.Problems{{Sheet: "CAIQ", Cell: "C9", Code: "odd", Message: "odd"}},
		},
		Layout:    &caiq.Layout{Schema: 1, Sheets: []caiq.Sheet{{Name: "CAIQ"}}},
		ProfileID: "example-saas", ProfileVersion: 2, ProfileSHA256: "ab",
		Options:  caiq.Options{AsOf: caiq.DateOf(epoch()), Audience: caiq.ReleaseNDA},
		Customer: "Müller & Söhne", Product: "Cloud", Deal: "D-1", NeededBy: caiq.DateOf(epoch()).AddDays(9), NDA: true,
		State: caiq.RecordActive, Created: epoch(), CreatedBy: "ana",
		Questions: n, Answers: caiq.StateCounts{Proposed: n},
	}
	questions := make([]caiq.StoredQuestion, n)
	answers := make([]caiq.StoredAnswer, n)
	for i := range n {
		questions[i] = question(id, i+1)
		answers[i] = answer(id, i+1)
	}
	return r, questions, answers
}

func question(recordID string, n int) caiq.StoredQuestion {
	return caiq.StoredQuestion{WorkspaceID: workspace, RecordID: recordID, N: n, Question: caiq.Question{
		Key: caiq.MakeRef("caiq-4.0", fmt.Sprintf("IAM-%02d.1", n)), ID: fmt.Sprintf("IAM-%02d.1", n),
		Match: caiq.Match{Kind: caiq.MatchKnown, HasText: true}, Text: "Is it so?", TextHash: "h", Domain: domainOf(n),
		Sheet: "CAIQ", Cell: fmt.Sprintf("B%d", n+2), Row: n + 2,
		Targets:  []caiq.Target{{Role: caiq.RoleAnswer, Cell: fmt.Sprintf("C%d", n+2), Allowed: []string{"Yes", "No", "NA"}}},
		Existing: caiq.Existing{caiq.RoleNotes: "before"},
	}}
}

// domainOf puts the odd questions into IAM and the even ones into AIS.
func domainOf(n int) string { return [2]string{"AIS", "IAM"}[n%2] }

func answer(recordID string, n int) caiq.StoredAnswer {
	a := caiq.StoredAnswer{
		WorkspaceID: workspace, RecordID: recordID, N: n, Revision: 1, State: caiq.StateProposed,
		Answer: caiq.Answer{Value: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "We do <it> — “always”.\nAnd\ttwice."},
		Proposal: caiq.Proposal{
			Sheet: "CAIQ", Cell: fmt.Sprintf("B%d", n+2), Band: caiq.BandSupported,
			Answer: caiq.Answer{Value: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "We do <it>."},
			Basis:  []caiq.Step{{Kind: caiq.StepMatch, Ref: "caiq-4.0/IAM-01.1", Text: "known", Depth: 1}},
		},
		Audience: caiq.ReleaseNDA, BasisHash: "basis-1", EvidenceUntil: caiq.DateOf(epoch()).AddMonths(12), Changed: epoch(),
	}
	a.TextSHA256 = a.Answer.SHA256()
	return a
}

// upload stores record(id, n) with a file of its own.
func (f fixture) upload(t testing.TB, id string, n int) (caiq.Record, []caiq.StoredQuestion, []caiq.StoredAnswer) {
	t.Helper()
	r, qs, as := record(id, n)
	f.do(t, func(ctx context.Context) (err error) {
		if r.BlobSHA256, err = f.PutBlob(ctx, workspace, []byte("file of "+id)); err != nil {
			return err
		}
		return f.CreateRecord(ctx, r, qs, as)
	})
	return r, qs, as
}

// errGiveUp ends transactions that are meant to fail.
var errGiveUp = errors.New("gave up")
