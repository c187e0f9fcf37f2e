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

func TestABadgeDoesNotProveAPassword(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(control("PHY-01", at("ccm-4.1/DCS-01"), proved("soc2", "iso"), criteria("CC6.1", "CC6.4"))))
	p := propose(t, engine(t, k), "caiq-4.1/IAM-14.1")
	if !p.Blank() {
		t.Errorf("a badge control answered a question on passwords: %+v", p.Answer)
	}
	if diff := cmp.Diff([]string{"PHY-01 (shares CC6.1)"}, p.Candidates); diff != "" {
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
	if len(p.Candidates) != 8 || p.Candidates[0] != "Z-02 (shares CC6.2, CC6.1)" || p.Candidates[1] != "Z-01 (shares CC6.1)" {
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
	q.Match.Likely = likely("caiq-4.1/IAM-14.1", 0.4)
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
