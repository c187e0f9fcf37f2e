package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"caique/internal/caiq"
)

func testWorkspaces(t *testing.T, open Open) {
	t.Run("a workspace comes back as it was stored", func(t *testing.T) {
		f := newFixture(t, open)
		w, err := f.Workspace(f.ctx, workspace)
		f.must(t, err)
		if w.Head != 1 || len(w.HeadHash) != 64 {
			t.Errorf("head %d %q after one event", w.Head, w.HeadHash)
		}
		w.HeadHash = ""
		equal(t, w, nil, caiq.Workspace{ID: workspace, Revision: 1, Name: "One", Created: epoch(), Head: 1})
	})
	t.Run("lists leave the installation out and are by user", func(t *testing.T) {
		f := newFixture(t, open)
		f.makeWorkspace(t, caiq.Workspace{ID: "a-other"}, "max")
		f.must(t, f.try(caiq.Installation, func(ctx context.Context) error {
			return f.CreateMember(ctx, caiq.Member{WorkspaceID: caiq.Installation, UserID: "max", Roles: []caiq.MemberRole{caiq.Admin}})
		}))
		for userID, want := range map[string][]string{"": {"a-other", workspace}, "ana": {workspace}, "max": {"a-other"}, "nobody": nil} {
			ws, err := f.Workspaces(f.ctx, userID)
			var ids []string
			for _, w := range ws {
				ids = append(ids, w.ID)
			}
			equal(t, ids, err, want)
		}
	})
	t.Run("renaming counts a revision, a stale rename is refused", func(t *testing.T) {
		f := newFixture(t, open)
		w, err := f.Workspace(f.ctx, workspace)
		f.must(t, err)
		old := w
		w.Name = "Two"
		f.do(t, func(ctx context.Context) error { return f.UpdateWorkspace(ctx, &w) })
		if w.Revision != 2 {
			t.Errorf("revision %d after one change", w.Revision)
		}
		err = f.try(workspace, func(ctx context.Context) error { return f.UpdateWorkspace(ctx, &old) })
		wantError(t, err, caiq.Conflict, "stale")
	})
	t.Run("members carry their user's name and can change roles", func(t *testing.T) {
		f := newFixture(t, open)
		m, err := f.Member(f.ctx, workspace, "ana")
		equal(t, m, err, caiq.Member{
			WorkspaceID: workspace, UserID: "ana", Revision: 1, Roles: []caiq.MemberRole{caiq.Uploader, caiq.Reviewer},
			Created: epoch(), Email: "ana@example.com", Name: "Name of ana",
		})
		m.Roles = []caiq.MemberRole{caiq.Admin}
		f.do(t, func(ctx context.Context) error { return f.UpdateMember(ctx, &m) })
		again, err := f.Member(f.ctx, workspace, "ana")
		equal(t, again, err, m)
		all, err := f.Members(f.ctx, workspace)
		if f.must(t, err); len(all) != 3 || all[0].UserID != "ana" || all[2].UserID != "eve" {
			t.Errorf("members %v", all)
		}
	})
	t.Run("nobody is a member twice, or of nothing, or without a role", func(t *testing.T) {
		f := newFixture(t, open)
		create := func(m caiq.Member) error {
			return f.try(m.WorkspaceID, func(ctx context.Context) error { return f.CreateMember(ctx, m) })
		}
		roles := []caiq.MemberRole{caiq.Viewer}
		wantError(t, create(caiq.Member{WorkspaceID: workspace, UserID: "ana", Roles: roles}), caiq.Conflict, "exists")
		wantError(t, create(caiq.Member{WorkspaceID: workspace, UserID: "nobody", Roles: roles}), caiq.Invalid, "unknown_reference")
		if create(caiq.Member{WorkspaceID: caiq.Installation, UserID: "ana"}) == nil {
			t.Error("a member without a role")
		}
	})
	t.Run("whoever leaves keeps no questions or tokens, and owns no library entries any more", func(t *testing.T) {
		f := newFixture(t, open)
		f.upload(t, "r", 2)
		f.do(t, func(ctx context.Context) error {
			f.must(t, f.Assign(ctx, workspace, "r", []int{1}, "ben"))
			f.must(t, f.CreateToken(ctx, caiq.Token{ID: "t", WorkspaceID: workspace, UserID: "ben", Name: "n", Expires: epoch()}))
			e := entry("e")
			e.Owner = "ben"
			_, err := f.PutLibraryEntry(ctx, e)
			return err
		})
		err := f.try(workspace, func(ctx context.Context) error { return f.DeleteMember(ctx, workspace, "ben") })
		wantError(t, err, caiq.Invalid, "unknown_reference") // an entry changes with an event of its own
		f.do(t, func(ctx context.Context) error {
			e, err := f.LibraryEntry(ctx, workspace, "e")
			f.must(t, err)
			e.Owner = ""
			f.must(t, f.UpdateLibraryEntry(ctx, &e))
			return f.DeleteMember(ctx, workspace, "ben")
		})
		row, err := f.Row(f.ctx, workspace, "r", 1)
		if f.must(t, err); row.Question.Assignee != "" {
			t.Error("still assigned")
		}
		_, err = f.Token(f.ctx, "t")
		wantMissing(t, err)
		wantMissing(t, f.try(workspace, func(ctx context.Context) error { return f.DeleteMember(ctx, workspace, "ben") }))
	})
}

