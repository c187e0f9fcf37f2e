package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"caique/internal/app"
	"caique/internal/caiq"
)

// eventView is one line of the audit trail.
type eventView struct {
	Seq            int64           `json:"seq"`
	At             time.Time       `json:"at"`
	Actor          string          `json:"actor,omitempty" doc:"A user; missing: the service itself"`
	ActorKind      caiq.ActorKind  `json:"actor_kind"`
	Auth           string          `json:"auth,omitempty" doc:"How the actor was authenticated"`
	RequestID      string          `json:"request_id,omitempty"`
	Action         string          `json:"action"`
	Object         string          `json:"object"`
	Questionnaire  string          `json:"questionnaire,omitempty"`
	FromRevision   int             `json:"from_revision,omitempty"`
	FromTextSHA256 string          `json:"from_text_sha256,omitempty"`
	Revision       int             `json:"revision,omitempty"`
	TextSHA256     string          `json:"text_sha256,omitempty"`
	Detail         json.RawMessage `json:"detail,omitempty"`
	Prev           string          `json:"prev,omitempty" doc:"Hash of the event before"`
	Hash           string          `json:"hash"`
}

func viewEvent(e *caiq.Event) eventView {
	return eventView{
		e.Seq, e.At, e.Actor, e.ActorKind, e.Auth, e.RequestID, e.Action, e.Object, e.RecordID,
		e.FromRevision, e.FromTextSHA256, e.Revision, e.TextSHA256, e.Detail, e.Prev, e.Hash,
	}
}

type listEventsInput struct {
	InWorkspace
	Page
	Record string `query:"questionnaire" maxLength:"64" doc:"Only those of the questionnaire"`
	Object string `query:"object" maxLength:"200" doc:"Only those of the object"`
	Actor  string `query:"actor" maxLength:"64"`
	Action string `query:"action" maxLength:"64"`
	Newest bool   `query:"newest" doc:"Newest first"`
}

func (s *Server) listEvents(ctx context.Context, p caiq.Principal, in *listEventsInput) (*body[list[eventView]], error) {
	cursor, err := in.number(ctx)
	if err != nil {
		return nil, err
	}
	f := caiq.EventFilter{RecordID: in.Record, Object: in.Object, Actor: in.Actor, Action: in.Action, Newest: in.Newest, Limit: in.Limit + 1}
	if in.Newest {
		f.Before = cursor
	} else {
		f.After = cursor
	}
	es, err := s.service.Events(ctx, p, f)
	if err != nil {
		return nil, err
	}
	return bodyOf(listOf(ctx, es, in.Limit, viewEvent, func(e *caiq.Event) string { return strconv.FormatInt(e.Seq, 10) })), nil
}

type checkpointView struct {
	Seq  int64     `json:"seq"`
	Hash string    `json:"hash"`
	At   time.Time `json:"at"`
	Note string    `json:"note" doc:"Signed note"`
}

func (s *Server) listCheckpoints(ctx context.Context, p caiq.Principal, _ *InWorkspace) (*body[list[checkpointView]], error) {
	cs, err := s.service.Checkpoints(ctx, p)
	if err != nil {
		return nil, err
	}
	return all(cs, func(c *caiq.Checkpoint) checkpointView { return checkpointView{c.Seq, c.Hash, c.At, c.Note} }), nil
}

// trail answers with the whole trail as JSON lines, to be verified elsewhere.
func (s *Server) trail(c *gin.Context, p caiq.Principal) error {
	if err := app.Allow(p, app.ActTrailRead); err != nil {
		return err // before the first byte
	}
	c.Header("Content-Type", typeLines)
	c.Header("Content-Disposition", `attachment; filename="trail.jsonl"`)
	if err := s.service.WriteTrail(c.Request.Context(), p, c.Writer); err != nil {
		if c.Writer.Written() {
			_ = s.fail(c.Request.Context(), err) // it logs; the answer has begun
			panic(http.ErrAbortHandler)          // a trail cut off must not look whole
		}
		c.Writer.Header().Del("Content-Disposition")
		return err
	}
	return nil
}

func describeTrail(_ *Server, op *huma.Operation) { describeDownload(op, typeLines) }

