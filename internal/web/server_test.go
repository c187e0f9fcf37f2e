package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"caique/internal/web"
)

// TestAPI_requests sends what no use case should ever see.
func TestAPI_requests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	const members, invitations = "{w}/members", "{w}/invitations"
	for name, c := range map[string]struct {
		method, path string
		body         any
		headers      []string
		status       int
		code         string
	}{
		"unknown address":           {"GET", "/nothing", nil, nil, 404, "not_found"},
		"unknown address of API":    {"GET", "/api/v1/nothing", nil, nil, 404, "not_found"},
		"wrong method":              {"DELETE", "/livez", nil, nil, 405, "method_not_allowed"},
		"unknown query parameter":   {"GET", members + "?limit=3", nil, nil, 422, "unknown_parameter"},
		"limit over the cap":        {"GET", "{w}/questionnaires?limit=201", nil, nil, 422, "invalid"},
		"cursor of nothing":         {"GET", "{w}/events?cursor=abc", nil, nil, 422, "bad_cursor"},
		"broken JSON":               {"POST", invitations, `{"email":`, nil, 400, "bad_request"},
		"no body":                   {"POST", invitations, "", nil, 400, "bad_request"},
		"body of another type":      {"POST", invitations, `email=x`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "unsupported_media_type"},
		"text that pretends":        {"POST", invitations, `{"email":"x@example.com","name":"X","roles":["viewer"]}`, []string{"Content-Type", "text/plain"}, 415, "unsupported_media_type"},
		"unknown field":             {"POST", invitations, `{"email":"x@example.com","name":"X","roles":["viewer"],"admin":true}`, nil, 422, "invalid"},
		"field in other letters":    {"POST", invitations, `{"Email":"x@example.com","name":"X","roles":["viewer"]}`, nil, 400, "bad_request"},
		"a byte order mark":         {"POST", invitations, "\uFEFF" + `{"email":"x@example.com"}`, nil, 400, "bad_request"},
		"repeated field":            {"POST", invitations, `{"email":"x@example.com","name":"X","roles":["viewer"],"roles":["admin"]}`, nil, 400, "bad_request"},
		"something after the value": {"POST", invitations, `{"email":"x@example.com","name":"X","roles":["viewer"]}{}`, nil, 400, "bad_request"},
		"deep nesting":              {"POST", invitations, strings.Repeat("[", 5000), nil, 400, "bad_request"},
		"large body":                {"POST", invitations, `{"email":"` + strings.Repeat("x", 2<<20) + `"}`, nil, 413, "too_large"},
		"compressed body":           {"POST", invitations, "x", []string{"Content-Encoding", "gzip"}, 415, "content_encoding"},
		"page of another origin":    {"POST", invitations, `{}`, []string{"Sec-Fetch-Site", "cross-site"}, 403, "cross_origin"},
		"origin of another page":    {"POST", invitations, `{}`, []string{"Origin", "https://evil.example"}, 403, "cross_origin"},
		"basic authentication":      {"GET", members, nil, []string{"Authorization", "Basic YWRhOnBhc3N3b3Jk"}, 401, "bad_token"},
		"token that is none":        {"GET", members, nil, []string{"Authorization", "Bearer caq_x"}, 401, "bad_token"},
		"change without If-Match":   {"PATCH", "{w}", `{"name":"New"}`, nil, 428, "if_match_required"},
		"If-Match with a star":      {"PATCH", "{w}", `{"name":"New"}`, []string{"If-Match", "*"}, 422, "bad_if_match"},
		"weak If-Match":             {"PATCH", "{w}", `{"name":"New"}`, []string{"If-Match", `W/"1"`}, 422, "bad_if_match"},
		"several in If-Match":       {"PATCH", "{w}", `{"name":"New"}`, []string{"If-Match", `"1", "2"`}, 422, "bad_if_match"},
		"stale If-Match":            {"PATCH", "{w}", `{"name":"New"}`, []string{"If-Match", `"9"`}, 412, "stale"},
		"number as name":            {"PATCH", "{w}", `{"name":7}`, []string{"If-Match", `"1"`}, 422, "invalid"},
		"blank name":                {"PATCH", "{w}", `{"name":" "}`, []string{"If-Match", `"1"`}, 422, "invalid"},
		"reason that says nothing":  {"POST", "{w}/questionnaires/x/answers/reject", `{"seen":[{"n":1,"revision":1}],"reason":" "}`, nil, 422, "no_reason"},
		"upload of nothing":         {"POST", "{w}/questionnaires?name=x.xlsx", nil, nil, 422, "empty_file"},
		"upload without a name":     {"POST", "{w}/questionnaires", []byte("x"), nil, 422, "bad_name"},
		"upload of a form":          {"POST", "{w}/questionnaires?name=x.xlsx", []byte("x"), []string{"Content-Type", "multipart/form-data; boundary=x"}, 415, "unsupported_media_type"},
		"upload of JSON":            {"POST", "{w}/questionnaires?name=x.xlsx", []byte("{}"), []string{"Content-Type", "application/json; charset=utf-8"}, 415, "unsupported_media_type"},
		"profile as JSON":           {"PUT", "{w}/profiles/own", []byte("{}"), []string{"Content-Type", "application/json", "If-None-Match", "*"}, 415, "unsupported_media_type"},
		"upload, unknown parameter": {"POST", "{w}/questionnaires?name=x.xlsx&state=approved", []byte("x"), nil, 422, "unknown_parameter"},
		"upload, repeated name":     {"POST", "{w}/questionnaires?name=x.xlsx&name=y.xlsx", []byte("x"), nil, 422, "repeated_parameter"},
		"upload, broken query":      {"POST", "{w}/questionnaires?name=%zz", []byte("x"), nil, 422, "bad_query"},
		"upload, bad day":           {"POST", "{w}/questionnaires?name=x.xlsx&needed_by=soon", []byte("x"), nil, 422, "invalid"},
		"number of no question":     {"GET", "{w}/questionnaires/x/answers/zero", nil, nil, 422, "invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			ada.in(t).send(c.method, c.path, c.body, c.headers...).problem(c.status, c.code)
		})
	}
}

