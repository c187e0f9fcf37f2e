package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
	"github.com/gin-gonic/gin"

	"caique/internal/caiq"
)

// ProblemDetails is the body of every response that is no success (RFC 9457).
type ProblemDetails struct { //nolint:errname // the name that RFC 9457 gives it
	Type   string `json:"type" doc:"Always about:blank: code says what it is"`
	Title  string `json:"title" doc:"The status in words"`
	Status int    `json:"status"`
	Code   string `json:"code" doc:"Stable name of the problem, for programs"`
	Detail string `json:"detail" doc:"What is wrong, for people"`
	Hint   string `json:"hint,omitempty" doc:"What to do about it"`
	// Errors are all the problems of the input, each with its place.
	Errors []caiq.Problem `json:"errors,omitempty" nullable:"false" doc:"All problems of the input, each with its place"`
	// Current is what a refused change should have started from.
	Current   any    `json:"current,omitempty" doc:"With 412 and 428: the thing as it is now"`
	RequestID string `json:"request_id,omitempty" doc:"Names the request in the service's log"`

	headers http.Header
}

// Error returns the detail.
func (p *ProblemDetails) Error() string { return p.Detail }

// GetStatus returns the status; huma asks for it.
func (p *ProblemDetails) GetStatus() int { return p.Status }

// GetHeaders returns headers that go with the problem; huma asks for them.
func (p *ProblemDetails) GetHeaders() http.Header { return p.headers }

// ContentType returns the media type of problems; huma asks for it.
func (p *ProblemDetails) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// statusOf is the one map from kinds of errors to statuses.
func statusOf(k caiq.Kind) int {
	switch k {
	case caiq.Invalid:
		return http.StatusUnprocessableEntity
	case caiq.NotFound:
		return http.StatusNotFound
	case caiq.Conflict:
		return http.StatusConflict
	case caiq.Unauthenticated:
		return http.StatusUnauthorized
	case caiq.Forbidden:
		return http.StatusForbidden
	case caiq.TooLarge:
		return http.StatusRequestEntityTooLarge
	case caiq.Unsupported:
		return http.StatusUnsupportedMediaType
	case caiq.Unavailable:
		return http.StatusServiceUnavailable
	case caiq.Throttled:
		return http.StatusTooManyRequests
	default:
		return http.StatusInternalServerError
	}
}

// codeStopping is the code of a service that is told to stop: no failure.
const codeStopping = "stopping"

// codeStale is the code of a change that started from an old revision.
const codeStale = "stale"

// problemOf turns any error into a problem. What it does not know is internal:
// its text goes to the log alone.
func problemOf(err error) *ProblemDetails {
	if p, ok := errors.AsType[*ProblemDetails](err); ok {
		return p
	}
	if ps, ok := errors.AsType[caiq.Problems](err); ok && len(ps) > 0 {
		return problemOfList(ps)
	}
	if e, ok := errors.AsType[*caiq.Error](err); ok && e.Kind != caiq.Internal {
		return problemOfError(e)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return newProblem(http.StatusServiceUnavailable, "cut_off", "the request was cut off before it was done")
	}
	p := newProblem(http.StatusInternalServerError, "internal", "something went wrong here")
	p.Hint = "the log has the details under the request id"
	return p
}

func problemOfError(e *caiq.Error) *ProblemDetails {
	p := newProblem(statusOf(e.Kind), e.Code, e.Msg)
	p.Hint = e.Hint
	if e.Field != "" {
		p.Errors = []caiq.Problem{{Field: e.Field, Code: e.Code, Message: e.Msg}}
	}
	switch {
	case e.Code == codeStale:
		p.setStatus(http.StatusPreconditionFailed)
	case e.Code == "storage_full":
		p.setStatus(http.StatusInsufficientStorage)
	case e.Kind == caiq.Unavailable, e.Kind == caiq.Throttled:
		p.header("Retry-After", retryAfter(e.RetryAfter))
	case e.Kind == caiq.Unauthenticated:
		p.header("WWW-Authenticate", `Bearer realm="caique"`)
	}
	return p
}

// retryAfter is the header's value: whole seconds, never too few.
func retryAfter(wait time.Duration) string {
	if wait <= 0 {
		wait = defaultPause
	}
	return strconv.Itoa(int((wait + time.Second - 1) / time.Second))
}

