package answer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

func TestEvidenceCountsFromIssueToReliableUntil(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		asOf string
		want verdict
	}{
		{"the day before the report is issued", "2026-11-05", verdict{"", caiq.BandWeak, "evidence_expired"}},
		{"the day of issue", "2026-11-06", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"the last day", "2027-09-30", verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"the day after", "2027-10-01", verdict{"", caiq.BandWeak, "evidence_expired"}},
	}
	k := knowledge(acme(control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1"))))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, k, asOf(tt.asOf)), "caiq-4.1/IAM-14.1")
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestAnExpiredReportLeavesTheStatement(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1"), reviewed("2026-10-05"))))
	p := propose(t, engine(t, k, asOf("2027-10-01")), "caiq-4.1/IAM-14.1")
	if p.Value != caiq.Yes || p.Band != caiq.BandPartial || deciding(p) != "evidence_expired" {
		t.Errorf("got %+v", p)
	}
	mustContain(t, p.Description, "This is management's statement (Handbook, owner CISO, reviewed 5 October 2026); no audit report is relied on for it.")
	mustLack(t, p.Description, "SOC 2", "tested")
}

func TestADocumentReviewedLaterThanTheDayDoesNotCount(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(control("AC-01", at("ccm-4.1/IAM-14"), documented())))
	if p := propose(t, engine(t, k, asOf("2026-01-31")), "caiq-4.1/IAM-14.1"); p.Value != "" {
		t.Errorf("got %+v", p.Answer)
	}
}

func TestOfTwoReportsTheLaterIsNamed(t *testing.T) {
	t.Parallel()
	older := soc2("old", func(e *caiq.Evidence) {
		e.From, e.To, e.Issued, e.ReliableUntil = date("2024-10-01"), date("2025-09-30"), date("2025-11-10"), date("2026-12-31")
	})
	k := knowledge(acme(with(older), control("AC-01", at("ccm-4.1/IAM-14"), proved("old", "soc2"), criteria("CC6.1"))))
	p := propose(t, engine(t, k), "caiq-4.1/IAM-14.1")
	mustContain(t, p.Description, "for 1 October 2025 to 30 September 2026")
	mustLack(t, p.Description, "2024")
}

func TestABridgeLetterIsNamedAsManagements(t *testing.T) {
	t.Parallel()
	letter := caiq.Evidence{
		ID: "bridge", Kind: caiq.BridgeLetter, Title: "Bridge letter", Bridges: "soc2", Issued: date("2027-10-05"),
		From: date("2026-10-01"), To: date("2027-12-31"), ReliableUntil: date("2027-12-31"), Release: caiq.ReleaseNDA,
	}
	bridged := soc2("soc2", func(e *caiq.Evidence) { e.ReliableUntil = date("2027-12-31") })
	k := knowledge(acme(with(bridged), with(letter), control("AC-01", at("ccm-4.1/IAM-14"), proved("soc2", "bridge"), criteria("CC6.1"))))
	tests := []struct {
		name string
		asOf string
		want caiq.Value
		says string
	}{
		{"in the report's own time, before the letter", "2027-09-30", caiq.Yes, ""},
		{"after that time, before the letter", "2027-10-04", "", ""},
		{"once the letter is there", "2027-10-05", caiq.Yes, "A bridge letter of management, dated 5 October 2027 and not audited, covers 1 October 2026 to 31 December 2027."},
		{"after the letter's time", "2028-01-01", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, k, asOf(tt.asOf)), "caiq-4.1/IAM-14.1")
			if p.Value != tt.want {
				t.Errorf("got %q, needs %v", p.Value, p.Needs)
			}
			mustContain(t, p.Description, tt.says)
			if tt.says == "" {
				mustLack(t, p.Description, "bridge")
			}
		})
	}
}

