package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

func TestResolver_ref(t *testing.T) {
	t.Parallel()
	r := resolver{ccm: "4.1"}
	for short, want := range map[caiq.Ref]caiq.Ref{
		"IAM-13":             "ccm-4.1/IAM-13",
		"IAM-13.1":           "caiq-4.1/IAM-13.1",
		"IAM-13#mfa":         "ccm-4.1/IAM-13#mfa",
		"A&A-01.2":           "caiq-4.1/A&A-01.2",
		"iam- 13.1":          "caiq-4.1/IAM-13.1",
		"caiq-4.0/IAM-14.1":  "caiq-4.0/IAM-14.1",
		"ccm-4.0/IAM-14#mfa": "ccm-4.0/IAM-14#mfa",
		"":                   "",
	} {
		t.Run("reads "+string(short), func(t *testing.T) {
			t.Parallel()
			if got := r.ref(short); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func day(s string) caiq.Date {
	d, err := caiq.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestResolve_evidence(t *testing.T) {
	t.Parallel()
	type given = caiq.Evidence
	for name, c := range map[string]struct {
		given   []given
		until   string // of the first
		release caiq.Release
	}{
		"a report is relied on for twelve months after its period": {
			[]given{{Kind: caiq.SOC2Type2, From: day("2025-09-01"), To: day("2026-08-31")}}, "2027-08-31", caiq.ReleaseNDA,
		},
		"a day is kept within a shorter month": {
			[]given{{Kind: caiq.Pentest, AsOf: day("2024-02-29")}}, "2025-02-28", caiq.ReleaseNDA,
		},
		"a policy counts from its review and has the profile's class": {
			[]given{{Kind: caiq.Policy, Reviewed: day("2026-03-01")}}, "2027-03-01", caiq.ReleaseInternal,
		},
		"what evidence says itself stands": {
			[]given{{Kind: caiq.ISO27001, AsOf: day("2025-01-01"), ReliableUntil: day("2028-01-01"), Release: caiq.ReleasePublic}}, "2028-01-01", caiq.ReleasePublic,
		},
		"a bridge letter extends its report to its own end": {
			[]given{
				{ID: "r", Kind: caiq.SOC2Type2, To: day("2025-09-30")},
				{ID: "l", Kind: caiq.BridgeLetter, Bridges: "r", From: day("2025-10-01"), To: day("2026-12-31")},
			}, "2026-12-31", caiq.ReleaseNDA,
		},
		"a bridge letter never shortens its report": {
			[]given{
				{ID: "r", Kind: caiq.SOC2Type2, To: day("2025-09-30")},
				{ID: "l", Kind: caiq.BridgeLetter, Bridges: "r", To: day("2025-12-31")},
			}, "2026-09-30", caiq.ReleaseNDA,
		},
		"what nobody has read has no end, though a letter bridges it": {
			[]given{
				{ID: "r", Kind: caiq.SOC2Type2, Confirm: "read it", To: day("2025-09-30")},
				{ID: "l", Kind: caiq.BridgeLetter, Bridges: "r", To: day("2026-12-31")},
			}, "", caiq.ReleaseNDA,
		},
		"a bridge letter speaks for its own days alone": {
			[]given{{Kind: caiq.BridgeLetter, Bridges: "r", To: day("2025-12-31")}}, "2025-12-31", caiq.ReleaseNDA,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &caiq.Profile{CCM: "4.1", Release: caiq.ReleaseInternal, Evidence: c.given}
			resolve(p)
			if got := p.Evidence[0]; got.ReliableUntil.String() != c.until || got.Release != c.release {
				t.Errorf("reliable until %s, %s; want %s, %s", got.ReliableUntil, got.Release, c.until, c.release)
			}
		})
	}
}

func TestResolve_defaults(t *testing.T) {
	t.Parallel()
	p := &caiq.Profile{
		CCM:      "4.1",
		Evidence: []caiq.Evidence{{Kind: caiq.SOC2Type2, Deviations: []caiq.Deviation{{Control: "C-1"}}}},
		Controls: []caiq.CompanyControl{
			{ID: "C-1", Addresses: []caiq.Address{{Ref: "IAM-13"}}},
			{ID: "C-2", Status: caiq.Planned, TargetRelease: caiq.ReleaseNDA, Release: caiq.ReleaseNDA},
		},
		CUECs: []caiq.Duty{{ID: "D-1", Addresses: []caiq.Address{{Ref: "IAM-13.1"}}}},
		Uses: []caiq.Use{{
			CSOCs:    []caiq.Duty{{ID: "S-1", Addresses: []caiq.Address{{Ref: "DCS-01"}}}},
			Evidence: []caiq.Evidence{{ID: "e", Kind: caiq.Statement, Reviewed: day("2026-03-01")}},
		}},
		Exclusions: []caiq.Exclusion{{Addresses: []caiq.Address{{Ref: "DCS-05.1"}}}},
		Answers:    []caiq.DirectAnswer{{Question: "IPY-02.1"}},
		Facts:      []caiq.Fact{{ID: "name"}},
	}
	resolve(p)
	const public = caiq.ReleasePublic
	want := &caiq.Profile{
		CCM: "4.1", PreparedBy: "self", Release: public,
		Evidence: []caiq.Evidence{{Kind: caiq.SOC2Type2, Release: caiq.ReleaseNDA, Deviations: []caiq.Deviation{{Control: "C-1", Release: caiq.ReleaseNDA}}}},
		Controls: []caiq.CompanyControl{
			{ID: "C-1", Status: caiq.Implemented, Release: public, TargetRelease: caiq.ReleaseInternal, Addresses: []caiq.Address{{Ref: "ccm-4.1/IAM-13"}}},
			{ID: "C-2", Status: caiq.Planned, TargetRelease: caiq.ReleaseNDA, Release: caiq.ReleaseNDA},
		},
		CUECs: []caiq.Duty{{ID: "D-1", Release: public, Addresses: []caiq.Address{{Ref: "caiq-4.1/IAM-13.1"}}}},
		Uses: []caiq.Use{{
			CSOCs:    []caiq.Duty{{ID: "S-1", Release: public, Addresses: []caiq.Address{{Ref: "ccm-4.1/DCS-01"}}}},
			Evidence: []caiq.Evidence{{ID: "e", Kind: caiq.Statement, Reviewed: day("2026-03-01"), ReliableUntil: day("2027-03-01"), Release: caiq.ReleaseNDA}},
		}},
		Exclusions: []caiq.Exclusion{{Release: public, Addresses: []caiq.Address{{Ref: "caiq-4.1/DCS-05.1"}}}},
		Answers:    []caiq.DirectAnswer{{Question: "caiq-4.1/IPY-02.1", Release: public}},
		Facts:      []caiq.Fact{{ID: "name", Release: public}},
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("resolved (-want +got):\n%s", diff)
	}
}

func TestResolve_unknownReleaseLetsNothingOut(t *testing.T) {
	t.Parallel()
	p := &caiq.Profile{Release: "open", Controls: []caiq.CompanyControl{{ID: "C-1"}}}
	resolve(p)
	if got := p.Controls[0].Release; got != caiq.ReleaseInternal {
		t.Errorf("a control of a profile with an unknown class has %q", got)
	}
}
