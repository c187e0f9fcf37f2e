package web_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// furniture is one of everything that a workspace can hold.
type furniture struct {
	by     caller
	record string
	n      string
	user   string // somebody who belongs to this workspace alone
	token  string
	entry  string
	export string
	ids    map[string]string // by the name of a path's parameter
}

// furnish fills the caller's workspace; mark stands in all its texts. The caller
// holds all roles there.
func furnish(c caller, mark string) *furniture {
	t := c.w.t
	t.Helper()
	second := c.person("second-"+strings.ToLower(mark), "reviewer")
	f := &furniture{by: c, user: second.id, record: c.upload(mark)}
	at := "{w}/questionnaires/" + f.record
	a := c.proposed(f.record)
	f.n = itoa(a.number("n"))
	text := fields{"answer": "yes", "ownership": "CSP-owned", "description": mark + " does it.", "customer_responsibilities": ""}
	edited := c.send("PUT", at+"/answers/"+f.n, text, "If-Match", tag(a.number("revision"))).want(http.StatusOK)
	second.send("POST", at+"/answers/"+f.n+"/approve", fields{"text_sha256": edited.object().text("text_sha256")},
		"If-Match", edited.header.Get("ETag")).want(http.StatusOK)
	c.send("POST", at+"/answers/"+f.n+"/comments", fields{"text": mark + " says"}).want(http.StatusCreated)
	c.send("POST", at+"/answers/assign", fields{"n": []int{a.number("n")}, "user": second.id}, "If-Match", `"1"`).want(http.StatusOK)
	f.token = c.send("POST", "{w}/tokens", fields{"name": mark, "scopes": []string{"read"}, "expires": "2027-05-01T00:00:00Z"}).
		want(http.StatusCreated).object().text("token.id")
	f.entry = c.send("GET", "{w}/library", nil).want(http.StatusOK).items()[0].text("id")
	invitation := c.send("POST", "{w}/invitations", fields{"email": "asked-" + strings.ToLower(mark) + "@example.com", "name": mark, "roles": []string{"viewer"}}).
		want(http.StatusCreated).object().text("invitation.id")
	f.export = c.send("POST", at+"/exports", fields{"format": "json", "audience": "nda"}).want(http.StatusCreated).object().text("id")
	id := "own-" + strings.ToLower(mark)
	c.send("PUT", "{w}/profiles/"+id, ownProfile(t, id, mark), "Content-Type", "application/yaml", "If-None-Match", "*").want(http.StatusOK)
	f.ids = map[string]string{
		"workspace": c.workspace, "questionnaire": f.record, "n": f.n, "user": f.user, "token": f.token, "entry": f.entry,
		"export": f.export, "profile": id, "invitation": invitation,
	}
	return f
}

// mark stands in all texts of the second of two workspaces.
const mark = "Canarybird"

// neighbours are two workspaces with one of everything in each, and a spy who
// belongs to the first alone, in all roles.
func neighbours(t *testing.T) (w *world, mine, theirs *furniture, spy caller) {
	t.Helper()
	w = newWorld(t, openMemory(t))
	ada := w.setUp()
	mine = furnish(ada, "Plain")
	other := ada
	other.workspace = ada.send("POST", "/api/v1/workspaces", fields{"name": mark}).want(http.StatusCreated).object().text("id")
	spy = ada.person("spy", strings.Fields(all)...)
	return w, mine, furnish(other, mark), spy
}

// path fills the parameters of a route's path in.
func (f *furniture) path(route string) string {
	parts := strings.Split(route, "/")
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, ":"); ok {
			parts[i] = f.ids[name]
		}
	}
	return strings.Join(parts, "/")
}

// ownProfile is the profile of the example under another id.
func ownProfile(t testing.TB, id, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "mappings", "profiles", "example-saas.yaml"))
	must(t, err)
	lines := strings.Split(string(data), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "id:") {
			lines[i] = "id: " + id
		}
		if strings.HasPrefix(l, "name:") {
			lines[i] = "name: " + name
		}
	}
	return []byte(strings.Join(lines, "\n"))
}
