package workbook

import (
	"path"
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
			return tooLarge("too_many_sheets", "the workbook has more than %d sheets", p.lim.Sheets)
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
	if err := p.kept.keep(len(name)); err != nil {
		return err
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
	var ref []byte
	for {
		ok, err := lx.child(2)
		if err != nil || !ok {
			return err
		}
		if len(p.book.names) >= p.lim.DefinedNames {
			return tooLarge("too_many_names", "the workbook defines more than %d names", p.lim.DefinedNames)
		}
		name := definedName{name: lx.attrText("name"), sheet: -1}
		if local, ok := lx.attr("localSheetId"); ok {
			if name.sheet, ok = parseIndex(local); !ok {
				return corruptPart(lx.part, "defines a name for sheet %q", local)
			}
		}
		if ref, err = elementText(lx, ref[:0]); err != nil {
			return err
		}
		if err := p.kept.keep(len(name.name) + len(ref)); err != nil {
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
	p.book.texts = e
	if p.strings, err = readStrings(lx, &p.kept); err != nil {
		return err
	}
	p.book.strings = p.strings.texts
	return nil
}
