package web

import (
	"bytes"
	"context"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

// profileView is a profile without its YAML.
type profileView struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	BuiltIn   bool      `json:"built_in" doc:"Comes with the program and is read only"`
	Version   int       `json:"version,omitempty" doc:"Of a workspace's own profile"`
	SHA256    string    `json:"sha256,omitempty"`
	Created   time.Time `json:"created,omitzero"`
	CreatedBy string    `json:"created_by,omitempty"`
}

func (s *Server) listProfiles(ctx context.Context, p caiq.Principal, _ *InWorkspace) (*body[list[profileView]], error) {
	ps, err := s.service.Profiles(ctx, p)
	if err != nil {
		return nil, err
	}
	return all(ps, func(i *app.ProfileInfo) profileView { return profileView(*i) }), nil
}

// wholeProfile is a workspace's own profile with its YAML.
type wholeProfile struct {
	profileView
	YAML string `json:"yaml,omitempty" doc:"Missing for a built-in one"`
}

func viewProfile(p *caiq.StoredProfile) profileView {
	return profileView{ID: p.ID, Name: p.Name, Version: p.Version, SHA256: p.SHA256, Created: p.Created, CreatedBy: p.CreatedBy}
}

// InProfile is in the addresses of one profile.
type InProfile struct {
	InWorkspace
	Profile string `path:"profile" maxLength:"100"`
}

type getProfileInput struct {
	InProfile
	Version int `query:"version" minimum:"0" doc:"Missing: the current one"`
}

func (s *Server) getProfile(ctx context.Context, p caiq.Principal, in *getProfileInput) (*tagged[wholeProfile], error) {
	got, err := s.service.Profile(ctx, p, in.Profile, in.Version)
	if caiq.KindOf(err) == caiq.NotFound && in.Version == 0 {
		return s.builtIn(ctx, p, in.Profile, err)
	}
	if err != nil {
		return nil, err
	}
	return taggedOf(got.Version, wholeProfile{viewProfile(&got), string(got.YAML)}), nil
}

// builtIn finds a profile that comes with the program, else it returns missing.
func (s *Server) builtIn(ctx context.Context, p caiq.Principal, id string, missing error) (*tagged[wholeProfile], error) {
	all, err := s.service.Profiles(ctx, p)
	if err != nil {
		return nil, err
	}
	for _, i := range all {
		if i.BuiltIn && i.ID == id {
			return taggedOf(0, wholeProfile{profileView: profileView(i)}), nil
		}
	}
	return nil, missing
}

func (s *Server) profileVersions(ctx context.Context, p caiq.Principal, in *InProfile) (*body[list[profileView]], error) {
	ps, err := s.service.ProfileVersions(ctx, p, in.Profile)
	if err == nil && len(ps) == 0 {
		_, err = s.service.Profile(ctx, p, in.Profile, 0)
	}
	if err != nil {
		return nil, err
	}
	return all(ps, viewProfile), nil
}

type importProfileInput struct {
	InProfile
	Precondition
	IfNoneMatch string `header:"If-None-Match" enum:"*" doc:"* for a profile that is new; else send If-Match"`
	RawBody     []byte `contentType:"application/yaml"`
}

type importedBody struct {
	Profile   profileView    `json:"profile"`
	Warnings  caiq.Problems  `json:"warnings" nullable:"false" doc:"The linter's advice"`
	Unchanged bool           `json:"unchanged,omitempty" doc:"This very text is the current version already: nothing was stored"`
	Proposed  []proposedBody `json:"proposed" nullable:"false" doc:"The questionnaires whose proposals were derived anew from it"`
}

func (s *Server) importProfile(ctx context.Context, p caiq.Principal, in *importProfileInput) (*tagged[importedBody], error) {
	if err := requestOf(ctx).takes("a profile", "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain", "application/octet-stream"); err != nil {
		return nil, err
	}
	if in.IfNoneMatch == "*" && in.IfMatch == "" {
		in.IfMatch = etag(0)
	}
	return change(in.Precondition, func(revision int) (importedBody, int, error) {
		got, err := s.service.ImportProfile(ctx, p, app.ImportProfileInput{ID: in.Profile, YAML: bytes.Clone(in.RawBody), Previous: revision})
		out := importedBody{viewProfile(&got.Profile), got.Warnings, got.Unchanged, make([]proposedBody, len(got.Proposed))}
		for i := range got.Proposed {
			out.Proposed[i] = viewProposed(&got.Proposed[i])
		}
		return out, got.Profile.Version, err
	}, func() (importedBody, int, error) {
		now, err := s.service.Profile(ctx, p, in.Profile, 0)
		if caiq.KindOf(err) == caiq.NotFound {
			return importedBody{}, 0, nil // there is none yet
		}
		return importedBody{Profile: viewProfile(&now)}, now.Version, err
	})
}
