package caiq

import (
	"maps"
	"slices"
	"strings"
)

// FrameworkID names a control framework and version: "ccm-4.0", "tsc-2017".
type FrameworkID string

// Framework is a catalogue of controls or criteria. One YAML file of
// mappings/frameworks/ each.
type Framework struct {
	Schema   int         `yaml:"schema"` // 1
	ID       FrameworkID `yaml:"id"`
	Title    string      `yaml:"title"`
	Source   string      `yaml:"source"`             // publisher, document and date
	Domains  []Domain    `yaml:"domains,omitempty"`  // CCM only
	Controls []Control   `yaml:"controls,omitempty"` // CCM only
	Criteria []Criterion `yaml:"criteria,omitempty"` // TSC only
}

// Domain is a group of controls: "IAM", "Identity & Access Management".
type Domain struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
}

// Control is one control of the CCM.
type Control struct {
	ID     string `yaml:"id"` // "IAM-14"
	Title  string `yaml:"title"`
	Domain string `yaml:"domain"` // Domain.ID
	// Typical is CSA's typical ownership by service model, a cross-check for
	// reviewers that decides no answer.
	Typical *TypicalOwnership `yaml:"typical,omitempty"`
}

// TypicalOwnership is who usually runs a control, by service model, as CSA's
// CCM spells it: "CSP-Owned", "CSC-Owned", "Shared", "Shared (Independent)", "Shared (Dependent)".
type TypicalOwnership struct {
	IaaS string `yaml:"iaas"`
	PaaS string `yaml:"paas"`
	SaaS string `yaml:"saas"`
}

// Category is a category of the AICPA Trust Services Criteria (TSP section 100).
type Category string

// The five categories. Common criteria (CC) belong to Security.
const (
	Security            Category = "security"
	Availability        Category = "availability"
	ProcessingIntegrity Category = "processing-integrity"
	Confidentiality     Category = "confidentiality"
	Privacy             Category = "privacy"
)

// Criterion is one criterion of the AICPA Trust Services Criteria, with a short
// title of our own.
type Criterion struct {
	ID       string   `yaml:"id"` // "CC6.1"
	Title    string   `yaml:"title"`
	Category Category `yaml:"category"`
}

// Gap says how much of a control the other side of a crosswalk leaves unshown.
type Gap string

// Gap levels, from best to worst, as CSA's mappings use them.
const (
	GapNone    Gap = "none"
	GapPartial Gap = "partial"
	GapFull    Gap = "full"
)

// Crosswalk maps controls of one framework to criteria or to controls of
// another. It is directional: read backwards it caps at partial, except where
// an entry is marked Same. One YAML file of mappings/crosswalks/ each.
type Crosswalk struct {
	Schema  int              `yaml:"schema"` // 1
	From    FrameworkID      `yaml:"from"`
	To      FrameworkID      `yaml:"to"`
	Source  string           `yaml:"source"`
	Entries []CrosswalkEntry `yaml:"entries"`
}

// CrosswalkEntry maps one control.
type CrosswalkEntry struct {
	Control string `yaml:"control"`
	// To lists criteria ("CC6.1") or controls ("IAM-13"); empty with a full gap.
	To  []string `yaml:"to,omitempty"`
	Gap Gap      `yaml:"gap"`
	// Same marks one control under two versions: it holds in both directions.
	Same bool `yaml:"same,omitempty"`
	// Missing lists what the targets leave unshown: of a partial gap by the source,
	// of any other by our own judgement. Of a full gap it is what the certificates of
	// Certified do not show either.
	Missing []Part `yaml:"missing,omitempty"`
	// CarriedBy says, for a full gap, what evidence would carry the control instead.
	CarriedBy string `yaml:"carried_by,omitempty"`
	// Certified says, for a full gap, which certificates show the control.
	Certified Certified `yaml:"certified,omitempty"`
	Note      string    `yaml:"note,omitempty"`
}

// Part is a separately answerable part of a control that a crosswalk leaves
// unshown, in our own words.
type Part struct {
	ID        string   `yaml:"id"`        // "mfa", unique within the control
	Text      string   `yaml:"text"`      // completes "SOC 2 does not show …"
	Questions []string `yaml:"questions"` // question ids that ask for it: "IAM-14.1"
	// Certified says which certificates show the part.
	Certified Certified `yaml:"certified,omitempty"`
	// Pentest is set where a penetration test shows the part.
	Pentest bool `yaml:"pentest,omitempty"`
}

// Certified says which kinds of certificate show something, and by which clauses:
// those that require it, not those whose guidance mentions it.
type Certified map[EvidenceKind][]string

// String lists the certificates with their clauses: "iso27001 A.8.24"; "" for none.
func (c Certified) String() string {
	var out []string
	for _, kind := range slices.Sorted(maps.Keys(c)) {
		out = append(out, string(kind)+" "+strings.Join(c[kind], ", "))
	}
	return strings.Join(out, "; ")
}

// Relation says how a question of one format continues in the next.
type Relation string

// The relations of a lineage. Answers carry over same and reworded alone.
const (
	LineageSame     Relation = "same"
	LineageReworded Relation = "reworded"
	LineageChanged  Relation = "changed"
	LineageSplit    Relation = "split"
	LineageMerged   Relation = "merged"
	LineageNew      Relation = "new"
	LineageDropped  Relation = "dropped"
)

// Carries reports whether an answer may be carried over the relation.
func (r Relation) Carries() bool { return r == LineageSame || r == LineageReworded }

// Lineage maps questions of one format to those of the next. One YAML file of
// mappings/lineage/ each.
type Lineage struct {
	Schema  int            `yaml:"schema"` // 1
	From    FormatID       `yaml:"from"`
	To      FormatID       `yaml:"to"`
	Source  string         `yaml:"source"`
	Entries []LineageEntry `yaml:"entries"`
	// Partial marks a lineage that leaves questions out on purpose.
	Partial bool `yaml:"partial,omitempty"`
	// Reused lists identifiers that both formats have for different questions:
	// nothing carries over by them.
	Reused []string `yaml:"reused,omitempty"`
}

// LineageEntry maps one question, or for relation new one question of To alone.
type LineageEntry struct {
	From     string   `yaml:"from,omitempty"`
	To       []string `yaml:"to,omitempty"`
	Relation Relation `yaml:"relation"`
	Note     string   `yaml:"note,omitempty"` // what changed, in our words
	// Customers marks a change after which the same people and systems are meant:
	// what is expected of customers in To is expected of them in From, and back.
	Customers bool `yaml:"customers,omitempty"`
}

// ResponsibilityNotes are the notes for the controls of one framework. One YAML
// file of mappings/responsibility/ each.
type ResponsibilityNotes struct {
	Schema    int              `yaml:"schema"` // 1
	Framework FrameworkID      `yaml:"framework"`
	Notes     []Responsibility `yaml:"notes"`
}

// Responsibility says who does what for one control.
type Responsibility struct {
	Control  string            `yaml:"control"`
	Provider string            `yaml:"provider"` // the cloud provider below the service
	Service  string            `yaml:"service"`  // the service that answers
	Customer string            `yaml:"customer"` // the service's customer
	Models   map[string]string `yaml:"models,omitempty"`
	Evidence string            `yaml:"evidence"` // what a reviewer would ask to see
}
