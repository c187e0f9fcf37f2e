package app_test

import (
	"slices"
	"testing"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

func TestSetUpWorksOnce(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	again, err := w.SetupLink(ctx)
	if err != nil || again != "" {
		t.Errorf("a set-up link for an installation that is set up: %q, %v", again, err)
	}
	_, _, err = w.SetUp(ctx, "guess", app.Setup{Email: "eve@example.com", Name: "Eve", Password: password, Workspace: "Mine"})
	wantCode(t, err, "bad_link")
}

func TestSignInTellsNothingApart(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	good, err := w.SignIn(ctx, app.Credentials{Email: " ADA@example.com", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Authenticate(ctx, good.Secret, "req")
	if err != nil || p.User.Email != "ada@example.com" || p.RequestID != "req" {
		t.Errorf("session of %q, %v", p.User.Email, err)
	}
	for _, c := range []app.Credentials{
		{Email: "ada@example.com", Password: "wrong"},
		{Email: "nobody@example.com", Password: password},
		{Email: "rita@example.com", Password: ""}, // invited, no password yet
	} {
		_, err := w.SignIn(ctx, c)
		wantCode(t, err, "bad_credentials")
	}
	if err := w.SignOut(ctx, good.Secret); err != nil {
		t.Fatal(err)
	}
	_, err = w.Authenticate(ctx, good.Secret, "")
	wantCode(t, err, "signed_out")
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	in, err := w.SignIn(ctx, app.Credentials{Email: "ada@example.com", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.set(w.clock.Now().Add(13 * time.Hour))
	_, err = w.Authenticate(ctx, in.Secret, "")
	wantCode(t, err, "signed_out")

	in, err = w.SignIn(ctx, app.Credentials{Email: "ada@example.com", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Authenticate(ctx, in.Secret, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.ChangePassword(ctx, p, password, "another long passphrase", ""); err != nil {
		t.Fatal(err)
	}
	_, err = w.Authenticate(ctx, in.Secret, "")
	wantCode(t, err, "signed_out")
}

func TestResetsWorkOnceForTheirPurpose(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	root := w.enter(t, w.admin, caiq.Installation)
	reset := func() string {
		link, err := w.ResetLink(ctx, root, w.reviewer.User.ID)
		if err != nil {
			t.Fatal(err)
		}
		return link
	}
	link := reset()
	if look, err := w.LookAtLink(ctx, link); err != nil || look != (app.LinkLook{Purpose: caiq.LinkReset, Email: "rita@example.com", Name: "rita"}) {
		t.Errorf("the link says %+v, %v", look, err)
	}
	_, err := w.UseLink(ctx, link, "short", "")
	wantCode(t, err, "short_password")
	_, err = w.Join(ctx, caiq.Principal{User: w.reviewer.User, Auth: "pwd"}, link)
	wantCode(t, err, "bad_link")
	if _, err := w.UseLink(ctx, link, password, ""); err != nil {
		t.Fatal(err)
	}
	_, err = w.UseLink(ctx, link, password, "")
	wantCode(t, err, "bad_link")
	_, err = w.ResetLink(ctx, w.admin, w.reviewer.User.ID)
	wantCode(t, err, "not_allowed")
	late := reset()
	w.clock.set(w.clock.Now().Add(31 * time.Minute))
	_, err = w.UseLink(ctx, late, password, "")
	wantCode(t, err, "bad_link")
	_, err = w.LookAtLink(ctx, late)
	wantCode(t, err, "bad_link")
	w.verify(t)
}

func TestTokensAreBoundToScopesWorkspaceAndTime(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	expires := w.clock.Now().Add(24 * time.Hour)
	tok, secret, err := w.CreateToken(ctx, w.reviewer, app.TokenInput{Name: "ci", Scopes: []caiq.Scope{caiq.ScopeRead, caiq.ScopeEdit}, Expires: expires})
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.AuthenticateToken(ctx, secret, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Enter(ctx, p, caiq.Installation)
	wantCode(t, err, "not_found")
	p = w.enter(t, p, w.admin.Workspace.ID)
	r := w.upload(t, "Customer A")
	_, err = w.Approve(ctx, p, r.ID, 1, app.ApproveInput{Revision: 1})
	wantCode(t, err, "scope_missing")
	_, _, err = w.CreateToken(ctx, p, app.TokenInput{Name: "more", Scopes: []caiq.Scope{caiq.ScopeRead}, Expires: expires})
	wantCode(t, err, "scope_missing")
	for _, bad := range []string{secret[:len(secret)-1] + "0", "caq_", "", secret + "x"} {
		_, err = w.AuthenticateToken(ctx, bad, "")
		wantCode(t, err, "bad_token")
	}
	_, err = w.RevokeToken(ctx, w.second, tok.ID)
	wantCode(t, err, "not_found")
	if _, err := w.RevokeToken(ctx, w.admin, tok.ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.AuthenticateToken(ctx, secret, "")
	wantCode(t, err, "bad_token")
}

func TestStrangersFindNothing(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	root := w.enter(t, w.admin, caiq.Installation)
	other, err := w.CreateWorkspace(ctx, root, "Other", false)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Enter(ctx, w.reviewer, other.ID)
	wantCode(t, err, "not_found")
	r := w.upload(t, "Customer A")
	there := w.enter(t, w.admin, other.ID)
	_, err = w.Record(ctx, there, r.ID)
	if caiq.KindOf(err) != caiq.NotFound {
		t.Errorf("the record of another workspace: %v", err)
	}
	_, err = w.Edit(ctx, there, r.ID, 1, app.EditInput{Revision: 1, Answer: caiq.Answer{Value: caiq.Yes}})
	if caiq.KindOf(err) != caiq.NotFound {
		t.Errorf("editing in another workspace: %v", err)
	}
	_, err = w.Export(ctx, there, r.ID, app.ExportInput{Format: caiq.ExportJSON, Audience: caiq.ReleaseInternal})
	if caiq.KindOf(err) != caiq.NotFound {
		t.Errorf("export from another workspace: %v", err)
	}
}

func TestTheLastAdminStays(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	_, err := w.ChangeMember(ctx, w.admin, w.admin.User.ID, 1, []caiq.MemberRole{caiq.Viewer})
	wantCode(t, err, "last_admin")
	wantCode(t, w.RemoveMember(ctx, w.admin, w.admin.User.ID, 1), "last_admin")
	if err := w.RemoveMember(ctx, w.admin, w.second.User.ID, 1); err != nil {
		t.Fatal(err)
	}
	_, err = w.Enter(ctx, w.second, w.admin.Workspace.ID)
	wantCode(t, err, "not_found")
}

func TestPermissionsNameEveryActionOnceAndDenyTheRest(t *testing.T) {
	t.Parallel()
	seen := map[app.Action]bool{}
	for _, p := range app.Permissions() {
		if seen[p.Action] || len(p.Roles) == 0 {
			t.Errorf("%s stands twice or for nobody", p.Action)
		}
		seen[p.Action] = true
		for _, role := range caiq.MemberRoles() {
			person := caiq.Principal{Roles: []caiq.MemberRole{role}}
			if got := app.Allow(person, p.Action) == nil; got != slices.Contains(p.Roles, role) {
				t.Errorf("%s by a %s: %v", p.Action, role, got)
			}
			for _, scope := range caiq.Scopes() {
				person.Scopes = []caiq.Scope{scope}
				if got := app.Allow(person, p.Action) == nil; got != (slices.Contains(p.Roles, role) && scope == p.Scope) {
					t.Errorf("%s by a token of a %s with %s: %v", p.Action, role, scope, got)
				}
			}
		}
	}
	if app.Allow(caiq.Principal{Roles: caiq.MemberRoles()}, "world.end") == nil {
		t.Error("an action that the table does not name is allowed")
	}
}
