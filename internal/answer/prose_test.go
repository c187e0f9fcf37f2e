package answer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

func TestDescriptions(t *testing.T) {
	t.Parallel()
	type options = []func(*caiq.Profile)
	const (
		tested    = "Control AC-01 was tested by Audit LLP in the SOC 2 Type II report for 1 October 2025 to 30 September 2026; no exceptions noted."
		certified = "within the scope of the ISO/IEC 27001 certificate issued by Cert Ltd, valid until 27 March 2028"
	)
	tests := []struct {
		name     string
		profile  options
		question string
		want     []string // paragraphs
	}{
		{
			"tested",
			options{control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1"))},
			"caiq-4.1/IAM-14.1",
			[]string{"AC-01 does it.", tested},
		},
		{
			"words for the question go before the statement",
			options{control("AC-01", at("ccm-4.1/IAM-14", "caiq-4.1/IAM-14.1: Passwords have twelve characters"), proved("soc2"), criteria("CC6.1"))},
			"caiq-4.1/IAM-14.1",
			[]string{"Passwords have twelve characters.", tested},
		},
		{
			"two tested controls share a sentence, and none is told twice",
			options{
				control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1")),
				control("AC-02", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1"), func(c *caiq.CompanyControl) {
					c.Statement = "AC-01 does it. AC-02 checks it."
				}),
			},
			"caiq-4.1/IAM-14.1",
			[]string{
				"AC-01 does it. AC-02 checks it.",
				"Controls AC-01 and AC-02 were tested by Audit LLP in the SOC 2 Type II report for 1 October 2025 to 30 September 2026; no exceptions noted.",
			},
		},
		{
			"tested and stated are told apart",
			options{
				control("AC-02", at("ccm-4.1/IAM-14"), documented()),
				control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1")),
			},
			"caiq-4.1/IAM-14.1",
			[]string{
				"AC-01 does it. AC-02 does it.",
				tested + " What is said of control AC-02 is management's statement (Handbook, owner CISO, reviewed 1 February 2026); it has not been audited.",
			},
		},
		{
			"stated by a policy",
			options{control("AC-01", at("ccm-4.1/IAM-14"), proved("pol"))},
			"caiq-4.1/IAM-14.1",
			[]string{"AC-01 does it.", "This is management's statement (Access Policy, owner Head of IT, reviewed 3 March 2026); it has not been audited."},
		},
		{
			"a policy names its own owner, though the control names the document too",
			options{control("AC-01", at("ccm-4.1/IAM-14"), proved("pol"), documented())},
			"caiq-4.1/IAM-14.1",
			[]string{"AC-01 does it.", "This is management's statement (Access Policy, owner Head of IT, reviewed 3 March 2026); it has not been audited."},
		},
		{
			"a missing part by a certificate, beside the test",
			options{control("AC-01", at("caiq-4.1/IAM-13.1"), proved("soc2", "iso"), criteria("CC6.1"))},
			"caiq-4.1/IAM-13.1",
			[]string{"AC-01 does it.", tested + " Not shown by SOC 2 but " + certified + ": multi-factor authentication."},
		},
		{
			"a missing part by another control's statement",
			options{
				control("AC-01", at("ccm-4.1/IAM-13"), proved("soc2"), criteria("CC6.1")),
				control("AC-02", at("ccm-4.1/IAM-13#mfa: Everybody signs in with a key"), documented()),
			},
			"caiq-4.1/IAM-13.1",
			[]string{
				"AC-01 does it. Everybody signs in with a key.",
				tested + " Not shown by SOC 2 but stated by management (Handbook, owner CISO, reviewed 1 February 2026) and not audited: multi-factor authentication.",
			},
		},
		{
			"certified, parts and all, in one sentence",
			options{control("AC-01", at("caiq-4.1/IAM-13.1"), proved("iso"))},
			"caiq-4.1/IAM-13.1",
			[]string{"AC-01 does it.", "Control AC-01 is " + certified + "."},
		},
		{
			"a Type I report",
			options{with(soc2("soc2", typeOne)), control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1"))},
			"caiq-4.1/IAM-14.1",
			[]string{"AC-01 does it.", "The design of control AC-01 was examined by Audit LLP in the SOC 2 Type I report as of 30 September 2026; whether it operates over time was not tested."},
		},
		{
			"a provider alone",
			options{uses(nil, "ccm-4.1/DCS-01")},
			"caiq-4.1/DCS-01.1",
			[]string{"We use CloudCo for hosting. CloudCo guards its sites. CloudCo's SOC 2 Type II report by Audit LLP for 1 October 2025 to 30 September 2026 covers this; we review it under control VEN-01."},
		},
		{
			"a provider beside our own: first what we do and what proves it",
			options{control("PHY-01", at("ccm-4.1/DCS-01"), proved("iso")), uses(nil, "ccm-4.1/DCS-01")},
			"caiq-4.1/DCS-01.1",
			[]string{
				"PHY-01 does it.",
				"Control PHY-01 is " + certified + ".",
				"We use CloudCo for hosting. CloudCo guards its sites. CloudCo's SOC 2 Type II report by Audit LLP for 1 October 2025 to 30 September 2026 covers this; we review it under control VEN-01.",
			},
		},
		{
			"planned, beside what a provider does",
			options{control("PHY-01", at("ccm-4.1/DCS-01"), status(caiq.Planned)), uses(nil, "ccm-4.1/DCS-01")},
			"caiq-4.1/DCS-01.1",
			[]string{"This is not in place yet; it is planned. The reason for PHY-01. The remedy for PHY-01.", "We use CloudCo for hosting. CloudCo guards its sites."},
		},
		{
			"planned, with what is in place today",
			options{
				control("AC-01", at("caiq-4.1/IAM-14.1"), status(caiq.Planned)),
				control("AC-02", at("caiq-4.1/IAM-14.1"), proved("iso")),
			},
			"caiq-4.1/IAM-14.1",
			[]string{"This is not in place yet; it is planned. The reason for AC-01. The remedy for AC-01.", "The following is in place today (control AC-02). AC-02 does it."},
		},
		{
			"planned for the question, with what is in place for the control",
			options{
				control("AC-01", at("caiq-4.1/IAM-14.1"), status(caiq.Planned)),
				control("AC-02", at("ccm-4.1/IAM-14"), proved("iso")),
			},
			"caiq-4.1/IAM-14.1",
			[]string{"This is not in place yet; it is planned. The reason for AC-01. The remedy for AC-01.", "The following is in place today (control AC-02). AC-02 does it."},
		},
		{
			"a report without issuer and title",
			options{
				with(soc2("soc2", func(e *caiq.Evidence) { e.Issuer, e.Title, e.From = "", "", caiq.Date{} })),
				control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1")),
			},
			"caiq-4.1/IAM-14.1",
			[]string{"AC-01 does it.", "Control AC-01 was tested in the soc2-type2 up to 30 September 2026; no exceptions noted."},
		},
		{
			"absent",
			options{control("AC-01", at("ccm-4.1/IAM-14"), status(caiq.Absent))},
			"caiq-4.1/IAM-14.1",
			[]string{"This is not in place. The reason for AC-01. The remedy for AC-01."},
		},
		{
			"failed",
			options{control("AC-01", at("ccm-4.1/IAM-14"), status(caiq.Failed))},
			"caiq-4.1/IAM-14.1",
			[]string{"This does not operate as intended at present. The reason for AC-01. The remedy for AC-01."},
		},
		{
			"not applicable",
			options{excludes("EXC-01", "2026-01-10", "ccm-4.1/IAM-14")},
			"caiq-4.1/IAM-14.1",
			[]string{"There is none of it."},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.profile...), provingHost())), tt.question)
			if diff := cmp.Diff(tt.want, strings.Split(p.Description, "\n")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestAnAssessorSpeaksInTheThirdPerson(t *testing.T) {
	t.Parallel()
	assessed := func(p *caiq.Profile) { p.PreparedBy = "assessor" }
	k := knowledge(acme(assessed, uses(nil, "ccm-4.1/DCS-01"), control("PHY-01", at("caiq-4.1/DCS-01.1"), documented())), provingHost())
	p := propose(t, engine(t, k), "caiq-4.1/DCS-01.1")
	want := []string{
		"PHY-01 does it.",
		"This is what Acme states in public (Handbook, put together on 1 February 2026); no audit report is relied on for it.",
		"Acme uses CloudCo for hosting. CloudCo guards its sites. CloudCo's SOC 2 Type II report by Audit LLP for 1 October 2025 to 30 September 2026 covers this; Acme reviews it under control VEN-01.",
	}
	if diff := cmp.Diff(want, strings.Split(p.Description, "\n")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for word := range strings.FieldsSeq(strings.ToLower(p.Description)) {
		if w := strings.Trim(word, ".,;"); w == "we" || w == "our" || w == "us" {
			t.Errorf("%q in %q", w, p.Description)
		}
	}
}

func TestProvidersReportsAreNotNamedTwice(t *testing.T) {
	t.Parallel()
	titled := with(soc2("soc2", func(e *caiq.Evidence) { e.Title = "CloudCo SOC 2 Type II report" }))
	p := propose(t, engine(t, knowledge(acme(uses(nil, "ccm-4.1/DCS-01")), provingHost(titled))), "caiq-4.1/DCS-01.1")
	mustContain(t, p.Description, " guards its sites. CloudCo's SOC 2 Type II report")
}

func TestAnIssuerIsToldByNameAlone(t *testing.T) {
	t.Parallel()
	report := "CloudCo's SOC 2 Type II report"
	for issuer, want := range map[string]string{
		"Audit LLP":                      report + " by Audit LLP for 1 October",
		"an independent service auditor": report + " for 1 October",
		"":                               report + " for 1 October",
	} {
		issued := with(soc2("soc2", func(e *caiq.Evidence) { e.Issuer = issuer }))
		p := propose(t, engine(t, knowledge(acme(uses(nil, "ccm-4.1/DCS-01")), provingHost(issued))), "caiq-4.1/DCS-01.1")
		mustContain(t, p.Description, want)
	}
}

func TestColumnFJoinsOurOwnDutiesOnce(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(
		control("AC-01", at("ccm-4.1/IAM-14"), proved("iso")),
		cuec(duty("CUEC-01", "ccm-4.1/IAM-14", "caiq-4.1/IAM-14.1: You choose long passwords")),
		cuec(duty("CUEC-02", "ccm-4.1/IAM-14")),
		cuec(duty("CUEC-03", "ccm-4.1/DCS-01")),
	))
	p := propose(t, engine(t, k), "caiq-4.1/IAM-14.1")
	if want := "You choose long passwords. You do CUEC-02."; p.Customer != want {
		t.Errorf("got %q, want %q", p.Customer, want)
	}
}

func TestADutyForAPartConcernsTheQuestionsThatAskIt(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(control("GOV-01", at("ccm-4.1/GRC-01", "ccm-4.1/GRC-01#annual-review"), proved("iso")), cuec(duty("CUEC-01", "ccm-4.1/GRC-01#annual-review"))))
	e := engine(t, k)
	if p := propose(t, e, "caiq-4.1/GRC-01.1"); p.Ownership != caiq.OwnerCSP {
		t.Errorf("question .1: %s", p.Ownership)
	}
	if p := propose(t, e, "caiq-4.1/GRC-01.2"); p.Ownership != caiq.OwnerSharedCSC {
		t.Errorf("question .2: %s", p.Ownership)
	}
}
