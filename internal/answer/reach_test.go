package answer_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

// What is known of one version answers another: over lineage and crosswalk, by
// content, never by an identifier alone.
func TestReachAcrossVersions(t *testing.T) {
	t.Parallel()
	type options = []func(*caiq.Profile)
	certified := func(id string, addresses ...string) options {
		return options{control(id, at(addresses...), proved("iso"))}
	}
	tests := []struct {
		name     string
		profile  options
		question string
		want     verdict
	}{
		{"the same question of the next version", certified("AC-01", "caiq-4.1/IAM-13.1"), "caiq-4.0/IAM-14.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"the same question of the version before", certified("AC-01", "caiq-4.0/IAM-14.1"), "caiq-4.1/IAM-13.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"a reworded question carries", certified("AC-01", "caiq-4.1/IAM-14.1"), "caiq-4.0/IAM-02.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"a reused identifier does not", certified("AC-01", "caiq-4.1/IAM-14.1"), "caiq-4.0/IAM-14.1", verdict{"", caiq.BandNone, "no_control"}},
		{"the same control under another number", certified("AC-01", "ccm-4.1/IAM-14"), "caiq-4.0/IAM-02.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"and the other way round", certified("AC-01", "ccm-4.0/IAM-02"), "caiq-4.1/IAM-14.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"a part of the same control under another number", options{
			control("AC-01", at("ccm-4.1/IAM-13"), proved("iso")), control("AC-02", at("ccm-4.1/IAM-13#mfa"), proved("iso")),
		}, "caiq-4.0/IAM-14.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"a changed question caps", certified("GOV-01", "caiq-4.1/GRC-01.1"), "caiq-4.0/GRC-01.1", verdict{caiq.Yes, caiq.BandPartial, "question_differs"}},
		{"a split question needs all its pieces", certified("DAT-01", "caiq-4.1/DSP-08.1"), "caiq-4.0/DSP-08.1", verdict{"", caiq.BandWeak, "part_missing"}},
		{"with all pieces it caps", certified("DAT-01", "caiq-4.1/DSP-08.1", "caiq-4.1/DSP-18.1"), "caiq-4.0/DSP-08.1", verdict{caiq.Yes, caiq.BandPartial, "question_differs"}},
		{"a piece of a split question caps", certified("DAT-01", "caiq-4.0/DSP-08.1"), "caiq-4.1/DSP-18.1", verdict{caiq.Yes, caiq.BandPartial, "question_differs"}},
		{"what was merged needs both", certified("GOV-01", "caiq-4.0/GRC-01.2"), "caiq-4.1/GRC-01.2", verdict{"", caiq.BandWeak, "part_missing"}},
		{"with both it caps", certified("GOV-01", "caiq-4.0/GRC-01.2", "caiq-4.0/GRC-01.3"), "caiq-4.1/GRC-01.2", verdict{caiq.Yes, caiq.BandPartial, "question_differs"}},
		{"what came from one question does not answer its sibling", certified("GOV-01", "caiq-4.0/GRC-01.2"), "caiq-4.0/GRC-01.3", verdict{"", caiq.BandNone, "no_control"}},
		{"a dropped question keeps its control", certified("LOG-01", "ccm-4.0/LOG-05"), "caiq-4.0/LOG-05.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"forward over a partial gap, the part must be addressed", certified("LOG-01", "ccm-4.0/LOG-05"), "caiq-4.1/LOG-05.1", verdict{"", caiq.BandWeak, "part_missing"}},
		{"and lifts it where it is", certified("LOG-01", "ccm-4.0/LOG-05", "ccm-4.1/LOG-05#live-alerts"), "caiq-4.1/LOG-05.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"backwards over a partial gap caps", certified("LOG-01", "ccm-4.1/LOG-05"), "caiq-4.0/LOG-05.1", verdict{caiq.Yes, caiq.BandPartial, "control_only"}},
		{"the part may be addressed at the control before, too", certified("LOG-01", "ccm-4.0/LOG-05", "ccm-4.0/LOG-05#live-alerts"), "caiq-4.1/LOG-05.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"backwards beside the same control caps", certified("PHY-01", "ccm-4.1/DCS-18"), "caiq-4.0/DCS-01.1", verdict{caiq.Yes, caiq.BandPartial, "control_only"}},
		{"forward to two controls needs both", certified("INT-01", "ccm-4.0/IPY-01"), "caiq-4.1/IPY-01.1", verdict{"", caiq.BandWeak, "part_missing"}},
		{"with both, no gap, nothing caps", certified("INT-01", "ccm-4.0/IPY-01", "ccm-4.0/IPY-02"), "caiq-4.1/IPY-01.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"the weaker of both decides", options{
			control("INT-01", at("ccm-4.0/IPY-01"), proved("iso")), control("INT-02", at("ccm-4.0/IPY-02"), documented()),
		}, "caiq-4.1/IPY-01.1", verdict{caiq.Yes, caiq.BandPartial, "not_audited"}},
		{"forward over a partial gap that names no part caps", certified("CHG-01", "ccm-4.0/CCC-01"), "caiq-4.1/CCC-01.1", verdict{caiq.Yes, caiq.BandPartial, "control_only"}},
		{"forward without a gap does not", certified("CHG-01", "ccm-4.0/CCC-02"), "caiq-4.1/CCC-02.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"along a chain the worst gap wins", certified("CHG-01", "ccm-3.0.1/CCC-05"), "caiq-4.1/CCC-02.1", verdict{caiq.Yes, caiq.BandPartial, "control_only"}},
		{"3.1 by control alone stays open", certified("GOV-01", "ccm-4.1/GRC-01"), "caiq-3.1/GRM-06.1", verdict{"", caiq.BandWeak, "control_only"}},
		{"and so with every control of the chain", certified("AC-01", "ccm-4.1/IAM-13", "ccm-4.1/IAM-14"), "caiq-3.1/IAM-12.1", verdict{"", caiq.BandWeak, "control_only"}},
		{"and by its own control", certified("AC-01", "ccm-3.0.1/IAM-12"), "caiq-3.1/IAM-12.1", verdict{"", caiq.BandWeak, "control_only"}},
		{"its own words fill it in at question level, and no crosswalk says what proves it", certified("AC-01", "caiq-3.1/IAM-12.1"), "caiq-3.1/IAM-12.1", verdict{caiq.Yes, caiq.BandPartial, "no_crosswalk"}},
		{"3.1 by a hand-made lineage is exact", certified("PHY-01", "caiq-4.1/DCS-01.1"), "caiq-3.1/DCS-09.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"and so is the control behind it", certified("PHY-01", "ccm-4.1/DCS-01"), "caiq-3.1/DCS-09.1", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"1.1 has no controls", certified("AC-01", "ccm-4.1/IAM-13"), "caiq-1.1/CO-01.1", verdict{"", caiq.BandNone, "no_control"}},
		{"1.1 by a question-level address", certified("AC-01", "caiq-1.1/CO-01.1"), "caiq-1.1/CO-01.1", verdict{caiq.Yes, caiq.BandPartial, "no_crosswalk"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.profile...))), tt.question)
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
			capped := tt.want.Need == "control_only" || tt.want.Need == "question_differs"
			if p.Value != "" && capped && !hasStepKind(p, caiq.StepCap) {
				t.Error("the basis does not say why the band is capped")
			}
		})
	}
}

func hasStepKind(p caiq.Proposal, kind caiq.StepKind) bool {
	for _, s := range p.Basis {
		if s.Kind == kind {
			return true
		}
	}
	return false
}

func TestNegativesAndExclusionsReachAcrossVersions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		option   func(*caiq.Profile)
		question string
		want     caiq.Value
	}{
		{"planned, same question", control("AC-01", at("caiq-4.1/IAM-13.1"), status(caiq.Planned)), "caiq-4.0/IAM-14.1", caiq.No},
		{"planned, changed question", control("GOV-01", at("caiq-4.1/GRC-01.1"), status(caiq.Planned)), "caiq-4.0/GRC-01.1", caiq.No},
		{"planned, 3.1 by control alone", control("GOV-01", at("ccm-4.1/GRC-01"), status(caiq.Planned)), "caiq-3.1/GRM-06.1", ""},
		{"excluded, same question", excludes("X-1", "2026-01-10", "caiq-4.1/IAM-13.1"), "caiq-4.0/IAM-14.1", caiq.NA},
		{"excluded, changed question", excludes("X-1", "2026-01-10", "caiq-4.1/GRC-01.1"), "caiq-4.0/GRC-01.1", ""},
		{"excluded, one piece of a split", excludes("X-1", "2026-01-10", "caiq-4.1/DSP-08.1"), "caiq-4.0/DSP-08.1", ""},
		{"excluded, 3.1 by control alone", excludes("X-1", "2026-01-10", "ccm-4.1/GRC-01"), "caiq-3.1/GRM-06.1", ""},
		{"excluded, one control of the chain", excludes("X-1", "2026-01-10", "ccm-4.1/IAM-13"), "caiq-3.1/IAM-12.1", ""},
		{"answered directly, same question", answers(caiq.DirectAnswer{Question: "caiq-4.1/IAM-13.1", Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "Yes."}), "caiq-4.0/IAM-14.1", caiq.Yes},
		{"a direct answer does not carry over a change", answers(caiq.DirectAnswer{Question: "caiq-4.1/GRC-01.1", Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "Yes."}), "caiq-4.0/GRC-01.1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.option))), tt.question)
			if p.Value != tt.want {
				t.Errorf("got %q, want %q; needs %v", p.Value, tt.want, p.Needs)
			}
		})
	}
}

