package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

// describe completes the OpenAPI document with what all routes have in common and
// writes it; no route may be added after it.
func (s *Server) describe() error {
	doc := s.api.OpenAPI()
	schemas := doc.Components.Schemas.Map()
	delete(schemas, "ErrorModel") // huma's form of problems, which ours replaces
	delete(schemas, "ErrorDetail")
	doc.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	doc.Tags = tags()
	doc.Components.Responses = s.problemResponses()
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				s.completeOperation(op)
			}
		}
	}
	for name, example := range bodyExamples() {
		schema := schemas[name]
		if schema == nil {
			return fmt.Errorf("describe the API: there is no schema %s", name)
		}
		schema.Examples = []any{example}
	}
	b, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("describe the API: %w", err)
	}
	s.openAPI = b
	return nil
}

func (s *Server) document(c *gin.Context) {
	c.Data(http.StatusOK, "application/openapi+json;version=3.1", s.openAPI)
}

// completeOperation names parameters and the problems that a route answers with.
func (s *Server) completeOperation(op *huma.Operation) {
	if text := routeTexts()[op.OperationID]; text != "" {
		op.Description += " " + text
	}
	described := parameterTexts()
	for _, p := range op.Parameters {
		if p.Description == "" {
			p.Description = described[p.Name]
		}
	}
	for _, status := range s.problemsOf(op) {
		op.Responses[strconv.Itoa(status)] = &huma.Response{Ref: "#/components/responses/" + problemName(status)}
	}
}

