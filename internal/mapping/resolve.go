package mapping

import (
	"strings"

	"caique/internal/caiq"
)

// reliableMonths is how long evidence is relied on after its period or date
// when it does not say so itself.
const reliableMonths = 12

// resolve fills in a profile's defaults and completes its short references.
func resolve(p *caiq.Profile) {
	setDefault(&p.Release, caiq.ReleasePublic)
	r := resolver{ccm: p.CCM, release: p.Release}
	if !r.release.Valid() {
		r.release = caiq.ReleaseInternal // a class nobody knows lets nothing out
	}
	if p.PreparedBy == "" {
		p.PreparedBy = "self"
	}
	r.evidence(p.Evidence)
	r.controls(p.Controls)
	r.duties(p.CUECs)
	for i := range p.Uses {
		r.duties(p.Uses[i].CSOCs)
		resolver{ccm: r.ccm, release: caiq.ReleaseNDA}.evidence(p.Uses[i].Evidence) // another party's documents
	}
	for i := range p.Exclusions {
		r.addresses(p.Exclusions[i].Addresses)
		setDefault(&p.Exclusions[i].Release, r.release)
	}
	for i := range p.Answers {
		p.Answers[i].Question = r.ref(p.Answers[i].Question)
		setDefault(&p.Answers[i].Release, r.release)
	}
	for i := range p.Facts {
		setDefault(&p.Facts[i].Release, r.release)
	}
}

type resolver struct {
	ccm     string
	release caiq.Release
}

func setDefault[T ~string](field *T, value T) {
	if *field == "" {
		*field = value
	}
}

func (r resolver) controls(cs []caiq.CompanyControl) {
	for i := range cs {
		c := &cs[i]
		setDefault(&c.Status, caiq.Implemented)
		setDefault(&c.Release, r.release)
		setDefault(&c.TargetRelease, caiq.ReleaseInternal)
		r.addresses(c.Addresses)
	}
}

func (r resolver) duties(ds []caiq.Duty) {
	for i := range ds {
		setDefault(&ds[i].Release, r.release)
		r.addresses(ds[i].Addresses)
	}
}

func (r resolver) addresses(as []caiq.Address) {
	for i := range as {
		as[i].Ref = r.ref(as[i].Ref)
	}
}

// ref completes a short reference with the profile's CCM version; one that
// names its set passes as it is.
func (r resolver) ref(short caiq.Ref) caiq.Ref {
	if short == "" || strings.Contains(string(short), "/") {
		return short
	}
	id, part, hasPart := strings.Cut(string(short), "#")
	id = caiq.NormalizeID(id)
	set := "ccm-" + r.ccm
	if caiq.ControlID(id) != "" {
		set = "caiq-" + r.ccm
	}
	if hasPart {
		id += "#" + part
	}
	return caiq.MakeRef(set, id)
}

func (r resolver) evidence(es []caiq.Evidence) {
	for i := range es {
		e := &es[i]
		setDefault(&e.Release, r.evidenceRelease(e.Kind))
		for j := range e.Deviations {
			setDefault(&e.Deviations[j].Release, caiq.ReleaseNDA)
		}
		if e.ReliableUntil.IsZero() && e.Confirm == "" {
			e.ReliableUntil = reliableUntil(e)
		}
	}
	extendByLetters(es)
}

func (r resolver) evidenceRelease(k caiq.EvidenceKind) caiq.Release {
	if k == caiq.Policy || k == caiq.Statement {
		return r.release
	}
	return caiq.ReleaseNDA
}

// reliableUntil is the day up to which evidence that names none is relied on.
// A bridge letter speaks for its own days alone; documents without a date of
// their own count from their last review.
func reliableUntil(e *caiq.Evidence) caiq.Date {
	if e.Kind == caiq.BridgeLetter {
		return e.To
	}
	for _, d := range []caiq.Date{e.To, e.AsOf, e.Reviewed} {
		if !d.IsZero() {
			return d.AddMonths(reliableMonths)
		}
	}
	return caiq.Date{}
}

// extendByLetters lets a bridge letter keep the report it names reliable to the
// letter's own end.
func extendByLetters(es []caiq.Evidence) {
	last := make(map[string]caiq.Date) // report → latest end of its letters
	for _, letter := range es {
		if letter.Kind == caiq.BridgeLetter && letter.To.After(last[letter.Bridges]) {
			last[letter.Bridges] = letter.To
		}
	}
	for i := range es {
		if to := last[es[i].ID]; es[i].Kind != caiq.BridgeLetter && es[i].Confirm == "" && to.After(es[i].ReliableUntil) {
			es[i].ReliableUntil = to
		}
	}
}
