package answer_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

// requires has the entries of a control, in every version that has it, say what
// certificates show of its parts and of itself.
func requires(k *caiq.Knowledge, control string, change func(*caiq.CrosswalkEntry)) *caiq.Knowledge {
	for _, c := range k.Crosswalks {
		for n := range c.Entries {
			if e := &c.Entries[n]; e.Control == control && c.To == "tsc-2017" {
				e.Missing = slices.Clone(e.Missing)
				change(e)
			}
		}
	}
	return k
}

// continuity is a certificate of another standard than iso.
func continuity(change ...func(*caiq.Evidence)) func(*caiq.Profile) {
	return with(iso(append([]func(*caiq.Evidence){func(e *caiq.Evidence) {
		e.ID, e.Kind, e.Title = "bcm", caiq.ISO22301, "ISO 22301 certificate"
	}}, change...)...))
}

func TestACertificateShowsWhatItsStandardRequires(t *testing.T) {
	t.Parallel()
	type options = []func(*caiq.Profile)
	const (
		signIn, review = "caiq-4.1/IAM-13.1", "caiq-4.1/GRC-01.2"
		password, full = "caiq-4.1/IAM-14.1", "caiq-4.1/DSP-08.1"
	)
	nothing := func(e *caiq.CrosswalkEntry) { e.Certified = nil }
	ownPart := func(e *caiq.CrosswalkEntry) {
		e.Missing = append(e.Missing, caiq.Part{ID: "annual-review", Text: "a review at least once a year", Questions: []string{e.Control + ".1"}})
	}
	tests := []struct {
		name     string
		profile  options
		control  string
		change   func(*caiq.CrosswalkEntry)
		question string
		want     verdict
	}{
		{
			"a part that it requires",
			options{control("AC-01", at(signIn), proved("soc2", "iso"), criteria("CC6.1"))},
			"", nil, signIn,
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"not a part that another standard requires",
			options{continuity(), control("AC-01", at(signIn), proved("soc2", "bcm"), criteria("CC6.1"))},
			"", nil, signIn,
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"not a part that no standard requires",
			options{control("GOV-01", at(review), proved("soc2", "iso"), criteria("CC5.3"))},
			"", nil, review,
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"nor where the part is addressed alone",
			options{control("GOV-01", at("ccm-4.1/GRC-01"), proved("soc2"), criteria("CC5.3")), control("GOV-02", at("ccm-4.1/GRC-01#annual-review"), proved("iso"))},
			"", nil, review,
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"of what criteria show, as much as they",
			options{control("GOV-01", at("caiq-4.1/GRC-01.1"), proved("iso"))},
			"", nil, "caiq-4.1/GRC-01.1",
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"a control that nothing else shows",
			options{control("DAT-01", at("ccm-4.1/DSP-08"), proved("iso"))},
			"", nil, full,
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"not one that another standard requires",
			options{continuity(), control("DAT-01", at("ccm-4.1/DSP-08"), proved("bcm"))},
			"", nil, full,
			verdict{caiq.Yes, caiq.BandPartial, "not_carried"},
		},
		{
			"not one that no standard requires",
			options{control("DAT-01", at("ccm-4.1/DSP-08"), proved("iso"))},
			"DSP-08", nothing, full,
			verdict{caiq.Yes, caiq.BandPartial, "not_carried"},
		},
		{
			"a part of it neither",
			options{control("DAT-01", at(full), proved("iso"))},
			"DSP-08", ownPart, full,
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"nor a part that the source of the crosswalk overlooks",
			options{control("AC-01", at(password), proved("soc2", "iso"), criteria("CC6.1"))},
			"IAM-14", ownPart, password,
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"which has to be addressed",
			options{control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2", "iso"), criteria("CC6.1"))},
			"IAM-14", ownPart, password,
			verdict{"", caiq.BandWeak, "part_missing"},
		},
		{
			"nothing of a question that no crosswalk leads from",
			options{control("AC-01", at("caiq-3.1/IAM-12.1"), proved("soc2", "iso"), criteria("CC6.1"))},
			"", nil, "caiq-3.1/IAM-12.1",
			verdict{caiq.Yes, caiq.BandPartial, "no_crosswalk"},
		},
		{
			"nor of one that says so outright",
			options{answers(caiq.DirectAnswer{Question: "caiq-3.1/IAM-12.1", Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Evidence: []string{"iso"}})},
			"", nil, "caiq-3.1/IAM-12.1",
			verdict{caiq.Yes, caiq.BandPartial, "no_crosswalk"},
		},
		{
			"all of what is answered outright",
			options{answers(caiq.DirectAnswer{Question: signIn, Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Evidence: []string{"iso"}})},
			"", nil, signIn,
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"not where a part of that is left out",
			options{answers(caiq.DirectAnswer{Question: review, Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Evidence: []string{"iso"}})},
			"", nil, review,
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"nothing that it leaves out, unread",
			options{assessed, with(iso(unread)), control("GOV-01", at(review), proved("iso"))},
			"", nil, review,
			verdict{caiq.Yes, caiq.BandPartial, "evidence_unconfirmed"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := knowledge(acme(tt.profile...))
			if tt.change != nil {
				requires(k, tt.control, tt.change)
			}
			p := propose(t, engine(t, k), tt.question)
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
		})
	}
}

// A provider's certificate is under the same rule.
func TestAProvidersCertificateShowsWhatItsStandardRequires(t *testing.T) {
	t.Parallel()
	const (
		signIn, review, full = "caiq-4.1/IAM-13.1", "caiq-4.1/GRC-01.2", "caiq-4.1/DSP-08.1"
		together             = "CloudCo's SOC 2 Type II report by Audit LLP for 1 October 2025 to 30 September 2026 and ISO/IEC 27001 certificate issued by Cert Ltd, valid until 27 March 2028, together cover this"
		alone                = "CloudCo's SOC 2 Type II report by Audit LLP for 1 October 2025 to 30 September 2026 covers this"
		iso27001             = "CloudCo's ISO/IEC 27001 certificate issued by Cert Ltd, valid until 27 March 2028, covers this"
	)
	does := func(question string, ids ...string) *caiq.Profile {
		return cloudco(control("DC-01", at(question), proved(ids...), criteria("CC6.1", "CC5.3"), documented()))
	}
	tests := []struct {
		name     string
		provider *caiq.Profile
		question string
		want     verdict
		says     string
	}{
		{"a part that it requires", does(signIn, "soc2", "iso"), signIn, verdict{caiq.Yes, caiq.BandSupported, ""}, together},
		{
			"not a part that no standard requires", does(review, "soc2", "iso"), review,
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
			alone + "; we review it under control VEN-01. Not shown by SOC 2 but stated by CloudCo (Handbook): a review of the policy at least once a year.",
		},
		{
			"nor without a report", does(review, "iso"), review,
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
			iso27001 + "; we review it under control VEN-01. The following is stated by CloudCo (Handbook): a review of the policy at least once a year.",
		},
		{"a control that nothing else shows", does(full, "iso"), full, verdict{caiq.Yes, caiq.BandSupported, ""}, iso27001},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(uses(nil, tt.question)), tt.provider)), tt.question)
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
			mustContain(t, p.Description, tt.says)
		})
	}
	t.Run("not a control that no standard requires", func(t *testing.T) {
		t.Parallel()
		k := requires(knowledge(acme(uses(nil, full)), does(full, "iso")), "DSP-08", func(e *caiq.CrosswalkEntry) { e.Certified = nil })
		p := propose(t, engine(t, k), full)
		if want := (verdict{caiq.Yes, caiq.BandPartial, "provider_unproved"}); verdictOf(p) != want {
			t.Errorf("got %+v, needs %v", verdictOf(p), p.Needs)
		}
		mustLack(t, p.Description, "certificate")
	})
}

