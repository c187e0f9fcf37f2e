package caiq

import "strings"

// Release is the widest audience a fact may go to.
type Release string

// Release classes, from widest to narrowest. An audience sees the facts of its
// own class and of the wider ones.
const (
	ReleasePublic   Release = "public"
	ReleaseNDA      Release = "nda"
	ReleaseInternal Release = "internal"
)

func (r Release) rank() int {
	switch r {
	case ReleasePublic:
		return 0
	case ReleaseNDA:
		return 1
	default:
		return 2 // internal, and anything unknown
	}
}

// VisibleTo reports whether a fact of class r may go to the audience.
func (r Release) VisibleTo(audience Release) bool { return r.rank() <= audience.rank() }

// Valid reports whether r is one of the three classes.
func (r Release) Valid() bool {
	return r == ReleasePublic || r == ReleaseNDA || r == ReleaseInternal
}

// Profile is one party's posture. One YAML file each; after loading, every
// reference is complete ("ccm-4.1/IAM-13") and defaults are filled in.
type Profile struct {
	Schema int    `yaml:"schema"` // 1
	ID     string `yaml:"id"`     // file name without .yaml
	Name   string `yaml:"name"`   // "Example Cloud, Inc."
	// Short is how prose names the party: "Example Cloud", "AWS".
	Short   string `yaml:"short"`
	Service string `yaml:"service"` // the system that answers are about
	// Model is the service model: "iaas", "paas" or "saas".
	Model string `yaml:"model"`
	// CCM is the version that short references use: "4.1" makes "IAM-13" mean
	// ccm-4.1/IAM-13 and "IAM-13.1" mean caiq-4.1/IAM-13.1.
	CCM string `yaml:"ccm"`
	// PreparedBy is "self" (default) or "assessor": written by somebody else
	// from public sources. An assessor's text speaks in the third person.
	PreparedBy string `yaml:"prepared_by,omitempty"`
	// Request is where to look or what to ask for where an assessor's profile says
	// nothing, as an instruction: "ask Acme for its SOC 2 Type II report".
	Request string `yaml:"request,omitempty"`
	// Release is the class of controls, CUECs and answers that name none
	// themselves; "public" when absent. Evidence defaults to "nda".
	Release Release `yaml:"release,omitempty"`

	Evidence   []Evidence       `yaml:"evidence,omitempty"`
	Controls   []CompanyControl `yaml:"controls,omitempty"`
	CUECs      []Duty           `yaml:"cuecs,omitempty"`
	Uses       []Use            `yaml:"uses,omitempty"`
	Exclusions []Exclusion      `yaml:"exclusions,omitempty"`
	Answers    []DirectAnswer   `yaml:"answers,omitempty"`
	Facts      []Fact           `yaml:"facts,omitempty"`
}

// Assessed reports whether somebody else wrote the profile about the party.
func (p *Profile) Assessed() bool { return p.PreparedBy == "assessor" }

// ControlByID returns the company control, or nil.
func (p *Profile) ControlByID(id string) *CompanyControl {
	for i := range p.Controls {
		if p.Controls[i].ID == id {
			return &p.Controls[i]
		}
	}
	return nil
}

// EvidenceByID returns the evidence, or nil.
func (p *Profile) EvidenceByID(id string) *Evidence {
	for i := range p.Evidence {
		if p.Evidence[i].ID == id {
			return &p.Evidence[i]
		}
	}
	return nil
}

// EvidenceKind is what sort of document proves a control.
type EvidenceKind string

// The kinds of evidence.
const (
	SOC2Type2    EvidenceKind = "soc2-type2"
	SOC2Type1    EvidenceKind = "soc2-type1"
	ISO27001     EvidenceKind = "iso27001"
	ISO27017     EvidenceKind = "iso27017"
	ISO27018     EvidenceKind = "iso27018"
	ISO22301     EvidenceKind = "iso22301"
	BridgeLetter EvidenceKind = "bridge-letter" // management's, extends a SOC 2 report
	Pentest      EvidenceKind = "pentest"
	Policy       EvidenceKind = "policy"
	Statement    EvidenceKind = "statement"
)

// SOC2 reports whether the kind is a SOC 2 report.
func (k EvidenceKind) SOC2() bool { return k == SOC2Type1 || k == SOC2Type2 }

// Level orders evidence by how much it shows.
type Level int

// Levels of evidence, ascending.
const (
	LevelNone      Level = iota
	LevelStated          // implemented, named owner, not audited
	LevelReported        // a report or certificate exists that nobody here has read: Evidence.Confirm
	LevelDesigned        // SOC 2 Type I: design at a point in time
	LevelCertified       // ISO certificate with scope
	LevelTested          // SOC 2 Type II: operation over a period
)

