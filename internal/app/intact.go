package app

import (
	"context"
	"time"

	"caique/internal/caiq"
)

// intactly alters an answer that is as the trail left it and refuses another: the
// event of the change would vouch for all of the row. An edit begins anew instead.
func (rv *reviewing) intactly(ctx context.Context, a Action, alter func(context.Context, *reviewing) error) error {
	if rv.said == nil {
		var err error
		if rv.said, err = rv.service.vouchedFor(ctx, rv.c.workspaceID, rv.record.ID, rv.row.Answer.N, time.Time{}); err != nil {
			return err
		}
	}
	err := rv.said.check(&rv.row.Answer)
	switch {
	case err == nil:
		return alter(ctx, rv)
	case a != ActEdit:
		return err
	}
	if err := rv.beginAnew(ctx); err != nil {
		return err
	}
	return alter(ctx, rv)
}

// beginAnew leaves nothing of an answer that was changed past the service but its
// words and whom they are for: what it rests on is proposed anew, and everybody whom
// the row or the trail names as an author stays one.
func (rv *reviewing) beginAnew(ctx context.Context) error {
	a := &rv.row.Answer
	said, err := rv.service.vouched(ctx, rv.c.workspaceID, rv.record.ID)
	if err != nil {
		return err
	}
	words, audience, authors := a.Answer, a.Audience, withAuthor(a.Authors, said.authors(a.N)...)
	clearApproval(a)
	a.State = caiq.StateProposed
	suggestion{proposal: caiq.Proposal{Band: caiq.BandNone}}.put(a)
	if rv.record.ProfileID != "" {
		offers, err := rv.offers(ctx)
		if err != nil {
			return err
		}
		if err := rv.proposeAnew(ctx, offers); err != nil {
			return err
		}
	}
	a.Answer, a.Audience, a.Authors, rv.anew = words, audience, authors, true
	return rv.withdraw(ctx)
}

// authors are all whom the trail names as authors of an answer at some time.
func (v *vouched) authors(n int) []string {
	var all []string
	for at, l := range v.left {
		if at.n == n {
			all = withAuthor(all, detailOf(l.event).Authors...)
		}
	}
	return all
}
