package store

import (
	"context"

	"caique/internal/caiq"
)

func scanProfileHead(row scanner) (caiq.StoredProfile, error) {
	var p caiq.StoredProfile
	err := row.Scan(&p.WorkspaceID, &p.ID, &p.Version, &p.Name, &p.SHA256, (*scanTime)(&p.Created), &p.CreatedBy, scanJSON{&p.Authors})
	return p, err
}

func scanProfile(row scanner) (caiq.StoredProfile, error) {
	var p caiq.StoredProfile
	err := row.Scan(&p.WorkspaceID, &p.ID, &p.Version, &p.Name, &p.SHA256, (*scanTime)(&p.Created), &p.CreatedBy, scanJSON{&p.Authors}, &p.YAML)
	return p, err
}

const profileColumns = `p.workspace_id, p.id, p.version, p.name, p.sha256, p.created, p.created_by, p.authors`

// CreateProfile implements app.Store.
func (s *Store) CreateProfile(ctx context.Context, p caiq.StoredProfile) error {
	if err := s.change(ctx, p.WorkspaceID); err != nil {
		return err
	}
	if p.SHA256 != hashOf(p.YAML) {
		return misuse("profile %s: hash is of another text", p.ID)
	}
	authors, err := toJSON(p.Authors)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx,
		`INSERT INTO profiles (workspace_id, id, version, name, yaml, sha256, created, created_by, authors)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		p.WorkspaceID, p.ID, p.Version, p.Name, notNil(p.YAML), p.SHA256, micros(p.Created), p.CreatedBy, authors)
	return err
}

// Profile implements app.Store.
func (s *Store) Profile(ctx context.Context, workspaceID, id string, version int) (caiq.StoredProfile, error) {
	return one(ctx, s, "profile", scanProfile,
		`SELECT `+profileColumns+`, p.yaml FROM profiles p
		WHERE p.workspace_id = $1 AND p.id = $2 AND (p.version = $3 OR $3 = 0) ORDER BY p.version DESC LIMIT 1`,
		workspaceID, id, version)
}

// Profiles implements app.Store.
func (s *Store) Profiles(ctx context.Context, workspaceID string) ([]caiq.StoredProfile, error) {
	return list(ctx, s, scanProfileHead,
		`SELECT `+profileColumns+` FROM profiles p WHERE p.workspace_id = $1
		AND p.version = (SELECT max(v.version) FROM profiles v WHERE v.workspace_id = p.workspace_id AND v.id = p.id)
		ORDER BY p.id`, workspaceID)
}

// ProfileVersions implements app.Store.
func (s *Store) ProfileVersions(ctx context.Context, workspaceID, id string) ([]caiq.StoredProfile, error) {
	return list(ctx, s, scanProfileHead,
		`SELECT `+profileColumns+` FROM profiles p WHERE p.workspace_id = $1 AND p.id = $2 ORDER BY p.version`,
		workspaceID, id)
}
