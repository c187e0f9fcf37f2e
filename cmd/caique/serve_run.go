package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"

	"caique/internal/app"
	"caique/internal/web"
)

// Background work: trails are signed every minute, leftovers removed every hour.
const (
	signEvery  = time.Minute
	tidyEvery  = time.Hour
	finishTime = 20 * time.Second // for requests that run when the door closes
)

// maxConnections may be open at once; further ones wait to be accepted.
const maxConnections = 4096

// bind listens for connections, so many at a time.
func (s *settings) bind(ctx context.Context, connections int) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", s.listen, err)
	}
	return netutil.LimitListener(listener, connections), nil
}

// run serves on the listener until the context ends.
func (s *settings) run(ctx context.Context, out io.Writer, log *slog.Logger, service *app.Service, site *web.Server, welcome func(base string) string) error {
	listener, err := s.bind(ctx, maxConnections)
	if err != nil {
		return err
	}
	server := site.HTTP()
	if s.tlsCert != "" {
		server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	fmt.Fprintf(out, "caique %s listens on %s://%s\n%s", app.Version, s.scheme(), listener.Addr(), welcome(s.base(listener.Addr())))
	log.Info("started", "address", listener.Addr().String(), "version", app.Version, "demo", s.demo)

	working, stopWorking := context.WithCancel(ctx)
	defer stopWorking()
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		work(working, log, service)
	}()
	failed := make(chan error, 1)
	go func() {
		if s.tlsCert != "" {
			failed <- server.ServeTLS(listener, s.tlsCert, s.tlsKey)
		} else {
			failed <- server.Serve(listener)
		}
	}()
	select {
	case err = <-failed:
		err = fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		log.Info("stopping")
		site.Drain()
		<-time.After(s.drain)
		err = shutDown(ctx, log, server)
	}
	stopWorking()
	<-worked
	if _, e := service.SignTrails(context.WithoutCancel(ctx)); e != nil {
		err = errors.Join(err, fmt.Errorf("sign the trails: %w", e))
	}
	return err
}

// shutDown closes the door and lets running requests finish.
func shutDown(ctx context.Context, log *slog.Logger, server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("stop: %w", err), server.Close())
	}
	log.Info("stopped")
	return nil
}

// work signs trails and removes leftovers now and then.
func work(ctx context.Context, log *slog.Logger, service *app.Service) {
	sign, tidy := time.NewTicker(signEvery), time.NewTicker(tidyEvery)
	defer sign.Stop()
	defer tidy.Stop()
	if err := service.Ready(ctx); err != nil && ctx.Err() == nil { // builds search indexes that are missing, before somebody waits for them
		log.Error("not ready", "error", err)
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-sign.C:
			_, err = service.SignTrails(ctx)
		case <-tidy.C:
			err = service.Tidy(ctx)
		}
		if err != nil && ctx.Err() == nil {
			log.Error("background work", "error", err)
		}
	}
}
