package workbook

import (
	"bytes"

	"caique/internal/caiq"
)

// startTag reads a start tag with its attributes and resolves its namespace.
func (lx *lexer) startTag() error {
	n := nameLen(lx.src[lx.pos+1:])
	if n == 0 {
		return lx.errAt(lx.pos, "has a tag without a name")
	}
	lx.name = lx.src[lx.pos+1 : lx.pos+1+n]
	if err := lx.attributes(lx.pos + 1 + n); err != nil {
		return err
	}
	return lx.open()
}

// attributes reads the attributes and the end of a start tag.
func (lx *lexer) attributes(at int) error {
	lx.attrs = lx.attrs[:0]
	for {
		next := lx.skipSpace(at)
		if next >= len(lx.src) {
			return lx.errAt(lx.start, "ends inside a tag")
		}
		switch {
		case lx.src[next] == '>':
			lx.empty, lx.pos = false, next+1
			return nil
		case lx.src[next] == '/' && next+1 < len(lx.src) && lx.src[next+1] == '>':
			lx.empty, lx.pos = true, next+2
			return nil
		case next == at:
			return lx.errAt(at, "has a tag that is not well-formed")
		}
		a, err := lx.attribute(next)
		if err != nil {
			return err
		}
		if err := lx.addAttribute(a); err != nil {
			return err
		}
		at = a.end
	}
}

func (lx *lexer) addAttribute(a attr) error {
	if len(lx.attrs) >= lx.lim.Attributes {
		return caiq.Errorf(caiq.TooLarge, "xml_attributes", "%s has an element with more than %d attributes", lx.part, lx.lim.Attributes)
	}
	for i := range lx.attrs {
		if bytes.Equal(lx.attrs[i].name, a.name) {
			return lx.errAt(a.start, "has attribute %s twice on one element", a.name)
		}
	}
	lx.attrs = append(lx.attrs, a)
	return nil
}

// attribute reads one attribute at the position of its name.
func (lx *lexer) attribute(at int) (attr, error) {
	n := nameLen(lx.src[at:])
	a := attr{name: lx.src[at : at+n], start: at}
	at = lx.skipSpace(at + n)
	if n == 0 || at >= len(lx.src) || lx.src[at] != '=' {
		return a, lx.errAt(a.start, "has an attribute that is not well-formed")
	}
	at = lx.skipSpace(at + 1)
	if at >= len(lx.src) || lx.src[at] != '"' && lx.src[at] != '\'' {
		return a, lx.errAt(a.start, "has attribute %s without a quoted value", a.name)
	}
	i := bytes.IndexByte(lx.src[at+1:], lx.src[at])
	if i < 0 {
		return a, lx.errAt(a.start, "ends inside attribute %s", a.name)
	}
	a.value = lx.src[at+1 : at+1+i]
	a.end = at + 1 + i + 1
	if bytes.IndexByte(a.value, '<') >= 0 {
		return a, lx.errAt(a.start, "has a < in attribute %s", a.name)
	}
	return a, lx.checkReferences(a.value)
}

// open enters the element whose start tag was read.
func (lx *lexer) open() error {
	if len(lx.stack) == 0 && lx.rooted {
		return lx.errAt(lx.start, "has a second root element")
	}
	if len(lx.stack) >= lx.lim.Depth {
		return caiq.Errorf(caiq.TooLarge, "xml_depth", "%s nests more than %d elements", lx.part, lx.lim.Depth)
	}
	if lx.elements++; lx.elements > lx.most {
		return caiq.Errorf(caiq.TooLarge, "too_many_elements", "%s has more than %d elements", lx.part, lx.most)
	}
	outside := len(lx.bindings)
	if err := lx.bind(); err != nil {
		return err
	}
	ns, local, err := lx.resolve(lx.name)
	if err != nil {
		return err
	}
	lx.stack = append(lx.stack, openTag{lx.name, ns, outside})
	lx.kind, lx.ns, lx.local = tokStart, ns, local
	lx.rooted, lx.pending = true, lx.empty
	return nil
}

// endTag reads an end tag, which must close the innermost element.
func (lx *lexer) endTag() error {
	n := nameLen(lx.src[lx.pos+2:])
	name := lx.src[lx.pos+2 : lx.pos+2+n]
	at := lx.skipSpace(lx.pos + 2 + n)
	if n == 0 || at >= len(lx.src) || lx.src[at] != '>' {
		return lx.errAt(lx.pos, "has an end tag that is not well-formed")
	}
	if len(lx.stack) == 0 || !bytes.Equal(lx.stack[len(lx.stack)-1].name, name) {
		return lx.errAt(lx.pos, "closes element %s, which is not the innermost open one", name)
	}
	lx.pos = at + 1
	return lx.close()
}

// close leaves the innermost element.
func (lx *lexer) close() error {
	top := lx.stack[len(lx.stack)-1]
	lx.stack = lx.stack[:len(lx.stack)-1]
	lx.bindings = lx.bindings[:top.bindings]
	lx.kind, lx.name, lx.ns = tokEnd, top.name, top.ns
	_, lx.local = splitName(top.name)
	lx.attrs = lx.attrs[:0]
	return nil
}

// skip leaves the element just entered, with all that it holds.
func (lx *lexer) skip() error {
	for depth := len(lx.stack) - 1; len(lx.stack) > depth; {
		if err := lx.next(); err != nil {
			return err
		}
	}
	return nil
}

// child reads on to the next start tag among the children of the element at
// the given depth and reports false at that element's end.
func (lx *lexer) child(depth int) (bool, error) {
	for {
		if err := lx.next(); err != nil {
			return false, err
		}
		switch {
		case lx.kind == tokStart:
			return true, nil
		case lx.kind == tokEnd && len(lx.stack) < depth:
			return false, nil
		}
	}
}

// is reports whether the current tag is the element of the namespace.
func (lx *lexer) is(ns namespace, local string) bool {
	return lx.ns == ns && string(lx.local) == local
}

// attr returns the value of an attribute without a prefix, entities not decoded.
func (lx *lexer) attr(name string) ([]byte, bool) {
	for i := range lx.attrs {
		if string(lx.attrs[i].name) == name {
			return lx.attrs[i].value, true
		}
	}
	return nil, false
}

// attrText returns the decoded value of an attribute without a prefix.
func (lx *lexer) attrText(name string) string {
	v, _ := lx.attr(name)
	return decodeAttr(v)
}

// attrNS returns the decoded value of an attribute in the namespace.
func (lx *lexer) attrNS(ns namespace, name string) string {
	for i := range lx.attrs {
		prefix, local := splitName(lx.attrs[i].name)
		if string(local) == name && len(prefix) > 0 && lx.lookup(prefix) == ns {
			return decodeAttr(lx.attrs[i].value)
		}
	}
	return ""
}

func (lx *lexer) skipSpace(at int) int {
	for at < len(lx.src) && isSpace(lx.src[at]) {
		at++
	}
	return at
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }
