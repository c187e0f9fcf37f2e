package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"caique/internal/caiq"
)

// readable refuses addresses that are no text, on every route: they could name
// nothing, and databases differ about them.
func (s *Server) readable(c *gin.Context) {
	if !storable(c.Request.URL.Path) {
		s.abort(c, newProblem(http.StatusBadRequest, codeBadText, "the address holds characters that are no text"))
	}
}

func storable(text string) bool { return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 }

// checkQuery refuses parameters that a route does not know, and those that stand
// there more than once where one value is meant.
func (s *Server) checkQuery(c *gin.Context) {
	q, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		s.abort(c, caiq.Errorf(caiq.Invalid, "bad_query", "the query of the address cannot be read"))
		return
	}
	if p := queryProblem(q, s.params[c.Request.Method+" "+c.FullPath()]); p != nil {
		s.abort(c, p)
		return
	}
	requestOf(c.Request.Context()).list = listID(c.Request.URL.Path, q)
}

// queryProblem returns what is wrong with a query, all of it, or nil. Its code is
// that of the first.
func queryProblem(q url.Values, known map[string]bool) *ProblemDetails {
	var ps caiq.Problems
	for _, name := range slices.Sorted(maps.Keys(q)) {
		add := func(code, message string) {
			ps = append(ps, caiq.Problem{Field: "query." + clip(strings.ToValidUTF8(name, "\uFFFD")), Code: code, Message: message})
		}
		many, there := known[name]
		switch {
		case !there:
			add("unknown_parameter", "there is no such parameter here")
		case !many && len(q[name]) > 1:
			add("repeated_parameter", "the parameter stands there more than once")
		case slices.ContainsFunc(q[name], func(v string) bool { return !storable(v) }):
			add(codeBadText, "the value holds characters that are no text")
		}
	}
	if len(ps) == 0 {
		return nil
	}
	p := problemOfList(ps)
	p.Code = ps[0].Code
	if p.Code == codeBadText {
		p.setStatus(http.StatusBadRequest)
	}
	return p
}

// knownParams collects the query parameters of each route from its description:
// the value tells whether one may be repeated.
func knownParams(doc *huma.OpenAPI) map[string]map[string]bool {
	out := make(map[string]map[string]bool)
	for path, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			known := make(map[string]bool)
			for _, p := range op.Parameters {
				if p.In == "query" {
					known[p.Name] = p.Explode != nil && *p.Explode
				}
			}
			out[op.Method+" "+ginPath(path)] = known
		}
	}
	return out
}

// listID identifies a list by its address and filters: a cursor of another
// would skip what it knows nothing about.
func listID(path string, q url.Values) string {
	filters := maps.Clone(q)
	delete(filters, "cursor")
	delete(filters, "limit")
	sum := sha256.Sum256([]byte(path + "?" + filters.Encode()))
	return hex.EncodeToString(sum[:6])
}

// cursorAt makes the cursor of a position in a list.
func cursorAt(list, position string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(list + position))
}

// readCursor returns the position in the list that a cursor is of; "" without one.
func readCursor(list, cursor string) (string, error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	position, ours := strings.CutPrefix(string(text), list)
	if cursor != "" && (err != nil || !ours || position == "" || !storable(position)) {
		return "", errBadCursor()
	}
	return position, nil
}

func errBadCursor() error {
	return caiq.Errorf(caiq.Invalid, "bad_cursor", "the cursor is none of this list").At("query.cursor").
		WithHint("pass on the next of the page before as it is, with the same address and filters")
}
