package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestOpenAPI compares the document with the routes that there are.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	a := caller{w: w}.send("GET", "/openapi.json", nil).want(http.StatusOK)
	doc := decode[struct {
		OpenAPI    string
		Paths      map[string]map[string]operation
		Tags       []struct{ Name, Description string }
		Components struct {
			Schemas   map[string]any
			Responses map[string]any
		}
	}](a)
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("OpenAPI %s", doc.OpenAPI)
	}
	described, ids := map[string]operation{}, map[string]bool{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			name := strings.ToUpper(method) + " " + strings.NewReplacer("{", ":", "}", "").Replace(path)
			described[name] = op
			if op.OperationID == "" || op.Summary == "" || ids[op.OperationID] {
				t.Errorf("%s: id %q, summary %q", name, op.OperationID, op.Summary)
			}
			ids[op.OperationID] = true
		}
	}
	for _, r := range w.server.Routes() {
		name := r.Method + " " + r.Path
		op, ok := described[name]
		if ok != strings.HasPrefix(r.Path, "/api/") {
			t.Errorf("%s: described is %v", name, ok)
			continue
		}
		if ok {
			op.check(t, name, r.Path)
		}
		delete(described, name)
	}
	tagged := map[string]bool{}
	for _, tag := range doc.Tags {
		tagged[tag.Name] = tag.Description != ""
	}
	for path, methods := range doc.Paths {
		for _, op := range methods {
			for _, tag := range op.Tags {
				if !tagged[tag] {
					t.Errorf("%s: the tag %s is not described", path, tag)
				}
			}
		}
	}
	for name := range described {
		t.Errorf("%s is described and not there", name)
	}
	if op := doc.Paths["/api/v1/workspaces/{workspace}/tokens/{token}"]["delete"]; !strings.Contains(op.Description, "Without If-Match") {
		t.Errorf("nothing says why tokens are revoked without a precondition: %q", op.Description)
	}
	for _, ref := range references(string(a.body), "responses") {
		if doc.Components.Responses[ref] == nil {
			t.Errorf("the response %s is missing", ref)
		}
	}
	for _, ref := range references(string(a.body), "schemas") {
		if doc.Components.Schemas[ref] == nil {
			t.Errorf("the schema %s is missing", ref)
		}
	}
}

type operation struct {
	OperationID string
	Summary     string
	Description string
	Security    []map[string][]string
	Tags        []string
	Parameters  []struct{ Name, In, Description string }
	RequestBody struct {
		Content map[string]struct {
			Schema struct {
				Ref string `json:"$ref"`
			}
		}
	}
	Responses map[string]struct {
		Content map[string]any
	}
}

func (op operation) check(t *testing.T, name, path string) {
	t.Helper()
	var in []string
	for _, p := range op.Parameters {
		in = append(in, p.In+" "+p.Name)
		if p.Description == "" {
			t.Errorf("%s: the parameter %s is not described", name, p.Name)
		}
	}
	for part := range strings.SplitSeq(path, "/") {
		if param, ok := strings.CutPrefix(part, ":"); ok && !slices.Contains(in, "path "+param) {
			t.Errorf("%s: the parameter %s is not described", name, param)
		}
	}
	if _, ok := op.Responses["default"].Content["application/problem+json"]; !ok || len(op.Responses) < 2 {
		t.Errorf("%s: responses %v", name, op.Responses)
	}
	r := rules()[name]
	for status, want := range map[string]bool{
		"401": r.access != "open" || strings.HasSuffix(path, "/session"), "403": r.access == "" || r.access == "installation", "412": r.match, "428": r.match,
		"422": true, "404": strings.Contains(path, ":") || strings.Contains(path, "/links/") || strings.HasSuffix(path, "/setup"),
	} {
		if _, ok := op.Responses[status]; ok != want {
			t.Errorf("%s: the answer %s is described: %v", name, status, ok)
		}
	}
	if (r.access == "open") != (len(op.Security) == 0) {
		t.Errorf("%s: security %v", name, op.Security)
	}
	if r.match != slices.Contains(in, "header If-Match") {
		t.Errorf("%s: the test and the document differ about If-Match", name)
	}
	if r.access == "" && !strings.Contains(op.Description, "role") {
		t.Errorf("%s: description %q names no role", name, op.Description)
	}
}

// references are the names of the components of a kind that a document refers to.
func references(doc, kind string) []string {
	var out []string
	for _, part := range strings.Split(doc, `"#/components/`+kind+`/`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		out = append(out, name)
	}
	return out
}

// TestOpenAPI_examples sends the examples of bodies to their routes: whatever else
// may be wrong with them, their form is right.
func TestOpenAPI_examples(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	f := furnish(ada, "Plain")
	doc := decode[struct {
		Paths      map[string]map[string]operation
		Components struct {
			Schemas map[string]struct{ Examples []fields }
		}
	}](ada.send("GET", "/openapi.json", nil))
	for path, methods := range doc.Paths {
		for method, op := range methods {
			ref, ok := strings.CutPrefix(op.RequestBody.Content["application/json"].Schema.Ref, "#/components/schemas/")
			if !ok {
				continue
			}
			examples := doc.Components.Schemas[ref].Examples
			if len(examples) != 1 {
				t.Errorf("%s has no example", ref)
				continue
			}
			at := f.path(strings.NewReplacer("{", ":", "}", "").Replace(path))
			a := ada.send(strings.ToUpper(method), at, examples[0], "If-Match", `"999"`)
			if a.status == http.StatusBadRequest || a.status == http.StatusUnprocessableEntity && strings.Contains(string(a.body), "invalid_field") {
				t.Errorf("%s %s: the example is refused: %s", method, path, a.body)
			}
		}
	}
}
