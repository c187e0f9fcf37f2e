package answer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

func assessed(p *caiq.Profile) {
	p.PreparedBy, p.Request = "assessor", "ask it for the report of its auditor"
}

func TestWhatAnAssessorSaysOfEvidence(t *testing.T) {
	t.Parallel()
	type options = []func(*caiq.Profile)
	tests := []struct {
		name     string
		profile  options
		question string
		want     string // the last paragraph
	}{
		{
			"a report covers criteria, and no result of a test is told",
			options{control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.2", "CC6.1"))},
			"caiq-4.1/IAM-14.1",
			"The criteria behind this (CC6.1) are covered by the SOC 2 Type II report for 1 October 2025 to 30 September 2026; the tests and their results are in the report.",
		},
		{
			"a certificate",
			options{control("AC-01", at("ccm-4.1/DSP-08"), proved("iso"))},
			"caiq-4.1/DSP-08.1",
			"This is within the scope of the ISO/IEC 27001 certificate issued by Cert Ltd, valid until 27 March 2028.",
		},
		{
			"a public source",
			options{control("AC-01", at("ccm-4.1/IAM-14"), proved("pol"))},
			"caiq-4.1/IAM-14.1",
			"This is what Acme states in public (Access Policy, put together on 3 March 2026); no audit report is relied on for it.",
		},
		{
			"a report for one control and a public source for another",
			options{
				control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1")),
				control("AC-02", at("ccm-4.1/IAM-14"), documented()),
			},
			"caiq-4.1/IAM-14.1",
			"The criteria behind this (CC6.1) are covered by the SOC 2 Type II report for 1 October 2025 to 30 September 2026; the tests and their results are in the report. The rest is what Acme states in public (Handbook, put together on 1 February 2026); no audit report is relied on for it.",
		},
		{
			"a part that the criteria leave out",
			options{
				control("AC-01", at("ccm-4.1/IAM-13"), proved("soc2"), criteria("CC6.1")),
				control("AC-02", at("ccm-4.1/IAM-13#mfa: Everybody signs in with a key"), documented()),
			},
			"caiq-4.1/IAM-13.1",
			"The criteria behind this (CC6.1) are covered by the SOC 2 Type II report for 1 October 2025 to 30 September 2026; the tests and their results are in the report. Not shown by SOC 2 but stated by Acme in public (Handbook, put together on 1 February 2026): multi-factor authentication.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(append(options{assessed}, tt.profile...)...))), tt.question)
			lines := strings.Split(p.Description, "\n")
			if diff := cmp.Diff(tt.want, lines[len(lines)-1]); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestAnAssessorAsksForWhatIsNotPublic(t *testing.T) {
	t.Parallel()
	const want = "What is summarised of Acme here does not answer this: ask it for the report of its auditor."
	tests := []struct {
		name    string
		options []func(*caiq.Profile)
		asks    bool
	}{
		{"nothing is known", nil, true},
		{"only the customer's part is known", []func(*caiq.Profile){cuec(duty("CUEC-01", "ccm-4.1/IAM-13"))}, true},
		{"a part is missing", []func(*caiq.Profile){control("AC-01", at("ccm-4.1/IAM-13"), proved("soc2"), criteria("CC6.1"))}, true},
		{"the question is answered", []func(*caiq.Profile){control("AC-01", at("caiq-4.1/IAM-13.1"), proved("iso"))}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(append(tt.options, assessed)...))), "caiq-4.1/IAM-13.1")
			asks := len(p.Needs) > 0 && p.Needs[0].Code == "request" && p.Needs[0].Text == want
			if asks != tt.asks {
				t.Errorf("needs %+v", p.Needs)
			}
			own := propose(t, engine(t, knowledge(acme(append(tt.options, func(p *caiq.Profile) { p.Request = "x" })...))), "caiq-4.1/IAM-13.1")
			for _, n := range own.Needs {
				if n.Code == "request" {
					t.Errorf("a party asks itself: %+v", n)
				}
			}
		})
	}
}
