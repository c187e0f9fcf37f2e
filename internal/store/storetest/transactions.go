package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"caique/internal/caiq"
)

func testTransactions(t *testing.T, open Open) {
	t.Run("what changes something works inside transactions only", func(t *testing.T) {
		f := newFixture(t, open)
		w, err := f.Workspace(f.ctx, workspace)
		f.must(t, err)
		r, qs, as := record("r", 1)
		_, blobErr := f.PutBlob(f.ctx, workspace, []byte("x"))
		_, entryErr := f.PutLibraryEntry(f.ctx, entry("e"))
		_, listErr := f.PutAnswerList(f.ctx, workspace, "r", nil)
		for name, err := range map[string]error{
			"CreateWorkspace": f.CreateWorkspace(f.ctx, caiq.Workspace{ID: "v"}), "UpdateWorkspace": f.UpdateWorkspace(f.ctx, &w),
			"CreateMember": f.CreateMember(f.ctx, caiq.Member{WorkspaceID: workspace}), "DeleteMember": f.DeleteMember(f.ctx, workspace, "ana"),
			"UpdateMember":     f.UpdateMember(f.ctx, &caiq.Member{WorkspaceID: workspace}),
			"CreateInvitation": f.CreateInvitation(f.ctx, caiq.Invitation{WorkspaceID: workspace}), "DeleteInvitation": f.DeleteInvitation(f.ctx, workspace, "v"),
			"UpdateInvitation": f.UpdateInvitation(f.ctx, &caiq.Invitation{WorkspaceID: workspace}), "Lock": f.Lock(f.ctx, workspace),
			"CreateUser": f.CreateUser(f.ctx, user("zoe")), "UpdateUser": f.UpdateUser(f.ctx, &caiq.User{ID: "ana"}),
			"CreateToken": f.CreateToken(f.ctx, token("t")), "UpdateToken": f.UpdateToken(f.ctx, &caiq.Token{WorkspaceID: workspace}),
			"PutBlob": blobErr, "PutAnswerList": listErr, "CreateRecord": f.CreateRecord(f.ctx, r, qs, as), "UpdateRecord": f.UpdateRecord(f.ctx, &r),
			"DeleteRecord": f.DeleteRecord(f.ctx, workspace, "r"), "SaveAnswers": f.SaveAnswers(f.ctx, &as[0]),
			"Assign": f.Assign(f.ctx, workspace, "r", []int{1}, "ana"), "CreateComment": f.CreateComment(f.ctx, caiq.Comment{WorkspaceID: workspace}),
			"PutLibraryEntry": entryErr, "UpdateLibraryEntry": f.UpdateLibraryEntry(f.ctx, &caiq.LibraryEntry{WorkspaceID: workspace}),
			"CreateProfile": f.CreateProfile(f.ctx, caiq.StoredProfile{WorkspaceID: workspace}),
			"CreateExport":  f.CreateExport(f.ctx, caiq.Export{WorkspaceID: workspace}), "AppendEvents": f.AppendEvents(f.ctx, event(workspace, "x")),
			"CreateIdempotencyKey": f.CreateIdempotencyKey(f.ctx, caiq.IdempotencyKey{WorkspaceID: workspace}),
		} {
			if err == nil || !strings.Contains(err.Error(), "outside of a transaction") {
				t.Errorf("%s outside of a transaction: %v", name, err)
			}
		}
	})
	t.Run("a change without an event is refused and rolled back", func(t *testing.T) {
		f := newFixture(t, open)
		err := f.Tx(f.ctx, workspace, func(ctx context.Context) error {
			return f.DeleteMember(ctx, workspace, "eve")
		})
		if err == nil || caiq.KindOf(err) != caiq.Internal {
			t.Fatalf("change without event: %v", err)
		}
		if _, err := f.Member(f.ctx, workspace, "eve"); err != nil {
			t.Fatalf("the change stayed: %v", err)
		}
	})
	t.Run("a workspace that is locked as well can be changed, with an event of its own", func(t *testing.T) {
		f := newFixture(t, open)
		invite := func(events ...*caiq.Event) error {
			return f.Tx(f.ctx, caiq.Installation, func(ctx context.Context) error {
				if err := errors.Join(f.Lock(ctx, workspace), f.Lock(ctx, workspace)); err != nil {
					return err
				}
				v := caiq.Invitation{ID: "v", WorkspaceID: workspace, Email: "e", Hash: "h", Roles: []caiq.MemberRole{caiq.Viewer}}
				return errors.Join(f.CreateInvitation(ctx, v), f.AppendEvents(ctx, events...))
			})
		}
		if invite(event(caiq.Installation, "user.create")) == nil {
			t.Error("a change without an event in its own trail")
		}
		f.must(t, invite(event(caiq.Installation, "user.create"), event(workspace, "invitation.create")))
		w, err := f.Workspace(f.ctx, workspace)
		equal(t, w.Head, err, 2)
		wantMissing(t, f.Tx(f.ctx, caiq.Installation, func(ctx context.Context) error { return f.Lock(ctx, "nowhere") }))
	})
	t.Run("a new workspace needs an event of its own trail", func(t *testing.T) {
		f := newFixture(t, open)
		err := f.Tx(f.ctx, caiq.Installation, func(ctx context.Context) error {
			if err := f.CreateWorkspace(ctx, caiq.Workspace{ID: "v"}); err != nil {
				return err
			}
			return f.AppendEvents(ctx, event(caiq.Installation, "workspace.create"))
		})
		if err == nil {
			t.Fatal("a workspace without an event")
		}
		_, err = f.Workspace(f.ctx, "v")
		wantMissing(t, err)
	})
	t.Run("a change of an account needs an event of some trail", func(t *testing.T) {
		f := newFixture(t, open)
		err := f.Tx(f.ctx, workspace, func(ctx context.Context) error { return f.CreateUser(ctx, user("zoe")) })
		if err == nil {
			t.Fatal("a user without an event")
		}
		f.do(t, func(ctx context.Context) error { return f.CreateUser(ctx, user("zoe")) })
	})
	t.Run("reading alone needs no event", func(t *testing.T) {
		f := newFixture(t, open)
		f.must(t, f.Tx(f.ctx, workspace, func(ctx context.Context) error {
			_, err := f.Members(ctx, workspace)
			return err
		}))
	})
	t.Run("an error rolls everything back, the trail included", func(t *testing.T) {
		f := newFixture(t, open)
		before, err := f.Workspace(f.ctx, workspace)
		f.must(t, err)
		err = f.try(workspace, func(ctx context.Context) error {
			f.must(t, f.DeleteMember(ctx, workspace, "eve"))
			f.must(t, f.AppendEvents(ctx, event(workspace, "x")))
			return errGiveUp
		})
		if !errors.Is(err, errGiveUp) {
			t.Fatalf("error of fn: %v", err)
		}
		after, err := f.Workspace(f.ctx, workspace)
		equal(t, after, err, before)
		_, err = f.Member(f.ctx, workspace, "eve")
		f.must(t, err)
	})
	t.Run("a panic rolls back and passes", func(t *testing.T) {
		f := newFixture(t, open)
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = f.try(workspace, func(ctx context.Context) error {
				f.must(t, f.DeleteMember(ctx, workspace, "eve"))
				panic("boom")
			})
		}()
		_, err := f.Member(f.ctx, workspace, "eve")
		f.must(t, err)
		f.do(t, func(context.Context) error { return nil }) // and the next one runs
	})
	t.Run("an error of the database cannot be ignored", func(t *testing.T) {
		f := newFixture(t, open)
		err := f.try(workspace, func(ctx context.Context) error {
			wantError(t, f.CreateUser(ctx, user("ana")), caiq.Conflict, "exists")
			return nil
		})
		if err == nil {
			t.Fatal("committed after an error")
		}
	})
	t.Run("what is not there or stale may be ignored", func(t *testing.T) {
		f := newFixture(t, open)
		f.do(t, func(ctx context.Context) error {
			_, err := f.Record(ctx, workspace, "none")
			wantMissing(t, err)
			wantError(t, f.UpdateUser(ctx, &caiq.User{ID: "ana", Revision: 7}), caiq.Conflict, "stale")
			return nil
		})
	})
	t.Run("a transaction sees what it wrote, others do not", func(t *testing.T) {
		f := newFixture(t, open)
		f.do(t, func(ctx context.Context) error {
			if err := f.DeleteMember(ctx, workspace, "eve"); err != nil {
				return err
			}
			_, err := f.Member(ctx, workspace, "eve")
			wantMissing(t, err)
			return nil
		})
	})
	t.Run("transactions do not nest", func(t *testing.T) {
		f := newFixture(t, open)
		err := f.Tx(f.ctx, workspace, func(ctx context.Context) error {
			return f.Tx(ctx, workspace, func(context.Context) error { return nil })
		})
		if err == nil {
			t.Fatal("nested")
		}
	})
	t.Run("a transaction of one workspace changes no other and writes no event there", func(t *testing.T) {
		f := newFixture(t, open)
		f.makeWorkspace(t, caiq.Workspace{ID: "other"}, "max")
		if err := f.try(workspace, func(ctx context.Context) error { return f.DeleteMember(ctx, "other", "max") }); err == nil {
			t.Error("changed another workspace")
		}
		if err := f.try(workspace, func(ctx context.Context) error { return f.AppendEvents(ctx, event("other", "x")) }); err == nil {
			t.Error("wrote into another trail")
		}
	})
	t.Run("a transaction of an unknown workspace is not found", func(t *testing.T) {
		f := newFixture(t, open)
		wantMissing(t, f.try("nowhere", func(context.Context) error { return nil }))
	})
	t.Run("a caller who gives up gets no change", func(t *testing.T) {
		f := newFixture(t, open)
		ctx, cancel := context.WithCancel(f.ctx)
		err := f.Tx(ctx, workspace, func(ctx context.Context) error {
			f.must(t, f.DeleteMember(ctx, workspace, "eve"))
			f.must(t, f.AppendEvents(ctx, event(workspace, "x")))
			cancel()
			return nil
		})
		if err == nil {
			t.Fatal("committed for a caller who is gone")
		}
		_, err = f.Member(f.ctx, workspace, "eve")
		f.must(t, err)
	})
}
