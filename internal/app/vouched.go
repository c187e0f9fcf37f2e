package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"caique/internal/caiq"
)

// left is how an event left an answer.
type left struct {
	event *caiq.Event
	row   string // answerSHA256; "" in events from before they held it
}

// vouched is what the trail says of the answers of a questionnaire: by which
// event each revision was left, and how.
type vouched struct {
	n      int // of the one question that this is about; 0: all
	left   map[answerAt]left
	newest map[int]int // the last revision, by question
	people map[int]int // the last one that a person made
	// before are the moments at which the engine left answers before its events
	// named them one by one.
	before map[int64]bool
}

func newVouched(n int) *vouched {
	return &vouched{n: n, left: make(map[answerAt]left), newest: make(map[int]int), people: make(map[int]int), before: make(map[int64]bool)}
}

func (v *vouched) add(at answerAt, l left) {
	v.left[at] = l
	v.newest[at.n] = max(v.newest[at.n], at.revision)
}

// note takes in an event of the questionnaire; list finds lists of answers.
func (v *vouched) note(e *caiq.Event, list func(sum string) ([]byte, error)) error {
	if n, ok := answerOf(e); ok {
		v.add(answerAt{n, e.Revision}, left{e, detailOf(e).Answer})
		v.people[n] = max(v.people[n], e.Revision)
		return nil
	}
	if a := Action(e.Action); a != ActRecordUpload && a != ActRecordPropose {
		return nil
	}
	sum := detailOf(e).List
	if sum == nil {
		v.before[e.At.UnixMicro()] = true
	}
	if sum == nil || *sum == "" { // nothing was written
		return nil
	}
	text, err := list(*sum)
	if err != nil {
		return err
	}
	eachListed(text, v.n, func(at answerAt, row string) { v.add(at, left{e, row}) })
	return nil
}

// answerOf returns the answer of which an event left a revision.
func answerOf(e *caiq.Event) (n int, ok bool) {
	at, found := strings.CutPrefix(e.Object, recordObject(e.RecordID)+"/answers/")
	n, err := strconv.Atoi(at)
	return n, found && err == nil && e.Revision > 0
}

// vouched reads what the trail says of all answers of a record.
func (s *Service) vouched(ctx context.Context, workspaceID, recordID string) (*vouched, error) {
	events, err := s.store.Events(ctx, workspaceID, caiq.EventFilter{RecordID: recordID})
	if err != nil {
		return nil, err
	}
	return s.vouchedBy(ctx, workspaceID, recordID, 0, events)
}

// vouchedFor reads what it says of how one answer stands, or stood at a moment: a
// person's last change and what the engine wrote since.
func (s *Service) vouchedFor(ctx context.Context, workspaceID, recordID string, n int, at time.Time) (*vouched, error) {
	later := func(e caiq.Event) bool { return !at.IsZero() && e.At.After(at) }
	events, err := s.lastChange(ctx, workspaceID, answerObject(recordID, n), later)
	if err != nil {
		return nil, err
	}
	past := int64(0)
	if len(events) > 0 {
		past = events[0].Seq
	}
	engine, err := s.store.Events(ctx, workspaceID, caiq.EventFilter{Object: recordObject(recordID), After: past})
	if err != nil {
		return nil, err
	}
	return s.vouchedBy(ctx, workspaceID, recordID, n, append(events, slices.DeleteFunc(engine, later)...))
}

// lastChange finds the last event by which a person left an answer, if there is one.
func (s *Service) lastChange(ctx context.Context, workspaceID, object string, later func(caiq.Event) bool) ([]caiq.Event, error) {
	const some = 20 // comments are events on the answer too
	for before := int64(0); ; {
		page, err := s.store.Events(ctx, workspaceID, caiq.EventFilter{Object: object, Newest: true, Before: before, Limit: some})
		for i := range page {
			if _, ok := answerOf(&page[i]); ok && !later(page[i]) {
				return page[i : i+1 : i+1], nil
			}
			before = page[i].Seq
		}
		if err != nil || len(page) < some {
			return nil, err
		}
	}
}

func (s *Service) vouchedBy(ctx context.Context, workspaceID, recordID string, n int, events []caiq.Event) (*vouched, error) {
	v := newVouched(n)
	for i := range events {
		err := v.note(&events[i], func(sum string) ([]byte, error) {
			text, err := s.store.AnswerList(ctx, workspaceID, recordID, sum)
			if err != nil && caiq.KindOf(err) == caiq.NotFound {
				err = caiq.Errorf(caiq.Conflict, "text_changed", "the list of the answers that event %d left was changed outside of the service", events[i].Seq).
					WithHint("caique audit verify lists all that does not agree with the trail; restore a backup")
			}
			return text, err
		})
		if err != nil {
			return nil, err
		}
	}
	return v, nil
}

