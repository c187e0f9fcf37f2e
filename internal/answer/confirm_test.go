package answer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

func likely(ref caiq.Ref, p float64) []caiq.Likelihood {
	return []caiq.Likelihood{{Question: ref, Probability: p}}
}

// What hangs on a control or an identifier alone needs the row's own words.
func TestWordsConfirmWhatARowWasRecognisedAs(t *testing.T) {
	t.Parallel()
	type options = []func(*caiq.Profile)
	certified := options{control("AC-01", at("ccm-4.1/IAM-13", "ccm-4.1/IAM-13#mfa", "ccm-4.1/IAM-14"), proved("iso"))}
	const old = "caiq-3.1/IAM-12.1" // under a control that leads to IAM-13 and IAM-14
	tests := []struct {
		name     string
		profile  options
		question string
		kind     caiq.MatchKind
		likely   []caiq.Likelihood
		want     verdict
	}{
		{"nobody looked at the words", certified, old, caiq.MatchKnown, nil, verdict{"", caiq.BandWeak, "control_only"}},
		{"they ask a question of a control of the chain", certified, old, caiq.MatchKnown, likely("caiq-4.1/IAM-14.1", 0.9), verdict{caiq.Yes, caiq.BandPartial, "control_only"}},
		{"they may ask it", certified, old, caiq.MatchKnown, likely("caiq-4.1/IAM-14.1", 0.6), verdict{"", caiq.BandWeak, "control_only"}},
		{"they ask a question of another control", certified, old, caiq.MatchKnown, likely("caiq-4.1/GRC-01.1", 0.99), verdict{"", caiq.BandWeak, "control_only"}},
		{
			"they ask something planned beside something in place",
			options{control("AC-01", at("ccm-4.1/IAM-13"), proved("iso")), control("AC-02", at("ccm-4.1/IAM-14"), status(caiq.Planned))},
			old, caiq.MatchKnown, likely("caiq-4.1/IAM-14.1", 0.9),
			verdict{caiq.No, caiq.BandPartial, "control_only"},
		},
		{
			"they ask something in place beside something that nobody addresses",
			options{control("AC-01", at("ccm-4.1/IAM-14"), proved("iso"))},
			old, caiq.MatchKnown, likely("caiq-4.1/IAM-14.1", 0.9),
			verdict{caiq.Yes, caiq.BandPartial, "control_only"},
		},
		{
			"what they ask is declared not applicable",
			options{excludes("X-1", "2026-01-10", "caiq-4.1/IAM-14.1")},
			old, caiq.MatchKnown, likely("caiq-4.1/IAM-14.1", 0.9),
			verdict{"", caiq.BandWeak, "question_differs"},
		},
		{
			"a duty of customers alone names no owner",
			options{cuec(duty("CUEC-01", "ccm-3.0.1/IAM-12"))},
			old, caiq.MatchKnown, nil,
			verdict{"", caiq.BandWeak, "control_only"},
		},
		{
			"a duty given to a question without a control",
			options{cuec(duty("CUEC-01", "caiq-1.1/CO-01.1"))},
			"caiq-1.1/CO-01.1", caiq.MatchKnown, nil,
			verdict{"", caiq.BandWeak, "control_only"},
		},
		{"a changed text that asks the same", certified, "caiq-4.1/IAM-14.1", caiq.MatchChanged, likely("caiq-4.1/IAM-14.1", 0.3), verdict{caiq.Yes, caiq.BandPartial, "text_changed"}},
		{"that asks its predecessor", certified, "caiq-4.1/IAM-14.1", caiq.MatchChanged, likely("caiq-4.0/IAM-02.1", 0.9), verdict{caiq.Yes, caiq.BandPartial, "text_changed"}},
		{"that asks something else of the control", certified, "caiq-4.1/IAM-13.1", caiq.MatchChanged, likely("caiq-4.1/IAM-13.2", 0.9), verdict{"", caiq.BandWeak, "text_changed"}},
		{"that asks nothing known", certified, "caiq-4.1/IAM-14.1", caiq.MatchChanged, nil, verdict{"", caiq.BandWeak, "text_changed"}},
		{
			"that asks nothing known, of a question answered outright",
			options{answers(caiq.DirectAnswer{Question: "caiq-4.1/IAM-14.1", Answer: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "Yes."})},
			"caiq-4.1/IAM-14.1", caiq.MatchChanged, nil,
			verdict{"", caiq.BandWeak, "text_changed"},
		},
		{"that asks nothing known, of a question nobody addresses", nil, "caiq-4.1/IAM-14.1", caiq.MatchChanged, nil, verdict{"", caiq.BandNone, "no_control"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := known(tt.question)
			q.Match.Kind, q.Match.Likely = tt.kind, tt.likely
			p := engine(t, knowledge(acme(tt.profile...))).Propose(q)
			checkProposal(t, p)
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
			if p.Value == "" && p.Ownership != caiq.OwnerNone {
				t.Errorf("nobody answers it, yet %s owns it", p.Ownership)
			}
		})
	}
}

