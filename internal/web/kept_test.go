package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"caique/internal/app"
)

// TestStory_byHand plays how a customer's own words are answered by hand in a file
// that is filled in already: approved, what was written goes out, and nothing else
// does unless it is asked for by name.
func TestStory_byHand(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, db app.Store) {
		w := newWorld(t, db)
		ada := w.setUp()
		ulla, rita, sven, emil := ada.person("ulla", "uploader"), ada.person("rita", "reviewer"), ada.person("sven", "reviewer"), ada.person("emil", "exporter")
		file := []byte("Nr,Question,Answer,Comment\n1,How soon do leavers lose their access?,No,\n2,Which colour has the parrot?,Green,by tradition\n3,Is there a boat?,,\n")
		path := "{w}/questionnaires?profile=example-saas&name=own.csv&customer="
		made := ulla.send("POST", path+"Globex&nda=true", file).want(http.StatusCreated).object()
		q := "{w}/questionnaires/" + made.text("id")

		again := ulla.send("POST", path+"globex&needed_by=2027-01-31&audience=internal", file).want(http.StatusOK).object()
		if again.text("id") != made.text("id") || again["here_already"] != true || !slices.Equal(again["ignored"].([]any), []any{"audience", "needed_by"}) {
			t.Errorf("the same file again: %v", again)
		}

		row := rita.send("GET", q+"/answers/1", nil).want(http.StatusOK).object()
		if row.text("existing.answer") != "No" {
			t.Errorf("what the file holds is not shown: %v", row["existing"])
		}
		text := fields{"answer": "yes", "ownership": "", "description": "Within one hour of the last working day.", "customer_responsibilities": ""}
		edited := rita.send("PUT", q+"/answers/1", text, "If-Match", tag(row.number("revision"))).want(http.StatusOK)
		if e := edited.object(); e.text("band") != "partial" || e["by_hand"] != true || !strings.Contains(string(edited.body), "contradicts_file") {
			t.Errorf("edited: %s", edited.body)
		}
		approval := fields{"text_sha256": edited.object().text("text_sha256")}
		sven.send("POST", q+"/answers/1/approve", approval, "If-Match", edited.header.Get("ETag")).want(http.StatusOK)
		if rows := rita.send("GET", q+"/answers?stale=true", nil).want(http.StatusOK).items(); len(rows) > 0 {
			t.Errorf("stale at once: %v", rows)
		}

		order := fields{"format": "xlsx", "audience": "nda"}
		check := emil.send("POST", q+"/exports/check", order).want(http.StatusOK)
		if c := check.object(); len(c["kept"].([]any)) != 1 || len(c["warnings"].([]any)) != 1 {
			t.Errorf("checked: %s", check.body)
		}
		refused := emil.send("POST", q+"/exports", order).problem(http.StatusUnprocessableEntity, "invalid")
		if len(refused.Errors) != 1 || refused.Errors[0].Code != "kept_answers" || refused.Errors[0].Field != "keep_existing" || refused.Errors[0].Cell == "" {
			t.Errorf("refused: %+v", refused)
		}
		order["keep_existing"] = true
		x := "{w}/exports/" + emil.send("POST", q+"/exports", order).want(http.StatusCreated).object().text("id")
		out := string(emil.send("GET", x+"/file", nil).want(http.StatusOK).body)
		if !strings.Contains(out, "Green,by tradition") || !strings.Contains(out, "Within one hour") {
			t.Errorf("exported: %s", out)
		}
		manifest, err := app.DecodeManifest("manifest.json", emil.send("GET", x+"/manifest", nil).want(http.StatusOK).body)
		must(t, err)
		r := manifest.Review
		if len(r.Kept) != 1 || r.Kept[0].N != 2 || len(r.Overwritten) != 1 || len(r.Answers) != 1 || !r.Answers[0].ByHand || len(r.Answers[0].Evidence) > 0 {
			t.Errorf("the manifest says %+v", r)
		}
		if problems, err := app.VerifyOutput("own.csv", []byte(out), manifest, file); err != nil || len(problems) > 0 {
			t.Errorf("the export is not what its manifest says: %v %v", problems, err)
		}
		ada.send("DELETE", q, nil, "If-Match", tag(1)).problem(http.StatusConflict, "exported")
		if v := rita.send("POST", "{w}/trail/verify", nil).want(http.StatusOK).object(); v["ok"] != true {
			t.Errorf("verification %v", v)
		}
	})
}

// TestAPI_withoutProfile counts questions that nothing is proposed for as open.
func TestAPI_withoutProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, openMemory(t))
	ada := w.setUp()
	ulla := ada.person("ulla", "uploader", "reviewer")
	made := ulla.send("POST", "{w}/questionnaires?name=own.csv", sheet("Is there a boat?", "Is there a parrot?")).want(http.StatusCreated).object()
	if made.number("answers.open") != 2 || made.number("answers.proposed") != 0 {
		t.Errorf("counted: %v", made["answers"])
	}
	q := "{w}/questionnaires/" + made.text("id")
	if p := ulla.send("GET", q+"/progress", nil).want(http.StatusOK).items(); len(p) != 1 || p[0].number("open") != 2 {
		t.Errorf("progress %v", p)
	}
	me := ulla.send("GET", "/api/v1/me", nil).want(http.StatusOK)
	if !strings.Contains(string(me.body), `"roles":["uploader","reviewer"]`) {
		t.Errorf("who I am: %s", me.body)
	}
	for field, status := range map[string]int{"descriptions": http.StatusUnprocessableEntity, "Answer": http.StatusBadRequest} {
		body := fields{field: "yes", "answer": "yes", "ownership": "", "description": "x", "customer_responsibilities": ""}
		got := ulla.send("PUT", q+"/answers/1", body, "If-Match", tag(1)).want(status)
		if !strings.Contains(string(got.body), `"code":"unknown_field"`) || !strings.Contains(string(got.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %s", field, got.body)
		}
	}
	wrong := fields{"answer": "yes", "ownership": "ours", "description": "x", "customer_responsibilities": ""}
	if got := ulla.send("PUT", q+"/answers/1", wrong, "If-Match", tag(1)).want(http.StatusUnprocessableEntity); !strings.Contains(string(got.body), "CSP-owned") {
		t.Errorf("it does not say what the ownership can be: %s", got.body)
	}
	got := ulla.send("POST", "{w}/questionnaires?name=empty.csv", []byte("Nr,Question,Answer\n")).want(http.StatusUnprocessableEntity)
	if !strings.Contains(string(got.body), "header and no rows") {
		t.Errorf("a header alone: %s", got.body)
	}
}
