package app

import (
	"context"
	"net/mail"
	"strings"
	"time"

	"caique/internal/caiq"
)

// How principals prove who they are.
const (
	authPassword = "pwd"
	authCLI      = "cli"
	authToken    = "token:" // and the token's id
)

// Sessions end after so long without use, and after so long in any case.
const (
	sessionIdle = 12 * time.Hour
	sessionLife = 7 * 24 * time.Hour
	touchEvery  = time.Minute // how fine last use is kept
)

// Links work once and for so long.
const (
	setupLife  = 24 * time.Hour
	inviteLife = 72 * time.Hour
	resetLife  = 30 * time.Minute
)

var errSignIn = caiq.Errorf(caiq.Unauthenticated, "bad_credentials", "email or password is wrong")

// Credentials are what somebody signs in with.
type Credentials struct {
	Email    string
	Password string
	// Network is where the request comes from: the address, of IPv6 the first 64
	// bits. "" is a place of its own.
	Network   string
	RequestID string
}

// SignedIn is a new session.
type SignedIn struct {
	Secret  string // for the browser alone
	Expires time.Time
	User    caiq.User
}

// SignIn checks a password and begins a session. Unknown, disabled and new
// accounts get the same answer as a wrong password, after the same time.
func (s *Service) SignIn(ctx context.Context, in Credentials) (SignedIn, error) {
	email := normalEmail(in.Email)
	if err := s.throttle(ctx, email, in); err != nil {
		return SignedIn{}, err
	}
	u, err := s.store.UserByEmail(ctx, email)
	if err != nil && caiq.KindOf(err) != caiq.NotFound {
		return SignedIn{}, err
	}
	password := in.Password
	if len(password) > maxPassword {
		password = ""
	}
	ok, err := s.hasher.matches(ctx, password, u.PasswordHash)
	if err != nil {
		return SignedIn{}, err
	}
	if !ok || u.ID == "" || u.PasswordHash == "" || u.Disabled {
		if err := s.signInFailed(ctx, email, in); err != nil {
			return SignedIn{}, err
		}
		return SignedIn{}, errSignIn
	}
	if err := s.signInSucceeded(ctx, email, in); err != nil {
		return SignedIn{}, err
	}
	return s.beginSession(ctx, u, in.RequestID)
}

func (s *Service) beginSession(ctx context.Context, u caiq.User, requestID string) (SignedIn, error) {
	secret, err := newSecret(s.rand)
	if err != nil {
		return SignedIn{}, err
	}
	now := s.clock()
	session := caiq.Session{Hash: hashSecret(secret), UserID: u.ID, Created: now, LastSeen: now, Expires: now.Add(sessionLife)}
	p := caiq.Principal{User: u, Auth: authPassword, RequestID: requestID}
	err = s.commit(ctx, p, caiq.Installation, func(ctx context.Context, c *change) error {
		c.event(actSignIn, "users/"+u.ID)
		return s.store.CreateSession(ctx, session)
	})
	return SignedIn{secret, session.Expires, u}, err
}

// SignOut ends a session; one that is gone already is no error.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	return s.store.DeleteSession(ctx, hashSecret(secret))
}

// SignOutEverywhere ends all sessions of the principal, who is a person; their
// tokens stay.
func (s *Service) SignOutEverywhere(ctx context.Context, p caiq.Principal) error {
	if p.Auth != authPassword {
		return caiq.Errorf(caiq.Forbidden, "not_allowed", "tokens cannot end sessions")
	}
	return s.commit(ctx, p, caiq.Installation, func(ctx context.Context, c *change) error {
		c.event(actSignOut, "users/"+p.User.ID)
		return s.store.DeleteSessions(ctx, p.User.ID, "")
	})
}

// Authenticate returns who a session's secret belongs to, outside of any
// workspace; Unauthenticated when it is unknown, over, or its user disabled.
func (s *Service) Authenticate(ctx context.Context, secret, requestID string) (caiq.Principal, error) {
	session, err := s.store.Session(ctx, hashSecret(secret))
	if err != nil {
		return caiq.Principal{}, unauthenticated(err)
	}
	now := s.clock()
	if now.After(session.Expires) || now.After(session.LastSeen.Add(sessionIdle)) {
		return caiq.Principal{}, errSignedOut
	}
	u, err := s.store.User(ctx, session.UserID)
	if err != nil || u.Disabled {
		return caiq.Principal{}, unauthenticated(err)
	}
	if now.Sub(session.LastSeen) >= touchEvery {
		if err := s.store.TouchSession(ctx, session.Hash, now); err != nil {
			return caiq.Principal{}, err
		}
	}
	return caiq.Principal{User: u, Auth: authPassword, RequestID: requestID}, nil
}

var errSignedOut = caiq.Errorf(caiq.Unauthenticated, "signed_out", "nobody is signed in").WithHint("sign in, or send an API token")

// unauthenticated keeps a lost database from looking like a sign-out.
func unauthenticated(err error) error {
	if err != nil && caiq.KindOf(err) != caiq.NotFound {
		return err
	}
	return errSignedOut
}

// Enter returns the principal inside a workspace. A workspace that is not
// theirs is NotFound, as one that does not exist.
func (s *Service) Enter(ctx context.Context, p caiq.Principal, workspaceID string) (caiq.Principal, error) {
	if p.Scopes != nil && p.Workspace.ID != workspaceID {
		return p, errNoWorkspace
	}
	m, err := s.store.Member(ctx, workspaceID, p.User.ID)
	if err != nil {
		if caiq.KindOf(err) == caiq.NotFound {
			return p, errNoWorkspace
		}
		return p, err
	}
	w, err := s.store.Workspace(ctx, workspaceID)
	if err != nil {
		return p, err
	}
	p.Workspace, p.Roles = w, m.Roles
	return p, nil
}

var errNoWorkspace = caiq.Errorf(caiq.NotFound, "not_found", "there is no such workspace")

// normalEmail is the form in which emails are kept and compared.
func normalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// checkPerson refuses what is no email and no name.
func checkPerson(email, name string) error {
	var ps caiq.Problems
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || a.Name != "" || len(email) > 254 {
		ps = append(ps, caiq.Problem{Field: "email", Code: "bad_email", Message: "this is no email address"})
	}
	if strings.TrimSpace(name) == "" {
		ps = append(ps, caiq.Problem{Field: "name", Code: "blank", Message: "the name is missing"})
	}
	ps = append(ps, checkLine("name", name, 200)...)
	if len(ps) > 0 {
		return ps
	}
	return nil
}
