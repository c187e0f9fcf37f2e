package workbook

import (
	"bytes"
)

// attributes are those of one start tag, in order.
type attributes struct {
	src  []byte
	list []attr
}

// attr is one attribute, as positions: its name up to nameEnd, its value between
// the quotes, the closing quote before end.
type attr struct{ name, nameEnd, value, end int32 }

func (as *attributes) nameOf(a attr) []byte  { return as.src[a.name:a.nameEnd] }
func (as *attributes) valueOf(a attr) []byte { return as.src[a.value : a.end-1] }

// get returns the raw value of an attribute, entities not decoded.
func (as *attributes) get(name string) ([]byte, bool) {
	for _, a := range as.list {
		if string(as.nameOf(a)) == name {
			return as.valueOf(a), true
		}
	}
	return nil, false
}

// readAttributes reads the attributes and the end of a start tag.
func (lx *lexer) readAttributes(at int) error {
	lx.attrs.list, lx.prefixed = lx.attrs.list[:0], false
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
		at = int(a.end)
	}
}

func (lx *lexer) addAttribute(a attr) error {
	if len(lx.attrs.list) >= lx.lim.Attributes {
		return tooLarge("xml_attributes", "%s has an element with more than %d attributes", lx.part, lx.lim.Attributes)
	}
	name := lx.attrs.nameOf(a)
	for _, other := range lx.attrs.list {
		if bytes.Equal(lx.attrs.nameOf(other), name) {
			return lx.errAt(int(a.name), "has attribute %s twice on one element", name)
		}
	}
	lx.attrs.list = append(lx.attrs.list, a)
	return nil
}

// attribute reads one attribute at the position of its name.
func (lx *lexer) attribute(at int) (attr, error) {
	n := nameLen(lx.src[at:])
	a := attr{name: int32(at), nameEnd: int32(at + n)}
	at = lx.skipSpace(at + n)
	if n == 0 || at >= len(lx.src) || lx.src[at] != '=' {
		return a, lx.errAt(int(a.name), "has an attribute that is not well-formed")
	}
	at = lx.skipSpace(at + 1)
	if at >= len(lx.src) || lx.src[at] != '"' && lx.src[at] != '\'' {
		return a, lx.errAt(int(a.name), "has attribute %s without a quoted value", lx.attrs.nameOf(a))
	}
	name := lx.attrs.nameOf(a)
	lx.prefixed = lx.prefixed || string(name) == "xmlns" || bytes.IndexByte(name, ':') >= 0
	err := lx.attributeValue(&a, at)
	return a, err
}

// attributeValue reads the value whose opening quote stands at the position.
func (lx *lexer) attributeValue(a *attr, at int) error {
	quote, references := lx.src[at], false
	for i, b := range lx.src[at+1:] {
		switch b {
		case quote:
			if i > lx.lim.Token {
				return tooLarge("xml_attributes", "%s has an attribute of more than %d KiB", lx.part, lx.lim.Token>>10)
			}
			a.value, a.end = int32(at+1), int32(at+1+i+1)
			if references {
				return lx.checkReferences(lx.attrs.valueOf(*a))
			}
			return nil
		case '<':
			return lx.errAt(int(a.name), "has a < in attribute %s", lx.attrs.nameOf(*a))
		case '&':
			references = true
		}
	}
	return lx.errAt(int(a.name), "ends inside attribute %s", lx.attrs.nameOf(*a))
}

// attr returns the value of an attribute without a prefix, entities not decoded.
func (lx *lexer) attr(name string) ([]byte, bool) { return lx.attrs.get(name) }

// attrText returns the decoded value of an attribute without a prefix.
func (lx *lexer) attrText(name string) string {
	v, _ := lx.attrs.get(name)
	return decodeAttr(v)
}

// attrNS returns the decoded value of an attribute in the namespace.
func (lx *lexer) attrNS(ns namespace, name string) string {
	for _, a := range lx.attrs.list {
		prefix, local := splitName(lx.attrs.nameOf(a))
		if string(local) == name && len(prefix) > 0 && lx.lookup(prefix) == ns {
			return decodeAttr(lx.attrs.valueOf(a))
		}
	}
	return ""
}
