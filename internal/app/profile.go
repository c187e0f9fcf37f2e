package app

import (
	"context"
	"time"

	"caique/internal/caiq"
	"caique/internal/mapping"
)

// ProfileInfo is a profile that a workspace can answer with.
type ProfileInfo struct {
	ID        string
	Name      string
	BuiltIn   bool
	Version   int // of the workspace's own; 0 for a built-in one
	SHA256    string
	Created   time.Time // zero for a built-in one
	CreatedBy string
}

// Profiles lists the built-in profiles, then the workspace's own in their
// current versions.
func (s *Service) Profiles(ctx context.Context, p caiq.Principal) ([]ProfileInfo, error) {
	if err := Allow(p, ActProfileRead); err != nil {
		return nil, err
	}
	var out []ProfileInfo
	for _, id := range s.library.ProfileIDs() {
		b, err := s.library.Profile(id)
		if err != nil {
			return nil, err
		}
		out = append(out, ProfileInfo{ID: id, Name: b.Name, BuiltIn: true})
	}
	own, err := s.store.Profiles(ctx, p.Workspace.ID)
	for _, o := range own {
		out = append(out, ProfileInfo{ID: o.ID, Name: o.Name, Version: o.Version, SHA256: o.SHA256, Created: o.Created, CreatedBy: o.CreatedBy})
	}
	return out, err
}

// Profile returns one of the workspace's own profiles with its YAML; version 0
// is the current one.
func (s *Service) Profile(ctx context.Context, p caiq.Principal, id string, version int) (caiq.StoredProfile, error) {
	if err := Allow(p, ActProfileRead); err != nil {
		return caiq.StoredProfile{}, err
	}
	return s.store.Profile(ctx, p.Workspace.ID, id, version)
}

// ProfileVersions lists all versions of one of the workspace's own profiles.
func (s *Service) ProfileVersions(ctx context.Context, p caiq.Principal, id string) ([]caiq.StoredProfile, error) {
	if err := Allow(p, ActProfileRead); err != nil {
		return nil, err
	}
	return s.store.ProfileVersions(ctx, p.Workspace.ID, id)
}

// ImportProfileInput is the next version of a profile.
type ImportProfileInput struct {
	ID   string // must be the id inside
	YAML []byte
	// Previous is the version that it replaces, 0 for a new profile.
	Previous int
}

// ImportedProfile is the outcome of an import.
type ImportedProfile struct {
	Profile  caiq.StoredProfile
	Warnings caiq.Problems // the linter's advice
	// Unchanged reports that the workspace has this very text as its current version:
	// nothing was stored.
	Unchanged bool
	// Proposed are the questionnaires whose proposals were derived anew from it.
	Proposed []ProposeResult
}

// ImportProfile stores a version of a profile, linted first: errors are
// caiq.Problems with their lines. Active questionnaires of the profile get new
// proposals, each in a transaction of its own: approvals whose basis the new
// version changes become stale, the others stay.
func (s *Service) ImportProfile(ctx context.Context, p caiq.Principal, in ImportProfileInput) (ImportedProfile, error) {
	var out ImportedProfile
	err := s.transact(ctx, p, ActProfileImport, func(ctx context.Context, c *change) error {
		profile, warnings, err := s.readProfile(ctx, p.Workspace.ID, in)
		if err != nil {
			return err
		}
		out.Warnings = warnings
		if in.Previous > 0 {
			current, err := s.store.Profile(ctx, p.Workspace.ID, in.ID, 0)
			if err != nil {
				return err
			}
			if out.Unchanged = current.SHA256 == hexSHA256(in.YAML); out.Unchanged {
				out.Profile = current
				return nil
			}
		}
		out.Profile = caiq.StoredProfile{
			WorkspaceID: p.Workspace.ID, ID: in.ID, Version: in.Previous + 1, Name: profile.Name, YAML: in.YAML,
			SHA256: hexSHA256(in.YAML), Created: c.now, CreatedBy: p.User.ID,
		}
		if out.Profile.Authors, err = s.statementAuthors(ctx, c, in, profile); err != nil {
			return err
		}
		if err := s.store.CreateProfile(ctx, out.Profile); err != nil {
			return err
		}
		e := c.event(ActProfileImport, "profiles/"+in.ID)
		e.FromRevision, e.Revision = in.Previous, out.Profile.Version
		e.Detail = detail(map[string]any{"sha256": out.Profile.SHA256})
		return nil
	})
	if err != nil || out.Unchanged {
		return out, err
	}
	out.Proposed, err = s.follow(ctx, p, in.ID)
	return out, err
}

