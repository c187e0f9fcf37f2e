package web

import (
	"context"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

type workspaceView struct {
	ID             string    `json:"id"`
	Revision       int       `json:"revision"`
	Name           string    `json:"name"`
	SingleOperator bool      `json:"single_operator"`
	Created        time.Time `json:"created"`
}

func viewWorkspace(w caiq.Workspace) workspaceView {
	return workspaceView{w.ID, w.Revision, w.Name, w.SingleOperator, w.Created}
}

// tagged is an output with the ETag of what its body shows.
type tagged[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

func taggedOf[T any](revision int, v T) *tagged[T] { return &tagged[T]{etag(revision), v} }

// show answers with a thing as it is now.
func show[T any](now func() (T, int, error)) (*tagged[T], error) {
	v, revision, err := now()
	if err != nil {
		return nil, err
	}
	return taggedOf(revision, v), nil
}

// all makes a list of one page.
func all[S, T any](things []S, show func(*S) T) *body[list[T]] {
	out := list[T]{Items: make([]T, len(things))}
	for i := range things {
		out.Items[i] = show(&things[i])
	}
	return bodyOf(out)
}

func (s *Server) listWorkspaces(ctx context.Context, p caiq.Principal, _ *none) (*body[list[workspaceView]], error) {
	ws, err := s.service.Workspaces(ctx, p)
	if err != nil {
		return nil, err
	}
	return all(ws, func(w *caiq.Workspace) workspaceView { return viewWorkspace(*w) }), nil
}

type createWorkspaceInput struct {
	Body struct {
		Name           string `json:"name" maxLength:"200"`
		SingleOperator bool   `json:"single_operator,omitempty" doc:"People may approve texts of their own. Never changed afterwards, and named in every manifest"`
	}
}

func (s *Server) createWorkspace(ctx context.Context, p caiq.Principal, in *createWorkspaceInput) (*tagged[workspaceView], error) {
	w, err := s.service.CreateWorkspace(ctx, p, in.Body.Name, in.Body.SingleOperator)
	if err != nil {
		return nil, err
	}
	return taggedOf(w.Revision, viewWorkspace(w)), nil
}

// InWorkspace is in every address below a workspace; the server has read it
// before the handler runs.
type InWorkspace struct {
	Workspace string `path:"workspace" maxLength:"64"`
}

func (s *Server) getWorkspace(_ context.Context, p caiq.Principal, _ *InWorkspace) (*tagged[workspaceView], error) {
	if err := app.Allow(p, app.ActWorkspaceRead); err != nil {
		return nil, err
	}
	return taggedOf(p.Workspace.Revision, viewWorkspace(p.Workspace)), nil
}

type renameWorkspaceInput struct {
	InWorkspace
	Precondition
	Body struct {
		Name string `json:"name" maxLength:"200"`
	}
}

func (s *Server) renameWorkspace(ctx context.Context, p caiq.Principal, in *renameWorkspaceInput) (*tagged[workspaceView], error) {
	return change(in.Precondition,
		func(revision int) (workspaceView, int, error) {
			w, err := s.service.RenameWorkspace(ctx, p, revision, in.Body.Name)
			return viewWorkspace(w), w.Revision, err
		},
		func() (workspaceView, int, error) {
			q, err := s.service.Enter(ctx, p, p.Workspace.ID)
			return viewWorkspace(q.Workspace), q.Workspace.Revision, err
		})
}

type memberView struct {
	UserID   string            `json:"user"`
	Revision int               `json:"revision"`
	Email    string            `json:"email"`
	Name     string            `json:"name"`
	Disabled bool              `json:"disabled"`
	Roles    []caiq.MemberRole `json:"roles"`
	Created  time.Time         `json:"created"`
}

func viewMember(m *caiq.Member) memberView {
	return memberView{m.UserID, m.Revision, m.Email, m.Name, m.Disabled, m.Roles, m.Created}
}

func (s *Server) listMembers(ctx context.Context, p caiq.Principal, _ *InWorkspace) (*body[list[memberView]], error) {
	ms, err := s.service.Members(ctx, p)
	if err != nil {
		return nil, err
	}
	return all(ms, viewMember), nil
}

// InMember is in the addresses of one member.
type InMember struct {
	InWorkspace
	User string `path:"user" maxLength:"64"`
}

func (s *Server) getMember(ctx context.Context, p caiq.Principal, in *InMember) (*tagged[memberView], error) {
	return show(s.memberNow(ctx, p, in.User))
}

type changeMemberInput struct {
	InMember
	Precondition
	Body struct {
		Roles []caiq.MemberRole `json:"roles" maxItems:"5" nullable:"false"`
	}
}

func (s *Server) changeMember(ctx context.Context, p caiq.Principal, in *changeMemberInput) (*tagged[memberView], error) {
	return change(in.Precondition,
		func(revision int) (memberView, int, error) {
			m, err := s.service.ChangeMember(ctx, p, in.User, revision, in.Body.Roles)
			return viewMember(&m), m.Revision, err
		}, s.memberNow(ctx, p, in.User))
}

func (s *Server) memberNow(ctx context.Context, p caiq.Principal, userID string) func() (memberView, int, error) {
	return func() (memberView, int, error) {
		m, err := s.service.Member(ctx, p, userID)
		return viewMember(&m), m.Revision, err
	}
}

type removeMemberInput struct {
	InMember
	Precondition
}

func (s *Server) removeMember(ctx context.Context, p caiq.Principal, in *removeMemberInput) (*none, error) {
	return remove(in.Precondition,
		func(revision int) error { return s.service.RemoveMember(ctx, p, in.User, revision) }, s.memberNow(ctx, p, in.User))
}

type tokenView struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	User     string       `json:"user"`
	Scopes   []caiq.Scope `json:"scopes"`
	Created  time.Time    `json:"created"`
	Expires  time.Time    `json:"expires"`
	LastUsed time.Time    `json:"last_used,omitzero"`
	Revoked  time.Time    `json:"revoked,omitzero"`
}

func viewToken(t *caiq.Token) tokenView {
	return tokenView{t.ID, t.Name, t.UserID, t.Scopes, t.Created, t.Expires, t.LastUsed, t.Revoked}
}

func (s *Server) listTokens(ctx context.Context, p caiq.Principal, _ *InWorkspace) (*body[list[tokenView]], error) {
	ts, err := s.service.Tokens(ctx, p)
	if err != nil {
		return nil, err
	}
	return all(ts, viewToken), nil
}

type createTokenInput struct {
	InWorkspace
	Body struct {
		Name    string       `json:"name" maxLength:"100"`
		Scopes  []caiq.Scope `json:"scopes" maxItems:"6" nullable:"false" doc:"What it may do at most: read, upload, edit, approve, export, admin"`
		Expires time.Time    `json:"expires" doc:"At most a year ahead"`
	}
}

type createdTokenBody struct {
	Token  tokenView `json:"token"`
	Secret string    `json:"secret" doc:"Send it as Authorization: Bearer; it is shown this once"`
}

func (s *Server) createToken(ctx context.Context, p caiq.Principal, in *createTokenInput) (*body[createdTokenBody], error) {
	t, secret, err := s.service.CreateToken(ctx, p, app.TokenInput{Name: in.Body.Name, Scopes: in.Body.Scopes, Expires: in.Body.Expires})
	if err != nil {
		return nil, err
	}
	return bodyOf(createdTokenBody{viewToken(&t), secret}), nil
}

type tokenInput struct {
	InWorkspace
	Token string `path:"token" maxLength:"64"`
}

// revokeToken needs no precondition: a token can only end, see routeTexts.
func (s *Server) revokeToken(ctx context.Context, p caiq.Principal, in *tokenInput) (*body[tokenView], error) {
	t, err := s.service.RevokeToken(ctx, p, in.Token)
	if err != nil {
		return nil, err
	}
	return bodyOf(viewToken(&t)), nil
}
