package main

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/questionnaires"
)

// demoPassword is known to everybody: --demo listens on loopback and keeps nothing.
const demoPassword = "caique demo only" //nolint:gosec // meant to be known

// demoPeople are the three teams of the story and somebody who runs it.
func demoPeople() []struct {
	email, name string
	roles       []caiq.MemberRole
} {
	return []struct {
		email, name string
		roles       []caiq.MemberRole
	}{
		{"vera@example.com", "Vera (vendor risk)", []caiq.MemberRole{caiq.Uploader, caiq.Viewer}},
		{"rosa@example.com", "Rosa (reviewer)", []caiq.MemberRole{caiq.Reviewer}},
		{"ralf@example.com", "Ralf (reviewer)", []caiq.MemberRole{caiq.Reviewer}},
		{"paul@example.com", "Paul (procurement)", []caiq.MemberRole{caiq.Exporter}},
	}
}

// fillDemo makes an installation with two questionnaires in review, by the same
// use cases as everybody's, and returns what to tell.
func fillDemo(ctx context.Context, service *app.Service, now time.Time) (func(base string) string, error) {
	secret, err := service.SetupLink(ctx)
	if err != nil {
		return nil, err
	}
	u, w, err := service.SetUp(ctx, secret, app.Setup{
		Email: "ada@example.com", Name: "Ada (admin)", Password: demoPassword, Workspace: "Example Cloud",
	})
	if err != nil {
		return nil, err
	}
	admin, err := service.Enter(ctx, caiq.Principal{User: u, Auth: "pwd"}, w.ID)
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "This is a demonstration: it is kept in memory and gone when it stops.\n  workspace %s\n  password  %s (for everybody)\n  ada@example.com: Ada (admin)\n",
		w.ID, demoPassword)
	people := map[string]caiq.Principal{}
	for _, p := range demoPeople() {
		in, err := service.Invite(ctx, admin, p.email, p.name, p.roles)
		if err != nil {
			return nil, err
		}
		user, err := service.UseLink(ctx, in.Link, demoPassword, "")
		if err != nil {
			return nil, err
		}
		if people[p.email], err = service.Enter(ctx, caiq.Principal{User: user, Auth: "pwd"}, w.ID); err != nil {
			return nil, err
		}
		fmt.Fprintf(&text, "  %s: %s\n", p.email, p.name)
	}
	return func(string) string { return text.String() }, demoQuestionnaires(ctx, service, people, now)
}

func demoQuestionnaires(ctx context.Context, service *app.Service, people map[string]caiq.Principal, now time.Time) error {
	for _, f := range []struct{ name, customer, deal string }{
		{"sample-caiq-4.0.xlsx", "Northwind Bank", "D-1042"},
		{"sample-custom.csv", "Blue Harbour Insurance", "D-1057"},
	} {
		data, err := fs.ReadFile(questionnaires.Samples, "samples/"+f.name)
		if err != nil {
			return err
		}
		up, err := service.Upload(ctx, people["vera@example.com"], app.UploadInput{
			Name: f.name, Data: data, ProfileID: "example-saas",
			RecordInput: app.RecordInput{
				Customer: f.customer, Product: "Example Cloud", Deal: f.deal, NDA: true, NeededBy: caiq.DateOf(now).AddDays(14),
			},
		})
		if err != nil {
			return err
		}
		if err := demoReview(ctx, service, people, up.Record.ID); err != nil {
			return err
		}
	}
	return nil
}

// demoReview approves what is well founded, edits one answer and asks about another.
func demoReview(ctx context.Context, service *app.Service, people map[string]caiq.Principal, recordID string) error {
	rosa, ralf := people["rosa@example.com"], people["ralf@example.com"]
	_, err := service.Bulk(ctx, ralf, recordID, app.BulkInput{
		Action: app.ActApprove, Filter: caiq.RowFilter{Bands: []caiq.Band{caiq.BandSupported}},
	})
	if err != nil {
		return err
	}
	rows, err := service.Answers(ctx, rosa, recordID, caiq.RowFilter{States: []caiq.AnswerState{caiq.StateProposed}})
	if err != nil || len(rows) < 2 {
		return err
	}
	for _, r := range rows {
		if r.Answer.Value == "" {
			continue
		}
		text := r.Answer.Answer
		text.Description += "\nWe are glad to show this in a call."
		if _, err := service.Edit(ctx, rosa, recordID, r.Answer.N, app.EditInput{Revision: r.Answer.Revision, Answer: text}); err != nil {
			return err
		}
		break
	}
	last := rows[len(rows)-1].Answer.N
	_, err = service.Comment(ctx, ralf, recordID, last, "Who knows more about this one?")
	return err
}
