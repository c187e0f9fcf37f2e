package workbook

import "bytes"

// tagAttrs takes a start tag apart that the scanner has accepted.
func tagAttrs(tag []byte) []attr {
	lx := &lexer{src: tag, lim: Limits{Attributes: len(tag)}}
	if err := lx.attributes(1 + nameLen(tag[1:])); err != nil {
		return nil
	}
	return lx.attrs
}

// rewriteTag appends the start tag without the attributes to drop, with those
// to add, and self-closing or not. What stays keeps its bytes.
func rewriteTag(dst, tag []byte, drop map[string]bool, add string, empty bool) []byte {
	at := 1 + nameLen(tag[1:])
	dst = append(dst, tag[:at]...)
	for _, a := range tagAttrs(tag) {
		if !drop[string(a.name)] {
			dst = append(dst, tag[at:a.end]...)
		}
		at = a.end
	}
	dst = append(dst, add...)
	if !empty {
		return append(dst, '>')
	}
	return append(dst, "/>"...)
}

// attrOf returns the raw value of an attribute.
func attrOf(attrs []attr, name string) ([]byte, bool) {
	for i := range attrs {
		if string(attrs[i].name) == name {
			return attrs[i].value, true
		}
	}
	return nil, false
}

// spansHold reports whether the row's spans attribute, a hint which columns the
// row uses, is absent or takes in the columns of all edits.
func spansHold(tag []byte, edits []placedEdit) bool {
	if len(edits) == 0 {
		return true
	}
	spans, ok := attrOf(tagAttrs(tag), "spans")
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
	for _, span := range bytes.Fields(spans) {
		first, last, _ := bytes.Cut(span, []byte(":"))
		from, ok1 := parseIndex(first)
		to, ok2 := parseIndex(last)
		if ok1 && ok2 && from <= col && col <= to {
			return true
		}
	}
	return false
}
