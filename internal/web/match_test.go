package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"caique/internal/app"
)

// sheet is a customer's own questionnaire.
func sheet(questions ...string) []byte {
	var b strings.Builder
	b.WriteString("Nr,Question,Answer,Comment\n")
	for i, q := range questions {
		fmt.Fprintf(&b, "%d,\"%s\",,\n", i+1, strings.ReplaceAll(q, `"`, `""`))
	}
	return []byte(b.String())
}

func (c caller) uploadSheet(customer string, questions ...string) (at string) {
	c.w.t.Helper()
	path := "{w}/questionnaires?profile=example-saas&nda=true&name=" + customer + ".csv&customer=" + customer
	return "{w}/questionnaires/" + c.send("POST", path, sheet(questions...)).want(http.StatusCreated).object().text("id")
}

const (
	odd     = "Could a vanished zebraphone be emptied from afar?"
	similar = "Can a vanished zebraphone be emptied from afar by you?"
	wanted  = "caiq-4.1/UEM-13.1"
)

// TestStory_match plays how a reviewer teaches what a customer's own words ask.
func TestStory_match(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, db app.Store) {
		w := newWorld(t, db)
		ada := w.setUp()
		ulla, rita, sven := ada.person("ulla", "uploader"), ada.person("rita", "reviewer"), ada.person("sven", "reviewer")
		ask := func(text string) fields {
			return rita.send("POST", "{w}/match", fields{"text": text, "profile": "example-saas", "audience": "nda"}).want(http.StatusOK).items()[0]
		}
		if m := ask(odd); m["filled"] != false || m.text("match") != "none" {
			t.Fatalf("before anybody said what it asks: %v", m)
		}
		at := ulla.uploadSheet("A", odd, "Is data encrypted at rest?") + "/answers/1"
		candidates := rita.send("GET", at+"/candidates", nil).want(http.StatusOK).object()
		first := decode[struct{ Candidates []candidate }](rita.send("GET", at+"/candidates?limit=20", nil)).Candidates
		if len(first) == 0 || candidates.text("text") != odd {
			t.Fatalf("candidates %v", candidates)
		}
		for _, c := range first {
			if c.Ref == "" || c.Question == "" || c.Probability < 0 || c.Probability > 1 || len(c.Signals) == 0 {
				t.Errorf("candidate %+v", c)
			}
		}
		want := fields{"candidate": wanted, "reason": "It means remote wiping."}
		rita.send("POST", at+"/pick", want).problem(http.StatusPreconditionRequired, "if_match_required")
		rita.send("POST", at+"/pick", want, "If-Match", tag(7)).problem(http.StatusPreconditionFailed, "stale")
		rita.send("POST", at+"/pick", fields{"candidate": "caiq-9/X-1"}, "If-Match", tag(1)).problem(http.StatusUnprocessableEntity, "unknown_candidate")
		picked := rita.send("POST", at+"/pick", want, "If-Match", tag(1)).want(http.StatusOK)
		p := picked.object()
		if p.text("state") != "proposed" || p.text("answer") != "yes" || p.text("pick.question") != wanted || p.text("edited_by") != "" || p.text("pick.by") != rita.id {
			t.Errorf("picked: %s", picked.body)
		}
		approval, match := fields{"text_sha256": p.text("text_sha256")}, []string{"If-Match", picked.header.Get("ETag")}
		rita.send("POST", at+"/approve", approval, match...).problem(http.StatusForbidden, "sod_violation")
		sven.send("POST", at+"/approve", approval, match...).want(http.StatusOK)
		if e := rita.send("GET", "{w}/events?action=answer.pick", nil).want(http.StatusOK); len(e.items()) != 1 || e.items()[0].text("actor") != rita.id || strings.Contains(string(e.body), "remote wiping") {
			t.Errorf("events %s", e.body)
		}
		later := ulla.uploadSheet("B", strings.ToUpper(odd), similar)
		rows := rita.rows(later, "")
		if rows[0].text("answer") != "yes" || rows[0].text("band") != "verbatim" {
			t.Errorf("the same words: %v", rows[0])
		}
		if c := rita.send("GET", later+"/answers/2/candidates", nil).want(http.StatusOK); !bytes.Contains(c.body[:min(len(c.body), 20000)], []byte(wanted)) ||
			decode[struct{ Candidates []candidate }](c).Candidates[0].Ref != wanted {
			t.Errorf("similar words: %.600s", c.body)
		}
		if m := ask(strings.ToLower(odd)); m["filled"] != true || m.text("match") != "picked" || m.text("question") != wanted {
			t.Errorf("asked about after the pick: %v", m)
		}
		sven.send("DELETE", at+"/pick", nil, "If-Match", tag(3)).problem(http.StatusConflict, "wrong_state")
		sven.send("POST", at+"/reopen", fields{"reason": "Wrong."}, "If-Match", tag(3)).want(http.StatusOK)
		gone := sven.send("DELETE", at+"/pick", nil, "If-Match", tag(4)).want(http.StatusOK).object()
		if gone["pick"] != nil || gone.text("answer") != "" {
			t.Errorf("taken back: %v", gone)
		}
		sven.send("DELETE", at+"/pick", nil, "If-Match", tag(gone.number("revision"))).problem(http.StatusNotFound, "not_found")
		if v := rita.send("POST", "{w}/trail/verify", nil).want(http.StatusOK).object(); v["ok"] != true {
			t.Errorf("verification %v", v)
		}
		caller{w: w}.send("GET", "/readyz", nil).want(http.StatusOK)
	})
}

