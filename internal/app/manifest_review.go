package app

import (
	"time"

	"caique/internal/caiq"
)

// ManifestReview is the part of a manifest that says who approved what.
type ManifestReview struct {
	Workspace       string            `json:"workspace"` // its name
	WorkspaceID     string            `json:"workspace_id"`
	QuestionnaireID string            `json:"questionnaire_id"`
	ExportID        string            `json:"export_id"`
	Format          caiq.ExportFormat `json:"format"`
	Customer        string            `json:"customer"`
	Product         string            `json:"product"`
	// SingleOperator tells that people could approve their own texts.
	SingleOperator bool `json:"single_operator"`
	// ValidUntil is the last day on which all evidence behind the approved
	// answers is reliable; absent when none runs out.
	ValidUntil caiq.Date `json:"valid_until,omitzero"`
	Statement  string    `json:"statement"`
	Approved   int       `json:"approved"` // answers
	Drafts     int       `json:"drafts"`
	LeftOut    int       `json:"left_out"` // questions without an exported answer
	// Kept are the rows in which the uploaded file's own texts stay: nobody approved
	// them here. Overwritten are those in which it answered otherwise.
	Kept        []KeptAnswer        `json:"kept,omitempty"`
	Overwritten []OverwrittenAnswer `json:"overwritten,omitempty"`
	// Answers are those exported, in the order of the file.
	Answers []ManifestAnswer `json:"answers"`
	Trail   ManifestTrail    `json:"trail"`
}

// ManifestAnswer is one exported answer with its approval.
type ManifestAnswer struct {
	N          int              `json:"n"`
	Question   caiq.Ref         `json:"question"`
	Sheet      string           `json:"sheet"`
	Cell       string           `json:"cell"`
	State      caiq.AnswerState `json:"state"`
	Stale      bool             `json:"stale,omitempty"` // approved once; exported as a draft
	Revision   int              `json:"revision"`
	TextSHA256 string           `json:"text_sha256"` // of the four fields
	Band       caiq.Band        `json:"band"`
	// ByHand tells that a person wrote the words, here or where Source says that they
	// were taken from: they rest on that person, and Evidence is what they name of it.
	ByHand     bool             `json:"by_hand,omitempty"`
	Source     string           `json:"source,omitempty"` // the library entry of an answer approved before
	Basis      string           `json:"basis_sha256"`
	Authors    []ManifestPerson `json:"authors,omitempty"` // none: the engine
	ApprovedBy *ManifestPerson  `json:"approved_by,omitempty"`
	ApprovedAt time.Time        `json:"approved_at,omitzero"`
	// Evidence names what the answer rests on, as far as the audience may know.
	Evidence      []string  `json:"evidence"`
	EvidenceUntil caiq.Date `json:"evidence_until,omitzero"`
}

// ManifestPerson is somebody who wrote or approved. Names repeat, so the id stands
// beside; by what address they sign in is nothing for the file's readers.
type ManifestPerson struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ManifestTrail ties an export to the audit trail: what it shows is the state
// after event Seq.
type ManifestTrail struct {
	Seq        int64  `json:"seq"`
	Hash       string `json:"hash"`
	Checkpoint string `json:"checkpoint,omitempty"` // signed note
}

func statement(product string, asOf caiq.Date) string {
	of := "the service"
	if product != "" {
		of = product
	}
	return "These answers describe " + of + " as of " + asOf.Long() + ". They change no contract and are no warranty."
}
