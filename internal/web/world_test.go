package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/internal/search"
	"caique/internal/store"
	"caique/internal/web"
	"caique/mappings"
	"caique/questionnaires"
)

const password = "a long enough passphrase"

// world is an installation with its server.
type world struct {
	t       testing.TB
	server  *web.Server
	service *app.Service
	store   app.Store
	key     note.Verifier
	log     *logBuffer
	setup   string // secret of the set-up link
}

// logBuffer keeps the log, to be looked at.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

type lockedRand struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func (l *lockedRand) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}

// tick is a clock that begins on a day and moves on with every look.
func tick() func() time.Time {
	var mu sync.Mutex
	start, n := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), 0
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		n++
		return start.Add(time.Duration(n) * time.Millisecond)
	}
}

func openMemory(t testing.TB) app.Store {
	t.Helper()
	db, err := store.OpenMemory(context.Background())
	return closing(t, db, err)
}

func closing(t testing.TB, db *store.Store, err error) app.Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// newWorld serves an installation that nobody has set up yet.
func newWorld(t testing.TB, db app.Store, alter ...func(*web.Config)) *world {
	t.Helper()
	random := &lockedRand{r: rand.NewChaCha8([32]byte{7})}
	sk, vk, err := note.GenerateKey(random, "caique-test")
	must(t, err)
	signer, err := note.NewSigner(sk)
	must(t, err)
	key, err := note.NewVerifier(vk)
	must(t, err)
	w := &world{t: t, store: db, key: key, log: &logBuffer{}}
	w.service = app.NewService(app.Config{
		Store: db, Library: mapping.New(questionnaires.FS, mappings.FS), Now: tick(), Rand: random, Signer: signer, Key: key,
		Search:  func() app.SearchIndex { return search.NewMemory() },
		Shelves: func(string) (app.ShelfIndex, error) { return search.NewMemory(), nil },
	})
	t.Cleanup(func() { must(t, w.service.Close()) })
	c := web.Config{Service: w.service, Log: slog.New(slog.NewJSONHandler(w.log, nil)), Now: time.Now, Rand: random, Version: "0.0.0"}
	for _, f := range alter {
		f(&c)
	}
	w.server, err = web.New(c)
	must(t, err)
	w.setup, err = w.service.SetupLink(context.Background())
	must(t, err)
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// caller is somebody who sends requests.
type caller struct {
	w         *world
	id        string
	email     string
	cookie    string
	token     string
	workspace string // what {w} stands for in paths
}

// in makes the caller report to a subtest.
func (c caller) in(t testing.TB) caller {
	w := *c.w
	w.t, c.w = t, &w
	return c
}

// answer is what came back.
type answer struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	body   []byte
}

// send sends a request. The body is sent as it is when it is bytes or text, else
// as JSON; {w} in the path is the caller's workspace; headers come in pairs.
func (c caller) send(method, path string, body any, headers ...string) answer {
	c.w.t.Helper()
	return c.sendTo(context.Background(), method, path, body, headers...)
}

func (c caller) sendTo(ctx context.Context, method, path string, body any, headers ...string) answer {
	t := c.w.t
	t.Helper()
	r := httptest.NewRequestWithContext(ctx, method, strings.ReplaceAll(path, "{w}", "/api/v1/workspaces/"+c.workspace), reader(t, body))
	switch body.(type) {
	case nil, []byte:
	default:
		r.Header.Set("Content-Type", "application/json")
	}
	c.identify(r)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	c.w.server.Handler().ServeHTTP(rec, r)
	return answer{t, method + " " + path, rec.Code, rec.Header(), rec.Body.Bytes()}
}

func (c caller) identify(r *http.Request) {
	if c.cookie != "" {
		r.Header.Set("Cookie", c.cookie)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
}

func reader(t testing.TB, body any) io.Reader {
	t.Helper()
	switch b := body.(type) {
	case nil:
		return http.NoBody
	case []byte:
		return bytes.NewReader(b)
	case string:
		return strings.NewReader(b)
	default:
		data, err := json.Marshal(body)
		must(t, err)
		return bytes.NewReader(data)
	}
}

// want fails the test unless the answer has the status.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: status %d, want %d: %.600s", a.what, a.status, status, a.body)
	}
	return a
}

