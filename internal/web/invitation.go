package web

import (
	"context"
	"time"

	"caique/internal/caiq"
)

// invitationView is an invitation without its link. It says what whoever invites
// wrote, the same whether or not there is an account.
type invitationView struct {
	ID       string            `json:"id"`
	Revision int               `json:"revision"`
	Email    string            `json:"email"`
	Name     string            `json:"name"`
	Roles    []caiq.MemberRole `json:"roles"`
	Created  time.Time         `json:"created"`
	Expires  time.Time         `json:"expires" doc:"Afterwards the link no longer works; inviting again renews it"`
}

func viewInvitation(v *caiq.Invitation) invitationView {
	return invitationView{v.ID, v.Revision, v.Email, v.Name, v.Roles, v.Created, v.Expires}
}

func (s *Server) listInvitations(ctx context.Context, p caiq.Principal, _ *InWorkspace) (*body[list[invitationView]], error) {
	vs, err := s.service.Invitations(ctx, p)
	if err != nil {
		return nil, err
	}
	return all(vs, viewInvitation), nil
}

type inviteInput struct {
	InWorkspace
	Body struct {
		Email string            `json:"email" maxLength:"254"`
		Name  string            `json:"name" maxLength:"200"`
		Roles []caiq.MemberRole `json:"roles" maxItems:"5" nullable:"false"`
	}
}

type invitedBody struct {
	Invitation invitationView `json:"invitation"`
	Link       string         `json:"link" doc:"Secret for whoever is invited, shown this once. Somebody new chooses a password with it (links/use), which makes account and membership; somebody who has an account signs in and joins with it (me/join). An earlier link of theirs no longer works"`
}

func (s *Server) invite(ctx context.Context, p caiq.Principal, in *inviteInput) (*tagged[invitedBody], error) {
	got, err := s.service.Invite(ctx, p, in.Body.Email, in.Body.Name, in.Body.Roles)
	if err != nil {
		return nil, err
	}
	return taggedOf(got.Invitation.Revision, invitedBody{viewInvitation(&got.Invitation), got.Link}), nil
}

// InInvitation is in the addresses of one invitation.
type InInvitation struct {
	InWorkspace
	Invitation string `path:"invitation" maxLength:"64"`
}

func (s *Server) getInvitation(ctx context.Context, p caiq.Principal, in *InInvitation) (*tagged[invitationView], error) {
	return show(s.invitationNow(ctx, p, in.Invitation))
}

func (s *Server) invitationNow(ctx context.Context, p caiq.Principal, id string) func() (invitationView, int, error) {
	return func() (invitationView, int, error) {
		v, err := s.service.Invitation(ctx, p, id)
		return viewInvitation(&v), v.Revision, err
	}
}

type withdrawInput struct {
	InInvitation
	Precondition
}

func (s *Server) withdraw(ctx context.Context, p caiq.Principal, in *withdrawInput) (*none, error) {
	return remove(in.Precondition,
		func(revision int) error { return s.service.Withdraw(ctx, p, in.Invitation, revision) }, s.invitationNow(ctx, p, in.Invitation))
}
