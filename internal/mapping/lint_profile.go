package mapping

import (
	"regexp"
	"strings"

	"caique/internal/caiq"
)

// lintProfile checks a resolved profile. name is the file's, without its ending;
// "" when the profile came without a file name.
func lintProfile(at place, c *catalogue, p *caiq.Profile, source ProfileSource, name string) {
	l := newProfileLint(c, p, source)
	l.header(at, name)
	for i := range p.Evidence {
		l.evidence(at.field("evidence").item(i), &p.Evidence[i])
	}
	l.periods(at.field("evidence"))
	for i := range p.Controls {
		l.control(at.field("controls").item(i), &p.Controls[i])
	}
	for i, d := range p.CUECs {
		l.duty(at.field("cuecs").item(i), d, l.ids)
	}
	for i, u := range p.Uses {
		l.use(at.field("uses").item(i), u)
	}
	for i, x := range p.Exclusions {
		l.exclusion(at.field("exclusions").item(i), x)
	}
	for i, d := range p.Answers {
		l.answer(at.field("answers").item(i), d)
	}
	l.facts(at.field("facts"))
	l.contradictions(at)
	l.leaks(at)
	l.datesOf(at)
}

type profileLint struct {
	*catalogue
	profile *caiq.Profile
	source  ProfileSource
	ids     map[string]string // of evidence, controls, duties and exclusions: the basis names them alike
	texts   duplicates
	says    map[string]said
	used    seen // providers
	noCCM   bool // the version of short references is unknown: they can't be checked

	controlByID  map[string]*caiq.CompanyControl
	evidenceByID map[string]*caiq.Evidence
}

func newProfileLint(c *catalogue, p *caiq.Profile, source ProfileSource) *profileLint {
	l := &profileLint{
		catalogue: c, profile: p, source: source,
		ids: make(map[string]string), texts: make(duplicates), says: make(map[string]said), used: make(seen),
		controlByID: make(map[string]*caiq.CompanyControl), evidenceByID: make(map[string]*caiq.Evidence),
	}
	for i := range p.Controls {
		l.controlByID[p.Controls[i].ID] = &p.Controls[i]
	}
	for i := range p.Evidence {
		l.evidenceByID[p.Evidence[i].ID] = &p.Evidence[i]
	}
	return l
}

// said is where an address first says a text.
type said struct {
	path string
	ref  caiq.Ref
}

func (l *profileLint) header(at place, name string) {
	p := l.profile
	lintSchema(at, p.Schema)
	switch {
	case name != "":
		lintFileName(at.field("id"), p.ID, name)
	case !packName.MatchString(p.ID):
		at.field("id").errorf("bad_id", "%q: small letters, digits, - and . make a profile's id", clip(p.ID))
	}
	at.field("name").required(p.Name)
	at.field("short").required(p.Short)
	at.field("service").required(p.Service)
	oneOf(at.field("model"), p.Model, models())
	oneOf(at.field("prepared_by"), p.PreparedBy, []string{"self", "assessor"})
	at.field("request").optional(p.Request)
	at.release(p.Release)
	var versions []string
	for _, name := range l.library.names(frameworksDir) {
		if v, ok := ccmVersion(name); ok {
			versions = append(versions, v)
		}
	}
	before := len(at.report.problems)
	oneOf(at.field("ccm"), p.CCM, versions)
	l.noCCM = len(at.report.problems) > before
}

func (l *profileLint) control(at place, c *caiq.CompanyControl) {
	at.id(c.ID, l.ids)
	at.field("title").required(c.Title)
	at.field("statement").required(c.Statement)
	l.texts.see(at.field("statement"), c.Statement)
	at.field("owner").required(c.Owner)
	at.field("reason").optional(c.Reason)
	at.field("remedy").optional(c.Remedy)
	at.field("document").optional(c.Document)
	at.release(c.Release)
	oneOf(at.field("target_release"), c.TargetRelease, []caiq.Release{caiq.ReleasePublic, caiq.ReleaseNDA, caiq.ReleaseInternal})
	l.status(at, c)
	l.addresses(at, c.Addresses)
	l.controlEvidence(at, c)
	l.criteriaOf(at.field("criteria"), c)
}

