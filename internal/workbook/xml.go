package workbook

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"caique/internal/caiq"
)

// tokenKind sorts the tokens of an XML part.
type tokenKind uint8

const (
	tokEOF   tokenKind = iota
	tokStart           // start tag; a self-closing one is followed by a tokEnd of no bytes
	tokEnd
	tokText  // character data, entities not decoded
	tokCDATA // character data, as it is
	tokMisc  // comment, processing instruction, declaration
)

// lexer reads the tokens of one XML part. It accepts well-formed XML 1.0 with
// namespaces, in UTF-8, without a document type, and nothing else: where it
// stops, other readers may go on and see less, so the whole part is refused.
//
// Slices it hands out alias the part; attrs holds until the next token.
type lexer struct {
	part string // for messages
	src  []byte
	lim  Limits
	pos  int // next byte to read

	kind  tokenKind
	start int // first byte of the token, which ends before pos
	text  []byte
	name  []byte // qualified, of a tag
	local []byte // without prefix
	ns    namespace
	attrs attributes
	empty bool // the start tag is self-closing
	// prefixed is set when an attribute has a prefix or declares a namespace.
	prefixed bool

	stack    []openTag
	bindings []binding
	// defaultNS is what elements without a prefix belong to.
	defaultNS namespace
	elements  int  // entered so far
	most      int  // elements allowed
	rooted    bool // the root element has begun
	pending   bool // the end of a self-closing element comes next
}

// openTag and binding hold positions instead of slices, as attr does: the
// garbage collector need not look at them, which makes scanning faster.
type openTag struct {
	name, local, end int32 // where the qualified name, its local part begin and both end
	bindings         int32 // how many were in force outside
	ns               namespace
}

type binding struct {
	prefix, end int32 // of no length for the default namespace
	ns          namespace
}

// newLexer checks the part's characters and returns a lexer at its beginning.
func newLexer(part string, src []byte, lim Limits) (*lexer, error) {
	lx := &lexer{part: part, src: src, lim: lim, most: lim.Elements, defaultNS: nsNone}
	lx.attrs.src = src
	if err := lx.checkCharacters(); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(src, []byte("\xEF\xBB\xBF")) {
		lx.pos = 3
	}
	if err := lx.declaration(); err != nil {
		return nil, err
	}
	return lx, nil
}

// checkCharacters refuses bytes that are not UTF-8 or not allowed in XML.
func (lx *lexer) checkCharacters() error {
	if utf16Text(lx.src) || !utf8.Valid(lx.src) {
		return caiq.Errorf(caiq.Invalid, "bad_encoding", "%s is not in UTF-8", lx.part).
			WithHint("open the file in a spreadsheet program and save it again as .xlsx")
	}
	for i, b := range lx.src {
		if b < ' ' && b != '\n' && b != '\t' && b != '\r' {
			return lx.errAt(i, "holds the control character %#02x", b)
		}
	}
	for _, bad := range []string{"\uFFFE", "\uFFFF"} {
		if i := bytes.Index(lx.src, []byte(bad)); i >= 0 {
			return lx.errAt(i, "holds a character that XML forbids")
		}
	}
	return nil
}

func utf16Text(src []byte) bool {
	if len(src) < 2 {
		return false
	}
	switch [2]byte(src) {
	case [2]byte{0xFE, 0xFF}, [2]byte{0xFF, 0xFE}, [2]byte{'<', 0}, [2]byte{0, '<'}:
		return true
	}
	return false
}

// errAt is the refusal of a part that is not well-formed.
func (lx *lexer) errAt(pos int, format string, args ...any) error {
	line := 1 + bytes.Count(lx.src[:min(pos, len(lx.src))], []byte("\n"))
	place := fmt.Sprintf("%s, line %d, byte %d", lx.part, line, pos)
	return caiq.Errorf(caiq.Invalid, "malformed_xml", "%s: "+format, append([]any{place}, args...)...).
		WithHint("the file is damaged: open it in a spreadsheet program and save it again")
}

// tooLong refuses a text or comment that is longer than any that spreadsheet
// programs write.
func (lx *lexer) tooLong(what string) error {
	return tooLarge("xml_token", "%s, byte %d: has %s of more than %d KiB", lx.part, lx.pos, what, lx.lim.Token>>10)
}

// next reads the next token. At the end of a complete document kind is tokEOF.
func (lx *lexer) next() error {
	lx.start = lx.pos
	if lx.pending {
		lx.pending = false
		return lx.close()
	}
	if lx.pos == len(lx.src) {
		return lx.eof()
	}
	if lx.src[lx.pos] != '<' {
		return lx.characters()
	}
	if lx.pos+1 == len(lx.src) {
		return lx.errAt(lx.pos, "ends inside a tag")
	}
	switch lx.src[lx.pos+1] {
	case '/':
		return lx.endTag()
	case '!':
		return lx.markup()
	case '?':
		return lx.instruction()
	default:
		return lx.startTag()
	}
}

