package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestAPI_invitations invites somebody whose account belongs to another
// workspace: nothing of it shows before they join, and only they can.
func TestAPI_invitations(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	xenia := ada.person("xenia", "reviewer")
	other := ada.send("POST", "/api/v1/workspaces", fields{"name": "Other"}).want(http.StatusCreated).object().text("id")
	there := ada
	there.workspace = other
	rita := there.person("rita", "admin")

	a := rita.send("POST", "{w}/members", fields{"email": "xenia@example.com", "name": "X.", "roles": []string{"viewer"}}).want(http.StatusCreated)
	if body := string(a.body); strings.Contains(body, xenia.id) || strings.Contains(body, `"name":"xenia"`) || a.object().text("member.name") != "X." {
		t.Errorf("the invitation shows %s", body)
	}
	link := fields{"link": a.object().text("link")}
	if list := rita.send("GET", "{w}/members", nil).want(http.StatusOK); strings.Contains(string(list.body), "xenia") || strings.Contains(string(list.body), xenia.id) {
		t.Errorf("the members show %s", list.body)
	}
	rita.send("GET", "{w}/members/"+xenia.id, nil).problem(http.StatusNotFound, "not_found")
	rita.send("POST", "/api/v1/links/look", link).problem(http.StatusNotFound, "bad_link")
	rita.send("POST", "/api/v1/links/use", fields{"link": link["link"], "password": password}).problem(http.StatusNotFound, "bad_link")
	rita.send("POST", "/api/v1/me/join", link).problem(http.StatusNotFound, "bad_link")
	xenia.withToken("read").send("POST", "/api/v1/me/join", link).problem(http.StatusForbidden, "not_allowed")
	inside := xenia
	inside.workspace = other
	inside.send("GET", "{w}", nil).problem(http.StatusNotFound, "not_found")

	if got := xenia.send("POST", "/api/v1/me/join", link).want(http.StatusOK).object(); got.text("id") != other {
		t.Errorf("joined %v", got)
	}
	inside.send("GET", "{w}", nil).want(http.StatusOK)
	inside.send("POST", "{w}/trail/verify", nil).want(http.StatusOK)
	xenia.send("POST", "/api/v1/me/join", link).problem(http.StatusNotFound, "bad_link")
	rita.send("POST", "{w}/members", fields{"email": "xenia@example.com", "name": "X.", "roles": []string{"viewer"}}).problem(http.StatusConflict, "exists")
	if got := rita.send("GET", "{w}/members/"+xenia.id, nil).want(http.StatusOK).object(); got.text("name") != "xenia" {
		t.Errorf("the member is %v", got)
	}
}

// TestAPI_inviteAgain invites somebody anew whose first link was lost.
func TestAPI_inviteAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	invite := func(name string) fields {
		return ada.send("POST", "{w}/members", fields{"email": "neu@example.com", "name": name, "roles": []string{"viewer"}}).want(http.StatusCreated).object()
	}
	first := invite("Nue")
	ada.send("DELETE", "{w}/members/"+first.text("member.user"), nil, "If-Match", `"1"`).want(http.StatusNoContent)
	second := invite("Neu")
	if second.text("member.name") != "Neu" {
		t.Errorf("invited again: %v", second)
	}
	caller{w: w}.send("POST", "/api/v1/links/use", fields{"link": second.text("link"), "password": password}).want(http.StatusOK)
	w.signIn("neu@example.com", ada.workspace).send("GET", "{w}", nil).want(http.StatusOK)
	caller{w: w}.send("POST", "/api/v1/links/use", fields{"link": first.text("link"), "password": "another long passphrase"}).problem(http.StatusNotFound, "bad_link")
}

// TestAPI_users lists everybody, and tokens with when they were last used.
func TestAPI_users(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	xenia := ada.person("xenia", "reviewer")
	first := ada.send("GET", "/api/v1/users?limit=1", nil).want(http.StatusOK)
	second := ada.send("GET", "/api/v1/users?limit=1&cursor="+first.object().text("next"), nil).want(http.StatusOK)
	if first.items()[0].text("id") != ada.id || second.items()[0].text("id") != xenia.id || second.object()["next"] != nil {
		t.Errorf("users %s and %s", first.body, second.body)
	}
	if got := ada.send("GET", "/api/v1/users/"+xenia.id, nil).want(http.StatusOK).object(); got.text("email") != "xenia@example.com" {
		t.Errorf("user %v", got)
	}
	ada.send("GET", "/api/v1/users/nobody", nil).problem(http.StatusNotFound, "not_found")

	token := xenia.withToken("read")
	tokens := func(c caller) fields { return c.send("GET", "{w}/tokens", nil).want(http.StatusOK).items()[0] }
	if got := tokens(xenia); got["last_used"] != nil {
		t.Errorf("a new token was used: %v", got)
	}
	token.send("GET", "{w}", nil).want(http.StatusOK)
	if got := tokens(ada); got["last_used"] == nil || got.text("user") != xenia.id || strings.Contains(got.text("name")+got.text("id"), "caq_") {
		t.Errorf("a used token: %v", got)
	}
}
