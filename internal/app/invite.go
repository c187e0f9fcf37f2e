package app

import (
	"context"

	"caique/internal/caiq"
)

// Invited is somebody just invited.
type Invited struct {
	// Member is the new member. For somebody who has an account already it holds
	// what the invitation said and no UserID: they are no member before they join.
	Member caiq.Member
	// Link is the secret with which a new user chooses a password (UseLink), or
	// somebody who has an account joins (Join).
	Link string
}

// Invite invites a person to the workspace. Where there is no account one is
// made, a member at once. Whoever has an account has to join: invitations show
// nothing of people to those who guess emails, and nobody becomes a member of
// a workspace they never heard of.
func (s *Service) Invite(ctx context.Context, p caiq.Principal, email, name string, roles []caiq.MemberRole) (Invited, error) {
	email = normalEmail(email)
	if err := checkPerson(email, name); err != nil {
		return Invited{}, err
	}
	roles, err := checkRoles(roles)
	if err != nil {
		return Invited{}, err
	}
	m := caiq.Member{WorkspaceID: p.Workspace.ID, Revision: 1, Roles: roles, Email: email, Name: name}
	var out Invited
	err = s.transact(ctx, p, ActMemberInvite, func(ctx context.Context, c *change) error {
		m.Created = c.now
		u, fresh, err := s.inviteeOf(ctx, c, m)
		if err != nil {
			return err
		}
		if fresh {
			out, err = s.inviteNew(ctx, c, u, m)
		} else {
			out, err = s.inviteKnown(ctx, c, u, m)
		}
		return err
	})
	return out, err
}

// inviteeOf returns the account of an email, making it where there is none.
// One that nobody has used and that belongs nowhere is as good as new.
func (s *Service) inviteeOf(ctx context.Context, c *change, m caiq.Member) (u caiq.User, fresh bool, err error) {
	u, err = s.store.UserByEmail(ctx, m.Email)
	if err != nil && caiq.KindOf(err) == caiq.NotFound {
		u = caiq.User{ID: s.newID(), Revision: 1, Email: m.Email, Name: m.Name, Created: c.now}
		return u, true, s.store.CreateUser(ctx, u)
	}
	if err != nil || u.PasswordHash != "" {
		return u, false, err
	}
	all, err := s.store.Workspaces(ctx, u.ID)
	if err != nil || len(all) > 0 {
		return u, false, err
	}
	u.Name = m.Name
	return u, true, s.store.UpdateUser(ctx, &u)
}

func (s *Service) inviteNew(ctx context.Context, c *change, u caiq.User, m caiq.Member) (Invited, error) {
	m.UserID = u.ID
	if err := s.store.CreateMember(ctx, m); err != nil {
		return Invited{}, err
	}
	e := c.event(ActMemberInvite, "members/"+u.ID)
	e.Revision, e.Detail = 1, detail(map[string]any{"roles": m.Roles})
	link, err := s.newLink(ctx, caiq.Link{Purpose: caiq.LinkInvite, UserID: u.ID}, inviteLife)
	if err != nil {
		return Invited{}, err
	}
	m, err = s.store.Member(ctx, m.WorkspaceID, u.ID)
	return Invited{m, link}, err
}

func (s *Service) inviteKnown(ctx context.Context, c *change, u caiq.User, m caiq.Member) (Invited, error) {
	_, err := s.store.Member(ctx, m.WorkspaceID, u.ID)
	if err == nil {
		return Invited{}, caiq.Errorf(caiq.Conflict, "exists", "%s is a member already", m.Email)
	}
	if caiq.KindOf(err) != caiq.NotFound {
		return Invited{}, err
	}
	c.event(ActMemberInvite, "members").Detail = detail(map[string]any{"roles": m.Roles, "email_sha256": hashSecret(m.Email)})
	link, err := s.newLink(ctx, caiq.Link{Purpose: caiq.LinkJoin, UserID: u.ID, WorkspaceID: m.WorkspaceID, Roles: m.Roles}, inviteLife)
	return Invited{m, link}, err
}

// Join makes the principal, a person outside of any workspace, a member of the
// one that a link invites them to. Links of others are as good as none.
func (s *Service) Join(ctx context.Context, p caiq.Principal, secret string) (caiq.Workspace, error) {
	var w caiq.Workspace
	if p.Scopes != nil {
		return w, caiq.Errorf(caiq.Forbidden, "not_allowed", "tokens cannot join workspaces")
	}
	l, err := s.link(ctx, secret, caiq.LinkJoin)
	if err != nil {
		return w, err
	}
	if l.UserID != p.User.ID {
		return w, errBadLink
	}
	err = s.commit(ctx, p, l.WorkspaceID, func(ctx context.Context, c *change) error {
		if err := s.store.UseLink(ctx, l.Hash, c.now); err != nil {
			return err
		}
		m := caiq.Member{WorkspaceID: l.WorkspaceID, UserID: p.User.ID, Revision: 1, Roles: l.Roles, Created: c.now}
		if err := s.store.CreateMember(ctx, m); err != nil {
			return err
		}
		e := c.event(actJoin, "members/"+p.User.ID)
		e.Revision, e.Detail = 1, detail(map[string]any{"roles": l.Roles})
		w, err = s.store.Workspace(ctx, l.WorkspaceID)
		return err
	})
	return w, err
}