// statementAuthors says who wrote what the next version of a profile states.
func (s *Service) statementAuthors(ctx context.Context, c *change, in ImportProfileInput, next *caiq.Profile) (map[string][]string, error) {
	if in.Previous == 0 {
		return importedBy(next, nil, nil, c.p.User.ID), nil
	}
	before, err := s.know(ctx, c.workspaceID, caiq.FormatCustom, in.ID, in.Previous)
	if err != nil {
		return nil, err
	}
	return importedBy(next, before.profile, before.authors[in.ID], c.p.User.ID), nil
}

// readProfile lints a profile as the command line does.
func (s *Service) readProfile(ctx context.Context, workspaceID string, in ImportProfileInput) (*caiq.Profile, caiq.Problems, error) {
	if int64(len(in.YAML)) > mapping.MaxFileSize {
		return nil, nil, caiq.Errorf(caiq.TooLarge, "too_large", "the profile has %d bytes, the limit is %d", len(in.YAML), mapping.MaxFileSize)
	}
	if s.builtIn(in.ID) {
		return nil, nil, caiq.Errorf(caiq.Conflict, "built_in", "%s is a built-in profile and read only", in.ID).
			WithHint("give your profile another id")
	}
	source := mapping.ProfileSource{
		Path: in.ID + ".yaml", Data: in.YAML, Siblings: profileFolder{store: s.store, ctx: ctx, workspaceID: workspaceID},
		Today: caiq.DateOf(s.clock()),
	}
	problems := mapping.LintProfile(s.library, source)
	if errs := problems.Errors(); len(errs) > 0 {
		return nil, nil, errs
	}
	k, err := s.library.Knowledge(caiq.FormatCustom, source)
	if err != nil {
		return nil, nil, err
	}
	profile := k.Profiles[k.Answering]
	if profile.ID != in.ID {
		return nil, nil, caiq.Problems{{
			File: source.Path, Field: "id", Code: "id_differs", Message: "the profile's id is " + profile.ID + ", it is imported as " + clip(in.ID),
		}}
	}
	current, err := s.store.Profile(ctx, workspaceID, in.ID, 0)
	if err != nil && caiq.KindOf(err) != caiq.NotFound {
		return nil, nil, err
	}
	if current.Version != in.Previous {
		return nil, nil, staleError("profile", in.Previous, current.Version)
	}
	return profile, problems, nil
}

// follow derives the proposals of all active questionnaires of a profile anew.
func (s *Service) follow(ctx context.Context, p caiq.Principal, profileID string) ([]ProposeResult, error) {
	records, err := s.store.Records(ctx, p.Workspace.ID, caiq.RecordFilter{ProfileID: profileID, State: caiq.RecordActive})
	if err != nil {
		return nil, err
	}
	var out []ProposeResult
	for _, r := range records {
		err := s.commit(ctx, p, p.Workspace.ID, func(ctx context.Context, c *change) error {
			now, err := s.store.Record(ctx, p.Workspace.ID, r.ID)
			if err != nil {
				return err
			}
			result, err := s.propose(ctx, c, now, ProposeInput{AsOf: now.Options.AsOf})
			if err == nil {
				out = append(out, result)
			}
			return err
		})
		if err != nil && caiq.KindOf(err) != caiq.NotFound { // deleted meanwhile
			return out, err
		}
	}
	return out, nil
}
