package mapping

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A field path names a place in a file: names joined by dots, list items by
// their index and the entries of a dictionary by their key in brackets:
// "controls[3].addresses[0].says", "uses[0].covered[AWS-CUEC-01]".

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func keyed(path, key string) string { return path + "[" + key + "]" }

// within reports whether a field is the other one or stands in it.
func within(field, other string) bool {
	rest, ok := strings.CutPrefix(field, other)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// lineOf returns the line of the field in the document, or of the nearest thing
// around it that is there: a missing field has the line of its block.
func lineOf(root *yaml.Node, field string) int {
	n, line := root, root.Line
	for step, rest := nextStep(field); step != ""; step, rest = nextStep(rest) {
		key, child := childOf(n, step)
		if child == nil {
			return line
		}
		n, line = child, key.Line
	}
	return line
}

// nextStep cuts the first name, index or key off a field path.
func nextStep(path string) (step, rest string) {
	path = strings.TrimPrefix(path, ".")
	if inner, ok := strings.CutPrefix(path, "["); ok {
		step, rest, _ = strings.Cut(inner, "]")
		return step, rest
	}
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i], path[i:]
	}
	return path, ""
}

// childOf returns the named or numbered child and the node that marks its line:
// the key in a mapping, the item itself in a list.
func childOf(n *yaml.Node, step string) (key, child *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i], n.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i], n.Content[i]
		}
	default: // a single value has no children
	}
	return nil, nil
}

// suggest names the known field nearest to a misspelt one, or lists them all.
func suggest(name string, fields map[string]int) string {
	known := slices.Sorted(maps.Keys(fields))
	if near := nearest(name, known); near != "" {
		return "; did you mean " + strconv.Quote(near) + "?"
	}
	return "; known are " + strings.Join(known, ", ")
}

// nearest returns the known word at most two edits away, the nearest first, or "".
func nearest(name string, known []string) string {
	best, edits := "", 3
	for _, k := range known {
		if n := distance(name, k); n < edits {
			best, edits = k, n
		}
	}
	return best
}

// distance is the Levenshtein distance in bytes, at most the longer length.
func distance(a, b string) int {
	if len(a) > 64 {
		return len(a) // nobody misspells a field name like that
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
