package app

import (
	"context"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// PickInput is what a reviewer says a question asks.
type PickInput struct {
	Revision int    // of the answer, as read
	Ref      string // of a candidate: "caiq-4.1/IAM-13.1" or "library/ID"
	Reason   string // "" for none
}

// pickDetail is what the trail keeps of a pick: hashes, as everywhere in it.
type pickDetail struct {
	Text   string // hash of the question's text
	Ref    string // what was chosen
	Reason string // hash
}

func (d *pickDetail) fields(rv *reviewing, from caiq.AnswerState) map[string]any {
	a := &rv.row.Answer
	return map[string]any{
		"question": rv.row.Question.Question.Key, "from": from, "to": a.State, "basis": a.BasisHash,
		"text": d.Text, "picked": d.Ref, "reason_sha256": d.Reason, answerHash: answerSHA256(a),
	}
}

// Pick says what a question asks, by a known question or by an entry of the
// library that answers it. The answer is proposed anew from that and is a
// proposal as any other, but whoever picked counts among its authors and does not
// approve it: choosing the answer changes the text as much as writing it does. The
// same words are matched the same way from then on, wherever they come in. There
// the picker is among the authors too, until somebody else has approved an answer
// that rests on the pick.
func (s *Service) Pick(ctx context.Context, p caiq.Principal, recordID string, n int, in PickInput) (AnswerView, error) {
	if in.Reason != "" {
		if err := checkReason(in.Reason); err != nil {
			return AnswerView{}, err
		}
	}
	if err := s.upToDate(ctx, p, ActPick); err != nil {
		return AnswerView{}, err
	}
	return s.review(ctx, p, ActPick, recordID, n, in.Revision, func(ctx context.Context, rv *reviewing) error {
		if err := rv.pickable(); err != nil {
			return err
		}
		k := rv.newPick(in)
		offers, err := rv.offers(ctx)
		if err != nil {
			return err
		}
		if err := s.aim(&k, in.Ref, offers); err != nil {
			return err
		}
		if err := s.store.PutPick(ctx, k); err != nil {
			return err
		}
		rv.picked = &pickDetail{k.TextHash, in.Ref, reasonHash(k.Reason)}
		rv.row.Answer.State, rv.row.Answer.Reason = caiq.StateProposed, k.Reason
		return rv.proposeAnew(ctx, offers)
	})
}

// Unpick takes a pick back: the answer is proposed as if it had not been made,
// and the same words are no longer matched by it. A text that somebody wrote
// since stays.
func (s *Service) Unpick(ctx context.Context, p caiq.Principal, recordID string, n, revision int) (AnswerView, error) {
	if err := s.upToDate(ctx, p, ActUnpick); err != nil {
		return AnswerView{}, err
	}
	return s.review(ctx, p, ActUnpick, recordID, n, revision, func(ctx context.Context, rv *reviewing) error {
		if err := rv.open(); err != nil {
			return err
		}
		q := &rv.row.Question.Question
		if err := s.store.DeletePick(ctx, rv.c.workspaceID, recordID, n); err != nil {
			return err
		}
		if err := s.shelves.unlearn(ctx, rv.c.workspaceID, q.TextHash); err != nil {
			return err
		}
		rv.picked = &pickDetail{Text: q.TextHash}
		offers, err := rv.offers(ctx)
		if err != nil {
			return err
		}
		return rv.proposeAnew(ctx, offers)
	})
}

// upToDate checks that the principal may do an action and brings the search
// index of its workspace up to date, outside of the action's transaction.
func (s *Service) upToDate(ctx context.Context, p caiq.Principal, a Action) error {
	if err := Allow(p, a); err != nil {
		return err
	}
	_, err := s.shelves.current(ctx, p.Workspace.ID)
	return err
}

// open refuses answers that are approved and questionnaires that nobody answers.
func (rv *reviewing) open() error {
	switch {
	case rv.row.Answer.State == caiq.StateApproved:
		return wrongState(caiq.StateApproved, "matched anew", "reopen it first")
	case rv.record.ProfileID == "":
		return caiq.Errorf(caiq.Conflict, "no_profile", "no profile is chosen for %s", rv.record.Name).
			WithHint("propose the questionnaire for a profile first")
	default:
		return nil
	}
}

// pickable refuses questions that need nobody to say what they ask.
func (rv *reviewing) pickable() error {
	q := &rv.row.Question.Question
	switch {
	case q.TextHash == "":
		return caiq.Errorf(caiq.Invalid, "no_text", "the question has no words to be matched by").WithHint("answer it by hand")
	case !leftOpen(q):
		return caiq.Errorf(caiq.Conflict, "known_question", "the question is known: it is %s", q.Match.Question).
			WithHint("edit the answer where another is meant")
	default:
		return rv.open()
	}
}

func (rv *reviewing) newPick(in PickInput) caiq.Pick {
	q := &rv.row.Question
	return caiq.Pick{
		WorkspaceID: rv.c.workspaceID, RecordID: rv.record.ID, N: q.N, TextHash: q.Question.TextHash, Text: q.Question.Text,
		Reason: in.Reason, By: rv.c.p.User.ID, ByName: rv.c.p.User.Name, SourceName: rv.record.Name, At: rv.c.now, Here: true,
	}
}

// aim reads what was picked: a question of a format, or an entry that may be
// offered here.
func (s *Service) aim(k *caiq.Pick, ref string, o *offers) error {
	if id, ok := strings.CutPrefix(ref, "library/"); ok {
		e, ok := o.byID[id]
		if !ok {
			return caiq.Errorf(caiq.Invalid, "unknown_candidate", "the library has no such entry to offer here: of the same profile, for the same audience or a wider one, not withdrawn and within its days").At("candidate")
		}
		k.EntryID, k.Question = e.ID, e.Meant()
		return nil
	}
	k.Question = caiq.Ref(ref)
	f, err := s.library.Format(caiq.FormatID(k.Question.Set()))
	if err != nil && caiq.KindOf(err) != caiq.NotFound {
		return err
	}
	if err != nil || !k.Question.IsQuestion() || !slices.ContainsFunc(f.Questions, func(q caiq.FormatQuestion) bool { return f.Ref(q) == k.Question }) {
		return caiq.Errorf(caiq.Invalid, "unknown_candidate", "there is no question %q", clip(ref)).At("candidate").
			WithHint("name a candidate by its ref: caiq-4.1/IAM-13.1, or library/ID")
	}
	return nil
}

// offers are the library's entries that may answer the question under review.
func (rv *reviewing) offers(ctx context.Context) (*offers, error) {
	r := &rv.record
	k, err := rv.service.know(ctx, rv.c.workspaceID, r.Reading.Format, r.ProfileID, r.ProfileVersion)
	if err != nil {
		return nil, err
	}
	return rv.service.offers(ctx, rv.c.workspaceID, offeredTo{r.ID, r.Product}, k, r.Reading.Format, r.Options)
}

// proposeAnew proposes the answer under review from what its question is known
// to ask now.
func (rv *reviewing) proposeAnew(ctx context.Context, o *offers) error {
	questions, err := rv.service.recallRows(ctx, rv.c.workspaceID, []caiq.ReviewRow{rv.row})
	if err != nil {
		return err
	}
	fresh, err := rv.service.derive(ctx, rv.c.workspaceID, o.to, questions, o.opt)
	if err != nil {
		return err
	}
	if err := rv.service.credit(ctx, rv.c.workspaceID, o.to, fresh, o.opt); err != nil {
		return err
	}
	if err := o.apply(ctx, &questions[0], &fresh[0]); err != nil {
		return err
	}
	fresh[0].put(&rv.row.Answer)
	return nil
}

// namePickers names, for questions recognised by search, who taught the workspace
// a wording of what they were found to ask that nobody else has confirmed: such a
// wording may have decided.
func (s *Service) namePickers(ctx context.Context, workspaceID string, questions []caiq.Question, rows []suggestion) error {
	found := func(q caiq.Question) bool { return q.Match.Kind == caiq.MatchFound }
	if !slices.ContainsFunc(questions, found) {
		return nil
	}
	picks, err := s.store.Picks(ctx, workspaceID, nil)
	if err != nil {
		return err
	}
	pickers := make(map[caiq.Ref][]string)
	for _, k := range picks {
		if !k.Confirmed {
			pickers[k.Question] = withAuthor(pickers[k.Question], k.By)
		}
	}
	for i, q := range questions {
		if found(q) {
			rows[i].pickers = pickers[q.Match.Question]
		}
	}
	return nil
}

// viewPicked shows an answer with what a reviewer matched its question to.
func (s *Service) viewPicked(ctx context.Context, r caiq.Record, u *rules, row caiq.ReviewRow, stale bool) (AnswerView, error) {
	v := AnswerView{ReviewRow: row}
	u.see(&v, stale)
	q := &row.Question.Question
	if !leftOpen(q) {
		return v, nil
	}
	m, err := s.remember(ctx, r.WorkspaceID, []caiq.Question{*q})
	if err != nil {
		return v, err
	}
	as := *q
	m.recall(&as, r.ID, row.Question.N)
	v.Pick = as.Match.Pick
	return v, nil
}