// What would lift a part is named truly: the certificate that requires it, or none.
func TestTheNeedOfAPartNamesTheCertificateThatShowsIt(t *testing.T) {
	t.Parallel()
	tests := []struct{ question, criterion, want string }{
		{"caiq-4.1/IAM-13.1", "CC6.1", "SOC 2 does not show multi-factor authentication: an ISO/IEC 27001 certificate (A.8.5) or another audit that tests it would lift this."},
		{"caiq-4.1/GRC-01.2", "CC5.3", "SOC 2 does not show a review of the policy at least once a year, nor does a certificate: an audit that tests it would lift this."},
	}
	for _, tt := range tests {
		p := propose(t, engine(t, knowledge(acme(control("AC-01", at(tt.question), proved("soc2"), criteria(tt.criterion))))), tt.question)
		if len(p.Needs) != 1 || p.Needs[0].Text != tt.want {
			t.Errorf("%s needs %v", tt.question, p.Needs)
		}
	}
	full := propose(t, engine(t, knowledge(acme(control("DAT-01", at("ccm-4.1/DSP-08"), documented())))), "caiq-4.1/DSP-08.1")
	if want := "SOC 2 does not show DSP-08. What would carry it: an ISO/IEC 27701 certificate."; full.Needs[0].Text != want {
		t.Errorf("a Type II report would lift nothing here: %v", full.Needs)
	}
}

