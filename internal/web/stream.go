package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"caique/internal/app"
	"caique/internal/caiq"
)

// A stream says at least so often that it is alive, and checks then whether its
// reader still belongs here.
const (
	streamBeat  = 15 * time.Second
	streamWrite = 10 * time.Second // the most that one write may take
	streamBatch = 100
)

func describeStream(_ *Server, op *huma.Operation) {
	op.Description += " Server-sent events: each has the number of its event in the trail as id, its action as event and the event as data." +
		" Reconnect with Last-Event-ID, or since, to miss nothing; without, the stream begins now."
	op.Parameters = append(workspaceParams(op.Path),
		&huma.Param{Name: "Last-Event-ID", In: "header", Schema: &huma.Schema{Type: "integer"}},
		&huma.Param{Name: "since", In: "query", Description: "As Last-Event-ID", Schema: &huma.Schema{Type: "integer"}})
	op.Responses["200"] = &huma.Response{Description: "The stream", Content: map[string]*huma.MediaType{
		"text/event-stream": {Schema: &huma.Schema{Type: "string"}},
	}}
}

// stream sends the changes of a questionnaire as they happen.
func (s *Server) stream(c *gin.Context, p caiq.Principal) error {
	ctx, id := c.Request.Context(), c.Param("questionnaire")
	if _, err := s.service.Record(ctx, p, id); err != nil {
		return err
	}
	if err := app.Allow(p, app.ActTrailRead); err != nil {
		return err
	}
	leave, err := s.streams.join()
	if err != nil {
		return err
	}
	defer leave()
	wake, end, err := s.service.Watch(p)
	if err != nil {
		return err
	}
	defer end()
	after, err := s.streamStart(ctx, c.Request, p)
	if err != nil {
		return err
	}
	c.Header("Content-Type", "text/event-stream")
	c.Header("X-Accel-Buffering", "no")
	c.Status(http.StatusOK)
	f := &feed{server: s, c: c, p: p, recordID: id, after: after}
	f.run(ctx, wake)
	return nil
}

// streamStart is the event after which the stream begins.
func (s *Server) streamStart(ctx context.Context, r *http.Request, p caiq.Principal) (int64, error) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = r.URL.Query().Get("since")
	}
	if text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			return 0, caiq.Errorf(caiq.Invalid, "bad_event_id", "Last-Event-ID, or since, is no number of an event").At("header.Last-Event-ID")
		}
		return n, nil
	}
	last, err := s.service.Events(ctx, p, caiq.EventFilter{Newest: true, Limit: 1})
	if err != nil || len(last) == 0 {
		return 0, err
	}
	return last[0].Seq, nil
}

// feed is one open stream.
type feed struct {
	server   *Server
	c        *gin.Context
	p        caiq.Principal
	recordID string
	after    int64
}

// run sends until the reader goes, may no longer read, or the server stops.
func (f *feed) run(ctx context.Context, wake <-chan struct{}) {
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	if f.write(": hello\n\n") != nil || f.catchUp(ctx) != nil {
		return
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-f.server.closing:
			return
		case <-wake:
			err = f.catchUp(ctx)
		case <-beat.C:
			if err = f.stillWelcome(ctx); err == nil {
				err = f.write(": alive\n\n")
			}
		}
		if err != nil {
			return // the reader reconnects, and is told why then
		}
	}
}

// stillWelcome reports whether whoever reads could still open the stream.
func (f *feed) stillWelcome(ctx context.Context) error {
	p, _, err := f.server.authenticate(ctx, f.c.Request)
	if err != nil {
		return err
	}
	f.p, err = f.server.service.Enter(ctx, p, f.p.Workspace.ID)
	return err
}

// catchUp sends what has happened since the last event that was sent.
func (f *feed) catchUp(ctx context.Context) error {
	if err := f.stillWelcome(ctx); err != nil {
		return err
	}
	for {
		es, err := f.server.service.Events(ctx, f.p, caiq.EventFilter{RecordID: f.recordID, After: f.after, Limit: streamBatch})
		if err != nil {
			return err
		}
		for i := range es {
			data, err := json.Marshal(viewEvent(&es[i]))
			if err != nil {
				return err
			}
			if err := f.write(fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", es[i].Seq, es[i].Action, data)); err != nil {
				return err
			}
			f.after = es[i].Seq
		}
		if len(es) < streamBatch {
			return nil
		}
	}
}

func (f *feed) write(text string) error {
	// Test recorders have no deadlines; servers do.
	rc := http.NewResponseController(f.c.Writer)
	_ = rc.SetWriteDeadline(f.server.now().Add(streamWrite))
	if _, err := f.c.Writer.WriteString(text); err != nil {
		return err
	}
	return rc.Flush()
}
