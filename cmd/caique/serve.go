package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"caique/internal/app"
	"caique/internal/mapping"
	"caique/internal/search"
	"caique/internal/store"
	"caique/internal/web"
)

func newServe(t terminal, lib *mapping.Library) *cobra.Command {
	s := &settings{}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the service: upload, review, approve, export over REST",
		Long: `Runs the service on SQLite in the folder --data, or on PostgreSQL. The first start
prints a one-time link by which the first account is made; there is no default
password.

Every flag can stand in the environment (CAIQUE_LISTEN for --listen) or in the
file --config (listen: …). One process serves a database.`,
		Example: `  caique serve --data /var/lib/caique
  caique serve --database postgres://caique@db/caique --origin https://caique.example.com
  caique serve --demo`,
		Args: exactArgs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := s.complete(cmd, t.err); err != nil {
				return err
			}
			if s.printConfig {
				return s.print(t.out, cmd.Flags())
			}
			return s.serve(cmd.Context(), t, lib)
		},
	}
	s.register(cmd.Flags())
	return cmd
}

// serve runs until the context ends, then lets requests finish.
func (s *settings) serve(ctx context.Context, t terminal, lib *mapping.Library) (err error) {
	level, err := s.level()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(t.err, &slog.HandlerOptions{Level: level}))
	db, service, err := s.open(ctx, t, lib)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, service.Close(), db.Close()) }()
	if !s.demo {
		if err := s.watchLosses(ctx, log, db, service); err != nil {
			return err
		}
	}
	var welcome func(base string) string
	if s.demo {
		welcome, err = fillDemo(ctx, service, t.now())
	} else {
		welcome, err = setupMessage(ctx, service)
	}
	if err != nil {
		return err
	}
	if s.insecureHTTP && !strings.HasPrefix(s.origin, "https://") && s.tlsCert == "" {
		log.Warn("cookies are not marked Secure: --origin does not say that people come over TLS")
	}
	server, err := web.New(web.Config{ //nolint:contextcheck // handlers have the context of their request
		Service: service, Log: log, Now: t.now, Rand: rand.Reader, Origin: s.origin, TLS: s.tlsCert != "", Hosts: s.names(), TrustedProxies: s.proxies, Version: app.Version,
	})
	if err != nil {
		return err
	}
	return s.run(ctx, t.out, log, service, server, welcome)
}

// open opens the database and makes the service on it.
func (s *settings) open(ctx context.Context, t terminal, lib *mapping.Library) (*store.Store, *app.Service, error) {
	c := app.Config{Library: lib, Now: t.now, Rand: rand.Reader, Search: newSearch, Shelves: s.shelf}
	address := "memory:"
	if s.demo {
		k, _, _, err := newSigningKey(rand.Reader)
		if err != nil {
			return nil, nil, err
		}
		c.Signer, c.Key = k.Signer, k.Verifier
	} else {
		if err := os.MkdirAll(s.data, 0o700); err != nil {
			return nil, nil, writeError{unwritable("the folder --data", err)}
		}
		address = databaseAddress(s.data, s.database)
	}
	db, err := store.OpenToServe(ctx, address)
	if err != nil {
		return nil, nil, err
	}
	c.Store = db
	if s.demo {
		return db, app.NewService(c), nil
	}
	service, err := s.withKey(ctx, db, c)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, service, nil
}

// withKey makes the service with the key that the database belongs to.
func (s *settings) withKey(ctx context.Context, db *store.Store, c app.Config) (*app.Service, error) {
	k, err := signingKeyFor(ctx, db, s.data, s.newKey)
	if err != nil {
		return nil, err
	}
	sink := &checkpointSink{path: filepath.Join(s.data, checkpointFile)}
	c.Signer, c.Key, c.Sink = k.Signer, k.Verifier, sink.put
	service := app.NewService(c)
	return service, service.UseKey(ctx, k.public, s.newKey)
}

// watchLosses tells at the start that the database lacks what checkpoints in the
// folder --data signed, as an older backup does, or records it where that is accepted.
func (s *settings) watchLosses(ctx context.Context, log *slog.Logger, db *store.Store, service *app.Service) error {
	losses, err := lost(ctx, db, s.data)
	switch {
	case err != nil:
		log.Warn("the checkpoints in the folder --data cannot be compared with the database", "error", err)
		return nil
	case len(losses) == 0:
		return nil
	case s.acceptLoss:
		log.Warn("the trail records that signed events are lost", "lost", listLosses(losses))
		return service.AcceptLosses(ctx, losses)
	default:
		log.Warn("the database is older than its checkpoints: signed events are missing, and caique audit verify will fail. "+
			"Stop the service and put the newer database back, or start it with --accept-loss, which the trail records", "missing", listLosses(losses))
		return nil
	}
}

// searchFolder holds the search indexes below --data, one folder for each
// workspace. They can be thrown away while the service is stopped.
const searchFolder = "search"

// shelf opens the search index of a workspace.
func (s *settings) shelf(workspaceID string) (app.ShelfIndex, error) {
	if s.demo {
		return search.NewMemory(), nil
	}
	return search.Open(filepath.Join(s.data, searchFolder, workspaceID))
}

// setupMessage tells how to set an installation without users up, given the
// address by which it is reached.
func setupMessage(ctx context.Context, service *app.Service) (func(base string) string, error) {
	secret, err := service.SetupLink(ctx)
	if err != nil || secret == "" {
		return func(string) string { return "" }, err
	}
	return func(base string) string {
		return `This installation has no account yet. Make the first with this one-time link
(it works for a day; the next start prints another):
  link ` + base + web.SetupPath + `#` + secret + `
that is:
  curl --json '{"link": "` + secret + `", "email": "you@example.com", "name": "Your Name",
    "password": "twelve characters or more", "workspace": "Your company"}' ` + base + `/api/v1/setup
`
	}, nil
}

// base is the address by which people reach the service: --origin, else where it
// listens, on this machine where that is everywhere.
func (s *settings) base(address net.Addr) string {
	if s.origin != "" {
		return strings.TrimSuffix(s.origin, "/")
	}
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return s.scheme() + "://" + address.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return s.scheme() + "://" + net.JoinHostPort(host, port)
}

func (s *settings) scheme() string {
	if s.tlsCert != "" {
		return "https"
	}
	return "http"
}
