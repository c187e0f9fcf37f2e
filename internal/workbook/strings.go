package workbook

import (
	"fmt"
	"unicode/utf16"

	"caique/internal/caiq"
)

// stringTable is the shared strings part, read.
type stringTable struct {
	texts []string
	// weights are the bytes that each string takes in the part, rich text and
	// phonetic runs included: what every reference to it may cost a reader.
	weights []int
}

// readStrings reads a shared strings part.
func readStrings(lx *lexer, kept *keeper) (*stringTable, error) {
	ok, err := lx.child(0)
	if err != nil {
		return nil, err
	}
	if !ok || !lx.is(nsMain, "sst") {
		return nil, corruptPart(lx.part, "is not a table of shared strings")
	}
	t := &stringTable{}
	var scratch []byte
	for {
		ok, err := lx.child(1)
		switch {
		case err != nil:
			return nil, err
		case !ok:
			return t, drain(lx)
		case !lx.is(nsMain, "si"):
			err = lx.skip()
		default:
			scratch, err = t.add(lx, scratch[:0], kept)
		}
		if err != nil {
			return nil, err
		}
	}
}

// add reads one string item.
func (t *stringTable) add(lx *lexer, scratch []byte, kept *keeper) ([]byte, error) {
	if len(t.texts) >= lx.lim.Strings {
		return nil, tooLarge("too_many_strings", "the workbook has more than %d different texts", lx.lim.Strings)
	}
	start := lx.start
	scratch, err := richText(lx, scratch)
	if err != nil {
		return nil, placeLong(err, t.place(lx), lx.lim)
	}
	if err := kept.keep(len(scratch)); err != nil {
		return nil, err
	}
	text := decodeEscapes(string(scratch))
	if utf16Len(text) > lx.lim.CellText {
		return nil, tooLong(t.place(lx), lx.lim)
	}
	t.texts = append(t.texts, text)
	t.weights = append(t.weights, lx.pos-start)
	return scratch, nil
}

// place names the string item that is read.
func (t *stringTable) place(lx *lexer) string {
	return fmt.Sprintf("text %d of %s", len(t.texts)+1, lx.part)
}

func tooLong(place string, lim Limits) error {
	return tooLarge("cell_too_long", "%s has more than the %d characters that a cell can hold", place, lim.CellText)
}

// placeLong gives a refusal of a text as too long the place that people know.
func placeLong(err error, place string, lim Limits) error {
	if caiq.CodeOf(err) == "cell_too_long" {
		return tooLong(place, lim)
	}
	return err
}

// keeper counts what the check takes from the parts and holds besides them.
type keeper struct{ n, most int64 }

// keep counts a text of some bytes, or several that belong together.
func (k *keeper) keep(bytes int) error {
	const header = 48 // what it takes to hold the shortest
	if k.n += int64(bytes) + header; k.n > k.most {
		return tooLarge("too_much_text", "the workbook has more than %d MiB of texts, names and lists", k.most>>20)
	}
	return nil
}

// richText appends the text of the string item just entered (si or is), its
// runs joined and phonetic runs left out, and leaves the element.
func richText(lx *lexer, dst []byte) ([]byte, error) {
	depth := len(lx.stack)
	for {
		ok, err := lx.child(depth)
		switch {
		case err != nil:
			return dst, err
		case !ok:
			return dst, nil
		case lx.is(nsMain, "t"):
			dst, err = elementText(lx, dst)
		case lx.is(nsMain, "r"):
			dst, err = runText(lx, dst)
		default:
			err = lx.skip()
		}
		if err != nil {
			return dst, err
		}
	}
}

// runText appends the text of one run of rich text.
func runText(lx *lexer, dst []byte) ([]byte, error) {
	depth := len(lx.stack)
	for {
		ok, err := lx.child(depth)
		switch {
		case err != nil:
			return dst, err
		case !ok:
			return dst, nil
		case lx.is(nsMain, "t"):
			dst, err = elementText(lx, dst)
		default:
			err = lx.skip()
		}
		if err != nil {
			return dst, err
		}
	}
}

// elementText appends the character data of the element just entered and
// leaves it. Elements inside are left out. What no cell can hold is refused
// before it is held here.
func elementText(lx *lexer, dst []byte) ([]byte, error) {
	depth := len(lx.stack)
	for {
		if err := lx.next(); err != nil {
			return dst, err
		}
		switch {
		case lx.kind == tokEnd && len(lx.stack) < depth:
			return dst, nil
		case lx.kind == tokText && len(lx.stack) == depth:
			dst = appendText(dst, lx.text)
		case lx.kind == tokCDATA && len(lx.stack) == depth:
			dst = appendCDATA(dst, lx.text)
		}
		if len(dst) > lx.lim.textRoom() {
			return dst, tooLong(lx.part, lx.lim)
		}
	}
}

// skipText leaves the element just entered and refuses a text in it that no cell
// can hold.
func skipText(lx *lexer) error {
	for depth, n := len(lx.stack)-1, 0; len(lx.stack) > depth; {
		if err := lx.next(); err != nil {
			return err
		}
		if lx.kind == tokText || lx.kind == tokCDATA {
			n += len(lx.text)
		}
		if n > lx.lim.textRoom() {
			return tooLong(lx.part, lx.lim)
		}
	}
	return nil
}

// drain reads to the end of the part.
func drain(lx *lexer) error {
	for {
		if err := lx.next(); err != nil {
			return err
		}
		if lx.kind == tokEOF {
			return nil
		}
	}
}

// utf16Len returns the length of s in UTF-16 code units.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
