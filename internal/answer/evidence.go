package answer

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// standing is how well evidence stands behind one control for one question.
type standing struct {
	level caiq.Level
	by    *caiq.Evidence // nil where the control's own document or owner stands behind it
	// other is the level without SOC 2: for where it does not count after all.
	other   caiq.Level
	otherBy *caiq.Evidence
	// audited is set when some audit covers the control, even if not for this question.
	audited    bool
	exceptions []exception
	broken     string // why the auditor says that it does not operate
	verdicts   []verdict
	// unread is the report that nobody has read yet, beside what its party says itself.
	unread *caiq.Evidence
}

// exception is a deviation with the report that notes it.
type exception struct {
	*caiq.Deviation
	report *caiq.Evidence
	// remedied is set when management says, by the as-of date, that it was put right.
	remedied bool
}

// verdict is what one piece of evidence shows.
type verdict struct {
	evidence *caiq.Evidence
	level    caiq.Level
	code     string   // "" when it counts
	why      string   // why it does not count
	clauses  []string // of a certificate, by which it shows what SOC 2 does not
}

// judge weighs the evidence of one party for one question.
type judge struct {
	graph *graph
	party *caiq.Profile
	asOf  caiq.Date
	homes []*mapping // of all that is asked; nil where no crosswalk tells
	part  *caiq.Part // asked for, which the criteria do not show; nil for all else that is asked
	scope *caiq.Use  // what we use of a provider; nil for our own evidence
}

// stand returns how well evidence stands behind an implemented control.
func (j judge) stand(c *caiq.CompanyControl) standing {
	var s standing
	for _, id := range c.Evidence {
		e := j.party.EvidenceByID(id)
		if e == nil {
			continue
		}
		v := j.weigh(e, c)
		s.verdicts = append(s.verdicts, v)
		s.audited = s.audited || e.Kind.Level() > caiq.LevelStated
		if v.code != "" {
			continue
		}
		s.take(v, e)
	}
	j.addStatement(&s, c)
	j.addExceptions(&s, c)
	return s
}

// take keeps the better evidence, and of two alike the later.
func (s *standing) take(v verdict, e *caiq.Evidence) {
	if v.level > s.level || v.level == s.level && later(e, s.by) {
		s.level, s.by = v.level, e
	}
	if e.Kind.SOC2() {
		return
	}
	if v.level > s.other || v.level == s.other && later(e, s.otherBy) {
		s.other, s.otherBy = v.level, e
	}
}

// addStatement raises a control that nothing better stands behind to stated: a
// named owner with a reviewed document, or with an audit that covers it.
func (j judge) addStatement(s *standing, c *caiq.CompanyControl) {
	documented := documented(c, j.asOf)
	if c.Owner == "" || !documented && !slices.ContainsFunc(s.verdicts, knows) {
		return
	}
	if s.level < caiq.LevelStated || s.level == caiq.LevelStated && documented && !isDocument(s.by) {
		s.level, s.by = caiq.LevelStated, nil
	}
	if s.other < caiq.LevelStated || s.other == caiq.LevelStated && documented && !isDocument(s.otherBy) {
		s.other, s.otherBy = caiq.LevelStated, nil
	}
}

// isDocument reports whether evidence is a document of the party's own.
func isDocument(e *caiq.Evidence) bool {
	return e != nil && (e.Kind == caiq.Policy || e.Kind == caiq.Statement)
}

// isPentest reports whether evidence is a penetration test that somebody has read:
// neither an audit nor a document of the party's own.
func isPentest(e *caiq.Evidence) bool {
	return e != nil && e.Kind == caiq.Pentest && e.Confirm == ""
}

// knows reports whether an audit in force, whose report or certificate somebody has
// read, covers the control, though it may not show what the question asks.
func knows(v verdict) bool {
	audit := v.evidence.Kind.Level() > caiq.LevelStated && v.evidence.Confirm == ""
	return audit && (v.code == "" || v.code == codeNotCarried)
}

