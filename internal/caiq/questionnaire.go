package caiq

import "strings"

// Role is what a column of a questionnaire holds.
type Role string

// Column roles.
const (
	RoleID            Role = "id"
	RoleQuestion      Role = "question"
	RoleControl       Role = "control"
	RoleControlTitle  Role = "control_title"
	RoleSpecification Role = "specification"
	RoleDomain        Role = "domain"
	RoleSection       Role = "section"
	RoleAnswer        Role = "answer"      // one cell: Yes, No, NA or text
	RoleYes           Role = "yes"         // X marks the answer
	RoleNo            Role = "no"          // X marks the answer
	RoleNA            Role = "na"          // X marks the answer
	RoleOwnership     Role = "ownership"   // CAIQ v4 column D
	RoleDescription   Role = "description" // CAIQ v4 column E
	RoleCustomer      Role = "customer"    // CAIQ v4 column F
	RoleNotes         Role = "notes"       // one free-text cell beside the answer
)

// Writable reports whether answers are written into columns of the role.
func (r Role) Writable() bool {
	switch r {
	case RoleAnswer, RoleYes, RoleNo, RoleNA, RoleOwnership, RoleDescription, RoleCustomer, RoleNotes:
		return true
	default:
		return false
	}
}

// Questionnaire is one uploaded file, read.
type Questionnaire struct {
	File       string   // base name, for messages
	SHA256     string   // of the file's bytes, lower-case hex
	Format     FormatID // FormatCustom when not recognised
	Patch      string   // "v4.0.3", or "" when the file does not say
	Lite       bool     // only the Lite subset is asked
	Confidence float64  // 0..1: share of the rows that speak for Format
	Why        []string // what was seen that decided the format
	Sheets     []Sheet
	Questions  []Question
	Warnings   Problems
}

// Sheet is one worksheet that holds questions, and how it is laid out. It is
// also the form of --layout files.
type Sheet struct {
	Name       string          `yaml:"name"`
	HeaderRows []int           `yaml:"header_rows"` // 1-based, ascending
	Columns    map[Role]string `yaml:"columns"`     // role → column letters
	// EveryRow says that no text in the question column is a heading, however short.
	EveryRow  bool `yaml:"every_row,omitempty" json:",omitempty"`
	Questions int  `yaml:"-"`
	Hidden    bool `yaml:"-"`
}

// Layout overrides what detection guesses.
type Layout struct {
	Schema int      `yaml:"schema"` // 1
	Format FormatID `yaml:"format,omitempty"`
	Sheets []Sheet  `yaml:"sheets"`
}

// Question is one question as found in a file. Texts and identifiers can
// repeat: the cell identifies it.
type Question struct {
	Key      Ref // "caiq-4.0/IAM-14.1"; "custom/Sheet!C12" when not recognised
	Match    Match
	ID       string // as in the file, normalised
	Text     string // plain
	TextHash string
	Control  string // as in the file, filled down merged cells
	Domain   string
	Section  string // nearest heading above
	Sheet    string
	Cell     string // of the question text: "B12"
	Row      int    // 1-based
	Targets  []Target
	Existing Existing
	// Hidden is "row", "column", "row and column" or "sheet" when the question
	// does not show.
	Hidden string
	// Editorial is set when all that the row's answer cells hold are notes of
	// whoever published the format, which answer nothing.
	Editorial bool
	// Formula is set when the text is the cached value of a formula.
	Formula bool
}

// Target returns the question's cell of the role, or nil.
func (q *Question) Target(role Role) *Target {
	for i := range q.Targets {
		if q.Targets[i].Role == role {
			return &q.Targets[i]
		}
	}
	return nil
}

// Has reports whether the question has a cell of the role.
func (q *Question) Has(role Role) bool { return q.Target(role) != nil }

// HiddenBy returns what hides the question: row, column or sheet; more than one
// may.
func (q *Question) HiddenBy() []string {
	if q.Hidden == "" {
		return nil
	}
	return strings.Split(q.Hidden, " and ")
}

// Target is a cell that an answer may be written to.
type Target struct {
	Role Role
	Cell string // anchor of a merged range: "C12"
	// Allowed lists the values of the cell's own validation list, in its order
	// and spelling; nil when any text goes.
	Allowed []string
	// Boolean marks a check-box cell: TRUE and FALSE.
	Boolean bool
	// Hidden is set when the cell stands in a hidden column.
	Hidden bool
	// Locked says why the cell may not be written: "formula", "covered by a merge".
	Locked string
}

// Existing is what the file already says for a question, by role, as found.
// Empty cells have no entry.
type Existing map[Role]string

// Value is a CAIQ answer.
type Value string

// The answer values. The empty Value is no answer.
const (
	Yes Value = "yes"
	No  Value = "no"
	NA  Value = "na"
)

// Ownership is a value of the SSRM Control Ownership column of CAIQ v4.
type Ownership string

// Ownership values as the official drop-down spells them. Not Determined exists
// in CAIQ 4.1 only.
const (
	OwnerCSP           Ownership = "CSP-owned"
	OwnerCSC           Ownership = "CSC-owned"
	OwnerThirdParty    Ownership = "3rd-party outsourced"
	OwnerSharedCSC     Ownership = "Shared CSP and CSC"
	OwnerSharedThird   Ownership = "Shared CSP and 3rd-party"
	OwnerNotDetermined Ownership = "Not Determined"
	OwnerNone          Ownership = ""
)

// WithCustomer reports whether the customer has a duty under the ownership, so
// that column F must say which.
func (o Ownership) WithCustomer() bool { return o == OwnerCSC || o == OwnerSharedCSC }

// Roles returns all column roles in the order in which they are shown.
func Roles() []Role {
	return []Role{
		RoleID, RoleQuestion, RoleControl, RoleControlTitle, RoleSpecification, RoleDomain, RoleSection,
		RoleAnswer, RoleYes, RoleNo, RoleNA, RoleOwnership, RoleDescription, RoleCustomer, RoleNotes,
	}
}
