package web

import (
	"context"

	"caique/internal/app"
	"caique/internal/caiq"
)

type browseInput struct {
	Term string `query:"term" required:"true" maxLength:"100" doc:"A question, control or criterion: IAM-14.1, ccm-4.1/IAM-13, CC6.1"`
}

// browse answers from the built-in knowledge, which is the same for all.
func (s *Server) browse(_ context.Context, _ caiq.Principal, in *browseInput) (*body[list[app.Card]], error) {
	cards, err := app.Browse(s.service.Library(), in.Term)
	if err != nil {
		return nil, err
	}
	return all(cards, func(c *app.Card) app.Card { return *c }), nil
}
