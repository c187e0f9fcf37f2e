package mapping

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"caique/internal/caiq"

	"go.yaml.in/yaml/v3"
)

// decode fills out, a pointer to a struct with yaml tags, from the document. It
// is stricter than the library's decoder and tells every problem with its line
// and field: unknown and repeated fields, wrong types, empty list items,
// anchors, aliases and tags.
func decode(file string, data []byte, out any) caiq.Problems {
	root, ps := parse(file, data)
	if ps != nil {
		return ps
	}
	d := &decoder{file: file, structs: make(map[reflect.Type]map[string]int)}
	d.value(root, reflect.ValueOf(out).Elem(), "", 0)
	if len(d.problems) == 0 {
		return nil // and not an empty list, which would be an error
	}
	return withEnd(file, d.problems)
}

type decoder struct {
	file     string
	structs  map[reflect.Type]map[string]int // yaml name → field index
	problems caiq.Problems
}

func (d *decoder) problem(n *yaml.Node, field, code, format string, args ...any) {
	if len(d.problems) >= maxProblems {
		return
	}
	d.problems = append(d.problems, caiq.Problem{
		File: d.file, Line: n.Line, Field: field, Code: code, Message: fmt.Sprintf(format, args...),
	})
}

func (d *decoder) value(n *yaml.Node, out reflect.Value, field string, depth int) {
	switch {
	case len(d.problems) >= maxProblems:
		return
	case depth > maxDepth:
		d.problem(n, field, "too_deep", "nested deeper than %d levels", maxDepth)
		return
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		d.problem(n, field, "alias", "anchors and aliases (& and *) are not used here: write the value out, or quote it if it is text")
		return
	case n.Style&yaml.TaggedStyle != 0:
		d.problem(n, field, "tag", "explicit tags such as %s are not used here: write the plain value", n.Tag)
		return
	}
	if d.custom(n, out, field, depth) {
		return
	}
	switch out.Kind() {
	case reflect.Pointer:
		out.Set(reflect.New(out.Type().Elem()))
		d.value(n, out.Elem(), field, depth)
	case reflect.Struct:
		d.structure(n, out, field, depth)
	case reflect.Slice:
		d.list(n, out, field, depth)
	case reflect.Map:
		d.dictionary(n, out, field, depth)
	default:
		d.scalar(n, out, field)
	}
}

// custom lets types that read themselves do so: dates from text, addresses from
// a bare reference or a mapping.
func (d *decoder) custom(n *yaml.Node, out reflect.Value, field string, depth int) bool {
	switch u := out.Addr().Interface().(type) {
	case encoding.TextUnmarshaler:
		if n.Kind != yaml.ScalarNode {
			d.wrongType(n, field, "a single value")
		} else if err := u.UnmarshalText([]byte(n.Value)); err != nil {
			d.problem(n, field, caiq.CodeOf(err), "%s", err)
		}
		return true
	case interface {
		UnmarshalYAML(unmarshal func(any) error) error
	}:
		before := len(d.problems)
		err := u.UnmarshalYAML(func(v any) error {
			d.problems = d.problems[:before] // an earlier form that did not fit
			d.value(n, reflect.ValueOf(v).Elem(), field, depth)
			if len(d.problems) > before {
				return slices.Clone(d.problems[before:])
			}
			return nil
		})
		if err != nil && len(d.problems) == before {
			d.problem(n, field, caiq.CodeOf(err), "%s", err)
		}
		return true
	default:
		return false
	}
}

func (d *decoder) structure(n *yaml.Node, out reflect.Value, field string, depth int) {
	if n.Kind != yaml.MappingNode {
		if !empty(n) {
			d.wrongType(n, field, "a block of named fields")
		}
		return
	}
	fields := d.fieldsOf(out.Type())
	d.pairs(n, field, func(key, value *yaml.Node) {
		if len(d.problems) >= maxProblems {
			return // before composing the message
		}
		i, known := fields[key.Value]
		if !known {
			d.problem(key, join(field, key.Value), "unknown_field", "there is no field %q here%s", key.Value, suggest(key.Value, fields))
			return
		}
		if !empty(value) {
			d.value(value, out.Field(i), join(field, key.Value), depth+1)
		}
	})
}

