package answer_test

import (
	"testing"

	"caique/internal/caiq"
)

func hideCUEC(d caiq.Duty, r caiq.Release) func(*caiq.Profile) {
	d.Release = r
	return cuec(d)
}

func TestWhatDecidesMayBeWithheld(t *testing.T) {
	t.Parallel()
	const q = "caiq-4.1/IAM-14.1"
	visible := control("AC-01", at("ccm-4.1/IAM-14"), proved("iso"))
	secret := func(addresses ...string) func(*caiq.Profile) {
		return control("SEC-01", at(addresses...), proved("iso"), class(caiq.ReleaseInternal))
	}
	type options = []func(*caiq.Profile)
	tests := []struct {
		name     string
		profile  options
		audience caiq.Release
		value    caiq.Value
		need     string
		lacks    string
	}{
		{"an internal control, told inside", options{secret(q)}, caiq.ReleaseInternal, caiq.Yes, "", "AC-01"},
		{"an internal control alone", options{secret(q)}, caiq.ReleaseNDA, "", "withheld", "SEC-01"},
		{"beside one that suffices", options{secret(q), visible}, caiq.ReleaseNDA, caiq.Yes, "", "SEC-01"},
		{"an internal negative", options{control("SEC-01", at(q), status(caiq.Absent), class(caiq.ReleaseInternal)), visible}, caiq.ReleaseNDA, "", "withheld", "SEC-01"},
		{"an NDA control before the public", options{control("SEC-01", at(q), proved("iso"), class(caiq.ReleaseNDA))}, caiq.ReleasePublic, "", "withheld", "SEC-01"},
		{"an NDA control under NDA", options{control("SEC-01", at(q), proved("iso"), class(caiq.ReleaseNDA))}, caiq.ReleaseNDA, caiq.Yes, "", ""},
		{"a duty of the customer that it may not read", options{visible, hideCUEC(duty("CUEC-09", q), caiq.ReleaseInternal)}, caiq.ReleaseNDA, "", "withheld", "CUEC-09"},
		{"one of two duties", options{visible, cuec(duty("CUEC-01", q)), hideCUEC(duty("CUEC-09", q), caiq.ReleaseInternal)}, caiq.ReleaseNDA, caiq.Yes, "", "CUEC-09"},
		{"an internal exclusion", options{func(p *caiq.Profile) {
			excludes("SEC-01", "2026-01-01", q)(p)
			p.Exclusions[0].Release = caiq.ReleaseInternal
		}}, caiq.ReleaseNDA, "", "withheld", "none of it"},
		{"an internal direct answer", options{answers(caiq.DirectAnswer{
			Question: q, Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "SEC-01.", Release: caiq.ReleaseInternal,
		})}, caiq.ReleaseNDA, "", "withheld", "SEC-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.profile...)), audience(tt.audience)), q)
			if p.Value != tt.value || deciding(p) != tt.need {
				t.Errorf("got %q, needs %v", p.Value, p.Needs)
			}
			if tt.lacks != "" {
				mustLack(t, p.Description+p.Customer, tt.lacks)
			}
			if tt.audience != caiq.ReleaseInternal && tt.lacks != "" && !hasStepKind(p, caiq.StepRelease) {
				t.Error("the basis does not say that something is withheld")
			}
			if tt.need == "withheld" && !p.Blank() {
				t.Errorf("withheld, yet %+v", p.Answer)
			}
		})
	}
}

func TestEvidenceThatTheAudienceMayNotKnowIsNotHintedAt(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(control("AC-01", at("caiq-4.1/IAM-13.1"), proved("soc2", "iso"), criteria("CC6.1"))))
	tests := []struct {
		audience caiq.Release
		says     []string
		lacks    []string
	}{
		{caiq.ReleasePublic, []string{"AC-01 does it."}, []string{"SOC 2", "Audit LLP", "tested", "audited", "statement"}},
		{caiq.ReleaseNDA, []string{"AC-01 does it.", "was tested by Audit LLP"}, nil},
		{caiq.ReleaseInternal, []string{"AC-01 does it.", "was tested by Audit LLP"}, nil},
	}
	for _, tt := range tests {
		t.Run(string(tt.audience), func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, k, audience(tt.audience)), "caiq-4.1/IAM-13.1")
			if p.Value != caiq.Yes || p.Band != caiq.BandSupported {
				t.Errorf("the answer does not hang on the audience: %s %s", p.Value, p.Band)
			}
			mustContain(t, p.Description, tt.says...)
			mustLack(t, p.Description, tt.lacks...)
			if tt.audience == caiq.ReleasePublic && !hasStep(p, caiq.StepRelease, "acme:soc2") {
				t.Error("the basis does not say that the report is withheld")
			}
		})
	}
}

