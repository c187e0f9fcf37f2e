package app

import (
	"context"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// suggestion is what the engine and the library have for one question.
type suggestion struct {
	asked    *caiq.Question // as it was matched
	proposal caiq.Proposal
	basis    string    // basisHash of the engine's own proposal
	until    caiq.Date // evidenceUntil
	author   string    // who last changed a text from the library; "" for the engine
	source   string    // StoredAnswer.Source
	audience caiq.Release
	pickers  []string // whose unconfirmed picks may have decided what is asked
}

// suggest proposes an answer to each question, in their order: what was
// approved before where the library has it, else what the engine derives.
func (s *Service) suggest(ctx context.Context, workspaceID string, target offeredTo, k *knowing, format caiq.FormatID, questions []caiq.Question, opt caiq.Options) ([]suggestion, error) {
	rows, err := s.derive(ctx, workspaceID, k, questions, opt)
	if err != nil {
		return nil, err
	}
	if err := s.credit(ctx, workspaceID, k, rows, opt); err != nil {
		return nil, err
	}
	offers, err := s.offers(ctx, workspaceID, target, k, format, opt)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if err := offers.apply(ctx, &questions[i], &rows[i]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// derive runs the pipeline's own matching and proposing over questions, and names
// no authors. The questions stay as they are: what search makes of one depends on
// the profile.
func (s *Service) derive(ctx context.Context, workspaceID string, k *knowing, questions []caiq.Question, opt caiq.Options) ([]suggestion, error) {
	d := &Draft{Questionnaire: &caiq.Questionnaire{Questions: slices.Clone(questions)}, Knowledge: k.knowledge}
	if err := d.ready(opt); err != nil {
		return nil, err
	}
	if err := s.match(ctx, workspaceID, d); err != nil {
		return nil, err
	}
	if err := d.propose(ctx, Input{Options: opt, Overwrite: true}, nil); err != nil { // exports replace what the file holds
		return nil, err
	}
	rows := make([]suggestion, len(d.Rows))
	for i, r := range d.Rows {
		rows[i] = suggestion{
			asked:    r.Question,
			audience: opt.Audience,
			proposal: r.Proposal,
			basis:    basisHash(k.knowledge, r.Proposal, opt.Audience),
		}
		if !r.Proposal.Blank() { // nothing rests on the evidence of no answer
			rows[i].until = evidenceUntil(k.knowledge, r.Proposal.Basis, opt.AsOf)
		}
	}
	return rows, s.namePickers(ctx, workspaceID, d.Questionnaire.Questions, rows)
}

// put writes the suggestion into an answer. A text that a person wrote, approved
// or rejected stays; the proposal stands beside it. It reports whether anything
// changed.
func (g suggestion) put(a *caiq.StoredAnswer) bool {
	untouched := a.State == caiq.StateProposed
	text := g.proposal.Answer
	same := a.BasisHash == g.basis && a.EvidenceUntil == g.until && a.Proposal.Answer == text && a.Proposal.Band == g.proposal.Band &&
		slices.Equal(a.Proposal.Authors, g.proposal.Authors)
	if same && (!untouched || a.Answer == text && a.Source == g.source && a.Audience == g.audience) {
		return false
	}
	a.Proposal, a.BasisHash, a.EvidenceUntil = g.proposal, g.basis, g.until
	switch {
	case untouched:
		a.Answer, a.TextSHA256, a.Audience = text, text.SHA256(), g.audience
		a.EditedBy, a.Authors, a.Source = g.author, g.proposal.Authors, g.source
	case a.Answer == text && g.audience.VisibleTo(a.Audience):
		a.Audience = g.audience // what everybody there is told
	}
	return true
}

// ProposeInput says what to propose from. Empty fields keep what the
// questionnaire has.
type ProposeInput struct {
	Revision  int    // of the record, as read
	ProfileID string // whose answers
	Version   int    // of a workspace's own profile; 0: the current one
	Audience  caiq.Release
	AsOf      caiq.Date // zero: today
}

// ProposeResult counts what a new proposal changed.
type ProposeResult struct {
	Record  caiq.Record
	Changed int    // answers with a new proposal
	Kept    int    // among them those whose text people wrote or judged: it stays
	Stale   int    // approvals that no longer hold
	list    string // SHA-256 of the list of what changed
}

// Propose derives proposals anew. Texts that people wrote, approved or rejected
// stay; an approval whose basis changed thereby becomes stale.
func (s *Service) Propose(ctx context.Context, p caiq.Principal, recordID string, in ProposeInput) (ProposeResult, error) {
	var out ProposeResult
	if err := s.checkAsOf(in.AsOf); err != nil {
		return out, err
	}
	if _, err := s.shelves.current(ctx, p.Workspace.ID); err != nil {
		return out, err
	}
	err := s.transact(ctx, p, ActRecordPropose, func(ctx context.Context, c *change) error {
		r, err := s.openRecord(ctx, p, recordID)
		if err != nil {
			return err
		}
		if r.Revision != in.Revision {
			return staleError("questionnaire", in.Revision, r.Revision)
		}
		out, err = s.propose(ctx, c, r, in)
		return err
	})
	return out, err
}

// propose works inside a transaction.
func (s *Service) propose(ctx context.Context, c *change, r caiq.Record, in ProposeInput) (ProposeResult, error) {
	out := ProposeResult{Record: r}
	if in.ProfileID != "" {
		r.ProfileID, r.ProfileVersion = in.ProfileID, in.Version
	}
	if r.ProfileID == "" {
		return out, caiq.Errorf(caiq.Invalid, "no_profile", "no profile is chosen for %s", r.Name).
			WithHint("name one of %s, or one of the workspace's own", strings.Join(s.library.ProfileIDs(), ", ")).At("profile")
	}
	opt, err := s.options(in.Audience, in.AsOf, r.Options, r.NDA)
	if err != nil {
		return out, err
	}
	if err := s.checkVersion(r.ProfileID, in.Version); err != nil {
		return out, err
	}
	k, err := s.know(ctx, c.workspaceID, r.Reading.Format, r.ProfileID, in.Version)
	if err != nil {
		return out, err
	}
	if err := s.reproposeRows(ctx, c, r, k, opt, &out); err != nil {
		return out, err
	}
	r.ProfileVersion, r.ProfileSHA256, r.Options = k.version, k.sha256, opt
	if err := s.store.UpdateRecord(ctx, &r); err != nil {
		return out, err
	}
	e := c.event(ActRecordPropose, recordObject(r.ID))
	e.RecordID, e.FromRevision, e.Revision = r.ID, r.Revision-1, r.Revision
	e.Detail = detail(map[string]any{
		"profile": r.ProfileID, "version": r.ProfileVersion, "profile_sha256": r.ProfileSHA256, "audience": opt.Audience,
		"as_of": opt.AsOf, "changed": out.Changed, "kept": out.Kept, "stale": out.Stale, listHash: out.list,
	})
	out.Record, err = s.store.Record(ctx, c.workspaceID, r.ID)
	return out, err
}

func (s *Service) reproposeRows(ctx context.Context, c *change, r caiq.Record, k *knowing, opt caiq.Options, out *ProposeResult) error {
	rows, err := s.store.Rows(ctx, c.workspaceID, r.ID, caiq.RowFilter{})
	if err != nil {
		return err
	}
	questions, err := s.recallRows(ctx, c.workspaceID, rows)
	if err != nil {
		return err
	}
	fresh, err := s.suggest(ctx, c.workspaceID, offeredTo{r.ID, r.Product}, k, r.Reading.Format, questions, opt)
	if err != nil {
		return err
	}
	said, err := s.vouched(ctx, c.workspaceID, r.ID)
	if err != nil {
		return err
	}
	var save []*caiq.StoredAnswer
	var differ caiq.Problems
	for i := range rows {
		a := &rows[i].Answer
		from, doubt := a.Answer, said.check(a)
		changed := fresh[i].put(a)
		if a.Stale(s.Today()) {
			out.Stale++
		}
		if !changed {
			continue
		}
		if doubt != nil { // the event would vouch for all of the row
			differ = append(differ, asProblem(&rows[i].Question.Question, doubt))
		}
		a.ChangedBy, a.Changed = "", c.now
		save = append(save, a)
		if a.State != caiq.StateProposed && a.Answer == from {
			out.Kept++
		}
	}
	if len(differ) > 0 {
		return differ
	}
	if len(save) == 0 {
		return nil
	}
	out.Changed = len(save)
	if err = s.store.SaveAnswers(ctx, save...); err != nil {
		return err
	}
	out.list, err = s.store.PutAnswerList(ctx, c.workspaceID, r.ID, listAnswers(save))
	return err
}

// checkAsOf refuses a day so far off that evidence judged on it tells nothing of the
// day on which answers are read.
func (s *Service) checkAsOf(asOf caiq.Date) error {
	if today := s.Today(); !asOf.IsZero() && (asOf.Before(today.AddMonths(-12)) || asOf.After(today.AddMonths(12))) {
		return caiq.Errorf(caiq.Invalid, "as_of_too_far", "evidence would be judged as of %s, more than a year from today", asOf.Long()).At("as_of").
			WithHint("leave as_of out: then it is judged as of today")
	}
	return nil
}

// options completes what was asked with what was there before: without either,
// the audience is nda where an NDA is in place, else public; the day is today.
func (s *Service) options(audience caiq.Release, asOf caiq.Date, before caiq.Options, nda bool) (caiq.Options, error) {
	o := caiq.Options{Audience: audience, AsOf: asOf}
	if o.Audience == "" {
		o.Audience = before.Audience
	}
	if o.Audience == "" && nda {
		o.Audience = caiq.ReleaseNDA
	}
	if o.Audience == "" {
		o.Audience = caiq.ReleasePublic
	}
	if o.AsOf.IsZero() {
		o.AsOf = s.Today()
	}
	return o, checkAudience(o.Audience)
}

func checkAudience(r caiq.Release) error {
	if r.Valid() {
		return nil
	}
	return caiq.Errorf(caiq.Invalid, "bad_audience", "the audience is %q; it can be public, nda or internal", clip(string(r))).At("audience")
}

// newAnswers are the first answers of a record: proposals where a profile is
// chosen, else blanks.
func newAnswers(c *change, recordID string, suggestions []suggestion, n int) []caiq.StoredAnswer {
	answers := make([]caiq.StoredAnswer, n)
	for i := range answers {
		a := &answers[i]
		*a = caiq.StoredAnswer{
			WorkspaceID: c.workspaceID, RecordID: recordID, N: i + 1, Revision: 1, State: caiq.StateProposed,
			Changed: c.now, TextSHA256: caiq.Answer{}.SHA256(), Proposal: caiq.Proposal{Band: caiq.BandNone},
		}
		if suggestions != nil {
			suggestions[i].put(a)
		}
	}
	return answers
}

func pointers[T any](vs []T) []*T {
	out := make([]*T, len(vs))
	for i := range vs {
		out[i] = &vs[i]
	}
	return out
}
