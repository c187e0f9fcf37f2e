package web

import (
	"context"

	"caique/internal/app"
	"caique/internal/caiq"
)

// Selection is which answers a request changes: of those that were seen, all
// that the filter lets through.
type Selection struct {
	Seen      []seen             `json:"seen" minItems:"1" maxItems:"500" nullable:"false" doc:"The answers that were looked at, each in the revision that was shown. What has changed since is left out"`
	States    []caiq.AnswerState `json:"states,omitempty" maxItems:"4" enum:"proposed,edited,approved,rejected" nullable:"false" doc:"Of those only these states; likewise below"`
	Bands     []caiq.Band        `json:"bands,omitempty" maxItems:"5" enum:"verbatim,supported,partial,weak,none" nullable:"false"`
	Answers   []caiq.Value       `json:"answers,omitempty" maxItems:"3" enum:"yes,no,na" nullable:"false"`
	Domains   []string           `json:"domains,omitempty" maxItems:"50" nullable:"false"`
	Assignees []string           `json:"assignees,omitempty" maxItems:"50" nullable:"false"`
}

type seen struct {
	N        int `json:"n" minimum:"1"`
	Revision int `json:"revision" minimum:"1"`
}

type approveManyInput struct {
	InRecord
	Body Selection
}

type reasonManyInput struct {
	InRecord
	Body struct {
		Selection
		Reason string `json:"reason" maxLength:"4000"`
	}
}

type bulkBody struct {
	Changed []int      `json:"changed" nullable:"false" doc:"Numbers of the questions whose answers were changed"`
	Left    []leftView `json:"left" nullable:"false" doc:"Those that were left out, and why"`
}

type leftView struct {
	N       int    `json:"n"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (s *Server) approveMany(ctx context.Context, p caiq.Principal, in *approveManyInput) (*body[bulkBody], error) {
	return s.bulk(ctx, p, in.Record, app.ActApprove, &in.Body, "")
}

func (s *Server) rejectMany(ctx context.Context, p caiq.Principal, in *reasonManyInput) (*body[bulkBody], error) {
	return s.bulk(ctx, p, in.Record, app.ActReject, &in.Body.Selection, in.Body.Reason)
}

func (s *Server) reopenMany(ctx context.Context, p caiq.Principal, in *reasonManyInput) (*body[bulkBody], error) {
	return s.bulk(ctx, p, in.Record, app.ActReopen, &in.Body.Selection, in.Body.Reason)
}

func (s *Server) bulk(ctx context.Context, p caiq.Principal, id string, a app.Action, sel *Selection, reason string) (*body[bulkBody], error) {
	in := app.BulkInput{Action: a, Reason: reason, Filter: caiq.RowFilter{
		States: sel.States, Bands: sel.Bands, Values: sel.Answers, Domains: sel.Domains, Assignees: sel.Assignees,
	}}
	for _, one := range sel.Seen {
		in.Filter.N = append(in.Filter.N, one.N)
		in.Seen = append(in.Seen, app.SeenAnswer(one))
	}
	got, err := s.service.Bulk(ctx, p, id, in)
	if err != nil {
		return nil, err
	}
	out := bulkBody{Changed: append([]int{}, got.Changed...), Left: make([]leftView, len(got.Left))}
	for i, l := range got.Left {
		out.Left[i] = leftView(l)
	}
	return bodyOf(out), nil
}

type assignInput struct {
	InRecord
	Precondition
	Body struct {
		N       []int    `json:"n,omitempty" maxItems:"500" nullable:"false" doc:"These questions"`
		Domains []string `json:"domains,omitempty" maxItems:"50" nullable:"false" doc:"And all of these domains"`
		All     bool     `json:"all,omitempty" doc:"Or all of the questionnaire"`
		User    string   `json:"user" maxLength:"64" doc:"A member, or empty for nobody"`
	}
}

type assignedBody struct {
	N             []int      `json:"n" nullable:"false" doc:"The questions that were assigned"`
	Questionnaire recordView `json:"questionnaire" doc:"Who is given what belongs to it: its revision counts up"`
}

func (s *Server) assign(ctx context.Context, p caiq.Principal, in *assignInput) (*tagged[assignedBody], error) {
	return change(in.Precondition, func(revision int) (assignedBody, int, error) {
		b := in.Body
		ns, r, err := s.service.Assign(ctx, p, in.Record, app.AssignInput{Revision: revision, N: b.N, Domains: b.Domains, All: b.All, UserID: b.User})
		return assignedBody{ns, viewRecord(&r)}, r.Revision, err
	}, func() (assignedBody, int, error) {
		v, revision, err := s.recordNow(ctx, p, in.Record)()
		return assignedBody{N: []int{}, Questionnaire: v}, revision, err
	})
}
