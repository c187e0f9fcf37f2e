package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"caique/internal/app"
	"caique/internal/store"
)

// engines runs a test on every engine that there is.
func engines(t *testing.T, test func(t *testing.T, db app.Store)) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		db, err := store.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "caique.db"))
		test(t, closing(t, db, err))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		db, err := store.OpenPostgres(t.Context(), postgresSchema(t))
		test(t, closing(t, db, err))
	})
}

var schemas atomic.Int64

// postgresSchema makes a schema for one test and returns an address that stays
// inside it. It skips where no PostgreSQL is named, unless it is required.
func postgresSchema(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv("CAIQUE_TEST_POSTGRES")
	if dsn == "" {
		if strings.Contains(os.Getenv("CAIQUE_TEST_REQUIRE"), "postgres") {
			t.Fatal("CAIQUE_TEST_POSTGRES must name a PostgreSQL database to test on")
		}
		t.Skip("CAIQUE_TEST_POSTGRES names no PostgreSQL database to test on")
	}
	db, err := sql.Open("pgx", dsn)
	must(t, err)
	schema := fmt.Sprintf("caique_web_%d_%d", os.Getpid(), schemas.Add(1))
	_, err = db.ExecContext(context.Background(), `CREATE SCHEMA `+schema)
	must(t, err)
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), `DROP SCHEMA `+schema+` CASCADE`); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(dsn)
	must(t, err)
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// storyFile is a real CAIQ 4.1 where there is one, else our sample.
func storyFile(t testing.TB) (name string, data []byte, questions int) {
	t.Helper()
	dir := os.Getenv("CAIQUE_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "workbooks")
	}
	name = "caiq-v4.1.0-blank-official-2026-01-13.xlsx"
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err == nil {
		return name, data, 283
	}
	if strings.Contains(os.Getenv("CAIQUE_TEST_REQUIRE"), "corpus") {
		t.Fatalf("corpus of real questionnaires required: %v", err)
	}
	return "sample-caiq-4.0.xlsx", sample(t), 0
}

// TestStory plays what three teams do with a questionnaire, through the API.
func TestStory(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, db app.Store) {
		w := newWorld(t, db)
		ada := w.setUp()
		s := &story{
			world: w, ada: ada, ulla: ada.person("ulla", "uploader"), rita: ada.person("rita", "reviewer"),
			sven: ada.person("sven", "reviewer"), emil: ada.person("emil", "exporter"),
		}
		s.upload(t)
		s.review(t)
		s.export(t)
		s.audit(t)
		s.takeBack(t)
		s.forEverybody(t)
	})
}

type story struct {
	*world
	ada, ulla, rita, sven, emil caller

	name     string
	original []byte
	at       string // path of the questionnaire
	edited   fields // the answer that rita wrote and sven approved
}

func (s *story) upload(t *testing.T) {
	t.Helper()
	name, data, questions := storyFile(t)
	s.name, s.original = name, data
	path := "{w}/questionnaires?profile=example-saas&customer=Big%20Bank&product=Example%20Cloud&nda=true&needed_by=2026-12-15&name=" + name
	s.rita.send("POST", path, data).problem(http.StatusForbidden, "not_allowed")
	made := s.ulla.send("POST", path, data, "Idempotency-Key", "story-1").want(http.StatusCreated)
	r := made.object()
	s.at = "{w}/questionnaires/" + r.text("id")
	if got := "/api/v1/workspaces/" + s.ulla.workspace + "/questionnaires/" + r.text("id"); made.header.Get("Location") != got {
		t.Errorf("location %q, want %q", made.header.Get("Location"), got)
	}
	if n := r.number("questions"); n == 0 || questions > 0 && n != questions {
		t.Errorf("%d questions, want %d", n, questions)
	}
	for _, c := range []struct {
		what     string
		headers  []string
		status   int
		replayed string
	}{
		{"the same key", []string{"Idempotency-Key", "story-1"}, http.StatusCreated, "true"}, // as the first time
		{"the same file", nil, http.StatusOK, ""},
	} {
		again := s.ulla.send("POST", path, data, c.headers...).want(c.status)
		if again.object().text("id") != r.text("id") || again.header.Get("Idempotent-Replayed") != c.replayed {
			t.Errorf("%s made another questionnaire, or it says replayed %q", c.what, again.header.Get("Idempotent-Replayed"))
		}
	}
	s.ulla.send("POST", path+"&deal=D-2", data, "Idempotency-Key", "story-1").problem(http.StatusConflict, "idempotency_key_reused")
	file := s.rita.send("GET", s.at+"/file", nil).want(http.StatusOK)
	if !bytes.Equal(file.body, data) || !strings.Contains(file.header.Get("Content-Disposition"), name) {
		t.Errorf("the uploaded file does not come back as it was: %s", file.header.Get("Content-Disposition"))
	}
}

