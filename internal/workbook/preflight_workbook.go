package workbook

import (
	"path"
	"strconv"
	"strings"

	"caique/internal/caiq"
)

// workbook reads the list of sheets and the defined names.
func (p *preflight) workbook() error {
	e := p.related("", "officeDocument")
	if e == nil {
		return notXLSX("a package without a workbook")
	}
	p.book.part = e
	lx, err := p.root(e, nsMain, "workbook")
	if err != nil {
		return err
	}
	p.book.xml = lx.src
	for {
		ok, err := lx.child(1)
		switch {
		case err != nil:
			return err
		case !ok:
			return p.workbookEnd(lx)
		case lx.is(nsMain, "sheets"):
			err = p.sheetList(lx)
		case lx.is(nsMain, "definedNames"):
			err = p.definedNames(lx)
		default:
			err = lx.skip()
		}
		if err != nil {
			return err
		}
	}
}

func (p *preflight) workbookEnd(lx *lexer) error {
	if err := drain(lx); err != nil {
		return err
	}
	if len(p.book.sheets) == 0 {
		return corruptPart(lx.part, "lists no sheets")
	}
	return nil
}

func (p *preflight) sheetList(lx *lexer) error {
	for {
		ok, err := lx.child(2)
		if err != nil || !ok {
			return err
		}
		if len(p.book.sheets) >= p.lim.Sheets {
			return caiq.Errorf(caiq.TooLarge, "too_many_sheets", "the workbook has more than %d sheets", p.lim.Sheets)
		}
		if err := p.addSheet(lx); err != nil {
			return err
		}
		if err := lx.skip(); err != nil {
			return err
		}
	}
}

// addSheet notes the sheet whose element was just entered.
func (p *preflight) addSheet(lx *lexer) error {
	name, state := lx.attrText("name"), lx.attrText("state")
	rel, ok := p.byID(p.book.part.name, lx.attrNS(nsRel, "id"))
	if !ok || name == "" {
		return corruptPart(lx.part, "lists a sheet %q that it does not have", name)
	}
	e := p.zip.find(rel.target)
	if e == nil {
		return corruptPart(lx.part, "lists a sheet %q whose part is missing", name)
	}
	for _, s := range p.book.sheets {
		if equalFold(s.Name, name) || s.entry == e {
			return corruptPart(lx.part, "lists the sheet %q twice", name)
		}
	}
	p.book.sheets = append(p.book.sheets, &sheet{entry: e, SheetPart: SheetPart{
		Name:       name,
		Part:       e.name,
		Hidden:     state == "hidden" || state == "veryHidden",
		VeryHidden: state == "veryHidden",
		Worksheet:  path.Base(rel.kind) == "worksheet",
	}})
	return nil
}

func (p *preflight) definedNames(lx *lexer) error {
	for {
		ok, err := lx.child(2)
		if err != nil || !ok {
			return err
		}
		if len(p.book.names) >= p.lim.DefinedNames {
			return caiq.Errorf(caiq.TooLarge, "too_many_names", "the workbook defines more than %d names", p.lim.DefinedNames)
		}
		name := definedName{name: lx.attrText("name"), sheet: -1}
		if local, ok := lx.attr("localSheetId"); ok {
			if name.sheet, ok = parseIndex(local); !ok {
				return corruptPart(lx.part, "defines a name for sheet %q", local)
			}
		}
		ref, err := elementText(lx, nil)
		if err != nil {
			return err
		}
		name.ref = string(ref)
		p.book.names = append(p.book.names, name)
	}
}

// sharedStrings reads the table of shared strings, which small files lack.
func (p *preflight) sharedStrings() error {
	e := p.related(p.book.part.name, "sharedStrings")
	if e == nil {
		return nil
	}
	lx, err := p.open(e)
	if err != nil {
		return err
	}
	lx.most *= 4 // runs of rich text
	if p.strings, err = readStrings(lx); err != nil {
		return err
	}
	p.book.strings = p.strings.texts
	return nil
}

// styles checks the bounds of number formats and cell formats and notes the
// font size of each cell format.
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
			p.book.fonts = s.formatSizes()
			return drain(lx)
		}
		if err := s.section(lx); err != nil {
			return err
		}
	}
}

// styleReader picks from the styles part what bears on safety and row heights.
type styleReader struct {
	lim     Limits
	sizes   []float64 // of the fonts
	formats []int     // font index of each cell format
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
		return caiq.Errorf(caiq.TooLarge, "bad_number_format", "%s has a number format of %d characters", lx.part, len(code)).
			WithHint("remove the cell format and save the workbook again")
	}
	return lx.skip()
}

const defaultFontSize = 11

func (s *styleReader) font(lx *lexer) error {
	size := float64(defaultFontSize)
	err := s.each(lx, func(lx *lexer) error {
		if lx.is(nsMain, "sz") {
			if f, err := strconv.ParseFloat(strings.TrimSpace(lx.attrText("val")), 64); err == nil && f > 0 && f < 500 {
				size = f
			}
		}
		return lx.skip()
	})
	s.sizes = append(s.sizes, size)
	return err
}

func (s *styleReader) cellFormat(lx *lexer) error {
	if len(s.formats) >= s.lim.Styles {
		return caiq.Errorf(caiq.TooLarge, "too_many_styles", "%s has more than %d cell formats", lx.part, s.lim.Styles)
	}
	id, _ := lx.attr("fontId")
	font, ok := parseIndex(id)
	if !ok {
		font = 0
	}
	s.formats = append(s.formats, font)
	return lx.skip()
}

func (s *styleReader) formatSizes() []float64 {
	sizes := make([]float64, len(s.formats))
	for i, font := range s.formats {
		sizes[i] = defaultFontSize
		if font < len(s.sizes) {
			sizes[i] = s.sizes[font]
		}
	}
	return sizes
}