func TestARowReachedByItsControlNamesWhatItIsAnsweredAs(t *testing.T) {
	t.Parallel()
	e := engine(t, knowledge(acme(control("AC-01", at("ccm-4.1/IAM-14"), proved("iso")))))
	q := known("caiq-3.1/IAM-12.1")
	q.Match.Likely = likely("caiq-4.1/IAM-14.1", 0.9)
	if p := e.Propose(q); p.Question != "caiq-3.1/IAM-12.1" || !hasStep(p, caiq.StepMatch, "caiq-4.1/IAM-14.1") {
		t.Errorf("got %s, basis %v", p.Question, p.Basis)
	}
	q.Match.Likely = likely("caiq-4.1/GRC-01.1", 0.9)
	if p := e.Propose(q); !cmp.Equal(p.Candidates, []string{"caiq-4.1/GRC-01.1 (0.90)"}) {
		t.Errorf("candidates %q", p.Candidates)
	}
}

// Where a lineage says that nothing of version 4 asks it, a control does not
// answer a question, however well the words fit; its own address does.
func TestALineageThatEndsIsNotAnsweredByTheControl(t *testing.T) {
	t.Parallel()
	byControl := control("AC-01", at("ccm-4.1/IAM-13", "ccm-4.1/IAM-13#mfa", "ccm-4.1/IAM-14"), proved("iso"))
	own := control("AC-02", at("caiq-3.1/IAM-12.2"), proved("iso"))
	tests := []struct {
		name, question string
		profile        []func(*caiq.Profile)
		want           verdict
	}{
		{"a question that was dropped", "caiq-3.1/IAM-12.2", []func(*caiq.Profile){byControl}, verdict{"", caiq.BandWeak, "control_only"}},
		{"one that continues in it", "caiq-3.0.1/IAM-12.2", []func(*caiq.Profile){byControl}, verdict{"", caiq.BandWeak, "control_only"}},
		{"one that continues elsewhere too", "caiq-3.0.1/IAM-12.3", []func(*caiq.Profile){byControl}, verdict{caiq.Yes, caiq.BandPartial, "control_only"}},
		{"one with words of its own", "caiq-3.1/IAM-12.2", []func(*caiq.Profile){byControl, own}, verdict{caiq.Yes, caiq.BandPartial, "no_crosswalk"}},
		{"one that nobody addresses", "caiq-3.1/IAM-12.2", nil, verdict{"", caiq.BandNone, "no_control"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := known(tt.question)
			q.Match.Likely = likely("caiq-4.1/IAM-14.1", 0.99)
			p := engine(t, knowledge(acme(tt.profile...))).Propose(q)
			checkProposal(t, p)
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
		})
	}
	p := engine(t, knowledge(acme(byControl))).Propose(known("caiq-3.0.1/IAM-12.2"))
	if !hasStep(p, caiq.StepLineage, "caiq-3.1/IAM-12.2") {
		t.Errorf("the end of the lineage is not told: %v", p.Basis)
	}
}

// A lineage that leads to one question of version 4 needs no word of the row: what
// is known of that question's control answers it, capped and with its parts.
func TestALineageLeadsToAQuestionAnsweredByItsControl(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		profile func(*caiq.Profile)
		want    verdict
	}{
		{"in place", control("AC-01", at("ccm-4.1/IAM-14"), proved("iso")), verdict{caiq.Yes, caiq.BandPartial, "question_differs"}},
		{"planned", control("AC-01", at("ccm-4.1/IAM-14"), status(caiq.Planned)), verdict{caiq.No, caiq.BandPartial, "question_differs"}},
		{"not applicable, which carries over no change", excludes("X-1", "2026-01-10", "ccm-4.1/IAM-14"), verdict{"", caiq.BandNone, "no_control"}},
		{"another control of the chain", control("AC-01", at("ccm-4.1/IAM-13"), proved("iso")), verdict{"", caiq.BandWeak, "control_only"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := engine(t, knowledge(acme(tt.profile))).Propose(known("caiq-3.1/IAM-12.4"))
			checkProposal(t, p)
			if diff := cmp.Diff(tt.want, verdictOf(p)); diff != "" {
				t.Errorf("-want +got:\n%s\nneeds %v", diff, p.Needs)
			}
			if p.Value != "" && !hasStep(p, caiq.StepLineage, "caiq-4.0/IAM-02.1") {
				t.Errorf("basis %v", p.Basis)
			}
		})
	}
}

func TestUnsure(t *testing.T) {
	t.Parallel()
	e := engine(t, knowledge(acme(control("AC-01", at("ccm-4.1/IAM-14", "caiq-3.1/DCS-09.1"), proved("iso")))))
	tests := []struct {
		name, question string
		kind           caiq.MatchKind
		want           bool
	}{
		{"a question of version 4", "caiq-4.0/IAM-14.1", caiq.MatchKnown, false},
		{"whose text was changed", "caiq-4.0/IAM-14.1", caiq.MatchChanged, true},
		{"an older one that has its control alone", "caiq-3.1/IAM-12.1", caiq.MatchKnown, true},
		{"one that has an address of its own", "caiq-3.1/DCS-09.1", caiq.MatchKnown, false},
		{"one without a control", "caiq-1.1/CO-01.1", caiq.MatchKnown, false},
		{"a row that was not recognised", "", caiq.MatchNone, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := known(tt.question)
			q.Match.Kind = tt.kind
			if got := e.Unsure(q); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
