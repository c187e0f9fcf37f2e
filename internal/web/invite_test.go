package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/app"
)

// TestAPI_invitations invites somebody whose account belongs to another workspace
// and somebody who has none, as an admin who knows neither: the answers differ in
// ids, emails, times and secrets alone, whatever is asked.
func TestAPI_invitations(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	xenia := ada.person("xenia", "reviewer")
	there := ada
	there.workspace = ada.send("POST", "/api/v1/workspaces", fields{"name": "Other"}).want(http.StatusCreated).object().text("id")
	rita := there.person("rita", "admin")
	shown := map[string][]string{}
	links := map[string]string{}
	for _, name := range []string{"xenia", "yorick"} {
		a := rita.send("POST", "{w}/invitations", fields{"email": name + "@example.com", "name": "X.", "roles": []string{"viewer"}})
		link := a.object().text("link")
		links[name] = link
		at := "{w}/invitations/" + a.object().text("invitation.id")
		for _, b := range []answer{
			a, rita.send("GET", at, nil), rita.send("GET", "{w}/members", nil),
			rita.send("POST", "/api/v1/links/look", fields{"link": link}),
			rita.send("POST", "/api/v1/links/use", fields{"link": link, "password": "short"}),
			rita.send("POST", "/api/v1/me/join", fields{"link": link}),
		} {
			text := volatile.ReplaceAllString(strings.NewReplacer(name, "somebody", link, "link", a.object().text("invitation.id"), "id").Replace(string(b.body)), "$1")
			shown[name] = append(shown[name], itoa(b.status)+" "+b.header.Get("ETag")+" "+text)
		}
	}
	if diff := cmp.Diff(shown["xenia"], shown["yorick"]); diff != "" {
		t.Errorf("it shows who has an account: %s", diff)
	}
	if list := rita.send("GET", "{w}/invitations", nil).want(http.StatusOK).items(); len(list) != 2 || list[0].text("name") != "X." || list[0]["link"] != nil {
		t.Errorf("invitations %v", list)
	}

	// To use the link of somebody with an account fails as any bad link does.
	use := func(link string) answer {
		return rita.send("POST", "/api/v1/links/use", fields{"link": link, "password": password})
	}
	none, known := use("none"), use(links["xenia"])
	if a, b := none.problem(http.StatusNotFound, "bad_link"), known.problem(http.StatusNotFound, "bad_link"); a.Detail != b.Detail ||
		none.object().text("hint") != known.object().text("hint") || !strings.Contains(none.object().text("hint"), "/me/join") {
		t.Errorf("refusals %s and %s", none.body, known.body)
	}
	use(links["yorick"]).want(http.StatusOK)
	w.signIn("yorick@example.com", there.workspace).send("GET", "{w}", nil).want(http.StatusOK)

	join := fields{"link": links["xenia"]}
	xenia.withToken("read").send("POST", "/api/v1/me/join", join).problem(http.StatusForbidden, "not_allowed")
	inside := xenia
	inside.workspace = there.workspace
	inside.send("GET", "{w}", nil).problem(http.StatusNotFound, "not_found")
	if got := xenia.send("POST", "/api/v1/me/join", join).want(http.StatusOK).object(); got.text("id") != there.workspace {
		t.Errorf("joined %v", got)
	}
	inside.send("GET", "{w}", nil).want(http.StatusOK)
	inside.send("POST", "{w}/trail/verify", nil).want(http.StatusOK)
	xenia.send("POST", "/api/v1/me/join", join).problem(http.StatusNotFound, "bad_link")
	p := rita.send("POST", "{w}/invitations", fields{"email": "xenia@example.com", "name": "X.", "roles": []string{"viewer"}}).problem(http.StatusConflict, "exists")
	if len(p.Errors) != 1 || p.Errors[0].Field != "email" {
		t.Errorf("errors %v", p.Errors)
	}
	if got := rita.send("GET", "{w}/members/"+xenia.id, nil).want(http.StatusOK).object(); got.text("name") != "xenia" {
		t.Errorf("the member is %v", got)
	}
}

// volatile are times and names of requests, which differ from answer to answer.
var volatile = regexp.MustCompile(`("(?:created|expires|request_id)":)"[^"]*"`)

