package answer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

// unread makes evidence one that nobody has read: without dates and results.
func unread(e *caiq.Evidence) {
	e.From, e.To, e.AsOf, e.Issued, e.ReliableUntil = caiq.Date{}, caiq.Date{}, caiq.Date{}, caiq.Date{}, caiq.Date{}
	e.Opinion, e.Confirm, e.Available = "", "get the current one", "from the portal"
}

const unreadSOC2 = "SOC 2 Type II report, available from the portal, deals with "

func TestWhatNobodyHasReadIsAtMostPartial(t *testing.T) {
	t.Parallel()
	const q = "caiq-4.1/IAM-14.1"
	type options = []func(*caiq.Profile)
	report, certificate := with(soc2("soc2", unread)), with(iso(unread))
	confirm := verdict{caiq.Yes, caiq.BandPartial, "evidence_unconfirmed"}
	tests := []struct {
		name     string
		options  options
		question string
		want     verdict
	}{
		{"a report", options{report, control("AC-01", at(q), proved("soc2"), criteria("CC6.1"))}, q, confirm},
		{"a certificate", options{certificate, control("AC-01", at(q), proved("iso"))}, q, confirm},
		{"a report beside a certificate that was read", options{report, control("AC-01", at(q), proved("soc2", "iso"), criteria("CC6.1"))}, q, verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"a report beside a document", options{report, control("AC-01", at(q), proved("soc2", "pol"), criteria("CC6.1"))}, q, confirm},
		{"a report under other criteria", options{report, control("AC-01", at(q), proved("soc2"), criteria("CC6.4"))}, q, verdict{"", caiq.BandWeak, "not_carried"}},
		{"a report on a category that it does not cover", options{report, control("AC-01", at("ccm-4.1/DSP-18"), proved("soc2"), criteria("P4.2"))}, "caiq-4.1/DSP-18.1", verdict{"", caiq.BandWeak, "not_carried"}},
		{"a certificate for the part alone", options{certificate, control("AC-01", at("ccm-4.1/IAM-13"), proved("soc2"), criteria("CC6.1")), control("AC-02", at("ccm-4.1/IAM-13#mfa"), proved("iso"))}, "caiq-4.1/IAM-13.1", confirm},
		{"a direct answer", options{report, answers(caiq.DirectAnswer{Question: q, Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "Yes.", Evidence: []string{"soc2"}})}, q, confirm},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.options...))), tt.question)
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
		})
	}
}

