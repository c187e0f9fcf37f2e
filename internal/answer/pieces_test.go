package answer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

// pieced is a question that continues in a question on sign-in, of which SOC 2 does
// not show multi-factor authentication, and in one on badges.
const (
	pieced = "caiq-3.1/IAM-12.5"
	signIn = "caiq-4.0/IAM-14.1"
	badges = "caiq-4.0/DCS-01.1"
)

// halfShown continues in the question on sign-in and in one that SOC 2 does not show.
const (
	halfShown = "caiq-3.1/IAM-12.6"
	location  = "caiq-4.0/DSP-08.1"
)

func TestWhatSeveralQuestionsAnswerTogether(t *testing.T) {
	t.Parallel()
	type options = []func(*caiq.Profile)
	const (
		tested    = "tested by Audit LLP in the SOC 2 Type II report for 1 October 2025 to 30 September 2026; no exceptions noted."
		certified = "within the scope of the ISO/IEC 27001 certificate issued by Cert Ltd, valid until 27 March 2028"
	)
	tests := []struct {
		name     string
		profile  options
		question string
		want     string // the last paragraph
		need     string
	}{
		{
			"the parts of each are told",
			options{control("AC-01", at(signIn), proved("soc2", "iso"), criteria("CC6.1")), control("PHY-01", at(badges), proved("soc2"), criteria("CC6.4"))},
			pieced,
			"Controls AC-01 and PHY-01 were " + tested + " Not shown by SOC 2 but " + certified + ": multi-factor authentication.",
			"question_differs",
		},
		{
			"what speaks to another piece does not show a part",
			options{control("AC-01", at(signIn), proved("soc2"), criteria("CC6.1"), documented()), control("PHY-01", at(badges), proved("soc2", "iso"), criteria("CC6.4"))},
			pieced,
			"Controls AC-01 and PHY-01 were " + tested +
				" Not shown by SOC 2 but stated by management (Handbook, owner CISO, reviewed 1 February 2026) and not audited: multi-factor authentication.",
			"question_differs",
		},
		{
			"a part may be addressed at the control of its question",
			options{
				control("AC-01", at(signIn), proved("soc2"), criteria("CC6.1")), control("PHY-01", at(badges), proved("soc2"), criteria("CC6.4")),
				control("AC-02", at("ccm-4.1/IAM-13#mfa", "ccm-4.0/IAM-14#mfa"), proved("iso")),
			},
			pieced,
			"Controls AC-01 and PHY-01 were " + tested + " Not shown by SOC 2 but " + certified + ": multi-factor authentication.",
			"question_differs",
		},
		{
			"a control that speaks to two pieces stands as it does at the worse",
			options{control("AC-01", at(signIn, location), proved("soc2", "iso"), criteria("CC6.1"))},
			halfShown,
			"Control AC-01 is " + certified + ".",
			"question_differs",
		},
		{
			"a part of a piece for which no report is named needs no sentence",
			options{control("AC-01", at(signIn), proved("iso")), control("DAT-01", at(location), documented())},
			halfShown,
			"Control AC-01 is " + certified + ". What is said of control DAT-01 is management's statement (Handbook, owner CISO, reviewed 1 February 2026); it has not been audited.",
			"question_differs",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.profile...))), tt.question)
			if diff := cmp.Diff(verdict{caiq.Yes, caiq.BandPartial, tt.need}, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
			if diff := cmp.Diff(tt.want, lastParagraph(p)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if !hasStep(p, caiq.StepPart, "ccm-4.0/IAM-14#mfa") {
				t.Errorf("the basis does not tell the part: %v", p.Basis)
			}
		})
	}
}

func TestEachPieceSpeaks(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(
		control("AC-01", at(signIn, badges+": Badges open doors"), proved("iso")),
		control("AC-02", at(signIn), proved("iso")),
		control("AC-03", at(signIn), proved("iso")),
		control("PHY-01", at(badges), documented()),
	))
	p := propose(t, engine(t, k), pieced)
	mustContain(t, p.Description, "AC-01 does it. Badges open doors. AC-02 does it. AC-03 does it.")
	mustLack(t, p.Description, "PHY-01")

	k = knowledge(acme(
		control("AC-01", at(signIn), proved("iso")), control("AC-02", at(signIn), proved("iso")), control("AC-03", at(signIn), proved("iso")),
		control("PHY-01", at(badges), documented()),
	))
	p = propose(t, engine(t, k), pieced)
	mustContain(t, p.Description, "AC-01 does it. AC-02 does it. PHY-01 does it.")
}

