package app

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"caique/internal/caiq"
)

func compareSealed(a, b sealed) int {
	return cmp.Or(cmp.Compare(a.noun, b.noun), cmp.Compare(a.id, b.id), cmp.Compare(a.n, b.n))
}

func (of sealed) object() string {
	if of.noun == "picks" {
		return answerObject(of.id, of.n)
	}
	return of.noun + "/" + of.id
}

// rows compares the rows of contents with the last event on each, and looks for
// rows that no event speaks of.
func (r *reconciling) rows(ctx context.Context) error {
	for _, of := range slices.SortedFunc(maps.Keys(r.said.sealed), compareSealed) {
		if of.noun == "members" {
			continue // with their roles
		}
		if err := r.readable(ctx, of.object(), r.row(ctx, of)); err != nil {
			return err
		}
	}
	there, err := r.present(ctx)
	if err != nil {
		return err
	}
	for _, of := range there {
		_, hashed := r.said.sealed[of]
		switch {
		case !r.said.named[of]:
			r.problem("row_unknown", of.object(), "no event made it")
		case !hashed:
			r.before[of.noun]++
		}
	}
	return nil
}

// row compares one.
func (r *reconciling) row(ctx context.Context, of sealed) error {
	want := r.said.sealed[of]
	sum, known, err := rowSHA256(ctx, r.store, r.workspaceID, of)
	switch {
	case err != nil || sum == want:
		return err
	case !known:
		r.problem("row_differs", of.object(), "the row in %s looks as if nobody had used it yet", of.noun)
	case sum == "" && of.noun == "exports" && r.said.deleted[r.said.owners[of]]:
		return nil // with its questionnaire
	case sum == "":
		r.problem("row_missing", of.object(), "it is not there, and no event deleted it")
	case want == "":
		r.problem("row_unknown", of.object(), "it was deleted by the trail and is there")
	default:
		r.problem("row_differs", of.object(), "the row in %s is not what the last event left", of.noun)
	}
	return nil
}

// present lists what is there that an event must have made.
func (r *reconciling) present(ctx context.Context) ([]sealed, error) {
	tokens, err := r.store.Tokens(ctx, r.workspaceID, "")
	if err != nil {
		return nil, err
	}
	var all []sealed
	for _, t := range tokens {
		all = append(all, sealed{noun: "tokens", id: t.ID})
	}
	invitations, err := r.store.Invitations(ctx, r.workspaceID)
	if err != nil {
		return nil, err
	}
	for i := range invitations {
		all = append(all, sealed{noun: "invitations", id: invitations[i].ID})
	}
	entries, err := r.store.LibraryEntries(ctx, r.workspaceID, caiq.LibraryFilter{Retired: true})
	if err != nil {
		return nil, err
	}
	for i := range entries {
		all = append(all, sealed{noun: "library", id: entries[i].ID})
	}
	records, err := r.store.Records(ctx, r.workspaceID, caiq.RecordFilter{})
	if err != nil {
		return nil, err
	}
	for i := range records {
		all = append(all, sealed{noun: "questionnaires", id: records[i].ID})
	}
	picks, err := r.store.Picks(ctx, r.workspaceID, nil)
	if err != nil {
		return nil, err
	}
	for _, k := range picks {
		all = append(all, sealed{"picks", k.RecordID, k.N, k.TextHash})
	}
	if r.workspaceID == caiq.Installation {
		return r.users(ctx, all)
	}
	return all, nil
}

// users adds the accounts that can sign in, which the installation's trail names.
func (r *reconciling) users(ctx context.Context, to []sealed) ([]sealed, error) {
	for after := ""; ; {
		page, err := r.store.Users(ctx, after, trailPage)
		for i := range page {
			if after = page[i].ID; page[i].PasswordHash != "" {
				to = append(to, sealed{noun: "users", id: after})
			}
		}
		if err != nil || len(page) < trailPage {
			return to, err
		}
	}
}

// questionsDigest hashes a file's questions as they were read.
func questionsDigest(questions []caiq.Question) (string, error) {
	text, err := withoutZeros(questions)
	return hexSHA256(text), err
}

// questions compares a questionnaire's questions with those that were uploaded,
// and with what they are found by.
func (r *reconciling) questions(ctx context.Context, recordID string, rows []caiq.ReviewRow) error {
	misfiled, err := r.store.MisfiledQuestions(ctx, r.workspaceID, recordID)
	if err != nil {
		return err
	}
	for _, n := range misfiled {
		r.problem("question_misfiled", answerObject(recordID, n), "the question is filed under another domain or text than its own")
	}
	want := ""
	for _, d := range r.said.derived[recordID] {
		want = cmp.Or(want, d.Questions) // only the upload has it
	}
	if want == "" {
		return nil
	}
	questions := make([]caiq.Question, len(rows))
	for i := range rows {
		questions[i] = rows[i].Question.Question
	}
	sum, err := questionsDigest(questions)
	if err == nil && sum != want {
		r.problem("questions_differ", recordObject(recordID), "its questions are not those that were uploaded")
	}
	return err
}

// comments compares a questionnaire's comments with the events that wrote them.
func (r *reconciling) comments(ctx context.Context, recordID string, rows []caiq.ReviewRow) error {
	there := make(map[string]bool)
	for i := range rows {
		if rows[i].Comments == 0 {
			continue
		}
		comments, err := r.store.Comments(ctx, r.workspaceID, recordID, rows[i].Question.N)
		if err != nil {
			return err
		}
		for _, k := range comments {
			there[k.ID] = true
			e := r.said.comments[k.ID]
			if e.TextSHA256 != hexSHA256([]byte(k.Text)) || e.Actor != k.Author || e.Object != answerObject(recordID, k.N) || !e.At.Equal(k.Created) {
				r.problem("comment_differs", answerObject(recordID, k.N), "the comment %s is not the one that was written", k.ID)
			}
		}
	}
	for _, id := range sortedKeys(r.said.comments) {
		if e := r.said.comments[id]; e.RecordID == recordID && !there[id] {
			r.problem("comment_missing", e.Object, "the comment %s is not there", id)
		}
	}
	return nil
}
