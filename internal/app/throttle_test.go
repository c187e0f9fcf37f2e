package app_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
)

const (
	home   = "192.0.2.1"
	abroad = "198.51.100.7"
)

func (w *world) try(t *testing.T, email, pass, network string) error {
	t.Helper()
	_, err := w.SignIn(t.Context(), app.Credentials{Email: email, Password: pass, Network: network})
	return err
}

// fail fails to sign in so often.
func (w *world) fail(t *testing.T, times int, email, network string) {
	t.Helper()
	for range times {
		wantCode(t, w.try(t, email, "wrong", network), "bad_credentials")
	}
}

// wait is how long a refusal asks to wait, in whole seconds as the header has it.
func wait(t *testing.T, err error) time.Duration {
	t.Helper()
	wantCode(t, err, "too_many_tries")
	e, _ := errors.AsType[*caiq.Error](err)
	return (e.RetryAfter + time.Second - 1).Truncate(time.Second)
}

func TestGuessingIsSlowedDownWhereItComesFrom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fail(t, 5, "ada@example.com", abroad)
	for i, want := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
		if got := wait(t, w.try(t, "ada@example.com", password, abroad)); got != want {
			t.Fatalf("delay %d: %s, want %s", i, got, want)
		}
		w.clock.set(w.clock.Now().Add(want - time.Second))
		if got := wait(t, w.try(t, "ada@example.com", password, abroad)); got != time.Second {
			t.Errorf("trying in between changes delay %d to %s", i, got)
		}
		w.clock.set(w.clock.Now().Add(time.Second))
		w.fail(t, 1, "ada@example.com", abroad) // what Retry-After says is true
	}
	if err := w.try(t, "ada@example.com", password, home); err != nil {
		t.Errorf("a stranger abroad locks Ada out at home: %v", err)
	}
	w.clock.set(w.clock.Now().Add(15 * time.Minute))
	if err := w.try(t, "ada@example.com", password, abroad); err != nil {
		t.Errorf("the right password after the delay: %v", err)
	}
	w.fail(t, 5, "ada@example.com", abroad) // success begins anew
	blocked, err := w.store.Events(t.Context(), caiq.Installation, caiq.EventFilter{Action: "session.block"})
	if err != nil || len(blocked) != 2 {
		t.Errorf("%d events of delays, %v", len(blocked), err)
	}
}

func TestTriesSideBySideCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		tried int
	)
	for range 40 {
		wg.Go(func() {
			_, err := w.SignIn(t.Context(), app.Credentials{Email: "ada@example.com", Password: "wrong", Network: abroad})
			mu.Lock()
			defer mu.Unlock()
			if caiq.CodeOf(err) == "bad_credentials" {
				tried++
			}
		})
	}
	wg.Wait()
	if tried > 6 {
		t.Errorf("%d of 40 tries side by side were made", tried)
	}
}

func TestAnAccountHasAnAllowanceOverAllNetworks(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("hashes very many passwords")
	}
	w := newWorld(t)
	if err := w.try(t, "ada@example.com", password, home); err != nil {
		t.Fatal(err)
	}
	w.clock.set(w.clock.Now().Add(20 * 24 * time.Hour)) // a holiday
	for i := range 25 {
		w.fail(t, 4, "ada@example.com", fmt.Sprintf("203.0.113.%d", i))
	}
	if got := wait(t, w.try(t, "ada@example.com", password, abroad)); got != 24*time.Hour {
		t.Errorf("the allowance is there again in %s", got)
	}
	if err := w.try(t, "ada@example.com", password, home); err != nil {
		t.Errorf("strangers lock Ada out where she signs in from: %v", err)
	}
	w.clock.set(w.clock.Now().Add(24 * time.Hour))
	if err := w.try(t, "ada@example.com", password, abroad); err != nil {
		t.Errorf("a day later: %v", err)
	}
}

func TestANetworkHasAnAllowanceOverAllAccounts(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("hashes very many passwords")
	}
	w := newWorld(t)
	in, err := w.Invite(t.Context(), w.admin, "neu@example.com", "Neu", []caiq.MemberRole{caiq.Viewer})
	if err == nil {
		_, err = w.UseLink(t.Context(), in.Link, password, "")
	}
	if err = errors.Join(err, w.try(t, "neu@example.com", password, home)); err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		w.fail(t, 1, fmt.Sprintf("guess-%d@example.com", i), home)
		w.clock.set(w.clock.Now().Add(time.Second))
	}
	if got := wait(t, w.try(t, "ada@example.com", password, home)); got != 30*time.Second {
		t.Errorf("the allowance is there again in %s", got)
	}
	if err := w.try(t, "neu@example.com", password, home); err != nil {
		t.Errorf("one guesser locks out those who work there: %v", err)
	}
	if err := w.try(t, "ada@example.com", password, abroad); err != nil {
		t.Errorf("from another network: %v", err)
	}
	w.clock.set(w.clock.Now().Add(30 * time.Second))
	if err := w.try(t, "ada@example.com", password, home); err != nil {
		t.Errorf("when the allowance is there again: %v", err)
	}
}

func TestGuessingTheOldPasswordIsSlowedDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		wantCode(t, w.ChangePassword(t.Context(), w.admin, "wrong", "another long passphrase", ""), "bad_credentials")
	}
	if got := wait(t, w.ChangePassword(t.Context(), w.admin, password, "another long passphrase", "")); got != 30*time.Second {
		t.Errorf("wait %s", got)
	}
	if err := w.try(t, w.admin.User.Email, password, home); err != nil {
		t.Errorf("that slows no sign-in: %v", err)
	}
}