// rows are the answers that a filter selects, over all pages.
func (c caller) rows(at, filter string) []fields {
	c.w.t.Helper()
	var out []fields
	for cursor := ""; ; {
		page := decode[struct {
			Items []fields
			Next  string
		}](c.send("GET", at+"/answers?limit=100"+filter+cursor, nil).want(http.StatusOK))
		out = append(out, page.Items...)
		if page.Next == "" {
			return out
		}
		cursor = "&cursor=" + page.Next
	}
}

func (s *story) review(t *testing.T) {
	t.Helper()
	all := s.rita.rows(s.at, "")
	for i, a := range all {
		if a.number("n") != i+1 {
			t.Fatalf("row %d is question %d: a page is missing", i+1, a.number("n"))
		}
	}
	s.sod(t)
	seen := []fields{}
	for _, a := range s.sven.rows(s.at, "&state=proposed&answer=yes") {
		seen = append(seen, fields{"n": a.number("n"), "revision": a.number("revision")})
	}
	got := decode[struct {
		Changed []int
		Left    []struct {
			N    int
			Code string
		}
	}](s.sven.send("POST", s.at+"/answers/approve", fields{"seen": seen}).want(http.StatusOK))
	if len(got.Changed) < len(seen)/2 || len(got.Changed)+len(got.Left) != len(seen) {
		t.Errorf("of %d answers %d are approved and %d left", len(seen), len(got.Changed), len(got.Left))
	}
	s.sven.send("POST", s.at+"/answers/reject", fields{"seen": seen[:1], "reason": "again"}).want(http.StatusOK)
	r := s.rita.send("GET", s.at, nil).want(http.StatusOK).object()
	if n := r.number("answers.approved"); n != len(got.Changed)+1 {
		t.Errorf("%d answers are approved, want %d", n, len(got.Changed)+1)
	}
	total := 0
	for _, c := range s.rita.send("GET", s.at+"/progress", nil).want(http.StatusOK).items() {
		total += c.number("count")
	}
	if total != len(all) {
		t.Errorf("progress counts %d answers of %d", total, len(all))
	}
}

// sod lets the author of a text try to approve it, by every way there is.
func (s *story) sod(t *testing.T) {
	t.Helper()
	a := s.rita.proposed(strings.TrimPrefix(s.at, "{w}/questionnaires/"))
	at := fmt.Sprintf("%s/answers/%d", s.at, a.number("n"))
	text := fields{
		"answer": "yes", "ownership": "CSP-owned", "description": "Written by Rita: we do this, and here is how.", "customer_responsibilities": "",
	}
	s.ulla.send("PUT", at, text, "If-Match", tag(a.number("revision"))).problem(http.StatusForbidden, "not_allowed")
	got := s.rita.send("PUT", at, text, "If-Match", tag(a.number("revision"))).want(http.StatusOK)
	s.edited = got.object()
	approval := fields{"text_sha256": s.edited.text("text_sha256")}
	match := []string{"If-Match", got.header.Get("ETag")}
	s.rita.send("POST", at+"/approve", approval, match...).problem(http.StatusForbidden, "sod_violation")
	s.ada.send("POST", at+"/approve", fields{"text_sha256": a.text("text_sha256")}, match...).problem(http.StatusConflict, "text_differs")
	one := []fields{{"n": a.number("n"), "revision": s.edited.number("revision")}}
	left := s.rita.send("POST", s.at+"/answers/approve", fields{"seen": one}).want(http.StatusOK)
	if !strings.Contains(string(left.body), "sod_violation") {
		t.Errorf("bulk approval of one's own text: %s", left.body)
	}
	token := s.rita.withToken("read", "approve")
	token.send("POST", at+"/approve", approval, match...).problem(http.StatusForbidden, "sod_violation")
	stale := s.sven.send("POST", at+"/approve", approval, "If-Match", tag(a.number("revision"))).problem(http.StatusPreconditionFailed, "stale")
	if !strings.Contains(string(stale.Current), "Written by Rita") {
		t.Errorf("the refusal does not show the answer as it is: %.200s", stale.Current)
	}
	if got := s.sven.send("POST", at+"/approve", approval, match...).want(http.StatusOK).object(); got.text("state") != "approved" {
		t.Errorf("state %q", got.text("state"))
	}
	if h := s.rita.send("GET", at+"/history", nil).want(http.StatusOK).items(); len(h) != 3 || h[2].text("approved_by") != s.sven.id || h[1].text("edited_by") != s.rita.id {
		t.Errorf("history %v", h)
	}
}

