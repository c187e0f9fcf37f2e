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
		Components struct{ Schemas map[string]any }
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
	for name := range described {
		t.Errorf("%s is described and not there", name)
	}
	for _, ref := range references(string(a.body)) {
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
	Parameters  []struct{ Name, In string }
	Responses   map[string]struct {
		Content map[string]any
	}
}

func (op operation) check(t *testing.T, name, path string) {
	t.Helper()
	var in []string
	for _, p := range op.Parameters {
		in = append(in, p.In+" "+p.Name)
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

// references are the names of the schemas that a document refers to.
func references(doc string) []string {
	var out []string
	for _, part := range strings.Split(doc, `"#/components/schemas/`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		out = append(out, name)
	}
	return out
}
