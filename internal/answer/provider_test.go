package answer_test

import (
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
		{"a service out of scope", uses(here, site), provingHost(scoped([]string{"compute"}, []string{"eu-1"})), verdict{caiq.Yes, caiq.BandPartial, "evidence_out_of_scope"}},
		{"a region out of scope", uses(here, site), provingHost(scoped([]string{"compute", "storage"}, []string{"us-1"})), verdict{caiq.Yes, caiq.BandPartial, "evidence_out_of_scope"}},
		{"its report expired", uses(nil, site), provingHost(with(soc2("soc2", func(e *caiq.Evidence) { e.ReliableUntil = date("2026-10-01") }))), verdict{caiq.Yes, caiq.BandPartial, "evidence_expired"}},
		{"its report not issued yet", uses(nil, site), provingHost(with(soc2("soc2", func(e *caiq.Evidence) { e.Issued = date("2026-12-01") }))), verdict{caiq.Yes, caiq.BandPartial, "evidence_expired"}},
		{"its control addresses something else", uses(nil, site), cloudco(control("DC-01", at("ccm-4.1/LOG-05"), proved("soc2"), criteria("CC6.4"))), verdict{caiq.Yes, caiq.BandPartial, "provider_unproved"}},
		{"its profile unknown", uses(nil, site), nil, verdict{caiq.Yes, caiq.BandPartial, "provider_unproved"}},
		{"its own word alone", uses(nil, site), cloudco(control("DC-01", at(site), documented())), verdict{caiq.Yes, caiq.BandPartial, "provider_unproved"}},
		{"a control that it lacks", uses(nil, site), cloudco(control("DC-01", at(site), status(caiq.Absent))), verdict{"", caiq.BandWeak, "provider_negative"}},
		{"its auditor noted an exception", uses(nil, site), provingHost(with(soc2("soc2", func(e *caiq.Evidence) {
			e.Deviations = []caiq.Deviation{{Control: "DC-01", CriterionMet: true, Text: "A door stood open.", Release: caiq.ReleaseNDA}}
		}))), verdict{caiq.Yes, caiq.BandPartial, "exception_noted"}},
		{"its auditor found that the control does not operate", uses(nil, site), cloudco(with(soc2("soc2", func(e *caiq.Evidence) {
			e.Deviations = []caiq.Deviation{{Control: "DC-01", Text: "The doors stood open.", Release: caiq.ReleaseNDA}}
		})), control("DC-01", at(site), proved("soc2", "iso"), criteria("CC6.4"))), verdict{caiq.Yes, caiq.BandPartial, "provider_unproved"}},
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
		}, nil, verdict{caiq.Yes, caiq.BandPartial, "provider_unproved"}},
		{"carved out without a CSOC", uses(nil), provingHost(), verdict{"", caiq.BandNone, "csoc_missing"}},
		{"out of scope and not reviewed", uses(all(here, unmonitored), site), provingHost(scoped([]string{"queue"}, nil)), verdict{caiq.Yes, caiq.BandPartial, "evidence_out_of_scope"}},
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
