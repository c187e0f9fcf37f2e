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
