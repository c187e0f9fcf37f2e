package store

import (
	"context"

	"caique/internal/caiq"
)

const memberQuery = `SELECT m.workspace_id, m.user_id, m.revision, m.roles, m.created, u.email, u.name, u.disabled
	FROM members m JOIN users u ON u.id = m.user_id`

func scanMember(row scanner) (caiq.Member, error) {
	var m caiq.Member
	err := row.Scan(&m.WorkspaceID, &m.UserID, &m.Revision, scanWords[caiq.MemberRole]{&m.Roles},
		(*scanTime)(&m.Created), &m.Email, &m.Name, &m.Disabled)
	return m, err
}

// Member implements app.Store.
func (s *Store) Member(ctx context.Context, workspaceID, userID string) (caiq.Member, error) {
	return one(ctx, s, "member", scanMember,
		memberQuery+` WHERE m.workspace_id = $1 AND m.user_id = $2`, workspaceID, userID)
}

// Members implements app.Store.
func (s *Store) Members(ctx context.Context, workspaceID string) ([]caiq.Member, error) {
	return list(ctx, s, scanMember, memberQuery+` WHERE m.workspace_id = $1 ORDER BY m.user_id`, workspaceID)
}

// CreateMember implements app.Store.
func (s *Store) CreateMember(ctx context.Context, m caiq.Member) error {
	if err := s.change(ctx, m.WorkspaceID); err != nil {
		return err
	}
	_, err := s.exec(ctx, `INSERT INTO members (workspace_id, user_id, revision, roles, created) VALUES ($1, $2, 1, $3, $4)`,
		m.WorkspaceID, m.UserID, joinWords(m.Roles), micros(m.Created))
	return err
}

// UpdateMember implements app.Store.
func (s *Store) UpdateMember(ctx context.Context, m *caiq.Member) error {
	if err := s.change(ctx, m.WorkspaceID); err != nil {
		return err
	}
	n, err := s.exec(ctx,
		`UPDATE members SET revision = revision + 1, roles = $4 WHERE workspace_id = $1 AND user_id = $2 AND revision = $3`,
		m.WorkspaceID, m.UserID, m.Revision, joinWords(m.Roles))
	if err != nil {
		return err
	}
	return s.revised(ctx, "member", n, &m.Revision,
		`SELECT revision FROM members WHERE workspace_id = $1 AND user_id = $2`, m.WorkspaceID, m.UserID)
}

// DeleteMember implements app.Store. Whoever leaves keeps no questions and no
// tokens; what they wrote and approved stays theirs. One who still owns library
// entries is refused: these change with events of their own.
func (s *Store) DeleteMember(ctx context.Context, workspaceID, userID string) error {
	if err := s.change(ctx, workspaceID); err != nil {
		return err
	}
	if _, err := s.exec(ctx, `UPDATE questions SET assignee = NULL WHERE workspace_id = $1 AND assignee = $2`, workspaceID, userID); err != nil {
		return err
	}
	n, err := s.exec(ctx, `DELETE FROM members WHERE workspace_id = $1 AND user_id = $2`, workspaceID, userID)
	return found(n, err, "member")
}
