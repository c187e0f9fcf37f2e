package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"caique/internal/caiq"
)

// EditInput is a new text for an answer.
type EditInput struct {
	Revision int // of the answer, as read
	Answer   caiq.Answer
}

// Edit changes an answer's text; the principal is from then on one of its
// authors. What breaks a rule comes back as problems and is stored: a draft may be
// unfinished. What no cell could hold is refused. An approval ends with the text
// it was for.
func (s *Service) Edit(ctx context.Context, p caiq.Principal, recordID string, n int, in EditInput) (AnswerView, error) {
	if err := checkFields(in.Answer); err != nil {
		return AnswerView{}, err
	}
	return s.review(ctx, p, ActEdit, recordID, n, in.Revision, func(ctx context.Context, rv *reviewing) error {
		a := &rv.row.Answer
		if a.Answer == in.Answer && !rv.anew {
			return errUnchanged
		}
		wasApproved := a.State == caiq.StateApproved
		rv.rewrite(in.Answer)
		if wasApproved {
			return rv.withdraw(ctx)
		}
		return nil
	})
}

// rewrite puts another text in place and notes whose words it is made of, and for
// whom: an approval that held has vouched for those before it; the proposal's own
// text leaves nothing of what was edited; blanks are no words. Of what was changed past
// the service nobody knows whose words it was: whoever edits it takes them on.
func (rv *reviewing) rewrite(text caiq.Answer) {
	a, author := &rv.row.Answer, rv.c.p.User.ID
	vouched := a.State == caiq.StateApproved && !rv.stale()
	spaced := sameWords(a.Answer, text)
	if a.Reason = ""; text == a.Proposal.Answer && !rv.anew {
		rv.takeProposal()
		return
	}
	clearApproval(a)
	a.State, a.Answer, a.TextSHA256, a.Source = caiq.StateEdited, text, text.SHA256(), ""
	if spaced && !rv.anew {
		return
	}
	if !spaced {
		a.Audience = rv.record.Options.Audience
	}
	if vouched {
		a.Authors = nil
	}
	a.EditedBy, a.Authors = author, withAuthor(a.Authors, author)
}

// takeProposal puts the proposal in the place of a text.
func (rv *reviewing) takeProposal() {
	a := &rv.row.Answer
	clearApproval(a)
	a.State, a.Answer, a.TextSHA256 = caiq.StateProposed, a.Proposal.Answer, a.Proposal.Answer.SHA256()
	a.EditedBy, a.Authors, a.Source = "", a.Proposal.Authors, librarySource(a.Proposal)
	a.Audience = rv.record.Options.Audience
}

// librarySource names the library entry that a proposal was taken from, or "".
func librarySource(p caiq.Proposal) string {
	for _, st := range p.Basis {
		if st.Kind == caiq.StepLibrary {
			return st.Ref
		}
	}
	return ""
}

// ApproveInput says which text is approved.
type ApproveInput struct {
	Revision int
	// TextSHA256 is the hash of the text that the approver saw; "" to go by the
	// revision alone.
	TextSHA256 string
}

// Approve approves an answer's text. Nobody approves words of their own, except
// in a workspace with a single operator.
func (s *Service) Approve(ctx context.Context, p caiq.Principal, recordID string, n int, in ApproveInput) (AnswerView, error) {
	return s.review(ctx, p, ActApprove, recordID, n, in.Revision, func(ctx context.Context, rv *reviewing) error {
		if in.TextSHA256 != "" && in.TextSHA256 != rv.row.Answer.TextSHA256 {
			return caiq.Errorf(caiq.Conflict, "text_differs", "the answer's text is another than the one with this text_sha256").At("text_sha256").
				WithHint("read the answer again and send the text_sha256 that it shows now")
		}
		return rv.approve(ctx)
	})
}

// Reject sends an answer back, with a reason.
func (s *Service) Reject(ctx context.Context, p caiq.Principal, recordID string, n, revision int, reason string) (AnswerView, error) {
	return s.review(ctx, p, ActReject, recordID, n, revision, func(_ context.Context, rv *reviewing) error { return rv.reject(reason) })
}

// Reopen takes an approval or rejection back, with a reason. A text that nobody has
// edited gives way to the proposal as it is now.
func (s *Service) Reopen(ctx context.Context, p caiq.Principal, recordID string, n, revision int, reason string) (AnswerView, error) {
	return s.review(ctx, p, ActReopen, recordID, n, revision, func(ctx context.Context, rv *reviewing) error { return rv.reopen(ctx, reason) })
}

