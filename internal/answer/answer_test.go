package answer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/answer"
	"caique/internal/caiq"
)

func mustContain(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, w := range wants {
		if !strings.Contains(text, w) {
			t.Errorf("%q\nlacks %q", text, w)
		}
	}
}

func mustLack(t *testing.T, text string, unwanted ...string) {
	t.Helper()
	for _, u := range unwanted {
		if strings.Contains(text, u) {
			t.Errorf("%q\nholds %q", text, u)
		}
	}
}

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
			verdict{caiq.Yes, caiq.BandSupported, ""},
		},
		{
			"nor where the question itself is answered",
			options{
				control("GOV-01", at("caiq-4.1/GRC-01.2"), proved("iso")),
				control("GOV-02", at("ccm-4.1/GRC-01#annual-review"), status(caiq.Planned)),
			},
			"caiq-4.1/GRC-01.2",
			verdict{caiq.Yes, caiq.BandSupported, ""},
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

func TestABadgeDoesNotProveAPassword(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(control("PHY-01", at("ccm-4.1/DCS-01"), proved("soc2", "iso"), criteria("CC6.1", "CC6.4"))))
	p := propose(t, engine(t, k), "caiq-4.1/IAM-14.1")
	if !p.Blank() {
		t.Errorf("a badge control answered a question on passwords: %+v", p.Answer)
	}
	if diff := cmp.Diff([]string{"PHY-01 (CC6.1)"}, p.Candidates); diff != "" {
		t.Errorf("candidates -want +got:\n%s", diff)
	}
}

func TestCandidatesAreRankedAndBounded(t *testing.T) {
	t.Parallel()
	options := []func(*caiq.Profile){control("Z-03", criteria("CC6.1", "CC6.2"), status(caiq.Planned)), control("Z-01", criteria("CC6.1")), control("Z-02", criteria("CC6.2", "CC6.1"))}
	for range 9 {
		options = append(options, control("Y-01", criteria("CC6.1")))
	}
	p := propose(t, engine(t, knowledge(acme(options...))), "caiq-4.1/IAM-13.1")
	if len(p.Candidates) != 8 || p.Candidates[0] != "Z-02 (CC6.2, CC6.1)" || p.Candidates[1] != "Z-01 (CC6.1)" {
		t.Errorf("got %q", p.Candidates)
	}
}

func TestDirectAnswers(t *testing.T) {
	t.Parallel()
	const q = "caiq-4.1/IAM-14.1"
	type options = []func(*caiq.Profile)
	tests := []struct {
		name    string
		options options
		want    verdict
		owner   caiq.Ownership
	}{
		{
			"without evidence: partial",
			options{answers(caiq.DirectAnswer{Question: q, Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "Yes, we do."})},
			verdict{caiq.Yes, caiq.BandPartial, "not_audited"},
			caiq.OwnerCSP,
		},
		{
			"with a report that carries the control: supported",
			options{answers(caiq.DirectAnswer{Question: q, Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "Yes.", Evidence: []string{"soc2"}})},
			verdict{caiq.Yes, caiq.BandSupported, ""},
			caiq.OwnerCSP,
		},
		{
			"its owner follows from who performs where it names none",
			options{
				answers(caiq.DirectAnswer{Question: q, Answer: caiq.Yes, Description: "Yes.", Evidence: []string{"iso"}}),
				cuec(duty("CUEC-01", "ccm-4.1/IAM-14")),
			},
			verdict{caiq.Yes, caiq.BandSupported, ""},
			caiq.OwnerSharedCSC,
		},
		{
			"it goes before controls and exclusions",
			options{
				answers(caiq.DirectAnswer{Question: q, Answer: caiq.No, Ownership: caiq.OwnerCSP, Description: "No, and here is why."}),
				control("AC-01", at(q), proved("iso")), excludes("EXC-01", "2026-01-10", q),
			},
			verdict{caiq.No, caiq.BandPartial, "not_audited"},
			caiq.OwnerCSP,
		},
		{
			"one that breaks a column rule stays blank",
			options{answers(caiq.DirectAnswer{Question: q, Answer: caiq.NA, Ownership: caiq.OwnerCSP, Description: "None."})},
			verdict{"", caiq.BandWeak, "column_rule"},
			caiq.OwnerNone,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.options...))), q)
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" || p.Ownership != tt.owner {
				t.Errorf("owner %q, -want +got:\n%s", p.Ownership, diff)
			}
		})
	}
}