// problem fails the test unless the answer is a problem with the status and code.
func (a answer) problem(status int, code string) problem {
	a.t.Helper()
	a.want(status)
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		a.t.Errorf("%s: content type %q of a problem", a.what, got)
	}
	p := decode[problem](a)
	if p.Code != code || p.Status != status || p.Detail == "" {
		a.t.Errorf("%s: problem %+v, want code %q", a.what, p, code)
	}
	return p
}

type problem struct {
	Status  int
	Code    string
	Detail  string
	Errors  []caiq.Problem
	Current json.RawMessage
}

func decode[T any](a answer) T {
	a.t.Helper()
	var v T
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatalf("%s: %v in %.300s", a.what, err, a.body)
	}
	return v
}

type fields map[string]any

// object is a JSON object of an answer.
func (a answer) object() fields {
	a.t.Helper()
	return decode[fields](a)
}

func (f fields) text(path string) string {
	s, _ := f.at(path).(string)
	return s
}

func (f fields) number(path string) int {
	n, _ := f.at(path).(float64)
	return int(n)
}

// at follows a dotted path.
func (f fields) at(path string) any {
	var v any = map[string]any(f)
	for name := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

// items are the things of a list.
func (a answer) items() []fields {
	a.t.Helper()
	return decode[struct{ Items []fields }](a).Items
}

// signIn signs somebody in.
func (w *world) signIn(email, workspace string) caller {
	w.t.Helper()
	a := caller{w: w}.send("POST", "/api/v1/session", fields{"email": email, "password": password}).want(http.StatusCreated)
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	return caller{w: w, id: a.object().text("user.id"), email: email, cookie: cookie, workspace: workspace}
}

// setUp sets the installation up; whoever did it runs the installation and holds
// all roles in the first workspace.
func (w *world) setUp() caller {
	w.t.Helper()
	a := caller{w: w}.send("POST", "/api/v1/setup", fields{
		"link": w.setup, "email": "ada@example.com", "name": "Ada", "password": password, "workspace": "Acme",
	}).want(http.StatusCreated)
	return w.signIn("ada@example.com", a.object().text("workspace.id"))
}

// person invites somebody into the admin's workspace and signs them in.
func (c caller) person(name string, roles ...string) caller {
	c.w.t.Helper()
	email := name + "@example.com"
	link := c.send("POST", "{w}/invitations", fields{"email": email, "name": name, "roles": roles}).want(http.StatusCreated).object().text("link")
	caller{w: c.w}.send("POST", "/api/v1/links/use", fields{"link": link, "password": password}).want(http.StatusOK)
	return c.w.signIn(email, c.workspace)
}

// withToken makes a token of the caller's and returns the caller using it.
func (c caller) withToken(scopes ...string) caller {
	c.w.t.Helper()
	a := c.send("POST", "{w}/tokens", fields{"name": "test", "scopes": scopes, "expires": "2027-05-01T00:00:00Z"}).want(http.StatusCreated)
	return caller{w: c.w, id: c.id, token: a.object().text("secret"), workspace: c.workspace}
}

func sample(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "questionnaires", "samples", "sample-caiq-4.0.xlsx"))
	must(t, err)
	return data
}

// upload uploads the sample for a customer and returns its id.
func (c caller) upload(customer string) string {
	c.w.t.Helper()
	path := "{w}/questionnaires?name=CAIQ.xlsx&profile=example-saas&nda=true&product=Cloud&customer=" + customer
	return c.send("POST", path, sample(c.w.t)).want(http.StatusCreated).object().text("id")
}

// proposed finds an answer that a reviewer can approve as it is.
func (c caller) proposed(record string) fields {
	c.w.t.Helper()
	for _, a := range c.send("GET", "{w}/questionnaires/"+record+"/answers?answer=yes&state=proposed&limit=200", nil).want(http.StatusOK).items() {
		if a["problems"] == nil {
			return a
		}
	}
	c.w.t.Fatal("no answer can be approved")
	return nil
}

func tag(revision int) string { return strconv.Quote(strconv.Itoa(revision)) }

func itoa(n int) string { return strconv.Itoa(n) }
