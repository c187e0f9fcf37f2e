package answer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

func TestTheProvidersSide(t *testing.T) {
	t.Parallel()
	const q = "caiq-4.1/DCS-01.1"
	here := func(u *caiq.Use) { u.Services, u.Regions = []string{"compute", "storage"}, []string{"eu-1"} }
	scoped := func(services, regions []string) func(*caiq.Profile) {
		return with(soc2("soc2", func(e *caiq.Evidence) { e.Services, e.Regions = services, regions }))
	}
	all := func(ps ...func(*caiq.Use)) func(*caiq.Use) {
		return func(u *caiq.Use) {
			for _, p := range ps {
				p(u)
			}
		}
	}
	unmonitored := func(u *caiq.Use) { u.MonitoredBy = "" }
	inclusive := func(u *caiq.Use) { u.Method, u.MonitoredBy = "inclusive", "" }
	site := "ccm-4.1/DCS-01"
	tests := []struct {
		name     string
		use      func(*caiq.Profile)
		provider *caiq.Profile
		want     verdict
	}{
		{"proved and reviewed: as good as its evidence", uses(nil, site), provingHost(), verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"services and region in scope", uses(here, site), provingHost(scoped([]string{"storage", "compute", "queue"}, []string{"eu-1", "us-1"})), verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"a service out of scope", uses(here, site), provingHost(scoped([]string{"compute"}, []string{"eu-1"})), verdict{"", caiq.BandWeak, "provider_unproved"}},
		{"a region out of scope", uses(here, site), provingHost(scoped([]string{"compute", "storage"}, []string{"us-1"})), verdict{"", caiq.BandWeak, "provider_unproved"}},
		{"its report expired", uses(nil, site), provingHost(with(soc2("soc2", func(e *caiq.Evidence) { e.ReliableUntil = date("2026-10-01") }))), verdict{"", caiq.BandWeak, "provider_unproved"}},
		{"its report not issued yet", uses(nil, site), provingHost(with(soc2("soc2", func(e *caiq.Evidence) { e.Issued = date("2026-12-01") }))), verdict{"", caiq.BandWeak, "provider_unproved"}},
		{"its control addresses something else", uses(nil, site), cloudco(control("DC-01", at("ccm-4.1/LOG-05"), proved("soc2"), criteria("CC6.4"))), verdict{"", caiq.BandWeak, "provider_unproved"}},
		{"its profile unknown", uses(nil, site), nil, verdict{"", caiq.BandWeak, "provider_unproved"}},
		{"its own word alone", uses(nil, site), cloudco(control("DC-01", at(site), documented())), verdict{caiq.Yes, caiq.BandPartial, "provider_unproved"}},
		{"a control that it lacks", uses(nil, site), cloudco(control("DC-01", at(site), status(caiq.Absent))), verdict{"", caiq.BandWeak, "provider_negative"}},
		{"its auditor noted an exception", uses(nil, site), provingHost(with(soc2("soc2", func(e *caiq.Evidence) {
			e.Deviations = []caiq.Deviation{{Control: "DC-01", CriterionMet: true, Text: "A door stood open.", Release: caiq.ReleaseNDA}}
		}))), verdict{caiq.Yes, caiq.BandPartial, "exception_noted"}},
		{"its auditor found that the control does not operate", uses(nil, site), cloudco(with(soc2("soc2", func(e *caiq.Evidence) {
			e.Deviations = []caiq.Deviation{{Control: "DC-01", Text: "The doors stood open.", Release: caiq.ReleaseNDA}}
		})), control("DC-01", at(site), proved("soc2", "iso"), criteria("CC6.4"))), verdict{"", caiq.BandWeak, "provider_unproved"}},
		{"only its design was examined", uses(nil, site), provingHost(with(soc2("soc2", typeOne))), verdict{caiq.Yes, caiq.BandPartial, "provider_unproved"}},
		{"nobody reviews it", uses(unmonitored, site), provingHost(), verdict{caiq.Yes, caiq.BandPartial, "monitoring_missing"}},
		{"the review is planned only", func(p *caiq.Profile) {
			uses(func(u *caiq.Use) { u.MonitoredBy = "VEN-02" }, site)(p)
			control("VEN-02", status(caiq.Planned))(p)
		}, provingHost(), verdict{caiq.Yes, caiq.BandPartial, "monitoring_missing"}},
		{"inclusive: our own report covers it", uses(inclusive, site), nil, verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"inclusive, no report of ours in force", func(p *caiq.Profile) {
			uses(inclusive, site)(p)
			with(soc2("soc2", opinion(caiq.Adverse)))(p)
		}, nil, verdict{"", caiq.BandWeak, "provider_unproved"}},
		{"carved out without a CSOC", uses(nil), provingHost(), verdict{"", caiq.BandNone, "csoc_missing"}},
		{"out of scope and not reviewed", uses(all(here, unmonitored), site), provingHost(scoped([]string{"queue"}, nil)), verdict{"", caiq.BandWeak, "provider_unproved"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := knowledge(acme(tt.use))
			if tt.provider != nil {
				k.Profiles[host] = tt.provider
			}
			p := propose(t, engine(t, k), q)
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
			if p.Value == caiq.Yes && p.Ownership != caiq.OwnerThirdParty {
				t.Errorf("owner %q: what a provider does is never NA or ours", p.Ownership)
			}
		})
	}
}