func TestAProvidersSideOfPieces(t *testing.T) {
	t.Parallel()
	type options = []func(*caiq.Profile)
	const (
		both   = "We use CloudCo for hosting. CloudCo guards its sites. "
		report = "CloudCo's SOC 2 Type II report by Audit LLP for 1 October 2025 to 30 September 2026"
		review = "we review it under control VEN-01."
	)
	keeps := control("DC-02", at("ccm-4.1/DSP-08"), proved("soc2", "iso"), criteria("CC6.1"))
	ours := control("AC-01", at(signIn, badges, location), proved("iso"))
	tests := []struct {
		name     string
		csocs    []string
		ours     options
		provider *caiq.Profile
		question string
		want     string // the last paragraph
	}{
		{"SOC 2 shows one, a certificate the other", []string{location}, options{ours}, cloudco(keeps), halfShown, both + "CloudCo's ISO/IEC 27001 certificate issued by Cert Ltd, valid until 27 March 2028, covers this; " + review},
		{
			"SOC 2 shows one but for a part, a certificate the rest",
			[]string{signIn, location},
			nil, cloudco(control("ID-01", at(signIn), proved("soc2", "iso"), criteria("CC6.1")), keeps), halfShown,
			both + report + " and ISO/IEC 27001 certificate issued by Cert Ltd, valid until 27 March 2028, together cover this; we review them under control VEN-01.",
		},
		{"it does one piece alone", []string{badges}, options{ours}, provingHost(), pieced, both + report + " covers this; " + review},
		{
			"nothing shows a piece in which we do something too",
			[]string{signIn, badges},
			options{ours},
			provingHost(), pieced,
			both + "We review CloudCo under control VEN-01.",
		},
		{
			"nothing shows the one piece that it has to do with",
			[]string{signIn},
			options{ours},
			provingHost(), pieced,
			"We use CloudCo for hosting. No evidence in force shows its part in this. We review CloudCo under control VEN-01.",
		},
		{
			"a part is its own word",
			[]string{signIn},
			options{ours},
			cloudco(control("ID-01", at(signIn), proved("soc2"), criteria("CC6.1"), documented())), pieced,
			both + report + " covers this; " + review + " Not shown by SOC 2 but stated by CloudCo (Handbook): multi-factor authentication.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			us := acme(append(tt.ours, uses(nil, tt.csocs...))...)
			p := propose(t, engine(t, knowledge(us, tt.provider)), tt.question)
			if p.Value != caiq.Yes || p.Band != caiq.BandPartial {
				t.Fatalf("got %s %s, needs %v", p.Value, p.Band, p.Needs)
			}
			if diff := cmp.Diff(tt.want, lastParagraph(p)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestAPieceThatOnlyAProviderDoesNeedsEvidenceInForce(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(control("AC-01", at(signIn), proved("iso")), uses(nil, badges)), cloudco())
	p := propose(t, engine(t, k), pieced)
	if diff := cmp.Diff(verdict{"", caiq.BandWeak, "provider_unproved"}, verdictOf(p)); diff != "" {
		t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
	}
}

func TestAReportThatIncludesAProviderShowsNoPartThatSOC2LeavesOut(t *testing.T) {
	t.Parallel()
	inclusive := func(u *caiq.Use) { u.Method, u.MonitoredBy = "inclusive", "" }
	p := propose(t, engine(t, knowledge(acme(uses(inclusive, "caiq-4.1/IAM-13.1")), cloudco())), "caiq-4.1/IAM-13.1")
	const want = "Our SOC 2 Type II report by Audit LLP for 1 October 2025 to 30 September 2026 includes this part of CloudCo. Not shown by SOC 2: multi-factor authentication."
	if p.Value != caiq.Yes || p.Band != caiq.BandPartial {
		t.Errorf("got %s %s", p.Value, p.Band)
	}
	mustContain(t, p.Description, want)
}