func (l *profileLint) status(at place, c *caiq.CompanyControl) {
	oneOf(at.field("status"), c.Status, []caiq.Status{caiq.Implemented, caiq.Planned, caiq.Absent, caiq.Failed})
	switch c.Status {
	case caiq.Implemented:
		if !c.Target.IsZero() || c.Reason != "" {
			at.warnf("status_forgotten", "target and reason belong to controls that are planned, absent or failed; this one is implemented")
		}
		return
	case caiq.Planned:
		if c.Target.IsZero() {
			at.errorf("target_missing", "a planned control has a target date")
		}
	case caiq.Absent, caiq.Failed:
		if strings.TrimSpace(c.Reason) == "" {
			at.errorf("reason_missing", "say the reason why the control is %s", c.Status)
		}
	default:
		return
	}
	if strings.TrimSpace(c.Remedy) == "" {
		at.errorf("remedy_missing", "the answer will be No, so say what is done instead or about it")
	}
}

// addresses checks what something speaks to, and that it speaks to anything.
func (l *profileLint) addresses(at place, as []caiq.Address) {
	at = at.field("addresses")
	if len(as) == 0 {
		at.errorf("addresses_nothing", "it addresses no control and no question, so no answer will use it")
	}
	seen := make(map[caiq.Ref]bool)
	for i, a := range as {
		at := at.item(i)
		l.reference(at, a.Ref)
		if seen[a.Ref] && a.Ref != "" {
			at.errorf("duplicate_address", "%s is addressed twice", a.Ref)
		}
		seen[a.Ref] = true
		at.field("says").optional(a.Says)
		l.saysTwice(at.field("says"), a)
	}
}

func (l *profileLint) reference(at place, ref caiq.Ref) {
	if l.noCCM && ref.Set() != "" && strings.HasSuffix(ref.Set(), "-"+l.profile.CCM) {
		return // told once, at ccm
	}
	l.ref(at, ref)
}

// saysTwice warns of one text for two questions of one format: a customer reads
// both. Questions of different versions never stand in one file.
func (l *profileLint) saysTwice(at place, a caiq.Address) {
	text := caiq.NormalizeText(a.Says)
	if text == "" {
		return
	}
	key := a.Ref.Set() + " " + text
	if first, again := l.says[key]; again {
		at.warnf("duplicate_text", "%s says the same of %s, word for word", first.path, first.ref)
		return
	}
	l.says[key] = said{at.path, a.Ref}
}

func (l *profileLint) duty(at place, d caiq.Duty, family map[string]string) {
	at.id(d.ID, family)
	at.field("text").required(d.Text)
	l.texts.see(at.field("text"), d.Text)
	at.release(d.Release)
	l.addresses(at, d.Addresses)
}

func (l *profileLint) exclusion(at place, x caiq.Exclusion) {
	at.id(x.ID, l.ids)
	at.field("reason").required(x.Reason)
	l.texts.see(at.field("reason"), x.Reason)
	l.delegated(at.field("reason"), x.Reason)
	at.field("approved_by").required(x.ApprovedBy)
	at.field("date").date(x.Date)
	at.release(x.Release)
	l.addresses(at, x.Addresses)
}

// delegated warns of a reason that says that a provider does it: then the answer is Yes.
func (l *profileLint) delegated(at place, reason string) {
	names := []string{`(?:our|the|a|an)(?: \w+)? (?:provider|supplier|vendor|hoster|host|subprocessor|subcontractor|third party)`, "AWS", "Amazon Web Services", "Azure", "Google Cloud"}
	for _, u := range l.profile.Uses {
		if p, err := l.library.provider(l.source, newParty(), u.Provider); err == nil && p.Short != "" && p.Name != "" {
			names = append(names, regexp.QuoteMeta(p.Short), regexp.QuoteMeta(p.Name))
		}
	}
	name := "(?:" + strings.Join(names, "|") + ")"
	does := regexp.MustCompile(`(?i)\b` + name + ` (?:does|do|handles?|performs?|provides?|operates?|runs?|manages?|covers?|maintains?|takes? care|(?:is|are) (?:responsible|in charge))\b` +
		`|\b(?:done|handled|performed|provided|operated|run|managed|covered|maintained|taken care of) by ` + name + `\b` +
		`|\b(?:responsibility|duty|task|job) of ` + name + `\b|\b(?:outsourced|delegated|inherited|left) (?:to|from) ` + name + `\b`)
	if m := does.FindString(reason); m != "" {
		at.warnf("provider_does_it", "%q: what a provider does is not excluded, its answer is Yes; say what is expected of the provider in csocs", m)
	}
}