// problemsOf lists the statuses of problems that a route can answer with, as far
// as its form tells; the default response covers the rest.
func (s *Server) problemsOf(op *huma.Operation) []int {
	has := func(in, name string) bool {
		return slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.In == in && (name == "" || p.Name == name) })
	}
	a := s.access[op.Method+" "+ginPath(op.Path)]
	out := []int{http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	if a != accessOpen {
		out = append(out, http.StatusUnauthorized)
	}
	if a == accessWorkspace || a == accessInstallation {
		out = append(out, http.StatusForbidden)
	}
	if has("path", "") || strings.HasPrefix(op.Path, "/api/v1/links") || op.Path == "/api/v1/setup" {
		out = append(out, http.StatusNotFound)
	}
	if op.RequestBody != nil {
		out = append(out, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	if op.Method != http.MethodGet && a != accessOpen {
		out = append(out, http.StatusConflict)
	}
	if has("header", "If-Match") {
		out = append(out, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	}
	if op.Path == "/api/v1/session" || op.Path == "/api/v1/me/password" {
		out = append(out, http.StatusTooManyRequests)
	}
	if op.Path == "/api/v1/session" {
		out = append(out, http.StatusUnauthorized)
	}
	return out
}

// problemName is the name of a status as a component: PreconditionFailed.
func problemName(status int) string {
	return strings.ReplaceAll(http.StatusText(status), " ", "")
}

// problemResponses describes each problem once, with an example.
func (s *Server) problemResponses() map[string]*huma.Response {
	schema := s.schemaOf(reflect.TypeFor[ProblemDetails]())
	out := make(map[string]*huma.Response)
	for status, e := range map[int]struct{ text, code, detail string }{
		http.StatusBadRequest:            {"The request cannot be read", codeBadText, "description: the text holds bytes that are no UTF-8, or half of a surrogate pair"},
		http.StatusUnauthorized:          {"Nobody is signed in, or the password or token is wrong", "signed_out", "nobody is signed in"},
		http.StatusForbidden:             {"Roles or scopes do not allow it, or a text of one's own was to be approved", "not_allowed", "your roles in this workspace do not allow answer.approve"},
		http.StatusNotFound:              {"It does not exist, or not for this caller", "not_found", "there is no such questionnaire"},
		http.StatusConflict:              {"The state of things does not allow it now", "archived", "CAIQ.xlsx is archived and can only be read"},
		http.StatusPreconditionFailed:    {"It has changed since it was read: current has it as it is now", codeStale, "the answer has changed: you have revision 2, it is at 3"},
		http.StatusRequestEntityTooLarge: {"The body is larger than the limit", "too_large", "the file is larger than 25 MiB"},
		http.StatusUnsupportedMediaType:  {"The kind of body or file is not accepted", "unsupported_media_type", "the body is of another type than the route takes"},
		http.StatusUnprocessableEntity:   {"The input is wrong; errors has all that is, each with its place", "unknown_parameter", "query.limits: there is no such parameter here"},
		http.StatusPreconditionRequired:  {"If-Match is missing", "if_match_required", "the header If-Match is missing"},
		http.StatusTooManyRequests:       {"Too many failed tries; Retry-After says in how many seconds to come back", "too_many_tries", "too many failed tries"},
		http.StatusServiceUnavailable:    {"Not now; Retry-After says in how many seconds to come back", "busy", "too much is going on at once"},
	} {
		example := newProblem(status, e.code, e.detail)
		r := &huma.Response{Description: e.text, Content: map[string]*huma.MediaType{problemType: {Schema: schema, Example: example}}}
		if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
			r.Headers = map[string]*huma.Param{"Retry-After": {Description: "Seconds", Schema: &huma.Schema{Type: "integer"}}}
		}
		out[problemName(status)] = r
	}
	return out
}

// tags are the groups of routes.
func tags() []*huma.Tag {
	return []*huma.Tag{
		{Name: "setup", Description: "The first account and workspace of an installation."},
		{Name: "session", Description: "Signing in and out."},
		{Name: "links", Description: "One-time links: invitations and new passwords."},
		{Name: "me", Description: "Whoever is signed in."},
		{Name: "users", Description: "All accounts, for those who run the installation."},
		{Name: "workspaces", Description: "Tenants: everything else belongs to one."},
		{Name: "members", Description: "Who belongs to a workspace, in which roles."},
		{Name: "invitations", Description: "Who is asked into a workspace and has not come yet."},
		{Name: "tokens", Description: "API tokens of people, for one workspace each."},
		{Name: "questionnaires", Description: "Uploaded files, their questions, answers, reviews and exports."},
		{Name: "exports", Description: "Files that left, each with manifest, evidence list and checkpoint."},
		{Name: "library", Description: "Approved answers that are offered again."},
		{Name: "match", Description: "What questions in anybody's words ask, and how they would be answered."},
		{Name: "search", Description: "Questions, approved answers and controls by their words."},
		{Name: "profiles", Description: "What answers rest on: controls, evidence, providers."},
		{Name: "mappings", Description: "The built-in knowledge: questions, controls, criteria."},
		{Name: "events", Description: "The audit trail, event by event."},
		{Name: "trail", Description: "The audit trail as a whole, to be verified."},
		{Name: "checkpoints", Description: "Signed states of the audit trail."},
	}
}

// routeTexts says what there is to know of a route besides who may use it.
func routeTexts() map[string]string {
	return map[string]string{
		"invite-somebody":  "Answers are the same whether or not the person has an account. To invite somebody again renews the invitation: the last one counts.",
		"look-at-a-link":   "An invitation says what whoever invites wrote into it.",
		"use-a-link":       "Of an invitation it makes account and membership, for those without an account; others sign in and join with me/join, and are refused here as with any other bad link.",
		"join-a-workspace": "For those who have an account, with the link of an invitation to its email.",
		"revoke-a-token":   "Without If-Match: a token can only end, and to end one that has ended changes nothing.",
		"disable-a-user":   "The only admin of a workspace is not locked out. To stop a stolen account all the same, make a reset link and use it: that ends its sessions.",
	}
}

// parameterTexts describes parameters that stand in many places.
func parameterTexts() map[string]string {
	return map[string]string{ //nolint:gosec // ids and no credentials
		"workspace": "Id of the workspace", "questionnaire": "Id of the questionnaire", "user": "Id of the user", "token": "Id of the token, not its secret", "invitation": "Id of the invitation",
		"export": "Id of the export", "entry": "Id of the library entry", "profile": "Id of the profile", "n": "Number of the question in the file, from 1",
		"owner": "Only those that this user keeps true", "actor": "Only those of this user", "action": "Only those of this action: answer.approve",
		"deal": "What sales calls it", "Last-Event-ID": "The last event that was seen; the stream goes on after it",
	}
}
