package app_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/store"
)

func (w *world) invite(t *testing.T, p caiq.Principal, email string) app.Invited {
	t.Helper()
	in, err := w.Invite(t.Context(), p, email, "As invited", []caiq.MemberRole{caiq.Viewer})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// otherWorkspace is a second workspace as its admin sees it.
func (w *world) otherWorkspace(t *testing.T) caiq.Principal {
	t.Helper()
	other, err := w.CreateWorkspace(t.Context(), w.enter(t, w.admin, caiq.Installation), "Other", false)
	if err != nil {
		t.Fatal(err)
	}
	return w.enter(t, w.admin, other.ID)
}

// reconciled fails the test unless a workspace and its trail agree.
func (w *world) reconciled(t *testing.T, workspaceID string) {
	t.Helper()
	problems, _, err := app.Reconcile(t.Context(), w.store, workspaceID)
	if err != nil || len(problems) > 0 {
		t.Errorf("%s and its trail differ: %v, %v", workspaceID, problems, err)
	}
}

// TestInvitationsTellNothingOfAccounts invites somebody who has an account and
// somebody who has none: what comes back differs in nothing but emails and ids.
func TestInvitationsTellNothingOfAccounts(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	other := w.otherWorkspace(t)
	looks := map[string]app.LinkLook{}
	for _, email := range []string{"rita@example.com", "nobody@example.com"} {
		in := w.invite(t, other, email)
		look, err := w.LookAtLink(ctx, in.Link)
		if err != nil {
			t.Fatal(err)
		}
		looks[email] = look
		_, err = w.UseLink(ctx, in.Link, "short", "")
		wantCode(t, err, "short_password")
		in.Invitation.ID, in.Invitation.Hash, in.Invitation.Created, in.Invitation.Expires = "", "", time.Time{}, time.Time{}
		want := caiq.Invitation{WorkspaceID: other.Workspace.ID, Revision: 1, Email: email, Name: "As invited", Roles: []caiq.MemberRole{caiq.Viewer}}
		if diff := cmp.Diff(want, in.Invitation); diff != "" {
			t.Error(diff)
		}
	}
	for email, look := range looks {
		if want := (app.LinkLook{Purpose: caiq.LinkInvite, Email: email, Name: "As invited", Workspace: "Other"}); look != want {
			t.Errorf("the link to %s says %+v", email, look)
		}
	}
	if members, err := w.Members(ctx, other); err != nil || len(members) != 1 {
		t.Errorf("members before anybody came: %+v, %v", members, err)
	}
}

func TestSomebodyNewComesByAPassword(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	in := w.invite(t, w.admin, "neu@example.com")
	second := w.invite(t, w.otherWorkspace(t), "neu@example.com")
	u, err := w.UseLink(ctx, in.Link, password, "")
	if err != nil || u.Name != "As invited" {
		t.Fatalf("%+v, %v", u, err)
	}
	p := w.enter(t, caiq.Principal{User: u, Auth: "pwd"}, w.admin.Workspace.ID)
	if !slices.Equal(p.Roles, []caiq.MemberRole{caiq.Viewer}) {
		t.Errorf("roles %v", p.Roles)
	}
	_, err = w.UseLink(ctx, in.Link, password, "")
	wantCode(t, err, "bad_link")
	_, err = w.UseLink(ctx, second.Link, password, "") // there is an account by now
	wantCode(t, err, "bad_link")
	if _, err := w.Join(ctx, caiq.Principal{User: u, Auth: "pwd"}, second.Link); err != nil {
		t.Error(err)
	}
	w.reconciled(t, w.admin.Workspace.ID)
	w.reconciled(t, second.Invitation.WorkspaceID)
	w.reconciled(t, caiq.Installation)
	w.verify(t)
}

func TestAnInvitationIsUsedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := w.invite(t, w.admin, "neu@example.com")
	errs := make([]error, 4)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = w.UseLink(t.Context(), in.Link, password, "") })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			wantCode(t, err, "bad_link")
		}
	}
	if won != 1 {
		t.Errorf("%d used it", won)
	}
}

