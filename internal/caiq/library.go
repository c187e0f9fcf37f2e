package caiq

import "time"

// LibraryEntry is an approved answer that is offered again.
type LibraryEntry struct {
	ID          string
	WorkspaceID string
	Revision    int
	ProfileID   string
	Key         Ref    // of the question it answered
	TextHash    string // of the question's text
	Question    string // its text; "" in entries older than it
	Asks        Ref    // the known question that it was answered as; "" for none
	Audience    Release
	Answer
	TextSHA256    string // Answer.SHA256
	BasisHash     string // what the approval rested on
	EvidenceUntil Date
	Band          Band
	Owner         string // User.ID: who keeps it true
	ReviewBy      Date   // not offered after this day
	Retired       bool   // withdrawn by a person
	// The approval it comes from.
	SourceRecordID string
	SourceName     string // file name of that questionnaire; outlives it
	Product        string // product or system that it asked about; "" for none named
	SourceN        int
	SourceRevision int
	// EditedBy is who last changed the words: User.ID, or "" for the engine.
	EditedBy string
	// Authors are all whose words stand in the text, see StoredAnswer.Authors.
	// Where it is offered again, they still do not approve it.
	Authors    []string
	ApprovedBy string
	ApprovedAt time.Time
	Created    time.Time
}

// Meant is the question that the entry answers: the known one that it was
// answered as, else its own.
func (e *LibraryEntry) Meant() Ref {
	if e.Asks.IsQuestion() {
		return e.Asks
	}
	return e.Key
}

// LibraryFilter selects library entries by id.
type LibraryFilter struct {
	ProfileID string // "" for all
	Owner     string // "" for all
	Key       Ref    // "" for all
	Retired   bool   // include those withdrawn
	After     string // LibraryEntry.ID to go on after, exclusive
	Limit     int    // 0: no limit
}

// StoredProfile is one version of a profile that a workspace imported. Versions
// never change; the highest is the current one.
type StoredProfile struct {
	WorkspaceID string
	ID          string // Profile.ID
	Version     int    // from 1
	Name        string
	YAML        []byte
	SHA256      string // of YAML
	Created     time.Time
	CreatedBy   string
	// Authors are who imported each statement in its present or an earlier form,
	// User.IDs in order, by what steps call it: "AC-03", "soc2-2026",
	// "caiq-4.0/IAM-01.1", "aws:soc2" for the copy of a provider's. nil where nobody
	// noted it.
	Authors map[string][]string
}
