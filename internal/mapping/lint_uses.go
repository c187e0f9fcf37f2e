package mapping

import (
	"errors"
	"slices"
	"strings"

	"caique/internal/caiq"
)

func (l *profileLint) use(at place, u caiq.Use) {
	if l.used.again(u.Provider) {
		at.field("provider").errorf("duplicate_use", "%s is used already; one entry per provider", clip(u.Provider))
		return
	}
	at.field("for").required(u.For)
	if u.Method != "" {
		oneOf(at.field("method"), u.Method, []string{"carve-out", "inclusive"})
	}
	if u.Method == "carve-out" && len(u.CSOCs) == 0 {
		at.warnf("csocs_missing", "a provider that the report carves out has controls which the report expects; list them in csocs")
	}
	l.monitored(at, u)
	for j, d := range u.CSOCs {
		l.duty(at.field("csocs").item(j), d, l.ids)
	}
	if provider := l.provider(at.field("provider"), u.Provider); provider != nil {
		provider = l.copies(at.field("evidence"), u, provider)
		scope(at.field("services"), provider, u.Services, func(e caiq.Evidence) []string { return e.Services })
		scope(at.field("regions"), provider, u.Regions, func(e caiq.Evidence) []string { return e.Regions })
		l.duties(at, u, provider)
		l.gaps(at.field("unmet"), u, provider)
		l.expectations(at.field("csocs"), u, provider)
	}
}

// copies checks the evidence of a provider that the profile's review has read,
// by the rules of any evidence, and returns the provider with it.
func (l *profileLint) copies(at place, u caiq.Use, provider *caiq.Profile) *caiq.Profile {
	read := withCopies(provider, u.Evidence)
	theirs := newProfileLint(l.catalogue, read, l.source)
	for i := range u.Evidence {
		e, at := &u.Evidence[i], at.item(i)
		theirs.evidence(at, e)
		own := provider.EvidenceByID(e.ID)
		switch {
		case own == nil:
			at.field("id").errorf("unknown_evidence", "%s has no evidence %q", provider.ID, clip(e.ID))
		case own.Kind != e.Kind:
			at.field("kind").errorf("other_kind", "%s of %s is %s", e.ID, provider.ID, own.Kind)
		}
		if e.Confirm != "" {
			at.field("confirm").errorf("confirm_misplaced", "here stand copies that were read; leave the entry out until this one is")
		}
	}
	return read
}

// scope warns of services or regions in use that no audited evidence of the
// provider covers; evidence that names none covers all.
func scope(at place, provider *caiq.Profile, used []string, covered func(caiq.Evidence) []string) {
	var all []string
	for _, e := range provider.Evidence {
		if e.Kind.Level() <= caiq.LevelStated {
			continue
		}
		if len(covered(e)) == 0 {
			return
		}
		all = append(all, covered(e)...)
	}
	for i, name := range used {
		if len(all) > 0 && !slices.Contains(all, name) {
			at.item(i).warnf("out_of_scope", "no report or certificate of %s covers %q", provider.ID, clip(name))
		}
	}
}

func (l *profileLint) monitored(at place, u caiq.Use) {
	c := l.controlByID[u.MonitoredBy]
	switch {
	case u.MonitoredBy == "":
		at.warnf("unmonitored", "name in monitored_by the control that reviews the provider and its reports; without one its part stays partial")
	case c == nil:
		at.field("monitored_by").errorf("unknown_control", "there is no company control %q", clip(u.MonitoredBy))
	case c.Status != caiq.Implemented:
		at.field("monitored_by").warnf("unmonitored", "%s is %s, so nobody reviews the provider", c.ID, c.Status)
	}
}

// provider loads the profile used, refusing circles; nil when it cannot be had.
func (l *profileLint) provider(at place, id string) *caiq.Profile {
	p, err := l.library.provider(l.source, newParty(), id)
	var malformed caiq.Problems
	switch {
	case id == "" || caiq.CodeOf(err) == "unknown_profile":
		at.errorf("unknown_profile", "there is no profile %q; built in are %s", clip(id), strings.Join(l.library.ProfileIDs(), ", "))
		return nil
	case errors.As(err, &malformed):
		at.errorf("unreadable_profile", "the profile cannot be read: %s", malformed[0])
		return nil
	case err != nil:
		at.errorf("unreadable_profile", "%s", err)
		return nil
	}
	if chain := l.circle(p, []string{l.profile.ID}); chain != nil {
		at.errorf("uses_cycle", "the profile uses itself: %s", strings.Join(chain, " → "))
		return nil
	}
	return p
}

