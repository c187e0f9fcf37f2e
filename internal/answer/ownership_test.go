package answer_test

import (
	"testing"

	"caique/internal/caiq"
)

// The ownership table of the design: who performs, not who proves it.
func TestOwnershipFollowsWhoPerforms(t *testing.T) {
	t.Parallel()
	const q = "caiq-4.1/DCS-01.1"
	ours := control("PHY-01", at(q), documented())
	provider := uses(nil, "ccm-4.1/DCS-01")
	customer := cuec(duty("CUEC-01", "ccm-4.1/DCS-01"))
	tests := []struct {
		name     string
		options  []func(*caiq.Profile)
		value    caiq.Value
		owner    caiq.Ownership
		customer string
	}{
		{"ours alone", []func(*caiq.Profile){ours}, caiq.Yes, caiq.OwnerCSP, ""},
		{"ours and a provider", []func(*caiq.Profile){ours, provider}, caiq.Yes, caiq.OwnerSharedThird, ""},
		{"a provider alone", []func(*caiq.Profile){provider}, caiq.Yes, caiq.OwnerThirdParty, ""},
		{"ours and the customer", []func(*caiq.Profile){ours, customer}, caiq.Yes, caiq.OwnerSharedCSC, "You do CUEC-01."},
		{"a provider and the customer", []func(*caiq.Profile){provider, customer}, caiq.Yes, caiq.OwnerSharedCSC, "You do CUEC-01."},
		{"ours, a provider and the customer", []func(*caiq.Profile){ours, provider, customer}, caiq.Yes, caiq.OwnerSharedCSC, "You do CUEC-01."},
		{"the customer alone", []func(*caiq.Profile){customer}, "", caiq.OwnerCSC, "You do CUEC-01."},
		{"nobody known", nil, "", caiq.OwnerNone, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := propose(t, engine(t, knowledge(acme(tt.options...), provingHost())), q)
			if p.Value != tt.value || p.Ownership != tt.owner || p.Customer != tt.customer {
				t.Errorf("got %q %q %q, want %q %q %q", p.Value, p.Ownership, p.Customer, tt.value, tt.owner, tt.customer)
			}
		})
	}
}

func TestAThirdPartyIsNamedWhereTheCustomerSharesToo(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(uses(nil, "ccm-4.1/DCS-01"), cuec(duty("CUEC-01", "caiq-4.1/DCS-01.1"))), provingHost())
	p := propose(t, engine(t, k), "caiq-4.1/DCS-01.1")
	mustContain(t, p.Description, "We use CloudCo for hosting. CloudCo guards its sites.")
}

func TestACustomerAloneLeavesTheAnswerOpen(t *testing.T) {
	t.Parallel()
	p := propose(t, engine(t, knowledge(acme(cuec(duty("CUEC-01", "ccm-4.1/IAM-13"))))), "caiq-4.1/IAM-13.1")
	if p.Value != "" || p.Description != "" || deciding(p) != "customer_alone" {
		t.Errorf("got %+v, needs %v", p.Answer, p.Needs)
	}
	mustContain(t, p.Needs[0].Text, "Does the service offer")
}

// provingHost is cloudco with a tested control at its sites.
func provingHost(options ...func(*caiq.Profile)) *caiq.Profile {
	options = append([]func(*caiq.Profile){control("DC-01", at("ccm-4.1/DCS-01"), proved("soc2"), criteria("CC6.4"))}, options...)
	return cloudco(options...)
}

// What customers are expected to do reaches a row where it is asked there, and is
// else told to whoever reviews.
func TestTheCustomersPartReachesOnlyWhatIsAsked(t *testing.T) {
	t.Parallel()
	type options = []func(*caiq.Profile)
	const alike = "customer_part"
	signs := control("AC-01", at("ccm-4.1/IAM-13", "ccm-4.1/IAM-13#mfa", signIn, badges, location, "ccm-4.1/IAM-14"), proved("iso"))
	found := func(text string) func(*caiq.Question) {
		return func(q *caiq.Question) { q.Text, q.Match.Kind, q.Match.Probability = text, caiq.MatchFound, 0.99 }
	}
	heard := func(text string) func(*caiq.Question) {
		return func(q *caiq.Question) { q.Text, q.Match.Likely = text, likely("caiq-4.1/IAM-14.1", 0.9) }
	}
	kind := func(k caiq.MatchKind) func(*caiq.Question) {
		return func(q *caiq.Question) { q.Match.Kind, q.Match.Likely = k, likely(q.Match.Question, 0.9) }
	}
	tests := []struct {
		name     string
		address  string
		question string
		change   func(*caiq.Question)
		carried  bool
	}{
		{"at the question", "caiq-4.0/IAM-14.1", signIn, nil, true},
		{"at one that asks the same", "caiq-4.1/IAM-13.1", signIn, nil, true},
		{"at its control under another version", "ccm-4.1/IAM-13", signIn, nil, true},
		{"at a question that asks something alike", signIn, pieced, nil, false},
		{"at the control of one", "ccm-4.1/IAM-13", pieced, nil, false},
		{"at one of which the same people and systems are meant", signIn, halfShown, nil, true},
		{"at the control of that one", "ccm-4.1/IAM-13", halfShown, nil, true},
		{"at the question itself, though the answer was given to others", pieced, pieced, nil, true},
		{"at the one question in which it continues", "ccm-4.1/IAM-14", "caiq-3.1/IAM-12.4", nil, false},
		{"at a question that control and wording lead to", "caiq-4.1/IAM-14.1", "caiq-3.1/IAM-12.1", heard("Do passwords expire?"), false},
		{"at that, and the words speak of customers", "caiq-4.1/IAM-14.1", "caiq-3.1/IAM-12.1", heard("Do the passwords of tenants expire?"), true},
		{"at a question found by its wording", signIn, signIn, found("Is MFA enforced for workforce access?"), false},
		{"at one found by wording that speaks of customers", signIn, signIn, found("Can customers require MFA?"), true},
		{"at one whose text was changed", signIn, signIn, kind(caiq.MatchChanged), true},
		{"at one that a reviewer picked", signIn, signIn, kind(caiq.MatchPicked), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := known(tt.question)
			if tt.change != nil {
				tt.change(q)
			}
			p := engine(t, knowledge(acme(options{signs, cuec(duty("CUEC-01", tt.address))}...))).Propose(q)
			checkProposal(t, p)
			owner, customer := caiq.OwnerCSP, ""
			if tt.carried {
				owner, customer = caiq.OwnerSharedCSC, "You do CUEC-01."
			}
			if p.Value != caiq.Yes || p.Ownership != owner || p.Customer != customer {
				t.Errorf("got %s, %s, %q; needs %v", p.Value, p.Ownership, p.Customer, p.Needs)
			}
			if hasNeed(p, alike) == tt.carried {
				t.Errorf("needs %v", p.Needs)
			}
		})
	}
}
