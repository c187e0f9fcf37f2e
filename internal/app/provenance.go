package app

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"caique/internal/caiq"
)

// Provenance says what an answer was at a moment: who wrote it, who approved it
// and how they were signed in, on which evidence, and whether that held then.
type Provenance struct {
	At       time.Time
	Question caiq.Question
	Answer   caiq.StoredAnswer // the revision in force then
	Author   caiq.User         // who last changed the words; zero: the engine
	Authors  []caiq.User       // all whose words stand in the text
	Approver caiq.User         // zero: not approved
	// Event is the event that made the revision; zero where the engine made it.
	Event caiq.Event
	// Profile is what the proposal was derived from.
	Profile        string
	ProfileVersion int
	ProfileSHA256  string
	Evidence       []EvidenceItem
	// Holds reports that the answer was approved then and its evidence reliable.
	Holds bool
	// Until is the last day on which it is reliable; zero: nothing runs out.
	Until caiq.Date
}

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
	if err := s.revisionAt(ctx, p.Workspace.ID, recordID, n, &out); err != nil {
		return out, err
	}
	if out.Answer.Revision == row.Answer.Revision && out.Answer.TextSHA256 != row.Answer.Answer.SHA256() {
		return out, textChanged(n, "its text is not the one of its last revision")
	}
	return out, s.behind(ctx, r, &out)
}

// revisionAt finds the revision in force, its people and its event.
func (s *Service) revisionAt(ctx context.Context, workspaceID, recordID string, n int, out *Provenance) error {
	history, err := s.store.AnswerHistory(ctx, workspaceID, recordID, n)
	if err != nil {
		return err
	}
	found := false
	for _, a := range history {
		if !a.Changed.After(out.At) {
			out.Answer, found = a, true
		}
	}
	if err := asHashed(&out.Answer); found && err != nil {
		return err
	}
	if !found {
		return caiq.Errorf(caiq.NotFound, "not_yet", "the questionnaire was not here on %s", out.At.Format(time.RFC3339))
	}
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
	out.Until = a.ApprovedUntil
	day := caiq.DateOf(out.At)
	out.Holds = a.State == caiq.StateApproved && !a.Stale(day)
	events, err := s.store.Events(ctx, workspaceID, caiq.EventFilter{Object: answerObject(recordID, n)})
	for _, e := range events {
		if e.Revision != a.Revision {
			continue
		}
		if out.Event = e; e.TextSHA256 != a.TextSHA256 {
			return textChanged(n, "its text is not the one of event "+strconv.FormatInt(e.Seq, 10))
		}
	}
	return err
}

// behind finds the profile that the proposal was derived from and the evidence
// that its basis names, as that version of the profile has it.
func (s *Service) behind(ctx context.Context, r caiq.Record, out *Provenance) error {
	events, err := s.store.Events(ctx, r.WorkspaceID, caiq.EventFilter{Object: recordObject(r.ID)})
	if err != nil {
		return err
	}
	for _, e := range events {
		if e.Action != string(ActRecordPropose) && e.Action != string(ActRecordUpload) || e.At.After(out.Answer.Changed) {
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
	if out.Profile == "" {
		return nil
	}
	k, err := s.know(ctx, r.WorkspaceID, r.Reading.Format, out.Profile, out.ProfileVersion)
	if err != nil {
		return err
	}
	x := &snapshot{known: k, in: ExportInput{Audience: caiq.ReleaseInternal}}
	row := exportRow{ReviewRow: caiq.ReviewRow{Answer: out.Answer}, out: sendApproved}
	row.Question.Question = out.Question
	x.rows = []exportRow{row}
	out.Evidence = x.evidenceList().Evidence
	return nil
}
