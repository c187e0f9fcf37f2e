package answer_test

import (
	"strings"
	"testing"

	"caique/internal/answer"
	"caique/internal/caiq"
)

// The fixtures are a small world of their own: a few controls under three
// versions of the CCM, with what SOC 2 shows of each.
//
//	4.1      4.0      3.0.1    SOC 2
//	IAM-13   IAM-14   IAM-12   CC6.1 CC6.2, partial: mfa (question .1; ISO 27001 A.8.5, or a penetration test)
//	IAM-14   IAM-02   –        CC6.1             passwords; IAM-14 is a reused id
//	DCS-01   DCS-01   DCS-09   CC6.4             badges
//	GRC-01   GRC-01   GRM-06   CC5.3, partial: annual-review (question .2; no certificate)
//	DSP-08   DSP-08   –        CC6.1, full gap all the same (ISO 27001 A.8.11)
//	DSP-18   DSP-18   –        P4.2              privacy
//	LOG-05   LOG-05~  –        CC7.2             4.1 asks more: part live-alerts (ISO 27001 A.8.16)
//	TVM-02   –        –        CC7.1, partial without parts
//	DCS-18   DCS-01~  –        nothing known; IPY-01, CCC-01 and CCC-02 of 4.1 likewise
//	IPY-01   IPY-01 and IPY-02 together, CC6.1 each; CCC-02 of 4.0 likewise
//	CCC-01   CCC-01~  –        4.1 asks more, without saying what
//	CCC-02   CCC-02   CCC-05~  no gap, then a partial one
const (
	day  = "2026-11-23"
	self = "acme"
	host = "cloudco"
)

