package mapping

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"

	"go.yaml.in/yaml/v3"

	"caique/internal/caiq"
)

// MaxFileSize is the largest data file read, in bytes. Ours are far below; it
// stops hostile uploads, as does the limit on nesting.
const (
	MaxFileSize = 4 << 20
	maxEntries  = 100_000 // lines and list items; each costs a hundred times its bytes in memory
	maxDepth    = 32
	maxBisect   = 1 << 20 // beyond this a syntax error has no line: finding it parses some twenty times
)

// parse reads one YAML document. Anchors, aliases and explicit tags are refused
// later, node by node; a second document, a size over the limit and broken
// syntax here.
func parse(file string, data []byte) (*yaml.Node, caiq.Problems) {
	if len(data) > MaxFileSize {
		return nil, caiq.Problems{{File: file, Code: "too_large", Message: fmt.Sprintf("the file has %d bytes, the limit is %d", len(data), MaxFileSize)}}
	}
	if n := entries(data); n > maxEntries {
		return nil, caiq.Problems{{File: file, Code: "too_large", Message: fmt.Sprintf("the file has some %d lines and list items, the limit is %d", n, maxEntries)}}
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	doc, err := nextDocument(dec)
	switch {
	case errors.Is(err, io.EOF):
		return nil, caiq.Problems{{File: file, Line: 1, Code: "empty_file", Message: "the file holds no data"}}
	case err != nil:
		return nil, caiq.Problems{syntaxProblem(file, data, err)}
	}
	if _, err := nextDocument(dec); !errors.Is(err, io.EOF) {
		return nil, caiq.Problems{{
			File: file, Line: secondDocument(data), Code: "second_document",
			Message: "the file holds a second YAML document; one file is one document",
		}}
	}
	return doc.Content[0], nil
}

// secondDocument returns the line on which a second document begins, whether or
// not it can be read.
func secondDocument(data []byte) int {
	held, ended := false, false // the first document holds something, has ended
	for i, line := range bytes.Split(data, []byte("\n")) {
		begins := isMarker(line, "---")
		switch {
		case isMarker(line, "..."):
			ended = held
		case len(bytes.TrimSpace(line)) == 0 || line[0] == '#', line[0] == '%' && !held:
		case ended || begins && held:
			return i + 1
		case !begins || len(bytes.TrimSpace(line)) > len("---"):
			held = true
		}
	}
	return 0
}

func isMarker(line []byte, marker string) bool {
	rest, ok := bytes.CutPrefix(line, []byte(marker))
	return ok && (len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r')
}

// entries bounds how many values a document can hold, before it is parsed.
func entries(data []byte) int {
	return bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte(","))
}

// nextDocument keeps a panic of the YAML parser from reaching the caller: input
// must not end the process, whoever's fault it is.
func nextDocument(dec *yaml.Decoder) (doc *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			doc, err = nil, fmt.Errorf("yaml: the parser gave up: %v", r)
		}
	}()
	doc = new(yaml.Node)
	if err := dec.Decode(doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, io.EOF
	}
	return doc, nil
}

// tabFault is how the parser tells of a tab where it expects blanks, and of other things.
var tabFault = regexp.MustCompile(`cannot start any token|tab character`)

var syntaxLine = regexp.MustCompile(`^yaml: (?:line \d+: )?(.*)$`)

// syntaxMessage is a parser error without its line.
func syntaxMessage(err error) string {
	if m := syntaxLine.FindStringSubmatch(err.Error()); m != nil {
		return m[1]
	}
	return err.Error()
}

// syntaxProblem finds the line itself: the parser names the line on which the
// block around the fault began, which may be the first of thousands.
func syntaxProblem(file string, data []byte, err error) caiq.Problem {
	message := syntaxMessage(err)
	p := caiq.Problem{File: file, Code: "yaml_syntax", Message: "this is not valid YAML: " + message}
	lines := bytes.SplitAfter(data, []byte("\n"))
	if len(data) > maxBisect {
		return p
	}
	fails := func(n int) bool { // the first n lines fail in the same way
		_, err := nextDocument(yaml.NewDecoder(bytes.NewReader(bytes.Join(lines[:n], nil))))
		return err != nil && syntaxMessage(err) == message
	}
	p.Line = sort.Search(len(lines), fails)
	if p.Line > 0 && p.Line <= len(lines) && tabFault.MatchString(message) && bytes.Contains(lines[p.Line-1], []byte("\t")) {
		p.Message += "; the line holds a tab: YAML is indented with blanks"
	}
	return p
}
