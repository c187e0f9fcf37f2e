package mapping

import (
	"fmt"
	"path"
	"strings"

	"caique/internal/caiq"
)

// DutyState says what became of something that one party expects of another.
type DutyState string

// States of a duty.
const (
	DutyAddressed DutyState = "addressed" // a control speaks to the same CCM control
	DutyCovered   DutyState = "covered"   // declared covered by a control
	DutyPassedOn  DutyState = "passed_on" // our own customers have it
	DutyUnmet     DutyState = "unmet"     // nobody has it
)

// Duty is a provider's CUEC as it bears on the profile that uses it, or a CSOC
// of that profile as the provider meets it.
type Duty struct {
	ID       string    `json:"id"`
	Provider string    `json:"provider"` // Profile.ID
	Name     string    `json:"name"`     // how sentences name the provider
	Of       string    `json:"of"`       // who has the duty: Profile.ID
	Text     string    `json:"text"`
	State    DutyState `json:"state"`
	By       []string  `json:"by,omitempty"`  // controls or CUECs that answer it
	Why      string    `json:"why,omitempty"` // why nobody meets it, where that is known
}

// String says who expects what and what became of it.
func (d Duty) String() string {
	expected := "by"
	if d.Of == d.Provider {
		expected = "of"
	}
	said := fmt.Sprintf("%s (%s, expected %s %s)", d.Text, d.ID, expected, d.Name)
	switch {
	case d.State != DutyUnmet:
		return said + ": " + d.state() + " by " + strings.Join(d.By, ", ")
	case d.Why != "":
		return said + ": " + d.Why
	default:
		return said
	}
}

func (d Duty) state() string { return strings.ReplaceAll(string(d.State), "_", " ") }

// Load reads a profile, resolved, without the ones it uses.
func (l *Library) Load(source ProfileSource) (*caiq.Profile, error) {
	return l.answering(source, newParty())
}

// Duties matches, for every provider that the profile uses, what the provider
// expects of its customers with the profile's controls, and what the profile's
// report expects of the provider with the provider's.
func (l *Library) Duties(source ProfileSource) ([]Duty, error) {
	pt, err := l.party(source)
	if err != nil {
		return nil, err
	}
	c, user := newCatalogue(l), pt.profiles[pt.first]
	var all []Duty
	for _, u := range user.Uses {
		provider := pt.profiles[u.Provider]
		for _, d := range provider.CUECs {
			if concerns(d, u) {
				all = append(all, c.cuec(user, u, provider, d))
			}
		}
		for _, d := range u.CSOCs {
			all = append(all, c.csoc(provider, d))
		}
	}
	return all, nil
}

// cuec is what becomes of a provider's CUEC.
func (c *catalogue) cuec(user *caiq.Profile, u caiq.Use, provider *caiq.Profile, d caiq.Duty) Duty {
	duty := Duty{ID: d.ID, Provider: provider.ID, Name: provider.Short, Of: user.ID, Text: d.Text, State: DutyUnmet}
	switch {
	case u.Covered[d.ID] != "":
		duty.State, duty.By = DutyCovered, []string{u.Covered[d.ID]}
	case u.PassedOn[d.ID] != "":
		duty.State, duty.By = DutyPassedOn, []string{u.PassedOn[d.ID]}
	default:
		c.meet(&duty, user, d)
	}
	if duty.State == DutyUnmet {
		duty.Why = u.Unmet[d.ID]
	}
	return duty
}

// csoc is what becomes of an expectation of the provider.
func (c *catalogue) csoc(provider *caiq.Profile, d caiq.Duty) Duty {
	duty := Duty{ID: d.ID, Provider: provider.ID, Name: provider.Short, Of: provider.ID, Text: d.Text, State: DutyUnmet}
	c.meet(&duty, provider, d)
	return duty
}

// meet finds the implemented controls of a party that address the same CCM
// controls as a duty.
func (c *catalogue) meet(duty *Duty, p *caiq.Profile, d caiq.Duty) {
	wanted := c.controlsAddressed(d.Addresses)
	for i := range p.Controls {
		control := &p.Controls[i]
		if control.Status == caiq.Implemented && overlap(c.controlsAddressed(control.Addresses), wanted) {
			duty.State = DutyAddressed
			duty.By = append(duty.By, control.ID)
		}
	}
}

func overlap(a, b map[caiq.Ref]bool) bool {
	for ref := range b {
		if a[ref] {
			return true
		}
	}
	return false
}

// ProfileID is the id that a profile in the file must have: its name without
// .yaml. Names that are no ids are refused.
func ProfileID(file string) (string, error) {
	base := path.Base(strings.ReplaceAll(file, `\`, "/"))
	id, ok := strings.CutSuffix(base, ".yaml")
	if !ok || !packName.MatchString(id) {
		return "", caiq.Errorf(caiq.Invalid, "bad_profile_name", "%s cannot hold a profile: its name must be an id in lower case and end in .yaml", file).
			WithHint("for example acme.yaml or acme-cloud.yaml")
	}
	return id, nil
}