// textChanged says that an answer is not what the trail says of it.
func textChanged(n int, how string) *caiq.Error {
	return caiq.Errorf(caiq.Conflict, "text_changed", "the answer to question %d was changed outside of the service: %s", n, how).
		WithHint("caique audit verify lists all that does not agree with the trail; edit the answer anew or restore a backup")
}

// check refuses an answer that is not as the last event on it left it.
func (v *vouched) check(a *caiq.StoredAnswer) *caiq.Error {
	if how := v.differs(a); how != "" {
		return textChanged(a.N, how)
	}
	return nil
}

// differs says in what an answer, as it stands, is not as the last event on it left
// it; "" where it is.
func (v *vouched) differs(a *caiq.StoredAnswer) string {
	last := v.newest[a.N]
	switch {
	case a.Answer.SHA256() != a.TextSHA256:
		return "its text does not have its hash"
	case a.Revision == last:
		return v.left[answerAt{a.N, last}].differs(a)
	case a.Revision < last:
		return fmt.Sprintf("event %d left revision %d", v.left[answerAt{a.N, last}].event.Seq, last)
	case !v.fromBefore(a):
		return "no event made it"
	case v.people[a.N] > 0:
		return standing(v.left[answerAt{a.N, v.people[a.N]}].event, a)
	case a.State != caiq.StateProposed:
		return "no event made it " + string(a.State)
	}
	return ""
}

// fromBefore reports whether the engine wrote a revision when its events did not
// name answers one by one yet.
func (v *vouched) fromBefore(a *caiq.StoredAnswer) bool {
	return a.ChangedBy == "" && v.before[a.Changed.UnixMicro()]
}

// differs says in what an answer is not as the event left it; "" where it is.
func (l left) differs(a *caiq.StoredAnswer) string {
	if l.row == answerSHA256(a) {
		return ""
	}
	if _, ok := answerOf(l.event); ok {
		if how := standing(l.event, a); how != "" {
			return how
		}
		if how := stated(l.event, a); how != "" {
			return how
		}
	}
	if l.row == "" {
		return ""
	}
	return fmt.Sprintf("its row is not the one that event %d (%s) left", l.event.Seq, l.event.Action)
}

// standing compares what a person's event says of an answer's state with the
// answer, which the engine may have proposed anew since: that changes no state,
// and no text but that of a proposal.
func standing(e *caiq.Event, a *caiq.StoredAnswer) string {
	d := detailOf(e)
	var to caiq.AnswerState
	_ = json.Unmarshal(d.To, &to) // none, in what says nothing of it
	approved := a.State == caiq.StateApproved
	switch {
	case to != "" && to != a.State || approved && e.Action != string(ActApprove):
		return fmt.Sprintf("it is %s, and event %d (%s) left it %s", a.State, e.Seq, e.Action, to)
	case a.State != caiq.StateProposed && e.TextSHA256 != a.TextSHA256:
		return fmt.Sprintf("its text is not the one of event %d (%s)", e.Seq, e.Action)
	case approved && e.Actor != a.ApprovedBy:
		return "somebody else approved it"
	case approved && d.Basis != a.ApprovedBasis:
		return "another basis was approved"
	}
	return ""
}

// stated compares what a person's event says besides with the revision it left.
func stated(e *caiq.Event, a *caiq.StoredAnswer) string {
	d := detailOf(e)
	switch {
	case e.TextSHA256 != a.TextSHA256:
		return fmt.Sprintf("its text is not the one of event %d (%s)", e.Seq, e.Action)
	case e.Actor != a.ChangedBy:
		return fmt.Sprintf("somebody else made event %d (%s)", e.Seq, e.Action)
	case d.Authors != nil && !slices.Equal(d.Authors, a.Authors):
		return fmt.Sprintf("its authors are not those of event %d (%s)", e.Seq, e.Action)
	case d.Until != nil && *d.Until != a.EvidenceUntil.String():
		return fmt.Sprintf("its evidence does not end as event %d (%s) says", e.Seq, e.Action)
	case d.Proposal != "" && d.Proposal != a.ProposalSHA256:
		return fmt.Sprintf("the proposal beside it is not the one of event %d (%s)", e.Seq, e.Action)
	case d.Reason != nil && e.Action != string(ActUnpick) && *d.Reason != reasonHash(a.Reason):
		return fmt.Sprintf("its reason is not the one of event %d (%s)", e.Seq, e.Action)
	}
	return ""
}