func (s *story) export(t *testing.T) {
	t.Helper()
	want := fields{"format": "xlsx", "audience": "nda"}
	s.sven.send("POST", s.at+"/exports", want).problem(http.StatusForbidden, "not_allowed")
	s.emil.send("POST", s.at+"/exports", fields{"format": "xlsx"}).problem(http.StatusUnprocessableEntity, "invalid")
	check := s.emil.send("POST", s.at+"/exports/check", want).want(http.StatusOK).object()
	made := s.emil.send("POST", s.at+"/exports", want, "Idempotency-Key", "out-1").want(http.StatusCreated)
	again := s.emil.send("POST", s.at+"/exports", want, "Idempotency-Key", "out-1").want(http.StatusCreated)
	if again.object().text("id") != made.object().text("id") || again.header.Get("Idempotent-Replayed") != "true" || made.header.Get("Idempotent-Replayed") != "" {
		t.Errorf("the same key made another export, or does not say that it made this one: %v", again.header)
	}
	at := "{w}/exports/" + made.object().text("id")
	file := s.emil.send("GET", at+"/file", nil).want(http.StatusOK).body
	manifest, err := app.DecodeManifest("manifest.json", s.emil.send("GET", at+"/manifest", nil).want(http.StatusOK).body)
	must(t, err)
	problems, err := app.VerifyOutput("out.xlsx", file, manifest, s.original)
	if err != nil || len(problems) > 0 {
		t.Errorf("the export is not what its manifest says: %v %v", problems, err)
	}
	if manifest.Review == nil || manifest.Review.Approved != check.number("approved") || manifest.Drafts {
		t.Errorf("manifest %+v, checked %v", manifest.Review, check)
	}
	i := slices.IndexFunc(manifest.Review.Answers, func(a app.ManifestAnswer) bool { return a.N == s.edited.number("n") })
	if i < 0 || manifest.Review.Answers[i].ApprovedBy.Name != "sven" || manifest.Review.Answers[i].TextSHA256 != s.edited.text("text_sha256") {
		t.Errorf("the manifest does not say who approved Rita's text")
	}
	s.untouched(t, file)
	if e := s.emil.send("GET", at+"/evidence", nil).want(http.StatusOK); !strings.Contains(string(e.body), "soc2") {
		t.Errorf("evidence list: %.200s", e.body)
	}
	if _, err := app.ReadCheckpoint(string(s.emil.send("GET", at+"/checkpoint", nil).want(http.StatusOK).body), s.key); err != nil {
		t.Errorf("checkpoint beside the export: %v", err)
	}
	mapping := s.emil.send("POST", s.at+"/exports", fields{"format": "mapping", "audience": "nda"}).want(http.StatusCreated).object()
	if file := s.emil.send("GET", "{w}/exports/"+mapping.text("id")+"/file", nil).want(http.StatusOK); !strings.HasSuffix(mapping.text("file_name"), ".mapping.xlsx") || len(parts(t, file.body)) == 0 {
		t.Errorf("the control mapping is called %q", mapping.text("file_name"))
	}
	drafts := fields{"format": "xlsx", "audience": "nda", "include": "drafts"}
	if d := s.emil.send("POST", s.at+"/exports", drafts).want(http.StatusCreated).object(); !strings.Contains(d.text("file_name"), "draft") {
		t.Errorf("an export with drafts is called %q", d.text("file_name"))
	}
}

// untouched compares the exported file with the uploaded one part by part:
// nothing but worksheets may differ.
func (s *story) untouched(t *testing.T, out []byte) {
	t.Helper()
	was, is := parts(t, s.original), parts(t, out)
	changed := 0
	for name, data := range was {
		if bytes.Equal(data, is[name]) {
			continue
		}
		changed++
		if !strings.HasPrefix(name, "xl/worksheets/sheet") {
			t.Errorf("the part %s has changed", name)
		}
	}
	if len(was) != len(is) || changed == 0 || changed > 2 {
		t.Errorf("%d parts of %d have changed, there are %d now", changed, len(was), len(is))
	}
}

func parts(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	out := make(map[string][]byte)
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		b, err := io.ReadAll(r)
		must(t, err)
		must(t, r.Close())
		out[f.Name] = b
	}
	return out
}