func TestNeverNABecauseAHostDoesIt(t *testing.T) {
	t.Parallel()
	p := propose(t, engine(t, knowledge(acme(uses(nil, "ccm-4.1/DCS-01")), provingHost())), "caiq-4.1/DCS-01.1")
	if p.Value != caiq.Yes || p.Ownership != caiq.OwnerThirdParty {
		t.Errorf("got %+v", p.Answer)
	}
}

func TestWhatAProviderAsksOfItsCustomersIsNotOurCustomersDuty(t *testing.T) {
	t.Parallel()
	theirs := duty("THEIRS", "ccm-4.1/DCS-01", "caiq-4.1/DCS-01.1")
	k := knowledge(acme(uses(nil, "ccm-4.1/DCS-01")), provingHost(cuec(theirs)))
	p := propose(t, engine(t, k), "caiq-4.1/DCS-01.1")
	if p.Customer != "" || p.Ownership != caiq.OwnerThirdParty {
		t.Errorf("got %+v", p.Answer)
	}
	mustLack(t, p.Description, "THEIRS")
}

func TestAProviderWithoutACSOCIsNamedAsAPossibility(t *testing.T) {
	t.Parallel()
	p := propose(t, engine(t, knowledge(acme(uses(nil)), provingHost())), "caiq-4.1/DCS-01.1")
	mustContain(t, p.Needs[0].Text, "CloudCo has controls for ccm-4.1/DCS-01")
	if !hasNeed(p, "no_control") || !p.Blank() {
		t.Errorf("got %+v", p)
	}
}

// A provider's own policies are nobody else's: no CSOC makes them ours.
func TestAProviderIsNamedOnlyForWhatItCanDoForOthers(t *testing.T) {
	t.Parallel()
	does := func(id string) *caiq.Profile { return cloudco(control("C-01", at(id), proved("soc2", "iso"))) }
	typical := func(control, ownership string) *caiq.Framework {
		return &caiq.Framework{Controls: []caiq.Control{{ID: control, Typical: &caiq.TypicalOwnership{IaaS: ownership}}}, ID: "ccm-4.1"}
	}
	for _, c := range []struct {
		name      string
		question  string
		provider  *caiq.Profile
		framework *caiq.Framework
		want      bool
	}{
		{"data centres", "caiq-4.1/DCS-01.1", provingHost(), typical("DCS-01", "CSP-Owned"), true},
		{"what each party has for itself", "caiq-4.1/DCS-01.1", provingHost(), typical("DCS-01", "Shared (Independent)"), false},
		{"the logging that is the provider's", "caiq-4.1/LOG-05.1", does("ccm-4.1/LOG-05"), typical("LOG-05", "CSP-Owned"), true},
		{"logging that both have", "caiq-4.1/LOG-05.1", does("ccm-4.1/LOG-05"), typical("LOG-05", "Shared (Dependent)"), false},
		{"policies, whoever has them", "caiq-4.1/GRC-01.1", does("ccm-4.1/GRC-01"), typical("GRC-01", "CSP-Owned"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := knowledge(acme(uses(nil)), c.provider)
			k.Frameworks["ccm-4.1"] = c.framework
			p := propose(t, engine(t, k), c.question)
			if got := hasNeed(p, "csoc_missing"); got != c.want {
				t.Errorf("csoc_missing is %t, want %t; needs %v", got, c.want, p.Needs)
			}
		})
	}
}