func TestAPI_refusalsSayWhatIs(t *testing.T) {
	t.Parallel()
	ada := newWorld(t, openMemory(t)).setUp()
	for _, headers := range [][]string{nil, {"If-Match", `"9"`}} {
		a := ada.send("PATCH", "{w}", fields{"name": "New"}, headers...)
		if p := decode[problem](a); !strings.Contains(string(p.Current), `"name":"Acme"`) || a.header.Get("ETag") != `"1"` {
			t.Errorf("%d: current %s, ETag %s", a.status, p.Current, a.header.Get("ETag"))
		}
	}
	a := ada.send("PATCH", "{w}", fields{"name": "New"}, "If-Match", `"1"`).want(http.StatusOK)
	if a.header.Get("ETag") != `"2"` || a.object().text("name") != "New" {
		t.Errorf("renamed: %s, ETag %s", a.body, a.header.Get("ETag"))
	}
}

// TestAPI_tooLarge sends more than is taken by a client that reads no answer before
// all is sent: it gets the answer all the same.
func TestAPI_tooLarge(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	server := httptest.NewServer(w.server.Handler())
	t.Cleanup(server.Close)
	for name, length := range map[string]int64{"its length known": 30 << 20, "in chunks": -1} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
				server.URL+"/api/v1/workspaces/"+ada.workspace+"/questionnaires?name=x.xlsx", io.LimitReader(zeros{}, 30<<20))
			must(t, err)
			r.ContentLength = length
			r.Header.Set("Cookie", ada.cookie)
			got, err := server.Client().Do(r)
			must(t, err)
			defer got.Body.Close()
			if got.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("status %d", got.StatusCode)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestAPI_headers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t), func(c *web.Config) {
		c.Origin, c.Hosts = "https://caique.example", []string{"example.com"} // a proxy before it keeps no Host
	})
	a := caller{w: w}.send("POST", "/api/v1/setup", fields{
		"link": w.setup, "email": "ada@example.com", "name": "Ada", "password": password, "workspace": "Acme",
	}, "Origin", "https://caique.example", "Host", "10.0.0.1").want(http.StatusCreated)
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Cross-Origin-Opener-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if csp := a.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("policy %q", csp)
	}
	a = caller{w: w}.send("POST", "/api/v1/session", fields{"email": "ada@example.com", "password": password}).want(http.StatusCreated)
	cookie := a.header.Get("Set-Cookie")
	for _, want := range []string{"__Host-caique=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q lacks %s", cookie, want)
		}
	}
	session, _, _ := strings.Cut(cookie, ";")
	ada := caller{w: w, cookie: session}
	ada.send("GET", "/api/v1/me", nil).want(http.StatusOK)
	ada.send("DELETE", "/api/v1/session", nil).want(http.StatusNoContent)
	ada.send("GET", "/api/v1/me", nil).problem(http.StatusUnauthorized, "signed_out")
}