func TestSOC2DoesNotCarryADirectAnswerOnAMissingPart(t *testing.T) {
	t.Parallel()
	const q = "caiq-4.1/IAM-13.1"
	a := caiq.DirectAnswer{Question: q, Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "Yes.", Evidence: []string{"soc2"}}
	if p := propose(t, engine(t, knowledge(acme(answers(a)))), q); p.Band != caiq.BandPartial {
		t.Errorf("band %s", p.Band)
	}
}

func TestRowsThatAreNotRecognisedStayBlank(t *testing.T) {
	t.Parallel()
	e := engine(t, knowledge(acme(control("AC-01", at("ccm-4.1/IAM-14"), proved("iso")))))
	tests := []struct {
		name  string
		match caiq.Match
		need  string
	}{
		{"no match", caiq.Match{Kind: caiq.MatchNone}, "unknown_question"},
		{"the zero match", caiq.Match{}, "unknown_question"},
		{"several", caiq.Match{Kind: caiq.MatchAmbiguous, Candidates: []caiq.Ref{"caiq-4.1/IAM-13.1", "caiq-4.1/IAM-14.1"}}, "ambiguous_question"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := e.Propose(&caiq.Question{Key: "custom/S!B2", Text: "Passwords?", Sheet: "S", Cell: "B2", Match: tt.match})
			checkProposal(t, p)
			if !p.Blank() || p.Band != caiq.BandNone || deciding(p) != tt.need || p.Question != "custom/S!B2" {
				t.Errorf("got %+v", p)
			}
			for _, c := range tt.match.Candidates {
				mustContain(t, p.Needs[0].Text, string(c))
			}
		})
	}
}

func TestAChangedTextCapsAtPartial(t *testing.T) {
	t.Parallel()
	e := engine(t, knowledge(acme(control("AC-01", at("ccm-4.1/IAM-14"), proved("iso")))))
	q := known("caiq-4.1/IAM-14.1")
	q.Match.Kind = caiq.MatchChanged
	p := e.Propose(q)
	checkProposal(t, p)
	if p.Value != caiq.Yes || p.Band != caiq.BandPartial || deciding(p) != "text_changed" || !hasStep(p, caiq.StepCap, "caiq-4.1/IAM-14.1") {
		t.Errorf("got %+v", p)
	}
}

func TestNewRefusesWhatItCannotAnswerFrom(t *testing.T) {
	t.Parallel()
	good := caiq.Options{AsOf: date(day), Audience: caiq.ReleaseNDA}
	bad := acme(answers(caiq.DirectAnswer{Question: "caiq-4.1/IAM-14.1"}))
	tests := []struct {
		name    string
		k       *caiq.Knowledge
		profile string
		opt     caiq.Options
		code    string
	}{
		{"no knowledge", nil, self, good, "no_knowledge"},
		{"an unknown profile", knowledge(acme()), "nobody", good, "unknown_profile"},
		{"no day", knowledge(acme()), self, caiq.Options{Audience: caiq.ReleaseNDA}, "no_as_of"},
		{"no audience", knowledge(acme()), self, caiq.Options{AsOf: date(day)}, "bad_audience"},
		{"a direct answer without a value", knowledge(bad), self, good, "bad_direct_answer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := answer.New(tt.k, tt.profile, tt.opt); caiq.CodeOf(err) != tt.code {
				t.Errorf("got %v", err)
			}
		})
	}
}
