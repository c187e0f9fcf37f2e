package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

// edited is the answer after a person changed its text.
func edited(a caiq.StoredAnswer, by string) *caiq.StoredAnswer {
	a.State, a.EditedBy, a.ChangedBy, a.Authors = caiq.StateEdited, by, by, []string{by}
	a.ApprovedBy, a.ApprovedAt, a.ApprovedBasis, a.ApprovedUntil = "", time.Time{}, "", caiq.Date{}
	a.Description = "Edited by " + by + "."
	a.TextSHA256 = a.Answer.SHA256()
	a.Changed = epoch().Add(time.Minute)
	return &a
}

// approved is the answer after a person approved it.
func approved(a caiq.StoredAnswer, by string) *caiq.StoredAnswer {
	a.State, a.ApprovedBy, a.ChangedBy = caiq.StateApproved, by, by
	a.ApprovedAt, a.ApprovedBasis, a.ApprovedUntil = epoch().Add(time.Hour), a.BasisHash, a.EvidenceUntil
	a.Changed = a.ApprovedAt
	return &a
}

func (f fixture) save(answers ...*caiq.StoredAnswer) error {
	return f.try(workspace, func(ctx context.Context) error { return f.SaveAnswers(ctx, answers...) })
}

func testAnswers(t *testing.T, open Open) {
	t.Run("every revision comes back as it was stored", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 2)
		first := as[0]
		second := edited(first, "ben")
		second.Proposal.Band, second.BasisHash = caiq.BandPartial, "basis-2" // proposed anew meanwhile
		second.Audience = caiq.ReleasePublic
		f.must(t, f.save(second))
		third := approved(*second, "ana")
		f.must(t, f.save(third))
		if second.Revision != 2 || third.Revision != 3 {
			t.Errorf("revisions %d and %d", second.Revision, third.Revision)
		}
		row, err := f.Row(f.ctx, workspace, "r", 1)
		equal(t, row.Answer, err, *third)
		history, err := f.AnswerHistory(f.ctx, workspace, "r", 1)
		equal(t, history, err, []caiq.StoredAnswer{first, *second, *third})
		untouched, err := f.AnswerHistory(f.ctx, workspace, "r", 2)
		equal(t, untouched, err, []caiq.StoredAnswer{as[1]})
	})
	t.Run("lists of answers come back by their hash", func(t *testing.T) {
		f := newFixture(t, open)
		f.upload(t, "r", 1)
		var sum string
		for range 2 { // the same twice is kept once
			f.do(t, func(ctx context.Context) (err error) {
				sum, err = f.PutAnswerList(ctx, workspace, "r", []byte("1 1 ü\n"))
				return err
			})
		}
		list, err := f.AnswerList(f.ctx, workspace, "r", sum)
		equal(t, string(list), err, "1 1 ü\n")
		_, err = f.AnswerList(f.ctx, workspace, "other", sum)
		wantMissing(t, err)
		err = f.try(workspace, func(ctx context.Context) error {
			_, err := f.PutAnswerList(ctx, workspace, "none", []byte("x"))
			return err
		})
		wantError(t, err, caiq.Invalid, "unknown_reference")
		misfiled, err := f.MisfiledQuestions(f.ctx, workspace, "r")
		equal(t, misfiled, err, nil)
	})
	t.Run("the record counts states", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 4)
		rejected := as[2]
		rejected.State, rejected.Reason = caiq.StateRejected, "no"
		f.must(t, f.save(edited(as[0], "ben"), approved(as[1], "ana"), &rejected))
		r, err := f.Record(f.ctx, workspace, "r")
		equal(t, r.Answers, err, caiq.StateCounts{Proposed: 1, Edited: 1, Approved: 1, Rejected: 1})
		equal(t, r.Revision, nil, 1)
	})
	t.Run("a stale save is refused and names the current revision", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 1)
		f.must(t, f.save(edited(as[0], "ben")))
		err := f.save(edited(as[0], "eve"))
		wantError(t, err, caiq.Conflict, "stale")
		if !strings.Contains(err.Error(), "revision 1 is now 2") {
			t.Errorf("message %q", err)
		}
		row, err := f.Row(f.ctx, workspace, "r", 1)
		equal(t, row.Answer.EditedBy, err, "ben")
	})
	t.Run("of several answers all are saved or none", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 3)
		f.must(t, f.save(edited(as[2], "ben")))
		wantError(t, f.save(edited(as[0], "eve"), edited(as[1], "eve"), edited(as[2], "eve")), caiq.Conflict, "stale")
		for n := 1; n <= 2; n++ {
			history, err := f.AnswerHistory(f.ctx, workspace, "r", n)
			equal(t, history, err, []caiq.StoredAnswer{as[n-1]})
		}
	})
	t.Run("an answer of nothing is not found", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 1)
		none := as[0]
		none.N = 9
		wantMissing(t, f.save(&none))
	})
	t.Run("a text hash of another text and half an approval are refused", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 1)
		wrong := as[0]
		wrong.Description = "changed"
		half := as[0]
		half.State = caiq.StateApproved
		other := as[0]
		other.ApprovedBy = "ana"
		for i, a := range []*caiq.StoredAnswer{&wrong, &half, &other} {
			if err := f.save(a); err == nil || caiq.KindOf(err) != caiq.Internal {
				t.Errorf("case %d: %v", i, err)
			}
		}
	})
	t.Run("whoever last changed a text cannot approve it, somebody else can", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 1)
		a := edited(as[0], "ben")
		f.must(t, f.save(a))
		wantError(t, f.save(approved(*a, "ben")), caiq.Forbidden, "sod_violation")
		row, err := f.Row(f.ctx, workspace, "r", 1)
		equal(t, row.Answer, err, *a)
		f.must(t, f.save(approved(*a, "ana")))
	})
	t.Run("an approved text that comes with a new record is held to the same rule", func(t *testing.T) {
		f := newFixture(t, open)
		r, qs, as := record("r", 1)
		as[0] = *approved(*edited(as[0], "ben"), "ben")
		err := f.try(workspace, func(ctx context.Context) (err error) {
			if r.BlobSHA256, err = f.PutBlob(ctx, workspace, []byte("x")); err != nil {
				return err
			}
			return f.CreateRecord(ctx, r, qs, as)
		})
		wantError(t, err, caiq.Forbidden, "sod_violation")
	})
	t.Run("a single operator may approve their own text", func(t *testing.T) {
		f := newFixture(t, open)
		f.makeWorkspace(t, caiq.Workspace{ID: "solo", SingleOperator: true}, "uma")
		r, qs, as := record("r", 1)
		r.WorkspaceID, r.CreatedBy, qs[0].WorkspaceID, as[0].WorkspaceID = "solo", "uma", "solo", "solo"
		f.must(t, f.try("solo", func(ctx context.Context) (err error) {
			if r.BlobSHA256, err = f.PutBlob(ctx, "solo", []byte("x")); err != nil {
				return err
			}
			f.must(t, f.CreateRecord(ctx, r, qs, as))
			a := edited(as[0], "uma")
			f.must(t, f.SaveAnswers(ctx, a))
			return f.SaveAnswers(ctx, approved(*a, "uma"))
		}))
	})
	t.Run("authors and approvers are users", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 1)
		wantError(t, f.save(edited(as[0], "nobody")), caiq.Invalid, "unknown_reference")
		wantError(t, f.save(approved(as[0], "nobody")), caiq.Invalid, "unknown_reference")
	})
	t.Run("comments are listed in order", func(t *testing.T) {
		f := newFixture(t, open)
		f.upload(t, "r", 2)
		c := caiq.Comment{ID: "c1", WorkspaceID: workspace, RecordID: "r", N: 2, Author: "eve", Text: "Why <this>?", Created: epoch()}
		d := c
		d.ID, d.Text = "c2", "Because."
		f.do(t, func(ctx context.Context) error {
			f.must(t, f.CreateComment(ctx, c))
			return f.CreateComment(ctx, d)
		})
		got, err := f.Comments(f.ctx, workspace, "r", 2)
		equal(t, got, err, []caiq.Comment{c, d})
		row, err := f.Row(f.ctx, workspace, "r", 2)
		equal(t, row.Comments, err, 2)
		c.N = 3
		c.ID = "c3"
		wantError(t, f.try(workspace, func(ctx context.Context) error { return f.CreateComment(ctx, c) }), caiq.Invalid, "unknown_reference")
	})
}

