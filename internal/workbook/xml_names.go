package workbook

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// namespace is one of the XML namespaces that bear on reading a workbook.
type namespace uint8

const (
	nsUndeclared namespace = iota
	nsNone                 // no namespace
	nsOther                // one that does not matter
	nsMain                 // SpreadsheetML
	nsRel                  // relationships, as attributes of a part
	nsPackageRel           // relationships, as a part
	nsTypes                // content types
	nsX14                  // extension lists since Excel 2010
	nsX12ac                // lists whose options hold commas
	nsXM                   // formulas and ranges of extension lists
	nsXML                  // xml:space
)

// namespaceOf knows the transitional and the strict names (ECMA-376 Part 1 and
// Part 4), and Microsoft's extensions ([MS-XLSX] 2.2).
func namespaceOf(uri []byte) namespace {
	switch string(uri) {
	case "":
		return nsNone
	case "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main":
		return nsMain
	case "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships":
		return nsRel
	case "http://schemas.openxmlformats.org/package/2006/relationships":
		return nsPackageRel
	case "http://schemas.openxmlformats.org/package/2006/content-types":
		return nsTypes
	case "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main":
		return nsX14
	case "http://schemas.microsoft.com/office/spreadsheetml/2011/1/ac":
		return nsX12ac
	case "http://schemas.microsoft.com/office/excel/2006/main":
		return nsXM
	case "http://www.w3.org/XML/1998/namespace":
		return nsXML
	default:
		return nsOther
	}
}

// bind puts the namespace declarations of the start tag in force and checks
// that the prefixes of its attributes are declared.
func (lx *lexer) bind() error {
	if !lx.prefixed {
		return nil
	}
	for _, a := range lx.attrs.list {
		name, uri := lx.attrs.nameOf(a), lx.attrs.valueOf(a)
		if string(name) == "xmlns" {
			lx.bindings = append(lx.bindings, binding{ns: namespaceOf(uri)})
			continue
		}
		if prefix, local := splitName(name); string(prefix) == "xmlns" {
			if len(uri) == 0 || len(local) == 0 || string(local) == "xmlns" {
				return lx.errAt(int(a.name), "has a namespace declaration that is not well-formed")
			}
			lx.bindings = append(lx.bindings, binding{a.nameEnd - int32(len(local)), a.nameEnd, namespaceOf(uri)})
		}
	}
	lx.defaultNS = lx.lookup(nil)
	return lx.checkPrefixes()
}

func (lx *lexer) checkPrefixes() error {
	for _, a := range lx.attrs.list {
		prefix, local := splitName(lx.attrs.nameOf(a))
		if len(prefix) == 0 || string(prefix) == "xmlns" {
			continue
		}
		if len(local) == 0 || lx.lookup(prefix) == nsUndeclared {
			return lx.errAt(int(a.name), "has attribute %s, whose prefix is not declared", lx.attrs.nameOf(a))
		}
	}
	return nil
}

// resolve splits an element's name and finds its namespace.
func (lx *lexer) resolve(name []byte) (namespace, []byte, error) {
	prefix, local := splitName(name)
	if prefix == nil {
		return lx.defaultNS, local, nil
	}
	ns := lx.lookup(prefix)
	if ns == nsUndeclared || len(local) == 0 || bytes.IndexByte(local, ':') >= 0 {
		return ns, local, lx.errAt(lx.start, "has element %s, whose prefix is not declared", name)
	}
	return ns, local, nil
}

// lookup returns what the prefix is bound to; no prefix is the default namespace.
func (lx *lexer) lookup(prefix []byte) namespace {
	for _, b := range slices.Backward(lx.bindings) {
		if bytes.Equal(lx.src[b.prefix:b.end], prefix) {
			return b.ns
		}
	}
	switch string(prefix) {
	case "":
		return nsNone
	case "xml":
		return nsXML
	default:
		return nsUndeclared
	}
}

// splitName splits a qualified name at its first colon. "a:" has the local
// part "", ":a" counts as a name without a local part too.
func splitName(name []byte) (prefix, local []byte) {
	for i, b := range name {
		switch {
		case b != ':':
		case i == 0:
			return name, nil
		default:
			return name[:i], name[i+1:]
		}
	}
	return nil, name
}

// nameLen returns the length of the XML name that src begins with, 0 if none.
func nameLen(src []byte) int {
	n := 0
	for n < len(src) {
		if b := src[n]; b < utf8.RuneSelf {
			if !nameByte(b, n == 0) {
				break
			}
			n++
			continue
		}
		r, size := utf8.DecodeRune(src[n:])
		if !nameRune(r, n == 0) {
			break
		}
		n += size
	}
	return n
}

// nameByte knows the ASCII part of NameStartChar and NameChar.
func nameByte(b byte, first bool) bool {
	switch {
	case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', b == ':', b == '_':
		return true
	case '0' <= b && b <= '9', b == '-', b == '.':
		return !first
	default:
		return false
	}
}

// nameRune knows the non-ASCII part of NameStartChar and NameChar (XML 1.0, 5th edition).
func nameRune(r rune, first bool) bool {
	switch {
	case r == 0xB7, 0x300 <= r && r <= 0x36F, r == 0x203F, r == 0x2040:
		return !first
	case r < 0xC0, r == 0xD7, r == 0xF7, r == 0x37E, 0x2000 <= r && r <= 0x200B,
		0x200E <= r && r <= 0x206F, 0x2190 <= r && r <= 0x2BFF, 0x2FF0 <= r && r <= 0x3000,
		0xD800 <= r && r <= 0xF8FF, 0xFDD0 <= r && r <= 0xFDEF, r > 0xEFFFF, r == 0xFFFD:
		return false
	default:
		return true
	}
}