// TestAPI_inviteAgain renews an invitation and withdraws it.
func TestAPI_inviteAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	invite := func(name string) answer {
		return ada.send("POST", "{w}/invitations", fields{"email": "neu@example.com", "name": name, "roles": []string{"viewer"}}).want(http.StatusCreated)
	}
	look := func(a answer) answer {
		return caller{w: w}.send("POST", "/api/v1/links/look", fields{"link": a.object().text("link")})
	}
	first, second := invite("Nue"), invite("Neu")
	at := "{w}/invitations/" + second.object().text("invitation.id")
	if second.header.Get("ETag") != `"2"` || second.object().text("invitation.name") != "Neu" || at != "{w}/invitations/"+first.object().text("invitation.id") {
		t.Errorf("invited again: %s", second.body)
	}
	look(first).problem(http.StatusNotFound, "bad_link")
	if got := look(second).want(http.StatusOK).object(); got.text("purpose") != "invite" || got.text("workspace") != "Acme" {
		t.Errorf("the link says %v", got)
	}
	ada.send("DELETE", at, nil).problem(http.StatusPreconditionRequired, "if_match_required")
	if p := ada.send("DELETE", at, nil, "If-Match", `"1"`).problem(http.StatusPreconditionFailed, "stale"); !strings.Contains(string(p.Current), "Neu") {
		t.Errorf("the refusal shows %s", p.Current)
	}
	ada.send("DELETE", at, nil, "If-Match", `"2"`).want(http.StatusNoContent)
	look(second).problem(http.StatusNotFound, "bad_link")
	ada.send("GET", at, nil).problem(http.StatusNotFound, "not_found")
	actions := []string{}
	for _, e := range ada.send("GET", "{w}/events?object="+strings.TrimPrefix(at, "{w}/"), nil).want(http.StatusOK).items() {
		actions = append(actions, e.text("action"))
	}
	if diff := cmp.Diff([]string{"invitation.create", "invitation.create", "invitation.withdraw"}, actions); diff != "" {
		t.Error(diff)
	}
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

// TestAPI_disable locks people out and in again, and the only admin of a workspace not.
func TestAPI_disable(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, db app.Store) {
		w := newWorld(t, db)
		ada := w.setUp()
		xenia := ada.person("xenia", "reviewer")
		at := "/api/v1/users/" + xenia.id
		disable := func(match string, disabled bool) answer {
			return ada.send("PATCH", at, fields{"disabled": disabled}, "If-Match", match)
		}
		before := ada.send("GET", at, nil).want(http.StatusOK).header.Get("ETag")
		ada.send("PATCH", at, fields{"disabled": true}).problem(http.StatusPreconditionRequired, "if_match_required")
		disable(`"99"`, true).problem(http.StatusPreconditionFailed, "stale")
		after := disable(before, true).want(http.StatusOK).header.Get("ETag")
		xenia.send("GET", "/api/v1/me", nil).problem(http.StatusUnauthorized, "signed_out")
		if got := ada.send("GET", at, nil).want(http.StatusOK); after == before || got.header.Get("ETag") != after || got.object()["disabled"] != true {
			t.Errorf("ETag %s, then %s, then %s", before, after, got.header.Get("ETag"))
		}
		now := disable(after, false).want(http.StatusOK).header.Get("ETag")

		// She is made an admin beside Ada, who leaves: from then on she is the only one.
		m := "{w}/members/" + xenia.id
		ada.send("PATCH", m, fields{"roles": []string{"admin"}}, "If-Match", `"1"`).want(http.StatusOK)
		now = disable(now, true).want(http.StatusOK).header.Get("ETag")
		now = disable(now, false).want(http.StatusOK).header.Get("ETag")
		ada.send("DELETE", "{w}/members/"+ada.id, nil, "If-Match", `"1"`).want(http.StatusNoContent)
		if p := disable(now, true).problem(http.StatusConflict, "last_admin"); !strings.Contains(p.Detail, "Acme") {
			t.Errorf("the refusal names no workspace: %s", p.Detail)
		}
	})
}

// TestAPI_disableRace has one admin of two disabled while the other leaves: one stays.
func TestAPI_disableRace(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, db app.Store) {
		w := newWorld(t, db)
		ada := w.setUp()
		for i := range 8 {
			there := ada
			there.workspace = ada.send("POST", "/api/v1/workspaces", fields{"name": "Other"}).want(http.StatusCreated).object().text("id")
			rita := there.person("rita"+itoa(i), "admin")
			match := ada.send("GET", "/api/v1/users/"+rita.id, nil).want(http.StatusOK).header.Get("ETag")
			var one, other int
			var wg sync.WaitGroup
			wg.Go(func() {
				one = ada.send("PATCH", "/api/v1/users/"+rita.id, fields{"disabled": true}, "If-Match", match).status
			})
			wg.Go(func() { other = there.send("DELETE", "{w}/members/"+ada.id, nil, "If-Match", `"1"`).status })
			wg.Wait()
			if (one == http.StatusOK) == (other == http.StatusNoContent) {
				t.Errorf("statuses %d and %d", one, other)
			}
		}
	})
}
