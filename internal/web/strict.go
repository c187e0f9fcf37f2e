package web

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep JSON may nest; our own bodies need four levels.
const maxDepth = 32

// codeUnknownField is the code of a field that no body has.
const codeUnknownField = "unknown_field"

// codeBadText is the code of texts that hold bytes or escapes that are no text.
const codeBadText = "bad_text"

// strictJSON reads a body that says everything once and nothing else: no
// unknown or repeated field, nothing behind the value, and text that is text.
// Field names are compared exactly, where encoding/json would take "Approved"
// for "approved"; malformed UTF-8 and halves of surrogate pairs are refused,
// where it would write U+FFFD in their place.
func strictJSON(data []byte, v any) error {
	if err := checkJSON(data); err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return readableJSON(err)
	}
	return nil
}

// jsonError is what is wrong with a body, and where.
type jsonError struct {
	code  string
	field string // "seen[3].n"; "" for the whole body
	msg   string
}

func (e *jsonError) Error() string { return e.msg }

// jsonChecker reads a body token by token.
type jsonChecker struct {
	data []byte
	dec  *json.Decoder
}

// checkJSON refuses what encoding/json would let pass; its errors are *jsonError.
func checkJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")) {
		return &jsonError{code: "bad_json", msg: "the JSON begins with a byte order mark (BOM): send it without"}
	}
	c := &jsonChecker{data, json.NewDecoder(bytes.NewReader(data))}
	if err := c.value("", 0); err != nil {
		return err
	}
	if _, err := c.dec.Token(); !errors.Is(err, io.EOF) {
		return &jsonError{code: "bad_json", msg: "something follows the JSON value"}
	}
	return nil
}

// token returns the next token; a text among them is as it was sent.
func (c *jsonChecker) token(field string) (json.Token, error) {
	before := c.dec.InputOffset()
	t, err := c.dec.Token()
	if err != nil {
		return t, &jsonError{code: "bad_json", field: field, msg: readableJSON(err).Error()}
	}
	if _, ok := t.(string); ok && !isText(c.data[before:c.dec.InputOffset()]) {
		return t, &jsonError{codeBadText, field, "the text holds bytes that are no UTF-8, or half of a surrogate pair"}
	}
	return t, nil
}

func (c *jsonChecker) value(field string, depth int) error {
	if depth > maxDepth {
		return &jsonError{"too_deep", field, fmt.Sprintf("it nests deeper than %d levels", maxDepth)}
	}
	t, err := c.token(field)
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('{'):
		return c.object(field, depth)
	case json.Delim('['):
		for i := 0; c.dec.More(); i++ {
			if err := c.value(field+"["+strconv.Itoa(i)+"]", depth+1); err != nil {
				return err
			}
		}
		_, err = c.token(field)
	}
	return err
}

func (c *jsonChecker) object(field string, depth int) error {
	seen := make(map[string]bool)
	for c.dec.More() {
		t, err := c.token(field)
		if err != nil {
			return err
		}
		name, _ := t.(string) // a decoder returns nothing else here
		if !plainName(name) {
			return &jsonError{codeUnknownField, strings.TrimPrefix(field+"."+clip(name), "."), "there is no such field; ours are written in lower case"}
		}
		at := strings.TrimPrefix(field+"."+name, ".")
		if seen[name] {
			return &jsonError{"repeated_field", at, fmt.Sprintf("the field %q stands there twice", name)}
		}
		seen[name] = true
		if err := c.value(at, depth+1); err != nil {
			return err
		}
	}
	_, err := c.token(field)
	return err
}

// isText reports whether a JSON text, as it was sent, stands for Unicode text:
// well-formed UTF-8 whose escaped surrogates come in pairs.
func isText(raw []byte) bool {
	if !utf8.Valid(raw) {
		return false
	}
	for {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 || i+1 >= len(raw) {
			return true
		}
		raw = raw[i:]
		first, ok := escapedUnit(raw)
		if !ok {
			raw = raw[2:]
			continue
		}
		raw = raw[6:]
		if !utf16.IsSurrogate(first) {
			continue
		}
		second, ok := escapedUnit(raw)
		if !ok || utf16.DecodeRune(first, second) == utf8.RuneError {
			return false
		}
		raw = raw[6:]
	}
}

// escapedUnit reads the UTF-16 unit \uXXXX with which a text begins.
func escapedUnit(raw []byte) (rune, bool) {
	var b [2]byte
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return 0, false
	}
	if _, err := hex.Decode(b[:], raw[2:6]); err != nil {
		return 0, false
	}
	return rune(b[0])<<8 | rune(b[1]), true
}

// plainName reports whether a field name is written as all of ours are: lower
// case with underscores. Others cannot be ours.
func plainName(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == "" && len(name) <= 64
}

func readableJSON(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON ends too early")
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return errors.New(e.Value + " does not fit here")
	}
	if _, ok := errors.AsType[*time.ParseError](err); ok {
		return errors.New(badTime)
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}

// badTime refuses a time of another form.
const badTime = "a time is not of the form 2026-09-30T12:00:00Z (RFC 3339)"

func clip(text string) string {
	if r := []rune(text); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return text
}