// circle follows the uses of p and returns the way back to where the chain
// began; nil when there is none.
func (l *profileLint) circle(p *caiq.Profile, chain []string) []string {
	if slices.Contains(chain, p.ID) {
		if p.ID == chain[0] {
			return append(chain, p.ID)
		}
		return nil // a circle further down, reported where it begins
	}
	chain = append(slices.Clone(chain), p.ID)
	for _, u := range p.Uses {
		next, err := l.library.provider(l.source, newParty(), u.Provider)
		if err != nil {
			continue // reported in its own file
		}
		if found := l.circle(next, chain); found != nil {
			return found
		}
	}
	return nil
}

// duties matches what the provider expects of its customer with our controls:
// addressed, covered, passed on, or unmet.
func (l *profileLint) duties(at place, u caiq.Use, provider *caiq.Profile) {
	expected := make(map[string]bool)
	for _, d := range provider.CUECs {
		expected[d.ID] = true
		if concerns(d, u) && u.Unmet[d.ID] == "" && l.cuec(l.profile, u, provider, d).State == DutyUnmet {
			at.warnf("duty_unmet", "%s expects of its customer (%s): %s No control addresses that; name one in covered, in passed_on a CUEC for our own customers, or in unmet why nobody does", provider.Short, d.ID, d.Text)
		}
	}
	for _, id := range sortedKeys(u.Covered) {
		at := at.field("covered").key(id)
		at.expects(provider, expected, id)
		if c := l.controlByID[u.Covered[id]]; c == nil {
			at.errorf("unknown_control", "there is no company control %q", clip(u.Covered[id]))
		} else if c.Status != caiq.Implemented {
			at.errorf("not_covered", "%s is %s, so it covers nothing", c.ID, c.Status)
		}
	}
	for _, id := range sortedKeys(u.PassedOn) {
		at := at.field("passed_on").key(id)
		at.expects(provider, expected, id)
		if !slices.ContainsFunc(l.profile.CUECs, func(d caiq.Duty) bool { return d.ID == u.PassedOn[id] }) {
			at.errorf("unknown_cuec", "there is no CUEC %q in this profile", clip(u.PassedOn[id]))
		}
	}
}

// gaps checks the duties that are said to be met by nobody.
func (l *profileLint) gaps(at place, u caiq.Use, provider *caiq.Profile) {
	for _, id := range sortedKeys(u.Unmet) {
		at := at.key(id)
		at.required(u.Unmet[id])
		i := slices.IndexFunc(provider.CUECs, func(d caiq.Duty) bool { return d.ID == id })
		if i < 0 {
			at.errorf("unknown_cuec", "%s has no CUEC %q", provider.ID, clip(id))
		} else if duty := l.cuec(l.profile, u, provider, provider.CUECs[i]); duty.State != DutyUnmet {
			at.errorf("not_unmet", "%s is %s by %s: say so or that nobody meets it, not both", id, duty.state(), strings.Join(duty.By, ", "))
		}
	}
}

func (at place) expects(provider *caiq.Profile, expected map[string]bool, id string) {
	if !expected[id] {
		at.errorf("unknown_cuec", "%s has no CUEC %q", provider.ID, clip(id))
	}
}

// concerns reports whether a provider's CUEC is about services that are used.
func concerns(d caiq.Duty, u caiq.Use) bool {
	return len(d.Services) == 0 || len(u.Services) == 0 ||
		slices.ContainsFunc(d.Services, func(s string) bool { return slices.Contains(u.Services, s) })
}

// expectations matches what our report expects of the provider with its controls.
func (l *profileLint) expectations(at place, u caiq.Use, provider *caiq.Profile) {
	for i, d := range u.CSOCs {
		if len(d.Addresses) > 0 && l.csoc(provider, d).State == DutyUnmet {
			at.item(i).warnf("csoc_unmet", "no control of %s addresses what %s expects of it", provider.ID, d.ID)
		}
	}
}
