package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestAPI_placesOfProblems sends what lacks something or holds what does not fit.
func TestAPI_placesOfProblems(t *testing.T) {
	t.Parallel()
	ada := newWorld(t, openMemory(t)).setUp()
	for name, c := range map[string]struct{ path, body, field, code, message string }{
		"a field is missing":        {"{w}/invitations", `{"email":"x@example.com","name":"X"}`, "roles", "missing_field", "missing"},
		"one deeper down":           {"{w}/match", `{"texts":[{"text":"Is it?"},{"section":"A"}]}`, "texts[1].text", "missing_field", "missing"},
		"a time of another country": {"{w}/tokens", `{"name":"x","scopes":["read"],"expires":"1.5.2027"}`, "expires", "invalid_field", "RFC 3339"},
		"no time at all":            {"{w}/tokens", `{"name":"x","scopes":["read"],"expires":"2027-13-01T00:00:00Z"}`, "expires", "invalid_field", "RFC 3339"},
	} {
		t.Run(name, func(t *testing.T) {
			a := ada.in(t).send("POST", c.path, c.body)
			p := decode[problem](a)
			if a.status != http.StatusUnprocessableEntity || len(p.Errors) != 1 || p.Errors[0].Field != c.field || p.Errors[0].Code != c.code ||
				!strings.Contains(p.Errors[0].Message, c.message) || strings.Contains(string(a.body), "2006") {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}

// TestAPI_placesOfRefusals holds the place of what use cases refuse.
func TestAPI_placesOfRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	f := furnish(ada, "Plain")
	const up = "{w}/questionnaires?name=x.xlsx"
	q := "{w}/questionnaires/" + f.record
	now := []string{"If-Match", ada.send("GET", q, nil).header.Get("ETag")}
	entry := []string{"If-Match", ada.send("GET", "{w}/library/"+f.entry, nil).header.Get("ETag")}
	for name, c := range map[string]struct {
		method, path string
		body         any
		headers      []string
		status       int
		code, field  string
	}{
		"file without a name":       {"POST", "{w}/questionnaires", sample(t), nil, 422, "bad_name", "name"},
		"no audience":               {"POST", up + "&audience=all", sample(t), nil, 422, "bad_audience", "audience"},
		"no profile":                {"POST", up + "&customer=y&profile=nobody", sample(t), nil, 404, "unknown_profile", "profile"},
		"key of two lines":          {"POST", up, sample(t), []string{"Idempotency-Key", "a\tb"}, 422, "bad_text", "header.Idempotency-Key"},
		"short password":            {"PUT", "/api/v1/me/password", fields{"old": password, "password": "short"}, nil, 422, "short_password", "password"},
		"wrong password":            {"PUT", "/api/v1/me/password", fields{"old": "wrong", "password": password}, nil, 403, "bad_credentials", "old"},
		"short password by a link":  {"POST", "/api/v1/links/use", fields{"link": "none", "password": "short"}, nil, 422, "short_password", "password"},
		"blank name of a workspace": {"PATCH", "{w}", fields{"name": " "}, []string{"If-Match", `"1"`}, 422, "blank", "name"},
		"assigned to a stranger":    {"POST", q + "/answers/assign", fields{"all": true, "user": "nobody"}, now, 422, "unknown_member", "user"},
		"assigned without a number": {"POST", q + "/answers/assign", fields{"n": []int{999}, "user": ""}, now, 404, "not_found", "n"},
		"owned by a stranger":       {"PATCH", "{w}/library/" + f.entry, fields{"owner": "nobody"}, entry, 422, "unknown_member", "owner"},
		"never to be reviewed":      {"PATCH", "{w}/library/" + f.entry, fields{"review_by": ""}, entry, 422, "no_review_by", "review_by"},
		"no revision":               {"PATCH", q, fields{"deal": "D"}, nil, 428, "if_match_required", "header.If-Match"},
		"no single revision":        {"PATCH", q, fields{"deal": "D"}, []string{"If-Match", "*"}, 422, "bad_if_match", "header.If-Match"},
		"version of none":           {"POST", q + "/propose", fields{"profile": "example-saas", "version": 3}, now, 422, "no_versions", "version"},
		"version of what it has":    {"POST", q + "/propose", fields{"version": 3}, now, 422, "no_versions", "version"},
		"version that is not there": {"POST", q + "/propose", fields{"profile": "own-plain", "version": 3}, now, 404, "unknown_profile", "version"},
		"time of a day's name":      {"GET", q + "/answers/1/provenance?at=yesterday", nil, nil, 422, "invalid_field", "query.at"},
		"cursor of nothing":         {"GET", "{w}/events?cursor=abc", nil, nil, 422, "bad_cursor", "query.cursor"},
		"blank comment":             {"POST", q + "/answers/1/comments", fields{"text": " "}, nil, 422, "blank", "text"},
		"comment with a bell":       {"POST", q + "/answers/1/comments", fields{"text": "\a"}, nil, 422, "control_character", "text"},
		"blank reason":              {"POST", q + "/answers/reject", fields{"seen": []fields{{"n": 1, "revision": 1}}, "reason": " "}, nil, 422, "no_reason", "reason"},
		"band that is none":         {"POST", q + "/answers/approve", fields{"seen": []fields{{"n": 1, "revision": 1}}, "bands": []string{"weak", "great"}}, nil, 422, "invalid_field", "bands[1]"},
		"state that is none":        {"POST", q + "/answers/reject", fields{"seen": []fields{{"n": 1, "revision": 1}}, "states": []string{"great"}, "reason": "so"}, nil, 422, "invalid_field", "states[0]"},
		"answer that is none":       {"POST", q + "/answers/reopen", fields{"seen": []fields{{"n": 1, "revision": 1}}, "answers": []string{"maybe"}, "reason": "so"}, nil, 422, "invalid_field", "answers[0]"},
	} {
		t.Run(name, func(t *testing.T) {
			headers := c.headers
			if _, raw := c.body.([]byte); raw {
				headers = append([]string{"Content-Type", "application/octet-stream"}, headers...)
			}
			a := ada.in(t).send(c.method, c.path, c.body, headers...).want(c.status)
			p := decode[problem](a)
			if len(p.Errors) != 1 || p.Errors[0].Field != c.field || p.Errors[0].Code != c.code || strings.Contains(string(a.body), "2006") {
				t.Errorf("%s", a.body)
			}
		})
	}
	got := ada.send("POST", q+"/answers/reject", fields{"seen": []fields{{"n": 999, "revision": 1}, {"n": 2, "revision": 77}}, "reason": "so"}).want(http.StatusOK)
	if text := string(got.body); !strings.Contains(text, `{"n":999,"code":"not_found"`) || !strings.Contains(text, `{"n":2,"code":"not_seen"`) {
		t.Errorf("what was seen and is not there: %s", text)
	}
}
