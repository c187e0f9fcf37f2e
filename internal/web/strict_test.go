package web

import (
	"bytes"
	"encoding/json"
	"testing"
)

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
		if !json.Valid(data) {
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
