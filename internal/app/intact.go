package app

import (
	"context"
	"encoding/json"
	"slices"

	"caique/internal/caiq"
)

// textChanged says that an answer is not what the trail says of it.
func textChanged(n int, how string) *caiq.Error {
	return caiq.Errorf(caiq.Conflict, "text_changed", "the answer to question %d was changed outside of the service: %s", n, how).
		WithHint("caique audit verify lists all that does not agree with the trail; edit the answer anew or restore a backup")
}

// asHashed compares an answer's text with its hash.
func asHashed(a *caiq.StoredAnswer) *caiq.Error {
	if a.Answer.SHA256() != a.TextSHA256 {
		return textChanged(a.N, "its text does not have its hash")
	}
	return nil
}

// approvalDetail is what the event of an approval says of it.
type approvalDetail struct {
	Basis    string `json:"basis"`
	Proposal string `json:"proposal_sha256"`
}

// asApproved compares an approved answer with the event of its approval, the
// last one of its kind.
func asApproved(a *caiq.StoredAnswer, e *caiq.Event) *caiq.Error {
	if err := asHashed(a); err != nil {
		return err
	}
	if e == nil {
		return textChanged(a.N, "no event approves it")
	}
	var d approvalDetail
	if err := json.Unmarshal(e.Detail, &d); err != nil {
		return textChanged(a.N, "the event of its approval cannot be read")
	}
	switch {
	case e.TextSHA256 != a.TextSHA256:
		return textChanged(a.N, "its text is not the one that was approved")
	case e.Actor != a.ApprovedBy:
		return textChanged(a.N, "somebody else approved it")
	case d.Basis != a.ApprovedBasis:
		return textChanged(a.N, "another basis was approved")
	case e.Revision == a.Revision && d.Proposal != "" && d.Proposal != a.ProposalSHA256:
		return textChanged(a.N, "the proposal beside it is not the one that was approved")
	}
	return nil
}

// approvals returns the last event of each approved answer of a record, by object.
func (s *Service) approvals(ctx context.Context, workspaceID, recordID string) (map[string]*caiq.Event, error) {
	events, err := s.store.Events(ctx, workspaceID, caiq.EventFilter{RecordID: recordID, Action: string(ActApprove)})
	last := make(map[string]*caiq.Event, len(events))
	for i := range events {
		last[events[i].Object] = &events[i]
	}
	return last, err
}

// intact refuses to approve what is not as the trail left it: the text, and for
// one that people have touched, what they made of it.
func (rv *reviewing) intact(ctx context.Context) error {
	a := &rv.row.Answer
	if err := asHashed(a); err != nil {
		return err
	}
	events, err := rv.service.store.Events(ctx, rv.c.workspaceID, caiq.EventFilter{Object: answerObject(rv.record.ID, a.N), Newest: true, Limit: 20})
	if err != nil {
		return err
	}
	i := slices.IndexFunc(events, func(e caiq.Event) bool { return e.Revision > 0 })
	if i < 0 || a.State == caiq.StateProposed && events[i].Revision != a.Revision {
		return nil // the engine's: what it wrote is in the event of the proposal
	}
	if events[i].TextSHA256 != a.TextSHA256 {
		return textChanged(a.N, "its text is not the one of event "+events[i].Action)
	}
	return nil
}
