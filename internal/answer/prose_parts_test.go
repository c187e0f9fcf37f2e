package answer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

// pentest is a penetration test by an outside firm.
func pentest(change ...func(*caiq.Evidence)) func(*caiq.Profile) {
	return with(evidence(caiq.Evidence{
		ID: "pen", Kind: caiq.Pentest, Title: "Penetration test of Acme Desk", Issuer: "Testers BV",
		AsOf: date("2026-06-26"), Issued: date("2026-07-10"), ReliableUntil: date("2027-07-10"), Release: caiq.ReleaseNDA,
	}, change))
}

func TestAPenetrationTestIsNoStatementOfManagement(t *testing.T) {
	t.Parallel()
	type options = []func(*caiq.Profile)
	const (
		q      = "caiq-4.1/IAM-14.1"
		tested = "Control AC-01 was tested by Audit LLP in the SOC 2 Type II report for 1 October 2025 to 30 September 2026; no exceptions noted."
		shown  = "shown by the penetration test of Testers BV of 26 June 2026"
	)
	tests := []struct {
		name     string
		profile  options
		question string
		audience caiq.Release
		want     string // the last paragraph
	}{
		{
			"of all that is said",
			options{pentest(), control("AC-01", at(q), proved("pen"))},
			q, caiq.ReleaseNDA,
			"This is " + shown + "; no audit report is relied on for it.",
		},
		{
			"of one control, beside the audit of another",
			options{pentest(), control("AC-01", at(q), proved("soc2"), criteria("CC6.1")), control("AC-02", at(q), proved("pen"))},
			q, caiq.ReleaseNDA,
			tested + " What is said of control AC-02 is " + shown + "; no audit report is relied on for it.",
		},
		{
			"of a part that the criteria leave out",
			options{pentest(), control("AC-01", at("caiq-4.1/IAM-13.1"), proved("soc2", "pen"), criteria("CC6.1"))},
			"caiq-4.1/IAM-13.1", caiq.ReleaseNDA,
			tested + " Not shown by SOC 2 but " + shown + ": multi-factor authentication.",
		},
		{
			"of an assessed party",
			options{assessed, pentest(), control("AC-01", at(q), proved("pen"))},
			q, caiq.ReleaseNDA,
			"This is " + shown + "; no audit report is relied on for it.",
		},
		{
			"without issuer",
			options{pentest(func(e *caiq.Evidence) { e.Issuer = "" }), control("AC-01", at(q), proved("pen"))},
			q, caiq.ReleaseNDA,
			"This is shown by the penetration test of 26 June 2026; no audit report is relied on for it.",
		},
		{
			"that the audience may not know of",
			options{pentest(), control("AC-01", at(q), proved("pen"))},
			q, caiq.ReleasePublic,
			"This is management's statement; it has not been audited.",
		},
		{
			"that nobody has read shows nothing",
			options{pentest(unread), control("AC-01", at(q), proved("pen"))},
			q, caiq.ReleaseNDA,
			"This is management's statement (Penetration test of Acme Desk, owner CISO); it has not been audited.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.profile...)), audience(tt.audience)), tt.question)
			if diff := cmp.Diff(tt.want, lastParagraph(p)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestAPenetrationTestAuditsNothing(t *testing.T) {
	t.Parallel()
	p := propose(t, engine(t, knowledge(acme(pentest(), control("AC-01", at("ccm-4.1/IAM-14"), proved("pen"))))), "caiq-4.1/IAM-14.1")
	want := caiq.Need{
		Code: "not_audited", Ref: "acme:AC-01",
		Text: "AC-01 rests on the penetration test of Testers BV of 26 June 2026: a Type II report or a certificate that covers it would lift it.",
	}
	if p.Band != caiq.BandPartial || len(p.Needs) != 1 || p.Needs[0] != want {
		t.Errorf("band %s, needs %+v", p.Band, p.Needs)
	}
}

func TestAProvidersPenetrationTestProvesNotItsPart(t *testing.T) {
	t.Parallel()
	const site = "ccm-4.1/DCS-01"
	p := propose(t, engine(t, knowledge(acme(uses(nil, site)), cloudco(pentest(), control("DC-01", at(site), proved("pen"))))), "caiq-4.1/DCS-01.1")
	if want := "We use CloudCo for hosting. CloudCo guards its sites. We review CloudCo under control VEN-01."; p.Description != want {
		t.Errorf("got %q", p.Description)
	}
	if p.Band != caiq.BandPartial || len(p.Needs) == 0 || !strings.HasSuffix(p.Needs[0].Text, "Control DC-01 of CloudCo rests on a penetration test alone.") {
		t.Errorf("band %s, needs %+v", p.Band, p.Needs)
	}
}

func lastParagraph(p caiq.Proposal) string {
	lines := strings.Split(p.Description, "\n")
	return lines[len(lines)-1]
}

func TestSeveralPartsAreListedApart(t *testing.T) {
	t.Parallel()
	const (
		q      = "caiq-4.1/IAM-13.1"
		tested = "Control AC-01 was tested by Audit LLP in the SOC 2 Type II report for 1 October 2025 to 30 September 2026; no exceptions noted."
		scope  = "within the scope of the ISO/IEC 27001 certificate issued by Cert Ltd, valid until 27 March 2028"
		stated = "stated by management (Handbook, owner CISO, reviewed 1 February 2026) and not audited"
		parts  = "multi-factor authentication; keys, cards or codes that nobody shares"
	)
	certified := control("AC-01", at(q), proved("soc2", "iso"), criteria("CC6.1"))
	tests := []struct {
		name     string
		profile  []func(*caiq.Profile)
		audience caiq.Release
		want     string // the last paragraph
	}{
		{"beside the report", []func(*caiq.Profile){certified}, caiq.ReleaseNDA, tested + " Not shown by SOC 2 but " + scope + ": " + parts + "."},
		{
			"without the report",
			[]func(*caiq.Profile){certified, control("AC-02", at(q), documented())},
			caiq.ReleasePublic,
			"What is said of control AC-02 is management's statement (Handbook, owner CISO, reviewed 1 February 2026); it has not been audited. The following is " + scope + ": " + parts + ".",
		},
		{
			"that two controls state in one document",
			[]func(*caiq.Profile){
				control("AC-01", at("ccm-4.1/IAM-13"), proved("soc2"), criteria("CC6.1")),
				control("AC-02", at("ccm-4.1/IAM-13#mfa"), documented()),
				control("AC-03", at("ccm-4.1/IAM-13#keys"), documented()),
			},
			caiq.ReleaseNDA,
			tested + " Not shown by SOC 2 but " + stated + ": " + parts + ".",
		},
		{
			"that different evidence shows",
			[]func(*caiq.Profile){
				control("AC-01", at("ccm-4.1/IAM-13"), proved("soc2"), criteria("CC6.1")),
				control("AC-02", at("ccm-4.1/IAM-13#mfa"), documented()),
				control("AC-03", at("ccm-4.1/IAM-13#keys"), proved("iso")),
			},
			caiq.ReleaseNDA,
			tested + " Not shown by SOC 2 but " + stated + ": multi-factor authentication." +
				" Not shown by SOC 2 but " + scope + ": keys, cards or codes that nobody shares.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := knowledge(acme(tt.profile...))
			for _, c := range k.Crosswalks {
				if e := &c.Entries[0]; c.To == "tsc-2017" {
					e.Missing = append(e.Missing, caiq.Part{ID: "keys", Text: "keys, cards or codes that nobody shares", Questions: []string{e.Control + ".1"}, Certified: requiredBy("A.8.5")})
				}
			}
			p := propose(t, engine(t, k, audience(tt.audience)), q)
			if diff := cmp.Diff(tt.want, lastParagraph(p)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestAnExceptionNamesTheReportThatNotesIt(t *testing.T) {
	t.Parallel()
	type options = []func(*caiq.Profile)
	const (
		q       = "caiq-4.1/IAM-14.1"
		in      = "tested by Audit LLP in the SOC 2 Type II report for 1 October 2025 to 30 September 2026."
		noted   = " noted an exception on control AC-01: A leaver stayed."
		scope   = "within the scope of the ISO/IEC 27001 certificate issued by Cert Ltd, valid until 27 March 2028."
		unnamed = " In the SOC 2 Type II report by Audit LLP for 1 October 2025 to 30 September 2026, the auditor" + noted
	)
	leaver := func(controls ...string) func(*caiq.Profile) {
		return with(soc2("soc2", func(e *caiq.Evidence) {
			for _, c := range controls {
				e.Deviations = append(e.Deviations, caiq.Deviation{Control: c, CriterionMet: true, Text: "A leaver stayed", Release: caiq.ReleaseNDA})
			}
		}))
	}
	tested := control("AC-02", at(q), proved("soc2"), criteria("CC6.1"))
	certified := control("AC-01", at(q), proved("soc2", "iso"), criteria("CC7.2"))
	tests := []struct {
		name    string
		profile options
		want    string // the last paragraph
	}{
		{
			"named just before",
			options{leaver("AC-01"), control("AC-01", at(q), proved("soc2"), criteria("CC6.1"))},
			"Control AC-01 was " + in + " The auditor" + noted,
		},
		{
			"twice in one report",
			options{leaver("AC-01", "AC-02"), control("AC-01", at(q), proved("soc2"), criteria("CC6.1")), tested},
			"Controls AC-01 and AC-02 were " + in + " The auditor" + noted + " The auditor noted an exception on control AC-02: A leaver stayed.",
		},
		{"not named", options{leaver("AC-01"), certified}, "Control AC-01 is " + scope + unnamed},
		{
			"named before a certificate",
			options{leaver("AC-01"), tested, certified},
			"Control AC-02 was tested by Audit LLP in the SOC 2 Type II report for 1 October 2025 to 30 September 2026; no exceptions noted. " +
				"Control AC-01 is " + scope + " In the SOC 2 Type II report, the auditor" + noted,
		},
		{
			"beside management's word alone",
			options{leaver("AC-01"), control("AC-01", at(q), proved("soc2"), criteria("CC7.2"), documented())},
			"This is management's statement (Handbook, owner CISO, reviewed 1 February 2026); no audit report is relied on for it." + unnamed,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.profile...))), q)
			if diff := cmp.Diff(tt.want, lastParagraph(p)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestADirectAnswerSaysWhoseWordItIs(t *testing.T) {
	t.Parallel()
	type options = []func(*caiq.Profile)
	const q = "caiq-4.1/IAM-14.1"
	direct := func(value caiq.Value, evidence ...string) func(*caiq.Profile) {
		return answers(caiq.DirectAnswer{Question: q, Answer: value, Ownership: caiq.OwnerCSP, Description: "So it is.", Evidence: evidence})
	}
	tests := []struct {
		name    string
		profile options
		want    string
	}{
		{"alone", options{direct(caiq.Yes)}, "So it is.\nThis is management's statement (owner CISO, reviewed 5 January 2026); it has not been audited."},
		{"by a document", options{direct(caiq.Yes, "pol")}, "So it is.\nThis is management's statement (Access Policy, owner Head of IT, reviewed 3 March 2026); it has not been audited."},
		{"by a penetration test", options{pentest(), direct(caiq.Yes, "pen")}, "So it is.\nThis is shown by the penetration test of Testers BV of 26 June 2026; no audit report is relied on for it."},
		{
			"by a report that does not count",
			options{with(soc2("soc2", opinion(caiq.Adverse))), direct(caiq.Yes, "soc2")},
			"So it is.\nThis is management's statement (owner CISO, reviewed 5 January 2026); no audit report is relied on for it.",
		},
		{"of an assessed party", options{assessed, direct(caiq.Yes)}, "So it is.\nThis is what Acme states in public (put together on 5 January 2026); no audit report is relied on for it."},
		{"by a certificate", options{direct(caiq.Yes, "iso")}, "So it is."},
		{"a No", options{direct(caiq.No)}, "So it is."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.profile...))), q)
			if diff := cmp.Diff(tt.want, p.Description); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
