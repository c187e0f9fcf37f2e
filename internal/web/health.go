package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"caique/internal/caiq"
)

// livez says that the process runs; it asks nobody.
func (s *Server) livez(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// readyz says whether requests can be answered.
func (s *Server) readyz(c *gin.Context) {
	if s.draining.Load() {
		s.abort(c, caiq.Errorf(caiq.Unavailable, codeStopping, "the service is about to stop"))
		return
	}
	if err := s.service.Ready(c.Request.Context()); err != nil {
		s.abort(c, &caiq.Error{Kind: caiq.Unavailable, Code: "not_ready", Msg: "the service is not ready", Err: err})
		return
	}
	c.String(http.StatusOK, "ok\n")
}

// SetupPath is where the set-up link leads; its secret stands behind a #, which
// browsers keep to themselves.
const SetupPath = "/setup"

// setupPage tells whoever opens the set-up link in a browser what to do with it,
// and afterwards that there is nothing more to set up.
func (s *Server) setupPage(c *gin.Context) {
	done, err := s.service.IsSetUp(c.Request.Context())
	if err != nil {
		s.abort(c, err)
		return
	}
	if done {
		c.String(http.StatusNotFound, `Caique is set up. There are no pages yet: it is used through its API, which
describes itself at THIS-ADDRESS/openapi.json. Sign in with POST /api/v1/session.
`)
		return
	}
	c.String(http.StatusOK, `Caique is set up through its API. Send the link that brought you here, once:

  curl --json '{"link": "THE LINK", "email": "you@example.com", "name": "Your Name",
    "password": "twelve characters or more", "workspace": "Your company"}' THIS-ADDRESS/api/v1/setup
`)
}
