package workbook

import (
	"bytes"
	"net/url"
	"path"
	"strings"
)

// typesName is the part that says what the parts of a package are.
const typesName = "[Content_Types].xml"

// partTypes is what a package says its parts are: by name, or else by extension.
// Either may be said more than once; readers differ in which they believe.
type partTypes struct{ named, extension map[string][]string }

// of returns the content types of a part, lower case.
func (t *partTypes) of(name string) []string {
	name = partKey(name)
	if kinds := t.named[name]; kinds != nil {
		return kinds
	}
	return t.extension[strings.TrimPrefix(path.Ext(name), ".")]
}

// partKey is a part's name in the form in which names are compared.
func partKey(name string) string {
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain
	}
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+name), "/"))
}

// contentTypes reads what the package says its parts are and refuses parts that
// can run. Types that no part has are nobody's business: some programs declare
// one for macros in every workbook.
func (p *preflight) contentTypes() error {
	e := p.zip.find(typesName)
	if e == nil {
		return p.notOOXML()
	}
	types, err := p.readTypes(e)
	if err != nil {
		return err
	}
	kinds := map[string]bool{}
	for _, e := range p.zip.entries {
		for _, kind := range types.of(e.name) {
			if active := activeType(kind); active != "" {
				return activeContent(active)
			}
			kinds[kind] = true
		}
	}
	return knownWorkbook(kinds)
}

func (p *preflight) readTypes(e *entry) (*partTypes, error) {
	lx, err := p.root(e, nsTypes, "Types")
	if err != nil {
		return nil, err
	}
	t := &partTypes{named: map[string][]string{}, extension: map[string][]string{}}
	for {
		ok, err := lx.child(1)
		if err != nil {
			return nil, err
		}
		if !ok {
			return t, drain(lx)
		}
		if err := t.add(lx, &p.kept); err != nil {
			return nil, err
		}
		if err := lx.skip(); err != nil {
			return nil, err
		}
	}
}

// add notes the element just entered.
func (t *partTypes) add(lx *lexer, kept *keeper) error {
	kind := strings.ToLower(lx.attrText("ContentType"))
	name, kinds := strings.ToLower(lx.attrText("Extension")), t.extension
	if lx.is(nsTypes, "Override") {
		name, kinds = partKey(lx.attrText("PartName")), t.named
	}
	kinds[name] = append(kinds[name], kind)
	return kept.keep(len(name) + len(kind))
}

// notOOXML says what a zip file without content types is, where that shows.
func (p *preflight) notOOXML() error {
	e := p.zip.find("mimetype")
	if e == nil {
		return notXLSX("a zip archive")
	}
	content, err := p.read(e)
	if err != nil {
		return err
	}
	if bytes.Contains(content, []byte("opendocument.spreadsheet")) {
		return notXLSX("an OpenDocument spreadsheet (.ods)")
	}
	return notXLSX("a document of another kind")
}

// knownWorkbook wants a workbook or template among the content types.
func knownWorkbook(kinds map[string]bool) error {
	const sheetML, office = "application/vnd.openxmlformats-officedocument.spreadsheetml.", "application/vnd.openxmlformats-officedocument."
	if kinds[sheetML+"sheet.main+xml"] || kinds[sheetML+"template.main+xml"] {
		return nil
	}
	for kind := range kinds {
		if strings.HasPrefix(kind, office+"wordprocessingml.") || strings.HasPrefix(kind, office+"presentationml.") {
			return notXLSX("a document or presentation")
		}
	}
	return notXLSX("a package of another kind")
}
