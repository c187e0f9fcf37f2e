package workbook

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// checkReferences refuses ampersands that do not begin one of the five named
// entities or a reference to a character that XML allows.
func (lx *lexer) checkReferences(raw []byte) error {
	for i := bytes.IndexByte(raw, '&'); i >= 0; {
		_, n := reference(raw[i:])
		if n == 0 {
			return lx.errAt(lx.pos, "has an & that does not begin a known entity")
		}
		next := bytes.IndexByte(raw[i+n:], '&')
		if next < 0 {
			break
		}
		i += n + next
	}
	return nil
}

// reference decodes the entity that raw begins with and returns how many
// bytes it takes, 0 when it is none.
func reference(raw []byte) (rune, int) {
	end := bytes.IndexByte(raw[:min(len(raw), 16)], ';')
	if end < 2 {
		return 0, 0
	}
	name := string(raw[1:end])
	switch name {
	case "amp":
		return '&', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	}
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return 0, 0
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !xmlChar(rune(n)) {
		return 0, 0
	}
	return rune(n), end + 1
}

// xmlChar reports whether XML 1.0 allows the character (section 2.2).
func xmlChar(r rune) bool {
	switch {
	case r < ' ':
		return r == '\t' || r == '\n' || r == '\r'
	case 0xD800 <= r && r <= 0xDFFF, r == 0xFFFE, r == 0xFFFF:
		return false
	default:
		return r <= utf8.MaxRune
	}
}

// appendText appends character data: entities decoded, line ends as line feeds
// (XML 1.0, 2.11). The input must have passed checkReferences.
func appendText(dst, raw []byte) []byte {
	if bytes.IndexByte(raw, '&') < 0 && bytes.IndexByte(raw, '\r') < 0 {
		return append(dst, raw...)
	}
	for len(raw) > 0 {
		i := bytes.IndexAny(raw, "&\r")
		if i < 0 {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:i]...)
		raw = raw[i:]
		if raw[0] == '&' {
			r, n := reference(raw)
			if n == 0 {
				return append(dst, raw...)
			}
			dst, raw = utf8.AppendRune(dst, r), raw[n:]
			continue
		}
		dst = append(dst, '\n')
		raw = bytes.TrimPrefix(raw[1:], []byte("\n"))
	}
	return dst
}

// appendCDATA appends the text of a CDATA section.
func appendCDATA(dst, raw []byte) []byte {
	for i, b := range raw {
		switch {
		case b != '\r':
			dst = append(dst, b)
		case i+1 == len(raw) || raw[i+1] != '\n':
			dst = append(dst, '\n')
		}
	}
	return dst
}

// decodeAttr returns the value of an attribute: entities decoded, white space
// as blanks (XML 1.0, 3.3.3).
func decodeAttr(raw []byte) string {
	if !bytes.ContainsAny(raw, "&\r\n\t") {
		return string(raw)
	}
	blank := func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte(" "))
	raw = bytes.ReplaceAll(raw, []byte("\r"), []byte(" "))
	return string(appendText(nil, bytes.Map(blank, raw)))
}

// decodeEscapes undoes _xHHHH_, by which spreadsheets write characters that
// XML cannot hold (ECMA-376 Part 1, 22.9.2.19, ST_Xstring).
func decodeEscapes(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		unit, ok := escapeAt(s, i)
		if !ok {
			b.WriteByte(s[i])
			i++
			continue
		}
		r := rune(unit)
		i += escapeLen
		if utf16.IsSurrogate(r) {
			low, ok := escapeAt(s, i)
			if pair := utf16.DecodeRune(r, rune(low)); ok && pair != utf8.RuneError {
				r = pair
				i += escapeLen
			}
		}
		b.WriteRune(r) // a lone surrogate becomes U+FFFD
	}
	return b.String()
}

// decodeEscaped is decodeEscapes of bytes, the same ones where nothing is escaped.
func decodeEscaped(raw []byte) []byte {
	if !bytes.Contains(raw, []byte("_x")) {
		return raw
	}
	return []byte(decodeEscapes(string(raw)))
}

const escapeLen = len("_x0041_")

// escapeAt reads the escape at s[i:].
func escapeAt(s string, i int) (uint16, bool) {
	if len(s)-i < escapeLen || s[i] != '_' || s[i+1] != 'x' || s[i+6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
	return uint16(n), err == nil
}

// appendEscaped appends text as character data of a cell: what XML reserves as
// entities, and an underscore that would begin an escape as _x005F_, so that
// the same text is read back.
func appendEscaped(dst []byte, s string) []byte {
	copied := 0
	for i := range len(s) {
		entity := ""
		switch s[i] {
		case '&':
			entity = "&amp;"
		case '<':
			entity = "&lt;"
		case '>':
			entity = "&gt;"
		case '_':
			if _, ok := escapeAt(s, i); ok {
				entity = "_x005F_"
			}
		}
		if entity != "" {
			dst = append(append(dst, s[copied:i]...), entity...)
			copied = i + 1
		}
	}
	return append(dst, s[copied:]...)
}
