package workbook

import (
	"strconv"
	"strings"
)

// styles checks the bounds of number formats and cell formats and notes what
// each cell format looks like.
func (p *preflight) styles() error {
	e := p.related(p.book.part.name, "styles")
	if e == nil {
		return nil
	}
	lx, err := p.root(e, nsMain, "styleSheet")
	if err != nil {
		return err
	}
	s := styleReader{lim: p.lim}
	for {
		ok, err := lx.child(1)
		if err != nil {
			return err
		}
		if !ok {
			p.book.looks = s.looks()
			return drain(lx)
		}
		if err := s.section(lx); err != nil {
			return err
		}
	}
}

// cellLook is what a cell format says that bears on row heights, and by which
// headings stand out.
type cellLook struct {
	size  float64 // of the font, in points
	wraps bool    // long texts take several lines
	bold  bool
	fill  int // which background; 0 for none
}

type cellFormat struct {
	font, fill int
	wraps      bool
}

type cellFont struct {
	size float64 // in points
	bold bool
}

// styleReader picks from the styles part what bears on safety, row heights and
// headings.
type styleReader struct {
	lim     Limits
	fonts   []cellFont
	formats []cellFormat
}

func (s *styleReader) section(lx *lexer) error {
	switch {
	case lx.is(nsMain, "numFmts"):
		return s.each(lx, s.numberFormat)
	case lx.is(nsMain, "fonts"):
		return s.each(lx, s.font)
	case lx.is(nsMain, "cellXfs"):
		return s.each(lx, s.cellFormat)
	default:
		return lx.skip()
	}
}

// each calls read at every child's start tag; read leaves the child.
func (s *styleReader) each(lx *lexer, read func(*lexer) error) error {
	depth := len(lx.stack)
	for {
		ok, err := lx.child(depth)
		if err != nil || !ok {
			return err
		}
		if err := read(lx); err != nil {
			return err
		}
	}
}

func (s *styleReader) numberFormat(lx *lexer) error {
	if code, _ := lx.attr("formatCode"); len(code) > s.lim.NumberFormat {
		return tooLarge("bad_number_format", "%s has a number format of %d characters", lx.part, len(code)).
			WithHint("remove the cell format and save the workbook again")
	}
	return lx.skip()
}

const defaultFontSize = 11

func (s *styleReader) font(lx *lexer) error {
	font := cellFont{size: defaultFontSize}
	err := s.each(lx, func(lx *lexer) error {
		switch {
		case lx.is(nsMain, "sz"):
			if f, err := strconv.ParseFloat(strings.TrimSpace(lx.attrText("val")), 64); err == nil && f > 0 && f < 500 {
				font.size = f
			}
		case lx.is(nsMain, "b"):
			val, given := lx.attr("val")
			font.bold = !given || isTrue(val)
		}
		return lx.skip()
	})
	s.fonts = append(s.fonts, font)
	return err
}

func (s *styleReader) cellFormat(lx *lexer) error {
	if len(s.formats) >= s.lim.Styles {
		return tooLarge("too_many_styles", "%s has more than %d cell formats", lx.part, s.lim.Styles)
	}
	format := cellFormat{font: index(lx, "fontId"), fill: index(lx, "fillId")}
	err := s.each(lx, func(lx *lexer) error {
		if wrap, _ := lx.attr("wrapText"); lx.is(nsMain, "alignment") && isTrue(wrap) {
			format.wraps = true
		}
		return lx.skip()
	})
	s.formats = append(s.formats, format)
	return err
}

// index reads an attribute that counts from 0, which is also what is missing.
func index(lx *lexer, name string) int {
	value, _ := lx.attr(name)
	i, _ := parseIndex(value)
	return i
}

func (s *styleReader) looks() []cellLook {
	looks := make([]cellLook, len(s.formats))
	for i, format := range s.formats {
		looks[i] = cellLook{size: defaultFontSize, wraps: format.wraps, fill: format.fill}
		if format.font < len(s.fonts) {
			looks[i].size, looks[i].bold = s.fonts[format.font].size, s.fonts[format.font].bold
		}
	}
	return looks
}