func (s *story) audit(t *testing.T) {
	t.Helper()
	trail := s.rita.send("GET", "{w}/trail", nil).want(http.StatusOK).body
	report, err := app.VerifyTrailFile(bytes.NewReader(trail), nil, s.key)
	if err != nil || !report.OK() || report.Checkpoints == 0 {
		t.Errorf("trail %+v, %v", report, err)
	}
	edited := bytes.Replace(trail, []byte(`"action":"answer.edit"`), []byte(`"action":"answer.none"`), 1)
	if report, err := app.VerifyTrailFile(bytes.NewReader(edited), nil, s.key); err != nil || report.Problem != app.TrailEdited {
		t.Errorf("an edited trail passes: %+v, %v", report, err)
	}
	if v := s.rita.send("POST", "{w}/trail/verify", nil).want(http.StatusOK).object(); v["ok"] != true {
		t.Errorf("verification %v", v)
	}
	for _, secret := range []string{"Written by Rita", password} {
		if bytes.Contains(trail, []byte(secret)) {
			t.Errorf("the trail holds %q", secret)
		}
	}
	n := s.edited.number("n")
	p := s.rita.send("GET", fmt.Sprintf("%s/answers/%d/provenance", s.at, n), nil).want(http.StatusOK).object()
	if p.text("author.id") != s.rita.id || p.text("approver.id") != s.sven.id || p.text("auth") != "pwd" ||
		p["holds"] != true || p["holds_today"] != true || p["evidence_known"] != true || p.text("event.action") != "answer.approve" {
		t.Errorf("provenance %v", p)
	}
	if got := s.rita.send("GET", "{w}/events?action=answer.edit&questionnaire="+s.edited.text("record"), nil).want(http.StatusOK).items(); len(got) != 1 ||
		got[0].text("actor") != s.rita.id || got[0].text("text_sha256") != s.edited.text("text_sha256") {
		t.Errorf("events %v", got)
	}
}

// takeBack takes an approval back: nobody but another approval offers the text again.
func (s *story) takeBack(t *testing.T) {
	t.Helper()
	at := fmt.Sprintf("%s/answers/%d", s.at, s.edited.number("n"))
	was := s.sven.send("GET", at, nil).want(http.StatusOK).object()
	s.sven.send("POST", at+"/reopen", fields{"reason": "Not so."}, "If-Match", tag(was.number("revision"))).want(http.StatusOK)
	entries := s.sven.send("GET", "{w}/library?retired=true&question="+url.QueryEscape(was.text("question.key")), nil).want(http.StatusOK).items()
	if len(entries) != 1 || entries[0]["retired"] != true {
		t.Fatalf("library %v", entries)
	}
	entry, match := "{w}/library/"+entries[0].text("id"), tag(entries[0].number("revision"))
	s.rita.send("PATCH", entry, fields{"retired": false}, "If-Match", match).problem(http.StatusForbidden, "sod_violation")
	s.sven.send("PATCH", entry, fields{"retired": false}, "If-Match", match).problem(http.StatusConflict, "approval_withdrawn")
	s.sven.send("PATCH", entry, fields{"review_by": "2999-01-01"}, "If-Match", match).problem(http.StatusUnprocessableEntity, "review_by_too_far")
}

// forEverybody proposes the questionnaire for a wider audience: what was approved
// for readers under an NDA does not become fit for it.
func (s *story) forEverybody(t *testing.T) {
	t.Helper()
	r := s.ulla.send("GET", s.at, nil).want(http.StatusOK).object()
	out := s.ulla.send("POST", s.at+"/propose", fields{"audience": "public"}, "If-Match", tag(r.number("revision"))).want(http.StatusOK).object()
	if out.number("kept") == 0 {
		t.Fatalf("proposed for everybody: %v", out)
	}
	seen := []fields{}
	for _, a := range s.sven.rows(s.at, "&state=approved") {
		if a.text("audience") == "nda" {
			seen = append(seen, fields{"n": a.number("n"), "revision": a.number("revision")})
		}
	}
	got := s.sven.send("POST", s.at+"/answers/approve", fields{"seen": seen}).want(http.StatusOK)
	if n := len(got.object()["changed"].([]any)); n > 0 || len(seen) == 0 || !strings.Contains(string(got.body), `"audience"`) {
		t.Errorf("%d of %d texts for readers under an NDA are approved for everybody", n, len(seen))
	}
	s.emil.send("POST", s.at+"/exports", fields{"format": "csv", "audience": "public"}).want(http.StatusUnprocessableEntity)
}
