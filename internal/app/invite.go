package app

import (
	"context"
	"slices"

	"caique/internal/caiq"
)

// Invited is somebody just invited.
type Invited struct {
	Invitation caiq.Invitation
	// Link is the secret with which somebody new chooses a password (UseLink), or
	// somebody who has an account joins (Join).
	Link string
}

// Invite invites a person to the workspace. Nobody becomes a member, and no account
// is made, before the invitation is used: what comes back, and what lists show,
// is the same whether or not there is an account, so that emails cannot be tried
// out, and nobody is put into a workspace that they never heard of. To invite
// somebody again renews the invitation; its link of before no longer works.
func (s *Service) Invite(ctx context.Context, p caiq.Principal, email, name string, roles []caiq.MemberRole) (Invited, error) {
	email = normalEmail(email)
	if err := checkPerson(email, name); err != nil {
		return Invited{}, err
	}
	roles, err := checkRoles(roles)
	if err != nil {
		return Invited{}, err
	}
	secret, err := newSecret(s.rand)
	if err != nil {
		return Invited{}, err
	}
	var v caiq.Invitation
	err = s.transact(ctx, p, ActInvite, func(ctx context.Context, c *change) error {
		if err := s.checkNoMember(ctx, c, email); err != nil {
			return err
		}
		if v, err = s.invitationTo(ctx, c, email); err != nil {
			return err
		}
		from := v.Revision
		v.Name, v.Roles, v.Hash, v.Expires = name, roles, hashSecret(secret), c.now.Add(inviteLife)
		if err := s.putInvitation(ctx, &v); err != nil {
			return err
		}
		e := c.event(ActInvite, "invitations/"+v.ID)
		e.FromRevision, e.Revision = from, v.Revision
		e.Detail = detail(map[string]any{"roles": roles, "email_sha256": hashSecret(email), "expires": v.Expires})
		return nil
	})
	return Invited{v, secret}, err
}

