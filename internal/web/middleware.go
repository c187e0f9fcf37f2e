package web

import (
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"caique/internal/caiq"
)

// request is what the server knows of a request besides the request itself.
type request struct {
	id        string
	network   string // where it comes from, see app.Credentials
	session   string // the secret of its session, on open routes unchecked; "" for tokens and strangers
	list      string // identifies the list that it asks for, see listID
	mediaType string // of its body, without parameters; "" where it names none
	principal caiq.Principal
}

type requestKey struct{}

// requestOf returns what is known of a request; never nil.
func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{}
}

// begin names the request and writes it to the log when it is over: never its
// query, body or cookies.
func (s *Server) begin(c *gin.Context) {
	r := &request{id: s.newRequestID(), network: network(c.ClientIP()), mediaType: bodyType(c.ContentType())}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), requestKey{}, r))
	c.Header("X-Request-Id", r.id)
	s.noteProxy(c)
	start := s.now()
	c.Next()
	path := c.FullPath()
	if path == "" {
		path = "(none)"
	}
	s.log.LogAttrs(c.Request.Context(), slog.LevelInfo, "request",
		slog.String("request_id", r.id), slog.String("method", clip(c.Request.Method)), slog.String("route", path),
		slog.Int("status", c.Writer.Status()), slog.Int("bytes", max(0, c.Writer.Size())), slog.Duration("took", s.now().Sub(start)),
		slog.String("user", r.principal.User.ID), slog.String("auth", r.principal.Auth), slog.String("workspace", r.principal.Workspace.ID))
}

// noteProxy warns once of a proxy that is not trusted: all who come through it
// look like one, to the limits on sign-ins too.
func (s *Server) noteProxy(c *gin.Context) {
	if c.GetHeader("X-Forwarded-For") == "" || c.ClientIP() != c.RemoteIP() {
		return
	}
	s.proxyNoted.Do(func() {
		s.log.WarnContext(c.Request.Context(), "X-Forwarded-For is ignored: --trusted-proxies does not name its sender", slog.String("sender", c.RemoteIP()))
	})
}

func (s *Server) newRequestID() string {
	var b [12]byte
	if _, err := io.ReadFull(s.rand, b[:]); err != nil {
		return "" // a request without a name is still answered
	}
	return hex.EncodeToString(b[:])
}

// network is the part of an address that counts as one caller.
func network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	if a = a.Unmap(); a.Is4() {
		return a.String()
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return a.String()
	}
	return p.String()
}

// recover turns a panic into an internal problem. What it says goes to the log.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler { //nolint:errorlint // net/http's own sentinel, panicked with as it is
			panic(v)
		}
		ctx := c.Request.Context()
		s.log.ErrorContext(ctx, "panic", slog.String("request_id", requestOf(ctx).id), slog.Any("value", v), slog.String("stack", string(debug.Stack())))
		if c.Writer.Written() {
			c.Abort()
			return
		}
		s.abort(c, newProblem(http.StatusInternalServerError, "internal", "something went wrong here"))
	}()
	c.Next()
}

// headers sets what keeps browsers from making more of a response than it is.
func (s *Server) headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if s.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	c.Next()
}

// sameOrigin refuses changes that a page of another origin makes with the
// cookies of somebody's browser.
func (s *Server) sameOrigin(p *http.CrossOriginProtection) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := p.Check(c.Request); err != nil {
			s.abort(c, caiq.Errorf(caiq.Forbidden, "cross_origin", "the request comes from a page of another origin"))
		}
	}
}

// oneOfEach refuses headers that count once and stand there more than once: which
// of them was meant nobody can tell.
func (s *Server) oneOfEach(c *gin.Context) {
	for _, name := range []string{"Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "Last-Event-Id"} {
		if len(c.Request.Header[name]) > 1 {
			s.abort(c, newProblem(http.StatusBadRequest, "repeated_header", "the header "+name+" stands there more than once"))
			return
		}
	}
}

// bodyType is what a Content-Type says, without parameters, in lower case; as it
// stands where it says nothing that can be read.
func bodyType(header string) string {
	if kind, _, err := mime.ParseMediaType(header); err == nil {
		return kind
	}
	return strings.ToLower(header)
}

// takes refuses a body that says it is something else than a route takes. One that
// does not say is looked into.
func (r *request) takes(what string, types ...string) error {
	if r.mediaType == "" || slices.Contains(types, r.mediaType) {
		return nil
	}
	return caiq.Errorf(caiq.Unsupported, "unsupported_media_type", "the body is %s by its Content-Type, %s is wanted", clip(r.mediaType), what).
		WithHint("send it with the header Content-Type: %s", types[0])
}

// plainBodies refuses compressed requests: how large they are shows too late.
func (s *Server) plainBodies(c *gin.Context) {
	if e := c.GetHeader("Content-Encoding"); e != "" && e != "identity" {
		s.abort(c, caiq.Errorf(caiq.Unsupported, "content_encoding", "compressed requests are not accepted").WithHint("send the body as it is"))
	}
}

func errNoRoute() error { return caiq.Errorf(caiq.NotFound, "not_found", "there is nothing here") }

func errNoMethod() error {
	return newProblem(http.StatusMethodNotAllowed, "method_not_allowed", "the method does not apply here")
}