func date(s string) caiq.Date {
	d, err := caiq.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func knowledge(profiles ...*caiq.Profile) *caiq.Knowledge {
	k := &caiq.Knowledge{
		Formats: map[caiq.FormatID]*caiq.Format{
			"caiq-4.1":   format("caiq-4.1", "ccm-4.1", "IAM-13.1", "IAM-14.1", "DCS-01.1", "GRC-01.1", "GRC-01.2", "DSP-08.1", "DSP-18.1", "LOG-05.1", "TVM-02.1", "IPY-01.1", "CCC-01.1", "CCC-02.1"),
			"caiq-4.0":   format("caiq-4.0", "ccm-4.0", "IAM-14.1", "IAM-02.1", "DCS-01.1", "GRC-01.1", "GRC-01.2", "GRC-01.3", "DSP-08.1", "DSP-18.1", "LOG-05.1"),
			"caiq-3.1":   format("caiq-3.1", "ccm-3.0.1", "IAM-12.1", "IAM-12.2", "IAM-12.4", "IAM-12.5", "IAM-12.6", "DCS-09.1", "GRM-06.1"),
			"caiq-3.0.1": format("caiq-3.0.1", "ccm-3.0.1", "IAM-12.2", "IAM-12.3"),
			"caiq-1.1":   {ID: "caiq-1.1", Questions: []caiq.FormatQuestion{{ID: "CO-01.1"}}},
		},
		Frameworks: map[caiq.FrameworkID]*caiq.Framework{"tsc-2017": {ID: "tsc-2017", Criteria: []caiq.Criterion{
			{ID: "CC5.3", Category: caiq.Security},
			{ID: "CC6.1", Category: caiq.Security},
			{ID: "CC6.2", Category: caiq.Security},
			{ID: "CC6.4", Category: caiq.Security},
			{ID: "CC7.1", Category: caiq.Security},
			{ID: "CC7.2", Category: caiq.Security},
			{ID: "P4.2", Category: caiq.Privacy},
		}}},
		Crosswalks: []*caiq.Crosswalk{
			{From: "ccm-4.1", To: "tsc-2017", Entries: toSOC2("IAM-13", "IAM-14", "LOG-05", "TVM-02")},
			{From: "ccm-4.0", To: "tsc-2017", Entries: toSOC2("IAM-14", "IAM-02", "LOG-05", "IPY-01", "IPY-02", "CCC-02")},
			{From: "ccm-4.1", To: "ccm-4.0", Entries: []caiq.CrosswalkEntry{
				same("IAM-13", "IAM-14"), same("IAM-14", "IAM-02"), same("DCS-01", "DCS-01"), same("GRC-01", "GRC-01"),
				same("DSP-08", "DSP-08"), same("DSP-18", "DSP-18"),
				{Control: "LOG-05", To: []string{"LOG-05"}, Gap: caiq.GapPartial, Missing: []caiq.Part{
					{ID: "live-alerts", Text: "alerts while an event goes on", Questions: []string{"LOG-05.1"}, Certified: requiredBy("A.8.16")},
				}},
				{Control: "DCS-18", To: []string{"DCS-01"}, Gap: caiq.GapPartial},
				{Control: "IPY-01", To: []string{"IPY-01", "IPY-02"}, Gap: caiq.GapNone},
				{Control: "CCC-01", To: []string{"CCC-01"}, Gap: caiq.GapPartial},
				{Control: "CCC-02", To: []string{"CCC-02"}, Gap: caiq.GapNone},
			}},
			{From: "ccm-4.0", To: "ccm-3.0.1", Entries: []caiq.CrosswalkEntry{
				{Control: "IAM-14", To: []string{"IAM-12"}, Gap: caiq.GapPartial},
				{Control: "IAM-02", To: []string{"IAM-12"}, Gap: caiq.GapNone},
				{Control: "DCS-01", To: []string{"DCS-09"}, Gap: caiq.GapNone},
				{Control: "GRC-01", To: []string{"GRM-06"}, Gap: caiq.GapNone},
				{Control: "DSP-08", To: []string{"GRM-06"}, Gap: caiq.GapFull},
				{Control: "CCC-02", To: []string{"CCC-05"}, Gap: caiq.GapPartial},
			}},
		},
		Lineages: []*caiq.Lineage{
			{From: "caiq-4.0", To: "caiq-4.1", Reused: []string{"IAM-14.1"}, Entries: []caiq.LineageEntry{
				line("IAM-14.1", caiq.LineageSame, "IAM-13.1"),
				line("IAM-02.1", caiq.LineageReworded, "IAM-14.1"),
				line("DCS-01.1", caiq.LineageSame, "DCS-01.1"),
				line("GRC-01.1", caiq.LineageChanged, "GRC-01.1"),
				line("DSP-08.1", caiq.LineageSplit, "DSP-08.1", "DSP-18.1"),
				line("GRC-01.2", caiq.LineageMerged, "GRC-01.2"),
				line("GRC-01.3", caiq.LineageMerged, "GRC-01.2"),
				line("LOG-05.1", caiq.LineageDropped),
				{To: []string{"TVM-02.1"}, Relation: caiq.LineageNew},
			}},
			{From: "caiq-3.1", To: "caiq-4.0", Partial: true, Entries: []caiq.LineageEntry{
				line("DCS-09.1", caiq.LineageReworded, "DCS-01.1"),
				line("IAM-12.4", caiq.LineageChanged, "IAM-02.1"),
				line("IAM-12.5", caiq.LineageChanged, "IAM-14.1", "DCS-01.1"),
				{From: "IAM-12.6", To: []string{"IAM-14.1", "DSP-08.1"}, Relation: caiq.LineageChanged, Customers: true},
				{From: "IAM-12.2", Relation: caiq.LineageDropped, Note: "sign-in of tenants."},
			}},
			{From: "caiq-3.0.1", To: "caiq-3.1", Partial: true, Entries: []caiq.LineageEntry{
				line("IAM-12.2", caiq.LineageChanged, "IAM-12.2"),
				line("IAM-12.3", caiq.LineageChanged, "IAM-12.1", "IAM-12.2"),
			}},
		},
		Profiles: map[string]*caiq.Profile{},
	}
	for _, p := range profiles {
		k.Profiles[p.ID] = p
	}
	return k
}

func format(id caiq.FormatID, framework caiq.FrameworkID, questions ...string) *caiq.Format {
	f := &caiq.Format{ID: id, Framework: framework}
	for _, q := range questions {
		f.Questions = append(f.Questions, caiq.FormatQuestion{ID: q, Control: caiq.ControlID(q)})
	}
	return f
}

// toSOC2 lists the entries of one version; the first ids are those of the table's
// IAM rows, whose numbers differ, and of controls that only this version has.
func toSOC2(auth, password string, more ...string) []caiq.CrosswalkEntry {
	es := []caiq.CrosswalkEntry{
		{Control: auth, To: []string{"CC6.1", "CC6.2"}, Gap: caiq.GapPartial, Missing: []caiq.Part{
			{ID: "mfa", Text: "multi-factor authentication", Questions: []string{auth + ".1"}, Certified: requiredBy("A.8.5"), Pentest: true},
		}},
		{Control: password, To: []string{"CC6.1"}, Gap: caiq.GapNone},
		{Control: "DCS-01", To: []string{"CC6.4"}, Gap: caiq.GapNone},
		{Control: "GRC-01", To: []string{"CC5.3"}, Gap: caiq.GapPartial, Missing: []caiq.Part{
			{ID: "annual-review", Text: "a review of the policy at least once a year", Questions: []string{"GRC-01.2"}},
		}},
		{Control: "DSP-08", To: []string{"CC6.1"}, Gap: caiq.GapFull, CarriedBy: "an ISO/IEC 27701 certificate", Certified: requiredBy("A.8.11")},
		{Control: "DSP-18", To: []string{"P4.2"}, Gap: caiq.GapNone},
	}
	for _, id := range more {
		switch id {
		case "LOG-05":
			es = append(es, caiq.CrosswalkEntry{Control: id, To: []string{"CC7.2"}, Gap: caiq.GapNone})
		case "IPY-01", "IPY-02", "CCC-02":
			es = append(es, caiq.CrosswalkEntry{Control: id, To: []string{"CC6.1"}, Gap: caiq.GapNone})
		case "TVM-02":
			es = append(es, caiq.CrosswalkEntry{Control: id, To: []string{"CC7.1"}, Gap: caiq.GapPartial})
		}
	}
	return es
}

// requiredBy says that ISO/IEC 27001 requires something, by some clauses.
func requiredBy(clauses ...string) caiq.Certified { return caiq.Certified{caiq.ISO27001: clauses} }

func same(from, to string) caiq.CrosswalkEntry {
	return caiq.CrosswalkEntry{Control: from, To: []string{to}, Gap: caiq.GapNone, Same: true}
}

func line(from string, r caiq.Relation, to ...string) caiq.LineageEntry {
	return caiq.LineageEntry{From: from, To: to, Relation: r}
}

// acme is the party that answers, with a Type II report, a certificate, a policy
// and whatever the options add.
func acme(options ...func(*caiq.Profile)) *caiq.Profile {
	p := &caiq.Profile{
		ID: self, Name: "Acme, Inc.", Short: "Acme", Service: "Acme Desk", Model: "saas", CCM: "4.1",
		PreparedBy: "self", Release: caiq.ReleasePublic,
		Evidence: []caiq.Evidence{soc2("soc2"), iso(), policy("pol")},
	}
	return build(p, options)
}

// cloudco is the provider that acme builds on.
func cloudco(options ...func(*caiq.Profile)) *caiq.Profile {
	p := &caiq.Profile{
		ID: host, Name: "CloudCo Holdings", Short: "CloudCo", CCM: "4.1", PreparedBy: "assessor", Release: caiq.ReleasePublic,
		Evidence: []caiq.Evidence{soc2("soc2"), iso()},
	}
	return build(p, options)
}

func build(p *caiq.Profile, options []func(*caiq.Profile)) *caiq.Profile {
	for _, o := range options {
		o(p)
	}
	return p
}

// control adds an implemented company control; its statement is "<id> does it."
func control(id string, options ...func(*caiq.CompanyControl)) func(*caiq.Profile) {
	c := caiq.CompanyControl{
		ID: id, Title: "Control " + id, Statement: id + " does it.", Owner: "CISO", Status: caiq.Implemented,
		Release: caiq.ReleasePublic, TargetRelease: caiq.ReleaseInternal,
	}
	for _, o := range options {
		o(&c)
	}
	return func(p *caiq.Profile) { p.Controls = append(p.Controls, c) }
}

type option = func(*caiq.CompanyControl)

// at adds addresses, "ref" or "ref: words of its own".
func at(addresses ...string) option {
	return func(c *caiq.CompanyControl) { c.Addresses = append(c.Addresses, parse(addresses)...) }
}

func proved(ids ...string) option {
	return func(c *caiq.CompanyControl) { c.Evidence = append(c.Evidence, ids...) }
}

func criteria(ids ...string) option {
	return func(c *caiq.CompanyControl) { c.Criteria = ids }
}

func documented() option {
	return func(c *caiq.CompanyControl) { c.Document, c.Reviewed = "Handbook", date("2026-02-01") }
}

func status(s caiq.Status) option {
	return func(c *caiq.CompanyControl) {
		c.Status, c.Reason, c.Remedy = s, "The reason for "+c.ID+".", "The remedy for "+c.ID+"."
	}
}

func class(r caiq.Release) option {
	return func(c *caiq.CompanyControl) { c.Release = r }
}

func duty(id string, addresses ...string) caiq.Duty {
	return caiq.Duty{ID: id, Text: "You do " + id + ".", Addresses: parse(addresses), Release: caiq.ReleasePublic}
}

func cuec(d caiq.Duty) func(*caiq.Profile) {
	return func(p *caiq.Profile) { p.CUECs = append(p.CUECs, d) }
}

// uses has the party build on cloudco, reviewed by VEN-01, with one CSOC.
func uses(change func(*caiq.Use), addresses ...string) func(*caiq.Profile) {
	u := caiq.Use{Provider: host, For: "hosting", Method: "carve-out", MonitoredBy: "VEN-01"}
	if len(addresses) > 0 {
		u.CSOCs = []caiq.Duty{{ID: "CSOC-01", Text: "CloudCo guards its sites.", Addresses: parse(addresses), Release: caiq.ReleasePublic}}
	}
	if change != nil {
		change(&u)
	}
	return func(p *caiq.Profile) {
		control("VEN-01", at("ccm-4.1/STA-01"), documented())(p)
		p.Uses = append(p.Uses, u)
	}
}

func excludes(id, on string, addresses ...string) func(*caiq.Profile) {
	return func(p *caiq.Profile) {
		p.Exclusions = append(p.Exclusions, caiq.Exclusion{
			ID: id, Addresses: parse(addresses), Reason: "There is none of it.", ApprovedBy: "CISO", Date: date(on), Release: caiq.ReleasePublic,
		})
	}
}

func answers(a caiq.DirectAnswer) func(*caiq.Profile) {
	if a.Release == "" {
		a.Release = caiq.ReleasePublic
	}
	a.Owner, a.Reviewed = "CISO", date("2026-01-05")
	return func(p *caiq.Profile) { p.Answers = append(p.Answers, a) }
}

func parse(addresses []string) []caiq.Address {
	var out []caiq.Address
	for _, a := range addresses {
		ref, says, _ := strings.Cut(a, ": ")
		out = append(out, caiq.Address{Ref: caiq.Ref(ref), Says: says})
	}
	return out
}

// known is a question as a workbook has it, recognised.
func known(ref string) *caiq.Question {
	r := caiq.Ref(ref)
	return &caiq.Question{Key: r, ID: r.ID(), Sheet: "CAIQ", Cell: "B3", Match: caiq.Match{Kind: caiq.MatchKnown, Question: r, HasText: true}}
}

func engine(t testing.TB, k *caiq.Knowledge, options ...func(*caiq.Options)) *answer.Engine {
	t.Helper()
	opt := caiq.Options{AsOf: date(day), Audience: caiq.ReleaseNDA}
	for _, o := range options {
		o(&opt)
	}
	e, err := answer.New(k, self, opt)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func audience(r caiq.Release) func(*caiq.Options) {
	return func(o *caiq.Options) { o.Audience = r }
}

func asOf(s string) func(*caiq.Options) {
	return func(o *caiq.Options) { o.AsOf = date(s) }
}

// propose answers a known question and holds the proposal against what is true of all.
func propose(t testing.TB, e *answer.Engine, ref string) caiq.Proposal {
	t.Helper()
	p := e.Propose(known(ref))
	checkProposal(t, p)
	return p
}

// checkProposal holds a proposal against the promises that every one keeps.
func checkProposal(t testing.TB, p caiq.Proposal) {
	t.Helper()
	if broken := caiq.CheckColumns(p.Answer); len(broken) > 0 {
		t.Errorf("%s breaks column rules: %v", p.Question, broken)
	}
	for _, text := range []string{p.Description, p.Customer} {
		if err := caiq.CheckText(text); err != nil {
			t.Errorf("%s: %v", p.Question, err)
		}
		if strings.Contains(text, "  ") || strings.Contains(text, "..") || strings.Contains(text, ". .") {
			t.Errorf("%s: untidy text %q", p.Question, text)
		}
	}
	if len(p.Basis) == 0 {
		t.Errorf("%s: no basis", p.Question)
	}
	if p.Value == "" && len(p.Needs) == 0 {
		t.Errorf("%s: blank without saying what would answer it", p.Question)
	}
	if p.Value == caiq.Yes && p.Band == caiq.BandPartial && len(p.Needs) == 0 {
		t.Errorf("%s: partial without saying what would lift it", p.Question)
	}
	if filled := p.Value != "" || p.Ownership != ""; filled != (p.Band.Rank() <= caiq.BandPartial.Rank()) {
		t.Errorf("%s: band %s with answer %+v", p.Question, p.Band, p.Answer)
	}
	for _, s := range p.Basis {
		if s.Text == "" || s.Kind == "" {
			t.Errorf("%s: empty step %+v", p.Question, s)
		}
	}
}

// deciding returns the code of the first Need, or "".
func deciding(p caiq.Proposal) string {
	if len(p.Needs) == 0 {
		return ""
	}
	return p.Needs[0].Code
}

func hasNeed(p caiq.Proposal, code string) bool {
	for _, n := range p.Needs {
		if n.Code == code {
			return true
		}
	}
	return false
}

func hasStep(p caiq.Proposal, kind caiq.StepKind, ref string) bool {
	for _, s := range p.Basis {
		if s.Kind == kind && s.Ref == ref {
			return true
		}
	}
	return false
}