// String names the level as DESIGN and the API do.
func (l Level) String() string {
	return [...]string{"none", "stated", "reported", "designed", "certified", "tested"}[l]
}

// Level returns what evidence of the kind shows to whoever has read it.
func (k EvidenceKind) Level() Level {
	switch k {
	case SOC2Type2:
		return LevelTested
	case ISO27001, ISO27017, ISO27018, ISO22301:
		return LevelCertified
	case SOC2Type1:
		return LevelDesigned
	default: // bridge letters, pen tests, policies and statements are management's or partial
		return LevelStated
	}
}

// Opinion is the service auditor's conclusion (AT-C section 205).
type Opinion string

// Opinions of a service auditor.
const (
	Unqualified Opinion = "unqualified"
	Qualified   Opinion = "qualified"
	Adverse     Opinion = "adverse"
	Disclaimer  Opinion = "disclaimer"
)

// Evidence is what proves controls: a report, certificate, letter or document.
type Evidence struct {
	ID     string       `yaml:"id"`
	Kind   EvidenceKind `yaml:"kind"`
	Title  string       `yaml:"title"`  // "SOC 2 Type II report"
	Issuer string       `yaml:"issuer"` // auditor, certification body or owner
	// System, Services and Regions are what is in scope; empty Services or
	// Regions means all that the party offers.
	System   string   `yaml:"system,omitempty"`
	Services []string `yaml:"services,omitempty"`
	Regions  []string `yaml:"regions,omitempty"`
	// Categories in scope of a SOC 2 report.
	Categories []Category `yaml:"categories,omitempty"`
	Opinion    Opinion    `yaml:"opinion,omitempty"`
	// NotMet lists criteria on which the opinion is qualified.
	NotMet []string `yaml:"not_met,omitempty"`
	// From and To bound a Type II period; AsOf dates everything else.
	From   Date `yaml:"from,omitempty"`
	To     Date `yaml:"to,omitempty"`
	AsOf   Date `yaml:"as_of,omitempty"`
	Issued Date `yaml:"issued,omitempty"`
	// ReliableUntil defaults to twelve months after To, or after AsOf.
	ReliableUntil Date `yaml:"reliable_until,omitempty"`
	// Bridges names the SOC 2 report that a bridge letter extends.
	Bridges string `yaml:"bridges,omitempty"`
	// Deviations are exceptions the auditor noted, by company control.
	Deviations []Deviation `yaml:"deviations,omitempty"`
	// Owner, Document and Reviewed stand behind statements and policies.
	Owner    string `yaml:"owner,omitempty"`
	Document string `yaml:"document,omitempty"`
	Reviewed Date   `yaml:"reviewed,omitempty"`
	// Confirm is set for a report or certificate that whoever wrote the profile has
	// not read: what to compare first and where to get it. It then carries no date,
	// opinion or deviation, and shows nothing above LevelReported.
	Confirm string `yaml:"confirm,omitempty"`
	// Available is where a customer gets it, as a phrase that follows "available":
	// "on request under NDA", "from the trust page".
	Available string  `yaml:"available,omitempty"`
	Release   Release `yaml:"release,omitempty"` // default nda; policies and statements follow the profile
}

// Deviation is an exception noted by the auditor in the tests of one control.
type Deviation struct {
	Control string `yaml:"control"` // CompanyControl.ID
	// CriterionMet is false when the criterion was qualified because of it.
	CriterionMet bool   `yaml:"criterion_met"`
	Text         string `yaml:"text"`     // what the auditor found, one sentence
	Response     string `yaml:"response"` // management's response, one sentence
	// Remediated is the day management says it was put right.
	Remediated Date    `yaml:"remediated,omitempty"`
	Release    Release `yaml:"release,omitempty"` // default nda
}

// Status is whether a company control operates.
type Status string

// Statuses of a company control.
const (
	Implemented Status = "implemented"
	Planned     Status = "planned" // with Target
	Absent      Status = "absent"  // with Reason: the risk is accepted
	Failed      Status = "failed"  // with Reason
)