// pairs calls each for every key of a mapping, refusing keys that repeat or are
// no plain words.
func (d *decoder) pairs(n *yaml.Node, field string, each func(key, value *yaml.Node)) {
	seen := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		line, again := seen[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0:
			d.problem(key, field, "bad_key", "a field name must be a plain word")
		case again:
			d.problem(key, join(field, key.Value), "repeated_field", "%q is set twice, first on line %d", key.Value, line)
		default:
			seen[key.Value] = key.Line
			each(key, value)
		}
	}
}

func (d *decoder) list(n *yaml.Node, out reflect.Value, field string, depth int) {
	if n.Kind != yaml.SequenceNode {
		d.wrongType(n, field, "a list")
		return
	}
	out.Set(reflect.MakeSlice(out.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		at := index(field, i)
		if empty(item) {
			d.problem(item, at, "empty_item", "the list item is empty")
			continue
		}
		d.value(item, out.Index(i), at, depth+1)
	}
}

func (d *decoder) dictionary(n *yaml.Node, out reflect.Value, field string, depth int) {
	if n.Kind != yaml.MappingNode {
		d.wrongType(n, field, "a block of names and values")
		return
	}
	out.Set(reflect.MakeMapWithSize(out.Type(), len(n.Content)/2))
	d.pairs(n, field, func(key, value *yaml.Node) {
		v := reflect.New(out.Type().Elem()).Elem()
		if !empty(value) {
			d.value(value, v, keyed(field, key.Value), depth+1)
		}
		out.SetMapIndex(reflect.ValueOf(key.Value).Convert(out.Type().Key()), v)
	})
}

func (d *decoder) scalar(n *yaml.Node, out reflect.Value, field string) {
	if n.Kind != yaml.ScalarNode {
		d.wrongType(n, field, "a single value")
		return
	}
	switch out.Kind() {
	case reflect.String:
		out.SetString(n.Value)
	case reflect.Bool:
		v, err := strconv.ParseBool(n.Value)
		if err != nil || n.Tag != "!!bool" {
			d.problem(n, field, "wrong_type", "%q should be true or false", clip(n.Value))
			return
		}
		out.SetBool(v)
	case reflect.Int:
		v, err := strconv.Atoi(n.Value)
		if err != nil || n.Tag != "!!int" {
			d.problem(n, field, "wrong_type", "%q should be a whole number", clip(n.Value))
			return
		}
		out.SetInt(int64(v))
	case reflect.Float64:
		v, err := strconv.ParseFloat(n.Value, 64)
		if err != nil || n.Tag != "!!float" && n.Tag != "!!int" || math.IsInf(v, 0) || math.IsNaN(v) {
			d.problem(n, field, "wrong_type", "%q should be a number", clip(n.Value))
			return
		}
		out.SetFloat(v)
	default:
		d.problem(n, field, "wrong_type", "values of type %s cannot be read", out.Type())
	}
}

func (d *decoder) wrongType(n *yaml.Node, field, want string) {
	kinds := map[yaml.Kind]string{yaml.MappingNode: "a block of named fields", yaml.SequenceNode: "a list", yaml.ScalarNode: "a single value"}
	d.problem(n, field, "wrong_type", "%s is expected here, not %s", want, kinds[n.Kind])
}

func (d *decoder) fieldsOf(t reflect.Type) map[string]int {
	if known, ok := d.structs[t]; ok {
		return known
	}
	fields := make(map[string]int, t.NumField())
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if name != "" && name != "-" {
			fields[name] = i
		}
	}
	d.structs[t] = fields
	return fields
}

// empty reports whether nothing is written where a value could be.
func empty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Anchor == "" && n.Style&yaml.TaggedStyle == 0
}

func clip(s string) string {
	const limit = 40
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}
