package app

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"caique/internal/caiq"
)

// Provenance says what an answer was at a moment: who wrote it, who approved it
// and how they were signed in, on which evidence, and whether that held then and
// holds today.
type Provenance struct {
	At       time.Time
	Question caiq.Question
	Answer   caiq.StoredAnswer // the revision in force then
	Author   caiq.User         // who last changed the words; zero: the engine
	Authors  []caiq.User       // all whose words stand in the text
	Approver caiq.User         // zero: not approved
	// Event is the approval; of an answer that was not approved it is the event that
	// made the revision, zero where the engine made it.
	Event caiq.Event
	// Profile is what the answer was derived from when it was approved, or proposed.
	Profile        string
	ProfileVersion int
	ProfileSHA256  string
	// Evidence is what whoever approved the answer saw behind it.
	Evidence []EvidenceItem
	// EvidenceKnown is false when the data files behind have changed since, and what
	// they said was not kept: approvals keep it, earlier ones did not.
	EvidenceKnown bool
	// Until is the last day on which it is reliable; zero: nothing runs out.
	Until caiq.Date
	// Then is of the moment, Today of the same approval now.
	Then, Today Standing
}

// Standing says why an approval does not hold: not_approved, basis_changed,
// evidence_expired, or approval_ended where it was taken back or the answer has
// another by now; "" when it holds.
type Standing string

// Holds reports that it does.
func (s Standing) Holds() bool { return s == "" }

// Provenance answers "who approved this sentence, on which evidence, valid
// when" for a moment; the zero time is now.
func (s *Service) Provenance(ctx context.Context, p caiq.Principal, recordID string, n int, at time.Time) (Provenance, error) {
	if err := Allow(p, ActRecordRead); err != nil {
		return Provenance{}, err
	}
	if at.IsZero() {
		at = s.clock()
	}
	r, err := s.store.Record(ctx, p.Workspace.ID, recordID)
	if err != nil {
		return Provenance{}, err
	}
	row, err := s.store.Row(ctx, p.Workspace.ID, recordID, n)
	if err != nil {
		return Provenance{}, err
	}
	out := Provenance{At: at.UTC(), Question: row.Question.Question}
	made, err := s.revisionAt(ctx, p.Workspace.ID, recordID, n, &out)
	if err != nil {
		return out, err
	}
	if out.Answer.Revision == row.Answer.Revision && answerSHA256(&out.Answer) != answerSHA256(&row.Answer) {
		return out, textChanged(n, "it is not what its last revision says")
	}
	if err := s.behind(ctx, r, &made, &out); err != nil {
		return out, err
	}
	return out, s.standings(ctx, r, row, &out)
}

// revisionAt finds the revision in force, its people, and the revision that made
// it what it is: that of its approval where it was approved, since what is
// proposed later stands beside an approved text and changes nothing of it.
func (s *Service) revisionAt(ctx context.Context, workspaceID, recordID string, n int, out *Provenance) (made caiq.StoredAnswer, err error) {
	history, err := s.store.AnswerHistory(ctx, workspaceID, recordID, n)
	if err != nil {
		return made, err
	}
	history = slices.DeleteFunc(history, func(a caiq.StoredAnswer) bool { return a.Changed.After(out.At) })
	if len(history) == 0 {
		return made, caiq.Errorf(caiq.NotFound, "not_yet", "the questionnaire was not here on %s", out.At.Format(time.RFC3339))
	}
	out.Answer = history[len(history)-1]
	made = out.Answer
	if i := slices.IndexFunc(history, func(a caiq.StoredAnswer) bool { return sameApproval(&a, &out.Answer) }); i >= 0 {
		made = history[i]
	}
	if err := s.vouchFor(ctx, workspaceID, recordID, &made, out); err != nil {
		return made, err
	}
	out.Until = out.Answer.ApprovedUntil
	return made, s.people(ctx, out)
}

// vouchFor holds a revision, and the one that made it what it is, against the trail,
// and finds the event of the latter: an engine's has none of its own.
func (s *Service) vouchFor(ctx context.Context, workspaceID, recordID string, made *caiq.StoredAnswer, out *Provenance) error {
	said, err := s.vouchedFor(ctx, workspaceID, recordID, made.N, out.At)
	if err != nil {
		return err
	}
	if err := said.check(&out.Answer); err != nil {
		return err
	}
	if said.people[made.N] != made.Revision {
		return nil
	}
	last := said.left[answerAt{made.N, made.Revision}]
	if how := last.differs(made); how != "" {
		return textChanged(made.N, how)
	}
	out.Event = *last.event
	return nil
}

