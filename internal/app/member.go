package app

import (
	"context"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// Members lists who belongs to the principal's workspace.
func (s *Service) Members(ctx context.Context, p caiq.Principal) ([]caiq.Member, error) {
	if err := Allow(p, ActMemberRead); err != nil {
		return nil, err
	}
	return s.store.Members(ctx, p.Workspace.ID)
}

// Member returns one of them.
func (s *Service) Member(ctx context.Context, p caiq.Principal, userID string) (caiq.Member, error) {
	if err := Allow(p, ActMemberRead); err != nil {
		return caiq.Member{}, err
	}
	return s.store.Member(ctx, p.Workspace.ID, userID)
}

// checkRoles sorts roles and refuses unknown ones and none.
func checkRoles(roles []caiq.MemberRole) ([]caiq.MemberRole, error) {
	var out []caiq.MemberRole
	for _, r := range caiq.MemberRoles() {
		if slices.Contains(roles, r) {
			out = append(out, r)
		}
	}
	for _, r := range roles {
		if !slices.Contains(out, r) {
			return nil, caiq.Problems{{Field: "roles", Code: "unknown_role", Message: "there is no role " + clip(string(r)) + "; roles are " + listed(caiq.MemberRoles())}}
		}
	}
	if len(out) == 0 {
		return nil, caiq.Problems{{Field: "roles", Code: "blank", Message: "a member holds at least one role"}}
	}
	return out, nil
}

// listed joins values for a message.
func listed[T ~string](all []T) string {
	texts := make([]string, len(all))
	for i, v := range all {
		texts[i] = string(v)
	}
	return strings.Join(texts, ", ")
}

// ChangeMember gives a member other roles.
func (s *Service) ChangeMember(ctx context.Context, p caiq.Principal, userID string, revision int, roles []caiq.MemberRole) (caiq.Member, error) {
	roles, err := checkRoles(roles)
	if err != nil {
		return caiq.Member{}, err
	}
	var m caiq.Member
	err = s.transact(ctx, p, ActMemberChange, func(ctx context.Context, c *change) error {
		var err error
		if m, err = s.store.Member(ctx, p.Workspace.ID, userID); err != nil {
			return err
		}
		if m.Revision != revision {
			return staleError("member", revision, m.Revision)
		}
		before := m.Roles
		m.Roles = roles
		if !slices.Contains(roles, caiq.Admin) {
			if err := s.checkAdminLeft(ctx, p.Workspace, userID); err != nil {
				return err
			}
		}
		if err := s.store.UpdateMember(ctx, &m); err != nil {
			return err
		}
		e := c.event(ActMemberChange, "members/"+userID)
		e.FromRevision, e.Revision = revision, m.Revision
		e.Detail = detail(map[string]any{"from": before, "to": roles})
		return nil // the next request has the new roles: they are read each time
	})
	return m, err
}

// RemoveMember ends a membership, with its tokens. The library entries that the
// member owned have no owner from then on, each with an event that says so.
func (s *Service) RemoveMember(ctx context.Context, p caiq.Principal, userID string, revision int) error {
	return s.transact(ctx, p, ActMemberRemove, func(ctx context.Context, c *change) error {
		m, err := s.store.Member(ctx, p.Workspace.ID, userID)
		if err != nil {
			return err
		}
		if m.Revision != revision {
			return staleError("member", revision, m.Revision)
		}
		if err := s.checkAdminLeft(ctx, p.Workspace, userID); err != nil {
			return err
		}
		return s.endMembership(ctx, c, &m)
	})
}

// endMembership ends a membership inside a transaction.
func (s *Service) endMembership(ctx context.Context, c *change, m *caiq.Member) error {
	e := c.event(ActMemberRemove, "members/"+m.UserID)
	e.FromRevision, e.Detail = m.Revision, detail(map[string]any{"roles": m.Roles})
	if err := s.disown(ctx, c, m.UserID); err != nil {
		return err
	}
	if err := s.endTokens(ctx, c, m.UserID); err != nil {
		return err
	}
	return s.store.DeleteMember(ctx, m.WorkspaceID, m.UserID)
}

// disown takes the library entries of somebody who leaves from them.
func (s *Service) disown(ctx context.Context, c *change, userID string) error {
	entries, err := s.store.LibraryEntries(ctx, c.workspaceID, caiq.LibraryFilter{Owner: userID, Retired: true})
	if err != nil {
		return err
	}
	for i := range entries {
		entries[i].Owner = ""
		if err := s.saveLibraryEntry(ctx, c, &entries[i]); err != nil {
			return err
		}
	}
	return nil
}

// endTokens says in the trail which tokens end with a membership.
func (s *Service) endTokens(ctx context.Context, c *change, userID string) error {
	tokens, err := s.store.Tokens(ctx, c.workspaceID, userID)
	for _, t := range tokens {
		c.event(ActTokenRevoke, "tokens/"+t.ID).FromRevision = t.Revision
	}
	return err
}

// checkAdminLeft keeps a workspace from having nobody who can manage it.
func (s *Service) checkAdminLeft(ctx context.Context, w caiq.Workspace, without string) error {
	members, err := s.store.Members(ctx, w.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.UserID != without && !m.Disabled && slices.Contains(m.Roles, caiq.Admin) {
			return nil
		}
	}
	return caiq.Errorf(caiq.Conflict, "last_admin", "the workspace %s needs an admin", w.Name).WithHint("make somebody else an admin of it first")
}