// The reasons name the clause, or say that there is none; so does the description,
// in whole sentences where the audience knows of no report.
func TestReasonsAndProseOfWhatACertificateShows(t *testing.T) {
	t.Parallel()
	const (
		signIn, review = "caiq-4.1/IAM-13.1", "caiq-4.1/GRC-01.2"
		scope          = "within the scope of the ISO/IEC 27001 certificate issued by Cert Ltd, valid until 27 March 2028: multi-factor authentication."
		stated         = "stated by management (owner CISO) and not audited: a review of the policy at least once a year."
	)
	tests := []struct {
		name, question, criterion string
		audience                  caiq.Release
		step, prose               string
	}{
		{"required", signIn, "CC6.1", caiq.ReleaseNDA, "Of multi-factor authentication: ISO/IEC 27001 certificate (iso27001): certified: A.8.5.", " Not shown by SOC 2 but " + scope},
		{"required, to the public", signIn, "CC6.1", caiq.ReleasePublic, "Of multi-factor authentication: ISO/IEC 27001 certificate (iso27001): certified: A.8.5.", "\nThe following is " + scope},
		{
			"not required", review, "CC5.3", caiq.ReleaseNDA,
			"Of a review of the policy at least once a year: ISO/IEC 27001 certificate (iso27001) does not count: its standard does not ask for this part.", " Not shown by SOC 2 but " + stated,
		},
		{
			"not required, to the public", review, "CC5.3", caiq.ReleasePublic,
			"Of a review of the policy at least once a year: ISO/IEC 27001 certificate (iso27001) does not count: its standard does not ask for this part.", "\nThe following is " + stated,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := knowledge(acme(control("AC-01", at(tt.question), proved("soc2", "iso"), criteria(tt.criterion))))
			p := propose(t, engine(t, k, audience(tt.audience)), tt.question)
			if !slices.ContainsFunc(p.Basis, func(s caiq.Step) bool { return s.Kind == caiq.StepEvidence && s.Ref == "acme:iso" && s.Text == tt.step }) {
				t.Errorf("no such step in %+v", p.Basis)
			}
			if !strings.HasSuffix(p.Description, tt.prose) {
				t.Errorf("%q does not end in %q", p.Description, tt.prose)
			}
		})
	}
}

// A penetration test shows no part of which the crosswalk does not say so.
func TestAPenetrationTestShowsNotEveryPart(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(pentest(), control("GOV-01", at("caiq-4.1/GRC-01.2"), proved("soc2", "pen"), criteria("CC5.3"))))
	p := propose(t, engine(t, k), "caiq-4.1/GRC-01.2")
	mustContain(t, p.Description, "Not shown by SOC 2 but stated by management (owner CISO) and not audited: a review of the policy at least once a year.")
	mustLack(t, p.Description, "penetration")
}

// A provider's control that addresses a part is named, though nothing stands behind it.
func TestAPartThatNothingOfAProviderShowsNamesItsControl(t *testing.T) {
	t.Parallel()
	const part = "ccm-4.1/GRC-01#annual-review"
	ours := control("GOV-01", at("ccm-4.1/GRC-01"), proved("soc2"), criteria("CC5.3"))
	k := knowledge(acme(ours, uses(nil, part)), cloudco(with(iso(unread)), control("DC-01", at(part), proved("iso"))))
	p := propose(t, engine(t, k), "caiq-4.1/GRC-01.2")
	if want := "The part of CloudCo is not proved: Nothing stands behind control DC-01 of CloudCo."; p.Band != caiq.BandPartial || p.Needs[0].Text != want {
		t.Errorf("band %s, needs %v", p.Band, p.Needs)
	}
}

// A part that not even management's word stands behind is told beside the report.
func TestAPartThatNothingShowsIsTold(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(assessed, with(soc2("soc2", unread)), control("AC-01", at("caiq-4.1/IAM-13.1"), proved("soc2"), criteria("CC6.1"))))
	p := propose(t, engine(t, k), "caiq-4.1/IAM-13.1")
	if !strings.HasSuffix(p.Description, "it was not read for this answer. Not shown by SOC 2: multi-factor authentication.") {
		t.Errorf("got %q", p.Description)
	}
}