func (at place) date(d caiq.Date) {
	if d.IsZero() {
		at.errorf("date_missing", "a date of the form 2026-09-30 is needed")
	}
}

func (l *profileLint) answer(at place, d caiq.DirectAnswer) {
	if !d.Question.IsQuestion() {
		at.field("question").errorf("not_a_question", "%q is no question; write IAM-13.1 or caiq-4.1/IAM-13.1", clip(string(d.Question)))
	} else {
		l.reference(at.field("question"), d.Question)
	}
	oneOf(at.field("answer"), d.Answer, []caiq.Value{caiq.Yes, caiq.No, caiq.NA})
	if _, ok := caiq.ReadOwnership(string(d.Ownership)); !ok && d.Ownership != "" {
		at.field("ownership").errorf("bad_value", "%q is no ownership that CAIQ v4 knows", clip(string(d.Ownership)))
	}
	at.field("description").optional(d.Description)
	at.field("customer").optional(d.Customer)
	for _, broken := range caiq.CheckColumns(caiq.Answer{Value: d.Answer, Ownership: d.Ownership, Description: d.Description, Customer: d.Customer}) {
		at.errorf(broken.Code, "%s", broken.Message)
	}
	l.evidenceIDs(at, d.Evidence)
	at.field("owner").required(d.Owner)
	at.field("reviewed").date(d.Reviewed)
	at.release(d.Release)
}

func (l *profileLint) facts(at place) {
	ids := make(map[string]string)
	for i, f := range l.profile.Facts {
		at := at.item(i)
		at.id(f.ID, ids)
		at.field("title").required(f.Title)
		at.field("value").required(f.Value)
		at.release(f.Release)
	}
}

// contradictions finds positions that cannot both hold: a control that is there
// and absent, or there and excluded, for the very same question, part or
// control; and two direct answers to one question.
func (l *profileLint) contradictions(at place) {
	there, direct := make(map[caiq.Ref]string), make(map[caiq.Ref]string)
	l.eachPosition(at, func(_ place, c *caiq.CompanyControl, a caiq.Address) {
		if c.Status == caiq.Implemented {
			there[a.Ref] = c.ID
		}
	})
	l.eachPosition(at, func(at place, c *caiq.CompanyControl, a caiq.Address) {
		if other := there[a.Ref]; c.Status == caiq.Absent && other != "" {
			at.errorf("contradiction", "%s is absent here, while %s says that %s is implemented", c.ID, other, a.Ref)
		}
	})
	for i, x := range l.profile.Exclusions {
		for j, a := range x.Addresses {
			if other := there[a.Ref]; other != "" {
				at.field("exclusions").item(i).field("addresses").item(j).errorf("contradiction", "%s is called not applicable, while %s says that it is implemented", a.Ref, other)
			}
		}
	}
	for i, d := range l.profile.Answers {
		at := at.field("answers").item(i)
		if first, again := direct[d.Question]; again {
			at.field("question").errorf("contradiction", "%s is answered already by %s", d.Question, first)
		}
		direct[d.Question] = at.path
	}
}

func (l *profileLint) eachPosition(at place, visit func(place, *caiq.CompanyControl, caiq.Address)) {
	for i := range l.profile.Controls {
		c := &l.profile.Controls[i]
		for j, a := range c.Addresses {
			visit(at.field("controls").item(i).field("addresses").item(j), c, a)
		}
	}
}