func testRows(t *testing.T, open Open) {
	t.Run("questions come back as they were read, in the order of the file", func(t *testing.T) {
		f := newFixture(t, open)
		_, qs, as := f.upload(t, "r", 300)
		rows, err := f.Rows(f.ctx, workspace, "r", caiq.RowFilter{})
		if f.must(t, err); len(rows) != 300 {
			t.Fatalf("%d rows", len(rows))
		}
		for i := range rows {
			equal(t, rows[i], nil, caiq.ReviewRow{Question: qs[i], Answer: as[i]})
		}
		none, err := f.Rows(f.ctx, workspace, "none", caiq.RowFilter{})
		equal(t, none, err, nil)
		_, err = f.Row(f.ctx, workspace, "r", 301)
		wantMissing(t, err)
	})
	t.Run("filters select rows", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 6)
		weak := *edited(as[3], "ben")
		weak.Proposal.Band, weak.Value = caiq.BandWeak, caiq.No
		weak.TextSHA256 = weak.Answer.SHA256()
		f.do(t, func(ctx context.Context) error {
			f.must(t, f.SaveAnswers(ctx, &weak, approved(as[4], "ana")))
			return f.Assign(ctx, workspace, "r", []int{2, 3}, "eve")
		})
		for _, c := range []struct {
			filter caiq.RowFilter
			want   []int
		}{
			{caiq.RowFilter{}, []int{1, 2, 3, 4, 5, 6}},
			{caiq.RowFilter{States: []caiq.AnswerState{caiq.StateEdited, caiq.StateApproved}}, []int{4, 5}},
			{caiq.RowFilter{Bands: []caiq.Band{caiq.BandPartial}}, []int{4}}, // written by a person
			{caiq.RowFilter{Values: []caiq.Value{caiq.Yes}}, []int{1, 2, 3, 5, 6}},
			{caiq.RowFilter{Domains: []string{"IAM"}}, []int{1, 3, 5}},
			{caiq.RowFilter{Assignees: []string{"eve"}}, []int{2, 3}},
			{caiq.RowFilter{Assignees: []string{""}}, []int{1, 4, 5, 6}},
			{caiq.RowFilter{N: []int{6, 1}}, []int{1, 6}},
			{caiq.RowFilter{AfterN: 2, Limit: 2}, []int{3, 4}},
			{caiq.RowFilter{Domains: []string{"IAM"}, States: []caiq.AnswerState{caiq.StateProposed}, AfterN: 1}, []int{3}},
			{caiq.RowFilter{Domains: []string{"' OR 1=1 --"}}, nil},
		} {
			rows, err := f.Rows(f.ctx, workspace, "r", c.filter)
			var got []int
			for _, r := range rows {
				got = append(got, r.Question.N)
			}
			if err != nil || !cmp.Equal(got, c.want) {
				t.Errorf("%+v: rows %v (%v), want %v", c.filter, got, err, c.want)
			}
		}
	})
	t.Run("questions are given to members and taken back", func(t *testing.T) {
		f := newFixture(t, open)
		f.upload(t, "r", 2)
		assign := func(userID string, n ...int) error {
			return f.try(workspace, func(ctx context.Context) error { return f.Assign(ctx, workspace, "r", n, userID) })
		}
		f.must(t, assign("eve", 1, 2))
		f.must(t, assign("", 1))
		f.must(t, assign("eve"))
		for n, want := range map[int]string{1: "", 2: "eve"} {
			row, err := f.Row(f.ctx, workspace, "r", n)
			equal(t, row.Question.Assignee, err, want)
		}
		wantError(t, assign("nobody", 1), caiq.Invalid, "unknown_reference")
		wantMissing(t, assign("eve", 1, 3))
	})
	t.Run("progress is counted by domain, state and band", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 5)
		f.must(t, f.save(approved(as[0], "ana"), approved(as[2], "ana")))
		got, err := f.Progress(f.ctx, workspace, "r")
		equal(t, got, err, []caiq.ProgressCount{
			{Domain: "IAM", State: caiq.StateApproved, Band: caiq.BandSupported, Count: 2},
			{Domain: "AIS", State: caiq.StateProposed, Band: caiq.BandSupported, Count: 2},
			{Domain: "IAM", State: caiq.StateProposed, Band: caiq.BandSupported, Count: 1},
		})
	})
	t.Run("what a person wrote is partial, and what is blank is open", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 3)
		reused := *edited(as[1], "ben")
		reused.State, reused.Source = caiq.StateProposed, "library/e"
		blank := as[2]
		blank.Answer, blank.TextSHA256 = caiq.Answer{}, caiq.Answer{}.SHA256()
		f.must(t, f.save(edited(as[0], "ben"), &reused, &blank))
		counts := make(map[caiq.Band]int)
		var missing int
		progress, err := f.Progress(f.ctx, workspace, "r")
		for f.must(t, err); len(progress) > 0; progress = progress[1:] {
			counts[progress[0].Band] += progress[0].Count
			missing += progress[0].Open
		}
		equal(t, counts, nil, map[caiq.Band]int{caiq.BandPartial: 1, caiq.BandSupported: 2})
		equal(t, missing, nil, 1)
		for band, want := range map[caiq.Band]int{caiq.BandPartial: 1, caiq.BandSupported: 2, caiq.BandWeak: 0} {
			rows, err := f.Rows(f.ctx, workspace, "r", caiq.RowFilter{Bands: []caiq.Band{band}, Brief: true})
			equal(t, len(rows), err, want)
			for i := range rows {
				equal(t, rows[i].Answer.Band(), nil, band)
			}
		}
	})
	t.Run("the longest text of a cell and every kind of letter survive", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 1)
		a := edited(as[0], "ben")
		a.Description = strings.Repeat("é😀\t\n'\"\\%_$1?:x", caiq.MaxCellText/16)
		a.TextSHA256 = a.Answer.SHA256()
		f.must(t, f.save(a))
		row, err := f.Row(f.ctx, workspace, "r", 1)
		equal(t, row.Answer, err, *a)
	})
	t.Run("five hundred answers are saved at once", func(t *testing.T) {
		f := newFixture(t, open)
		_, _, as := f.upload(t, "r", 500)
		all := make([]*caiq.StoredAnswer, len(as))
		for i := range as {
			all[i] = approved(as[i], "ana")
		}
		f.must(t, f.save(all...))
		r, err := f.Record(f.ctx, workspace, "r")
		equal(t, fmt.Sprint(r.Answers), err, fmt.Sprint(caiq.StateCounts{Approved: 500}))
	})
}