func TestInvitationsAreRenewedAndWithdrawn(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	first := w.invite(t, w.admin, "neu@example.com")
	w.clock.set(w.clock.Now().Add(73 * time.Hour))
	_, err := w.UseLink(ctx, first.Link, password, "")
	wantCode(t, err, "bad_link")
	if all, err := w.Invitations(ctx, w.admin); err != nil || len(all) != 1 {
		t.Errorf("one that has run out is not shown: %v, %v", all, err)
	}
	again, err := w.Invite(ctx, w.admin, "NEU@example.com", "Neu", []caiq.MemberRole{caiq.Reviewer})
	if err != nil || again.Invitation.ID != first.Invitation.ID || again.Invitation.Revision != 2 || again.Invitation.Name != "Neu" {
		t.Fatalf("invited again: %+v, %v", again, err)
	}
	_, err = w.LookAtLink(ctx, first.Link)
	wantCode(t, err, "bad_link")
	if _, err := w.LookAtLink(ctx, again.Link); err != nil {
		t.Error(err)
	}
	wantCode(t, w.Withdraw(ctx, w.reviewer, again.Invitation.ID, 2), "not_allowed")
	wantCode(t, w.Withdraw(ctx, w.admin, again.Invitation.ID, 1), "stale")
	if err := w.Withdraw(ctx, w.admin, again.Invitation.ID, 2); err != nil {
		t.Fatal(err)
	}
	_, err = w.UseLink(ctx, again.Link, password, "")
	wantCode(t, err, "bad_link")
	_, err = w.Invite(ctx, w.admin, "rita@example.com", "Rita", []caiq.MemberRole{caiq.Viewer})
	wantCode(t, err, "exists")
	w.reconciled(t, w.admin.Workspace.ID)
	w.verify(t)
}

// TestInvitedBefore has somebody whom a version invited that made account and
// membership at once, and whose link is gone.
func TestInvitedBefore(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	before := caiq.User{ID: "before", Revision: 1, Email: "before@example.com", Name: "Before", Created: w.clock.Now()}
	roles := []caiq.MemberRole{caiq.Reviewer}
	detail, err := json.Marshal(map[string]any{"roles": roles})
	if err != nil {
		t.Fatal(err)
	}
	here := w.admin.Workspace.ID
	err = w.store.Tx(ctx, here, func(ctx context.Context) error {
		m := caiq.Member{WorkspaceID: here, UserID: before.ID, Roles: roles, Created: before.Created}
		e := &caiq.Event{WorkspaceID: here, At: before.Created, ActorKind: caiq.ActorUser, Action: "member.invite", Object: "members/before", Revision: 1, Detail: detail}
		return errors.Join(w.store.CreateUser(ctx, before), w.store.CreateMember(ctx, m), w.store.AppendEvents(ctx, e))
	})
	if err != nil {
		t.Fatal(err)
	}
	w.reconciled(t, here)
	elsewhere := w.invite(t, w.otherWorkspace(t), "before@example.com")
	_, err = w.UseLink(ctx, elsewhere.Link, password, "") // it would open this workspace to those who invite to the other
	wantCode(t, err, "bad_link")
	in := w.invite(t, w.admin, "before@example.com")
	w.reconciled(t, here)
	u, err := w.UseLink(ctx, in.Link, password, "")
	if err != nil || u.ID != before.ID || u.Name != "As invited" {
		t.Fatalf("%+v, %v", u, err)
	}
	w.reconciled(t, here)
	w.verify(t)
}

// TestATamperedInvitationIsNoticed raises the roles of an invitation in the database.
func TestATamperedInvitationIsNoticed(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "caique.db")
	db, err := store.OpenSQLite(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldOn(t, db, false)
	w.invite(t, w.admin, "neu@example.com")
	direct, err := sql.Open("sqlite", "file:"+path+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer direct.Close()
	for _, c := range []struct {
		change string
		codes  []string
	}{
		{`roles = 'admin'`, []string{"row_differs"}},
		{`roles = 'viewer', id = 'another'`, []string{"row_missing", "row_unknown"}},
	} {
		if _, err := direct.ExecContext(ctx, `UPDATE invitations SET `+c.change); err != nil {
			t.Fatal(err)
		}
		problems, _, err := app.Reconcile(ctx, w.store, w.admin.Workspace.ID)
		got := []string{}
		for _, p := range problems {
			got = append(got, p.Code)
		}
		if slices.Sort(got); err != nil || !slices.Equal(got, c.codes) {
			t.Errorf("%s: problems %v, %v", c.change, problems, err)
		}
	}
}
