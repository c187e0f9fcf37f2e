package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// rule says whom a route lets in: roles of the workspace and the scope that a
// token needs, in the tests' own words, beside the permission table.
type rule struct {
	access string // "open", "user", "installation" or "" for the workspace's
	roles  string // of the workspace, by blanks
	scope  string // "" for none: people only
	body   any    // a request that gets past the checks of its form
	match  bool   // it wants If-Match
	query  string
}

const (
	all       = "viewer uploader reviewer exporter admin"
	reviewers = "reviewer"
	editing   = "uploader reviewer"
)

// rules names every route of the server. A route that is missing fails the test.
func rules() map[string]rule {
	const (
		w = "/api/v1/workspaces/:workspace"
		q = w + "/questionnaires/:questionnaire"
		a = q + "/answers/:n"
	)
	hash := strings.Repeat("0", 64)
	seen := []fields{{"n": 1, "revision": 999}}
	text := fields{"answer": "", "ownership": "", "description": "", "customer_responsibilities": ""}
	return map[string]rule{
		"GET /livez":        {access: "open"},
		"HEAD /livez":       {access: "open"},
		"GET /readyz":       {access: "open"},
		"HEAD /readyz":      {access: "open"},
		"GET /openapi.json": {access: "open"},
		"GET /setup":        {access: "open"},

		"POST /api/v1/setup": {access: "open", body: fields{
			"link": "x", "email": "x@example.com", "name": "X", "password": password, "workspace": "X",
		}},
		"POST /api/v1/links/look": {access: "open", body: fields{"link": "x"}},
		"POST /api/v1/links/use":  {access: "open", body: fields{"link": "x", "password": password}},
		"POST /api/v1/session":    {access: "open", body: fields{"email": "", "password": "x"}},
		"DELETE /api/v1/session":  {access: "open"},

		"GET /api/v1/me":                 {access: "user", scope: "any"},
		"PUT /api/v1/me/password":        {access: "user", body: fields{"old": password, "password": "short"}},
		"DELETE /api/v1/me/sessions":     {access: "user"},
		"POST /api/v1/me/join":           {access: "user", body: fields{"link": "x"}},
		"GET /api/v1/mappings":           {access: "user", scope: "any", query: "?term=IAM-14"},
		"GET /api/v1/workspaces":         {access: "user", scope: "any"},
		"POST /api/v1/workspaces":        {access: "installation", body: fields{"name": " "}},
		"GET /api/v1/users":              {access: "installation"},
		"GET /api/v1/users/:user":        {access: "installation"},
		"PATCH /api/v1/users/:user":      {access: "installation", match: true, body: fields{"disabled": false}},
		"POST /api/v1/users/:user/reset": {access: "installation"},

		"GET " + w:                                 {roles: all, scope: "read"},
		"PATCH " + w:                               {roles: "admin", scope: "admin", match: true, body: fields{"name": "New"}},
		"GET " + w + "/members":                    {roles: all, scope: "read"},
		"GET " + w + "/members/:user":              {roles: all, scope: "read"},
		"PATCH " + w + "/members/:user":            {roles: "admin", match: true, body: fields{"roles": []string{"viewer"}}},
		"DELETE " + w + "/members/:user":           {roles: "admin", match: true},
		"GET " + w + "/invitations":                {roles: "admin", scope: "admin"},
		"POST " + w + "/invitations":               {roles: "admin", body: fields{"email": "new@example.com", "name": "New", "roles": []string{"viewer"}}},
		"GET " + w + "/invitations/:invitation":    {roles: "admin", scope: "admin"},
		"DELETE " + w + "/invitations/:invitation": {roles: "admin", match: true},
		"GET " + w + "/tokens":                     {roles: all},
		"POST " + w + "/tokens":                    {roles: all, body: fields{"name": "t", "scopes": []string{"read"}, "expires": "2027-01-01T00:00:00Z"}},
		"DELETE " + w + "/tokens/:token":           {roles: all},

		"GET " + w + "/questionnaires":  {roles: all, scope: "read"},
		"POST " + w + "/questionnaires": {roles: "uploader", scope: "upload", query: "?name=x.xlsx", body: []byte("no workbook")},
		"GET " + q:                      {roles: all, scope: "read"},
		"PATCH " + q:                    {roles: editing, scope: "upload", match: true, body: fields{"deal": "D"}},
		"DELETE " + q:                   {roles: "admin", scope: "admin", match: true},
		"POST " + q + "/archive":        {roles: "uploader admin", scope: "admin", match: true, body: fields{"archived": true}},
		"POST " + q + "/propose":        {roles: editing, scope: "upload", match: true, body: fields{}},
		"GET " + q + "/progress":        {roles: all, scope: "read"},
		"GET " + q + "/file":            {roles: all, scope: "read"},
		"GET " + q + "/stream":          {roles: all, scope: "read"},

		"GET " + q + "/answers":          {roles: all, scope: "read"},
		"POST " + q + "/answers/approve": {roles: reviewers, scope: "approve", body: fields{"seen": seen}},
		"POST " + q + "/answers/reject":  {roles: reviewers, scope: "approve", body: fields{"seen": seen, "reason": "why"}},
		"POST " + q + "/answers/reopen":  {roles: reviewers, scope: "approve", body: fields{"seen": seen, "reason": "why"}},
		"POST " + q + "/answers/assign":  {roles: editing, scope: "edit", match: true, body: fields{"n": []int{1}, "user": ""}},
		"GET " + a:                       {roles: all, scope: "read"},
		"PUT " + a:                       {roles: reviewers, scope: "edit", match: true, body: text},
		"POST " + a + "/approve":         {roles: reviewers, scope: "approve", match: true, body: fields{"text_sha256": hash}},
		"POST " + a + "/reject":          {roles: reviewers, scope: "approve", match: true, body: fields{"reason": "why"}},
		"POST " + a + "/reopen":          {roles: reviewers, scope: "approve", match: true, body: fields{"reason": "why"}},
		"GET " + a + "/candidates":       {roles: all, scope: "read"},
		"POST " + a + "/pick":            {roles: reviewers, scope: "edit", match: true, body: fields{"candidate": "caiq-4.1/IAM-13.1"}},
		"DELETE " + a + "/pick":          {roles: reviewers, scope: "edit", match: true},
		"GET " + a + "/history":          {roles: all, scope: "read"},
		"GET " + a + "/provenance":       {roles: all, scope: "read"},
		"GET " + a + "/comments":         {roles: all, scope: "read"},
		"POST " + a + "/comments":        {roles: "uploader reviewer exporter admin", scope: "edit", body: fields{"text": "hm"}},

		"GET " + q + "/exports":                    {roles: all, scope: "read"},
		"POST " + q + "/exports":                   {roles: "exporter", scope: "export", body: fields{"format": "json", "audience": "nda"}},
		"POST " + q + "/exports/check":             {roles: "exporter", scope: "export", body: fields{"format": "json", "audience": "nda"}},
		"GET " + w + "/exports/:export":            {roles: "exporter admin", scope: "export"},
		"GET " + w + "/exports/:export/file":       {roles: "exporter admin", scope: "export"},
		"GET " + w + "/exports/:export/manifest":   {roles: "exporter admin", scope: "export"},
		"GET " + w + "/exports/:export/evidence":   {roles: "exporter admin", scope: "export"},
		"GET " + w + "/exports/:export/checkpoint": {roles: "exporter admin", scope: "export"},

		"POST " + w + "/match":                     {roles: all, scope: "read", body: fields{"text": "Are backups encrypted?"}},
		"GET " + w + "/search":                     {roles: all, scope: "read", query: "?q=Canarybird+does+it"},
		"GET " + w + "/library":                    {roles: all, scope: "read"},
		"GET " + w + "/library/:entry":             {roles: all, scope: "read"},
		"PATCH " + w + "/library/:entry":           {roles: reviewers, scope: "edit", match: true, body: fields{"retired": true}},
		"GET " + w + "/profiles":                   {roles: all, scope: "read"},
		"GET " + w + "/profiles/:profile":          {roles: all, scope: "read"},
		"PUT " + w + "/profiles/:profile":          {roles: "admin", scope: "admin", match: true, body: []byte("schema: 0")},
		"GET " + w + "/profiles/:profile/versions": {roles: all, scope: "read"},

		"GET " + w + "/events":        {roles: all, scope: "read"},
		"GET " + w + "/trail":         {roles: all, scope: "read"},
		"POST " + w + "/trail/verify": {roles: all, scope: "read"},
		"GET " + w + "/checkpoints":   {roles: all, scope: "read"},
	}
}