func TestTheBasisLeadsFromTheQuestionToTheEvidence(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(control("AC-01", at("caiq-4.1/IAM-13.1"), proved("soc2", "iso"), criteria("CC6.1")), cuec(duty("CUEC-01", "ccm-4.1/IAM-13"))))
	p := propose(t, engine(t, k), "caiq-4.0/IAM-14.1")
	want := []caiq.Step{
		{Kind: "match", Ref: "caiq-4.0/IAM-14.1", Text: "Recognised by its text."},
		{Kind: "lineage", Ref: "caiq-4.1/IAM-13.1", Text: "This question of another version asks the same.", Depth: 1},
		{Kind: "crosswalk", Ref: "ccm-4.0/IAM-14", Text: "The control that the question belongs to.", Depth: 1},
		{Kind: "crosswalk", Ref: "ccm-4.1/IAM-13", Text: "The same control under another version.", Depth: 1},
		{Kind: "crosswalk", Ref: "ccm-4.0/IAM-14", Text: "SOC 2 criteria behind it: CC6.1 and CC6.2 (gap: partial).", Depth: 2},
		{Kind: "part", Ref: "ccm-4.0/IAM-14#mfa", Text: "SOC 2 does not show multi-factor authentication.", Depth: 2},
		{Kind: "control", Ref: "acme:AC-01", Text: "Control AC-01 (implemented; addresses caiq-4.1/IAM-13.1).", Depth: 1},
		{Kind: "evidence", Ref: "acme:soc2", Text: "SOC 2 Type II report (soc2-type2): tested.", Depth: 2},
		{Kind: "evidence", Ref: "acme:iso", Text: "ISO/IEC 27001 certificate (iso27001): certified.", Depth: 2},
		{Kind: "evidence", Ref: "acme:iso", Text: "Of multi-factor authentication: ISO/IEC 27001 certificate (iso27001): certified: A.8.5.", Depth: 2},
		{Kind: "customer", Ref: "acme:CUEC-01", Text: "Expected of the customer (addresses ccm-4.1/IAM-13).", Depth: 1},
	}
	if diff := cmp.Diff(want, p.Basis); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestADutyDoesNotMakeTheCustomerOwnWhatIsHalfKnown(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(control("DAT-01", at("caiq-4.1/DSP-08.1"), proved("iso")), cuec(duty("CUEC-01", "caiq-4.0/DSP-08.1"))))
	p := propose(t, engine(t, k), "caiq-4.0/DSP-08.1")
	if !p.Blank() || deciding(p) != "part_missing" {
		t.Errorf("got %+v, needs %v", p.Answer, p.Needs)
	}
}

func TestTheBasisSaysWhyAReportDoesNotShowAPart(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(control("AC-01", at("ccm-4.1/IAM-13", "ccm-4.1/IAM-13#mfa"), proved("soc2", "iso"), criteria("CC6.1"))))
	p := propose(t, engine(t, k), "caiq-4.1/IAM-13.1")
	want := caiq.Step{Kind: "evidence", Ref: "acme:soc2", Depth: 3, Text: "SOC 2 Type II report (soc2-type2) does not count: no SOC 2 criterion shows this part."}
	if !slices.Contains(p.Basis, want) {
		t.Errorf("no such step in %+v", p.Basis)
	}
}

func TestAFormatReachedByLineageNeedNotBeLoaded(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(control("PHY-01", at("ccm-4.1/DCS-01"), proved("iso"))))
	delete(k.Formats, "caiq-4.0")
	delete(k.Formats, "caiq-4.1")
	p := propose(t, engine(t, k), "caiq-3.1/DCS-09.1")
	if p.Value != caiq.Yes || p.Band != caiq.BandSupported {
		t.Errorf("got %s %s, needs %v", p.Value, p.Band, p.Needs)
	}
}
