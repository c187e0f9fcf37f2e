package caiq

import "slices"

// Answer is the four fields of a CAIQ v4 answer. Questionnaires without the
// SSRM columns receive them through Compose.
type Answer struct {
	Value       Value     `json:"answer"`
	Ownership   Ownership `json:"ownership"`
	Description string    `json:"description"`
	Customer    string    `json:"customer_responsibilities"`
}

// Blank reports whether nothing is answered.
func (a Answer) Blank() bool { return a == Answer{} }

// Band grades how well a proposal is founded.
type Band string

// Bands, from best to none.
const (
	BandVerbatim  Band = "verbatim"  // approved before, same question
	BandSupported Band = "supported" // audited evidence carries all that is asked
	BandPartial   Band = "partial"   // answered; a person must look
	BandWeak      Band = "weak"      // candidates only, nothing filled
	BandNone      Band = "none"      // nothing known
)

// Bands returns all bands from best to none.
func Bands() []Band {
	return []Band{BandVerbatim, BandSupported, BandPartial, BandWeak, BandNone}
}

// Rank returns 0 for the best band and counts up; unknown bands rank last.
func (b Band) Rank() int {
	if i := slices.Index(Bands(), b); i >= 0 {
		return i
	}
	return len(Bands())
}

// CappedAt returns b, or limit where b is better than that.
func (b Band) CappedAt(limit Band) Band {
	if b.Rank() < limit.Rank() {
		return limit
	}
	return b
}

// Proposal is what the engine suggests for one question, with its reasons. Its
// text depends on questionnaire, profile, packs, options and as-of date alone.
type Proposal struct {
	Question Ref    `json:"question"`
	Sheet    string `json:"sheet"`
	Cell     string `json:"cell"`
	Answer
	// Authors are the people whose words the answer is made of, and those whose
	// imports changed what it rests on, User.IDs in order; none where all is the
	// engine's or built in.
	Authors []string `json:"authors,omitempty"`
	Band    Band     `json:"band"`
	// Basis is the chain from the question down to evidence, in order.
	Basis []Step `json:"basis"`
	// Needs says what is missing: why the answer is blank, or what would lift
	// the band. The first entry is the one that decides.
	Needs []Need `json:"needs,omitempty"`
	// Candidates are for people to look at, each with what speaks for it: controls
	// that share a criterion or address the control, or known questions and how
	// probable they are.
	Candidates []string `json:"candidates,omitempty"`
}

// StepKind sorts the steps of a basis.
type StepKind string

// Kinds of steps, in the order in which they usually appear.
const (
	StepMatch     StepKind = "match"     // how the row was recognised
	StepLineage   StepKind = "lineage"   // to another version's question
	StepCrosswalk StepKind = "crosswalk" // to criteria or another version's control
	StepPart      StepKind = "part"      // a part that the crosswalk leaves unshown
	StepDirect    StepKind = "direct"    // a direct answer of the profile
	StepExclusion StepKind = "exclusion"
	StepControl   StepKind = "control"  // a company control that addresses it
	StepEvidence  StepKind = "evidence" // what the control's evidence shows
	StepDeviation StepKind = "deviation"
	StepProvider  StepKind = "provider" // a CSOC and the provider's side
	StepMonitor   StepKind = "monitor"  // our review of the provider
	StepCustomer  StepKind = "customer" // a CUEC
	StepCap       StepKind = "cap"      // why the band is not higher
	StepRelease   StepKind = "release"  // something withheld from the audience
	StepLibrary   StepKind = "library"  // an answer approved before
)

// Step is one step of a basis.
type Step struct {
	Kind StepKind `json:"kind"`
	// Ref names what the step stands on: "ccm-4.0/IAM-14", "example-saas:AC-03",
	// "example-saas:soc2-2026".
	Ref  string `json:"ref,omitempty"`
	Text string `json:"text"`
	// Depth indents the step below the one it hangs on.
	Depth int `json:"depth,omitempty"`
}

// Need is something that would answer a question or lift its band.
type Need struct {
	Code string `json:"code"` // "no_control", "part_missing", "evidence_expired", …
	Ref  string `json:"ref,omitempty"`
	Text string `json:"text"`
}

// Options are what determines proposals besides questionnaire and knowledge.
type Options struct {
	AsOf     Date    `json:"as_of"`
	Audience Release `json:"audience"`
}