// errUnchanged ends a review that leaves everything as it is; it is no failure.
var errUnchanged = caiq.Errorf(caiq.Conflict, "unchanged", "nothing changes")

// reviewing is one answer under review inside a transaction. Every way to
// change an answer, singly or in bulk, leads through it.
type reviewing struct {
	service *Service
	c       *change
	record  caiq.Record
	row     caiq.ReviewRow
	today   string             // what the answer would rest on today
	picked  *pickDetail        // of a pick, or of one taken back
	entry   *caiq.LibraryEntry // that an approval put into the library
	said    *vouched           // what the trail says of it; nil: not read yet
	anew    bool               // it was not as the trail left it, see beginAnew
	kept    string             // of an approval: see keepEvidence
}

func (s *Service) review(ctx context.Context, p caiq.Principal, a Action, recordID string, n, revision int, alter func(context.Context, *reviewing) error) (AnswerView, error) {
	var out AnswerView
	var entry *caiq.LibraryEntry
	standing, err := s.standing(ctx, p, a, recordID, caiq.RowFilter{N: []int{n}})
	if err != nil {
		return out, err
	}
	err = s.transact(ctx, p, a, func(ctx context.Context, c *change) error {
		r, err := s.openRecord(ctx, p, recordID)
		if err != nil {
			return err
		}
		row, err := s.store.Row(ctx, p.Workspace.ID, recordID, n)
		if err != nil {
			return err
		}
		rv := &reviewing{service: s, c: c, record: r, row: row, today: standing[revisionOf(&row.Answer)]}
		if row.Answer.Revision != revision {
			return staleError("answer", revision, row.Answer.Revision)
		}
		if err := rv.save(ctx, a, func() error { return rv.intactly(ctx, a, alter) }); err != nil && err != errUnchanged { //nolint:errorlint // a sentinel of ours, never wrapped
			return err
		}
		entry = rv.entry
		u, err := rv.rules(ctx)
		if err != nil {
			return err
		}
		out, err = s.viewPicked(ctx, r, u, rv.row, rv.stale())
		return err
	})
	if err == nil && entry != nil {
		// The approval is done: an index that cannot say now is for Ready to report.
		if found, err := s.duplicates(ctx, p.Workspace.ID, *entry); err == nil {
			out.Duplicates = found
		}
	}
	return out, err
}

// save alters the answer, stores it and reports what became of it.
func (rv *reviewing) save(ctx context.Context, a Action, alter func() error) error {
	before := rv.row.Answer
	if err := alter(); err != nil {
		return err
	}
	after := &rv.row.Answer
	after.ChangedBy, after.Changed = rv.c.p.User.ID, rv.c.now
	if err := rv.service.store.SaveAnswers(ctx, after); err != nil {
		return err
	}
	if after.State == caiq.StateApproved {
		if err := rv.keepInLibrary(ctx); err != nil {
			return err
		}
	}
	e := rv.c.event(a, answerObject(rv.record.ID, after.N))
	e.RecordID, e.FromRevision, e.FromTextSHA256 = rv.record.ID, before.Revision, before.TextSHA256
	e.Revision, e.TextSHA256 = after.Revision, after.TextSHA256
	if rv.picked != nil {
		e.Detail = detail(rv.picked.fields(rv, before.State))
		return nil
	}
	particulars := map[string]any{
		"question": rv.row.Question.Question.Key, "from": before.State, "to": after.State, "basis": after.BasisHash,
		"proposal_sha256": after.ProposalSHA256, answerHash: answerSHA256(after),
		"evidence_until": after.EvidenceUntil, "reason_sha256": reasonHash(after.Reason), "authors": after.Authors,
		"audience": after.Audience,
	}
	if rv.kept != "" {
		particulars["evidence_sha256"] = rv.kept
	}
	e.Detail = detail(particulars)
	return nil
}

// reasonHash keeps reasons, which may quote answers, out of the trail.
func reasonHash(reason string) string {
	if reason == "" {
		return ""
	}
	return hexSHA256([]byte(reason))
}

func clearApproval(a *caiq.StoredAnswer) {
	a.ApprovedBy, a.ApprovedAt, a.ApprovedBasis, a.ApprovedUntil = "", time.Time{}, "", caiq.Date{}
}