type candidate struct {
	Ref, Question, Control string
	Probability            float64
	Band, Answer           string
	Signals                []struct {
		Signal       string
		Contribution float64
	}
}

func TestMatch_several(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	texts := []fields{}
	for range 100 {
		texts = append(texts, fields{"text": "Is data encrypted at rest?", "section": "Encryption"})
	}
	before := headOf(ada)
	got := ada.send("POST", "{w}/match", fields{"texts": texts, "profile": "example-saas", "limit": 2}).want(http.StatusOK).items()
	if len(got) != 100 {
		t.Fatalf("%d of 100 texts are matched", len(got))
	}
	for _, m := range got {
		if cs, _ := m["candidates"].([]any); len(cs) != 2 {
			t.Fatalf("%d candidates, want 2: %v", len(cs), m)
		}
	}
	if after := headOf(ada); after != before {
		t.Error("matching leaves something in the trail")
	}
	for name, body := range map[string]fields{
		"too many":     {"texts": append(texts, fields{"text": "One more?"})},
		"none":         {},
		"both":         {"text": "One?", "texts": texts[:1]},
		"unknown":      {"text": "One?", "colour": "red"},
		"odd audience": {"text": "One?", "audience": "friends"},
	} {
		if a := ada.send("POST", "{w}/match", body); a.status != http.StatusUnprocessableEntity && a.status != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, a.status)
		}
	}
	ada.send("POST", "{w}/match", fields{"text": "One?", "profile": "nobody"}).problem(http.StatusNotFound, "unknown_profile")
	for _, text := range []string{"", "?", "\u202e\u0000", strings.Repeat("long ", 6000), "<script>alert(1)</script>"} {
		if a := ada.send("POST", "{w}/match", fields{"texts": []fields{{"text": text}}}); a.status >= 500 {
			t.Errorf("%.20q: status %d: %s", text, a.status, a.body)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	const hostile = `Does the <script>alert("quokka")</script> glow?`
	ada.uploadSheet("A", hostile, "Is data encrypted at rest?")
	type found struct {
		In, Ref, Questionnaire string
		N                      int
		Text                   []struct {
			Text string
			Hit  bool
		}
	}
	ask := func(query string) []found {
		t.Helper()
		return decode[struct{ Items []found }](ada.send("GET", "{w}/search?"+query, nil).want(http.StatusOK)).Items
	}
	t.Run("a hit is marked in plain text, markup of the file included", func(t *testing.T) {
		got := ask("q=quokka&in=questions")
		if len(got) != 1 || got[0].N != 1 || !strings.HasSuffix(got[0].Ref, got[0].Questionnaire+"/answers/1") {
			t.Fatalf("found %+v", got)
		}
		var whole, hits strings.Builder
		for _, p := range got[0].Text {
			whole.WriteString(p.Text)
			if p.Hit {
				hits.WriteString(p.Text)
			}
		}
		if whole.String() != hostile || hits.String() != "quokka" {
			t.Errorf("hit %q in %q", hits.String(), whole.String())
		}
		raw := ada.send("GET", "{w}/search?q=script+quokka", nil).want(http.StatusOK)
		if bytes.Contains(raw.body, []byte("<mark>")) || raw.header.Get("Content-Type") != "application/json" || raw.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("what is found is sent as %s: %s", raw.header.Get("Content-Type"), raw.body)
		}
	})
	t.Run("there is no query language", func(t *testing.T) {
		for _, q := range []string{"q=text:quokka*", "q=%2Bquokka+-glow", "q=%2Fquokka%2F", "q=quokka~2+AND+NOT", "q=workspace:*+quokka"} {
			if got := ask(q + "&in=questions"); len(got) == 0 || !strings.HasPrefix(got[0].Ref, "questionnaires/") && got[0].In != "questions" {
				t.Errorf("%s: %+v", q, got)
			}
		}
		for _, q := range []string{"q=*", "q=%3F%3F", "q=", "in=library", "q=x&in=elsewhere"} {
			ada.send("GET", "{w}/search?"+q, nil).want(http.StatusUnprocessableEntity)
		}
	})
	t.Run("places and pages", func(t *testing.T) {
		for _, in := range []string{"questions", "controls"} {
			for _, f := range ask("q=encryption&in=" + in) {
				if f.In != in {
					t.Errorf("found in %s: %+v", f.In, f)
				}
			}
		}
		everything := ask("q=encryption+keys&limit=200")
		var paged []string
		for cursor := ""; ; {
			page := decode[struct {
				Items []found
				Next  string
			}](ada.send("GET", "{w}/search?q=encryption+keys&limit=7"+cursor, nil).want(http.StatusOK))
			for _, f := range page.Items {
				paged = append(paged, f.Ref)
			}
			if page.Next == "" {
				break
			}
			cursor = "&cursor=" + page.Next
		}
		if len(everything) != len(paged) || !slices.EqualFunc(everything, paged, func(f found, ref string) bool { return f.Ref == ref }) {
			t.Errorf("%d results at once, %d by pages", len(everything), len(paged))
		}
	})
}

