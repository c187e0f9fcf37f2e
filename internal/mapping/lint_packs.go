package mapping

import (
	"regexp"
	"strings"

	"caique/internal/caiq"
)

var textHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

func lintFormat(at place, c *catalogue, f *caiq.Format, name string) {
	lintSchema(at, f.Schema)
	lintFileName(at.field("id"), string(f.ID), name)
	at.field("title").required(f.Title)
	answers := at.field("answers")
	answers.field("yes").required(f.Answers.Yes)
	answers.field("no").required(f.Answers.No)
	answers.field("na").required(f.Answers.NA)
	for i, o := range f.Ownership {
		if _, ok := caiq.ReadOwnership(string(o)); !ok {
			at.field("ownership").item(i).errorf("bad_value", "%q is no ownership that CAIQ v4 knows", clip(string(o)))
		}
	}
	for i, label := range f.Detect.Labels {
		if label == "" || label != strings.ToLower(label) {
			at.field("detect").field("labels").item(i).errorf("bad_label", "labels are written in lower case")
		}
	}
	if len(f.Questions) == 0 {
		at.field("questions").errorf("questions_missing", "a format has questions")
	}
	ids := make(map[string]string)
	for i, q := range f.Questions {
		lintQuestion(at.field("questions").item(i), c, f, q, ids)
	}
}

func lintQuestion(at place, c *catalogue, f *caiq.Format, q caiq.FormatQuestion, ids map[string]string) {
	at.id(q.ID, ids)
	if q.ID != caiq.NormalizeID(q.ID) {
		at.field("id").errorf("bad_id", "%q should be written %q", q.ID, caiq.NormalizeID(q.ID))
	}
	if f.Framework != "" {
		c.member(at.field("control"), f.Framework, q.Control)
	} else {
		at.field("control").required(q.Control)
	}
	hashes := make(seen)
	for i, h := range q.Hashes {
		at := at.field("hashes").item(i)
		switch {
		case !textHash.MatchString(h):
			at.errorf("bad_hash", "a hash is 64 digits 0-9 a-f: the SHA-256 of the normalised text")
		case hashes.again(h):
			at.errorf("duplicate_hash", "the hash stands twice")
		}
	}
}

// member checks that an identifier belongs to a framework.
func (c *catalogue) member(at place, framework caiq.FrameworkID, id string) {
	what := "control"
	if framework == criteria {
		what = "criterion"
	}
	switch c.control(string(framework), id) {
	case noSet:
		at.errorf("unknown_version", "there is no framework %q", clip(string(framework)))
	case unknown:
		at.errorf("unknown_"+what, "%s has no %s %q", framework, what, clip(id))
	case known:
	}
}

func lintFramework(at place, f *caiq.Framework, name string) {
	lintSchema(at, f.Schema)
	lintFileName(at.field("id"), string(f.ID), name)
	at.field("title").required(f.Title)
	at.field("source").required(f.Source)
	domains, ids := make(map[string]string), make(map[string]string)
	for i, d := range f.Domains {
		at := at.field("domains").item(i)
		at.id(d.ID, domains)
		at.field("title").required(d.Title)
	}
	for i, control := range f.Controls {
		at := at.field("controls").item(i)
		at.id(control.ID, ids)
		at.field("title").required(control.Title)
		if domains[control.Domain] == "" {
			at.field("domain").errorf("unknown_domain", "%q is not among the domains", clip(control.Domain))
		}
		lintTypical(at.field("typical"), control.Typical)
	}
	for i, criterion := range f.Criteria {
		at := at.field("criteria").item(i)
		at.id(criterion.ID, ids)
		at.field("title").required(criterion.Title)
		oneOf(at.field("category"), criterion.Category, categories())
	}
	if len(ids) == 0 {
		at.errorf("controls_missing", "a framework has controls or criteria")
	}
}

func lintTypical(at place, t *caiq.TypicalOwnership) {
	if t == nil {
		return
	}
	ownership := []string{"CSP-Owned", "CSC-Owned", "Shared", "Shared (Independent)", "Shared (Dependent)"}
	oneOf(at.field("iaas"), t.IaaS, ownership)
	oneOf(at.field("paas"), t.PaaS, ownership)
	oneOf(at.field("saas"), t.SaaS, ownership)
}

func categories() []caiq.Category {
	return []caiq.Category{caiq.Security, caiq.Availability, caiq.ProcessingIntegrity, caiq.Confidentiality, caiq.Privacy}
}