func (lx *lexer) eof() error {
	if len(lx.stack) > 0 {
		return lx.errAt(lx.pos, "ends inside element %s", lx.stack[len(lx.stack)-1].of(lx.src))
	}
	if !lx.rooted {
		return lx.errAt(lx.pos, "holds no element")
	}
	lx.kind = tokEOF
	return nil
}

// characters reads character data up to the next tag.
func (lx *lexer) characters() error {
	rest := lx.src[lx.pos:]
	if i := bytes.IndexByte(rest, '<'); i >= 0 {
		rest = rest[:i]
	}
	if len(rest) > lx.lim.Token {
		return lx.tooLong("a text")
	}
	if len(lx.stack) == 0 && len(bytes.TrimLeft(rest, " \t\r\n")) > 0 {
		return lx.errAt(lx.pos, "has text outside its root element")
	}
	if i := bytes.Index(rest, []byte("]]>")); i >= 0 {
		return lx.errAt(lx.pos+i, "has a stray ]]>")
	}
	if err := lx.checkReferences(rest); err != nil {
		return err
	}
	lx.kind, lx.text = tokText, rest
	lx.pos += len(rest)
	return nil
}

// markup reads what begins with "<!": a comment or a CDATA section.
func (lx *lexer) markup() error {
	rest := lx.src[lx.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		i := bytes.Index(rest[4:], []byte("--"))
		if i < 0 || !bytes.HasPrefix(rest[4+i:], []byte("-->")) {
			return lx.errAt(lx.pos, "has a comment that does not end properly")
		}
		if i > lx.lim.Token {
			return lx.tooLong("a comment")
		}
		lx.kind, lx.text = tokMisc, rest[:4+i+3]
		lx.pos += 4 + i + 3
		return nil
	case bytes.HasPrefix(rest, []byte("<![CDATA[")) && len(lx.stack) > 0:
		i := bytes.Index(rest, []byte("]]>"))
		if i < 0 {
			return lx.errAt(lx.pos, "has a CDATA section that does not end")
		}
		if i > lx.lim.Token {
			return lx.tooLong("a text")
		}
		lx.kind, lx.text = tokCDATA, rest[9:i]
		lx.pos += i + 3
		return nil
	case len(rest) >= 9 && bytes.EqualFold(rest[:9], []byte("<!DOCTYPE")):
		return unusual(caiq.Invalid, "doctype", "%s declares a document type, which spreadsheets never do", lx.part)
	default:
		return lx.errAt(lx.pos, "has markup that is not allowed here")
	}
}

// instruction reads a processing instruction.
func (lx *lexer) instruction() error {
	rest := lx.src[lx.pos:]
	i := bytes.Index(rest, []byte("?>"))
	n := nameLen(rest[2:])
	if i < 0 || n == 0 || 2+n > i || bytes.EqualFold(rest[2:2+n], []byte("xml")) {
		return lx.errAt(lx.pos, "has a processing instruction that is not allowed here")
	}
	if i > lx.lim.Token {
		return lx.tooLong("an instruction")
	}
	if 2+n < i && !isSpace(rest[2+n]) {
		return lx.errAt(lx.pos, "has a processing instruction that is not well-formed")
	}
	lx.kind, lx.text = tokMisc, rest[:i+2]
	lx.pos += i + 2
	return nil
}

// declaration reads the XML declaration, if there is one.
func (lx *lexer) declaration() error {
	rest := lx.src[lx.pos:]
	if !bytes.HasPrefix(rest, []byte("<?xml")) || len(rest) > 5 && !isSpace(rest[5]) {
		return nil
	}
	end := bytes.Index(rest, []byte("?>"))
	if end < 0 {
		return lx.errAt(lx.pos, "has an XML declaration that does not end")
	}
	at := lx.pos + 5
	for order := range 3 {
		at = lx.skipSpace(at)
		if at >= lx.pos+end {
			break
		}
		a, err := lx.attribute(at)
		if err != nil {
			return err
		}
		if err := lx.checkDeclared(a, order); err != nil {
			return err
		}
		at = int(a.end)
	}
	if lx.skipSpace(at) != lx.pos+end {
		return lx.errAt(lx.pos, "has an XML declaration that is not well-formed")
	}
	lx.pos += end + 2
	return nil
}

func (lx *lexer) checkDeclared(a attr, order int) error {
	value := string(bytes.ToUpper(lx.attrs.valueOf(a)))
	switch name := string(lx.attrs.nameOf(a)); {
	case name == "version" && order == 0 && value == "1.0":
		return nil
	case name == "encoding" && order > 0:
		if value == "UTF-8" || value == "UTF8" || value == "US-ASCII" {
			return nil
		}
		return caiq.Errorf(caiq.Invalid, "bad_encoding", "%s says it is in %q; only UTF-8 is read", lx.part, lx.attrs.valueOf(a)).
			WithHint("open the file in a spreadsheet program and save it again as .xlsx")
	case name == "standalone" && order > 0 && (value == "YES" || value == "NO"):
		return nil
	default:
		return lx.errAt(int(a.name), "has an XML declaration that is not well-formed")
	}
}