// approve is the one place where an answer becomes approved.
func (rv *reviewing) approve(ctx context.Context) error {
	a, s := &rv.row.Answer, rv.service
	if err := rv.approvable(ctx); err != nil {
		return err
	}
	a.State, a.Reason = caiq.StateApproved, ""
	a.ApprovedBy, a.ApprovedAt, a.ApprovedBasis, a.ApprovedUntil = rv.c.p.User.ID, rv.c.now, a.BasisHash, a.EvidenceUntil
	if a.ApprovedUntil.IsZero() { // nothing runs out by itself: it is looked at again all the same
		a.ApprovedUntil = s.Today().AddMonths(reviewMonths)
	}
	if expired(a, s.Today()) {
		return caiq.Errorf(caiq.Conflict, "evidence_expired", "the evidence behind the answer was reliable until %s", a.EvidenceUntil.Long()).
			WithHint("propose the questionnaire again as of today")
	}
	if a.ApprovedBasis != rv.today {
		return caiq.Errorf(caiq.Conflict, "basis_changed", "what the answer rests on has changed since it was proposed").
			WithHint("propose the questionnaire again as of today")
	}
	var err error
	rv.kept, err = rv.keepEvidence(ctx)
	return err
}

// rules are those of the questionnaire under review.
func (rv *reviewing) rules(ctx context.Context) (*rules, error) {
	if rv.c.rules == nil {
		u, err := rv.service.rules(ctx, &rv.record, rv.record.Options.Audience)
		if err != nil {
			return nil, err
		}
		rv.c.rules = u
	}
	return rv.c.rules, nil
}

func (rv *reviewing) approvable(ctx context.Context) error {
	a := &rv.row.Answer
	switch {
	case a.State == caiq.StateRejected:
		return wrongState(a.State, "approved", "edit or reopen it first")
	case a.State == caiq.StateApproved && !rv.stale():
		return wrongState(a.State, "approved again", "its approval holds")
	case a.Value == "":
		return caiq.Errorf(caiq.Invalid, "blank", "a blank answer cannot be approved").WithHint("edit it first: nothing is guessed")
	case slices.Contains(a.Authors, rv.c.p.User.ID) && !rv.c.p.Workspace.SingleOperator:
		return caiq.Errorf(caiq.Forbidden, "sod_violation", "you wrote or chose some of this text, so somebody else approves it").
			WithHint("another reviewer of the workspace can approve it")
	}
	u, err := rv.rules(ctx)
	if err != nil {
		return err
	}
	if ps := u.problems(&rv.row); len(ps) > 0 {
		return ps
	}
	return nil
}

// stale reports whether the answer's approval, if it has one, no longer holds.
func (rv *reviewing) stale() bool {
	a := &rv.row.Answer
	return a.State == caiq.StateApproved && (a.Stale(rv.service.Today()) || a.ApprovedBasis != rv.today)
}

func wrongState(s caiq.AnswerState, verb, hint string) error {
	return caiq.Errorf(caiq.Conflict, "wrong_state", "the answer is %s and cannot be %s", s, verb).WithHint("%s", hint)
}

func (rv *reviewing) reject(reason string) error {
	a := &rv.row.Answer
	if a.State != caiq.StateProposed && a.State != caiq.StateEdited {
		return wrongState(a.State, "rejected", "reopen it first")
	}
	if err := checkReason(reason); err != nil {
		return err
	}
	a.State, a.Reason = caiq.StateRejected, reason
	return nil
}

func (rv *reviewing) reopen(ctx context.Context, reason string) error {
	a := &rv.row.Answer
	if a.State != caiq.StateApproved && a.State != caiq.StateRejected {
		return wrongState(a.State, "reopened", "only approved and rejected answers can be")
	}
	if err := checkReason(reason); err != nil {
		return err
	}
	wasApproved := a.State == caiq.StateApproved
	clearApproval(a)
	a.Reason = reason
	switch edited := a.EditedBy != "" && a.Source == ""; {
	case edited:
		a.State = caiq.StateEdited
	case a.Answer == a.Proposal.Answer:
		a.State = caiq.StateProposed
	default:
		rv.takeProposal()
	}
	if wasApproved {
		return rv.withdraw(ctx)
	}
	return nil
}

// checkReason wants a reason that says something and fits.
func checkReason(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return caiq.Errorf(caiq.Invalid, "no_reason", "a reason is missing").At("reason").WithHint("say in a sentence why, for whoever works on it next")
	}
	if err := caiq.CheckText(reason); err != nil {
		return placed(err, "reason")
	}
	if len(reason) > 4000 {
		return caiq.Errorf(caiq.Invalid, "too_long", "the reason has %d bytes, the limit is 4000", len(reason)).At("reason")
	}
	return nil
}