// checkNoMember refuses to invite members. One who never chose a password was
// invited before invitations stood by themselves: they are no longer one.
func (s *Service) checkNoMember(ctx context.Context, c *change, email string) error {
	members, err := s.store.Members(ctx, c.workspaceID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(members, func(m caiq.Member) bool { return m.Email == email })
	if i < 0 {
		return nil
	}
	u, err := s.store.User(ctx, members[i].UserID)
	if err != nil {
		return err
	}
	if u.PasswordHash != "" {
		return caiq.Errorf(caiq.Conflict, "exists", "%s is a member already", email).At("email")
	}
	return s.endMembership(ctx, c, &members[i])
}

// invitationTo returns the invitation that an email has, else a new one, which has
// revision 0.
func (s *Service) invitationTo(ctx context.Context, c *change, email string) (caiq.Invitation, error) {
	all, err := s.store.Invitations(ctx, c.workspaceID)
	if i := slices.IndexFunc(all, func(v caiq.Invitation) bool { return v.Email == email }); i >= 0 {
		return all[i], err
	}
	return caiq.Invitation{ID: s.newID(), WorkspaceID: c.workspaceID, Email: email, Created: c.now}, err
}

func (s *Service) putInvitation(ctx context.Context, v *caiq.Invitation) error {
	if v.Revision > 0 {
		return s.store.UpdateInvitation(ctx, v)
	}
	v.Revision = 1
	return s.store.CreateInvitation(ctx, *v)
}

// Invitations lists those of the principal's workspace that nobody has used yet,
// also those that have run out.
func (s *Service) Invitations(ctx context.Context, p caiq.Principal) ([]caiq.Invitation, error) {
	if err := Allow(p, ActInvitationRead); err != nil {
		return nil, err
	}
	return s.store.Invitations(ctx, p.Workspace.ID)
}

// Invitation returns one of them.
func (s *Service) Invitation(ctx context.Context, p caiq.Principal, id string) (caiq.Invitation, error) {
	if err := Allow(p, ActInvitationRead); err != nil {
		return caiq.Invitation{}, err
	}
	return s.store.Invitation(ctx, p.Workspace.ID, id)
}

// Withdraw ends an invitation: its link no longer works.
func (s *Service) Withdraw(ctx context.Context, p caiq.Principal, id string, revision int) error {
	return s.transact(ctx, p, ActWithdraw, func(ctx context.Context, c *change) error {
		v, err := s.store.Invitation(ctx, p.Workspace.ID, id)
		if err != nil {
			return err
		}
		if v.Revision != revision {
			return staleError("invitation", revision, v.Revision)
		}
		c.event(ActWithdraw, "invitations/"+id).FromRevision = revision
		return s.store.DeleteInvitation(ctx, p.Workspace.ID, id)
	})
}

// invitation returns one that can still be used, by the hash of its link.
func (s *Service) invitation(ctx context.Context, hash string) (caiq.Invitation, error) {
	v, err := s.store.InvitationByHash(ctx, hash)
	if err != nil && caiq.KindOf(err) == caiq.NotFound || err == nil && s.clock().After(v.Expires) {
		err = errBadLink
	}
	return v, err
}

// Join makes the principal, a person outside of any workspace, a member of the
// one that a link invites them to. Links of others are as good as none.
func (s *Service) Join(ctx context.Context, p caiq.Principal, secret string) (caiq.Workspace, error) {
	var w caiq.Workspace
	if p.Scopes != nil {
		return w, caiq.Errorf(caiq.Forbidden, "not_allowed", "tokens cannot join workspaces")
	}
	v, err := s.invitation(ctx, hashSecret(secret))
	if err != nil {
		return w, err
	}
	err = s.commit(ctx, p, v.WorkspaceID, func(ctx context.Context, c *change) error {
		if err := s.join(ctx, c, v.Hash, p.User); err != nil {
			return err
		}
		w, err = s.store.Workspace(ctx, v.WorkspaceID)
		return err
	})
	return w, err
}

// joinNew makes an account with a password, and a member of it, by an invitation.
func (s *Service) joinNew(ctx context.Context, p caiq.Principal, link, password string) (caiq.User, error) {
	v, err := s.invitation(ctx, link)
	if err != nil {
		return caiq.User{}, err
	}
	hash, err := s.hashNew(ctx, v.Email, password)
	if err != nil {
		return caiq.User{}, err
	}
	var u caiq.User
	err = s.commit(ctx, p, caiq.Installation, func(ctx context.Context, c *change) error {
		if u, err = s.newAccount(ctx, c, v, hash); err != nil {
			return err
		}
		c.p.User = u
		c.event(actUserCreate, "users/"+u.ID).Detail = detail(map[string]any{"workspace": v.WorkspaceID, "invitation": v.ID})
		if err := s.store.Lock(ctx, v.WorkspaceID); err != nil {
			return err
		}
		return s.join(ctx, c, link, u)
	})
	return u, err
}

// newAccount makes the account of somebody invited. One that nobody has used and
// that belongs nowhere is as good as new: it is from before invitations stood by
// themselves.
func (s *Service) newAccount(ctx context.Context, c *change, v caiq.Invitation, hash string) (caiq.User, error) {
	u, err := s.store.UserByEmail(ctx, v.Email)
	if err != nil && caiq.KindOf(err) == caiq.NotFound {
		u = caiq.User{ID: s.newID(), Revision: 1, Email: v.Email, Name: v.Name, PasswordHash: hash, Created: c.now}
		return u, s.store.CreateUser(ctx, u)
	}
	if err != nil {
		return u, err
	}
	all, err := s.store.Workspaces(ctx, u.ID)
	if err == nil && (u.PasswordHash != "" || u.Disabled || len(all) > 0) {
		err = errBadLink
	}
	if err != nil {
		return u, err
	}
	u.Name, u.PasswordHash = v.Name, hash
	return u, s.store.UpdateUser(ctx, &u)
}

// join turns an invitation, which may have been used or withdrawn by now, into the
// membership of the user whom it is for, inside a transaction of its workspace.
func (s *Service) join(ctx context.Context, c *change, link string, u caiq.User) error {
	v, err := s.invitation(ctx, link)
	if err != nil {
		return err
	}
	if v.Email != u.Email {
		return errBadLink
	}
	m := caiq.Member{WorkspaceID: v.WorkspaceID, UserID: u.ID, Revision: 1, Roles: v.Roles, Created: c.now}
	if err := s.store.CreateMember(ctx, m); err != nil {
		return err
	}
	used := c.event(actInvitationUse, "invitations/"+v.ID)
	used.WorkspaceID, used.FromRevision = v.WorkspaceID, v.Revision
	e := c.event(actJoin, "members/"+u.ID)
	e.WorkspaceID, e.Revision, e.Detail = v.WorkspaceID, 1, detail(map[string]any{"roles": v.Roles})
	return s.store.DeleteInvitation(ctx, v.WorkspaceID, v.ID)
}
