package caiq

import "time"

// Pick is a reviewer's word that a question of a file asks what a known question
// asks, or is answered by an entry of the library. It holds for the same words
// wherever they come in later. It outlives the questionnaire.
type Pick struct {
	WorkspaceID string
	RecordID    string // the questionnaire
	N           int    // the question in it
	TextHash    string // of the question's text
	Text        string
	Question    Ref    // what it asks: "caiq-4.1/IAM-13.1", or the key of the entry
	EntryID     string // the library entry chosen; "" for the question itself
	Reason      string // "" where nobody gave one
	By          string // User.ID
	ByName      string // as the account is called now
	SourceName  string // file name of the questionnaire
	At          time.Time
	// Here is set when the pick was made on the very row that it is applied to.
	Here bool
	// Confirmed is set when the library has an answer to the same words, as asking
	// the same, that somebody else approved: the pick is the workspace's then.
	Confirmed bool
}

// AskedText is a text that questionnaires of a workspace ask.
type AskedText struct {
	TextHash string
	Text     string
	Known    []Ref // the questions that it was recognised as, by identifier or text
}

// AskedAt says where a text was asked.
type AskedAt struct {
	TextHash string
	RecordID string
	N        int // its first question of that text
}

// ShelfCount counts what the search index of a workspace must hold.
type ShelfCount struct {
	Texts   int // different texts of questions
	Picks   int // different texts that were picked for
	Entries int // library entries that are not withdrawn
}

// IndexMark says what a search index was derived from: how many passages there
// were and how far the source had come, a sequence number that only grows. An
// index whose mark differs from its source's is behind.
type IndexMark struct {
	Count uint64 `json:"count"`
	High  int64  `json:"high"`
}
