package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"caique/internal/caiq"
)

// admit lets a request pass to its handler when whoever makes it belongs where
// the route leads: it sets the request's principal.
func (s *Server) admit(c *gin.Context) {
	a := s.access[c.Request.Method+" "+c.FullPath()]
	ctx := c.Request.Context()
	if a == accessOpen {
		requestOf(ctx).session = s.sessionSecret(c.Request)
		return
	}
	p, session, err := s.authenticate(ctx, c.Request)
	if err == nil {
		r := requestOf(ctx)
		r.principal, r.session = p, session
		r.principal, err = s.enter(ctx, p, a, c.Param("workspace"))
	}
	if err != nil {
		s.abort(c, err)
	}
}

// authenticate finds out who makes a request: by its token, else by its session.
func (s *Server) authenticate(ctx context.Context, r *http.Request) (caiq.Principal, string, error) {
	id := requestOf(ctx).id
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, secret, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return caiq.Principal{}, "", caiq.Errorf(caiq.Unauthenticated, "bad_token", "the header Authorization holds no API token").
				WithHint("send Authorization: Bearer caq_…")
		}
		p, err := s.service.AuthenticateToken(ctx, secret, id)
		return p, "", err
	}
	secret := s.sessionSecret(r)
	p, err := s.service.Authenticate(ctx, secret, id)
	return p, secret, err
}

// sessionSecret is what a request's cookie holds; "" without one.
func (s *Server) sessionSecret(r *http.Request) string {
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return ""
	}
	return cookie.Value
}

// enter takes the principal to where the route leads.
func (s *Server) enter(ctx context.Context, p caiq.Principal, a access, workspace string) (caiq.Principal, error) {
	switch a {
	case accessUser:
		return p, nil
	case accessWorkspace:
		return s.service.Enter(ctx, p, workspace)
	case accessInstallation:
		in, err := s.service.Enter(ctx, p, caiq.Installation)
		if caiq.KindOf(err) == caiq.NotFound {
			err = caiq.Errorf(caiq.Forbidden, "not_allowed", "this is for those who run the installation")
		}
		return in, err
	default:
		return p, errNoRoute()
	}
}

// cookieName is the name of the session's cookie. The prefix makes browsers
// refuse it from other hosts and without TLS.
func (s *Server) cookieName() string {
	if s.secure {
		return "__Host-caique"
	}
	return "caique"
}

// cookie returns the session's cookie; without a secret one that deletes it.
func (s *Server) cookie(secret string) string {
	c := http.Cookie{ //nolint:gosec // Secure wherever the service is reached over TLS
		Name: s.cookieName(), Value: secret, Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	}
	if secret == "" {
		c.MaxAge = -1
	}
	return c.String()
}