func testInvitations(t *testing.T, open Open) {
	invitation := func() caiq.Invitation {
		return caiq.Invitation{
			ID: "v", WorkspaceID: workspace, Revision: 1, Email: "neu@example.com", Name: "Neu", Hash: "h",
			Roles: []caiq.MemberRole{caiq.Reviewer, caiq.Admin}, Created: epoch(), Expires: epoch().Add(time.Hour),
		}
	}
	t.Run("an invitation is kept, found by its link, renewed and ended", func(t *testing.T) {
		f := newFixture(t, open)
		v := invitation()
		f.do(t, func(ctx context.Context) error { return f.CreateInvitation(ctx, v) })
		got, err := f.Invitation(f.ctx, workspace, "v")
		equal(t, got, err, v)
		old := v
		v.Name, v.Hash, v.Roles, v.Expires = "Neue", "h2", []caiq.MemberRole{caiq.Viewer}, epoch().Add(2*time.Hour)
		f.do(t, func(ctx context.Context) error { return f.UpdateInvitation(ctx, &v) })
		got, err = f.InvitationByHash(f.ctx, "h2")
		equal(t, got, err, v)
		if v.Revision != 2 {
			t.Errorf("revision %d after one change", v.Revision)
		}
		_, err = f.InvitationByHash(f.ctx, "h")
		wantMissing(t, err)
		wantError(t, f.try(workspace, func(ctx context.Context) error { return f.UpdateInvitation(ctx, &old) }), caiq.Conflict, "stale")
		all, err := f.Invitations(f.ctx, workspace)
		equal(t, all, err, []caiq.Invitation{v})
		f.do(t, func(ctx context.Context) error { return f.DeleteInvitation(ctx, workspace, "v") })
		_, err = f.Invitation(f.ctx, workspace, "v")
		wantMissing(t, err)
		wantMissing(t, f.try(workspace, func(ctx context.Context) error { return f.DeleteInvitation(ctx, workspace, "v") }))
	})
	t.Run("a workspace invites an email once, with some role", func(t *testing.T) {
		f := newFixture(t, open)
		f.makeWorkspace(t, caiq.Workspace{ID: "other"}, "max")
		create := func(v caiq.Invitation) error {
			return f.try(v.WorkspaceID, func(ctx context.Context) error { return f.CreateInvitation(ctx, v) })
		}
		f.must(t, create(invitation()))
		second := invitation()
		second.ID, second.Hash = "v2", "h2"
		wantError(t, create(second), caiq.Conflict, "exists")
		second.WorkspaceID = "other"
		f.must(t, create(second))
		second.ID, second.Hash, second.Email, second.Roles = "v3", "h3", "b@example.com", nil
		if create(second) == nil {
			t.Error("an invitation without a role")
		}
	})
}