// sameApproval reports whether two revisions are approved, by the same approval.
func sameApproval(a, b *caiq.StoredAnswer) bool {
	return a.State == caiq.StateApproved && b.State == caiq.StateApproved && a.ApprovedBy == b.ApprovedBy && a.ApprovedAt.Equal(b.ApprovedAt)
}

func (s *Service) people(ctx context.Context, out *Provenance) (err error) {
	a := &out.Answer
	for _, who := range []struct {
		id   string
		user *caiq.User
	}{{a.EditedBy, &out.Author}, {a.ApprovedBy, &out.Approver}} {
		if who.id == "" {
			continue
		}
		if *who.user, err = s.store.User(ctx, who.id); err != nil {
			return err
		}
	}
	for _, id := range a.Authors {
		u, err := s.store.User(ctx, id)
		if err != nil {
			return err
		}
		out.Authors = append(out.Authors, u)
	}
	return nil
}

// behind finds the profile that a revision was derived from and the evidence that
// its basis names.
func (s *Service) behind(ctx context.Context, r caiq.Record, made *caiq.StoredAnswer, out *Provenance) error {
	events, err := s.store.Events(ctx, r.WorkspaceID, caiq.EventFilter{Object: recordObject(r.ID)})
	if err != nil {
		return err
	}
	for _, e := range events {
		if e.Action != string(ActRecordPropose) && e.Action != string(ActRecordUpload) || e.At.After(made.Changed) {
			continue
		}
		var d struct {
			Profile string `json:"profile"`
			Version int    `json:"version"`
			SHA256  string `json:"profile_sha256"`
		}
		if err := json.Unmarshal(e.Detail, &d); err != nil {
			return err
		}
		out.Profile, out.ProfileVersion, out.ProfileSHA256 = d.Profile, d.Version, d.SHA256
	}
	out.Evidence, out.EvidenceKnown, err = s.evidenceThen(ctx, r, made, out)
	for i := range out.Evidence {
		out.Evidence[i].Questions = []caiq.Ref{out.Question.Key}
	}
	return err
}

// evidenceThen returns the evidence behind a revision as its approval kept it, else
// from the profile, if that still says what it did.
func (s *Service) evidenceThen(ctx context.Context, r caiq.Record, made *caiq.StoredAnswer, out *Provenance) (items []EvidenceItem, known bool, err error) {
	var d struct {
		Kept string `json:"evidence_sha256"`
	}
	if len(out.Event.Detail) > 0 {
		if err := json.Unmarshal(out.Event.Detail, &d); err != nil {
			return nil, false, err
		}
	}
	if d.Kept != "" {
		items, err = s.keptEvidence(ctx, r.WorkspaceID, d.Kept)
		return items, true, err
	}
	if out.Profile == "" {
		return nil, true, nil
	}
	k, err := s.know(ctx, r.WorkspaceID, r.Reading.Format, out.Profile, out.ProfileVersion)
	if caiq.KindOf(err) == caiq.NotFound || err == nil && k.sha256 != out.ProfileSHA256 {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	return itemsOf(carried(k.knowledge, made)), true, nil
}

// standings says whether the approval held at the moment and whether it holds
// today. What the answer would rest on is known of today, so it decides of all
// moments from today on.
func (s *Service) standings(ctx context.Context, r caiq.Record, row caiq.ReviewRow, out *Provenance) error {
	bases, err := s.basesToday(ctx, r, []caiq.ReviewRow{row})
	if err != nil {
		return err
	}
	today, basis := s.Today(), bases[revisionOf(&row.Answer)]
	out.Today = standingOf(&row.Answer, basis, today)
	if out.Answer.State == caiq.StateApproved && !sameApproval(&out.Answer, &row.Answer) {
		out.Today = "approval_ended"
	}
	then := caiq.DateOf(out.At)
	if out.Answer.Revision != row.Answer.Revision || then.Before(today) {
		basis = out.Answer.BasisHash
	}
	out.Then = standingOf(&out.Answer, basis, then)
	return nil
}

func standingOf(a *caiq.StoredAnswer, basis string, day caiq.Date) Standing {
	switch {
	case a.State != caiq.StateApproved:
		return "not_approved"
	case a.ApprovedBasis != basis || a.ApprovedBasis != a.BasisHash:
		return "basis_changed"
	case a.Stale(day):
		return "evidence_expired"
	default:
		return ""
	}
}