// defaultPause is after how long to try again where nobody knows.
const defaultPause = 5 * time.Second

func problemOfList(ps caiq.Problems) *ProblemDetails {
	p := newProblem(http.StatusUnprocessableEntity, "invalid", ps[0].String())
	if len(ps) > 1 {
		p.Detail = fmt.Sprintf("%d problems, the first: %s", len(ps), p.Detail)
	}
	p.Errors = ps
	return p
}

func newProblem(status int, code, detail string) *ProblemDetails {
	return &ProblemDetails{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail, headers: http.Header{}}
}

func (p *ProblemDetails) setStatus(status int) { p.Status, p.Title = status, http.StatusText(status) }

func (p *ProblemDetails) header(name, value string) { p.headers.Set(name, value) }

// fail completes a problem with the request's id, and logs what is our fault.
func (s *Server) fail(ctx context.Context, err error) *ProblemDetails {
	p := *problemOf(err)
	p.RequestID = requestOf(ctx).id
	if p.Status >= http.StatusInternalServerError && p.Code != "cut_off" && p.Code != codeStopping {
		s.log.ErrorContext(ctx, "request failed", slog.String("request_id", p.RequestID), slog.String("code", p.Code), slog.Any("error", err))
	}
	return &p
}

// abort ends a gin request with a problem.
func (s *Server) abort(c *gin.Context, err error) {
	p := s.fail(c.Request.Context(), err)
	maps.Copy(c.Writer.Header(), p.headers)
	c.Header("Content-Type", problemType)
	c.AbortWithStatusJSON(p.Status, p)
}

// ownProblems is a transformer: problems that huma found in a request take our
// form. Values of the request are not repeated: they may be secrets.
func ownProblems(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := newProblem(m.Status, requestCode(m.Status), m.Detail)
	p.RequestID = requestOf(ctx.Context()).id
	for _, d := range m.Errors {
		if d != nil {
			p.Errors = append(p.Errors, p.placed(d))
		}
	}
	if len(p.Errors) > 0 {
		p.Detail = caiq.Problems(p.Errors)[0].String()
	}
	return p, nil
}

// placed turns a problem that huma found into ours. Of a body that cannot be
// read huma keeps the message alone: it is looked at again for code and place.
func (p *ProblemDetails) placed(d *huma.ErrorDetail) caiq.Problem {
	out := caiq.Problem{Field: strings.TrimPrefix(d.Location, "body."), Code: "invalid_field", Message: d.Message}
	if name, ok := missingField(d.Message); ok {
		out.Code, out.Message = "missing_field", "it is missing"
		out.Field = strings.TrimPrefix(strings.TrimPrefix(d.Location+"."+name, "body"), ".")
		return out
	}
	if strings.HasPrefix(d.Message, "invalid date/time") { // huma shows how Go writes the form down
		out.Message = badTime
	}
	if d.Message == validation.MsgUnexpectedProperty {
		out.Code, out.Field, out.Message = codeUnknownField, clip(out.Field), "there is no such field"
	}
	text, ok := d.Value.(string)
	if !ok || d.Location != "body" || p.Status != http.StatusBadRequest {
		return out
	}
	if e, ok := errors.AsType[*jsonError](checkJSON([]byte(text))); ok {
		out.Code, out.Field = e.code, e.field
		if e.code == codeBadText {
			p.Code = codeBadText
		}
	}
	return out
}

// missingField returns the field that huma misses, of which it names the parent alone.
func missingField(message string) (name string, ok bool) {
	before, after, _ := strings.Cut(validation.MsgExpectedRequiredProperty, "%s")
	rest, ok := strings.CutPrefix(message, before)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, after)
}

func requestCode(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "bad_request"
	case http.StatusRequestTimeout:
		return "timeout"
	case http.StatusNotAcceptable:
		return "not_acceptable"
	case http.StatusRequestEntityTooLarge:
		return "too_large"
	case http.StatusUnsupportedMediaType:
		return "unsupported_media_type"
	case http.StatusUnprocessableEntity:
		return "invalid"
	default:
		return "internal"
	}
}
