package app

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"time"

	"caique/internal/caiq"
)

// tokenPrefix marks API tokens for those who search for leaked ones.
const tokenPrefix = "caq_"

// maxTokenLife bounds how long a token works.
const maxTokenLife = 366 * 24 * time.Hour

// TokenInput is a token to be made.
type TokenInput struct {
	Name    string
	Scopes  []caiq.Scope
	Expires time.Time // at most a year ahead
}

// CreateToken makes a token of the principal's for its workspace. The secret is
// shown this once. Tokens cannot make tokens.
func (s *Service) CreateToken(ctx context.Context, p caiq.Principal, in TokenInput) (caiq.Token, string, error) {
	var t caiq.Token
	scopes, err := s.checkToken(in)
	if err != nil {
		return t, "", err
	}
	id := s.newID()
	secret, err := s.newTokenSecret(id)
	if err != nil {
		return t, "", err
	}
	err = s.transact(ctx, p, ActTokenCreate, func(ctx context.Context, c *change) error {
		t = caiq.Token{
			ID: id, WorkspaceID: p.Workspace.ID, UserID: p.User.ID, Revision: 1, Name: in.Name, Hash: hashSecret(secret),
			Scopes: scopes, Created: c.now, Expires: in.Expires.UTC().Truncate(time.Microsecond),
		}
		if err := s.store.CreateToken(ctx, t); err != nil {
			return err
		}
		e := c.event(ActTokenCreate, "tokens/"+t.ID)
		e.Revision, e.Detail = 1, detail(map[string]any{"scopes": scopes, "expires": t.Expires})
		return nil
	})
	if err != nil {
		return caiq.Token{}, "", err
	}
	return t, secret, nil
}

func (s *Service) checkToken(in TokenInput) ([]caiq.Scope, error) {
	ps := checkLine("name", in.Name, 100)
	if strings.TrimSpace(in.Name) == "" {
		ps = append(ps, caiq.Problem{Field: "name", Code: "blank", Message: "the token needs a name"})
	}
	now := s.clock()
	if !in.Expires.After(now) || in.Expires.After(now.Add(maxTokenLife)) {
		ps = append(ps, caiq.Problem{Field: "expires", Code: "bad_expiry", Message: "the token must run out within a year"})
	}
	var scopes []caiq.Scope
	for _, sc := range caiq.Scopes() {
		if slices.Contains(in.Scopes, sc) {
			scopes = append(scopes, sc)
		}
	}
	for _, sc := range in.Scopes {
		if !slices.Contains(scopes, sc) {
			ps = append(ps, caiq.Problem{Field: "scopes", Code: "unknown_scope", Message: "there is no scope " + clip(string(sc)) + "; scopes are " + listed(caiq.Scopes())})
		}
	}
	if len(in.Scopes) == 0 {
		ps = append(ps, caiq.Problem{Field: "scopes", Code: "blank", Message: "name at least one scope"})
	}
	if len(ps) > 0 {
		return nil, ps
	}
	return scopes, nil
}

// newTokenSecret is "caq_", the token's id, 256 random bits and a checksum by
// which scanners for leaked secrets tell a token from noise.
func (s *Service) newTokenSecret(id string) (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(s.rand, b[:]); err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	body := tokenPrefix + id + "_" + base64.RawURLEncoding.EncodeToString(b[:])
	return body + fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(body))), nil
}

// tokenID returns the id inside a secret, or "" when it is none of ours.
func tokenID(secret string) string {
	if len(secret) < 8 || !strings.HasPrefix(secret, tokenPrefix) {
		return ""
	}
	body, sum := secret[:len(secret)-8], secret[len(secret)-8:]
	if fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(body))) != sum {
		return ""
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(body, tokenPrefix), "_")
	return id
}

// AuthenticateToken returns who a token acts for, with its workspace's id in
// Workspace: Enter completes it. Unknown, expired and revoked tokens, and those
// of disabled users, are all the same Unauthenticated.
func (s *Service) AuthenticateToken(ctx context.Context, secret, requestID string) (caiq.Principal, error) {
	id := tokenID(secret)
	if id == "" {
		return caiq.Principal{}, errBadToken
	}
	t, err := s.store.Token(ctx, id)
	if err != nil && caiq.KindOf(err) != caiq.NotFound {
		return caiq.Principal{}, err
	}
	now := s.clock()
	same := subtle.ConstantTimeCompare([]byte(t.Hash), []byte(hashSecret(secret))) == 1
	if err != nil || !same || !t.Revoked.IsZero() || now.After(t.Expires) {
		return caiq.Principal{}, errBadToken
	}
	u, err := s.store.User(ctx, t.UserID)
	if err != nil {
		return caiq.Principal{}, err
	}
	if u.Disabled || len(t.Scopes) == 0 { // no scopes would be a person's rights
		return caiq.Principal{}, errBadToken
	}
	if now.Sub(t.LastUsed) >= touchEvery {
		if err := s.store.TouchToken(ctx, t.ID, now); err != nil {
			return caiq.Principal{}, err
		}
	}
	return caiq.Principal{
		User: u, Workspace: caiq.Workspace{ID: t.WorkspaceID}, Auth: authToken + t.ID, Scopes: t.Scopes, RequestID: requestID,
	}, nil
}

var errBadToken = caiq.Errorf(caiq.Unauthenticated, "bad_token", "the API token is unknown, expired or revoked")

// Tokens lists the principal's tokens in its workspace; who manages members sees
// everybody's.
func (s *Service) Tokens(ctx context.Context, p caiq.Principal) ([]caiq.Token, error) {
	if err := Allow(p, ActTokenRead); err != nil {
		return nil, err
	}
	owner := p.User.ID
	if Allow(p, ActMemberChange) == nil {
		owner = ""
	}
	return s.store.Tokens(ctx, p.Workspace.ID, owner)
}

// RevokeToken ends a token: one's own, or anybody's for who manages members.
func (s *Service) RevokeToken(ctx context.Context, p caiq.Principal, id string) (caiq.Token, error) {
	var t caiq.Token
	err := s.transact(ctx, p, ActTokenRevoke, func(ctx context.Context, c *change) error {
		var err error
		t, err = s.store.Token(ctx, id)
		if err != nil && caiq.KindOf(err) != caiq.NotFound {
			return err
		}
		mine := t.UserID == p.User.ID || Allow(p, ActMemberChange) == nil
		if err != nil || t.WorkspaceID != p.Workspace.ID || !mine {
			return caiq.Errorf(caiq.NotFound, "not_found", "there is no such token")
		}
		if !t.Revoked.IsZero() {
			return nil
		}
		t.Revoked = c.now
		if err := s.store.UpdateToken(ctx, &t); err != nil {
			return err
		}
		e := c.event(ActTokenRevoke, "tokens/"+id)
		e.FromRevision, e.Revision = t.Revision-1, t.Revision
		return nil
	})
	return t, err
}
