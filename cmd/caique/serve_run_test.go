package main

import (
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"
)

// TestServeDrains tells a service to stop: it answers on, no longer ready, for as long
// as --drain says.
func TestServeDrains(t *testing.T) {
	t.Parallel()
	s := serve(t, "--data", filepath.Join(t.TempDir(), "data"), "--drain", "2s")
	get := func(path string) int {
		res, err := http.Get(s.base + path)
		if err != nil {
			return 0
		}
		defer res.Body.Close()
		return res.StatusCode
	}
	if got := get("/readyz"); got != http.StatusOK {
		t.Fatalf("ready: %d", got)
	}
	code := make(chan int, 1)
	go func() { code <- s.stop() }()
	for end := time.Now().Add(time.Second); get("/readyz") != http.StatusServiceUnavailable; {
		if time.Now().After(end) {
			t.Fatal("nobody can see that it stops")
		}
	}
	if live, page := get("/livez"), get("/setup"); live != http.StatusOK || page != http.StatusOK {
		t.Errorf("while it drains: %d, %d", live, page)
	}
	if got := <-code; got != exitDone {
		t.Errorf("serve ended with %d", got)
	}
	if got := get("/livez"); got != 0 {
		t.Errorf("it still answers: %d", got)
	}
}

// TestConnectionsAreBounded opens more connections than may be open at once: the
// last is accepted when another ends.
func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	listener, err := (&settings{listen: "127.0.0.1:0"}).bind(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	accepted := make(chan net.Conn, 3)
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	for range 3 {
		c, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	first := <-accepted
	defer (<-accepted).Close()
	select {
	case <-accepted:
		t.Error("a third connection is let in beside two")
	case <-time.After(100 * time.Millisecond):
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	select {
	case c := <-accepted:
		defer c.Close()
	case <-time.After(10 * time.Second):
		t.Error("the place of one that ended stays taken")
	}
}
