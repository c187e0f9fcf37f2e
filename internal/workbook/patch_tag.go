package workbook

import (
	"bytes"
	"slices"
)

// tagAttrs returns the attributes of a start tag that the scanner has accepted.
func tagAttrs(tag []byte) attributes {
	var as attributes
	as.read(tag)
	return as
}

// read takes a start tag apart that the scanner has accepted. No bytes have no
// attributes.
func (as *attributes) read(tag []byte) {
	as.src, as.list = tag, as.list[:0]
	if len(tag) == 0 {
		return
	}
	lx := lexer{src: tag, lim: Limits{Attributes: len(tag), Token: len(tag)}, attrs: *as}
	if err := lx.readAttributes(1 + nameLen(tag[1:])); err == nil {
		as.list = lx.attrs.list
	}
}

// rewrite appends the start tag without the attributes to drop, with those to
// add, and self-closing or not. What stays keeps its bytes.
func (as *attributes) rewrite(dst, tag []byte, drop []string, add string, empty bool) []byte {
	at := 1 + nameLen(tag[1:])
	dst = append(dst, tag[:at]...)
	as.read(tag)
	for _, a := range as.list {
		if !slices.Contains(drop, string(as.nameOf(a))) {
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

// without leaves the attributes of the names out.
func (as *attributes) without(names []string) {
	as.list = slices.DeleteFunc(as.list, func(a attr) bool { return slices.Contains(names, string(as.nameOf(a))) })
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