func TestTheWorseOfOursAndTheProvidersDecides(t *testing.T) {
	t.Parallel()
	ours := func(o option) func(*caiq.Profile) { return control("PHY-01", at("caiq-4.1/DCS-01.1"), o) }
	unproved := cloudco(control("DC-01", at("ccm-4.1/DCS-01"), documented()))
	tests := []struct {
		name     string
		ours     func(*caiq.Profile)
		provider *caiq.Profile
		want     caiq.Band
	}{
		{"both certified", ours(proved("iso")), provingHost(), caiq.BandSupported},
		{"ours stated", ours(documented()), provingHost(), caiq.BandPartial},
		{"the provider unproved", ours(proved("iso")), unproved, caiq.BandPartial},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.ours, uses(nil, "ccm-4.1/DCS-01")), tt.provider)), "caiq-4.1/DCS-01.1")
			if p.Value != caiq.Yes || p.Band != tt.want || p.Ownership != caiq.OwnerSharedThird {
				t.Errorf("got %s %s %s", p.Value, p.Band, p.Ownership)
			}
		})
	}
}

func TestAProviderCoversAMissingPartOnlyWhereACSOCSaysSo(t *testing.T) {
	t.Parallel()
	provider := cloudco(control("ID-01", at("ccm-4.1/IAM-13", "ccm-4.1/IAM-13#mfa"), proved("soc2", "iso"), criteria("CC6.1")))
	tests := []struct {
		name string
		csoc []string
		want verdict
	}{
		{"for the control alone", []string{"ccm-4.1/IAM-13"}, verdict{"", caiq.BandWeak, "part_missing"}},
		{"for the part alone", []string{"ccm-4.1/IAM-13#mfa"}, verdict{"", caiq.BandWeak, "part_missing"}},
		{"for both", []string{"ccm-4.1/IAM-13", "ccm-4.1/IAM-13#mfa"}, verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"for the question", []string{"caiq-4.1/IAM-13.1"}, verdict{caiq.Yes, caiq.BandSupported, ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(uses(nil, tt.csoc...)), provider)), "caiq-4.1/IAM-13.1")
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
		})
	}
}

func TestAProvidersWordsForTheQuestionCoverItsParts(t *testing.T) {
	t.Parallel()
	provider := cloudco(control("ID-01", at("caiq-4.1/IAM-13.1"), proved("soc2", "iso"), criteria("CC6.1")))
	p := propose(t, engine(t, knowledge(acme(uses(nil, "caiq-4.1/IAM-13.1")), provider)), "caiq-4.1/IAM-13.1")
	if p.Value != caiq.Yes || p.Band != caiq.BandSupported {
		t.Errorf("got %s %s, needs %v", p.Value, p.Band, p.Needs)
	}
	const both = "CloudCo's SOC 2 Type II report by Audit LLP for 1 October 2025 to 30 September 2026 and " +
		"ISO/IEC 27001 certificate issued by Cert Ltd, valid until 27 March 2028, together cover this; we review them under control VEN-01."
	if !strings.Contains(p.Description, both) {
		t.Errorf("SOC 2 does not show multi-factor authentication alone: %s", p.Description)
	}
}

func TestOurControlAndAProvidersPartTogether(t *testing.T) {
	t.Parallel()
	provider := cloudco(control("ID-01", at("ccm-4.1/IAM-13#mfa"), proved("iso")))
	k := knowledge(acme(control("AC-01", at("ccm-4.1/IAM-13"), proved("soc2"), criteria("CC6.1")), uses(nil, "ccm-4.1/IAM-13#mfa")), provider)
	p := propose(t, engine(t, k), "caiq-4.1/IAM-13.1")
	if p.Value != caiq.Yes || p.Band != caiq.BandSupported || p.Ownership != caiq.OwnerSharedThird {
		t.Errorf("got %s %s %s, needs %v", p.Value, p.Band, p.Ownership, p.Needs)
	}
}

func TestAProviderThatIsNotExpectedToDoThePartDoesNotProveIt(t *testing.T) {
	t.Parallel()
	provider := cloudco(control("ID-01", at("caiq-4.1/IAM-13.1"), proved("soc2", "iso"), criteria("CC6.1")))
	k := knowledge(acme(uses(nil, "ccm-4.1/IAM-13"), control("AC-02", at("ccm-4.1/IAM-13#mfa"), documented())), provider)
	p := propose(t, engine(t, k), "caiq-4.1/IAM-13.1")
	if p.Value != caiq.Yes || p.Band != caiq.BandPartial || deciding(p) != "not_audited" {
		t.Errorf("got %s %s, needs %v", p.Value, p.Band, p.Needs)
	}
}

