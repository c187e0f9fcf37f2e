package workbook

import (
	"path"
	"strings"

	"caique/internal/caiq"
)

// activeContent refuses a workbook that holds something which can run.
func activeContent(what string) error {
	return caiq.Errorf(caiq.Unsupported, "active_content", "the workbook holds %s", what).
		WithHint("save it as .xlsx without macros, controls and embedded objects")
}

// activeType names what runs in a part of the content type, "" if nothing.
func activeType(contentType string) string {
	kind := strings.ToLower(contentType)
	switch {
	case strings.Contains(kind, "vbaproject"), strings.Contains(kind, "macroenabled"), strings.Contains(kind, "attachedtoolbars"):
		return "macros"
	case strings.Contains(kind, "macrosheet"):
		return "a macro sheet"
	case strings.Contains(kind, "activex"):
		return "ActiveX controls"
	case strings.Contains(kind, "oleobject"):
		return "embedded objects"
	default:
		return ""
	}
}

// activeRelationship is the same for the last word of a relationship's type.
func activeRelationship(kind string) string {
	switch strings.ToLower(path.Base(kind)) {
	case "vbaproject", "wordvbadata", "attachedtoolbars":
		return "macros"
	case "xlmacrosheet", "xlintlmacrosheet":
		return "a macro sheet"
	case "control", "activexcontrolbinary":
		return "ActiveX controls"
	case "oleobject", "package":
		return "embedded objects"
	case "extensibility", "usercustomization":
		return "a custom user interface"
	default:
		return ""
	}
}

// activeNames looks for active parts by their usual names, whatever the
// package says of them.
func (p *preflight) activeNames() error {
	for _, e := range p.zip.entries {
		if active := activeName(strings.ToLower(e.name)); active != "" {
			return activeContent(active)
		}
		if strings.HasPrefix(strings.ToLower(e.name), "_xmlsignatures/") {
			p.warn("signed", "the workbook is signed; the signature will not hold once answers are written")
		}
	}
	return nil
}

func activeName(name string) string {
	dir, base := path.Split(name)
	switch {
	case strings.HasPrefix(base, "vbaproject"), strings.HasPrefix(base, "vbadata"), base == "attachedtoolbars.bin":
		return "macros"
	case strings.Contains("/"+dir, "/macrosheets/"), strings.Contains("/"+dir, "/intlmacrosheets/"):
		return "a macro sheet"
	case strings.Contains("/"+dir, "/activex/"):
		return "ActiveX controls"
	case strings.Contains("/"+dir, "/embeddings/"), strings.HasPrefix(base, "oleobject"):
		return "embedded objects"
	case strings.HasPrefix(name, "customui/"), strings.HasPrefix(name, "usercustomization/"):
		return "a custom user interface"
	default:
		return ""
	}
}

// externalLink refuses links that call another program and notes the others.
func (p *preflight) externalLink(e *entry) error {
	lx, err := p.open(e)
	if err != nil {
		return err
	}
	for lx.kind != tokEOF || !lx.rooted {
		if err := lx.next(); err != nil {
			return err
		}
		if lx.kind != tokStart {
			continue
		}
		if local := strings.ToLower(string(lx.local)); local == "ddelink" || local == "olelink" {
			return activeContent("a link to another program (DDE or OLE)")
		}
	}
	p.warn("external_link", "the workbook links to other workbooks; nothing is fetched from them")
	return nil
}