func testUsers(t *testing.T, open Open) {
	t.Run("a user comes back by id and by email", func(t *testing.T) {
		f := newFixture(t, open)
		u, err := f.User(f.ctx, "ana")
		equal(t, u, err, user("ana"))
		u, err = f.UserByEmail(f.ctx, "ana@example.com")
		equal(t, u, err, user("ana"))
		n, err := f.CountUsers(f.ctx)
		equal(t, n, err, 3)
		_, err = f.User(f.ctx, "nobody")
		wantMissing(t, err)
		_, err = f.UserByEmail(f.ctx, "ANA@example.com")
		wantMissing(t, err)
	})
	t.Run("an email belongs to one user", func(t *testing.T) {
		f := newFixture(t, open)
		u := user("ana2")
		u.Email = "ana@example.com"
		wantError(t, f.try(workspace, func(ctx context.Context) error { return f.CreateUser(ctx, u) }), caiq.Conflict, "exists")
	})
	t.Run("changes are stored and stale ones refused", func(t *testing.T) {
		f := newFixture(t, open)
		u := user("ana")
		u.Name, u.PasswordHash, u.Disabled = "Ana", "new", true
		f.do(t, func(ctx context.Context) error { return f.UpdateUser(ctx, &u) })
		got, err := f.User(f.ctx, "ana")
		equal(t, got, err, u)
		old := user("ana")
		wantError(t, f.try(workspace, func(ctx context.Context) error { return f.UpdateUser(ctx, &old) }), caiq.Conflict, "stale")
		none := user("nobody")
		wantMissing(t, f.try(workspace, func(ctx context.Context) error { return f.UpdateUser(ctx, &none) }))
	})
	t.Run("texts that no engine keeps are refused", func(t *testing.T) {
		f := newFixture(t, open)
		for _, bad := range []string{"nul \x00", "no utf-8 \xff"} {
			u := user("zoe")
			u.Name = bad
			wantError(t, f.try(workspace, func(ctx context.Context) error { return f.CreateUser(ctx, u) }), caiq.Invalid, "bad_text")
			_, err := f.UserByEmail(f.ctx, bad)
			wantError(t, err, caiq.Invalid, "bad_text")
		}
	})
}

func token(id string) caiq.Token {
	return caiq.Token{
		ID: id, WorkspaceID: workspace, UserID: "ana", Revision: 1, Name: "ci", Hash: "h",
		Scopes: []caiq.Scope{caiq.ScopeRead, caiq.ScopeExport}, Created: epoch(), Expires: epoch().Add(time.Hour),
	}
}