// CompanyControl is a control that a party really has, or knows it lacks.
type CompanyControl struct {
	ID    string `yaml:"id"` // "AC-03"
	Title string `yaml:"title"`
	// Statement says who does what, in one to three sentences that a customer can read.
	Statement string `yaml:"statement"`
	Owner     string `yaml:"owner"` // role, not person
	Status    Status `yaml:"status,omitempty"`
	Target    Date   `yaml:"target,omitempty"` // planned: by when
	// TargetRelease is the class of the target date; default internal.
	TargetRelease Release `yaml:"target_release,omitempty"`
	Reason        string  `yaml:"reason,omitempty"` // absent, failed, planned: why
	// Remedy says what is done instead or about it; No answers need it.
	Remedy string `yaml:"remedy,omitempty"`
	// Criteria are those that the SOC 2 report maps the control to.
	Criteria []string `yaml:"criteria,omitempty"`
	Evidence []string `yaml:"evidence,omitempty"` // Evidence.ID, each of which tests, certifies or states this control
	// Document and Reviewed stand behind a control without audited evidence.
	Document  string    `yaml:"document,omitempty"`
	Reviewed  Date      `yaml:"reviewed,omitempty"`
	Addresses []Address `yaml:"addresses"`
	Release   Release   `yaml:"release,omitempty"`
}

// Address says which control, part or question something speaks to, with words
// of its own where the general statement would not answer the question. In YAML
// a bare string or {ref: …, says: …}.
type Address struct {
	Ref  Ref    `yaml:"ref"`
	Says string `yaml:"says,omitempty"`
}

// UnmarshalYAML accepts a bare reference or a mapping with ref and says.
func (a *Address) UnmarshalYAML(unmarshal func(any) error) error {
	var ref string
	if unmarshal(&ref) == nil {
		*a = Address{Ref: Ref(strings.TrimSpace(ref))}
		return nil
	}
	type plain Address // without this method
	return unmarshal((*plain)(a))
}

// Duty is something a party expects of another: a CUEC of its customer, or a
// CSOC of a provider that its report carved out.
type Duty struct {
	ID        string    `yaml:"id"`
	Text      string    `yaml:"text"` // a full sentence, addressed to whoever has the duty
	Addresses []Address `yaml:"addresses"`
	// Services limits a provider's CUEC to users of any of these services.
	Services []string `yaml:"services,omitempty"`
	Release  Release  `yaml:"release,omitempty"`
}

// Use is a provider the party builds on.
type Use struct {
	Provider string `yaml:"provider"`         // Profile.ID
	For      string `yaml:"for"`              // what it does for the service, as a phrase: "hosting"
	Method   string `yaml:"method,omitempty"` // "carve-out" or "inclusive", as in the SOC 2 report
	// Services and Regions of the provider that the party uses.
	Services []string `yaml:"services,omitempty"`
	Regions  []string `yaml:"regions,omitempty"`
	// MonitoredBy is the company control that reviews the provider and its reports.
	MonitoredBy string `yaml:"monitored_by,omitempty"`
	// Evidence is the copies of the provider's reports that this review has read.
	// Each stands in for the provider's evidence of the same id; default release nda.
	Evidence []Evidence `yaml:"evidence,omitempty"`
	CSOCs    []Duty     `yaml:"csocs,omitempty"`
	// Covered and PassedOn answer the provider's CUECs that no company control
	// addresses by control: CUEC id → company control id, or → own CUEC id.
	Covered  map[string]string `yaml:"covered,omitempty"`
	PassedOn map[string]string `yaml:"passed_on,omitempty"`
	// Unmet says of the provider's CUECs that nobody meets why that is so: known
	// gaps, by CUEC id.
	Unmet map[string]string `yaml:"unmet,omitempty"`
}

// Exclusion declares controls or questions not applicable, with the reason.
type Exclusion struct {
	ID         string    `yaml:"id"`
	Addresses  []Address `yaml:"addresses"`
	Reason     string    `yaml:"reason"` // a full sentence for the customer
	ApprovedBy string    `yaml:"approved_by"`
	Date       Date      `yaml:"date"`
	Release    Release   `yaml:"release,omitempty"`
}

// DirectAnswer answers one question outright.
type DirectAnswer struct {
	Question    Ref       `yaml:"question"`
	Answer      Value     `yaml:"answer"`
	Ownership   Ownership `yaml:"ownership,omitempty"`
	Description string    `yaml:"description"`
	Customer    string    `yaml:"customer,omitempty"`
	Evidence    []string  `yaml:"evidence,omitempty"`
	Owner       string    `yaml:"owner"`
	Reviewed    Date      `yaml:"reviewed"`
	Release     Release   `yaml:"release,omitempty"`
}

// Fact is something about the party that questionnaires ask for outside
// controls: "legal_name", "headquarters", "security_contact".
type Fact struct {
	ID      string  `yaml:"id"`
	Title   string  `yaml:"title"`
	Value   string  `yaml:"value"`
	Release Release `yaml:"release,omitempty"`
}

// AssessorNotice says of an assessed profile whose words its answers are.
func (p *Profile) AssessorNotice() string {
	return "Prepared from public sources, not by " + p.Short + "; compare with its current publications before relying on it."
}
