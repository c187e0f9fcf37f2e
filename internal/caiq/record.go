package caiq

import "time"

// RecordState says whether a stored questionnaire is worked on.
type RecordState string

// States of a stored questionnaire.
const (
	RecordActive   RecordState = "active"
	RecordArchived RecordState = "archived" // read only
)

// Record is a questionnaire in a workspace: the uploaded file, how it was read,
// and whom it is for. Its questions and answers are stored beside it.
type Record struct {
	ID          string
	WorkspaceID string
	Revision    int    // counts changes of the record itself, not of its answers
	Name        string // file name as uploaded
	BlobSHA256  string // the file, see Blob
	// Reading is the questionnaire as read, without its questions.
	Reading Questionnaire
	// Layout is what the uploader said instead of letting detection guess.
	Layout *Layout

	ProfileID      string // "" before a profile is chosen
	ProfileVersion int    // of a workspace's own profile; 0 for a built-in one
	// ProfileSHA256 is the profile's and its packs' state that the proposals
	// were made from.
	ProfileSHA256 string
	Options       Options

	Customer string // who asks
	Product  string // product or system asked about
	Deal     string
	NeededBy Date
	NDA      bool // an NDA with the customer is in place

	State     RecordState
	Created   time.Time
	CreatedBy string // User.ID

	// Questions and Answers count the record's rows; the store keeps them.
	Questions int
	Answers   StateCounts
}

// StateCounts counts answers by state.
type StateCounts struct {
	Proposed int
	Edited   int
	Approved int
	Rejected int
}

// Of returns the count of one state.
func (c StateCounts) Of(s AnswerState) int {
	switch s {
	case StateProposed:
		return c.Proposed
	case StateEdited:
		return c.Edited
	case StateApproved:
		return c.Approved
	case StateRejected:
		return c.Rejected
	default:
		return 0
	}
}

// Add counts n more answers of a state; n may be negative.
func (c *StateCounts) Add(s AnswerState, n int) {
	switch s {
	case StateProposed:
		c.Proposed += n
	case StateEdited:
		c.Edited += n
	case StateApproved:
		c.Approved += n
	case StateRejected:
		c.Rejected += n
	default:
	}
}

// RecordFilter selects records of a workspace, newest first.
type RecordFilter struct {
	State      RecordState // "" for any
	BlobSHA256 string      // of the same file; "" for any
	ProfileID  string      // "" for any
	Before     string      // Record.ID to go on after, exclusive; "" from the newest
	Limit      int         // 0: no limit
}

// StoredQuestion is one question of a record.
type StoredQuestion struct {
	WorkspaceID string
	RecordID    string
	N           int // position in the file, from 1: identifies it within the record
	Question    Question
	Assignee    string // User.ID or ""
}

// ExportFormat is the kind of file an export makes.
type ExportFormat string

// Formats of an export.
const (
	ExportXLSX ExportFormat = "xlsx" // the uploaded file with its answers; CSV uploads go back as CSV
	ExportCSV  ExportFormat = "csv"
	ExportJSON ExportFormat = "json"
	// ExportMapping is a workbook of controls and evidence behind the answers.
	ExportMapping ExportFormat = "mapping"
)

// Export is one file that left a workspace, with what is needed to check it.
type Export struct {
	ID          string
	WorkspaceID string
	RecordID    string
	Format      ExportFormat
	Audience    Release
	Drafts      bool // unapproved answers were included
	AsOf        Date
	Seq         int64  // the trail's head at the snapshot
	FileName    string // says so when it holds drafts
	BlobSHA256  string // the file, see Blob
	Manifest    []byte // JSON
	Evidence    []byte // JSON: the evidence list
	Checkpoint  string // signed note of the trail up to Seq
	Created     time.Time
	CreatedBy   string
}

// IdempotencyKey remembers what a request with a caller's key did, so that a
// repetition returns the same result and does nothing.
type IdempotencyKey struct {
	WorkspaceID   string
	UserID        string
	Action        string // the keys of different actions are apart
	Key           string // the caller's
	RequestSHA256 string // a key that comes back with another request is refused
	ObjectID      string // what the request made
	Created       time.Time
}