func testCredentials(t *testing.T, open Open) {
	t.Run("sessions are kept, touched and ended, on their own", func(t *testing.T) {
		f := newFixture(t, open)
		s := caiq.Session{Hash: "s1", UserID: "ana", Created: epoch(), LastSeen: epoch(), Expires: epoch().Add(time.Hour)}
		f.must(t, f.CreateSession(f.ctx, s))
		s.LastSeen = epoch().Add(time.Minute)
		f.must(t, f.TouchSession(f.ctx, "s1", s.LastSeen))
		got, err := f.Session(f.ctx, "s1")
		equal(t, got, err, s)
		f.must(t, f.DeleteSession(f.ctx, "s1"))
		f.must(t, f.DeleteSession(f.ctx, "s1"))
		_, err = f.Session(f.ctx, "s1")
		wantMissing(t, err)
		wantMissing(t, f.TouchSession(f.ctx, "s1", epoch()))
		s.UserID = "nobody"
		wantError(t, f.CreateSession(f.ctx, s), caiq.Invalid, "unknown_reference")
	})
	t.Run("all sessions of a user but one can be ended", func(t *testing.T) {
		f := newFixture(t, open)
		for hash, userID := range map[string]string{"a1": "ana", "a2": "ana", "b": "ben"} {
			f.must(t, f.CreateSession(f.ctx, caiq.Session{Hash: hash, UserID: userID, Expires: epoch()}))
		}
		f.must(t, f.DeleteSessions(f.ctx, "ana", "a1"))
		for hash, there := range map[string]bool{"a1": true, "a2": false, "b": true} {
			if _, err := f.Session(f.ctx, hash); (err == nil) != there {
				t.Errorf("session %s: %v", hash, err)
			}
		}
		f.must(t, f.DeleteSessions(f.ctx, "ana", ""))
		_, err := f.Session(f.ctx, "a1")
		wantMissing(t, err)
	})
	t.Run("tokens are kept, used and revoked", func(t *testing.T) {
		f := newFixture(t, open)
		tk := token("t1")
		f.do(t, func(ctx context.Context) error { return f.CreateToken(ctx, tk) })
		got, err := f.Token(f.ctx, "t1")
		equal(t, got, err, tk)
		f.must(t, f.TouchToken(f.ctx, "t1", epoch()))
		tk.LastUsed, tk.Revoked = epoch(), epoch().Add(time.Second)
		f.do(t, func(ctx context.Context) error { return f.UpdateToken(ctx, &tk) })
		all, err := f.Tokens(f.ctx, workspace, "")
		equal(t, all, err, []caiq.Token{tk})
		of, err := f.Tokens(f.ctx, workspace, "ben")
		equal(t, of, err, nil)
	})
	t.Run("users are listed page by page", func(t *testing.T) {
		f := newFixture(t, open)
		var ids []string
		for after, page := "", 1; page > 0; {
			us, err := f.Users(f.ctx, after, 1)
			f.must(t, err)
			if page = len(us); page > 0 {
				after = us[0].ID
				ids = append(ids, after)
			}
		}
		n, err := f.CountUsers(f.ctx)
		equal(t, len(ids), err, n)
		if n < 2 || !slices.IsSorted(ids) {
			t.Errorf("users %v", ids)
		}
	})
	t.Run("a link works once", func(t *testing.T) {
		f := newFixture(t, open)
		l := caiq.Link{Hash: "l", Purpose: caiq.LinkReset, UserID: "ana", Created: epoch(), Expires: epoch().Add(time.Hour)}
		f.must(t, f.CreateLink(f.ctx, l))
		f.must(t, f.CreateLink(f.ctx, caiq.Link{Hash: "s", Purpose: caiq.LinkSetup, Expires: epoch()}))
		f.must(t, f.UseLink(f.ctx, "l", epoch()))
		l.Used = epoch()
		got, err := f.Link(f.ctx, "l")
		equal(t, got, err, l)
		wantError(t, f.UseLink(f.ctx, "l", epoch()), caiq.Conflict, "used")
		wantMissing(t, f.UseLink(f.ctx, "none", epoch()))
	})
	t.Run("failed tries are counted within a window", func(t *testing.T) {
		f := newFixture(t, open)
		window := 15 * time.Minute
		for i := 1; i <= 3; i++ {
			at := epoch().Add(time.Duration(i) * time.Minute)
			a, err := f.CountAttempt(f.ctx, "k", at, window)
			equal(t, a, err, caiq.Attempts{Count: i, Since: epoch().Add(time.Minute), Last: at})
		}
		later := epoch().Add(17 * time.Minute)
		a, err := f.CountAttempt(f.ctx, "k", later, window)
		equal(t, a, err, caiq.Attempts{Count: 1, Since: later, Last: later})
		f.must(t, f.ForgetAttempts(f.ctx, "k"))
		a, err = f.Attempts(f.ctx, "k")
		equal(t, a, err, caiq.Attempts{})
	})
	t.Run("what has expired can be swept", func(t *testing.T) {
		f := newFixture(t, open)
		old, fresh := epoch().Add(-time.Second), epoch().Add(time.Second)
		f.must(t, f.CreateSession(f.ctx, caiq.Session{Hash: "old", UserID: "ana", Expires: old}))
		f.must(t, f.CreateSession(f.ctx, caiq.Session{Hash: "fresh", UserID: "ana", Expires: fresh}))
		f.must(t, f.CreateLink(f.ctx, caiq.Link{Hash: "old", Purpose: caiq.LinkReset, UserID: "ana", Expires: old}))
		_, err := f.CountAttempt(f.ctx, "k", epoch().Add(-25*time.Hour), time.Minute)
		f.must(t, err)
		f.must(t, f.DeleteExpired(f.ctx, epoch()))
		_, err = f.Session(f.ctx, "old")
		wantMissing(t, err)
		_, err = f.Session(f.ctx, "fresh")
		f.must(t, err)
		_, err = f.Link(f.ctx, "old")
		wantMissing(t, err)
		a, err := f.Attempts(f.ctx, "k")
		equal(t, a, err, caiq.Attempts{})
	})
}
