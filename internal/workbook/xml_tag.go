package workbook

import "bytes"

// startTag reads a start tag with its attributes and resolves its namespace.
func (lx *lexer) startTag() error {
	n := nameLen(lx.src[lx.pos+1:])
	if n == 0 {
		return lx.errAt(lx.pos, "has a tag without a name")
	}
	lx.name = lx.src[lx.pos+1 : lx.pos+1+n]
	if err := lx.readAttributes(lx.pos + 1 + n); err != nil {
		return err
	}
	return lx.open()
}

// open enters the element whose start tag was read.
func (lx *lexer) open() error {
	if len(lx.stack) == 0 && lx.rooted {
		return lx.errAt(lx.start, "has a second root element")
	}
	if len(lx.stack) >= lx.lim.Depth {
		return tooLarge("xml_depth", "%s nests more than %d elements", lx.part, lx.lim.Depth)
	}
	if lx.elements++; lx.elements > lx.most {
		return tooLarge("too_many_elements", "%s has more than %d elements", lx.part, lx.most)
	}
	outside := len(lx.bindings)
	if err := lx.bind(); err != nil {
		return err
	}
	ns, local, err := lx.resolve(lx.name)
	if err != nil {
		return err
	}
	name := int32(lx.start + 1)
	end := name + int32(len(lx.name))
	lx.stack = append(lx.stack, openTag{name, end - int32(len(local)), end, int32(outside), ns})
	lx.kind, lx.ns, lx.local = tokStart, ns, local
	lx.rooted, lx.pending = true, lx.empty
	return nil
}

// endTag reads an end tag, which must close the innermost element.
func (lx *lexer) endTag() error {
	if lx.closesTop() {
		return lx.close()
	}
	n := nameLen(lx.src[lx.pos+2:])
	name := lx.src[lx.pos+2 : lx.pos+2+n]
	at := lx.skipSpace(lx.pos + 2 + n)
	if n == 0 || at >= len(lx.src) || lx.src[at] != '>' {
		return lx.errAt(lx.pos, "has an end tag that is not well-formed")
	}
	if len(lx.stack) == 0 || !bytes.Equal(lx.stack[len(lx.stack)-1].of(lx.src), name) {
		return lx.errAt(lx.pos, "closes element %s, which is not the innermost open one", name)
	}
	lx.pos = at + 1
	return lx.close()
}

// closesTop reads the end tag if it is the innermost element's and spelled as
// nearly all are, without blanks.
func (lx *lexer) closesTop() bool {
	if len(lx.stack) == 0 {
		return false
	}
	name := lx.stack[len(lx.stack)-1].of(lx.src)
	end := lx.pos + 2 + len(name)
	if end >= len(lx.src) || lx.src[end] != '>' || !bytes.Equal(lx.src[lx.pos+2:end], name) {
		return false
	}
	lx.pos = end + 1
	return true
}

// close leaves the innermost element.
func (lx *lexer) close() error {
	top := lx.stack[len(lx.stack)-1]
	lx.stack = lx.stack[:len(lx.stack)-1]
	if len(lx.bindings) != int(top.bindings) {
		lx.bindings = lx.bindings[:top.bindings]
		lx.defaultNS = lx.lookup(nil)
	}
	lx.kind, lx.ns = tokEnd, top.ns
	lx.name, lx.local = top.of(lx.src), lx.src[top.local:top.end]
	lx.attrs.list = lx.attrs.list[:0]
	return nil
}

// of returns the element's qualified name.
func (t openTag) of(src []byte) []byte { return src[t.name:t.end] }

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

func (lx *lexer) skipSpace(at int) int {
	for at < len(lx.src) && isSpace(lx.src[at]) {
		at++
	}
	return at
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }
