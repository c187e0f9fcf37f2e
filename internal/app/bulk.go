package app

import (
	"context"
	"slices"

	"caique/internal/caiq"
)

// MaxBulk is how many answers one request may change.
const MaxBulk = 500

// BulkInput approves, rejects or reopens many answers at once.
type BulkInput struct {
	Action Action // ActApprove, ActReject or ActReopen
	Filter caiq.RowFilter
	// Seen is what the reviewer has looked at: where given, answers that it does
	// not name, or that have another revision by now, are left out.
	Seen   []SeenAnswer
	Reason string // of ActReject and ActReopen
}

// SeenAnswer is an answer at the revision in which it was shown.
type SeenAnswer struct{ N, Revision int }

// BulkResult says what became of each answer that the filter selected.
type BulkResult struct {
	Changed []int // question numbers
	Left    []Left
}

// Left is an answer that was left out, with the code and text of the reason.
type Left struct {
	N       int
	Code    string
	Message string
}

// Bulk changes the answers that a filter selects, each by the same rules as
// singly. Approval leaves out what wants a look of its own: No and NA, answers
// that disclose a deviation, those about what is planned or missing, those that name
// evidence of a narrower audience, and those that contradict the uploaded file.
func (s *Service) Bulk(ctx context.Context, p caiq.Principal, recordID string, in BulkInput) (BulkResult, error) {
	if in.Action != ActApprove && in.Action != ActReject && in.Action != ActReopen {
		return BulkResult{}, caiq.Errorf(caiq.Invalid, "bad_action", "answers are approved, rejected or reopened in bulk")
	}
	if in.Action != ActApprove {
		if err := checkReason(in.Reason); err != nil {
			return BulkResult{}, err
		}
	}
	var out BulkResult
	standing, err := s.standing(ctx, p, in.Action, recordID, in.Filter)
	if err != nil {
		return out, err
	}
	err = s.transact(ctx, p, in.Action, func(ctx context.Context, c *change) error {
		out = BulkResult{}
		r, err := s.openRecord(ctx, p, recordID)
		if err != nil {
			return err
		}
		out.Left = unknownOf(in.Seen, r)
		f := in.Filter
		f.AfterN, f.Limit = 0, MaxBulk+1
		rows, err := s.store.Rows(ctx, p.Workspace.ID, recordID, f)
		if err != nil {
			return err
		}
		if len(rows) > MaxBulk {
			return caiq.Errorf(caiq.TooLarge, "too_many", "the filter selects more than %d answers", MaxBulk).WithHint("narrow it, by domain say")
		}
		said, err := s.vouched(ctx, p.Workspace.ID, recordID)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := s.bulkOne(ctx, &reviewing{service: s, c: c, record: r, row: row, today: standing[revisionOf(&row.Answer)], said: said}, in, &out); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// unknownOf names what was seen and is no question: they count from 1 without gaps.
func unknownOf(seen []SeenAnswer, r caiq.Record) []Left {
	var left []Left
	for _, a := range seen {
		if a.N < 1 || a.N > r.Questions {
			left = append(left, Left{a.N, "not_found", "the questionnaire has no such question"})
		}
	}
	return left
}

func (s *Service) bulkOne(ctx context.Context, rv *reviewing, in BulkInput, out *BulkResult) error {
	n := rv.row.Answer.N
	u, err := rv.rules(ctx)
	if err != nil {
		return err
	}
	if code, why := leftOut(rv.row.Answer, u.warnings(&rv.row), in); code != "" {
		out.Left = append(out.Left, Left{n, code, why})
		return nil
	}
	refused := false // what alter refuses is left out; what the store refuses fails
	err = rv.save(ctx, in.Action, func() error {
		err := rv.intactly(ctx, in.Action, func(ctx context.Context, rv *reviewing) error { return rv.bulkAlter(ctx, in) })
		refused = err != nil
		return err
	})
	if err == nil {
		out.Changed = append(out.Changed, n)
		return nil
	}
	if ps, ok := asProblems(err); refused && ok {
		out.Left = append(out.Left, Left{n, ps[0].Code, ps.Error()})
		return nil
	}
	if code := caiq.CodeOf(err); refused && code != "" && caiq.KindOf(err) != caiq.Unavailable {
		out.Left = append(out.Left, Left{n, code, err.Error()})
		return nil
	}
	return err
}

func (rv *reviewing) bulkAlter(ctx context.Context, in BulkInput) error {
	switch in.Action {
	case ActReject:
		return rv.reject(in.Reason)
	case ActReopen:
		return rv.reopen(ctx, in.Reason)
	default:
		return rv.approve(ctx)
	}
}

// leftOut says why an answer is no matter for bulk.
func leftOut(a caiq.StoredAnswer, warnings caiq.Problems, in BulkInput) (code, why string) {
	if in.Seen != nil && !slices.Contains(in.Seen, SeenAnswer{a.N, a.Revision}) {
		return "not_seen", "it has changed since it was shown, or was not shown"
	}
	if in.Action != ActApprove {
		return "", ""
	}
	if a.Value == caiq.No || a.Value == caiq.NA {
		return "needs_look", "No and NA are approved one by one"
	}
	for _, p := range warnings {
		if p.Code != "formula_like" {
			return "needs_look", p.Message + ": approved one by one"
		}
	}
	for _, st := range a.Proposal.Basis {
		if st.Kind == caiq.StepDeviation {
			return "needs_look", "an auditor noted a deviation: approved one by one"
		}
	}
	for _, n := range a.Proposal.Needs {
		if slices.Contains([]string{"declared", "exception_noted", "negative_in_part", "provider_negative", "remedy_missing", needOtherProduct}, n.Code) {
			return "needs_look", n.Text + " It is approved one by one"
		}
	}
	return "", ""
}
