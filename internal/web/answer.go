package web

import (
	"context"
	"strconv"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

// answerView is a question with its answer as it stands today.
type answerView struct {
	N        int              `json:"n" doc:"Number of the question in the file, from 1"`
	Revision int              `json:"revision"`
	State    caiq.AnswerState `json:"state"`
	Stale    bool             `json:"stale,omitempty" doc:"Approved, but what it rests on has changed or run out"`
	caiq.Answer
	TextSHA256 string        `json:"text_sha256" doc:"Identifies the four fields"`
	Audience   caiq.Release  `json:"audience,omitempty" doc:"Whom the text was written for: it is approved for and goes to nobody wider, whatever the questionnaire's audience is by now"`
	Problems   caiq.Problems `json:"problems,omitempty" doc:"What keeps it from being approved or exported; warnings keep it from nothing"`
	Question   questionView  `json:"question"`
	Existing   caiq.Existing `json:"existing,omitempty" doc:"What the uploaded file itself holds beside the question, by column. An export puts an approved answer in its place"`
	Assignee   string        `json:"assignee,omitempty"`
	Comments   int           `json:"comments" doc:"How many there are"`

	Band          caiq.Band `json:"band" doc:"How well the answer is founded. What a person made of a proposal is partial, whatever the proposal was"`
	ByHand        bool      `json:"by_hand,omitempty" doc:"A person wrote the words, here or where source says: they rest on that person, and the proposal's evidence carries them no further than they name it"`
	EvidenceUntil string    `json:"evidence_until,omitempty" format:"date" doc:"Last day on which all evidence is reliable"`
	EditedBy      string    `json:"edited_by,omitempty" doc:"Who last changed the words; missing: the engine"`
	Authors       []string  `json:"authors,omitempty" doc:"All whose words stand in the text: none of them approves it"`
	ApprovedBy    string    `json:"approved_by,omitempty"`
	ApprovedAt    time.Time `json:"approved_at,omitzero"`
	Reason        string    `json:"reason,omitempty" doc:"Why it was rejected or reopened"`
	Source        string    `json:"source,omitempty" doc:"The library entry or answer that the text was taken from"`
	ChangedBy     string    `json:"changed_by,omitempty" doc:"Who made this revision; missing: the engine"`
	Changed       time.Time `json:"changed"`

	// Proposal comes with single answers, not in lists.
	Proposal  *caiq.Proposal `json:"proposal,omitempty" doc:"What the engine suggests and why; left out of lists"`
	BasisHash string         `json:"basis_sha256,omitempty" doc:"Identifies what the proposal rests on"`

	// Pick and Duplicates come with single answers, too.
	Pick       *pickView       `json:"pick,omitempty" doc:"What a reviewer matched the question to; left out of lists"`
	Duplicates []duplicateView `json:"duplicates,omitempty" doc:"After an approval: library entries that answer the same question"`
}

type questionView struct {
	Key     caiq.Ref       `json:"key"`
	Match   caiq.MatchKind `json:"match" doc:"What the row was recognised as"`
	ID      string         `json:"id,omitempty" doc:"As in the file"`
	Text    string         `json:"text"`
	Control string         `json:"control,omitempty"`
	Domain  string         `json:"domain,omitempty"`
	Section string         `json:"section,omitempty"`
	Sheet   string         `json:"sheet"`
	Cell    string         `json:"cell"`
	Hidden  string         `json:"hidden,omitempty" doc:"row, column, row and column, or sheet when the question does not show"`
}

func viewAnswer(v *app.AnswerView) answerView {
	a := viewRevision(&v.Answer)
	q := &v.Question.Question
	a.Stale, a.Problems, a.Comments, a.Assignee, a.Existing = v.Stale, v.Problems, v.Comments, v.Question.Assignee, q.Existing
	a.Question = questionView{q.Key, q.Match.Kind, q.ID, q.Text, q.Control, q.Domain, q.Section, q.Sheet, q.Cell, q.Hidden}
	return a
}

// viewRevision shows what an answer is by itself.
func viewRevision(a *caiq.StoredAnswer) answerView {
	return answerView{
		N: a.N, Revision: a.Revision, State: a.State, Answer: a.Answer, TextSHA256: a.TextSHA256, Audience: a.Audience, Band: a.Band(), ByHand: a.ByHand(),
		EvidenceUntil: a.EvidenceUntil.String(), EditedBy: a.EditedBy, Authors: a.Authors, ApprovedBy: a.ApprovedBy, ApprovedAt: a.ApprovedAt,
		Reason: a.Reason, Source: a.Source, ChangedBy: a.ChangedBy, Changed: a.Changed, BasisHash: a.BasisHash,
	}
}

// wholeAnswer shows an answer with its proposal.
func wholeAnswer(v *app.AnswerView) answerView {
	a := viewAnswer(v)
	a.Proposal, a.Pick, a.Duplicates = &v.Answer.Proposal, viewPick(v.Pick), viewDuplicates(v.Duplicates)
	return a
}

// Filter selects answers.
type Filter struct {
	States    []string `query:"state" enum:"proposed,edited,approved,rejected" doc:"Of these states, by commas"`
	Bands     []string `query:"band" enum:"verbatim,supported,partial,weak,none" doc:"Of these bands, by commas"`
	Values    []string `query:"answer" enum:"yes,no,na" doc:"With these answers, by commas"`
	Domains   []string `query:"domain,explode" maxItems:"50" doc:"Of these domains; may be repeated"`
	Assignees []string `query:"assignee" maxItems:"50" doc:"Given to these users, by commas"`
}

func (f Filter) filter() caiq.RowFilter {
	return caiq.RowFilter{
		States: typed[caiq.AnswerState](f.States), Bands: typed[caiq.Band](f.Bands), Values: typed[caiq.Value](f.Values),
		Domains: f.Domains, Assignees: f.Assignees,
	}
}

func typed[T ~string](texts []string) []T {
	out := make([]T, len(texts))
	for i, t := range texts {
		out[i] = T(t)
	}
	return out
}

type listAnswersInput struct {
	InRecord
	Page
	Filter
	Stale    bool `query:"stale" doc:"true: only approvals that no longer hold"`
	Problems bool `query:"problems" doc:"true: only answers with a problem that keeps them from being approved or exported"`
}

// fits reports whether an answer is one of those that stale and problems select.
func (in *listAnswersInput) fits(v *app.AnswerView) bool {
	return (!in.Stale || v.Stale) && (!in.Problems || len(v.Problems.Errors()) > 0)
}

func (s *Server) listAnswers(ctx context.Context, p caiq.Principal, in *listAnswersInput) (*body[list[answerView]], error) {
	after, err := in.number(ctx)
	if err != nil {
		return nil, err
	}
	f := in.filter()
	f.AfterN, f.Limit, f.Brief = int(after), in.Limit+1, true
	read := s.service.Answers
	if in.Stale || in.Problems {
		read = func(ctx context.Context, p caiq.Principal, id string, f caiq.RowFilter) ([]app.AnswerView, error) {
			return s.service.AnswersLike(ctx, p, id, f, in.fits)
		}
	}
	vs, err := read(ctx, p, in.Record, f)
	if err != nil {
		return nil, err
	}
	return bodyOf(listOf(ctx, vs, in.Limit, viewAnswer, func(v *app.AnswerView) string { return strconv.Itoa(v.Answer.N) })), nil
}

// InAnswer is in the addresses of one answer.
type InAnswer struct {
	InRecord
	N int `path:"n" minimum:"1" maximum:"1000000" doc:"Number of the question in the file, from 1"`
}

func (s *Server) getAnswer(ctx context.Context, p caiq.Principal, in *InAnswer) (*tagged[answerView], error) {
	return show(s.answerNow(ctx, p, in))
}

func (s *Server) answerNow(ctx context.Context, p caiq.Principal, in *InAnswer) func() (answerView, int, error) {
	return func() (answerView, int, error) {
		v, err := s.service.Answer(ctx, p, in.Record, in.N)
		return wholeAnswer(&v), v.Answer.Revision, err
	}
}

// changeAnswer makes a change of one answer.
func (s *Server) changeAnswer(
	ctx context.Context, p caiq.Principal, at *InAnswer, pre Precondition, do func(revision int) (app.AnswerView, error),
) (*tagged[answerView], error) {
	return change(pre, func(revision int) (answerView, int, error) {
		v, err := do(revision)
		return wholeAnswer(&v), v.Answer.Revision, err
	}, s.answerNow(ctx, p, at))
}

type editAnswerInput struct {
	InAnswer
	Precondition
	Body caiq.Answer
}

func (s *Server) editAnswer(ctx context.Context, p caiq.Principal, in *editAnswerInput) (*tagged[answerView], error) {
	return s.changeAnswer(ctx, p, &in.InAnswer, in.Precondition, func(revision int) (app.AnswerView, error) {
		return s.service.Edit(ctx, p, in.Record, in.N, app.EditInput{Revision: revision, Answer: in.Body})
	})
}

type approveAnswerInput struct {
	InAnswer
	Precondition
	Body struct {
		TextSHA256 string `json:"text_sha256" pattern:"^[0-9a-f]{64}$" doc:"The text_sha256 of the text that was looked at"`
	}
}

func (s *Server) approveAnswer(ctx context.Context, p caiq.Principal, in *approveAnswerInput) (*tagged[answerView], error) {
	return s.changeAnswer(ctx, p, &in.InAnswer, in.Precondition, func(revision int) (app.AnswerView, error) {
		return s.service.Approve(ctx, p, in.Record, in.N, app.ApproveInput{Revision: revision, TextSHA256: in.Body.TextSHA256})
	})
}

type reasonInput struct {
	InAnswer
	Precondition
	Body struct {
		Reason string `json:"reason" maxLength:"4000"`
	}
}

func (s *Server) rejectAnswer(ctx context.Context, p caiq.Principal, in *reasonInput) (*tagged[answerView], error) {
	return s.changeAnswer(ctx, p, &in.InAnswer, in.Precondition, func(revision int) (app.AnswerView, error) {
		return s.service.Reject(ctx, p, in.Record, in.N, revision, in.Body.Reason)
	})
}

func (s *Server) reopenAnswer(ctx context.Context, p caiq.Principal, in *reasonInput) (*tagged[answerView], error) {
	return s.changeAnswer(ctx, p, &in.InAnswer, in.Precondition, func(revision int) (app.AnswerView, error) {
		return s.service.Reopen(ctx, p, in.Record, in.N, revision, in.Body.Reason)
	})
}

// answerHistory shows the revisions with the question left out.
func (s *Server) answerHistory(ctx context.Context, p caiq.Principal, in *InAnswer) (*body[list[revisionView]], error) {
	rs, err := s.service.History(ctx, p, in.Record, in.N)
	if err != nil {
		return nil, err
	}
	return all(rs, viewHistory), nil
}

// revisionView is an answer as it was once.
type revisionView struct {
	Revision int              `json:"revision"`
	State    caiq.AnswerState `json:"state"`
	caiq.Answer
	TextSHA256 string       `json:"text_sha256"`
	Audience   caiq.Release `json:"audience,omitempty"`
	Band       caiq.Band    `json:"band"`
	BasisHash  string       `json:"basis_sha256,omitempty"`
	EditedBy   string       `json:"edited_by,omitempty"`
	Authors    []string     `json:"authors,omitempty"`
	ApprovedBy string       `json:"approved_by,omitempty"`
	ApprovedAt time.Time    `json:"approved_at,omitzero"`
	Reason     string       `json:"reason,omitempty"`
	Source     string       `json:"source,omitempty"`
	ChangedBy  string       `json:"changed_by,omitempty"`
	Changed    time.Time    `json:"changed"`
}

func viewHistory(a *caiq.StoredAnswer) revisionView {
	return revisionView{
		Revision: a.Revision, State: a.State, Answer: a.Answer, TextSHA256: a.TextSHA256, Audience: a.Audience, Band: a.Band(), BasisHash: a.BasisHash,
		EditedBy: a.EditedBy, Authors: a.Authors, ApprovedBy: a.ApprovedBy, ApprovedAt: a.ApprovedAt, Reason: a.Reason, Source: a.Source,
		ChangedBy: a.ChangedBy, Changed: a.Changed,
	}
}

type commentView struct {
	ID      string    `json:"id"`
	Author  string    `json:"author"`
	Text    string    `json:"text"`
	Created time.Time `json:"created"`
}

func viewComment(c *caiq.Comment) commentView { return commentView{c.ID, c.Author, c.Text, c.Created} }

func (s *Server) listComments(ctx context.Context, p caiq.Principal, in *InAnswer) (*body[list[commentView]], error) {
	cs, err := s.service.Comments(ctx, p, in.Record, in.N)
	if err != nil {
		return nil, err
	}
	return all(cs, viewComment), nil
}

type commentInput struct {
	InAnswer
	Body struct {
		Text string `json:"text" maxLength:"10000"`
	}
}

func (s *Server) comment(ctx context.Context, p caiq.Principal, in *commentInput) (*body[commentView], error) {
	c, err := s.service.Comment(ctx, p, in.Record, in.N, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return bodyOf(viewComment(&c)), nil
}
