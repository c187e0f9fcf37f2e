package web

import (
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

// knownHost refuses requests to another name than those of the service. A page
// whose name was made to lead here (DNS rebinding) is of its own origin for the
// browser: only the name gives it away. Health checks come to addresses.
func (s *Server) knownHost(c *gin.Context) {
	if len(s.hosts) == 0 || s.access[c.Request.Method+" "+c.FullPath()] == accessHealth {
		return
	}
	if !slices.Contains(s.hosts, hostName(c.Request.Host)) {
		p := newProblem(http.StatusMisdirectedRequest, "unknown_host", "the service does not go by the name in the header Host")
		p.Hint = "use its own address; whoever runs it can name others with --origin and --allowed-hosts"
		s.abort(c, p)
	}
}

// hostName is a host as names are compared: without port, brackets, capitals and
// the dot at its end.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.TrimSuffix(strings.ToLower(host), ".")
}
