package web_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestRoutes_canary has two workspaces with one of everything in each. Whoever
// belongs to one looks, by every route and with every id, for what is in the
// other: nothing of it may come out, and nothing may change.
func TestRoutes_canary(t *testing.T) {
	t.Parallel()
	w, mine, theirs, spy := neighbours(t)
	other := theirs.by
	before := headOf(other)
	all := rules()
	shown := 0
	for _, route := range w.server.Routes() {
		if !strings.HasPrefix(route.Path, "/api/v1/workspaces/:workspace") {
			continue
		}
		name := route.Method + " " + route.Path
		if route.Method == http.MethodGet && strings.Contains(string(all[name].try(other, route.Method, theirs.path(route.Path)).body), mark) {
			shown++ // the mark is there to be found
		}
		t.Run(name, func(t *testing.T) {
			for what, path := range foreignPaths(mine, theirs, route.Path) {
				a := all[name].try(spy.in(t), route.Method, path)
				if bytes.Contains(a.body, []byte(mark)) || bytes.Contains(a.body, []byte(theirs.ids["questionnaire"])) && !strings.Contains(path, theirs.record) {
					t.Errorf("%s: the other workspace shows: %.300s", what, a.body)
				}
				if what == "their workspace" && a.status != http.StatusNotFound {
					t.Errorf("%s: status %d, want 404", what, a.status)
				}
				if what == "their id" && a.status != http.StatusNotFound && name != "PUT /api/v1/workspaces/:workspace/profiles/:profile" {
					t.Errorf("%s: status %d, want 404: %.200s", what, a.status, a.body)
				}
			}
		})
	}
	if shown < 15 {
		t.Errorf("only %d routes show the mark to those who may see it", shown)
	}
	if after := headOf(other); after != before {
		t.Errorf("the other workspace's trail went from %s to %s", before, after)
	}
}

func headOf(c caller) string {
	return c.send("POST", "{w}/trail/verify", nil).want(http.StatusOK).object().text("head")
}

// foreignPaths are the ways to name something of the other workspace.
func foreignPaths(mine, theirs *furniture, route string) map[string]string {
	out := map[string]string{"their workspace": theirs.path(route)}
	var params []string
	for p := range strings.SplitSeq(route, "/") {
		if name, ok := strings.CutPrefix(p, ":"); ok && name != "workspace" && name != "n" {
			params = append(params, name)
		}
	}
	if len(params) == 0 {
		out["own"] = mine.path(route)
		return out
	}
	mixed := *theirs
	mixed.ids = maps.Clone(theirs.ids)
	mixed.ids["workspace"] = mine.ids["workspace"]
	out["their id"] = mixed.path(route)
	return out
}

// TestRoutes_foreignIDs names what belongs to another workspace in bodies and
// filters.
func TestRoutes_foreignIDs(t *testing.T) {
	t.Parallel()
	_, mine, theirs, spy := neighbours(t)
	ada, other := mine.by, theirs.by
	q := "{w}/questionnaires/" + mine.record
	for name, c := range map[string]struct {
		method, path string
		body         any
		statuses     []int
	}{
		"assign to their user":      {"POST", q + "/answers/assign", fields{"n": []int{1}, "user": theirs.user}, []int{422}},
		"their owner in library":    {"PATCH", "{w}/library/" + mine.entry, fields{"owner": theirs.user}, []int{422}},
		"propose by their profile":  {"POST", q + "/propose", fields{"profile": theirs.ids["profile"]}, []int{404}},
		"upload by their profile":   {"POST", "{w}/questionnaires?name=a.xlsx&customer=x&profile=" + theirs.ids["profile"], sample(t), []int{404}},
		"events of theirs":          {"GET", "{w}/events?questionnaire=" + theirs.record, nil, []int{200}},
		"events of their object":    {"GET", "{w}/events?object=questionnaires/" + theirs.record, nil, []int{200}},
		"events by their user":      {"GET", "{w}/events?actor=" + theirs.user, nil, []int{200}},
		"after their questionnaire": {"GET", "{w}/questionnaires?cursor=" + forged(ada, "/questionnaires", theirs.record), nil, []int{200}},
		"by their profile":          {"GET", "{w}/questionnaires?profile=" + theirs.ids["profile"], nil, []int{200}},
		"answers of their user":     {"GET", q + "/answers?assignee=" + theirs.user, nil, []int{200}},
		"library of their profile":  {"GET", "{w}/library?profile=" + theirs.ids["profile"], nil, []int{200}},
		"library of their owner":    {"GET", "{w}/library?owner=" + theirs.user, nil, []int{200}},
		"library after theirs":      {"GET", "{w}/library?cursor=" + forged(ada, "/library", theirs.entry), nil, []int{200}},
		"stream since the start":    {"GET", q + "/stream?since=0", nil, []int{200}},
		"export of own":             {"POST", q + "/exports", fields{"format": "json", "audience": "internal", "include": "drafts"}, []int{201}},
		"their file by its hash":    {"GET", "{w}/questionnaires?file_sha256=" + fileHash(other, theirs), nil, []int{200}},
	} {
		t.Run(name, func(t *testing.T) {
			r := rule{body: c.body}
			path := strings.ReplaceAll(c.path, "{w}", "/api/v1/workspaces/"+spy.workspace)
			headers := spy.in(t)
			a := r.try(headers, c.method, path)
			if a.status == http.StatusPreconditionRequired {
				a = headers.send(c.method, path, c.body, "If-Match", a.header.Get("ETag"))
			}
			if !slices.Contains(c.statuses, a.status) {
				t.Errorf("status %d, want %v: %.300s", a.status, c.statuses, a.body)
			}
			if bytes.Contains(a.body, []byte(mark)) {
				t.Errorf("the other workspace shows: %.300s", a.body)
			}
			if strings.Contains(c.path, "?") && c.body == nil && !strings.Contains(path, "stream") && !strings.Contains(path, "cursor") && !strings.Contains(name, "hash") {
				if n := len(a.items()); n > 0 {
					t.Errorf("%d things of another workspace", n)
				}
			}
		})
	}
}

// forged is a cursor as the server would make it, at something that is not of
// the list.
func forged(c caller, path, position string) string {
	sum := sha256.Sum256([]byte("/api/v1/workspaces/" + c.workspace + path + "?"))
	return base64.RawURLEncoding.EncodeToString([]byte(hex.EncodeToString(sum[:6]) + position))
}

func fileHash(c caller, f *furniture) string {
	return c.send("GET", "{w}/questionnaires/"+f.record, nil).want(http.StatusOK).object().text("file_sha256")
}
