package app

import (
	"context"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// AssignInput gives questions to a member of the workspace.
type AssignInput struct {
	Revision int      // of the record, as read: assigning counts it up
	N        []int    // these questions
	Domains  []string // and all of these domains
	All      bool     // or all of the questionnaire
	UserID   string   // "": to nobody
}

// Assign gives questions to somebody, and returns their numbers with the record.
// Who is given what belongs to the questionnaire: of two who assign at once from
// the same state one comes too late, whichever questions they name.
func (s *Service) Assign(ctx context.Context, p caiq.Principal, recordID string, in AssignInput) ([]int, caiq.Record, error) {
	var ns []int
	var r caiq.Record
	err := s.transact(ctx, p, ActAssign, func(ctx context.Context, c *change) error {
		var err error
		if r, err = s.openRecord(ctx, p, recordID); err != nil {
			return err
		}
		if r.Revision != in.Revision {
			return staleError("questionnaire", in.Revision, r.Revision)
		}
		if in.UserID != "" {
			if err := s.checkMember(ctx, p.Workspace.ID, "user", in.UserID); err != nil {
				return err
			}
		}
		if ns, err = s.assigned(ctx, p.Workspace.ID, recordID, in); err != nil {
			return err
		}
		if err := s.store.Assign(ctx, p.Workspace.ID, recordID, ns, in.UserID); err != nil {
			return err
		}
		if err := s.store.UpdateRecord(ctx, &r); err != nil {
			return err
		}
		e := c.event(ActAssign, recordObject(recordID))
		e.RecordID, e.FromRevision, e.Revision = recordID, in.Revision, r.Revision
		e.Detail = detail(map[string]any{"questions": ns, "to": in.UserID})
		return nil
	})
	return ns, r, err
}

// assigned selects the questions that are meant; none is an error.
func (s *Service) assigned(ctx context.Context, workspaceID, recordID string, in AssignInput) ([]int, error) {
	rows, err := s.store.Rows(ctx, workspaceID, recordID, caiq.RowFilter{})
	if err != nil {
		return nil, err
	}
	var ns []int
	var domains []string
	for _, r := range rows {
		q := r.Question
		domains = append(domains, q.Question.Domain)
		if in.All || slices.Contains(in.N, q.N) || slices.Contains(in.Domains, q.Question.Domain) {
			ns = append(ns, q.N)
		}
	}
	for _, n := range in.N {
		if !slices.Contains(ns, n) {
			return nil, caiq.Errorf(caiq.NotFound, "not_found", "the questionnaire has no question %d", n).At("n")
		}
	}
	for _, d := range in.Domains {
		if !slices.Contains(domains, d) {
			return nil, caiq.Errorf(caiq.NotFound, "not_found", "the questionnaire has no domain %q", clip(d)).At("domains")
		}
	}
	if len(ns) == 0 {
		return nil, caiq.Errorf(caiq.Invalid, "nothing_selected", "no question is selected").WithHint("name questions, domains or all")
	}
	return ns, nil
}

// maxComment bounds a comment, in bytes.
const maxComment = 10_000

// Comment adds a remark to a question. It is seen in the workspace alone and
// never exported. An archived questionnaire takes none.
func (s *Service) Comment(ctx context.Context, p caiq.Principal, recordID string, n int, text string) (caiq.Comment, error) {
	if strings.TrimSpace(text) == "" {
		return caiq.Comment{}, caiq.Errorf(caiq.Invalid, "blank", "the comment is empty").At("text")
	}
	if len(text) > maxComment {
		return caiq.Comment{}, caiq.Errorf(caiq.TooLarge, "too_long", "the comment has %d bytes, the limit is %d", len(text), maxComment).At("text")
	}
	if err := caiq.CheckText(text); err != nil {
		return caiq.Comment{}, placed(err, "text")
	}
	var out caiq.Comment
	err := s.transact(ctx, p, ActComment, func(ctx context.Context, c *change) error {
		if _, err := s.openRecord(ctx, p, recordID); err != nil {
			return err
		}
		if _, err := s.store.Row(ctx, p.Workspace.ID, recordID, n); err != nil {
			return err
		}
		out = caiq.Comment{
			ID: s.newID(), WorkspaceID: p.Workspace.ID, RecordID: recordID, N: n, Author: p.User.ID, Text: text, Created: c.now,
		}
		if err := s.store.CreateComment(ctx, out); err != nil {
			return err
		}
		e := c.event(ActComment, answerObject(recordID, n))
		e.RecordID, e.TextSHA256 = recordID, hexSHA256([]byte(text))
		e.Detail = detail(map[string]any{"comment": out.ID})
		return nil
	})
	return out, err
}

// Comments lists the remarks on a question, oldest first.
func (s *Service) Comments(ctx context.Context, p caiq.Principal, recordID string, n int) ([]caiq.Comment, error) {
	if err := Allow(p, ActRecordRead); err != nil {
		return nil, err
	}
	if _, err := s.store.Row(ctx, p.Workspace.ID, recordID, n); err != nil {
		return nil, err
	}
	return s.store.Comments(ctx, p.Workspace.ID, recordID, n)
}
