package web

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"caique/internal/app"
	"caique/internal/workbook"
)

// Config is what a Server is made of.
type Config struct {
	Service *app.Service
	Log     *slog.Logger
	Now     func() time.Time // the wall clock, for deadlines and the log
	Rand    io.Reader        // crypto/rand.Reader
	// Origin is the address under which people reach the service,
	// "https://caique.example.com"; "" where it is not known. With https cookies
	// are sent over TLS alone.
	Origin string
	// TLS tells that the service speaks TLS itself, whether or not Origin is known.
	TLS bool
	// Hosts are the names by which the service goes, beside that of Origin, without
	// ports; requests to others are refused. None: any, unless Origin is known.
	Hosts []string
	// TrustedProxies are the addresses whose X-Forwarded-For is believed.
	TrustedProxies []string
	Version        string
}

// Server answers HTTP requests.
type Server struct {
	service  *app.Service
	log      *slog.Logger
	now      func() time.Time
	rand     io.Reader
	secure   bool     // reached over TLS
	hosts    []string // none: any
	engine   *gin.Engine
	api      huma.API
	access   map[string]access          // by method and gin path; the rest is closed
	params   map[string]map[string]bool // query parameters of each route, see knownParams
	uploads  *gate
	exports  *gate
	streams  *gate
	draining atomic.Bool   // no longer ready; requests are answered all the same
	closing  chan struct{} // closed when the server stops
	stop     func()        // closes it, once
	maxBytes int64         // of an uploaded file
	openAPI  []byte

	proxyNoted sync.Once
}

// What may happen at once; the rest waits, and beyond that is asked to come back.
const (
	uploadsAtOnce = 4
	exportsAtOnce = 2
	workQueued    = 256
	streamsAtOnce = 512
)

// New returns a server.
func New(c Config) (*Server, error) {
	origin, err := url.Parse(c.Origin)
	if err != nil {
		return nil, fmt.Errorf("origin %q: %w", c.Origin, err)
	}
	gin.SetMode(gin.ReleaseMode)
	s := &Server{
		service: c.Service, log: c.Log, now: c.Now, rand: c.Rand, secure: c.TLS || origin.Scheme == "https",
		engine: gin.New(), access: make(map[string]access), closing: make(chan struct{}),
		uploads: newGate(uploadsAtOnce, workQueued), exports: newGate(exportsAtOnce, workQueued), streams: newGate(streamsAtOnce, 0),
		maxBytes: workbook.DefaultLimits().File,
	}
	s.stop = sync.OnceFunc(func() {
		s.Drain()
		close(s.closing)
	})
	if err := s.prepare(c, origin); err != nil {
		return nil, err
	}
	s.routes()
	s.params = knownParams(s.api.OpenAPI())
	return s, s.describe()
}

// prepare sets the engine up; routes come after it.
func (s *Server) prepare(c Config, origin *url.URL) error {
	s.engine.HandleMethodNotAllowed = true
	s.engine.RedirectTrailingSlash = false
	s.engine.RemoteIPHeaders = []string{"X-Forwarded-For"}
	if err := s.engine.SetTrustedProxies(c.TrustedProxies); err != nil {
		return fmt.Errorf("trusted proxies: %w", err)
	}
	for _, h := range append(slices.Clone(c.Hosts), origin.Host) {
		if h != "" {
			s.hosts = append(s.hosts, hostName(h))
		}
	}
	crossOrigin := http.NewCrossOriginProtection()
	if origin.Host != "" {
		if err := crossOrigin.AddTrustedOrigin(origin.Scheme + "://" + origin.Host); err != nil {
			return fmt.Errorf("origin: %w", err)
		}
	}
	s.engine.Use(s.begin, s.recover, s.headers, s.knownHost, s.readable, s.oneOfEach, s.sameOrigin(crossOrigin), s.plainBodies)
	s.engine.NoRoute(func(c *gin.Context) { s.abort(c, errNoRoute()) })
	s.engine.NoMethod(func(c *gin.Context) { s.abort(c, errNoMethod()) })
	s.api = s.newAPI(c)
	return nil
}

// Handler returns the server's handler.
func (s *Server) Handler() http.Handler { return s.engine }

// Routes lists all routes.
func (s *Server) Routes() gin.RoutesInfo { return s.engine.Routes() }

// Drain makes the server say that it is no longer ready, for those who share out
// requests; those that come are still answered.
func (s *Server) Drain() { s.draining.Store(true) }

// HTTP returns an http.Server with all its limits set, to be given an address or
// a listener. Its Shutdown ends open streams first.
func (s *Server) HTTP() *http.Server {
	h := &http.Server{
		Handler:           s.engine,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	h.RegisterOnShutdown(s.stop)
	return h
}
