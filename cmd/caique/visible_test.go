package main

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestVisibleWriter(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"plain text stays", "Grüße, 日本語\n\tπ 😀", "Grüße, 日本語\n\tπ 😀"},
		{"joined emoji stay", "👩\u200d💻", "👩\u200d💻"},
		{"terminal escapes", "\x1b[31mred\x1b[0m\a", `\u001b[31mred\u001b[0m\u0007`},
		{"carriage return, delete, C1", "a\rb\x7f\u009b2J", `a\u000db\u007f\u009b2J`},
		{"bidirectional controls", "a\u202eb\u2066c\u061c", `a\u202eb\u2066c\u061c`},
		{"zero width", "a\u200bb\ufeffc\u2060\u00ad", `a\u200bb\ufeffc\u2060\u00ad`},
		{"tags beyond the plane", "\U000e0041", `\udb40\udc41`},
		{"line separators", "a\u2028b", `a\u2028b`},
		{"bytes that are no UTF-8", "a\x9bb\xff", `a\x9bb\xff`},
		{"a rune that never ends", "a\xe2\x80", `a\xe2\x80`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var whole, single bytes.Buffer
			w := &visibleWriter{w: &whole}
			if n, err := w.Write([]byte(tt.text)); n != len(tt.text) || err != nil {
				t.Fatal(n, err)
			}
			w.flush()
			s := &visibleWriter{w: &single}
			for i := range len(tt.text) {
				if _, err := s.Write([]byte(tt.text[i : i+1])); err != nil {
					t.Fatal(err)
				}
			}
			s.flush()
			if whole.String() != tt.want || single.String() != tt.want {
				t.Errorf("got %q and, byte by byte, %q; want %q", whole.String(), single.String(), tt.want)
			}
		})
	}
}

func TestVisibleWriter_json(t *testing.T) {
	t.Parallel()
	want := "a\x1b\u202e\u200b\U000e0041\u009b\x7f\u2028😀"
	var out bytes.Buffer
	if err := writeJSON(&visibleWriter{w: &out}, want); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got != want {
		t.Errorf("%s reads as %q, %v", out.Bytes(), got, err)
	}
}
