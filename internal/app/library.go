package app

import (
	"context"
	"slices"

	"caique/internal/caiq"
)

// reviewMonths is how long an approved answer is offered again before somebody
// looks at it anew, where its evidence does not run out before.
const reviewMonths = 12

// keepInLibrary offers the answer just approved to later questionnaires of the
// same profile.
func (rv *reviewing) keepInLibrary(ctx context.Context) error {
	q, a, s := &rv.row.Question.Question, &rv.row.Answer, rv.service
	if rv.record.ProfileID == "" || q.TextHash == "" || q.Match.Kind == caiq.MatchChanged {
		return nil // a changed text under a known key would answer another question
	}
	today := s.Today()
	e, err := s.store.PutLibraryEntry(ctx, caiq.LibraryEntry{
		ID: s.newID(), WorkspaceID: a.WorkspaceID, Revision: 1, ProfileID: rv.record.ProfileID, Key: libraryKey(q), TextHash: q.TextHash,
		Question: q.Text, Asks: a.Proposal.Question,
		Audience: rv.record.Options.Audience, Answer: a.Answer, TextSHA256: a.TextSHA256, BasisHash: a.ApprovedBasis,
		EvidenceUntil: a.ApprovedUntil, Band: a.Band(), Owner: a.ApprovedBy, ReviewBy: today.AddMonths(reviewMonths),
		SourceRecordID: a.RecordID, SourceName: rv.record.Name, Product: rv.record.Product, SourceN: a.N, SourceRevision: a.Revision,
		EditedBy: a.EditedBy, Authors: a.Authors, ApprovedBy: a.ApprovedBy, ApprovedAt: a.ApprovedAt, Created: rv.c.now,
	})
	if err != nil {
		return err
	}
	rv.entry = &e
	ev := rv.c.event(actLibraryPut, "library/"+e.ID)
	ev.RecordID, ev.Revision, ev.TextSHA256 = a.RecordID, e.Revision, e.TextSHA256
	ev.Detail = detail(map[string]any{"question": e.Key, "profile": e.ProfileID, "audience": e.Audience, "review_by": e.ReviewBy})
	return nil
}

// withdraw stops offering the answer whose approval ends.
func (rv *reviewing) withdraw(ctx context.Context) error {
	q, s := &rv.row.Question.Question, rv.service
	entries, err := s.store.LibraryEntries(ctx, rv.c.workspaceID, caiq.LibraryFilter{ProfileID: rv.record.ProfileID, Key: libraryKey(q)})
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.SourceRecordID != rv.record.ID || e.SourceN != rv.row.Answer.N || e.Retired {
			continue
		}
		e.Retired = true
		if err := s.store.UpdateLibraryEntry(ctx, &e); err != nil {
			return err
		}
		ev := rv.c.event(actLibraryRetire, "library/"+e.ID)
		ev.RecordID, ev.FromRevision, ev.Revision, ev.TextSHA256 = rv.record.ID, e.Revision-1, e.Revision, e.TextSHA256
	}
	return nil
}

// LibraryEntries lists approved answers that are offered again.
func (s *Service) LibraryEntries(ctx context.Context, p caiq.Principal, f caiq.LibraryFilter) ([]caiq.LibraryEntry, error) {
	if err := Allow(p, ActLibraryRead); err != nil {
		return nil, err
	}
	return s.store.LibraryEntries(ctx, p.Workspace.ID, f)
}

// LibraryEntry returns one of them.
func (s *Service) LibraryEntry(ctx context.Context, p caiq.Principal, id string) (caiq.LibraryEntry, error) {
	if err := Allow(p, ActLibraryRead); err != nil {
		return caiq.LibraryEntry{}, err
	}
	return s.store.LibraryEntry(ctx, p.Workspace.ID, id)
}

// LibraryPatch is what people change of an entry: nil stays as it is.
type LibraryPatch struct {
	Owner    *string // User.ID of a member
	ReviewBy *caiq.Date
	Retired  *bool
}

