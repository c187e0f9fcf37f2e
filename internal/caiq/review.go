package caiq

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// AnswerState is how far people are with an answer.
type AnswerState string

// States of an answer.
const (
	StateProposed AnswerState = "proposed" // as the engine left it
	StateEdited   AnswerState = "edited"   // a person changed the text
	StateApproved AnswerState = "approved"
	StateRejected AnswerState = "rejected" // with Reason
)

// AnswerStates returns all states in the order in which they are shown.
func AnswerStates() []AnswerState {
	return []AnswerState{StateProposed, StateEdited, StateApproved, StateRejected}
}

// StoredAnswer is the answer to one question of a record at one revision. The
// history of an answer is the list of all its revisions in this same form.
type StoredAnswer struct {
	WorkspaceID string
	RecordID    string
	N           int // StoredQuestion.N
	Revision    int // counts changes, from 1
	State       AnswerState
	Answer
	TextSHA256 string // Answer.SHA256 of the four fields

	// Audience is whom the text was written for: it may go to them and to narrower
	// audiences, whatever the questionnaire's is by now.
	Audience Release

	// Proposal is the engine's latest suggestion, kept beside what people wrote.
	Proposal Proposal
	// ProposalSHA256 identifies Proposal as it is stored; the store sets it.
	ProposalSHA256 string
	// BasisHash identifies what Proposal rests on.
	BasisHash string
	// EvidenceUntil is the last day on which all evidence of Proposal is
	// reliable; zero when nothing runs out.
	EvidenceUntil Date

	// EditedBy is who last changed the words: User.ID, or "" for the engine.
	EditedBy string
	// Authors are all whose words stand in the text, User.IDs in order: of the
	// proposal that it began as (Proposal.Authors), and who edited it since then or
	// since its last approval. None of them approves it.
	Authors []string
	// The approval, empty unless State is StateApproved.
	ApprovedBy    string
	ApprovedAt    time.Time
	ApprovedBasis string // BasisHash that was approved
	ApprovedUntil Date   // EvidenceUntil that was approved
	// Reason says why an answer was rejected or reopened.
	Reason string

	// ChangedBy and Changed are of this revision; "" for the engine.
	ChangedBy string
	Changed   time.Time
	// Source names the library entry or answer that the text was taken from;
	// "" when the engine or a person wrote it.
	Source string
}

// Stale reports whether an approval no longer holds on the day: what it rests
// on has changed, or its evidence has run out.
func (a *StoredAnswer) Stale(today Date) bool {
	if a.State != StateApproved {
		return false
	}
	return a.ApprovedBasis != a.BasisHash ||
		!a.ApprovedUntil.IsZero() && a.ApprovedUntil.Before(today)
}

// ByHand reports whether a person wrote the words, here or where they were taken
// from: they rest on that person, and the proposal's evidence carries them no further
// than they name it.
func (a *StoredAnswer) ByHand() bool { return a.EditedBy != "" }

// Band grades the answer as it stands. What the engine proposed is graded by its
// basis; what a person made of it is partial, whatever the proposal was: somebody
// has to look. Approved, it is verbatim where the same question comes again.
func (a *StoredAnswer) Band() Band {
	if a.ByHand() && a.Source == "" {
		return BandPartial
	}
	return a.Proposal.Band
}

// SHA256 identifies the text of the four fields, in lower-case hex.
func (a Answer) SHA256() string {
	// An Answer is four strings: marshalling cannot fail.
	b, _ := json.Marshal(a) //nolint:errchkjson // see above
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// ReviewRow is a question with its answer, as reviewers see it.
type ReviewRow struct {
	Question StoredQuestion
	Answer   StoredAnswer
	Comments int // how many there are
}

// RowFilter selects rows of a record in the order of the file. Empty fields
// select all; several values of one field are alternatives.
type RowFilter struct {
	States    []AnswerState
	Bands     []Band // StoredAnswer.Band
	Values    []Value
	Domains   []string
	Assignees []string
	N         []int // these questions only
	AfterN    int   // go on after this question, exclusive
	Limit     int   // 0: no limit
	Brief     bool  // leave of each proposal its band alone
}

// ProgressCount counts the answers of a record that share state, band and domain.
type ProgressCount struct {
	Domain string
	State  AnswerState
	Band   Band
	Count  int
	Open   int // of them, those without an answer yet
}

// Comment is a remark on a question, seen in the workspace alone.
type Comment struct {
	ID          string
	WorkspaceID string
	RecordID    string
	N           int
	Author      string // User.ID
	Text        string
	Created     time.Time
}
