package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"caique/internal/caiq"
	"caique/internal/store"
)

var noon = time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)

// must ends a test that cannot go on.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// within runs fn in a transaction of workspace "w" that ends with an event.
func within(ctx context.Context, s *store.Store, action, object string, fn func(ctx context.Context) error) error {
	return s.Tx(ctx, "w", func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return err
		}
		return s.AppendEvents(ctx, &caiq.Event{WorkspaceID: "w", At: noon, Actor: "ana", ActorKind: caiq.ActorUser, Action: action, Object: object})
	})
}

// found has workspace "w" with members ana and ben.
func found(ctx context.Context, s *store.Store) error {
	return s.Tx(ctx, caiq.Installation, func(ctx context.Context) error {
		if err := s.CreateWorkspace(ctx, caiq.Workspace{ID: "w", Name: "W", Created: noon}); err != nil {
			return err
		}
		for _, id := range []string{"ana", "ben"} {
			if err := s.CreateUser(ctx, caiq.User{ID: id, Email: id + "@example.com", Created: noon}); err != nil {
				return err
			}
			m := caiq.Member{WorkspaceID: "w", UserID: id, Roles: []caiq.MemberRole{caiq.Reviewer}, Created: noon}
			if err := s.CreateMember(ctx, m); err != nil {
				return err
			}
		}
		return s.AppendEvents(ctx, &caiq.Event{WorkspaceID: "w", At: noon, Action: "workspace.create", Object: "w"})
	})
}

// seed stores a bit of everything that has guards.
func seed(t testing.TB, s *store.Store) {
	t.Helper()
	ctx := context.Background()
	must(t, found(ctx, s))
	must(t, upload(ctx, s, "r", 2))
	sum := sha256.Sum256([]byte("yaml"))
	must(t, within(ctx, s, "seed", "x", func(ctx context.Context) error {
		err := s.CreateProfile(ctx, caiq.StoredProfile{
			WorkspaceID: "w", ID: "p", Version: 1, YAML: []byte("yaml"), SHA256: hex.EncodeToString(sum[:]), CreatedBy: "ana",
		})
		if err != nil {
			return err
		}
		e := caiq.LibraryEntry{ID: "e", WorkspaceID: "w", Owner: "ana", ApprovedBy: "ben"}
		e.TextSHA256 = e.Answer.SHA256()
		_, err = s.PutLibraryEntry(ctx, e)
		return err
	}))
	must(t, s.PutCheckpoint(ctx, caiq.Checkpoint{WorkspaceID: "w", Seq: 1, Note: "n"}))
}

// upload stores a questionnaire of n questions as large as real ones.
func upload(ctx context.Context, s *store.Store, id string, n int) error {
	r := caiq.Record{ID: id, WorkspaceID: "w", Name: id + ".xlsx", State: caiq.RecordActive, Created: noon, CreatedBy: "ana"}
	qs := make([]caiq.StoredQuestion, n)
	as := make([]caiq.StoredAnswer, n)
	for i := range n {
		qs[i] = caiq.StoredQuestion{WorkspaceID: "w", RecordID: id, N: i + 1, Question: caiq.Question{
			ID: fmt.Sprintf("IAM-%02d.1", i+1), Text: strings.Repeat("Is it so? ", 20), TextHash: caiq.TextHash(strings.Repeat("Is it so? ", 20)), Domain: "IAM", Sheet: "CAIQ", Cell: fmt.Sprintf("B%d", i+3),
			Targets: []caiq.Target{
				{Role: caiq.RoleAnswer, Cell: fmt.Sprintf("C%d", i+3), Allowed: []string{"Yes", "No", "NA"}},
				{Role: caiq.RoleOwnership, Cell: fmt.Sprintf("D%d", i+3), Allowed: []string{"CSP-owned", "CSC-owned", "3rd-party outsourced"}},
				{Role: caiq.RoleDescription, Cell: fmt.Sprintf("E%d", i+3)},
			},
		}}
		as[i] = caiq.StoredAnswer{
			WorkspaceID: "w", RecordID: id, N: i + 1, Revision: 1, State: caiq.StateProposed, BasisHash: "b", Changed: noon,
			Answer: caiq.Answer{Value: caiq.Yes, Ownership: caiq.OwnerCSP, Description: strings.Repeat("We do this with care. ", 20)},
			Proposal: caiq.Proposal{Band: caiq.BandSupported, Basis: []caiq.Step{
				{Kind: caiq.StepControl, Ref: "example-saas:AC-03", Text: fmt.Sprintf("step %d: %s", i, strings.Repeat("because of this and that ", 20))},
				{Kind: caiq.StepEvidence, Ref: "example-saas:soc2-2026", Text: strings.Repeat("tested ", 30), Depth: 1},
			}},
		}
		as[i].TextSHA256 = as[i].Answer.SHA256()
	}
	return within(ctx, s, "upload", id, func(ctx context.Context) (err error) {
		if r.BlobSHA256, err = s.PutBlob(ctx, "w", []byte("file of "+id)); err != nil {
			return err
		}
		return s.CreateRecord(ctx, r, qs, as)
	})
}

// edit changes the text of an answer.
func edit(ctx context.Context, s *store.Store, a *caiq.StoredAnswer, by, description string) error {
	a.State, a.EditedBy, a.ChangedBy, a.Description = caiq.StateEdited, by, by, description
	a.ApprovedBy, a.ApprovedAt, a.ApprovedBasis = "", time.Time{}, ""
	a.TextSHA256, a.Authors = a.Answer.SHA256(), []string{by}
	return save(ctx, s, "edit", a)
}

// approve approves an answer.
func approve(ctx context.Context, s *store.Store, a *caiq.StoredAnswer, by string) error {
	a.State, a.ApprovedBy, a.ChangedBy, a.ApprovedAt, a.ApprovedBasis = caiq.StateApproved, by, by, noon, a.BasisHash
	return save(ctx, s, "approve", a)
}

func save(ctx context.Context, s *store.Store, action string, a *caiq.StoredAnswer) error {
	return within(ctx, s, action, fmt.Sprintf("%s/%d", a.RecordID, a.N), func(ctx context.Context) error {
		return s.SaveAnswers(ctx, a)
	})
}