func TestAProviderNamedForTheQuestionGoesBeforeAControlLevelNegative(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(uses(nil, "caiq-4.1/DCS-01.1"), control("PHY-01", at("ccm-4.1/DCS-01"), status(caiq.Absent))), provingHost())
	p := propose(t, engine(t, k), "caiq-4.1/DCS-01.1")
	if p.Value != caiq.Yes || p.Ownership != caiq.OwnerThirdParty {
		t.Errorf("got %+v", p.Answer)
	}
}

func TestWhatOnlyAProviderDoesNeedsEvidenceInForce(t *testing.T) {
	t.Parallel()
	const q, site = "caiq-4.1/DCS-01.1", "ccm-4.1/DCS-01"
	const (
		uses0 = "We use CloudCo for hosting."
		does  = "CloudCo guards its sites."
	)
	stated := cloudco(control("DC-01", at(site), documented()))
	guards := control("PHY-01", at(q), proved("iso"))
	lacks := control("PHY-01", at(q), status(caiq.Absent))
	tests := []struct {
		name     string
		asOf     string
		ours     func(*caiq.Profile)
		provider *caiq.Profile
		want     verdict
		says     string
		lacks    string
	}{
		{"before its report is issued", "2024-01-01", nil, provingHost(), verdict{"", caiq.BandWeak, "provider_unproved"}, "", does},
		{"with its report in force", day, nil, provingHost(), verdict{caiq.Yes, caiq.BandSupported, ""}, uses0 + " " + does, ""},
		{"after its report", "2035-01-01", nil, provingHost(), verdict{"", caiq.BandWeak, "provider_unproved"}, "", does},
		{"with its own statement", day, nil, stated, verdict{caiq.Yes, caiq.BandPartial, "provider_unproved"}, uses0 + " " + does, ""},
		{"with its own statement of long ago", "2027-08-02", nil, stated, verdict{"", caiq.BandWeak, "provider_unproved"}, "", does},
		{"with a report that nobody has read", day, nil, provingHost(with(soc2("soc2", unread))), verdict{caiq.Yes, caiq.BandPartial, "evidence_unconfirmed"}, uses0 + " " + does, ""},
		{"beside a control of ours, nothing of its own", "2028-01-01", guards, provingHost(), verdict{caiq.Yes, caiq.BandPartial, "evidence_expired"}, uses0, does},
		{"beside a control of ours, with its report", day, guards, provingHost(), verdict{caiq.Yes, caiq.BandSupported, ""}, does, ""},
		{"beside a No, nothing of its own", "2028-01-01", lacks, provingHost(), verdict{caiq.No, caiq.BandPartial, "declared"}, uses0, does},
		{"beside a No, with its report", day, lacks, provingHost(), verdict{caiq.No, caiq.BandPartial, "declared"}, does, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			options := []func(*caiq.Profile){uses(nil, site)}
			if tt.ours != nil {
				options = append(options, tt.ours)
			}
			p := propose(t, engine(t, knowledge(acme(options...), tt.provider), asOf(tt.asOf)), q)
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
			mustContain(t, p.Description, tt.says)
			if tt.lacks != "" {
				mustLack(t, p.Description, tt.lacks)
			}
		})
	}
}

func TestABlankForAProviderSaysWhatToGetAndWhereToLook(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(uses(nil, "ccm-4.1/DCS-01")), provingHost())
	p := propose(t, engine(t, k, asOf("2024-01-01")), "caiq-4.1/DCS-01.1")
	want := []caiq.Need{
		{Code: "provider_unproved", Ref: host, Text: "Only CloudCo does this, and nothing of its own that counts on 1 January 2024 shows it: " +
			"get its report or certificate in force on that day and enter it in uses, as evidence of cloudco."},
		{Code: "evidence_expired", Ref: "cloudco:soc2", Text: "SOC 2 Type II report of CloudCo does not count: it is dated 6 November 2026, after the as-of date."},
	}
	if diff := cmp.Diff(want, p.Needs); diff != "" {
		t.Errorf("needs -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"CSOC-01 (addresses DCS-01)", "cloudco:DC-01 (addresses DCS-01)"}, p.Candidates); diff != "" {
		t.Errorf("candidates -want +got:\n%s", diff)
	}
	if !hasStep(p, caiq.StepProvider, "acme:CSOC-01") || !hasStep(p, caiq.StepProvider, "cloudco:DC-01") {
		t.Errorf("basis %+v", p.Basis)
	}
}