type verifiedBody struct {
	OK          bool             `json:"ok"`
	Events      int64            `json:"events"`
	Head        string           `json:"head"`
	Checkpoints int              `json:"checkpoints" doc:"Signed ones that agree"`
	Signed      int64            `json:"signed" doc:"Up to which event"`
	Problem     app.TrailProblem `json:"problem,omitempty"`
	Seq         int64            `json:"seq,omitempty" doc:"The first event that is not as it was"`
	Message     string           `json:"message,omitempty"`
	Differences []differenceView `json:"differences" nullable:"false" doc:"What the workspace holds and its trail does not say"`
	NotCovered  []differenceView `json:"not_covered" nullable:"false" doc:"Rows written before events held hashes of them, counted by kind"`
}

type differenceView struct {
	Code    string `json:"code"`
	Object  string `json:"object"`
	Message string `json:"message"`
}

func viewDifferences(problems caiq.Problems) []differenceView {
	out := make([]differenceView, len(problems))
	for i, p := range problems {
		out[i] = differenceView{p.Code, p.Field, p.Message}
	}
	return out
}

func (s *Server) verifyTrail(ctx context.Context, p caiq.Principal, _ *InWorkspace) (*body[verifiedBody], error) {
	r, differ, notes, err := s.service.VerifyTrail(ctx, p)
	if err != nil {
		return nil, err
	}
	return bodyOf(verifiedBody{
		r.OK() && len(differ) == 0, r.Events, r.Head, r.Checkpoints, r.Signed, r.Problem, r.Seq, r.Message,
		viewDifferences(differ), viewDifferences(notes),
	}), nil
}

type provenanceInput struct {
	InAnswer
	At time.Time `query:"at" doc:"The moment that is asked about; missing: now"`
}

type provenanceBody struct {
	At             time.Time          `json:"at"`
	Question       caiq.Ref           `json:"question"`
	Answer         revisionView       `json:"answer" doc:"The revision in force then"`
	Author         *userView          `json:"author,omitempty" doc:"Who last changed the words; missing: the engine"`
	Authors        []userView         `json:"authors,omitempty" doc:"All whose words stand in the text"`
	Approver       *userView          `json:"approver,omitempty" doc:"Missing: not approved"`
	Auth           string             `json:"auth,omitempty" doc:"How whoever approved it was signed in; of an answer that was not approved, whoever made the revision"`
	Event          *eventView         `json:"event,omitempty" doc:"The approval; of an answer that was not approved, the event that made the revision, missing where the engine made it"`
	Profile        string             `json:"profile,omitempty" doc:"What it was derived from when it was approved, or proposed"`
	ProfileVersion int                `json:"profile_version,omitempty"`
	ProfileSHA256  string             `json:"profile_sha256,omitempty"`
	Evidence       []app.EvidenceItem `json:"evidence" nullable:"false" doc:"What whoever approved it saw behind it"`
	EvidenceKnown  bool               `json:"evidence_known" doc:"false: the data files have changed since, and what they said was not kept with the approval, as it is now"`
	Until          string             `json:"until,omitempty" format:"date" doc:"Last day on which its evidence is reliable"`
	Holds          bool               `json:"holds" doc:"The approval held then"`
	Why            app.Standing       `json:"why,omitempty" enum:"not_approved,basis_changed,evidence_expired" doc:"Why it did not hold then"`
	HoldsToday     bool               `json:"holds_today" doc:"The same approval holds now"`
	WhyToday       app.Standing       `json:"why_today,omitempty" enum:"not_approved,basis_changed,evidence_expired,approval_ended" doc:"Why it does not hold now; approval_ended: it was taken back, or the answer has another"`
}

func (s *Server) provenance(ctx context.Context, p caiq.Principal, in *provenanceInput) (*body[provenanceBody], error) {
	got, err := s.service.Provenance(ctx, p, in.Record, in.N, in.At)
	if err != nil {
		return nil, err
	}
	out := provenanceBody{
		At: got.At, Question: got.Question.Key, Answer: viewHistory(&got.Answer), Auth: got.Event.Auth,
		Profile: got.Profile, ProfileVersion: got.ProfileVersion, ProfileSHA256: got.ProfileSHA256,
		Evidence: append([]app.EvidenceItem{}, got.Evidence...), EvidenceKnown: got.EvidenceKnown, Until: got.Until.String(),
		Holds: got.Then.Holds(), Why: got.Then, HoldsToday: got.Today.Holds(), WhyToday: got.Today,
	}
	if got.Event.Seq > 0 {
		out.Event = new(viewEvent(&got.Event))
	}
	if got.Author.ID != "" {
		out.Author = new(viewUser(got.Author))
	}
	for _, u := range got.Authors {
		out.Authors = append(out.Authors, viewUser(u))
	}
	if got.Approver.ID != "" {
		out.Approver = new(viewUser(got.Approver))
	}
	return bodyOf(out), nil
}
