package app

import (
	"context"
	"slices"
	"time"

	"caique/internal/caiq"
)

// SetupLink makes the one-time secret with which an installation without users
// is set up; "" when it is set up already. Each call makes another one.
func (s *Service) SetupLink(ctx context.Context) (string, error) {
	done, err := s.IsSetUp(ctx)
	if err != nil || done {
		return "", err
	}
	return s.newLink(ctx, caiq.Link{Purpose: caiq.LinkSetup}, setupLife)
}

// IsSetUp reports whether the installation has its first account.
func (s *Service) IsSetUp(ctx context.Context) (bool, error) {
	n, err := s.store.CountUsers(ctx)
	return n > 0, err
}

// Setup is the first user and workspace of an installation.
type Setup struct {
	Email          string
	Name           string
	Password       string
	Workspace      string // its name
	SingleOperator bool   // see caiq.Workspace
	RequestID      string
}

// SetUp uses the set-up link: it makes the first user, who runs the installation
// and holds all roles in the first workspace. Of several, one succeeds.
func (s *Service) SetUp(ctx context.Context, secret string, in Setup) (caiq.User, caiq.Workspace, error) {
	var u caiq.User
	var w caiq.Workspace
	in.Email = normalEmail(in.Email)
	if _, err := s.link(ctx, secret, caiq.LinkSetup); err != nil {
		return u, w, err
	}
	if err := checkPerson(in.Email, in.Name); err != nil {
		return u, w, err
	}
	if err := checkWorkspaceName("workspace", in.Workspace); err != nil {
		return u, w, err
	}
	hash, err := s.hashNew(ctx, in.Email, in.Password)
	if err != nil {
		return u, w, err
	}
	p := caiq.Principal{Auth: "link", RequestID: in.RequestID}
	err = s.commit(ctx, p, caiq.Installation, func(ctx context.Context, c *change) error {
		done, err := s.IsSetUp(ctx)
		if err == nil && done {
			err = errBadLink
		}
		if err != nil {
			return err
		}
		if err := s.store.UseLink(ctx, hashSecret(secret), c.now); err != nil {
			return err
		}
		u = caiq.User{ID: s.newID(), Revision: 1, Email: in.Email, Name: in.Name, PasswordHash: hash, Created: c.now}
		if err := s.store.CreateUser(ctx, u); err != nil {
			return err
		}
		admin := caiq.Member{WorkspaceID: caiq.Installation, UserID: u.ID, Revision: 1, Roles: []caiq.MemberRole{caiq.Admin}, Created: c.now}
		if err := s.store.CreateMember(ctx, admin); err != nil {
			return err
		}
		c.p.User = u
		w, err = s.createWorkspace(ctx, c, u, in.Workspace, in.SingleOperator)
		if err != nil {
			return err
		}
		c.event(actSetUp, "users/"+u.ID).Detail = detail(map[string]any{"workspace": w.ID})
		return nil
	})
	return u, w, err
}

// ChangePassword changes one's own password, which must be given once more. All
// other sessions end; keep is the secret of the one that stays.
func (s *Service) ChangePassword(ctx context.Context, p caiq.Principal, old, password, keep string) error {
	if p.Auth != authPassword {
		return caiq.Errorf(caiq.Forbidden, "not_allowed", "tokens cannot change passwords")
	}
	tries := "password:" + p.User.ID
	if err := s.takeTurn(ctx, tries); err != nil {
		return err
	}
	ok, err := s.hasher.matches(ctx, old, p.User.PasswordHash)
	if err != nil {
		return err
	}
	if !ok {
		return caiq.Errorf(caiq.Forbidden, "bad_credentials", "the old password is wrong").At("old")
	}
	hash, err := s.hashNew(ctx, p.User.Email, password)
	if err != nil {
		return err
	}
	except := ""
	if keep != "" {
		except = hashSecret(keep)
	}
	if _, err = s.setPassword(ctx, p, p.User.ID, hash, except, nil); err != nil {
		return err
	}
	return s.store.ForgetAttempts(ctx, tries)
}