// ChangeLibraryEntry changes who keeps an entry true, until when it is offered,
// and whether it is offered at all.
func (s *Service) ChangeLibraryEntry(ctx context.Context, p caiq.Principal, id string, revision int, in LibraryPatch) (caiq.LibraryEntry, error) {
	var out caiq.LibraryEntry
	err := s.transact(ctx, p, ActLibraryChange, func(ctx context.Context, c *change) error {
		e, err := s.store.LibraryEntry(ctx, p.Workspace.ID, id)
		if err != nil {
			return err
		}
		if e.Revision != revision {
			return staleError("library entry", revision, e.Revision)
		}
		retired := e.Retired
		replace(&e.Owner, in.Owner)
		replace(&e.ReviewBy, in.ReviewBy)
		replace(&e.Retired, in.Retired)
		if err := s.checkLibraryPatch(ctx, p.Workspace.ID, in); err != nil {
			return err
		}
		if retired && !e.Retired {
			if err := s.checkOfferedAgain(ctx, p, &e); err != nil {
				return err
			}
		}
		if err := s.saveLibraryEntry(ctx, c, &e); err != nil {
			return err
		}
		out = e
		return nil
	})
	return out, err
}

func (s *Service) checkLibraryPatch(ctx context.Context, workspaceID string, in LibraryPatch) error {
	if in.ReviewBy != nil {
		switch latest := s.Today().AddMonths(reviewMonths); {
		case in.ReviewBy.IsZero():
			return caiq.Errorf(caiq.Invalid, "no_review_by", "an entry of the library needs a day for its next review").At("review_by")
		case in.ReviewBy.After(latest):
			return caiq.Errorf(caiq.Invalid, "review_by_too_far", "an entry of the library is looked at again within %d months: by %s at the latest", reviewMonths, latest).At("review_by")
		}
	}
	if in.Owner == nil { // an entry whose owner has left has none
		return nil
	}
	return s.checkMember(ctx, workspaceID, "owner", *in.Owner)
}

// checkOfferedAgain refuses to offer words of one's own again, and those whose
// approval was taken back: only another approval does that.
func (s *Service) checkOfferedAgain(ctx context.Context, p caiq.Principal, e *caiq.LibraryEntry) error {
	if slices.Contains(e.Authors, p.User.ID) && !p.Workspace.SingleOperator {
		return caiq.Errorf(caiq.Forbidden, "sod_violation", "you wrote or chose some of this text, so somebody else offers it again").
			WithHint("another reviewer of the workspace can")
	}
	events, err := s.store.Events(ctx, e.WorkspaceID, caiq.EventFilter{Object: "library/" + e.ID, Newest: true})
	if err != nil {
		return err
	}
	last := slices.IndexFunc(events, func(v caiq.Event) bool {
		return v.Action == string(actLibraryPut) || v.Action == string(actLibraryRetire)
	})
	if last >= 0 && events[last].Action == string(actLibraryRetire) {
		return caiq.Errorf(caiq.Conflict, "approval_withdrawn", "the approval of this text was taken back, so it is not offered").
			WithHint("once the answer is approved again it is offered by itself")
	}
	return nil
}

// checkMember refuses a user, named in a field of the input, who is none of the workspace.
func (s *Service) checkMember(ctx context.Context, workspaceID, field, userID string) error {
	_, err := s.store.Member(ctx, workspaceID, userID)
	if err != nil && caiq.KindOf(err) == caiq.NotFound {
		return caiq.Errorf(caiq.Invalid, "unknown_member", "the workspace has no such member").At(field)
	}
	return err
}

// saveLibraryEntry stores a changed entry with the event that says so.
func (s *Service) saveLibraryEntry(ctx context.Context, c *change, e *caiq.LibraryEntry) error {
	from := e.Revision
	if err := s.store.UpdateLibraryEntry(ctx, e); err != nil {
		return err
	}
	ev := c.event(ActLibraryChange, "library/"+e.ID)
	ev.FromRevision, ev.Revision, ev.TextSHA256 = from, e.Revision, e.TextSHA256
	ev.Detail = detail(map[string]any{"owner": e.Owner, "review_by": e.ReviewBy, "retired": e.Retired})
	return nil
}
