package workbook

import (
	"bytes"
	"slices"
)

// tagAttrs takes apart the start tag that src, which the scanner has accepted,
// begins with. No bytes have no attributes.
func tagAttrs(tag []byte) attributes {
	if len(tag) == 0 {
		return attributes{}
	}
	lx := lexer{src: tag, lim: Limits{Attributes: len(tag)}}
	lx.attrs = attributes{src: tag, list: make([]attr, 0, 8)}
	if err := lx.readAttributes(1 + nameLen(tag[1:])); err != nil {
		return attributes{src: tag}
	}
	return lx.attrs
}

// rewriteTag appends the start tag without the attributes to drop, with those
// to add, and self-closing or not. What stays keeps its bytes.
func rewriteTag(dst, tag []byte, drop []string, add string, empty bool) []byte {
	at := 1 + nameLen(tag[1:])
	dst = append(dst, tag[:at]...)
	attrs := tagAttrs(tag)
	for _, a := range attrs.list {
		if !slices.Contains(drop, string(attrs.nameOf(a))) {
			dst = append(dst, tag[at:a.end]...)
		}
		at = int(a.end)
	}
	dst = append(dst, add...)
	if !empty {
		return append(dst, '>')
	}
	return append(dst, "/>"...)
}

// selfClosing reports whether a start tag is an element of its own.
func selfClosing(tag []byte) bool { return tag[len(tag)-2] == '/' }

// tagAttr returns the raw value of an attribute of a start tag.
func tagAttr(tag []byte, name string) ([]byte, bool) {
	attrs := tagAttrs(tag)
	return attrs.get(name)
}

// spansHold reports whether the row's spans attribute, a hint which columns the
// row uses, is absent or takes in the columns of all edits.
func spansHold(tag []byte, edits []placedEdit) bool {
	if len(edits) == 0 {
		return true
	}
	spans, ok := tagAttr(tag, "spans")
	if !ok {
		return true
	}
	for i := range edits {
		if !edits[i].clears() && !inSpans(spans, edits[i].col) {
			return false
		}
	}
	return true
}

func inSpans(spans []byte, col int) bool {
	for span := range bytes.FieldsSeq(spans) {
		first, last, _ := bytes.Cut(span, []byte(":"))
		from, ok1 := parseIndex(first)
		to, ok2 := parseIndex(last)
		if ok1 && ok2 && from <= col && col <= to {
			return true
		}
	}
	return false
}
