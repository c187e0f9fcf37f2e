package app

import (
	"context"
	"sync"

	"caique/internal/caiq"
)

// maxFresh bounds the questionnaires whose present bases are remembered.
const maxFresh = 256

// freshKey is what the present bases of a questionnaire depend on besides its
// answers: the knowledge, built-in packs included, the audience and the day.
type freshKey struct {
	workspaceID, recordID, knowledge string
	audience                         caiq.Release
	day                              caiq.Date
}

// freshAnswer is an answer at one revision.
type freshAnswer struct{ n, revision int }

// freshBases remembers what answers would rest on if they were proposed today.
type freshBases struct {
	mu    sync.Mutex
	known map[freshKey]map[freshAnswer]string
}

func newFreshBases() *freshBases {
	return &freshBases{known: make(map[freshKey]map[freshAnswer]string)}
}

// missing fills in what is known and returns the numbers of the others.
func (f *freshBases) missing(key freshKey, rows []caiq.ReviewRow, into map[freshAnswer]string) []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	var ns []int
	for i := range rows {
		at := revisionOf(&rows[i].Answer)
		basis, ok := f.known[key][at]
		if ok {
			into[at] = basis
		} else {
			ns = append(ns, at.n)
		}
	}
	return ns
}

func (f *freshBases) add(key freshKey, rows []caiq.ReviewRow, fresh []suggestion) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known[key] == nil {
		if len(f.known) >= maxFresh {
			clear(f.known)
		}
		f.known[key] = make(map[freshAnswer]string)
	}
	for i := range rows {
		f.known[key][revisionOf(&rows[i].Answer)] = fresh[i].basis
	}
}

func revisionOf(a *caiq.StoredAnswer) freshAnswer { return freshAnswer{a.N, a.Revision} }

// basesToday returns what answers would rest on if they were proposed
// today. Where nothing has changed since they were, that is what they rest on.
func (s *Service) basesToday(ctx context.Context, r caiq.Record, rows []caiq.ReviewRow) (map[freshAnswer]string, error) {
	out := make(map[freshAnswer]string, len(rows))
	if r.ProfileID == "" || len(rows) == 0 {
		return asProposed(rows, out), nil
	}
	k, err := s.know(ctx, r.WorkspaceID, r.Reading.Format, r.ProfileID, 0)
	if caiq.KindOf(err) == caiq.NotFound {
		return out, nil // the profile is gone: they rest on nothing
	}
	if err != nil {
		return nil, err
	}
	opt := caiq.Options{AsOf: s.Today(), Audience: r.Options.Audience}
	if k.sha256 == r.ProfileSHA256 && r.Options.AsOf == opt.AsOf {
		return asProposed(rows, out), nil
	}
	key := freshKey{r.WorkspaceID, r.ID, k.sha256, opt.Audience, opt.AsOf}
	ns := s.fresh.missing(key, rows, out)
	if len(ns) == 0 {
		return out, nil
	}
	whole, err := s.wholeRows(ctx, r, rows, ns)
	if err != nil {
		return nil, err
	}
	questions, err := s.recallRows(ctx, r.WorkspaceID, whole)
	if err != nil {
		return nil, err
	}
	fresh, err := s.derive(ctx, r.WorkspaceID, k, questions, opt)
	if err != nil {
		return nil, err
	}
	s.fresh.add(key, whole, fresh)
	for i := range whole {
		out[revisionOf(&whole[i].Answer)] = fresh[i].basis
	}
	return out, nil
}

// wholeRows returns the rows of some questions with their proposals: of those that
// were read already where they have them, so that what was read at one moment is
// judged as of it.
func (s *Service) wholeRows(ctx context.Context, r caiq.Record, rows []caiq.ReviewRow, ns []int) ([]caiq.ReviewRow, error) {
	wanted := make(map[int]bool, len(ns))
	for _, n := range ns {
		wanted[n] = true
	}
	var whole []caiq.ReviewRow
	for i := range rows {
		a := &rows[i].Answer
		if wanted[a.N] && a.Proposal.Question == "" {
			return s.store.Rows(ctx, r.WorkspaceID, r.ID, caiq.RowFilter{N: ns})
		}
		if wanted[a.N] {
			whole = append(whole, rows[i])
		}
	}
	return whole, nil
}

func asProposed(rows []caiq.ReviewRow, into map[freshAnswer]string) map[freshAnswer]string {
	for i := range rows {
		into[revisionOf(&rows[i].Answer)] = rows[i].Answer.BasisHash
	}
	return into
}

// stale tells, by number, which approvals do not hold today: what they rest on has
// changed or run out.
func (s *Service) stale(ctx context.Context, r caiq.Record, rows []caiq.ReviewRow) (map[int]bool, error) {
	out := make(map[int]bool)
	var approved []caiq.ReviewRow
	for i := range rows {
		a := &rows[i].Answer
		switch {
		case a.Stale(s.Today()):
			out[a.N] = true
		case a.State == caiq.StateApproved:
			approved = append(approved, rows[i])
		}
	}
	if len(approved) == 0 {
		return out, nil
	}
	today, err := s.basesToday(ctx, r, approved)
	for i := range approved {
		a := &approved[i].Answer
		if a.ApprovedBasis != today[revisionOf(a)] {
			out[a.N] = true
		}
	}
	return out, err
}

// expired reports whether evidence behind an answer has run out before a day.
func expired(a *caiq.StoredAnswer, day caiq.Date) bool {
	return !a.EvidenceUntil.IsZero() && a.EvidenceUntil.Before(day)
}

// ended says why an approval that is stale no longer holds on a day.
func ended(a *caiq.StoredAnswer, day caiq.Date) string {
	if !a.ApprovedUntil.IsZero() && a.ApprovedUntil.Before(day) {
		return "it was good until " + a.ApprovedUntil.Long()
	}
	return "what it rests on has changed"
}

// views shows rows as they stand today.
func (s *Service) views(ctx context.Context, r caiq.Record, rows ...caiq.ReviewRow) ([]AnswerView, error) {
	stale, err := s.stale(ctx, r, rows)
	if err != nil {
		return nil, err
	}
	u, err := s.rules(ctx, &r, r.Options.Audience)
	if err != nil {
		return nil, err
	}
	views := make([]AnswerView, len(rows))
	for i := range rows {
		views[i].ReviewRow = rows[i]
		u.see(&views[i], stale[rows[i].Answer.N])
	}
	return views, nil
}

// standing returns what the answers that a filter selects would rest on today. It
// is found out before the transaction that needs it: deriving takes long and may
// have to read a lot.
func (s *Service) standing(ctx context.Context, p caiq.Principal, a Action, recordID string, f caiq.RowFilter) (map[freshAnswer]string, error) {
	if err := Allow(p, a); err != nil {
		return nil, err
	}
	r, err := s.store.Record(ctx, p.Workspace.ID, recordID)
	if err != nil {
		return nil, err
	}
	f.Brief = true
	rows, err := s.store.Rows(ctx, p.Workspace.ID, recordID, f)
	if err != nil {
		return nil, err
	}
	return s.basesToday(ctx, r, rows)
}
