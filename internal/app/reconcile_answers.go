package app

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"caique/internal/caiq"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// answers compares the answers of a questionnaire with their revisions, and these
// with the events that left them.
func (r *reconciling) answers(ctx context.Context, rec *caiq.Record) error {
	revisions, err := r.store.AnswerRevisions(ctx, r.workspaceID, rec.ID)
	if err != nil {
		return err
	}
	rows, err := r.store.Rows(ctx, r.workspaceID, rec.ID, caiq.RowFilter{Brief: true})
	if err != nil {
		return err
	}
	v, err := r.vouched(ctx, rec.ID)
	if err != nil {
		return err
	}
	r.evidence(ctx, rec.ID)
	last := r.revisions(rec.ID, v, revisions)
	for i := range rows {
		r.current(v, &rows[i].Answer, last[rows[i].Answer.N])
	}
	r.counts(rec, rows)
	if err := r.questions(ctx, rec.ID, rows); err != nil {
		return err
	}
	if err := r.comments(ctx, rec.ID, rows); err != nil {
		return err
	}
	damaged, err := r.store.DamagedProposals(ctx, r.workspaceID, rec.ID)
	for _, n := range damaged {
		r.problem("proposal_changed", answerObject(rec.ID, n), "a proposal does not have its hash")
	}
	return err
}

// vouched is what the trail says of a questionnaire's answers. Those of a list that
// is not as it was count as not covered.
func (r *reconciling) vouched(ctx context.Context, recordID string) (*vouched, error) {
	v, events := newVouched(0), r.said.answers[recordID]
	for i := range events {
		e := &events[i]
		err := v.note(e, func(sum string) ([]byte, error) { return r.store.AnswerList(ctx, r.workspaceID, recordID, sum) })
		if err != nil && caiq.KindOf(err) != caiq.NotFound {
			return nil, err
		}
		if err != nil {
			r.problem("answer_list_differs", recordObject(recordID), "the list of the answers that event %d left is not there as it was", e.Seq)
			v.before[e.At.UnixMicro()] = true
		}
	}
	return v, nil
}

// evidence reads what approvals kept of the evidence of their day.
func (r *reconciling) evidence(ctx context.Context, recordID string) {
	seen, events := make(map[string]bool), r.said.answers[recordID]
	for i := range events {
		if sum := detailOf(&events[i]).Evidence; sum != "" && !seen[sum] {
			seen[sum] = true
			r.blob(ctx, sum, events[i].Object)
		}
	}
}

// revisions compares all of a questionnaire with the events that left them, and
// returns the last of each question.
func (r *reconciling) revisions(recordID string, v *vouched, all []caiq.StoredAnswer) map[int]*caiq.StoredAnswer {
	last := make(map[int]*caiq.StoredAnswer)
	there := make(map[answerAt]bool)
	derived := make(map[int64][]*caiq.StoredAnswer)
	for i := range all {
		a := &all[i]
		last[a.N], there[answerAt{a.N, a.Revision}] = a, true
		if v.fromBefore(a) {
			derived[a.Changed.UnixMicro()] = append(derived[a.Changed.UnixMicro()], a)
		}
		r.revision(v, a)
	}
	r.derived(recordID, derived)
	missing := slices.DeleteFunc(slices.Collect(maps.Keys(v.left)), func(at answerAt) bool { return there[at] })
	slices.SortFunc(missing, func(a, b answerAt) int { return cmp.Or(cmp.Compare(a.n, b.n), cmp.Compare(a.revision, b.revision)) })
	for _, at := range missing {
		r.problem("answer_differs", answerObject(recordID, at.n), "revision %d, which event %d left, is not there", at.revision, v.left[at].event.Seq)
	}
	return last
}

// revision compares one with its text hash and its event.
func (r *reconciling) revision(v *vouched, a *caiq.StoredAnswer) {
	l, ok := v.left[answerAt{a.N, a.Revision}]
	switch {
	case a.Answer.SHA256() != a.TextSHA256:
		r.differs(a, "its text does not have its hash")
	case ok:
		r.differs(a, l.differs(a))
	case !v.fromBefore(a):
		r.differs(a, "no event made it")
	}
	if l.row == "" && (ok || v.fromBefore(a)) {
		r.before["answers"]++
	}
}

// differs notes how a revision is not as it was left, if it is not.
func (r *reconciling) differs(a *caiq.StoredAnswer, how string) {
	if how == "" {
		return
	}
	code := "answer_differs"
	if a.State == caiq.StateApproved {
		code = "approval_differs"
	}
	r.problem(code, answerObject(a.RecordID, a.N), "revision %d is not as it was left: %s", a.Revision, how)
}

// derived compares what the engine wrote before its events named answers one by
// one with the events of uploading and proposing. The first held no hash at all.
func (r *reconciling) derived(recordID string, at map[int64][]*caiq.StoredAnswer) {
	for _, when := range sortedKeys(at) {
		if d := r.said.derived[recordID][when]; d.Answers != "" && d.Answers != answersDigest(at[when]) {
			r.problem("answer_differs", recordObject(recordID), "of %d proposals made together some are not as they were", len(at[when]))
		}
	}
}

// answersDigest is the hash that such events hold: of the lines "n revision text
// basis".
func answersDigest(answers []*caiq.StoredAnswer) string {
	var b strings.Builder
	for _, a := range answers {
		fmt.Fprintf(&b, "%d %d %s %s\n", a.N, a.Revision, a.TextSHA256, a.BasisHash)
	}
	return hexSHA256([]byte(b.String()))
}

// current compares an answer with its last revision and with the last event on it.
func (r *reconciling) current(v *vouched, a, last *caiq.StoredAnswer) {
	object := answerObject(a.RecordID, a.N)
	switch {
	case last == nil:
		r.problem("answer_differs", object, "it has no revision")
		return
	case !sameRow(v, a, last):
		r.problem("answer_differs", object, "it is not what its revision %d says", last.Revision)
	}
	r.differs(a, v.differs(a))
}

// sameRow compares an answer with its revision. Who wrote the texts of before
// authors were noted stands in the answer alone.
func sameRow(v *vouched, a, last *caiq.StoredAnswer) bool {
	was := *last
	if l := v.left[answerAt{last.N, last.Revision}]; l.row == "" && was.Authors == nil {
		was.Authors = a.Authors
	}
	return reflect.DeepEqual(*a, was)
}

// counts compares what lists of questionnaires show with the answers there are.
func (r *reconciling) counts(rec *caiq.Record, rows []caiq.ReviewRow) {
	var there caiq.StateCounts
	for i := range rows {
		there.Add(rows[i].Answer.State, 1)
	}
	if there != rec.Answers || len(rows) != rec.Questions {
		r.problem("counts_differ", recordObject(rec.ID), "it counts %d answers as %+v, there are %d as %+v", rec.Questions, rec.Answers, len(rows), there)
	}
}