// weigh says what one piece of evidence shows of a control; c is nil for what
// is said without a company control.
func (j judge) weigh(e *caiq.Evidence, c *caiq.CompanyControl) verdict {
	v := verdict{evidence: e, level: e.Kind.Level()}
	switch {
	case e.Kind == caiq.BridgeLetter:
		v.code, v.why = codeNotCarried, "a letter of management bridges a report and shows no control by itself"
	case j.asOf.Before(since(e)):
		v.code, v.why = codeExpired, "it is dated "+since(e).Long()+", after the as-of date"
	case j.expired(e):
		v.code, v.why = codeExpired, "it was relied on until "+j.until(e).Long()
	case j.scope != nil && !inScope(e, j.scope):
		v.code, v.why = codeOutOfScope, "its scope does not name every service and region that is used"
	case e.Kind.SOC2():
		v.code, v.why = j.soc2(e, c)
	case v.level == caiq.LevelCertified:
		v.clauses, v.why = j.certificate(e.Kind)
		if v.why != "" {
			v.code = codeNotCarried
		}
	case isPentest(e) && j.part != nil && !j.part.Pentest:
		v.code, v.why = codeNotCarried, "a penetration test does not show this part"
	case v.level == caiq.LevelStated && ownerOf(e, c) == "":
		v.code, v.why = codeNoEvidence, "nobody is named as its owner"
	}
	if e.Confirm != "" {
		v.level = min(v.level, caiq.LevelReported)
	}
	return v
}

func (j judge) expired(e *caiq.Evidence) bool {
	until := j.until(e)
	return !until.IsZero() && j.asOf.After(until)
}

// soc2 says why a SOC 2 report does not carry the control, or "".
func (j judge) soc2(e *caiq.Evidence, c *caiq.CompanyControl) (code, why string) {
	if e.Opinion == caiq.Adverse || e.Opinion == caiq.Disclaimer {
		return codeOpinion, "its opinion is " + opinionText(e.Opinion)
	}
	if e.Opinion == caiq.Qualified && len(e.NotMet) == 0 {
		return codeOpinion, "its opinion is qualified and the profile does not say on which criteria"
	}
	if j.part != nil {
		return codeNotCarried, "no SOC 2 criterion shows this part"
	}
	if len(j.homes) == 0 {
		return j.carries(nil, e, c)
	}
	for _, home := range j.homes {
		if code, why = j.carries(home, e, c); code != "" {
			return code, why
		}
	}
	return "", ""
}

// carries says why a SOC 2 report does not carry what a crosswalk leads to, or "".
func (j judge) carries(home *mapping, e *caiq.Evidence, c *caiq.CompanyControl) (code, why string) {
	if home == nil {
		return codeNotCarried, "no crosswalk leads from the question's control to the SOC 2 criteria"
	}
	if home.entry.Gap == caiq.GapFull || len(home.entry.To) == 0 {
		return codeNotCarried, "no SOC 2 criterion shows " + home.control.ID()
	}
	for _, id := range home.entry.To {
		if cat := j.graph.category(id); !slices.Contains(e.Categories, cat) {
			return codeNotCarried, "criterion " + id + " belongs to a category that the report does not cover" + categoryText(cat)
		}
		if slices.Contains(e.NotMet, id) {
			return codeNotMet, "its opinion is qualified on " + id
		}
	}
	if c != nil && len(common(c.Criteria, home.entry.To)) == 0 {
		return codeNotCarried, "it tests the control under other criteria than those behind " + home.control.ID()
	}
	return "", ""
}

// addExceptions adds what the auditor of the latest report noted on the control.
// An older report no longer counts once a later one covers the control.
func (j judge) addExceptions(s *standing, c *caiq.CompanyControl) {
	report := j.latestReport(c)
	if report == nil {
		return
	}
	remedied := false
	for i := range report.Deviations {
		d := &report.Deviations[i]
		if d.Control != c.ID {
			continue
		}
		x := exception{d, report, !d.Remediated.IsZero() && !d.Remediated.After(j.asOf)}
		remedied = remedied || x.remedied
		s.exceptions = append(s.exceptions, x)
		if d.CriterionMet {
			continue
		}
		s.dropSOC2()
		if !x.remedied {
			s.broken = "the auditor found that it did not meet its criterion"
		}
	}
	if unmet := j.unmet(report, c); len(unmet) > 0 && !remedied {
		s.broken = "the auditor qualified the opinion on " + strings.Join(unmet, ", ")
	}
}

