package main

import (
	"fmt"
	"io"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// visibleWriter writes text with whatever a terminal would act on, or not show,
// as an escape: texts, sheet and file names come from strangers. The escapes are
// those of JSON, so that JSON stays the JSON it was.
type visibleWriter struct {
	w    io.Writer
	rest []byte // the beginning of a rune that the next write ends
}

func (v *visibleWriter) Write(p []byte) (int, error) {
	text, out := slices.Concat(v.rest, p), make([]byte, 0, len(p)+len(v.rest))
	for len(text) > 0 && utf8.FullRune(text) {
		r, n := utf8.DecodeRune(text)
		out = appendVisible(out, text[:n], r)
		text = text[n:]
	}
	v.rest = append([]byte(nil), text...)
	if _, err := v.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// flush writes what is left of a rune that never ended.
func (v *visibleWriter) flush() {
	for _, b := range v.rest {
		fmt.Fprintf(v.w, `\x%02x`, b)
	}
	v.rest = nil
}

// appendVisible appends a rune, given with its bytes, or its escape.
func appendVisible(out, raw []byte, r rune) []byte {
	switch {
	case r == utf8.RuneError && len(raw) == 1: // no UTF-8: a file name may hold any bytes
		return fmt.Appendf(out, `\x%02x`, raw[0])
	case r == '\n' || r == '\t' || !unseen(r):
		return append(out, raw...)
	case r > 0xFFFF:
		high, low := utf16.EncodeRune(r)
		return fmt.Appendf(out, `\u%04x\u%04x`, high, low)
	default:
		return fmt.Appendf(out, `\u%04x`, r)
	}
}

// unseen reports whether a rune controls the terminal or the direction of text,
// or takes no room: C0, C1, and the format characters but for the joiners of
// emoji and of scripts that need them.
func unseen(r rune) bool {
	const nonJoiner, joiner = 0x200C, 0x200D
	switch r {
	case nonJoiner, joiner:
		return false
	case 0x2028, 0x2029, 0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0: // line ends and fillers
		return true
	default:
		return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r)
	}
}

// shownName is a file's name on one line.
func shownName(name string) string {
	out := make([]byte, 0, len(name))
	for i := range len(name) {
		switch c := name[i]; c {
		case '\n':
			out = append(out, `\n`...)
		case '\t':
			out = append(out, `\t`...)
		default:
			out = append(out, c)
		}
	}
	return string(out)
}
