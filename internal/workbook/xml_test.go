package workbook

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tokens renders what the lexer reads: "<a", "k=v", "text", "</a".
func tokens(src string) ([]string, error) {
	lim := DefaultLimits()
	lx, err := newLexer("test.xml", []byte(src), lim)
	if err != nil {
		return nil, err
	}
	var out []string
	text := ""
	flush := func() {
		if text != "" {
			out = append(out, text)
		}
		text = ""
	}
	for {
		inside := len(lx.stack) > 0
		if err := lx.next(); err != nil {
			return out, err
		}
		switch lx.kind {
		case tokEOF:
			return out, nil
		case tokText:
			if inside {
				text += string(appendText(nil, lx.text))
			}
		case tokCDATA:
			text += string(appendCDATA(nil, lx.text))
		case tokStart:
			flush()
			out = append(out, "<"+string(lx.local))
			for _, a := range lx.attrs.list {
				out = append(out, string(lx.attrs.nameOf(a))+"="+string(appendText(nil, lx.attrs.valueOf(a))))
			}
		case tokEnd:
			flush()
			out = append(out, "</"+string(lx.local))
		case tokMisc:
		}
	}
}

func TestLexer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, src string
		want      []string
	}{
		{"elements", `<a><b/></a>`, []string{"<a", "<b", "</b", "</a"}},
		{"a declaration", `<?xml version='1.0' encoding="utf-8" standalone="no" ?><a/>`, []string{"<a", "</a"}},
		{"attributes", `<a x="1" y='"2"' z = "a&#10;b` + "\n" + `c&lt;"/>`, []string{"<a", "x=1", `y="2"`, "z=a\nb\nc<", "</a"}},
		{"text", "<a>x &amp; y&gt;\r\nz\rq</a>", []string{"<a", "x & y>\nz\nq", "</a"}},
		{"CDATA", "<a>x<![CDATA[<&>\r\n]]>y</a>", []string{"<a", "x<&>\ny", "</a"}},
		{"comments", "<!-- a - b --><a>1<!----></a><!-- c -->\n", []string{"<a", "1", "</a"}},
		{"instructions", `<?a b?><a><?c?></a>`, []string{"<a", "</a"}},
		{"a prefix", `<x:a xmlns:x="u" x:k="v"/>`, []string{"<a", "xmlns:x=u", "x:k=v", "</a"}},
		{"the xml prefix", `<a xml:space="preserve"/>`, []string{"<a", "xml:space=preserve", "</a"}},
		{"names beyond ASCII", `<é·1>ü</é·1>`, []string{"<é·1", "ü", "</é·1"}},
		{"character references", `<a>&#x1F600;&#65;&apos;&quot;</a>`, []string{"<a", "😀A'\"", "</a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := tokens(test.src)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("tokens (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLexer_refuses(t *testing.T) {
	t.Parallel()
	for _, src := range []string{
		"", " ", "x", "<", "<a", "<a>", "<a/>x", "x<a/>", "<a></b>", "</a>", "<a/><b/>", "<a", "<a ", "<a/", "<a x", "<a x=", "<a x='", "<a x=1/>",
		`<a x="1"y="2"/>`, `<a x="1" x="2"/>`, `<a x="<"/>`, `<a x="&"/>`, "<a>&</a>", "<a>&nbsp;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#xFFFE;</a>", "<a>&#;</a>", "<a>&#+65;</a>", "<a>&#1_0;</a>",
		"<a>]]></a>", "<a><![CDATA[</a>", "<![CDATA[x]]><a/>", "<!-- --", "<!-- -- --><a/>", "<!-- ---><a/>", "<a><!ELEMENT a></a>", "<?xml version='1.1'?><a/>",
		" <?xml version='1.0'?><a/>", "<a><?xml version='1.0'?></a>", "<?xml?x><a/>", "<?xml version='1.0'", "<? a?><a/>", "<?a/b?><a/>", "<1a/>", "<-a/>", "< a/>", "<a:/>", "<:a/>", "<a:b:c xmlns:a='u'/>",
		"<x:a/>", "<a x:k=''/>", "<a xmlns:x=''/>", "<a><b xmlns:x='u'/><x:c/></a>", "<a>\x00</a>", "<a>\uFFFE</a>", "<a\x0b/>", "<a>\xff</a>", "\xFE\xFF<a/>",
	} {
		t.Run(src, func(t *testing.T) {
			t.Parallel()
			if got, err := tokens(src); err == nil {
				t.Errorf("accepted as %q", got)
			}
		})
	}
}

// FuzzScan wants the lexer and the standard library to agree on all that the
// lexer accepts: the same elements, attributes and text.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		dataXML(plainRows), `<a x='1' xml:lang="de">t<![CDATA[c]]>&amp;&#10;<b/><!-- c --></a>`, "\xEF\xBB\xBF<?xml version=\"1.0\"?><x:a xmlns:x='u'>\r\n</x:a>",
		`<a xmlns="u"><b xmlns="">é</b></a>`, `<?xml version="1.0" encoding="UTF-8"?><a>&lt;</a>`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		got, err := tokens(src)
		if err != nil {
			return
		}
		want, err := standardTokens(src)
		if err != nil {
			t.Fatalf("accepted %q, which the standard library refuses: %v", src, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-standard +ours):\n%s", src, diff)
		}
	})
}

func standardTokens(src string) ([]string, error) {
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(src, "\xEF\xBB\xBF")))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var out []string
	text, depth := "", 0
	flush := func() {
		if text != "" && depth > 0 {
			out = append(out, text)
		}
		text = ""
	}
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.CharData:
			text += string(token)
		case xml.StartElement:
			flush()
			depth++
			out = append(out, "<"+token.Name.Local)
			for _, a := range token.Attr {
				name := a.Name.Local
				if a.Name.Space != "" {
					name = a.Name.Space + ":" + name
				}
				out = append(out, name+"="+a.Value)
			}
		case xml.EndElement:
			flush()
			depth--
			out = append(out, "</"+token.Name.Local)
		}
	}
}

func TestDecodeAttr(t *testing.T) {
	t.Parallel()
	if got, want := decodeAttr([]byte("a\r\nb\tc\rd&#10;e&amp;")), "a b c d\ne&"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDecodeEscapes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"plain", "plain"},
		{"_x0041_", "A"},
		{"_x005F_x0041_", "_x0041_"},
		{"a_x000D_\nb", "a\r\nb"},
		{"_x00e9_", "é"},
		{"_xD83D__xDE00_", "😀"},
		{"_xD83D_", "\uFFFD"},
		{"_x004_", "_x004_"},
		{"_X0041_", "_X0041_"},
		{"__x0041_", "_A"},
		{"_x005F__x0041_", "_A"},
		{"_x+041_", "_x+041_"},
		{"_x0_41_", "_x0_41_"},
	} {
		if got := decodeEscapes(test.in); got != test.want {
			t.Errorf("decodeEscapes(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}