// TestAPI_hosts reaches the service by names that are and are not its own.
func TestAPI_hosts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		origin string
		hosts  []string
		status map[string]int
	}{
		"nothing is known of its names":  {"", nil, map[string]int{"anything.example": 404, "": 404}},
		"of an origin its host is known": {"https://Caique.example:8443", nil, map[string]int{"caique.example": 404, "CAIQUE.example.:443": 404, "evil.example": 421, "caique.example.evil.example": 421, "": 421}},
		"further names":                  {"", []string{"localhost", "::1"}, map[string]int{"localhost:8080": 404, "[::1]:8080": 404, "[::1]": 404, "::1": 404, "127.0.0.1": 421, "evil.example:80": 421}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, openMemory(t), func(cfg *web.Config) { cfg.Origin, cfg.Hosts = c.origin, c.hosts })
			get := func(host, path string) answer {
				r := httptest.NewRequest(http.MethodGet, path, nil)
				r.Host = host
				rec := httptest.NewRecorder()
				w.server.Handler().ServeHTTP(rec, r)
				return answer{t, host + path, rec.Code, rec.Header(), rec.Body.Bytes()}
			}
			for host, want := range c.status {
				if want == http.StatusMisdirectedRequest {
					get(host, "/api/v1/nothing").problem(want, "unknown_host")
				} else {
					get(host, "/api/v1/nothing").want(want)
				}
				get(host, "/livez").want(http.StatusOK)
				get(host, "/readyz").want(http.StatusOK)
			}
		})
	}
}

func TestAPI_health(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	for _, path := range []string{"/livez", "/readyz"} {
		if a := (caller{w: w}).send("GET", path, nil).want(http.StatusOK); string(a.body) != "ok\n" {
			t.Errorf("%s: %q", path, a.body)
		}
		caller{w: w}.send("HEAD", path, nil).want(http.StatusOK)
	}
	w.server.Drain()
	caller{w: w}.send("GET", "/readyz", nil).problem(http.StatusServiceUnavailable, "stopping")
	caller{w: w}.send("HEAD", "/readyz", nil).want(http.StatusServiceUnavailable)
	caller{w: w}.send("GET", "/livez", nil).want(http.StatusOK)
	w.setUp() // requests are answered on
}

// TestAPI_setupPage is there as long as there is something to set up.
func TestAPI_setupPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	caller{w: w}.send("GET", "/setup", nil).want(http.StatusOK)
	w.setUp()
	got := caller{w: w}.send("GET", "/setup", nil).want(http.StatusNotFound)
	if !strings.Contains(string(got.body), "/openapi.json") {
		t.Errorf("afterwards: %s", got.body)
	}
}

// TestAPI_noSecrets looks for passwords and secrets where none may be.
func TestAPI_noSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	token := ada.withToken("read")
	token.send("GET", "{w}/members", nil).want(http.StatusOK)
	bad := ada.send("POST", "/api/v1/session", `{"email":7,"password":"`+password+`"}`).want(http.StatusUnprocessableEntity)
	for name, text := range map[string]string{"log": w.log.String(), "refusal": string(bad.body)} {
		for _, secret := range []string{password, token.token, strings.TrimPrefix(ada.cookie, "caique="), w.setup} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds a secret", name)
			}
		}
	}
	if n := strings.Count(w.log.String(), `"msg":"request"`); n < 4 {
		t.Errorf("the log has %d requests", n)
	}
}

// TestAPI_panic makes a handler panic by a service that is none.
func TestAPI_panic(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t), func(c *web.Config) { c.Service = nil })
	r := httptest.NewRequest(http.MethodGet, "/readyz", nil)
	rec := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(rec, r)
	a := answer{t, "panic", rec.Code, rec.Header(), rec.Body.Bytes()}
	a.problem(http.StatusInternalServerError, "internal")
	if strings.Contains(string(a.body), "nil pointer") || !strings.Contains(w.log.String(), "nil pointer") {
		t.Errorf("answer %s", a.body)
	}
}
