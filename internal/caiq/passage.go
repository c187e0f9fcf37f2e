package caiq

// PassageKind says what a passage of searchable text is.
type PassageKind string

// Kinds of passages.
const (
	PassageTopic     PassageKind = "topic"     // what a known question asks, in our words
	PassageAlso      PassageKind = "also"      // another phrasing of a topic
	PassageControl   PassageKind = "control"   // a control's title and the terms that point to it
	PassageNote      PassageKind = "note"      // a shared-responsibility note
	PassageBeside    PassageKind = "beside"    // what is asked near a control and no question asks
	PassageCriterion PassageKind = "criterion" // a SOC 2 criterion
	PassageLibrary   PassageKind = "library"   // an approved answer's question
	PassageSeen      PassageKind = "seen"      // a known question as a questionnaire uploaded before asks it
	PassageAsked     PassageKind = "asked"     // a question of a questionnaire that nobody recognised
	PassagePicked    PassageKind = "picked"    // a wording that a reviewer matched
	PassageAnswer    PassageKind = "answer"    // the text of an approved answer
)

// Passage is one searchable text and what it stands for.
type Passage struct {
	ID    string // unique in an index: "topic:12", "library:9f3c"
	Kind  PassageKind
	Refs  []Ref // questions, controls or criteria it speaks for
	Title string
	Text  string
	// Concepts are the canonical terms in the text, from the lexicon: "mfa".
	Concepts []string
	// Workspace whose passage it is; "" for the knowledge that everybody shares.
	Workspace string
}

// PassageQuery asks for the passages nearest to a text.
type PassageQuery struct {
	Text      string
	Concepts  []string
	Workspace string        // sees its own passages and the shared ones
	Kinds     []PassageKind // none: all
	Limit     int           // most hits wanted; 0 for 10
}

// Hit is a passage found, best first. Score compares the hits of one query
// alone: it is no probability.
type Hit struct {
	ID    string
	Score float64
}
