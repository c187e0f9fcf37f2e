package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"caique/internal/web"
)

// TestAPI_retryAfter holds the header against what the hint says.
func TestAPI_retryAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	w.setUp()
	wrong := fields{"email": "ada@example.com", "password": "wrong"}
	for range 5 {
		caller{w: w}.send("POST", "/api/v1/session", wrong).problem(http.StatusUnauthorized, "bad_credentials")
	}
	a := caller{w: w}.send("POST", "/api/v1/session", wrong)
	a.problem(http.StatusTooManyRequests, "too_many_tries")
	if got := a.header.Get("Retry-After"); got != "30" || a.object().text("hint") != "try again in 30 seconds" {
		t.Errorf("Retry-After %q, hint %q", got, a.object().text("hint"))
	}
}

// TestAPI_clientAddress signs in through proxies, trusted and not.
func TestAPI_clientAddress(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trusted   []string
		forwarded []string // the header of each of six failures
		locked    bool     // the seventh, of 192.0.2.200, has to wait
	}{
		"no proxy is trusted: what is forwarded changes nothing": {
			nil, []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"}, true,
		},
		"a trusted proxy tells callers apart": {
			[]string{"192.0.2.0/31", "10.0.0.0/8"}, []string{"198.51.100.9", "198.51.100.9", "198.51.100.9", "198.51.100.9", "198.51.100.9"}, false,
		},
		"what the caller claims itself before the proxy's word counts nothing": {
			[]string{"10.0.0.0/8"}, []string{"1.1.1.1, 192.0.2.200", "2.2.2.2, 192.0.2.200", "3.3.3.3, 192.0.2.200", "4.4.4.4, 192.0.2.200", "5.5.5.5, 192.0.2.200"}, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, openMemory(t), func(cfg *web.Config) { cfg.TrustedProxies = c.trusted })
			w.setUp()
			try := func(forwarded string) int {
				r := httptest.NewRequest(http.MethodPost, "/api/v1/session", strings.NewReader(`{"email":"ada@example.com","password":"wrong"}`))
				r.RemoteAddr = "10.0.0.1:4711"
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("X-Forwarded-For", forwarded)
				r.Header.Set("X-Real-IP", "203.0.113.77")
				rec := httptest.NewRecorder()
				w.server.Handler().ServeHTTP(rec, r)
				return rec.Code
			}
			for _, f := range c.forwarded {
				if got := try(f); got != http.StatusUnauthorized {
					t.Fatalf("a failure: %d", got)
				}
			}
			if got := try("192.0.2.200"); (got == http.StatusTooManyRequests) != c.locked {
				t.Errorf("status %d", got)
			}
			if warned := strings.Count(w.log.String(), "X-Forwarded-For is ignored"); (warned == 1) != (c.trusted == nil) {
				t.Errorf("%d warnings", warned)
			}
		})
	}
}

// TestAPI_sessions follows sessions to their end.
func TestAPI_sessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	me := func(c caller, status int) { t.Helper(); c.send("GET", "/api/v1/me", nil).want(status) }

	fixed := caller{w: w, cookie: "caique=chosen-by-somebody-else"}
	a := fixed.send("POST", "/api/v1/session", fields{"email": "ada@example.com", "password": password}).want(http.StatusCreated)
	if strings.Contains(a.header.Get("Set-Cookie"), "chosen") {
		t.Error("a session goes on under the name that a stranger chose")
	}
	me(fixed, http.StatusUnauthorized)

	ada.send("POST", "/api/v1/session", fields{"email": "ada@example.com", "password": "wrong"}).want(http.StatusUnauthorized)
	me(ada, http.StatusOK)
	again := ada.send("POST", "/api/v1/session", fields{"email": "ada@example.com", "password": password}).want(http.StatusCreated)
	me(ada, http.StatusUnauthorized) // signing in ends the session before it, in the same browser
	cookie, _, _ := strings.Cut(again.header.Get("Set-Cookie"), ";")
	ada.cookie = cookie

	elsewhere, token := w.signIn("ada@example.com", ada.workspace), ada.withToken("read")
	token.send("DELETE", "/api/v1/me/sessions", nil).problem(http.StatusForbidden, "not_allowed")
	me(elsewhere, http.StatusOK)
	out := elsewhere.send("DELETE", "/api/v1/me/sessions", nil).want(http.StatusNoContent)
	if !strings.Contains(out.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("the cookie stays: %s", out.header.Get("Set-Cookie"))
	}
	me(ada, http.StatusUnauthorized)
	me(elsewhere, http.StatusUnauthorized)
	me(token, http.StatusOK)
}

// TestAPI_cookieOverTLS serves TLS itself, without a known origin.
func TestAPI_cookieOverTLS(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t), func(c *web.Config) { c.TLS = true })
	w.setUp()
	a := caller{w: w}.send("POST", "/api/v1/session", fields{"email": "ada@example.com", "password": password}).want(http.StatusCreated)
	if c := a.header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-caique=") || !strings.Contains(c, "; Secure") {
		t.Errorf("cookie %s", c)
	}
}