// unmet returns the criteria of both the control and the question that the
// opinion is qualified on.
func (j judge) unmet(report *caiq.Evidence, c *caiq.CompanyControl) []string {
	var out []string
	for _, home := range j.homes {
		if home != nil {
			out = appendNew(out, common(common(report.NotMet, c.Criteria), home.entry.To)...)
		}
	}
	return out
}

func (s *standing) dropSOC2() {
	if s.by != nil && s.by.Kind.SOC2() {
		s.level, s.by = s.other, s.otherBy
	}
}

func (j judge) latestReport(c *caiq.CompanyControl) *caiq.Evidence {
	var latest *caiq.Evidence
	for _, id := range c.Evidence {
		e := j.party.EvidenceByID(id)
		if e != nil && e.Kind.SOC2() && !j.asOf.Before(since(e)) && later(e, latest) {
			latest = e
		}
	}
	return latest
}

// bridge returns the letter, issued by the as-of date, with which management
// covers the time after a report, or nil.
func (j judge) bridge(report *caiq.Evidence) *caiq.Evidence {
	var latest *caiq.Evidence
	for i := range j.party.Evidence {
		e := &j.party.Evidence[i]
		if e.Kind == caiq.BridgeLetter && e.Bridges == report.ID && !j.asOf.Before(since(e)) && later(e, latest) {
			latest = e
		}
	}
	return latest
}

// until is the last day on which evidence counts. What a bridge letter adds to a
// report counts only once the letter is there.
func (j judge) until(e *caiq.Evidence) caiq.Date {
	until := e.ReliableUntil
	own := ownUntil(e)
	if until.IsZero() {
		return own
	}
	if !e.Kind.SOC2() || !until.After(own) {
		return until
	}
	for i := range j.party.Evidence {
		l := &j.party.Evidence[i]
		if l.Kind == caiq.BridgeLetter && l.Bridges == e.ID && l.To == until && j.asOf.Before(since(l)) {
			return own
		}
	}
	return until
}

// reliableMonths is how long evidence is relied on that does not say itself.
const reliableMonths = 12

func ownUntil(e *caiq.Evidence) caiq.Date {
	if d := end(e); !d.IsZero() {
		return d.AddMonths(reliableMonths)
	}
	return caiq.Date{}
}

// since is the day from which evidence exists: a report is issued after its period.
func since(e *caiq.Evidence) caiq.Date {
	return firstSet(e.Issued, e.To, e.AsOf, e.Reviewed)
}

// end is the last day that evidence speaks of.
func end(e *caiq.Evidence) caiq.Date { return firstSet(e.To, e.AsOf, e.Reviewed, e.Issued) }

func firstSet(ds ...caiq.Date) caiq.Date {
	for _, d := range ds {
		if !d.IsZero() {
			return d
		}
	}
	return caiq.Date{}
}

func later(e, than *caiq.Evidence) bool { return than == nil || end(e).After(end(than)) }

// inScope reports whether evidence covers every service and region of a use.
// Evidence that lists none covers all that the provider offers.
func inScope(e *caiq.Evidence, u *caiq.Use) bool {
	return covers(e.Services, u.Services) && covers(e.Regions, u.Regions)
}

func covers(scope, used []string) bool {
	if len(scope) == 0 {
		return true
	}
	for _, u := range used {
		if !slices.ContainsFunc(scope, func(s string) bool { return strings.EqualFold(s, u) }) {
			return false
		}
	}
	return true
}

func ownerOf(e *caiq.Evidence, c *caiq.CompanyControl) string {
	if c != nil && c.Owner != "" {
		return c.Owner
	}
	return e.Owner
}

// common returns the elements of a that b holds too, in the order of a.
func common(a, b []string) []string {
	var out []string
	for _, x := range a {
		if slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

func opinionText(o caiq.Opinion) string {
	if o == caiq.Disclaimer {
		return "disclaimed"
	}
	return string(o)
}

func categoryText(c caiq.Category) string {
	if c == "" {
		return ""
	}
	return " (" + string(c) + ")"
}
