package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestStrictJSON_places holds codes and places of what is refused.
func TestStrictJSON_places(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, code, field string }{
		"malformed UTF-8":                 {"{\"a\":{\"b\":[\"x\",\"\xff\"]}}", codeBadText, "a.b[1]"},
		"UTF-8 of a surrogate":            {"{\"a\":\"\xed\xa0\x80\"}", codeBadText, "a"},
		"first half of a pair":            {`{"a":"\ud83d"}`, codeBadText, "a"},
		"second half of a pair":           {`{"a":"x\udE00y"}`, codeBadText, "a"},
		"first half before another char":  {`{"a":"\ud83d\u0041"}`, codeBadText, "a"},
		"halves the wrong way round":      {`{"a":"\ude00\ud83d"}`, codeBadText, "a"},
		"half in a field's name":          {`{"a":{"\ud83d":1}}`, codeBadText, "a"},
		"repeated field, deeper":          {`{"a":[{"b":1,"b":2}]}`, "repeated_field", "a[0].b"},
		"field in capitals":               {`{"a":{"B":1}}`, "unknown_field", "a.B"},
		"something behind the value":      {`{} {}`, "bad_json", ""},
		"an end that comes too early":     {`{"a":{"b":`, "bad_json", "a.b"},
		"deeper than any body of ours is": {strings.Repeat(`{"a":`, 40), "too_deep", strings.TrimSuffix(strings.Repeat("a.", 33), ".")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, ok := errors.AsType[*jsonError](checkJSON([]byte(c.body)))
			if !ok || e.code != c.code || e.field != c.field {
				t.Errorf("%s: %+v, want %s at %q", c.body, e, c.code, c.field)
			}
		})
	}
	for _, body := range []string{`{"a":"\ud83d\ude00"}`, `{"a":"\\ud83d"}`, `{"a":"\uFFFD"}`, `{"a":"\\"}`, "{\"a\":\"\u00fc\U0001F600\"}"} {
		if err := checkJSON([]byte(body)); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// FuzzStrictJSON holds what passes against a second opinion: it is JSON of one
// value, and writing it again and reading it gives the same.
func FuzzStrictJSON(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `null`, `{"a":1,"a":2}`, `{"A":1}`, `{"a":{"b":[1,2,{"c":"x"}]}}`, `{} {}`, `{"a"`, `"text"`, `{"ſ":1}`, `{"":1}`, "\xff", `[[[[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v any
		if strictJSON(data, &v) != nil {
			return
		}
		if !json.Valid(data) || !utf8.Valid(data) {
			t.Fatalf("%q passes and is no JSON", data)
		}
		again, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var w any
		if err := strictJSON(again, &w); err != nil {
			t.Fatalf("%q passes, written again it does not: %v", data, err)
		}
		once, _ := json.Marshal(w) //nolint:errchkjson // it was marshalled above
		if !bytes.Equal(again, once) {
			t.Fatalf("%q is %s, then %s", data, again, once)
		}
	})
}
