package app

import (
	"context"
	"slices"

	"caique/internal/caiq"
)

// AnswerView is a question with its answer as reviewers see it today.
type AnswerView struct {
	caiq.ReviewRow
	Stale bool // the approval no longer holds, see caiq.StoredAnswer.Stale
	// Problems are what keeps the answer from being approved or exported, and
	// warnings, which keep it from nothing.
	Problems caiq.Problems
	// Pick is what a reviewer matched the question to; nil where nobody did. It
	// comes with single answers.
	Pick *caiq.Pick
	// Duplicates are library entries that answer the same question as the one just
	// approved.
	Duplicates []Duplicate
}

// Answer returns one question with its answer.
func (s *Service) Answer(ctx context.Context, p caiq.Principal, recordID string, n int) (AnswerView, error) {
	if err := Allow(p, ActRecordRead); err != nil {
		return AnswerView{}, err
	}
	r, err := s.store.Record(ctx, p.Workspace.ID, recordID)
	if err != nil {
		return AnswerView{}, err
	}
	row, err := s.store.Row(ctx, p.Workspace.ID, recordID, n)
	if err != nil {
		return AnswerView{}, err
	}
	stale, err := s.stale(ctx, r, []caiq.ReviewRow{row})
	if err != nil {
		return AnswerView{}, err
	}
	u, err := s.rules(ctx, &r, r.Options.Audience)
	if err != nil {
		return AnswerView{}, err
	}
	return s.viewPicked(ctx, r, u, row, stale[n])
}

// Answers lists questions with their answers in the order of the file.
func (s *Service) Answers(ctx context.Context, p caiq.Principal, recordID string, f caiq.RowFilter) ([]AnswerView, error) {
	if err := Allow(p, ActRecordRead); err != nil {
		return nil, err
	}
	r, err := s.store.Record(ctx, p.Workspace.ID, recordID)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Rows(ctx, p.Workspace.ID, recordID, f)
	if err != nil {
		return nil, err
	}
	return s.views(ctx, r, rows...)
}

// AnswersLike lists those alone that fit, f.Limit at most. What today makes of an
// answer no database knows, so as many are looked at as it takes.
func (s *Service) AnswersLike(ctx context.Context, p caiq.Principal, recordID string, f caiq.RowFilter, fits func(*AnswerView) bool) ([]AnswerView, error) {
	var found []AnswerView
	page := f
	for page.Limit = MaxBulk; ; {
		views, err := s.Answers(ctx, p, recordID, page)
		if err != nil {
			return nil, err
		}
		for i := range views {
			if page.AfterN = views[i].Answer.N; fits(&views[i]) {
				if found = append(found, views[i]); f.Limit > 0 && len(found) == f.Limit {
					return found, nil
				}
			}
		}
		if len(views) < page.Limit {
			return found, nil
		}
	}
}

// History returns all revisions of an answer, oldest first.
func (s *Service) History(ctx context.Context, p caiq.Principal, recordID string, n int) ([]caiq.StoredAnswer, error) {
	if err := Allow(p, ActRecordRead); err != nil {
		return nil, err
	}
	if _, err := s.store.Row(ctx, p.Workspace.ID, recordID, n); err != nil {
		return nil, err
	}
	return s.store.AnswerHistory(ctx, p.Workspace.ID, recordID, n)
}

// see completes a row with what there is to say of it today.
func (u *rules) see(v *AnswerView, stale bool) {
	v.Stale = stale
	if a := &v.Answer; a.Value != "" && a.State != caiq.StateApproved && expired(a, u.today) {
		q := &v.Question.Question
		v.Problems = caiq.Problems{{
			Sheet: q.Sheet, Cell: q.Cell, Code: "evidence_expired",
			Message: "the evidence behind the answer was reliable until " + a.EvidenceUntil.Long() + ", so it cannot be approved: propose the questionnaire again as of today",
		}}
	}
	if !v.Answer.Answer.Blank() {
		v.Problems = slices.Concat(v.Problems, u.problems(&v.ReviewRow), u.warnings(&v.ReviewRow))
	}
}