func TestADeviationLowersOneBandAndIsDisclosed(t *testing.T) {
	t.Parallel()
	deviation := func(change func(*caiq.Deviation)) func(*caiq.Profile) {
		d := caiq.Deviation{
			Control: "AC-01", CriterionMet: true, Text: "One of 25 leavers kept access for two days",
			Response: "HR now closes accounts itself", Release: caiq.ReleaseNDA,
		}
		change(&d)
		return with(soc2("soc2", func(e *caiq.Evidence) { e.Deviations = []caiq.Deviation{d} }))
	}
	later := soc2("later", func(e *caiq.Evidence) {
		e.From, e.To, e.Issued, e.ReliableUntil = date("2026-10-01"), date("2026-11-10"), date("2026-11-20"), date("2027-11-10")
	})
	const noted = "The auditor noted an exception on control AC-01: One of 25 leavers kept access for two days."
	tests := []struct {
		name     string
		deviate  func(*caiq.Deviation)
		evidence []string
		audience caiq.Release
		want     verdict
		says     string
		lacks    string
	}{
		{"the criterion met", func(*caiq.Deviation) {}, []string{"soc2"}, caiq.ReleaseNDA, verdict{caiq.Yes, caiq.BandPartial, "exception_noted"}, noted + " Management's response: HR now closes accounts itself.", "no exceptions"},
		{"though a certificate covers it too", func(*caiq.Deviation) {}, []string{"iso", "soc2"}, caiq.ReleaseNDA, verdict{caiq.Yes, caiq.BandPartial, "exception_noted"}, noted, "no exceptions"},
		{"not told to the public", func(*caiq.Deviation) {}, []string{"soc2", "iso"}, caiq.ReleasePublic, verdict{caiq.Yes, caiq.BandPartial, "exception_noted"}, "AC-01 does it.", "xception"},
		{"internal in a report under NDA", func(d *caiq.Deviation) { d.Release = caiq.ReleaseInternal }, []string{"soc2"}, caiq.ReleaseNDA, verdict{caiq.Yes, caiq.BandPartial, "exception_noted"}, "was tested", "xception"},
		{"put right: says management", func(d *caiq.Deviation) { d.Remediated = date("2026-10-10") }, []string{"soc2"}, caiq.ReleaseNDA, verdict{caiq.Yes, caiq.BandPartial, "exception_noted"}, "Management states that this was put right on 10 October 2026; no later report has tested it yet.", "no exceptions"},
		{"put right later than the day", func(d *caiq.Deviation) { d.Remediated = date("2027-01-10") }, []string{"soc2"}, caiq.ReleaseNDA, verdict{caiq.Yes, caiq.BandPartial, "exception_noted"}, noted, "put right"},
		{"a later report without it", func(*caiq.Deviation) {}, []string{"soc2", "later"}, caiq.ReleaseNDA, verdict{caiq.Yes, caiq.BandSupported, ""}, "no exceptions noted", "leavers"},
		{"the criterion not met", func(d *caiq.Deviation) { d.CriterionMet = false }, []string{"soc2", "iso"}, caiq.ReleaseNDA, verdict{"", caiq.BandWeak, "criterion_not_met"}, "", "AC-01"},
		{"not met, put right since: stated", func(d *caiq.Deviation) { d.CriterionMet, d.Remediated = false, date("2026-10-10") }, []string{"soc2"}, caiq.ReleaseNDA, verdict{caiq.Yes, caiq.BandPartial, "exception_noted"}, "This is management's statement", "was tested"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := knowledge(acme(deviation(tt.deviate), with(later), control("AC-01", at("ccm-4.1/IAM-14"), proved(tt.evidence...), criteria("CC6.1"))))
			p := propose(t, engine(t, k, audience(tt.audience)), "caiq-4.1/IAM-14.1")
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			mustContain(t, p.Description, tt.says)
			mustLack(t, p.Description, tt.lacks)
			if tt.want.Need == "exception_noted" && !hasStep(p, caiq.StepDeviation, "acme:soc2") {
				t.Error("the basis does not tell of the exception")
			}
			told := tt.says != "AC-01 does it." && tt.says != "was tested"
			if tt.want.Need == "exception_noted" && !told && !hasStep(p, caiq.StepRelease, "acme:soc2") {
				t.Error("the basis does not say that the exception is withheld")
			}
		})
	}
}

func reviewed(day string) option {
	return func(c *caiq.CompanyControl) { c.Document, c.Reviewed = "Handbook", date(day) }
}

func TestAStatementCountsForEighteenMonthsAfterItsReview(t *testing.T) {
	t.Parallel()
	const q = "caiq-4.1/IAM-14.1"
	stated := control("AC-01", at(q), reviewed("2026-01-31"))
	tested := control("AC-01", at(q), reviewed("2026-01-31"), proved("soc2"), criteria("CC6.1"))
	direct := answers(caiq.DirectAnswer{Question: q, Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "Yes."}) // reviewed 2026-01-05
	backed := answers(caiq.DirectAnswer{Question: q, Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "Yes.", Evidence: []string{"iso"}})
	gone := verdict{"", caiq.BandWeak, "statement_expired"}
	tests := []struct {
		name    string
		asOf    string
		profile func(*caiq.Profile)
		want    verdict
	}{
		{"the day before the review", "2026-01-30", stated, verdict{"", caiq.BandWeak, "evidence_missing"}},
		{"the day of the review", "2026-01-31", stated, verdict{caiq.Yes, caiq.BandPartial, "not_audited"}},
		{"the last day", "2027-07-31", stated, verdict{caiq.Yes, caiq.BandPartial, "not_audited"}},
		{"the day after", "2027-08-01", stated, gone},
		{"with a report in force", "2027-08-01", tested, verdict{caiq.Yes, caiq.BandSupported, ""}},
		{"with a report that has expired too", "2027-10-01", tested, verdict{"", caiq.BandWeak, "evidence_expired"}},
		{"a direct answer, the last day", "2027-07-05", direct, verdict{caiq.Yes, caiq.BandPartial, "not_audited"}},
		{"a direct answer, the day after", "2027-07-06", direct, gone},
		{"a direct answer with a certificate in force", "2027-07-06", backed, verdict{caiq.Yes, caiq.BandSupported, ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.profile)), asOf(tt.asOf)), q)
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
			if expired := tt.asOf == "2027-08-01" && tt.want == gone || tt.asOf == "2027-10-01"; expired && !hasNeed(p, "statement_expired") {
				t.Errorf("nothing says to review again: %v", p.Needs)
			}
		})
	}
}

func TestATargetThatHasPassedIsNotPromised(t *testing.T) {
	t.Parallel()
	const q = "caiq-4.1/IAM-14.1"
	k := knowledge(acme(control("AC-01", at(q), status(caiq.Planned), func(c *caiq.CompanyControl) {
		c.Target, c.TargetRelease = date("2027-03-31"), caiq.ReleaseNDA
	})))
	tests := []struct {
		asOf string
		says string
		need string
	}{
		{"2027-03-31", "it is planned for completion by 31 March 2027.", ""},
		{"2027-04-01", "it is planned.", "AC-01 was planned for 31 March 2027; the date has passed: say that it is implemented, or set a new date."},
	}
	for _, tt := range tests {
		t.Run("on "+tt.asOf, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, k, asOf(tt.asOf)), q)
			mustContain(t, p.Description, tt.says)
			got := ""
			for _, n := range p.Needs {
				if n.Code == "target_passed" {
					got = n.Text
				}
			}
			if p.Value != caiq.No || got != tt.need {
				t.Errorf("%s, need %q, want %q", p.Value, got, tt.need)
			}
			if tt.need != "" {
				mustLack(t, p.Description, "2027")
			}
		})
	}
}