func TestTheBasisSaysWhatIsToBeConfirmed(t *testing.T) {
	t.Parallel()
	e := engine(t, knowledge(acme(with(soc2("soc2", unread)), control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1")))))
	p := propose(t, e, "caiq-4.1/IAM-14.1")
	var got []string
	for _, s := range p.Basis {
		if s.Kind == caiq.StepEvidence {
			got = append(got, s.Ref+" "+s.Text)
		}
	}
	if diff := cmp.Diff([]string{"acme:soc2 SOC 2 Type II report (soc2-type2) is not confirmed: get the current one."}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	lifts := e.Lifts([]caiq.Proposal{p})
	if len(lifts) != 1 || lifts[0].Ref != "acme:soc2" || lifts[0].Text != "SOC 2 Type II report is not confirmed: get the current one." {
		t.Errorf("lifts %+v", lifts)
	}
}

func TestWhatIsSaidOfAReportThatNobodyHasRead(t *testing.T) {
	t.Parallel()
	const (
		q      = "caiq-4.1/IAM-14.1"
		public = "This is what Acme states in public (Access Policy, put together on 3 March 2026)"
	)
	type options = []func(*caiq.Profile)
	report, certificate := with(soc2("soc2", unread)), with(iso(unread))
	tests := []struct {
		name     string
		options  options
		question string
		audience caiq.Release
		want     string // the last paragraph
	}{
		{
			"of our own",
			options{report, control("AC-01", at(q), proved("soc2"), criteria("CC6.1"))},
			q, caiq.ReleaseNDA,
			"Our " + unreadSOC2 + "this subject; it was not read for this answer.",
		},
		{
			"beside our own document",
			options{report, control("AC-01", at(q), proved("soc2", "pol"), criteria("CC6.1"))},
			q, caiq.ReleaseNDA,
			"This is management's statement (Access Policy, owner Head of IT, reviewed 3 March 2026); no audit report is relied on for it. Our " + unreadSOC2 + "this subject; it was not read for this answer.",
		},
		{
			"of an assessed party",
			options{assessed, report, control("AC-01", at(q), proved("soc2"), criteria("CC6.2", "CC6.1"))},
			q, caiq.ReleaseNDA,
			"Acme's " + unreadSOC2 + "the criteria behind this (CC6.1); it was not read for this answer.",
		},
		{
			"beside a public source",
			options{assessed, report, control("AC-01", at(q), proved("soc2", "pol"), criteria("CC6.1"))},
			q, caiq.ReleaseNDA,
			public + ". Acme's " + unreadSOC2 + "the criteria behind this (CC6.1); it was not read for this answer.",
		},
		{
			"to an audience that may not know of it",
			options{assessed, report, control("AC-01", at(q), proved("soc2", "pol"), criteria("CC6.1"))},
			q, caiq.ReleasePublic,
			public + "; no audit report is relied on for it.",
		},
		{
			"of a certificate: its scope",
			options{assessed, certificate, control("AC-01", at(q), proved("iso"))},
			q, caiq.ReleasePublic,
			"Acme's ISO/IEC 27001 certificate, available from the portal, has this scope: all of it; it was not read for this answer.",
		},
		{
			"of a part",
			options{assessed, report, certificate, control("AC-01", at("caiq-4.1/IAM-13.1"), proved("soc2", "iso"), criteria("CC6.1"))},
			"caiq-4.1/IAM-13.1", caiq.ReleaseNDA,
			"Acme's " + unreadSOC2 + "the criteria behind this (CC6.1); it was not read for this answer. " +
				"Not shown by SOC 2 but perhaps shown by Acme's ISO/IEC 27001 certificate (available from the portal; not read for this answer): multi-factor authentication.",
		},
		{
			"of a part that the source named before states",
			options{assessed, report, control("AC-01", at("caiq-4.1/IAM-13.1"), proved("soc2", "pol"), criteria("CC6.1"))},
			"caiq-4.1/IAM-13.1", caiq.ReleaseNDA,
			public + ". Acme's " + unreadSOC2 + "the criteria behind this (CC6.1); it was not read for this answer. " +
				"Not shown by SOC 2 but stated by Acme in the same source: multi-factor authentication.",
		},
		{
			"of a part, to an audience that may not know of the report",
			options{assessed, report, certificate, control("AC-01", at("caiq-4.1/IAM-13.1"), proved("soc2", "iso"), criteria("CC6.1"))},
			"caiq-4.1/IAM-13.1", caiq.ReleasePublic,
			"The following is perhaps shown by Acme's ISO/IEC 27001 certificate (available from the portal; not read for this answer): multi-factor authentication.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.options...)), audience(tt.audience)), tt.question)
			lines := strings.Split(p.Description, "\n")
			if diff := cmp.Diff(tt.want, lines[len(lines)-1]); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			mustLack(t, p.Description, "2025", "tested", "covered by", "within the scope")
		})
	}
}

func TestAProvidersReportThatNobodyHasRead(t *testing.T) {
	t.Parallel()
	const site = "ccm-4.1/DCS-01"
	report, certificate := with(soc2("soc2", unread)), with(iso(unread))
	const enter = " Then enter your copy in uses, as evidence of cloudco."
	tests := []struct {
		name     string
		use      []func(*caiq.Profile)
		provider *caiq.Profile
		question string
		need     caiq.Need // the only one; none where the answer is supported
		says     string
	}{
		{
			"is named without a period",
			[]func(*caiq.Profile){uses(nil, site)},
			cloudco(report, control("DC-01", at(site), proved("soc2"), criteria("CC6.4"))), "caiq-4.1/DCS-01.1",
			caiq.Need{Code: "evidence_unconfirmed", Ref: "cloudco:soc2", Text: "SOC 2 Type II report is not confirmed: get the current one." + enter},
			"CloudCo's " + unreadSOC2 + "this subject. We review CloudCo under control VEN-01.",
		},
		{
			"counts for nothing beside one that was read",
			[]func(*caiq.Profile){uses(nil, site)},
			cloudco(report, control("DC-01", at(site), proved("soc2", "iso"), criteria("CC6.4"))), "caiq-4.1/DCS-01.1",
			caiq.Need{},
			"CloudCo's ISO/IEC 27001 certificate issued by Cert Ltd, valid until 27 March 2028, covers this; we review it under control VEN-01.",
		},
		{
			"may stand behind two of its controls",
			[]func(*caiq.Profile){uses(nil, site)},
			cloudco(report, control("DC-01", at(site), proved("soc2"), criteria("CC6.4")), control("DC-02", at(site), proved("soc2"), criteria("CC6.4"))), "caiq-4.1/DCS-01.1",
			caiq.Need{Code: "evidence_unconfirmed", Ref: "cloudco:soc2", Text: "SOC 2 Type II report is not confirmed: get the current one." + enter},
			unreadSOC2,
		},
		{
			"may be all that shows a part",
			[]func(*caiq.Profile){control("AC-01", at("ccm-4.1/IAM-13"), proved("soc2"), criteria("CC6.1")), uses(nil, "ccm-4.1/IAM-13#mfa")},
			cloudco(certificate, control("ID-01", at("ccm-4.1/IAM-13#mfa"), proved("iso"))), "caiq-4.1/IAM-13.1",
			caiq.Need{Code: "evidence_unconfirmed", Ref: "cloudco:iso", Text: "ISO/IEC 27001 certificate is not confirmed: get the current one." + enter},
			"CloudCo's ISO/IEC 27001 certificate, available from the portal, has this scope: all of it. We review",
		},
		{
			"may be all that shows a part of what another one proves",
			[]func(*caiq.Profile){uses(nil, "ccm-4.1/IAM-13", "ccm-4.1/IAM-13#mfa")},
			cloudco(certificate, control("ID-01", at("caiq-4.1/IAM-13.1"), proved("soc2", "iso"), criteria("CC6.1"))), "caiq-4.1/IAM-13.1",
			caiq.Need{Code: "evidence_unconfirmed", Ref: "cloudco:iso", Text: "ISO/IEC 27001 certificate is not confirmed: get the current one." + enter},
			"CloudCo's SOC 2 Type II report by Audit LLP for 1 October 2025 to 30 September 2026 covers this; we review it under control VEN-01.",
		},
		{
			"may be our own that includes it",
			[]func(*caiq.Profile){report, uses(func(u *caiq.Use) { u.Method = "inclusive" }, site)},
			nil, "caiq-4.1/DCS-01.1",
			caiq.Need{Code: "evidence_unconfirmed", Ref: "acme:soc2", Text: "SOC 2 Type II report is not confirmed: get the current one."},
			"Our " + unreadSOC2 + "this subject.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := knowledge(acme(tt.use...))
			if tt.provider != nil {
				k.Profiles[host] = tt.provider
			}
			p := propose(t, engine(t, k), tt.question)
			band, needs := caiq.BandSupported, []caiq.Need(nil)
			if tt.need.Code != "" {
				band, needs = caiq.BandPartial, []caiq.Need{tt.need}
			}
			if diff := cmp.Diff(needs, p.Needs); diff != "" || p.Value != caiq.Yes || p.Band != band {
				t.Errorf("%s %s, needs -want +got:\n%s", p.Value, p.Band, diff)
			}
			mustContain(t, p.Description, tt.says)
		})
	}
}

func TestAReportThatNobodyHasReadDoesNotHideAnException(t *testing.T) {
	t.Parallel()
	deviation := caiq.Deviation{Control: "AC-01", CriterionMet: true, Text: "A leaver kept access", Response: "Closed", Release: caiq.ReleaseNDA}
	k := knowledge(acme(
		with(soc2("soc2", func(e *caiq.Evidence) { e.Deviations = []caiq.Deviation{deviation} })), with(soc2("next", unread)),
		control("AC-01", at("ccm-4.1/IAM-14"), proved("next", "soc2"), criteria("CC6.1")),
	))
	p := propose(t, engine(t, k), "caiq-4.1/IAM-14.1")
	if p.Band != caiq.BandPartial || deciding(p) != "exception_noted" {
		t.Errorf("got %s, needs %v", p.Band, p.Needs)
	}
	mustContain(t, p.Description, "A leaver kept access", "1 October 2025 to 30 September 2026")
}
