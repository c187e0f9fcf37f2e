package app

import (
	"context"
	"time"

	"caique/internal/caiq"
)

// errBadLink refuses every link that does not do what is asked of it, for the
// same reason to all appearances: that it is somebody's who has an account, too.
var errBadLink = caiq.Errorf(caiq.NotFound, "bad_link", "this link has been used, has run out, or opens nothing here").
	WithHint("whoever has an account signs in and joins with an invitation (POST /api/v1/me/join); else ask an admin for a new link. For a first set-up, start the service again")

// newLink completes and stores a link, and returns its secret.
func (s *Service) newLink(ctx context.Context, l caiq.Link, life time.Duration) (string, error) {
	secret, err := newSecret(s.rand)
	if err != nil {
		return "", err
	}
	l.Hash, l.Created = hashSecret(secret), s.clock()
	l.Expires = l.Created.Add(life)
	return secret, s.store.CreateLink(ctx, l)
}

// link returns a link that can still be used for the purpose.
func (s *Service) link(ctx context.Context, secret string, purpose caiq.LinkPurpose) (caiq.Link, error) {
	l, err := s.store.Link(ctx, hashSecret(secret))
	if err != nil && caiq.KindOf(err) != caiq.NotFound {
		return l, err
	}
	if err != nil || l.Purpose != purpose || !l.Used.IsZero() || s.clock().After(l.Expires) {
		return l, errBadLink
	}
	return l, nil
}

// LinkLook is what a link says to whoever holds it. An invitation says what whoever
// invites wrote into it, and nothing of people who have an account.
type LinkLook struct {
	Purpose   caiq.LinkPurpose // LinkInvite or LinkReset
	Email     string
	Name      string
	Workspace string // name of the one that invites; "" of a reset
}

// LookAtLink says what an invitation or reset is, without using it.
func (s *Service) LookAtLink(ctx context.Context, secret string) (LinkLook, error) {
	l, err := s.link(ctx, secret, caiq.LinkReset)
	if err == nil {
		u, err := s.store.User(ctx, l.UserID)
		return LinkLook{Purpose: l.Purpose, Email: u.Email, Name: u.Name}, err
	}
	if caiq.KindOf(err) != caiq.NotFound {
		return LinkLook{}, err
	}
	v, err := s.invitation(ctx, hashSecret(secret))
	if err != nil {
		return LinkLook{}, err
	}
	w, err := s.store.Workspace(ctx, v.WorkspaceID)
	return LinkLook{Purpose: caiq.LinkInvite, Email: v.Email, Name: v.Name, Workspace: w.Name}, err
}

// UseLink chooses a password by an invitation, which makes account and membership,
// or by a reset. Whoever has an account joins (see Join): to use their invitation
// is refused as every bad link is. All sessions of the user end.
func (s *Service) UseLink(ctx context.Context, secret, password, requestID string) (caiq.User, error) {
	if err := checkPassword(password); err != nil {
		return caiq.User{}, err // before the link, of which a short password tells nothing
	}
	p := caiq.Principal{Auth: "link", RequestID: requestID}
	l, err := s.link(ctx, secret, caiq.LinkReset)
	if err != nil && caiq.KindOf(err) == caiq.NotFound {
		return s.joinNew(ctx, p, hashSecret(secret), password)
	}
	if err != nil {
		return caiq.User{}, err
	}
	u, err := s.store.User(ctx, l.UserID)
	if err != nil {
		return caiq.User{}, err
	}
	hash, err := s.hashNew(ctx, u.Email, password)
	if err != nil {
		return caiq.User{}, err
	}
	return s.setPassword(ctx, p, l.UserID, hash, "", func(ctx context.Context, now time.Time) error {
		return s.store.UseLink(ctx, l.Hash, now)
	})
}
