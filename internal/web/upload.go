package web

import (
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
)

// replayedHeader tells that an idempotency key was answered from memory.
const replayedHeader = "Idempotent-Replayed"

// replayed is the value of replayedHeader; a header without one is not sent.
func replayed(before bool) string {
	if before {
		return "true"
	}
	return ""
}

// slowest is how fast an upload must be at least, in bytes a second.
const slowest = 16 << 10

// uploadParams are the query parameters of an upload.
func uploadParams() []*huma.Param {
	text := func(name, doc string, limit int) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: "string", MaxLength: &limit}}
	}
	date := func(name, doc string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: "string", Format: "date"}}
	}
	name := text("name", "The file's name, under which exports come back; whether it is a workbook or CSV is told by its content", 255)
	name.Required = true
	return []*huma.Param{
		name,
		text("customer", "Who asks", 200), text("product", "Product or system asked about", 200), text("deal", "", 200),
		date("needed_by", "When the answers are needed"),
		{Name: "nda", In: "query", Description: "An NDA with the customer is in place", Schema: &huma.Schema{Type: "boolean"}},
		text("profile", "Whose answers are proposed; missing: none yet", 100),
		{
			Name: "audience", In: "query", Description: "Who the answers may go to; missing: nda with an NDA, else public",
			Schema: &huma.Schema{Type: "string", Enum: []any{"public", "nda", "internal"}},
		},
		date("as_of", "The day on which evidence is judged; missing: today"),
		text("layout", "YAML that says where questions and answers stand, where they are not found by themselves", 20_000),
		{
			Name: "Idempotency-Key", In: "header", Description: "The same key with the same request uploads once; repetitions, for a week, get the first status and " + replayedHeader + ": true",
			Schema: &huma.Schema{Type: "string", MaxLength: new(200)},
		},
	}
}

func describeUpload(s *Server, op *huma.Operation) {
	op.Description += " The body is the file itself, .xlsx or .csv. The same file for the same customer, product and deal, whatever their case, is stored once."
	op.Parameters = append(workspaceParams(op.Path), uploadParams()...)
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}},
	}}
	shown := map[string]*huma.MediaType{"application/json": {Schema: s.schemaOf(reflect.TypeFor[recordView]())}}
	again := map[string]*huma.MediaType{"application/json": {Schema: s.schemaOf(reflect.TypeFor[hereAlready]())}}
	op.Responses["201"] = &huma.Response{Description: "Stored, with proposals where a profile is named", Content: shown}
	op.Responses["200"] = &huma.Response{Description: "This file is here already: nothing of it was changed, and ignored names what else was said of it", Content: again}
}

// upload stores a questionnaire from the raw body of a request.
func (s *Server) upload(c *gin.Context, p caiq.Principal) error {
	if err := app.Allow(p, app.ActRecordUpload); err != nil {
		return err // before the body is read
	}
	in, err := readUpload(c.Request)
	if err == nil {
		err = requestOf(c.Request.Context()).takes("a questionnaire's own file", fileTypes()...)
	}
	if err != nil {
		return err
	}
	leave, err := s.uploads.join()
	if err != nil {
		return err
	}
	defer leave()
	if in.Data, err = s.readBody(c); err != nil {
		return err
	}
	ctx := c.Request.Context()
	done, err := s.uploads.pass(ctx)
	if err != nil {
		return err
	}
	defer done()
	got, err := s.service.Upload(ctx, p, in)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if got.Created || got.Replayed {
		status = http.StatusCreated
	}
	c.Header(replayedHeader, replayed(got.Replayed))
	c.Header("ETag", etag(got.Record.Revision))
	c.Header("Location", c.Request.URL.Path+"/"+url.PathEscape(got.Record.ID))
	if status == http.StatusCreated {
		c.JSON(status, viewRecord(&got.Record))
		return nil
	}
	c.JSON(status, seenBefore(&got))
	return nil
}

// hereAlready is the answer to a file that was uploaded before.
type hereAlready struct {
	recordView
	HereAlready bool     `json:"here_already" doc:"true: the file was uploaded before for this customer, product and deal"`
	Ignored     []string `json:"ignored" nullable:"false" doc:"Details given with it that this questionnaire does not have: they were not taken over"`
	Hint        string   `json:"hint,omitempty" doc:"How to have them"`
}

func seenBefore(u *app.Uploaded) hereAlready {
	v := hereAlready{recordView: viewRecord(&u.Record), HereAlready: true, Ignored: append([]string{}, u.Ignored...)}
	if len(v.Ignored) > 0 {
		v.Hint = "PATCH the questionnaire to change needed_by or nda, POST …/propose for another profile, audience or as_of; for another layout delete it and upload anew"
	}
	return v
}

// fileTypes are the media types under which questionnaires are sent.
func fileTypes() []string {
	return []string{
		"application/octet-stream", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"text/csv", "text/tab-separated-values", "text/plain", "application/vnd.ms-excel", "application/zip",
	}
}

// readBody reads a file that is sent neither too large nor too slowly.
func (s *Server) readBody(c *gin.Context) ([]byte, error) {
	most := time.Duration(s.maxBytes/slowest) * time.Second
	if n := c.Request.ContentLength; n >= 0 {
		most = time.Duration(n/slowest+30) * time.Second
	}
	// Test recorders have no deadlines; servers do.
	_ = http.NewResponseController(c.Writer).SetReadDeadline(s.now().Add(most))
	_ = http.NewResponseController(c.Writer).SetWriteDeadline(s.now().Add(most + time.Minute))
	if c.Request.ContentLength > s.maxBytes {
		return nil, s.tooLarge(c.Request.Body)
	}
	data, err := io.ReadAll(io.LimitReader(c.Request.Body, s.maxBytes+1))
	switch {
	case err != nil:
		return nil, newProblem(http.StatusBadRequest, "cut_off", "the file did not arrive whole")
	case int64(len(data)) > s.maxBytes:
		return nil, s.tooLarge(c.Request.Body)
	default:
		return data, nil
	}
}

// tooLarge refuses a file. Most clients read no answer before all is sent, and a
// connection that is cut would show them none: a bounded rest is read and thrown away.
func (s *Server) tooLarge(rest io.Reader) error {
	_, _ = io.Copy(io.Discard, io.LimitReader(rest, 3*s.maxBytes)) // an error ends it as well
	return caiq.Errorf(caiq.TooLarge, "too_large", "the file is larger than %d MiB", s.maxBytes>>20)
}

// readUpload reads the parameters of an upload.
func readUpload(r *http.Request) (app.UploadInput, error) {
	in := app.UploadInput{IdempotencyKey: r.Header.Get("Idempotency-Key")}
	q, err := r.URL.Query(), error(nil)
	in.Name, in.ProfileID, in.Audience = q.Get("name"), q.Get("profile"), caiq.Release(q.Get("audience"))
	in.Customer, in.Product, in.Deal = q.Get("customer"), q.Get("product"), q.Get("deal")
	if in.NeededBy, err = readDate("needed_by", q.Get("needed_by")); err != nil {
		return in, err
	}
	if in.AsOf, err = readDate("as_of", q.Get("as_of")); err != nil {
		return in, err
	}
	if nda := q.Get("nda"); nda != "" {
		if in.NDA, err = strconv.ParseBool(nda); err != nil {
			return in, caiq.Problems{{Field: "nda", Code: "invalid_field", Message: "true or false"}}
		}
	}
	if layout := q.Get("layout"); layout != "" {
		in.Layout, err = mapping.DecodeLayout("layout", []byte(layout))
	}
	return in, err
}