// try sends the route's request and returns the status. Nothing that it asks for
// happens: revisions are wrong, texts empty, seen answers changed since.
func (r rule) try(c caller, method, path string) answer {
	headers := []string{"Content-Type", "application/json"}
	if _, raw := r.body.([]byte); raw { // taken for files and profiles alike
		headers = []string{"Content-Type", "application/octet-stream"}
	}
	if r.match {
		headers = append(headers, "If-Match", `"999"`)
	}
	for patience := 20 * time.Millisecond; ; patience *= 10 { // streams never end by themselves
		if !strings.Contains(path, "/stream") {
			patience = 20 * time.Second
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		a := c.sendTo(ctx, method, path+r.query, r.body, headers...)
		cancel()
		if a.status != http.StatusServiceUnavailable || patience >= 20*time.Second {
			return a
		}
	}
}

// lets reports whether a token with the scope alone can use the route.
func (r rule) lets(scope string) bool {
	return r.scope == "any" || r.scope == scope
}

func TestRoutes_roles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	f := furnish(ada, "Plain")
	people := map[string]caller{}
	for role := range strings.FieldsSeq(all) {
		people[role] = ada.person(role, role)
	}
	scopes := []string{"read", "upload", "edit", "approve", "export", "admin"}
	tokens := map[string]caller{}
	for _, scope := range scopes {
		tokens[scope] = ada.withToken(scope)
	}
	rita := w.stranger(t)
	left := rules()
	for _, route := range w.server.Routes() {
		name := route.Method + " " + route.Path
		r, known := left[name]
		if !known {
			t.Errorf("%s has no rule: say in this table who may use it", name)
			continue
		}
		delete(left, name)
		t.Run(name, func(t *testing.T) {
			at := func(c caller) int {
				if name == "DELETE /api/v1/session" {
					c.cookie = "" // who signed out here could not go on
				}
				return r.try(c.in(t), route.Method, f.path(route.Path)).status
			}
			letIn := func(who string, status int, want bool) {
				t.Helper()
				if in := status != 403 && (status != 401 || r.access == "open"); in != want || status >= 500 {
					t.Errorf("%s: status %d, let in should be %v", who, status, want)
				}
			}
			if name == "DELETE /api/v1/me/sessions" {
				defer func() { // all come back
					for role, c := range people {
						people[role] = w.signIn(c.email, c.workspace)
					}
					ada, rita = w.signIn(ada.email, ada.workspace), w.signIn(rita.email, rita.workspace)
				}()
			}
			letIn("nobody", at(caller{w: w}), r.access == "open")
			for role, c := range people {
				letIn(role, at(c), r.access == "open" || r.access == "user" || slices.Contains(strings.Fields(r.roles), role))
			}
			for scope, c := range tokens {
				letIn("token to "+scope, at(c), r.access == "open" || r.lets(scope))
			}
			switch status := at(rita); r.access {
			case "":
				if status != http.StatusNotFound {
					t.Errorf("stranger: status %d of another's workspace, want 404", status)
				}
			case "installation":
				letIn("stranger", status, false)
				letIn("who runs the installation", at(ada), true)
			}
		})
	}
	for name := range left {
		t.Errorf("the rule of %s is for no route", name)
	}
}

// stranger is somebody signed in who belongs to no workspace of the others.
func (w *world) stranger(t testing.TB) caller {
	t.Helper()
	ada := w.signIn("ada@example.com", "")
	other := ada.in(t).send("POST", "/api/v1/workspaces", fields{"name": "Other"}).want(http.StatusCreated).object().text("id")
	ada.workspace = other
	return ada.person("stranger", "admin", "reviewer", "uploader", "exporter", "viewer")
}
