package app

import (
	"context"
	"strings"

	"caique/internal/caiq"
)

// Workspaces lists the workspaces of the principal; a token sees its own.
func (s *Service) Workspaces(ctx context.Context, p caiq.Principal) ([]caiq.Workspace, error) {
	all, err := s.store.Workspaces(ctx, p.User.ID)
	if err != nil || p.Scopes == nil {
		return all, err
	}
	for _, w := range all {
		if w.ID == p.Workspace.ID {
			return []caiq.Workspace{w}, nil
		}
	}
	return nil, nil
}

// Membership is a workspace with what the principal may do in it.
type Membership struct {
	caiq.Workspace
	Roles []caiq.MemberRole
}

// Memberships lists what the principal may do where.
func (s *Service) Memberships(ctx context.Context, p caiq.Principal) ([]Membership, error) {
	all, err := s.Workspaces(ctx, p)
	if err != nil {
		return nil, err
	}
	out := make([]Membership, len(all))
	for i, w := range all {
		m, err := s.store.Member(ctx, w.ID, p.User.ID)
		if err != nil {
			return nil, err
		}
		out[i] = Membership{w, m.Roles}
	}
	return out, nil
}

// CreateWorkspace makes a workspace in which the principal, who runs the
// installation, holds all roles. Whether it has a single operator is never
// changed afterwards.
func (s *Service) CreateWorkspace(ctx context.Context, p caiq.Principal, name string, singleOperator bool) (caiq.Workspace, error) {
	var w caiq.Workspace
	if err := checkWorkspaceName("name", name); err != nil {
		return w, err
	}
	err := s.inInstallation(ctx, p, ActWorkspaceCreate, func(ctx context.Context, c *change) error {
		var err error
		w, err = s.createWorkspace(ctx, c, p.User, name, singleOperator)
		if err == nil {
			c.event(ActWorkspaceCreate, "workspaces/"+w.ID)
		}
		return err
	})
	return w, err
}

// createWorkspace works inside a transaction; the new workspace's trail begins
// with its own creation.
func (s *Service) createWorkspace(ctx context.Context, c *change, u caiq.User, name string, singleOperator bool) (caiq.Workspace, error) {
	w := caiq.Workspace{ID: s.newID(), Revision: 1, Name: name, SingleOperator: singleOperator, Created: c.now}
	if err := s.store.CreateWorkspace(ctx, w); err != nil {
		return w, err
	}
	m := caiq.Member{WorkspaceID: w.ID, UserID: u.ID, Revision: 1, Roles: caiq.MemberRoles(), Created: c.now}
	if err := s.store.CreateMember(ctx, m); err != nil {
		return w, err
	}
	e := c.event(ActWorkspaceCreate, "workspaces/"+w.ID)
	e.WorkspaceID, e.Revision = w.ID, 1
	e.Detail = detail(map[string]any{"name": name, "single_operator": singleOperator, "admin": u.ID})
	return w, nil
}

// RenameWorkspace gives the principal's workspace another name.
func (s *Service) RenameWorkspace(ctx context.Context, p caiq.Principal, revision int, name string) (caiq.Workspace, error) {
	var w caiq.Workspace
	if err := checkWorkspaceName("name", name); err != nil {
		return w, err
	}
	err := s.transact(ctx, p, ActWorkspaceRename, func(ctx context.Context, c *change) error {
		var err error
		if w, err = s.store.Workspace(ctx, p.Workspace.ID); err != nil {
			return err
		}
		if w.Revision != revision {
			return staleError("workspace", revision, w.Revision)
		}
		w.Name = name
		if err := s.store.UpdateWorkspace(ctx, &w); err != nil {
			return err
		}
		e := c.event(ActWorkspaceRename, "workspaces/"+w.ID)
		e.FromRevision, e.Revision = revision, w.Revision
		e.Detail = detail(map[string]any{"name": name})
		return nil
	})
	return w, err
}

func checkWorkspaceName(field, name string) error {
	if strings.TrimSpace(name) == "" {
		return caiq.Problems{{Field: field, Code: "blank", Message: "the workspace needs a name"}}
	}
	if ps := checkLine(field, name, 200); len(ps) > 0 {
		return ps
	}
	return nil
}