// TestMatch_canary has two workspaces; what one knows neither shows in the other
// nor moves anything there.
func TestMatch_canary(t *testing.T) {
	t.Parallel()
	const mark = "canarybird"
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	other := ada
	other.workspace = ada.send("POST", "/api/v1/workspaces", fields{"name": "Other"}).want(http.StatusCreated).object().text("id")
	text := "Could a vanished " + mark + " be emptied from afar?"
	probes := func() []string {
		mine := ada.send("POST", "{w}/match", fields{"texts": []fields{{"text": text}, {"text": "Is data encrypted at rest?"}}, "profile": "example-saas"}).want(http.StatusOK)
		found := ada.send("GET", "{w}/search?q="+mark+"+emptied", nil).want(http.StatusOK)
		if bytes.Contains(found.body, []byte(mark)) {
			t.Errorf("the other workspace shows: %s", found.body)
		}
		return []string{string(mine.body), string(found.body)}
	}
	before := probes()
	at := other.uploadSheet(mark, text, "Is data encrypted at rest?") + "/answers/1"
	other.send("POST", at+"/pick", fields{"candidate": wanted}, "If-Match", tag(1)).want(http.StatusOK)
	second := other.person("second", "reviewer")
	row := other.send("GET", at, nil).want(http.StatusOK)
	second.send("POST", at+"/approve", fields{"text_sha256": row.object().text("text_sha256")}, "If-Match", row.header.Get("ETag")).want(http.StatusOK)
	if got := other.send("GET", "{w}/search?q="+mark, nil).want(http.StatusOK); !bytes.Contains(got.body, []byte(mark)) {
		t.Fatalf("nothing to be found: %s", got.body)
	}
	if after := probes(); !slices.Equal(before, after) {
		t.Error("what another workspace learned changes what is matched or found here")
	}
	ada.send("POST", strings.Replace(at, "{w}", "/api/v1/workspaces/"+ada.workspace, 1)+"/pick", fields{"candidate": wanted}, "If-Match", tag(1)).
		problem(http.StatusNotFound, "not_found")
	entry := other.send("GET", "{w}/library", nil).want(http.StatusOK).items()[0].text("id")
	mine := ada.uploadSheet("mine", odd) + "/answers/1"
	ada.send("POST", mine+"/pick", fields{"candidate": "library/" + entry}, "If-Match", tag(1)).problem(http.StatusUnprocessableEntity, "unknown_candidate")
}

// TestMatch_seen has a text come in with its identifier, and later without: the
// same words are known, and near ones lead to the question they came in as.
func TestMatch_seen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	a := ada.proposed(ada.upload("A"))
	text, id := a.text("question.text"), a.text("question.id")
	later := ada.uploadSheet("B", strings.ToLower(text), "Where is the sea?")
	row := ada.send("GET", later+"/answers/1", nil).want(http.StatusOK).object()
	if got := row.text("proposal.question"); !strings.HasSuffix(got, "/"+id) || row.text("answer") != "yes" {
		t.Errorf("%q is recognised as %s, want %s: %v", text, got, id, row["answer"])
	}
	got := ada.send("GET", "{w}/search?in=questions&q="+url.QueryEscape(text), nil).want(http.StatusOK).items()
	if len(got) == 0 || got[0].number("questionnaires") != 2 || !strings.HasSuffix(got[0].text("asks"), "/"+id) {
		t.Errorf("search: %v", got[:min(1, len(got))])
	}
}
