package web

import (
	"context"
	"strings"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

// none is the input or output of a route that has none.
type none struct{}

// userView is an account as others see it.
type userView struct {
	ID       string    `json:"id"`
	Revision int       `json:"revision"`
	Email    string    `json:"email"`
	Name     string    `json:"name"`
	Disabled bool      `json:"disabled"`
	Created  time.Time `json:"created"`
}

func viewUser(u caiq.User) userView {
	return userView{u.ID, u.Revision, u.Email, u.Name, u.Disabled, u.Created}
}

// body is an output that is a body alone.
type body[T any] struct{ Body T }

func bodyOf[T any](v T) *body[T] { return &body[T]{v} }

type setUpInput struct {
	Body struct {
		Link           string `json:"link" maxLength:"400" doc:"The set-up link, or what stands behind its #"`
		Email          string `json:"email" maxLength:"254"`
		Name           string `json:"name" maxLength:"200"`
		Password       string `json:"password" maxLength:"1024" doc:"At least twelve characters"`
		Workspace      string `json:"workspace" maxLength:"200" doc:"Name of the first workspace"`
		SingleOperator bool   `json:"single_operator,omitempty" doc:"People may approve texts of their own. Never changed afterwards, and named in every manifest"`
	}
}

type setUpBody struct {
	User      userView      `json:"user"`
	Workspace workspaceView `json:"workspace"`
}

func (s *Server) setUp(ctx context.Context, in *setUpInput) (*body[setUpBody], error) {
	b := in.Body
	u, w, err := s.service.SetUp(ctx, b.Link[strings.LastIndex(b.Link, "#")+1:], app.Setup{
		Email: b.Email, Name: b.Name, Password: b.Password, Workspace: b.Workspace, SingleOperator: b.SingleOperator,
		RequestID: requestOf(ctx).id,
	})
	if err != nil {
		return nil, err
	}
	return bodyOf(setUpBody{viewUser(u), viewWorkspace(w)}), nil
}

type linkInput struct {
	Body struct {
		Link string `json:"link" maxLength:"200"`
	}
}

type lookBody struct {
	Purpose   caiq.LinkPurpose `json:"purpose" enum:"invite,reset"`
	Email     string           `json:"email"`
	Name      string           `json:"name" doc:"Of an invitation: as whoever invites has it"`
	Workspace string           `json:"workspace,omitempty" doc:"Name of the workspace that invites"`
}

// lookAtLink is a POST although it changes nothing: addresses end up in logs.
func (s *Server) lookAtLink(ctx context.Context, in *linkInput) (*body[lookBody], error) {
	l, err := s.service.LookAtLink(ctx, in.Body.Link)
	if err != nil {
		return nil, err
	}
	return bodyOf(lookBody(l)), nil
}

type useLinkInput struct {
	Body struct {
		Link     string `json:"link" maxLength:"200"`
		Password string `json:"password" maxLength:"1024"`
	}
}

func (s *Server) useLink(ctx context.Context, in *useLinkInput) (*body[userView], error) {
	u, err := s.service.UseLink(ctx, in.Body.Link, in.Body.Password, requestOf(ctx).id)
	if err != nil {
		return nil, err
	}
	return bodyOf(viewUser(u)), nil
}

type signInInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"1024"`
	}
}

type signInOutput struct {
	SetCookie string `header:"Set-Cookie"`
	Body      struct {
		User    userView  `json:"user"`
		Expires time.Time `json:"expires"`
	}
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (*signInOutput, error) {
	r := requestOf(ctx)
	got, err := s.service.SignIn(ctx, app.Credentials{Email: in.Body.Email, Password: in.Body.Password, Network: r.network, RequestID: r.id})
	if err != nil {
		return nil, err
	}
	if r.session != "" { // the one before, in the same browser
		if err := s.service.SignOut(ctx, r.session); err != nil {
			return nil, err
		}
	}
	out := &signInOutput{SetCookie: s.cookie(got.Secret)}
	out.Body.User, out.Body.Expires = viewUser(got.User), got.Expires
	return out, nil
}

type signOutOutput struct {
	SetCookie string `header:"Set-Cookie"`
}

// signOut is open: whoever is signed out already is told nothing else.
func (s *Server) signOut(ctx context.Context, _ *none) (*signOutOutput, error) {
	if secret := requestOf(ctx).session; secret != "" {
		if err := s.service.SignOut(ctx, secret); err != nil {
			return nil, err
		}
	}
	return &signOutOutput{s.cookie("")}, nil
}

func (s *Server) signOutEverywhere(ctx context.Context, p caiq.Principal, _ *none) (*signOutOutput, error) {
	if err := s.service.SignOutEverywhere(ctx, p); err != nil {
		return nil, err
	}
	return &signOutOutput{s.cookie("")}, nil
}

// join makes whoever is signed in a member of the workspace that invited them.
func (s *Server) join(ctx context.Context, p caiq.Principal, in *linkInput) (*body[workspaceView], error) {
	w, err := s.service.Join(ctx, p, in.Body.Link)
	if err != nil {
		return nil, err
	}
	return bodyOf(viewWorkspace(w)), nil
}

type meBody struct {
	User      userView     `json:"user"`
	Auth      string       `json:"auth" doc:"pwd, or token: and the token's id"`
	Scopes    []caiq.Scope `json:"scopes,omitempty" doc:"Of a token"`
	Workspace string       `json:"workspace,omitempty" doc:"The one workspace of a token"`

	Memberships []membershipView `json:"memberships" nullable:"false" doc:"The roles held in each workspace"`
}

type membershipView struct {
	Workspace string            `json:"workspace"`
	Name      string            `json:"name"`
	Roles     []caiq.MemberRole `json:"roles" nullable:"false"`
}

func (s *Server) me(ctx context.Context, p caiq.Principal, _ *none) (*body[meBody], error) {
	ms, err := s.service.Memberships(ctx, p)
	if err != nil {
		return nil, err
	}
	out := meBody{User: viewUser(p.User), Auth: p.Auth, Scopes: p.Scopes, Workspace: p.Workspace.ID, Memberships: make([]membershipView, len(ms))}
	for i, m := range ms {
		out.Memberships[i] = membershipView{m.ID, m.Name, m.Roles}
	}
	return bodyOf(out), nil
}

type changePasswordInput struct {
	Body struct {
		Old      string `json:"old" maxLength:"1024"`
		Password string `json:"password" maxLength:"1024"`
	}
}

func (s *Server) changePassword(ctx context.Context, p caiq.Principal, in *changePasswordInput) (*none, error) {
	return &none{}, s.service.ChangePassword(ctx, p, in.Body.Old, in.Body.Password, requestOf(ctx).session)
}

type listUsersInput struct{ Page }

func (s *Server) listUsers(ctx context.Context, p caiq.Principal, in *listUsersInput) (*body[list[userView]], error) {
	after, err := in.position(ctx)
	if err != nil {
		return nil, err
	}
	us, err := s.service.Users(ctx, p, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return bodyOf(listOf(ctx, us, in.Limit, func(u *caiq.User) userView { return viewUser(*u) }, func(u *caiq.User) string { return u.ID })), nil
}

func (s *Server) getUser(ctx context.Context, p caiq.Principal, in *InUser) (*tagged[userView], error) {
	return show(s.userNow(ctx, p, in.User))
}

func (s *Server) userNow(ctx context.Context, p caiq.Principal, id string) func() (userView, int, error) {
	return func() (userView, int, error) {
		u, err := s.service.User(ctx, p, id)
		return viewUser(u), u.Revision, err
	}
}

type disableUserInput struct {
	InUser
	Precondition
	Body struct {
		Disabled bool `json:"disabled"`
	}
}

func (s *Server) disableUser(ctx context.Context, p caiq.Principal, in *disableUserInput) (*tagged[userView], error) {
	return change(in.Precondition, func(revision int) (userView, int, error) {
		u, err := s.service.DisableUser(ctx, p, in.User, revision, in.Body.Disabled)
		return viewUser(u), u.Revision, err
	}, s.userNow(ctx, p, in.User))
}

// InUser is in the addresses of one account.
type InUser struct {
	User string `path:"user" maxLength:"64"`
}

type linkBody struct {
	Link string `json:"link" doc:"The secret: it works once and is shown this once"`
}

func (s *Server) resetUser(ctx context.Context, p caiq.Principal, in *InUser) (*body[linkBody], error) {
	secret, err := s.service.ResetLink(ctx, p, in.User)
	if err != nil {
		return nil, err
	}
	return bodyOf(linkBody{secret}), nil
}