// setPassword stores a hash and ends the user's sessions but one; before, if
// any, takes part in the transaction.
func (s *Service) setPassword(
	ctx context.Context, p caiq.Principal, userID, hash, except string, before func(context.Context, time.Time) error,
) (caiq.User, error) {
	var u caiq.User
	err := s.commit(ctx, p, caiq.Installation, func(ctx context.Context, c *change) error {
		if before != nil {
			if err := before(ctx, c.now); err != nil {
				return err
			}
		}
		var err error
		if u, err = s.store.User(ctx, userID); err != nil {
			return err
		}
		if u.Disabled {
			return errBadLink
		}
		c.p.User = u
		u.PasswordHash = hash
		if err := s.store.UpdateUser(ctx, &u); err != nil {
			return err
		}
		c.event(actPassword, "users/"+u.ID)
		return s.store.DeleteSessions(ctx, u.ID, except)
	})
	return u, err
}

// Users lists so many accounts of the installation at most, those after an id.
// Only who runs it may: p is inside caiq.Installation.
func (s *Service) Users(ctx context.Context, p caiq.Principal, after string, limit int) ([]caiq.User, error) {
	if err := allowInstallation(p, ActUserRead); err != nil {
		return nil, err
	}
	return s.store.Users(ctx, after, limit)
}

// User returns one of them.
func (s *Service) User(ctx context.Context, p caiq.Principal, id string) (caiq.User, error) {
	if err := allowInstallation(p, ActUserRead); err != nil {
		return caiq.User{}, err
	}
	return s.store.User(ctx, id)
}

// ResetLink makes a link by which a user chooses a new password. Only who runs
// the installation may: p is inside caiq.Installation.
func (s *Service) ResetLink(ctx context.Context, p caiq.Principal, userID string) (string, error) {
	var secret string
	err := s.inInstallation(ctx, p, ActUserReset, func(ctx context.Context, c *change) error {
		u, err := s.store.User(ctx, userID)
		if err != nil {
			return err
		}
		c.event(ActUserReset, "users/"+u.ID)
		secret, err = s.newLink(ctx, caiq.Link{Purpose: caiq.LinkReset, UserID: u.ID}, resetLife)
		return err
	})
	return secret, err
}

// DisableUser locks an account out of the installation, or lets it in again. Its
// sessions end and its tokens no longer work. A workspace's only admin stays.
func (s *Service) DisableUser(ctx context.Context, p caiq.Principal, userID string, revision int, disabled bool) (caiq.User, error) {
	var u caiq.User
	err := s.inInstallation(ctx, p, ActUserDisable, func(ctx context.Context, c *change) error {
		if userID == p.User.ID {
			return caiq.Errorf(caiq.Conflict, "own_account", "nobody disables their own account")
		}
		var err error
		if u, err = s.store.User(ctx, userID); err != nil {
			return err
		}
		if u.Revision != revision {
			return staleError("user", revision, u.Revision)
		}
		if disabled {
			if err := s.checkReplaceable(ctx, userID); err != nil {
				return err
			}
		}
		u.Disabled = disabled
		if err := s.store.UpdateUser(ctx, &u); err != nil {
			return err
		}
		e := c.event(ActUserDisable, "users/"+u.ID)
		e.FromRevision, e.Revision, e.Detail = revision, u.Revision, detail(map[string]any{"disabled": disabled})
		return s.store.DeleteSessions(ctx, u.ID, "")
	})
	return u, err
}

// checkReplaceable refuses to lock somebody out without whom a workspace has no
// admin. What others change there waits until the account's change is over: its
// other admin could go meanwhile.
func (s *Service) checkReplaceable(ctx context.Context, userID string) error {
	all, err := s.store.Workspaces(ctx, userID)
	if err != nil {
		return err
	}
	for _, w := range all {
		if err := s.store.Lock(ctx, w.ID); err != nil {
			return err
		}
		m, err := s.store.Member(ctx, w.ID, userID)
		if err == nil && slices.Contains(m.Roles, caiq.Admin) {
			err = s.checkAdminLeft(ctx, w, userID)
		}
		if err != nil && caiq.KindOf(err) != caiq.NotFound { // who left meanwhile is missed by nobody
			return err
		}
	}
	return nil
}

// inInstallation runs what only who runs the installation may do.
func (s *Service) inInstallation(ctx context.Context, p caiq.Principal, a Action, fn func(context.Context, *change) error) error {
	if err := allowInstallation(p, a); err != nil {
		return err
	}
	return s.transact(ctx, p, a, fn)
}

func allowInstallation(p caiq.Principal, a Action) error {
	if p.Workspace.ID != caiq.Installation {
		return caiq.Errorf(caiq.Forbidden, "not_allowed", "%s belongs to those who run the installation", a)
	}
	return Allow(p, a)
}