func TestAProvidersReportUnderNDAIsNotHintedAt(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(uses(nil, "ccm-4.1/DCS-01")), provingHost())
	p := propose(t, engine(t, k, audience(caiq.ReleasePublic)), "caiq-4.1/DCS-01.1")
	mustContain(t, p.Description, "CloudCo guards its sites.")
	mustLack(t, p.Description, "SOC 2", "Audit LLP")
	if !hasStep(p, caiq.StepRelease, "cloudco:soc2") {
		t.Error("the basis does not say that the provider's report is withheld")
	}
}

func TestACertificateForAPartThatIsInternalIsNotTold(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(
		with(iso(func(e *caiq.Evidence) { e.Release = caiq.ReleaseInternal })),
		control("AC-01", at("caiq-4.1/IAM-13.1"), proved("soc2", "iso"), criteria("CC6.1")),
	))
	p := propose(t, engine(t, k), "caiq-4.1/IAM-13.1")
	mustContain(t, p.Description, "was tested")
	mustLack(t, p.Description, "ISO", "multi-factor")
	if p.Band != caiq.BandSupported || !hasStep(p, caiq.StepRelease, "acme:iso") {
		t.Errorf("band %s, basis %+v", p.Band, p.Basis)
	}
}

func TestATargetDateIsToldToItsAudienceAlone(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(control("AC-01", at("ccm-4.1/IAM-14"), status(caiq.Planned), func(c *caiq.CompanyControl) {
		c.Target, c.TargetRelease = date("2027-03-31"), caiq.ReleaseNDA
	})))
	for audienceClass, told := range map[caiq.Release]bool{caiq.ReleasePublic: false, caiq.ReleaseNDA: true, caiq.ReleaseInternal: true} {
		p := propose(t, engine(t, k, audience(audienceClass)), "caiq-4.1/IAM-14.1")
		if told {
			mustContain(t, p.Description, "it is planned for completion by 31 March 2027.")
		} else {
			mustContain(t, p.Description, "it is planned.")
			mustLack(t, p.Description, "2027")
		}
	}
}

func TestTheBandIsNoBetterThanEverythingKnownAllows(t *testing.T) {
	t.Parallel()
	const q = "caiq-4.1/IAM-14.1"
	k := knowledge(acme(
		control("SEC-01", at(q), documented(), class(caiq.ReleaseInternal)),
		control("AC-01", at("ccm-4.1/IAM-14"), proved("iso")),
	))
	p := propose(t, engine(t, k), q)
	if p.Value != caiq.Yes || p.Band != caiq.BandPartial {
		t.Errorf("got %s %s", p.Value, p.Band)
	}
	mustContain(t, p.Description, "AC-01 does it.")
	mustLack(t, p.Description, "SEC-01")
}

func TestAReviewOfAProviderThatIsInternalIsNotTold(t *testing.T) {
	t.Parallel()
	hideReview := func(p *caiq.Profile) { p.ControlByID("VEN-01").Release = caiq.ReleaseInternal }
	p := propose(t, engine(t, knowledge(acme(uses(nil, "ccm-4.1/DCS-01"), hideReview), provingHost())), "caiq-4.1/DCS-01.1")
	if p.Value != caiq.Yes || p.Band != caiq.BandSupported {
		t.Errorf("got %s %s, needs %v", p.Value, p.Band, p.Needs)
	}
	mustLack(t, p.Description, "VEN-01")
}

func TestAPublicExceptionOfAReportUnderNDAIsNotTold(t *testing.T) {
	t.Parallel()
	report := soc2("soc2", func(e *caiq.Evidence) {
		e.Deviations = []caiq.Deviation{{Control: "AC-01", CriterionMet: true, Text: "A leaver stayed.", Release: caiq.ReleasePublic}}
	})
	k := knowledge(acme(with(report), control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1"))))
	p := propose(t, engine(t, k, audience(caiq.ReleasePublic)), "caiq-4.1/IAM-14.1")
	if p.Value != caiq.Yes || p.Description != "AC-01 does it." {
		t.Errorf("got %q", p.Description)
	}
}

func TestABridgeLetterThatIsInternalIsNotTold(t *testing.T) {
	t.Parallel()
	letter := caiq.Evidence{
		ID: "bridge", Kind: caiq.BridgeLetter, Title: "Bridge letter", Bridges: "soc2", Issued: date("2026-11-10"),
		To: date("2026-12-31"), Release: caiq.ReleaseInternal,
	}
	k := knowledge(acme(with(letter), control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1"))))
	p := propose(t, engine(t, k), "caiq-4.1/IAM-14.1")
	mustContain(t, p.Description, "was tested")
	mustLack(t, p.Description, "bridge")
}
