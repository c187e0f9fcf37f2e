package store

import (
	"context"

	"caique/internal/caiq"
)

const selectInvitations = `SELECT workspace_id, id, revision, email, name, roles, hash, created, expires FROM invitations`

func scanInvitation(row scanner) (caiq.Invitation, error) {
	var v caiq.Invitation
	err := row.Scan(&v.WorkspaceID, &v.ID, &v.Revision, &v.Email, &v.Name, scanWords[caiq.MemberRole]{&v.Roles}, &v.Hash,
		(*scanTime)(&v.Created), (*scanTime)(&v.Expires))
	return v, err
}

// Invitation implements app.Store.
func (s *Store) Invitation(ctx context.Context, workspaceID, id string) (caiq.Invitation, error) {
	return one(ctx, s, "invitation", scanInvitation, selectInvitations+` WHERE workspace_id = $1 AND id = $2`, workspaceID, id)
}

// InvitationByHash implements app.Store.
func (s *Store) InvitationByHash(ctx context.Context, hash string) (caiq.Invitation, error) {
	return one(ctx, s, "invitation", scanInvitation, selectInvitations+` WHERE hash = $1`, hash)
}

// Invitations implements app.Store.
func (s *Store) Invitations(ctx context.Context, workspaceID string) ([]caiq.Invitation, error) {
	return list(ctx, s, scanInvitation, selectInvitations+` WHERE workspace_id = $1 ORDER BY id`, workspaceID)
}

// CreateInvitation implements app.Store.
func (s *Store) CreateInvitation(ctx context.Context, v caiq.Invitation) error {
	if err := s.change(ctx, v.WorkspaceID); err != nil {
		return err
	}
	_, err := s.exec(ctx,
		`INSERT INTO invitations (workspace_id, id, revision, email, name, roles, hash, created, expires)
		VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8)`,
		v.WorkspaceID, v.ID, v.Email, v.Name, joinWords(v.Roles), v.Hash, micros(v.Created), micros(v.Expires))
	return err
}

// UpdateInvitation implements app.Store.
func (s *Store) UpdateInvitation(ctx context.Context, v *caiq.Invitation) error {
	if err := s.change(ctx, v.WorkspaceID); err != nil {
		return err
	}
	n, err := s.exec(ctx,
		`UPDATE invitations SET revision = revision + 1, name = $4, roles = $5, hash = $6, expires = $7
		WHERE workspace_id = $1 AND id = $2 AND revision = $3`,
		v.WorkspaceID, v.ID, v.Revision, v.Name, joinWords(v.Roles), v.Hash, micros(v.Expires))
	if err != nil {
		return err
	}
	return s.revised(ctx, "invitation", n, &v.Revision,
		`SELECT revision FROM invitations WHERE workspace_id = $1 AND id = $2`, v.WorkspaceID, v.ID)
}

// DeleteInvitation implements app.Store.
func (s *Store) DeleteInvitation(ctx context.Context, workspaceID, id string) error {
	if err := s.change(ctx, workspaceID); err != nil {
		return err
	}
	n, err := s.exec(ctx, `DELETE FROM invitations WHERE workspace_id = $1 AND id = $2`, workspaceID, id)
	return found(n, err, "invitation")
}
