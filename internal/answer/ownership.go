package answer

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

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

// What is expected of customers reaches a row only where it is asked there: where
// the profile gives it to the question, to one that asks the same, or to its own
// control; over a change, where the lineage says that the same people and systems
// are meant; and by wording, where the words themselves speak of customers. Else it
// may be asked of our staff or laptops alone, and a person has to say.

// customers returns what the profile expects of its customers in what the row
// asks, and what it expects of them in the questions that the answer was given to.
func (i *inquiry) customers() (asked, alike []hit[caiq.Duty]) {
	at := i.f.own.addresses()
	switch {
	case i.f.led != nil:
		at = append(at, i.f.led.shared()...)
	case i.recognised() || speaksOfCustomers(i.q.Text):
		at = append(at, i.r.addresses()...)
		if i.g.bundle != nil {
			at = append(at, i.g.bundle.shared()...)
		}
	}
	asked = hitsAt(i.v.cuecs, at)
	at = i.r.addresses()
	if i.g.bundle != nil {
		at = append(at, i.g.bundle.addresses()...)
	}
	for _, d := range hitsAt(i.v.cuecs, at) {
		if !holds(asked, d) {
			alike = append(alike, d)
		}
	}
	return asked, alike
}

// recognised reports whether the row is answered as the question that it was
// recognised as by more than its wording.
func (i *inquiry) recognised() bool {
	return i.q.Match.Kind != caiq.MatchFound && i.f.heard.Question == ""
}

// customerWords are those by which a question speaks of customers.
const customerWords = " customer customers tenant tenants client clients subscriber subscribers user users "

// speaksOfCustomers reports whether a question's own words do, or speak of the
// people whose data customers bring.
func speaksOfCustomers(text string) bool {
	words := caiq.NormalizeText(text)
	return strings.Contains(words, "data subject") || slices.ContainsFunc(strings.Fields(words), func(w string) bool {
		return strings.Contains(customerWords, " "+w+" ")
	})
}

// addresses returns the references under which something speaks to what stands here.
func (p *position) addresses() []caiq.Ref {
	at := slices.Concat(p.exact, p.controls)
	for _, part := range p.parts {
		at = append(at, withPart(p.controls, part.ID)...)
	}
	return at
}

// customerSteps returns what is expected of customers, and tells the basis.
func (i *inquiry) customerSteps() []hit[caiq.Duty] {
	asked, alike := i.customers()
	for _, d := range asked {
		i.step(caiq.StepCustomer, 1, own(i.v.profile, d.what.ID), "Expected of the customer (addresses %s).", d.at)
	}
	for _, d := range alike {
		i.step(caiq.StepCustomer, 1, own(i.v.profile, d.what.ID), "Not carried over: expected of the customer in %s.", d.at)
	}
	i.alike = alike
	return asked
}

// customerNeeds ask whether customers have a part that was not carried over.
func (i *inquiry) customerNeeds() []caiq.Need {
	var out []caiq.Need
	for _, d := range i.alike {
		out = append(out, need(codeCustomerPart, own(i.v.profile, d.what.ID),
			"%s is expected of customers in %s, and nothing says that this question asks for it: if it does, let it address the question too, or write the customer's part by hand.",
			d.what.ID, d.at))
	}
	return out
}
