package web

import (
	"mime"
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"caique/internal/caiq"
)

const (
	typeXLSX  = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeCSV   = "text/csv; charset=utf-8"
	typeJSON  = "application/json"
	typeText  = "text/plain; charset=utf-8"
	typeLines = "application/jsonl"
)

// send answers with a file to be saved under its name.
func send(c *gin.Context, name, mediaType string, data []byte) error {
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Data(http.StatusOK, mediaType, data)
	return nil
}

// mediaType is the type of a questionnaire's file by its name.
func mediaType(name string) string {
	switch {
	case strings.HasSuffix(strings.ToLower(name), ".csv"):
		return typeCSV
	case strings.HasSuffix(strings.ToLower(name), ".json"):
		return typeJSON
	default:
		return typeXLSX
	}
}

// original answers with the file as it was uploaded.
func (s *Server) original(c *gin.Context, p caiq.Principal) error {
	r, data, err := s.service.Original(c.Request.Context(), p, c.Param("questionnaire"))
	if err != nil {
		return err
	}
	return send(c, r.Name, mediaType(r.Name), data)
}

func describeFile(_ *Server, op *huma.Operation) { describeDownload(op, typeXLSX, typeCSV) }

// describeDownload describes a route that answers with a file.
func describeDownload(op *huma.Operation, types ...string) {
	op.Parameters = workspaceParams(op.Path)
	content := make(map[string]*huma.MediaType, len(types))
	for _, t := range types {
		content[t] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	}
	op.Responses["200"] = &huma.Response{
		Description: "The file", Content: content,
		Headers: map[string]*huma.Param{"Content-Disposition": {Description: "With the file's name", Schema: &huma.Schema{Type: "string"}}},
	}
}

var pathParam = regexp.MustCompile(`\{(\w+)\}`)

// workspaceParams describes the parameters in a path.
func workspaceParams(path string) []*huma.Param {
	var out []*huma.Param
	for _, m := range pathParam.FindAllStringSubmatch(path, -1) {
		kind := "string"
		if m[1] == "n" {
			kind = "integer"
		}
		out = append(out, &huma.Param{Name: m[1], In: "path", Required: true, Schema: &huma.Schema{Type: kind}})
	}
	return out
}
