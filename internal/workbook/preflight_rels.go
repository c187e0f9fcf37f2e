package workbook

import (
	"path"
	"strings"
)

// relationship is one line of a .rels part.
type relationship struct {
	id, kind string
	target   string // name of a part; "" when external
}

// relationships reads every .rels part.
func (p *preflight) relationships() error {
	p.rels = map[string][]relationship{}
	for _, e := range p.zip.entries {
		owner, ok := relsOwner(e.name)
		if !ok {
			continue
		}
		rels, err := p.readRels(e, path.Dir(owner))
		if err != nil {
			return err
		}
		p.rels[owner] = rels
	}
	return nil
}

// relsOwner returns the part that a .rels part speaks of: "xl/_rels/workbook.xml.rels"
// belongs to "xl/workbook.xml", "_rels/.rels" to the package, "".
func relsOwner(name string) (string, bool) {
	dir, base := path.Split(name)
	owner, ok := strings.CutSuffix(base, ".rels")
	folder, inside := strings.CutSuffix(dir, "_rels/")
	return folder + owner, ok && inside
}

func (p *preflight) readRels(e *entry, folder string) ([]relationship, error) {
	lx, err := p.root(e, nsPackageRel, "Relationships")
	if err != nil {
		return nil, err
	}
	var rels []relationship
	for {
		ok, err := lx.child(1)
		if err != nil {
			return nil, err
		}
		if !ok {
			return rels, drain(lx)
		}
		if len(rels) >= p.lim.Relationships {
			return nil, tooLarge("too_many_relationships", "%s has more than %d relationships", e.name, p.lim.Relationships)
		}
		r, err := p.relationship(lx, folder)
		if err != nil {
			return nil, err
		}
		if err := p.kept.keep(len(r.id) + len(r.kind) + len(r.target)); err != nil {
			return nil, err
		}
		rels = append(rels, r)
		if err := lx.skip(); err != nil {
			return nil, err
		}
	}
}

// maxTarget is longer than any path to a part of an accepted name.
const maxTarget = 8 * maxEntryName

// relationship reads one relationship, refuses active kinds and notes targets
// outside the file.
func (p *preflight) relationship(lx *lexer, folder string) (relationship, error) {
	r := relationship{id: lx.attrText("Id"), kind: lx.attrText("Type")}
	if active := activeRelationship(r.kind); active != "" {
		return r, activeContent(active)
	}
	raw, _ := lx.attr("Target")
	target := decodeAttr(raw[:min(len(raw), maxTarget)])
	if lx.attrText("TargetMode") == "External" {
		p.warnTarget(r.kind, target)
		return r, nil
	}
	if path.IsAbs(target) {
		r.target = strings.TrimPrefix(path.Clean(target), "/")
	} else {
		r.target = path.Join(folder, target)
	}
	switch path.Base(r.kind) {
	case "connections", "queryTable":
		p.warn("data_connection", "the workbook has data connections; nothing is fetched through them")
	}
	return r, nil
}

func (p *preflight) warnTarget(kind, target string) {
	scheme, _, _ := strings.Cut(strings.ToLower(target), ":")
	switch {
	case path.Base(kind) != "hyperlink":
		p.warn("external_target", "the workbook points to something outside (%s); nothing is fetched", path.Base(kind))
	case scheme != "http" && scheme != "https" && scheme != "mailto":
		p.warn("unusual_link", "the workbook has hyperlinks to files or unusual places")
	}
}

// related returns the part that the owner names by the last word of the type,
// nil when there is none.
func (p *preflight) related(owner, kind string) *entry {
	for _, r := range p.rels[owner] {
		if path.Base(r.kind) == kind && r.target != "" {
			return p.zip.find(r.target)
		}
	}
	return nil
}

// byID returns the owner's relationship of the id.
func (p *preflight) byID(owner, id string) (relationship, bool) {
	for _, r := range p.rels[owner] {
		if r.id == id && id != "" {
			return r, true
		}
	}
	return relationship{}, false
}
