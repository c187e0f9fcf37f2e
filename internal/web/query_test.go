package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestAPI_text sends what is no Unicode text to every route that takes JSON.
func TestAPI_text(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	f := furnish(ada, "Plain")
	for route, r := range rules() {
		if _, isJSON := r.body.(fields); !isJSON {
			continue
		}
		t.Run(route, func(t *testing.T) {
			method, path, _ := strings.Cut(route, " ")
			for _, body := range []string{"{\"x\":\"\xff\"}", `{"x":"\ud800"}`} {
				p := ada.in(t).send(method, f.path(path), body, "If-Match", `"1"`).problem(http.StatusBadRequest, "bad_text")
				if len(p.Errors) != 1 || p.Errors[0].Field != "x" || p.Errors[0].Code != "bad_text" {
					t.Errorf("errors %+v", p.Errors)
				}
			}
		})
	}
	for _, path := range []string{"{w}/questionnaires/%ff", "{w}/questionnaires/%00", "{w}/questionnaires?profile=%ff", "{w}/questionnaires?profile=a%00"} {
		ada.send("GET", path, nil).problem(http.StatusBadRequest, "bad_text")
	}
	ada.send("POST", "{w}/questionnaires?name=%ff.xlsx", sample(t)).problem(http.StatusBadRequest, "bad_text")
}

func TestAPI_parameters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	record := "{w}/questionnaires/" + ada.upload("One")
	for path, want := range map[string][]string{
		"{w}/questionnaires?limit=1&limit=2":                     {"repeated_parameter", "query.limit"},
		"{w}/questionnaires?limits=1":                            {"unknown_parameter", "query.limits"},
		"{w}/members?b=1&a=2":                                    {"unknown_parameter", "query.a", "query.b"},
		record + "/answers?state=edited&state=approved":          {"repeated_parameter", "query.state"},
		record + "/stream?after=1":                               {"unknown_parameter", "query.after"},
		record + "/file?x=1":                                     {"unknown_parameter", "query.x"},
		record + "/answers?cursor=1&cursor=2&limit=1&domain=IAM": {"repeated_parameter", "query.cursor"},
	} {
		p := ada.send("GET", path, nil).problem(http.StatusUnprocessableEntity, want[0])
		for i, field := range want[1:] {
			if len(p.Errors) != len(want)-1 || p.Errors[i].Field != field {
				t.Errorf("%s: errors %+v", path, p.Errors)
			}
		}
	}
	ada.send("GET", record+"/answers?domain=IAM&domain=A%26A", nil).want(http.StatusOK)
}

// TestAPI_cursors takes cursors where they do not belong.
func TestAPI_cursors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	one, two := "{w}/questionnaires/"+ada.upload("One"), "{w}/questionnaires/"+ada.upload("Two")
	next := func(path string) string {
		return "cursor=" + ada.send("GET", path, nil).want(http.StatusOK).object().text("next")
	}
	answers, records := next(one+"/answers?limit=2"), next("{w}/questionnaires?limit=1")
	events, newest := next("{w}/events?limit=1"), next("{w}/events?limit=1&newest=true")
	for _, path := range []string{
		"{w}/events?" + answers, "{w}/questionnaires?" + answers, one + "/answers?" + records, one + "/answers?" + events,
		two + "/answers?" + answers,                // of another questionnaire
		one + "/answers?state=proposed&" + answers, // with another filter
		"{w}/events?newest=true&" + events,         // in another order
		"{w}/events?" + newest, "{w}/library?" + records, "{w}/events?cursor=2", "{w}/events?cursor=A",
	} {
		ada.send("GET", path, nil).problem(http.StatusUnprocessableEntity, "bad_cursor")
	}
	second := ada.send("GET", one+"/answers?limit=3&"+answers, nil).want(http.StatusOK).items()
	if len(second) != 3 || second[0].number("n") != 3 {
		t.Errorf("the second page, of another length, begins with %v", second[0].number("n"))
	}
	if got := ada.send("GET", "{w}/questionnaires?limit=1&"+records, nil).want(http.StatusOK).items(); len(got) != 1 {
		t.Errorf("the second page of questionnaires has %d", len(got))
	}
}

// TestAPI_repeatedHeaders sends twice what counts once.
func TestAPI_repeatedHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	for name, values := range map[string][2]string{
		"If-Match": {`"1"`, `"2"`}, "Idempotency-Key": {"a", "b"}, "Content-Type": {"application/json", "text/plain"}, "Authorization": {"Bearer a", "Bearer b"},
	} {
		r := httptest.NewRequest(http.MethodPatch, "/api/v1/workspaces/"+ada.workspace, strings.NewReader(`{"name":"New"}`))
		ada.identify(r)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("If-Match", `"1"`)
		r.Header[name] = values[:]
		rec := httptest.NewRecorder()
		w.server.Handler().ServeHTTP(rec, r)
		answer{t, name, rec.Code, rec.Header(), rec.Body.Bytes()}.problem(http.StatusBadRequest, "repeated_header")
	}
	record := "{w}/questionnaires/" + ada.upload("One")
	p := ada.send("POST", record+"/answers/approve", `{"seen":[{"n":99999999999999999999,"revision":1}]}`).want(http.StatusUnprocessableEntity)
	if strings.Contains(string(p.body), "Go ") {
		t.Errorf("the refusal speaks of Go: %s", p.body)
	}
}
