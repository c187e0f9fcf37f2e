package web

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"caique/internal/app"
	"caique/internal/caiq"
)

// access says who a route lets in before its use case decides.
type access int

const (
	accessClosed       access = iota // nobody: a route without an entry
	accessOpen                       // anybody
	accessHealth                     // anybody, under any name of the host
	accessUser                       // whoever is signed in
	accessWorkspace                  // members of the workspace in the address
	accessInstallation               // those who run the installation
)

// newAPI returns the typed side of the server: its routes are checked against
// their own description.
func (s *Server) newAPI(c Config) huma.API {
	json := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: strictJSON}
	config := huma.DefaultConfig("Caique", c.Version)
	config.Info.Description = apiDescription
	config.Servers = []*huma.Server{{URL: "/"}}
	config.Formats = map[string]huma.Format{"application/json": json, "json": json}
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil // no $schema in bodies
	config.Transformers = []huma.Transformer{ownProblems}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: s.cookieName(), Description: "Of somebody who signed in."},
		"token":   {Type: "http", Scheme: "bearer", Description: "An API token: it acts for its user in one workspace, within its scopes."},
	}
	return humagin.New(s.engine, config)
}

const apiDescription = `Answers cloud security questionnaires. Everything of a workspace is below /api/v1/workspaces/{workspace}.

Whatever changes something that can change in between wants the header If-Match with the ETag that was read: missing is 428,
changed meanwhile is 412 with the thing as it is now. Changes of many answers name each in the revision that was seen. What is
only added, as comments and exports, or can only end, as tokens and sessions, comes to the same whoever is first and wants none. Lists come in pages: pass next on as cursor. Times are RFC 3339 in UTC.
Problems come as application/problem+json; code is stable, errors name field, sheet and cell.`

// open adds a route for everybody.
func open[I, O any](s *Server, pattern, summary string, h func(context.Context, *I) (*O, error), status ...int) {
	register(s, operation(pattern, summary, "", status...), accessOpen, func(ctx context.Context, _ caiq.Principal, in *I) (*O, error) { return h(ctx, in) })
}

// user adds a route for whoever is signed in.
func user[I, O any](s *Server, pattern, summary string, h func(context.Context, caiq.Principal, *I) (*O, error), status ...int) {
	register(s, operation(pattern, summary, "", status...), accessUser, h)
}

// installation adds a route for those who run the installation.
func installation[I, O any](
	s *Server, pattern string, a app.Action, summary string, h func(context.Context, caiq.Principal, *I) (*O, error), status ...int,
) {
	register(s, operation(pattern, summary, a, status...), accessInstallation, h)
}

// member adds a route for members of the workspace in the address.
func member[I, O any](
	s *Server, pattern string, a app.Action, summary string, h func(context.Context, caiq.Principal, *I) (*O, error), status ...int,
) {
	register(s, operation(pattern, summary, a, status...), accessWorkspace, h)
}

// raw adds a route of the workspace with a plain gin handler: for bodies that
// are no JSON. The operation describes it in the OpenAPI document.
func (s *Server) raw(pattern string, a app.Action, summary string, describe func(*Server, *huma.Operation), h func(*gin.Context, caiq.Principal) error) {
	op := operation(pattern, summary, a)
	op.Responses = map[string]*huma.Response{}
	describe(s, &op)
	s.complete(&op, accessWorkspace)
	s.api.OpenAPI().AddOperation(&op)
	s.engine.Handle(op.Method, ginPath(op.Path), s.admit, s.checkQuery, func(c *gin.Context) {
		if err := h(c, requestOf(c.Request.Context()).principal); err != nil {
			s.abort(c, err)
		}
	})
}

// health adds a route, by GET and HEAD, that says how the service is; it is no part
// of the API.
func (s *Server) health(path string, h gin.HandlerFunc) {
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		s.access[method+" "+path] = accessHealth
		s.engine.Handle(method, path, h)
	}
}

func register[I, O any](s *Server, op huma.Operation, a access, h func(context.Context, caiq.Principal, *I) (*O, error)) {
	s.complete(&op, a)
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		c := humagin.Unwrap(ctx)
		for _, check := range []gin.HandlerFunc{s.admit, s.checkQuery} {
			if check(c); c.IsAborted() {
				return
			}
		}
		next(humagin.NewContext(&op, c))
	})
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, requestOf(ctx).principal, in)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return out, nil
	})
}

// operation describes a route: its pattern is "METHOD /path/{name}", its status
// that of success where it is not 200, or 204 without a body.
func operation(pattern, summary string, a app.Action, status ...int) huma.Operation {
	method, path, _ := strings.Cut(pattern, " ")
	op := huma.Operation{Method: method, Path: path, Summary: summary, OperationID: strings.ReplaceAll(strings.ToLower(summary), " ", "-")}
	parts := strings.Split(strings.TrimPrefix(path, "/api/v1/"), "/")
	op.Tags = []string{parts[0]}
	if parts[0] == "workspaces" && len(parts) > 2 {
		op.Tags = []string{parts[2]}
	}
	if a != "" {
		op.Description = permissionText(a)
	}
	for _, code := range status {
		op.DefaultStatus = code
	}
	return op
}

// permissionText says who may do an action, as the permission table has it.
func permissionText(a app.Action) string {
	table := app.Permissions()
	i := slices.IndexFunc(table, func(p app.Permission) bool { return p.Action == a })
	if i < 0 {
		return ""
	}
	roles := make([]string, len(table[i].Roles))
	for j, r := range table[i].Roles {
		roles[j] = string(r)
	}
	text := fmt.Sprintf("Action %s: role %s", a, strings.Join(roles, ", "))
	if table[i].Scope == "" {
		return text + "; no token."
	}
	return text + "; tokens with scope " + string(table[i].Scope) + "."
}

// complete adds to an operation what all have in common, and opens its route.
func (s *Server) complete(op *huma.Operation, a access) {
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.Responses["default"] = &huma.Response{
		Description: "A problem",
		Content: map[string]*huma.MediaType{
			problemType: {Schema: s.schemaOf(reflect.TypeFor[ProblemDetails]())},
		},
	}
	if op.Description == "" {
		op.Description = map[access]string{
			accessOpen: "Open to everybody.", accessUser: "For whoever is signed in, and for tokens.",
		}[a]
	}
	op.Security = []map[string][]string{}
	if a != accessOpen {
		op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	}
	s.access[op.Method+" "+ginPath(op.Path)] = a
}

// schemaOf describes a type once and refers to it.
func (s *Server) schemaOf(t reflect.Type) *huma.Schema {
	return s.api.OpenAPI().Components.Schemas.Schema(t, true, t.Name())
}

// ginPath writes {name} as :name.
func ginPath(path string) string { return strings.NewReplacer("{", ":", "}", "").Replace(path) }
