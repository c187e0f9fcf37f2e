package workbook

import (
	"path"

	"caique/internal/caiq"
)

// book is a workbook that passed the check.
type book struct {
	zip     *archive
	part    *entry // xl/workbook.xml
	xml     []byte // that part, inflated
	sheets  []*sheet
	texts   *entry   // the part with the shared strings; nil in files that lack it
	strings []string // shared strings, final texts
	names   []definedName
	looks   []cellLook // by cell format
}

// sheet is one sheet with its bytes.
type sheet struct {
	SheetPart
	entry  *entry
	facts  sheetFacts
	xml    []byte  // the part, inflated; nil unless it is a worksheet
	pieces []piece // of xml, in order
}

// preflight checks a workbook part by part. It stops at the first reason to
// refuse the file.
type preflight struct {
	file    *File
	lim     Limits
	zip     *archive
	book    *book
	rels    map[string][]relationship // by the part they belong to; "" for the package
	done    map[*entry]bool           // size and CRC are checked
	strings *stringTable
	tally   tally
	kept    keeper
	parsed  int64 // bytes of the parts read so far, inflated
}

// openBook checks the bytes of a zip file and reads it as a workbook.
func (f *File) openBook() error {
	zip, err := openArchive(f.data, f.limits)
	if err != nil {
		return err
	}
	p := &preflight{file: f, lim: f.limits, zip: zip, done: map[*entry]bool{}, strings: &stringTable{}, kept: keeper{most: f.limits.Kept}}
	p.book = &book{zip: zip}
	for _, step := range []func() error{
		p.contentTypes, p.activeNames, p.relationships, p.workbook, p.styles,
		p.sharedStrings, p.worksheets, p.otherParts,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	f.book = p.book
	return nil
}

// read inflates a part, checking its size and CRC.
func (p *preflight) read(e *entry) ([]byte, error) {
	p.done[e] = true
	if p.parsed += e.size; p.parsed > p.lim.Parsed {
		return nil, tooLarge("too_large_unzipped", "the sheets and texts of the workbook unpack to more than %d MiB", p.lim.Parsed>>20)
	}
	return p.zip.inflate(e)
}

// open returns a lexer at the beginning of a part.
func (p *preflight) open(e *entry) (*lexer, error) {
	src, err := p.read(e)
	if err != nil {
		return nil, err
	}
	return newLexer(e.name, src, p.lim)
}

// root returns a lexer after the root element's start tag, which must be the
// one given.
func (p *preflight) root(e *entry, ns namespace, local string) (*lexer, error) {
	lx, err := p.open(e)
	if err != nil {
		return nil, err
	}
	if _, err := lx.child(0); err != nil {
		return nil, err
	}
	if !lx.is(ns, local) {
		return nil, corruptPart(e.name, "does not begin with element %s", local)
	}
	return lx, nil
}

// otherParts checks what nobody has read yet: the parts beside the workbook
// that readers parse on opening must be well-formed, all must unpack.
func (p *preflight) otherParts() error {
	folder := path.Dir(p.book.part.name)
	for _, e := range p.zip.entries {
		if p.done[e] {
			continue
		}
		if !parsedOnOpening(e.name, folder) {
			if err := p.zip.check(e); err != nil {
				return err
			}
			continue
		}
		lx, err := p.open(e)
		if err != nil {
			return err
		}
		if err := drain(lx); err != nil {
			return err
		}
	}
	return nil
}

// parsedOnOpening tells the calculation chain, theme and their like, which
// spreadsheet programs and libraries parse whether asked or not.
func parsedOnOpening(name, folder string) bool {
	dir := path.Dir(name)
	return equalFold(path.Ext(name), ".xml") && (equalFold(dir, folder) || equalFold(dir, folder+"/theme"))
}

// warn notes something that is let pass and should be known, once, and no more
// than a few of a kind.
func (p *preflight) warn(code, format string, args ...any) {
	const few = 8
	e, same := caiq.Errorf(caiq.Invalid, code, format, args...), 0
	for _, w := range p.file.Warnings {
		if w.Code != code {
			continue
		}
		if same++; w.Message == e.Msg || same == few {
			return
		}
	}
	p.file.Warnings = append(p.file.Warnings, caiq.Problem{File: p.file.Name, Code: code, Message: e.Msg, Warning: true})
}

// notXLSX refuses a zip file that is something else than a workbook.
func notXLSX(what string) error {
	return caiq.Errorf(caiq.Unsupported, "not_xlsx", "the file is %s, not an .xlsx workbook", what).
		WithHint("open it in a spreadsheet program and save it as .xlsx")
}
