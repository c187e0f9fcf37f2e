package app

import (
	"context"
	"fmt"
	"time"

	"caique/internal/caiq"
)

// Guessing is slowed down where it comes from, so that a stranger locks nobody
// out: an account has freeTries from each network, then a delay that doubles with
// every failure. Beside that stand an allowance of an account over all networks
// (NIST SP 800-63B has 100 at most) and one of a network over all accounts; a
// person who signed in from a network lately is not held up by what others fail
// at, on either.
const (
	freeTries    = 5
	firstDelay   = 30 * time.Second
	longestDelay = 15 * time.Minute
	triesWindow  = 24 * time.Hour // after which failures are forgotten

	accountTries  = 100
	accountWindow = 24 * time.Hour
	networkTries  = 30
	networkWindow = time.Minute

	knownFor = 30 * 24 * time.Hour // how long a network is one that an account signed in from
)

// Keys of counters. Emails are hashed: what strangers type is not kept.
func pairKey(email, network string) string { return "pair:" + hashSecret(email) + " " + network }
func accountKey(email string) string       { return "account:" + hashSecret(email) }
func networkKey(network string) string     { return "network:" + network }
func knownKey(email, network string) string {
	return "known:" + hashSecret(email) + " " + network
}

// delayAfter is how long to wait after so many failures.
func delayAfter(failures int) time.Duration {
	if failures < freeTries {
		return 0
	}
	if doublings := failures - freeTries; doublings < 5 {
		return firstDelay << doublings
	}
	return longestDelay
}

// throttle refuses a sign-in while any of its delays runs. What passes is
// counted as a failure of its network until it turns out right.
func (s *Service) throttle(ctx context.Context, email string, in Credentials) error {
	var longest time.Duration
	known, err := s.store.Attempts(ctx, knownKey(email, in.Network))
	if err != nil {
		return err
	}
	if now := s.clock(); in.Network == "" || !known.Last.After(now) {
		for _, limit := range wideLimits(email, in.Network) {
			a, err := s.store.Attempts(ctx, limit.key)
			if err != nil {
				return err
			}
			if a.Count >= limit.tries {
				longest = max(longest, a.Since.Add(limit.window).Sub(now))
			}
		}
	}
	if longest > 0 {
		return tooManyTries(longest)
	}
	return s.takeTurn(ctx, pairKey(email, in.Network))
}

// wideLimit is an allowance of failures for an account or a network as a whole.
type wideLimit struct {
	key    string
	tries  int
	window time.Duration
}

func wideLimits(email, network string) []wideLimit {
	limits := []wideLimit{{accountKey(email), accountTries, accountWindow}}
	if network != "" {
		limits = append(limits, wideLimit{networkKey(network), networkTries, networkWindow})
	}
	return limits
}

// takeTurn counts a try before it is made, so that tries side by side count, or
// refuses it while the delay after the failures before runs. Refused tries make
// the delay no longer: what is said about it stays true.
func (s *Service) takeTurn(ctx context.Context, key string) error {
	now := s.clock()
	before, err := s.store.Attempts(ctx, key)
	if err != nil {
		return err
	}
	if !now.Before(before.Since.Add(triesWindow)) {
		before = caiq.Attempts{}
	}
	if wait := before.Last.Add(delayAfter(before.Count)).Sub(now); wait > 0 && before.Count >= freeTries {
		return tooManyTries(wait)
	}
	a, err := s.store.CountAttempt(ctx, key, now, triesWindow)
	if err != nil {
		return err
	}
	if a.Count > freeTries && a.Count > before.Count+1 { // others came in between
		return tooManyTries(delayAfter(a.Count))
	}
	return nil
}

// signInFailed counts a failure for the account and the network as a whole, and
// leaves a trace of the first that is followed by a delay.
func (s *Service) signInFailed(ctx context.Context, email string, in Credentials) error {
	blocked := ""
	for _, limit := range wideLimits(email, in.Network) {
		a, err := s.store.CountAttempt(ctx, limit.key, s.clock(), limit.window)
		if err != nil {
			return err
		}
		if a.Count == limit.tries && limit.key == accountKey(email) {
			blocked = "everywhere"
		}
	}
	pair, err := s.store.Attempts(ctx, pairKey(email, in.Network))
	if err != nil {
		return err
	}
	if pair.Count == freeTries && blocked == "" {
		blocked = "network"
	}
	if blocked == "" {
		return nil
	}
	return s.noteBlock(ctx, email, in.RequestID, blocked)
}

// signInSucceeded forgets the failures from the network and remembers that the
// account signs in from there. The counter's time is the one until which it holds.
func (s *Service) signInSucceeded(ctx context.Context, email string, in Credentials) error {
	if err := s.store.ForgetAttempts(ctx, pairKey(email, in.Network)); err != nil || in.Network == "" {
		return err
	}
	_, err := s.store.CountAttempt(ctx, knownKey(email, in.Network), s.clock().Add(knownFor), 0)
	return err
}

// noteBlock leaves a trace in the installation's trail.
func (s *Service) noteBlock(ctx context.Context, email, requestID, where string) error {
	p := caiq.Principal{RequestID: requestID}
	return s.commit(ctx, p, caiq.Installation, func(_ context.Context, c *change) error {
		c.event(actSignInBlocked, "accounts").Detail = detail(map[string]any{"email_sha256": hashSecret(email), "where": where})
		return nil
	})
}

func tooManyTries(wait time.Duration) error {
	e := caiq.Errorf(caiq.Throttled, "too_many_tries", "too many failed tries").WithHint("try again in %s", spell(wait))
	e.RetryAfter = wait
	return e
}

// spell rounds a time up to what people count in.
func spell(d time.Duration) string {
	unit, name := time.Second, "second"
	switch {
	case d > 2*time.Hour:
		unit, name = time.Hour, "hour"
	case d > 2*time.Minute:
		unit, name = time.Minute, "minute"
	}
	n := (d + unit - 1) / unit
	if n != 1 {
		name += "s"
	}
	return fmt.Sprintf("%d %s", n, name)
}
