package answer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

// verdict is what the value tables compare.
type verdict struct {
	Value caiq.Value
	Band  caiq.Band
	Need  string // code of the deciding need
}

func verdictOf(p caiq.Proposal) verdict { return verdict{p.Value, p.Band, deciding(p)} }

func TestValueAndBand(t *testing.T) {
	t.Parallel()
	type options = []func(*caiq.Profile)
	tests := []struct {
		name     string
		profile  options
		question string
		want     verdict
	}{
		{
			"tested, criteria and category in scope: supported",
			options{control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1"))},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"certified: supported",
			options{control("AC-01", at("ccm-4.1/IAM-14"), proved("iso"))},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"a Type I report shows the design alone: partial",
			options{with(soc2("soc2", typeOne)), control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1"))},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"stated with owner, document and review: partial",
			options{control("AC-01", at("ccm-4.1/IAM-14"), documented())},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"a policy stands behind a statement: partial",
			options{control("AC-01", at("ccm-4.1/IAM-14"), proved("pol"))},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"nothing stands behind the control: blank",
			options{control("AC-01", at("ccm-4.1/IAM-14"))},
			"caiq-4.1/IAM-14.1",
			verdict{"", caiq.BandWeak, "evidence_missing"},
		},
		{
			"a document that nobody owns is nothing: blank",
			options{control("AC-01", at("ccm-4.1/IAM-14"), documented(), func(c *caiq.CompanyControl) { c.Owner = "" })},
			"caiq-4.1/IAM-14.1",
			verdict{"", caiq.BandWeak, "evidence_missing"},
		},
		{
			"SOC 2 alone does not show a missing part, control-level: blank",
			options{control("AC-01", at("ccm-4.1/IAM-13"), proved("soc2"), criteria("CC6.1"))},
			"caiq-4.1/IAM-13.1",
			verdict{"", caiq.BandWeak, "part_missing"},
		},
		{
			"the part addressed and certified: supported",
			options{
				control("AC-01", at("ccm-4.1/IAM-13"), proved("soc2"), criteria("CC6.1")),
				control("AC-02", at("ccm-4.1/IAM-13#mfa"), proved("iso")),
			},
			"caiq-4.1/IAM-13.1",
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"the part addressed and stated: the worst part decides",
			options{
				control("AC-01", at("ccm-4.1/IAM-13"), proved("soc2"), criteria("CC6.1")),
				control("AC-02", at("ccm-4.1/IAM-13#mfa"), documented()),
			},
			"caiq-4.1/IAM-13.1",
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"SOC 2 does not count for the part, though it tests the control: partial",
			options{control("AC-01", at("caiq-4.1/IAM-13.1"), proved("soc2"), criteria("CC6.1"))},
			"caiq-4.1/IAM-13.1",
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"a question-level address covers the parts; certified: supported",
			options{control("AC-01", at("caiq-4.1/IAM-13.1"), proved("soc2", "iso"), criteria("CC6.1"))},
			"caiq-4.1/IAM-13.1",
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"only the part addressed: blank",
			options{control("AC-02", at("ccm-4.1/IAM-13#mfa"), proved("iso"))},
			"caiq-4.1/IAM-13.1",
			verdict{"", caiq.BandWeak, "part_missing"},
		},
		{
			"the part addressed by something that nothing stands behind: blank",
			options{control("AC-01", at("ccm-4.1/IAM-13"), proved("iso")), control("AC-02", at("ccm-4.1/IAM-13#mfa"))},
			"caiq-4.1/IAM-13.1",
			verdict{"", caiq.BandWeak, "evidence_missing"},
		},
		{
			"a part that another question asks does not matter",
			options{control("GOV-01", at("ccm-4.1/GRC-01"), proved("soc2"), criteria("CC5.3"))},
			"caiq-4.1/GRC-01.1",
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"and does where the question asks it",
			options{control("GOV-01", at("ccm-4.1/GRC-01"), proved("soc2"), criteria("CC5.3"))},
			"caiq-4.1/GRC-01.2",
			verdict{"", caiq.BandWeak, "part_missing"},
		},
		{
			"a full gap: SOC 2 carries nothing, the control is stated",
			options{control("DAT-01", at("ccm-4.1/DSP-08"), proved("soc2"), criteria("CC6.1"))},
			"caiq-4.1/DSP-08.1",
			verdict{caiq.Yes, caiq.BandPartial, "not_carried"},
		},
		{
			"a full gap and a certificate: supported",
			options{control("DAT-01", at("ccm-4.1/DSP-08"), proved("iso"))},
			"caiq-4.1/DSP-08.1",
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"privacy criteria are not met by a report without privacy",
			options{control("PRI-01", at("ccm-4.1/DSP-18"), proved("soc2"), criteria("P4.2"))},
			"caiq-4.1/DSP-18.1",
			verdict{caiq.Yes, caiq.BandPartial, "not_carried"},
		},
		{
			"and are by a report with it",
			options{
				with(soc2("soc2", func(e *caiq.Evidence) { e.Categories = append(e.Categories, caiq.Privacy) })),
				control("PRI-01", at("ccm-4.1/DSP-18"), proved("soc2"), criteria("P4.2")),
			},
			"caiq-4.1/DSP-18.1",
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"tested under other criteria: stated",
			options{control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC7.2"))},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.Yes, caiq.BandPartial, "not_carried"},
		},
		{
			"an adverse opinion carries nothing; documented: stated",
			options{
				with(soc2("soc2", opinion(caiq.Adverse))),
				control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1"), documented()),
			},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.Yes, caiq.BandPartial, "opinion"},
		},
		{
			"an adverse opinion carries nothing; undocumented: blank",
			options{
				with(soc2("soc2", opinion(caiq.Adverse))),
				control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1")),
			},
			"caiq-4.1/IAM-14.1",
			verdict{"", caiq.BandWeak, "opinion"},
		},
		{
			"a qualified criterion of the control: blank",
			options{
				with(soc2("soc2", opinion(caiq.Qualified), notMet("CC6.1"))),
				control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1"), documented()),
			},
			"caiq-4.1/IAM-14.1",
			verdict{"", caiq.BandWeak, "criterion_not_met"},
		},
		{
			"a qualified criterion behind the question, not of the control: no SOC 2 claimed",
			options{
				with(soc2("soc2", opinion(caiq.Qualified), notMet("CC6.2"))),
				control("AC-01", at("caiq-4.1/IAM-13.1"), proved("soc2"), criteria("CC6.1"), documented()),
			},
			"caiq-4.1/IAM-13.1",
			verdict{caiq.Yes, caiq.BandPartial, "criterion_not_met"},
		},
		{
			"qualified because of the control, put right since: management's word",
			options{
				with(soc2("soc2", opinion(caiq.Qualified), notMet("CC6.1"), func(e *caiq.Evidence) {
					e.Deviations = []caiq.Deviation{{Control: "AC-01", Text: "It was off.", Remediated: date("2026-10-20"), Release: caiq.ReleaseNDA}}
				})),
				control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1"), documented()),
			},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.Yes, caiq.BandPartial, "exception_noted"},
		},
		{
			"the crosswalk does not say which part is missing: partial",
			options{control("VUL-01", at("ccm-4.1/TVM-02"), proved("soc2"), criteria("CC7.1"))},
			"caiq-4.1/TVM-02.1",
			verdict{caiq.Yes, caiq.BandPartial, "not_carried"},
		},
		{
			"the best of several controls decides",
			options{
				control("AC-01", at("ccm-4.1/IAM-14"), documented()),
				control("AC-02", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1")),
			},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"words given to the question are not carried by a control for the whole control",
			options{
				control("AC-01", at("caiq-4.1/IAM-14.1"), documented()),
				control("AC-02", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1")),
			},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"planned: No",
			options{control("AC-01", at("ccm-4.1/IAM-14"), status(caiq.Planned))},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.No, caiq.BandPartial, "declared"},
		},
		{
			"absent: No",
			options{control("AC-01", at("ccm-4.1/IAM-14"), status(caiq.Absent))},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.No, caiq.BandPartial, "declared"},
		},
		{
			"failed: No",
			options{control("AC-01", at("ccm-4.1/IAM-14"), status(caiq.Failed))},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.No, caiq.BandPartial, "declared"},
		},
		{
			"a control-level negative yields to an implemented question-level address",
			options{
				control("AC-01", at("ccm-4.1/IAM-14"), status(caiq.Planned)),
				control("AC-02", at("caiq-4.1/IAM-14.1"), documented()),
			},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"a question-level negative wins over an implemented control",
			options{
				control("AC-01", at("caiq-4.1/IAM-14.1"), status(caiq.Planned)),
				control("AC-02", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1")),
			},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.No, caiq.BandPartial, "declared"},
		},
		{
			"a part addressed by a negative alone: No for the question that asks it",
			options{
				control("GOV-01", at("ccm-4.1/GRC-01"), proved("soc2"), criteria("CC5.3")),
				control("GOV-02", at("ccm-4.1/GRC-01#annual-review"), status(caiq.Planned)),
			},
			"caiq-4.1/GRC-01.2",
			verdict{caiq.No, caiq.BandPartial, "declared"},
		},
		{
			"not where another control does the part",
			options{
				control("GOV-01", at("ccm-4.1/GRC-01", "ccm-4.1/GRC-01#annual-review"), proved("iso")),
				control("GOV-02", at("ccm-4.1/GRC-01#annual-review"), status(caiq.Planned)),
			},
			"caiq-4.1/GRC-01.2",
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"nor where the question itself is answered",
			options{
				control("GOV-01", at("caiq-4.1/GRC-01.2"), proved("iso")),
				control("GOV-02", at("ccm-4.1/GRC-01#annual-review"), status(caiq.Planned)),
			},
			"caiq-4.1/GRC-01.2",
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"but not for the others",
			options{
				control("GOV-01", at("ccm-4.1/GRC-01"), proved("soc2"), criteria("CC5.3")),
				control("GOV-02", at("ccm-4.1/GRC-01#annual-review"), status(caiq.Planned)),
			},
			"caiq-4.1/GRC-01.1",
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"excluded at the control: NA",
			options{excludes("EXC-01", "2026-01-10", "ccm-4.1/IAM-14")},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.NA, caiq.BandPartial, "declared"},
		},
		{
			"an exclusion of the control yields to a question-level implemented control",
			options{
				excludes("EXC-01", "2026-01-10", "ccm-4.1/IAM-14"),
				control("AC-01", at("caiq-4.1/IAM-14.1"), documented()),
			},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
		},
		{
			"an exclusion of the control wins over a control-level one",
			options{
				excludes("EXC-01", "2026-01-10", "ccm-4.1/IAM-14"),
				control("AC-01", at("ccm-4.1/IAM-14"), documented()),
			},
			"caiq-4.1/IAM-14.1",
			verdict{caiq.NA, caiq.BandPartial, "declared"},
		},
		{
			"excluded and implemented for the very question: blank",
			options{
				excludes("EXC-01", "2026-01-10", "caiq-4.1/IAM-14.1"),
				control("AC-01", at("caiq-4.1/IAM-14.1"), documented()),
			},
			"caiq-4.1/IAM-14.1",
			verdict{"", caiq.BandWeak, "contradiction"},
		},
		{
			"an exclusion of a later day does not count yet",
			options{excludes("EXC-01", "2027-01-10", "caiq-4.1/IAM-14.1")},
			"caiq-4.1/IAM-14.1",
			verdict{"", caiq.BandNone, "no_control"},
		},
		{
			"a criterion in common only: candidates, nothing filled",
			options{control("PHY-01", at("ccm-4.1/DCS-01"), proved("soc2"), criteria("CC6.1", "CC6.4"))},
			"caiq-4.1/IAM-14.1",
			verdict{"", caiq.BandWeak, "no_control"},
		},
		{
			"a full gap has no criteria in common",
			options{control("PHY-01", at("ccm-4.1/DCS-01"), proved("soc2"), criteria("CC6.1", "CC6.4"))},
			"caiq-4.1/DSP-08.1",
			verdict{"", caiq.BandNone, "no_control"},
		},
		{"absence of data is not No", nil, "caiq-4.1/IAM-14.1", verdict{"", caiq.BandNone, "no_control"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.profile...))), tt.question)
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
		})
	}
}

func typeOne(e *caiq.Evidence) {
	e.Kind, e.Title, e.From, e.To, e.AsOf = caiq.SOC2Type1, "SOC 2 Type I report", caiq.Date{}, caiq.Date{}, date("2026-09-30")
}

func opinion(o caiq.Opinion) func(*caiq.Evidence) { return func(e *caiq.Evidence) { e.Opinion = o } }

func notMet(ids ...string) func(*caiq.Evidence) { return func(e *caiq.Evidence) { e.NotMet = ids } }
