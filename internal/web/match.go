package web

import (
	"context"
	"strconv"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

// matchedView is what a question was matched to.
type matchedView struct {
	Text     string         `json:"text"`
	Match    caiq.MatchKind `json:"match" doc:"known: by an official text; picked: a reviewer matched these words; found: by search; none"`
	Question caiq.Ref       `json:"question,omitempty" doc:"What it was recognised as"`
	Filled   bool           `json:"filled" doc:"It is answered without anybody's doing, by the answer below"`
	caiq.Answer
	Band       caiq.Band       `json:"band,omitempty" doc:"Missing without a profile"`
	Source     string          `json:"source,omitempty" doc:"The library entry that the answer is taken from"`
	Why        string          `json:"why,omitempty" doc:"Why it is not filled"`
	Needs      []caiq.Need     `json:"needs,omitempty" doc:"What is missing, or what would lift the band"`
	Facts      []string        `json:"facts,omitempty" doc:"Facts of the profile that it asks for"`
	Candidates []candidateView `json:"candidates" nullable:"false" doc:"Best first"`
	Parts      []partView      `json:"parts,omitempty" doc:"Of a question that asks several things"`
}

type partView struct {
	Text       string          `json:"text"`
	Candidates []candidateView `json:"candidates" nullable:"false"`
}

type candidateView struct {
	Ref         string       `json:"ref" doc:"To pick it by: caiq-4.1/IAM-13.1, or library/ID"`
	Question    caiq.Ref     `json:"question"`
	Control     caiq.Ref     `json:"control,omitempty"`
	Topic       string       `json:"topic,omitempty" doc:"What the question asks, in our words; of a library entry its question"`
	Probability float64      `json:"probability" doc:"That it is the right one, calibrated"`
	Signals     []signalView `json:"signals" nullable:"false" doc:"What speaks for and against it, the heaviest first; their contributions add up to its rank"`
	Against     string       `json:"against,omitempty" doc:"How the text asks something else, or more"`
	Value       caiq.Value   `json:"answer,omitempty" doc:"What would be proposed if it were picked"`
	Band        caiq.Band    `json:"band,omitempty" doc:"Of that"`
	Source      string       `json:"source,omitempty" doc:"The library entry that it would be taken from"`
	Filled      bool         `json:"filled" doc:"The question is answered by it"`
}

type signalView struct {
	Signal       string  `json:"signal"`
	Value        float64 `json:"value" doc:"0 to 1"`
	Weight       float64 `json:"weight"`
	Contribution float64 `json:"contribution" doc:"Value times weight"`
}

func viewMatched(m *app.Matched) matchedView {
	v := matchedView{
		Text: m.Text, Match: m.Kind, Question: m.Question, Filled: m.Filled, Answer: m.Answer, Band: m.Band, Source: m.Source,
		Why: m.Why, Needs: m.Needs, Facts: m.Facts, Candidates: viewCandidates(m.Candidates),
	}
	for i := range m.Parts {
		v.Parts = append(v.Parts, partView{m.Parts[i].Text, viewCandidates(m.Parts[i].Candidates)})
	}
	return v
}

func viewCandidates(cs []app.Candidate) []candidateView {
	out := make([]candidateView, len(cs))
	for i, c := range cs {
		out[i] = candidateView{
			c.Ref, c.Question, c.Control, c.Topic, c.Probability, make([]signalView, len(c.Signals)), c.Against, c.Value, c.Band, c.Source, c.Filled,
		}
		for j, s := range c.Signals {
			out[i].Signals[j] = signalView{s.Signal, s.Value, s.Weight, s.Value * s.Weight}
		}
	}
	return out
}

type wordingBody struct {
	Text    string `json:"text" maxLength:"32767"`
	Section string `json:"section,omitempty" maxLength:"1000" doc:"The heading above it"`
}

type matchInput struct {
	InWorkspace
	Body struct {
		Text     string        `json:"text,omitempty" maxLength:"32767" doc:"One question; or texts"`
		Section  string        `json:"section,omitempty" maxLength:"1000" doc:"The heading above it"`
		Texts    []wordingBody `json:"texts,omitempty" maxItems:"100" doc:"Several questions; then without text"`
		Profile  string        `json:"profile,omitempty" maxLength:"100" doc:"Whose answers; missing: matching alone"`
		Version  int           `json:"version,omitempty" minimum:"0" doc:"Of a workspace's own profile; missing: the current one"`
		Audience caiq.Release  `json:"audience,omitempty" enum:"public,nda,internal" doc:"Missing: public"`
		AsOf     string        `json:"as_of,omitempty" format:"date" doc:"The day on which evidence is judged; missing: today"`
		Limit    int           `json:"limit,omitempty" minimum:"1" maximum:"20" doc:"Most candidates of each"`
	}
}

func (s *Server) match(ctx context.Context, p caiq.Principal, in *matchInput) (*body[list[matchedView]], error) {
	b := &in.Body
	asOf, err := readDate("as_of", b.AsOf)
	if err != nil {
		return nil, err
	}
	if (b.Text != "") == (len(b.Texts) > 0) {
		return nil, caiq.Problems{{Field: "text", Code: "text_or_texts", Message: "give one text, or a list of texts, and not both"}}
	}
	ask := app.MatchInput{ProfileID: b.Profile, Version: b.Version, Audience: b.Audience, AsOf: asOf, Limit: b.Limit}
	if b.Text != "" {
		ask.Texts = []app.Wording{{Text: b.Text, Section: b.Section}}
	}
	for _, t := range b.Texts {
		ask.Texts = append(ask.Texts, app.Wording(t))
	}
	got, err := s.service.Match(ctx, p, ask)
	if err != nil {
		return nil, err
	}
	return all(got, viewMatched), nil
}

type candidatesInput struct {
	InAnswer
	Limit int `query:"limit" minimum:"1" maximum:"20" default:"5" doc:"How many at most"`
}

func (s *Server) candidates(ctx context.Context, p caiq.Principal, in *candidatesInput) (*body[matchedView], error) {
	m, err := s.service.Candidates(ctx, p, in.Record, in.N, in.Limit)
	if err != nil {
		return nil, err
	}
	return bodyOf(viewMatched(&m)), nil
}

// pickView is what a reviewer matched a question to.
type pickView struct {
	Question caiq.Ref  `json:"question"`
	Entry    string    `json:"library,omitempty" doc:"The library entry chosen"`
	Reason   string    `json:"reason,omitempty"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Here     bool      `json:"here" doc:"Chosen on this very question, not for the same words elsewhere"`
}

func viewPick(k *caiq.Pick) *pickView {
	if k == nil {
		return nil
	}
	return &pickView{k.Question, k.EntryID, k.Reason, k.By, k.At, k.Here}
}

type pickInput struct {
	InAnswer
	Precondition
	Body struct {
		Candidate string `json:"candidate" minLength:"1" maxLength:"200" doc:"The ref of a candidate: caiq-4.1/IAM-13.1, or library/ID"`
		Reason    string `json:"reason,omitempty" maxLength:"4000" doc:"Why, for whoever looks at it next"`
	}
}

func (s *Server) pick(ctx context.Context, p caiq.Principal, in *pickInput) (*tagged[answerView], error) {
	return s.changeAnswer(ctx, p, &in.InAnswer, in.Precondition, func(revision int) (app.AnswerView, error) {
		return s.service.Pick(ctx, p, in.Record, in.N, app.PickInput{Revision: revision, Ref: in.Body.Candidate, Reason: in.Body.Reason})
	})
}

type unpickInput struct {
	InAnswer
	Precondition
}

func (s *Server) unpick(ctx context.Context, p caiq.Principal, in *unpickInput) (*tagged[answerView], error) {
	return s.changeAnswer(ctx, p, &in.InAnswer, in.Precondition, func(revision int) (app.AnswerView, error) {
		return s.service.Unpick(ctx, p, in.Record, in.N, revision)
	})
}

// duplicateView is a library entry that seems to answer the same question.
type duplicateView struct {
	ID       string  `json:"id"`
	Asked    string  `json:"asked" doc:"Its question"`
	Likeness float64 `json:"likeness" doc:"Of the questions, 0 to 1"`
}

func viewDuplicates(ds []app.Duplicate) []duplicateView {
	var out []duplicateView
	for i := range ds {
		out = append(out, duplicateView{ds[i].ID, ds[i].Question, ds[i].Likeness})
	}
	return out
}

// foundView is a search result.
type foundView struct {
	In    app.Place   `json:"in" enum:"questions,library,controls"`
	Ref   string      `json:"ref" doc:"caiq-4.1/IAM-13.1, ccm-4.1/IAM-13, library/ID, or questionnaires/ID/answers/3 of a question of a questionnaire"`
	Asks  caiq.Ref    `json:"asks,omitempty" doc:"What a question of a questionnaire is known to ask"`
	Title string      `json:"title,omitempty" doc:"Of the control it belongs to"`
	Text  []app.Piece `json:"text" nullable:"false" doc:"The text found, cut into pieces of plain text: hit where it says what was asked for. Escape each piece when showing it"`

	Questionnaire  string `json:"questionnaire,omitempty" doc:"The newest that asks it"`
	N              int    `json:"n,omitempty"`
	Questionnaires int    `json:"questionnaires,omitempty" doc:"How many ask it"`
}

type searchInput struct {
	InWorkspace
	Page
	Query string   `query:"q" required:"true" minLength:"1" maxLength:"1000" doc:"Words; every character stands for itself, there is no query language"`
	In    []string `query:"in" enum:"questions,library,controls" doc:"Where to look, by commas; missing: everywhere"`
}

// search answers with one page; results are in the order of their places, so the
// cursor counts them.
func (s *Server) search(ctx context.Context, p caiq.Principal, in *searchInput) (*body[list[foundView]], error) {
	from, err := in.number(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.service.SearchAll(ctx, p, app.SearchInput{Query: in.Query, In: typed[app.Place](in.In), From: int(from), Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	show := func(f *app.Found) foundView {
		return foundView{f.In, f.Ref, f.Asks, f.Title, f.Text, f.RecordID, f.N, f.Records}
	}
	return bodyOf(listOf(ctx, found, in.Limit, show, func(*app.Found) string { return strconv.Itoa(int(from) + in.Limit) })), nil
}
