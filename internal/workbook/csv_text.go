package workbook

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"caique/internal/caiq"
)

// textEncoding is how a CSV file spells its text; it is written back alike.
type textEncoding struct {
	order binary.ByteOrder // of UTF-16; nil for UTF-8
	mark  bool             // with a byte order mark; UTF-16 always has one
}

const (
	markUTF8    = "\xEF\xBB\xBF"
	markUTF16LE = "\xFF\xFE"
	markUTF16BE = "\xFE\xFF"
)

// decodeText returns the text of a file and its encoding. Text that could not be
// written back byte by byte is refused.
func decodeText(name string, data []byte) (string, textEncoding, error) {
	var e textEncoding
	var text string
	switch {
	case bytes.HasPrefix(data, []byte(markUTF16LE)):
		e = textEncoding{binary.LittleEndian, true}
		text = decodeUTF16(data[2:], e.order)
	case bytes.HasPrefix(data, []byte(markUTF16BE)):
		e = textEncoding{binary.BigEndian, true}
		text = decodeUTF16(data[2:], e.order)
	case bytes.HasPrefix(data, []byte(markUTF8)):
		e.mark = true
		text = string(data[3:])
	default:
		text = string(data)
	}
	if before, _, found := strings.Cut(text, "\x00"); found {
		return "", e, caiq.Errorf(caiq.Invalid, "nul_character", "%s, line %d: holds a NUL character, so it is not text", name, 1+lineEnds(before)).
			WithHint("save the questionnaire as .xlsx, or as CSV in UTF-8")
	}
	if !utf8.ValidString(text) || e.order != nil && !bytes.Equal(e.encode(text), data) {
		return "", e, caiq.Errorf(caiq.Invalid, "bad_encoding", "%s is neither UTF-8 nor UTF-16 text", name).
			WithHint("save it as .xlsx, or as CSV in UTF-8")
	}
	return text, e, nil
}

func decodeUTF16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

// encode returns the bytes of a text, with the mark if there was one.
func (e textEncoding) encode(text string) []byte {
	if e.order == nil {
		if e.mark {
			return []byte(markUTF8 + text)
		}
		return []byte(text)
	}
	units := utf16.Encode([]rune("\uFEFF" + text))
	data := make([]byte, 2*len(units))
	for i, u := range units {
		e.order.PutUint16(data[2*i:], u)
	}
	return data
}
