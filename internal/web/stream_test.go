package web_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// served is the world on a real listener: streams need one.
func (w *world) served(t *testing.T) (address string, server *http.Server) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	server = w.server.HTTP()
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + l.Addr().String(), server
}

// follow opens a stream; each event's id and name come out, "end" when it ends.
func (c caller) follow(t *testing.T, ctx context.Context, url string, headers ...string) <-chan string {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	must(t, err)
	c.identify(r)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r) //nolint:bodyclose // closed where it is read to its end
	must(t, err)
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("stream: status %d, type %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	out := make(chan string, 100)
	go func() {
		defer close(out)
		defer func() { _ = resp.Body.Close() }()
		lines, id := bufio.NewScanner(resp.Body), ""
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				id = value
			case "event":
				out <- id + " " + value
			case "":
				if value == "hello" {
					out <- value
				}
			}
		}
		out <- "end"
	}()
	return out
}

// next waits for the next thing of a stream.
func next(t *testing.T, events <-chan string) string {
	t.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(10 * time.Second):
		t.Fatal("nothing comes")
		return ""
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	record, other := ada.upload("One"), ada.upload("Two")
	address, server := w.served(t)
	url := address + "/api/v1/workspaces/" + ada.workspace + "/questionnaires/" + record + "/stream"
	at := "{w}/questionnaires/" + record + "/answers/1/comments"

	t.Run("changes of the questionnaire come, in order, those of others do not", func(t *testing.T) {
		ada := ada.in(t)
		events := ada.follow(t, t.Context(), url)
		if e := next(t, events); e != "hello" {
			t.Fatalf("the stream begins with %q", e)
		}
		ada.send("POST", strings.Replace(at, record, other, 1), fields{"text": "elsewhere"}).want(http.StatusCreated)
		ada.send("POST", at, fields{"text": "one"}).want(http.StatusCreated)
		ada.send("POST", "{w}/questionnaires/"+record+"/answers/assign", fields{"n": []int{1}, "user": ada.id}, "If-Match", `"1"`).want(http.StatusOK)
		first, second := next(t, events), next(t, events)
		if !strings.HasSuffix(first, " answer.comment") || !strings.HasSuffix(second, " answer.assign") {
			t.Errorf("events %q and %q", first, second)
		}
		id, _, _ := strings.Cut(first, " ")
		if again := ada.follow(t, t.Context(), url, "Last-Event-ID", id); next(t, again) != "hello" || next(t, again) != second {
			t.Error("a stream taken up again misses an event")
		}
	})
	t.Run("it ends with the session", func(t *testing.T) {
		gone := w.signIn("ada@example.com", ada.workspace).in(t)
		events := gone.follow(t, t.Context(), url)
		next(t, events)
		gone.send("DELETE", "/api/v1/session", nil).want(http.StatusNoContent)
		ada.in(t).send("POST", at, fields{"text": "two"}).want(http.StatusCreated)
		if e := next(t, events); e != "end" {
			t.Errorf("after signing out comes %q", e)
		}
	})
	t.Run("it ends with the token, or the membership", func(t *testing.T) {
		ada, xenia := ada.in(t), ada.in(t).person("xenia", "viewer")
		made := ada.send("POST", "{w}/tokens", fields{"name": "t", "scopes": []string{"read"}, "expires": "2027-05-01T00:00:00Z"}).
			want(http.StatusCreated).object()
		byToken := caller{w: ada.w, token: made.text("secret"), workspace: ada.workspace}
		for _, c := range []struct {
			reader caller
			end    string
		}{{byToken, "{w}/tokens/" + made.text("token.id")}, {xenia, "{w}/members/" + xenia.id}} {
			events := c.reader.follow(t, t.Context(), url)
			next(t, events)
			if a := ada.send("DELETE", c.end, nil, "If-Match", `"1"`); a.status >= 300 {
				t.Fatalf("%s: %d", c.end, a.status)
			}
			ada.send("POST", at, fields{"text": "after"}).want(http.StatusCreated)
			if e := next(t, events); e != "end" {
				t.Errorf("after %s comes %q", c.end, e)
			}
		}
	})
	t.Run("it ends when the server stops, at once", func(t *testing.T) {
		events := ada.in(t).follow(t, t.Context(), url)
		next(t, events)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("stopping: %v", err)
		}
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("stopping again: %v", err)
		}
		if e := next(t, events); e != "end" {
			t.Errorf("after the stop comes %q", e)
		}
		ada.in(t).send("GET", "/readyz", nil).problem(http.StatusServiceUnavailable, "stopping")
	})
}
