package app

import (
	"context"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// foundedBy returns the workspace that an event of the installation's trail made.
func foundedBy(e *caiq.Event) string {
	if e.WorkspaceID != caiq.Installation {
		return ""
	}
	switch Action(e.Action) {
	case ActWorkspaceCreate:
		_, id, _ := strings.Cut(e.Object, "/")
		return id
	case actSetUp:
		return detailOf(e).Workspace
	default:
		return ""
	}
}

// workspaces compares those there are with those that the installation made.
func (r *reconciling) workspaces(ctx context.Context) error {
	if r.workspaceID != caiq.Installation {
		return nil
	}
	all, err := r.store.Workspaces(ctx, "")
	if err != nil {
		return err
	}
	there := make(map[string]bool)
	for _, w := range all {
		if there[w.ID] = true; r.said.founded[w.ID] == 0 {
			r.problem("workspace_unknown", "workspaces/"+w.ID, "no event made it")
		}
	}
	for _, id := range sortedKeys(r.said.founded) {
		if !there[id] {
			r.problem("workspace_missing", "workspaces/"+id, "event %d made it, workspaces are never deleted, and it is not there: all of it is gone, its trail too", r.said.founded[id])
		}
	}
	return nil
}

// members compares who belongs to the workspace, and with which roles.
func (r *reconciling) members(ctx context.Context) error {
	members, err := r.store.Members(ctx, r.workspaceID)
	if err != nil {
		return err
	}
	there := make(map[string]bool)
	for i := range members {
		there[members[i].UserID] = true
		if err := r.member(ctx, &members[i]); err != nil {
			return err
		}
	}
	for _, id := range sortedKeys(r.said.roles) {
		if id != "" && !there[id] {
			r.problem("member_missing", "members/"+id, "%s is a member by the trail and is not there", id)
		}
	}
	return nil
}

func (r *reconciling) member(ctx context.Context, m *caiq.Member) error {
	of := sealed{noun: "members", id: m.UserID}
	roles, known := r.said.roles[m.UserID]
	_, hashed := r.said.sealed[of]
	switch {
	case !known:
		r.problem("member_unknown", of.object(), "no event made %s a member", m.UserID)
	case !slices.Equal(sortedRoles(roles), sortedRoles(m.Roles)):
		r.problem("roles_differ", of.object(), "the roles are %v, the trail says %v", m.Roles, roles)
	case hashed:
		return r.row(ctx, of)
	default:
		r.before["members"]++
	}
	return nil
}

func sortedRoles(roles []caiq.MemberRole) []caiq.MemberRole {
	return slices.Sorted(slices.Values(roles))
}
