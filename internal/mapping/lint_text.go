package mapping

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"caique/internal/caiq"
)

const (
	maxRow   = 1048576 // of a worksheet
	longText = 1500    // characters; a customer stops reading earlier
	schemaV1 = 1
)

var (
	columnLetters = regexp.MustCompile(`^([A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D])$`)
	plainID       = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9&._-]*$`)
	placeholder   = regexp.MustCompile(`\b(TODO|TBD|FIXME|FILL IN)\b|(?i)\blorem ipsum\b`)
	boast         = regexp.MustCompile(`(?i)\b(best[- ]in[- ]class|world[- ]class|state[- ]of[- ]the[- ]art|industry[- ]leading|market[- ]leading|` +
		`(?:bank|military|enterprise)[- ]grade|cutting[- ]edge|next[- ]generation|bleeding[- ]edge|unparalleled|unmatched|unbreakable|bulletproof|` +
		`seamless(?:ly)?|robust(?:ly)?|fully|utmost|second to none)\b|\b100 ?%`)
)

func lintSchema(at place, schema int) {
	if schema != schemaV1 {
		at.field("schema").errorf("bad_schema", "schema is %d; this version reads schema: %d", schema, schemaV1)
	}
}

// lintFileName wants the id that a file holds to be its name.
func lintFileName(at place, id, name string) {
	if id != name {
		at.errorf("id_not_file_name", "the file is named %s.yaml, so this should be %s, not %q", name, name, clip(id))
	}
}

// required checks a text that must be there.
func (at place) required(text string) {
	if strings.TrimSpace(text) == "" {
		at.errorf("empty_text", "nothing is written here")
		return
	}
	at.optional(text)
}

// optional checks a text that may be left out: one that a customer may read.
func (at place) optional(text string) {
	at.said(text)
	if n := utf8.RuneCountInString(text); n > longText {
		at.warnf("long_text", "%d characters are more than a customer reads; %d is plenty", n, longText)
	}
	told := make(seen)
	for _, m := range boast.FindAllString(text, -1) {
		if !told.again(strings.ToLower(m)) {
			at.warnf("boast", "%q is a boast; say what is done instead", m)
		}
	}
}

// said checks any text, be it words of others.
func (at place) said(text string) {
	if err := caiq.CheckText(text); err != nil {
		at.errorf(caiq.CodeOf(err), "%s", err)
	}
	if m := placeholder.FindString(text); m != "" {
		at.errorf("placeholder", "%q still waits to be filled in", m)
	}
}

// id checks an identifier and that it is the first of its name in the family.
func (at place) id(id string, family map[string]string) {
	at = at.field("id")
	first, again := family[id]
	switch {
	case id == "":
		at.errorf("id_missing", "an id is needed")
	case !plainID.MatchString(id):
		at.errorf("bad_id", "%q: letters, digits and - . _ & alone make an id", clip(id))
	case again:
		at.errorf("duplicate_id", "%q is the id of %s already", id, first)
	default:
		family[id] = strings.TrimSuffix(at.path, ".id")
	}
}

// seen remembers identifiers.
type seen map[string]bool

// again reports whether the identifier was there before.
func (s seen) again(id string) bool {
	was := s[id]
	s[id] = true
	return was
}

// oneOf checks a value against those allowed.
func oneOf[T ~string](at place, value T, allowed []T) {
	names := make([]string, len(allowed))
	for i, a := range allowed {
		if a == value {
			return
		}
		names[i] = string(a)
	}
	if value == "" {
		at.errorf("value_missing", "one of %s is needed", strings.Join(names, ", "))
		return
	}
	at.errorf("bad_value", "%q is none of %s", clip(string(value)), strings.Join(names, ", "))
}

func (at place) release(r caiq.Release) {
	if r != "" {
		oneOf(at.field("release"), r, []caiq.Release{caiq.ReleasePublic, caiq.ReleaseNDA, caiq.ReleaseInternal})
	}
}

// duplicates finds texts that say the same in the same words.
type duplicates map[string]string // normalised text → where it first stands

// see warns when the text stood elsewhere before.
func (d duplicates) see(at place, text string) {
	n := caiq.NormalizeText(text)
	if n == "" {
		return
	}
	if first, again := d[n]; again {
		at.warnf("duplicate_text", "%s says the same, word for word", first)
		return
	}
	d[n] = at.path
}
