package web

import (
	"context"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

// entryView is an approved answer that is offered again.
type entryView struct {
	ID       string       `json:"id"`
	Revision int          `json:"revision"`
	Profile  string       `json:"profile"`
	Question caiq.Ref     `json:"question"`
	Asked    string       `json:"asked,omitempty" doc:"The question's text, where it was approved"`
	TextHash string       `json:"question_sha256" doc:"Of the question's text"`
	Audience caiq.Release `json:"audience"`
	caiq.Answer
	TextSHA256    string    `json:"text_sha256"`
	Band          caiq.Band `json:"band"`
	EvidenceUntil string    `json:"evidence_until,omitempty" format:"date"`
	Owner         string    `json:"owner" doc:"Who keeps it true"`
	ReviewBy      string    `json:"review_by" format:"date" doc:"Not offered after this day"`
	Retired       bool      `json:"retired"`
	Questionnaire string    `json:"questionnaire" doc:"Where it was approved"`
	File          string    `json:"file" doc:"The file name of that questionnaire"`
	N             int       `json:"n"`
	Product       string    `json:"product,omitempty" doc:"That the answer was approved for; for another it is offered as partial"`
	EditedBy      string    `json:"edited_by,omitempty"`
	ApprovedBy    string    `json:"approved_by"`
	ApprovedAt    time.Time `json:"approved_at"`

	// Duplicates come with single entries, not in lists.
	Duplicates []duplicateView `json:"duplicates,omitempty" doc:"Entries of the same profile and audience that answer the same question; left out of lists"`
}

func viewEntry(e *caiq.LibraryEntry) entryView {
	return entryView{
		ID: e.ID, Revision: e.Revision, Profile: e.ProfileID, Question: e.Key, Asked: e.Question, TextHash: e.TextHash, Audience: e.Audience, Answer: e.Answer,
		TextSHA256: e.TextSHA256, Band: e.Band, EvidenceUntil: e.EvidenceUntil.String(), Owner: e.Owner, ReviewBy: e.ReviewBy.String(),
		Retired: e.Retired, Questionnaire: e.SourceRecordID, File: e.SourceName, N: e.SourceN, Product: e.Product,
		EditedBy: e.EditedBy, ApprovedBy: e.ApprovedBy, ApprovedAt: e.ApprovedAt,
	}
}

type listLibraryInput struct {
	InWorkspace
	Page
	Profile  string `query:"profile" maxLength:"100"`
	Owner    string `query:"owner" maxLength:"64"`
	Question string `query:"question" maxLength:"200" doc:"caiq-4.0/IAM-14.1"`
	Retired  bool   `query:"retired" doc:"Those withdrawn too"`
}

func (s *Server) listLibrary(ctx context.Context, p caiq.Principal, in *listLibraryInput) (*body[list[entryView]], error) {
	after, err := in.position(ctx)
	if err != nil {
		return nil, err
	}
	es, err := s.service.LibraryEntries(ctx, p, caiq.LibraryFilter{
		ProfileID: in.Profile, Owner: in.Owner, Key: caiq.Ref(in.Question), Retired: in.Retired, After: after, Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return bodyOf(listOf(ctx, es, in.Limit, viewEntry, func(e *caiq.LibraryEntry) string { return e.ID })), nil
}

// InEntry is in the addresses of one library entry.
type InEntry struct {
	InWorkspace
	Entry string `path:"entry" maxLength:"64"`
}

func (s *Server) getLibraryEntry(ctx context.Context, p caiq.Principal, in *InEntry) (*tagged[entryView], error) {
	e, err := s.service.LibraryEntry(ctx, p, in.Entry)
	if err != nil {
		return nil, err
	}
	same, err := s.service.Duplicates(ctx, p, e)
	if err != nil {
		return nil, err
	}
	v := viewEntry(&e)
	v.Duplicates = viewDuplicates(same)
	return taggedOf(e.Revision, v), nil
}

func (s *Server) entryNow(ctx context.Context, p caiq.Principal, id string) func() (entryView, int, error) {
	return func() (entryView, int, error) {
		e, err := s.service.LibraryEntry(ctx, p, id)
		return viewEntry(&e), e.Revision, err
	}
}

type changeEntryInput struct {
	InEntry
	Precondition
	Body struct {
		Owner    *string `json:"owner,omitempty" maxLength:"64"`
		ReviewBy *string `json:"review_by,omitempty" maxLength:"10"`
		Retired  *bool   `json:"retired,omitempty"`
	}
}

func (s *Server) changeLibraryEntry(ctx context.Context, p caiq.Principal, in *changeEntryInput) (*tagged[entryView], error) {
	return change(in.Precondition, func(revision int) (entryView, int, error) {
		reviewBy, err := readPatchedDate("review_by", in.Body.ReviewBy)
		if err != nil {
			return entryView{}, 0, err
		}
		e, err := s.service.ChangeLibraryEntry(ctx, p, in.Entry, revision, app.LibraryPatch{
			Owner: in.Body.Owner, ReviewBy: reviewBy, Retired: in.Body.Retired,
		})
		return viewEntry(&e), e.Revision, err
	}, s.entryNow(ctx, p, in.Entry))
}
