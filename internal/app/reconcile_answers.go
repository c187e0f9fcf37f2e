package app

import (
	"cmp"
	"context"
	"maps"
	"reflect"
	"slices"

	"caique/internal/caiq"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// answers compares the answers of a questionnaire with their revisions, and these
// with the events that made them.
func (r *reconciling) answers(ctx context.Context, recordID string) error {
	revisions, err := r.store.AnswerRevisions(ctx, r.workspaceID, recordID)
	if err != nil {
		return err
	}
	rows, err := r.store.Rows(ctx, r.workspaceID, recordID, caiq.RowFilter{Brief: true})
	if err != nil {
		return err
	}
	last := make(map[int]*caiq.StoredAnswer)
	derived := make(map[int64][]*caiq.StoredAnswer)
	for i := range revisions {
		v := &revisions[i]
		last[v.N] = v
		if v.ChangedBy == "" {
			derived[v.Changed.UnixMicro()] = append(derived[v.Changed.UnixMicro()], v)
		}
		r.revision(v)
	}
	r.derived(recordID, derived)
	for i := range rows {
		r.current(&rows[i].Answer, last[rows[i].Answer.N])
	}
	if err := r.questions(recordID, rows); err != nil {
		return err
	}
	if err := r.comments(ctx, recordID, rows); err != nil {
		return err
	}
	damaged, err := r.store.DamagedProposals(ctx, r.workspaceID, recordID)
	for _, n := range damaged {
		r.problem("proposal_changed", answerObject(recordID, n), "a proposal does not have its hash")
	}
	return err
}

// revision compares one revision with its text hash and its event.
func (r *reconciling) revision(v *caiq.StoredAnswer) {
	object := answerObject(v.RecordID, v.N)
	if v.Answer.SHA256() != v.TextSHA256 {
		r.problem("answer_differs", object, "the text of revision %d does not have its hash", v.Revision)
		return
	}
	if v.ChangedBy == "" {
		return // the engine's: compared by questionnaire
	}
	e, ok := r.said.reviews[object][v.Revision]
	switch {
	case !ok:
		r.problem("answer_differs", object, "no event made revision %d", v.Revision)
	case e.TextSHA256 != v.TextSHA256 || e.Actor != v.ChangedBy:
		r.problem("answer_differs", object, "revision %d is not what event %d made", v.Revision, e.Seq)
	}
}

// derived compares what the engine wrote with the events of uploading and
// proposing. Events from before they held hashes say nothing.
func (r *reconciling) derived(recordID string, at map[int64][]*caiq.StoredAnswer) {
	for _, when := range sortedKeys(at) {
		d, ok := r.said.derived[recordID][when]
		switch {
		case !ok:
			r.problem("answer_differs", recordObject(recordID), "no event proposed %d revisions, the first of question %d", len(at[when]), at[when][0].N)
		case d.Answers != "" && d.Answers != answersDigest(at[when]):
			r.problem("answer_differs", recordObject(recordID), "of %d proposals made together some are not as they were", len(at[when]))
		}
	}
}

// current compares an answer with its last revision, and an approved one with the
// event of its approval and with its authors.
func (r *reconciling) current(a, last *caiq.StoredAnswer) {
	object := answerObject(a.RecordID, a.N)
	switch {
	case last == nil:
		r.problem("answer_differs", object, "it has no revision")
		return
	case !reflect.DeepEqual(a, last):
		r.problem("answer_differs", object, "it is not what its revision %d says", last.Revision)
	}
	if a.State != caiq.StateApproved {
		return
	}
	e, ok := r.said.approved[object]
	if err := asApproved(a, eventOrNil(e, ok)); err != nil {
		r.problem("approval_differs", object, "%s", err)
	}
}

func eventOrNil(e caiq.Event, ok bool) *caiq.Event {
	if !ok {
		return nil
	}
	return &e
}
