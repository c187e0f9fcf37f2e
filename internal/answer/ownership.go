package answer

import "caique/internal/caiq"

// ownership follows who performs a control, not who proves it: we, a provider
// we use, the customer.
func ownership(ours, provider, customer bool) caiq.Ownership {
	switch {
	case customer && !ours && !provider:
		return caiq.OwnerCSC
	case customer:
		return caiq.OwnerSharedCSC
	case ours && provider:
		return caiq.OwnerSharedThird
	case provider:
		return caiq.OwnerThirdParty
	case ours:
		return caiq.OwnerCSP
	default:
		return caiq.OwnerNone
	}
}
