package app_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/internal/search"
	"caique/mappings"
	"caique/questionnaires"
)

// restart runs another service on the same store, its indexes in a folder.
func (w *world) restart(t *testing.T, dir string) *world {
	t.Helper()
	next := *w
	next.Service = app.NewService(app.Config{
		Store: w.store, Library: mapping.New(questionnaires.FS, mappings.FS), Now: w.clock.Now, Rand: &lockedReader{r: w.random},
		Search:  func() app.SearchIndex { return search.NewMemory() },
		Shelves: func(id string) (app.ShelfIndex, error) { return search.Open(filepath.Join(dir, id)) },
	})
	t.Cleanup(func() { _ = next.Close() })
	return &next
}

// found returns what a search in the library finds.
func (w *world) found(t *testing.T, query string, in app.Place) []string {
	t.Helper()
	got, err := w.SearchAll(t.Context(), w.reviewer, app.SearchInput{Query: query, In: []app.Place{in}, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, f := range got {
		var b strings.Builder
		for _, p := range f.Text {
			b.WriteString(p.Text)
		}
		texts = append(texts, b.String())
	}
	return texts
}

// approveOwn answers a question of a sheet by hand and has it approved.
func (w *world) approveOwn(t *testing.T, recordID string, n int, description string) app.AnswerView {
	t.Helper()
	row := w.rows(t, recordID)[n-1].Answer
	text := caiq.Answer{Value: caiq.Yes, Ownership: caiq.OwnerCSP, Description: description}
	edited, err := w.Edit(t.Context(), w.reviewer, recordID, n, app.EditInput{Revision: row.Revision, Answer: text})
	if err != nil {
		t.Fatal(err)
	}
	approved, err := w.Approve(t.Context(), w.second, recordID, n, app.ApproveInput{Revision: edited.Answer.Revision})
	if err != nil {
		t.Fatal(err)
	}
	return approved
}

func TestShelf_survivesDamage(t *testing.T) {
	t.Parallel()
	first, dir := newWorld(t), t.TempDir()
	w := first.restart(t, dir)
	r := w.uploadSheet(t, "A", "Does the quokka glow at night?", odd)
	w.approveOwn(t, r.ID, 1, "The quokka glows.")
	if err := w.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(dir, w.admin.Workspace.ID)
	for name, damage := range map[string]func(t *testing.T){
		"nothing happened":   func(*testing.T) {},
		"the folder is gone": func(t *testing.T) { must(t, os.RemoveAll(own)) },
		"a file is changed": func(t *testing.T) {
			must(t, filepath.WalkDir(own, func(path string, _ os.DirEntry, err error) error {
				if err == nil && strings.HasSuffix(path, ".zap") {
					data, e := os.ReadFile(path)
					must(t, e)
					data[len(data)/2] ^= 0xff
					return os.WriteFile(path, data, 0o600)
				}
				return err
			}))
		},
		"it was not closed": func(t *testing.T) { must(t, os.Remove(filepath.Join(own, "seal"))) },
		"a passage is missing": func(t *testing.T) {
			x, err := search.Open(own)
			must(t, err)
			mark, ok := x.Mark()
			if !ok {
				t.Fatal("the index is not sound before the damage")
			}
			must(t, x.Delete(t.Context(), []string{"asked:" + caiq.TextHash(odd)}, mark.High))
			must(t, x.Close())
		},
		"it is of a trail that went further": func(t *testing.T) {
			x, err := search.Open(own)
			must(t, err)
			must(t, x.Put(t.Context(), nil, 1<<40))
			must(t, x.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			damage(t)
			next := w.restart(t, dir)
			if err := next.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := next.found(t, "zebraphone", app.InQuestions); !slices.Contains(got, odd) {
				t.Errorf("questions: %q", got)
			}
			if got := next.found(t, "quokka", app.InLibrary); len(got) != 1 {
				t.Errorf("library: %q", got)
			}
			must(t, next.Close())
		})
	}
}

func TestShelf_neverReportsAnEmptyIndexAsHealthy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.uploadSheet(t, "A", odd)
	broken := *w
	broken.Service = app.NewService(app.Config{
		Store: w.store, Library: w.Library(), Now: w.clock.Now, Rand: &lockedReader{r: w.random},
		Search:  func() app.SearchIndex { return search.NewMemory() },
		Shelves: func(string) (app.ShelfIndex, error) { return nil, errors.New("disk full") },
	})
	if err := broken.Ready(t.Context()); err == nil {
		t.Error("a service whose index cannot be opened is ready")
	}
	lost := *w
	lost.Service = app.NewService(app.Config{
		Store: w.store, Library: w.Library(), Now: w.clock.Now, Rand: &lockedReader{r: w.random},
		Search:  func() app.SearchIndex { return search.NewMemory() },
		Shelves: func(string) (app.ShelfIndex, error) { return forgetful{search.NewMemory()}, nil },
	})
	if err := lost.Ready(t.Context()); caiq.CodeOf(err) != "index_behind" {
		t.Errorf("an index that keeps nothing: %v", err)
	}
}

// forgetful is an index that loses what it is given.
type forgetful struct{ *search.Index }

func (f forgetful) Put(ctx context.Context, _ []caiq.Passage, high int64) error {
	return f.Index.Put(ctx, nil, high)
}

func (f forgetful) Rebuild(ctx context.Context, _ passageSeq, high int64) error {
	return f.Index.Rebuild(ctx, func(func(caiq.Passage, error) bool) {}, high)
}

type passageSeq = iter.Seq2[caiq.Passage, error]

func TestShelf_follows(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	var index *search.Index
	w.Service = app.NewService(app.Config{
		Store: w.store, Library: w.Library(), Now: w.clock.Now, Rand: &lockedReader{r: w.random},
		Search:  func() app.SearchIndex { return search.NewMemory() },
		Shelves: func(string) (app.ShelfIndex, error) { index = search.NewMemory(); return index, nil },
	})
	t.Cleanup(func() { must(t, w.Close()) })
	r := w.uploadSheet(t, "A", "Does the quokka glow at night?")
	must(t, w.Ready(ctx))
	w.approveOwn(t, r.ID, 1, "The quokka glows.")
	holds := func() bool {
		hits, err := index.Search(ctx, caiq.PassageQuery{
			Text: "quokka", Workspace: w.admin.Workspace.ID, Kinds: []caiq.PassageKind{caiq.PassageLibrary},
		})
		return err == nil && len(hits) == 1
	}
	deadline := time.Now().Add(time.Second)
	for !holds() && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if !holds() {
		t.Error("a second after the approval the index does not have the answer, and nobody asked meanwhile")
	}
	must(t, w.DeleteRecord(ctx, w.admin, r.ID, 1))
	if got := w.found(t, "quokka", app.InQuestions); len(got) > 0 {
		t.Errorf("a deleted questionnaire's questions are found: %q", got)
	}
	entries, err := w.LibraryEntries(ctx, w.reviewer, caiq.LibraryFilter{})
	must(t, err)
	_, err = w.ChangeLibraryEntry(ctx, w.reviewer, entries[0].ID, entries[0].Revision, app.LibraryPatch{Retired: new(true)})
	must(t, err)
	if got := w.found(t, "quokka", app.InLibrary); len(got) > 0 {
		t.Errorf("a withdrawn answer is found: %q", got)
	}
}

// Whoever asks while the index is being built or brought up to date waits for it: what
// was committed before is in what they are answered from.
func TestShelf_isWaitedFor(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	slow := &slowIndex{Index: search.NewMemory(), at: make(chan struct{}), goOn: make(chan struct{})}
	w.Service = app.NewService(app.Config{
		Store: w.store, Library: w.Library(), Now: w.clock.Now, Rand: &lockedReader{r: w.random},
		Search:  func() app.SearchIndex { return search.NewMemory() },
		Shelves: func(string) (app.ShelfIndex, error) { return slow, nil },
	})
	t.Cleanup(func() { must(t, w.Close()) })
	asks := func(query string) <-chan error {
		done := make(chan error, 1)
		go func() {
			_, err := w.Match(ctx, w.reviewer, app.MatchInput{Texts: []app.Wording{{Text: query}}, ProfileID: "example-saas"})
			got, serr := w.SearchAll(ctx, w.reviewer, app.SearchInput{Query: query, In: []app.Place{app.InQuestions}, Limit: 5})
			if err == nil {
				err = serr
			}
			if err == nil && len(got) != 1 {
				err = fmt.Errorf("%q is found %d times", query, len(got))
			}
			done <- err
		}()
		return done
	}
	for _, animal := range []string{"quokka", "wombat"} {
		w.uploadSheet(t, animal, "Does the "+animal+" glow at night?")
		<-slow.at // the index is about to be changed, by what was noted of the upload
		done := asks(animal)
		select {
		case err := <-done:
			slow.goOn <- struct{}{}
			t.Fatalf("answered from an index that is not ready: %v", err)
		case <-time.After(50 * time.Millisecond):
			slow.goOn <- struct{}{}
			must(t, <-done)
		}
	}
}

// slowIndex waits to be told before each of its first two changes.
type slowIndex struct {
	*search.Index
	at, goOn chan struct{}
	changes  atomic.Int64
}

func (s *slowIndex) wait() {
	if s.changes.Add(1) <= 2 {
		s.at <- struct{}{}
		<-s.goOn
	}
}

func (s *slowIndex) Put(ctx context.Context, all []caiq.Passage, high int64) error {
	s.wait()
	return s.Index.Put(ctx, all, high)
}

func (s *slowIndex) Rebuild(ctx context.Context, all passageSeq, high int64) error {
	s.wait()
	return s.Index.Rebuild(ctx, all, high)
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.uploadSheet(t, "A", "Is multi-factor authentication required for the quokka?", "Is MFA required for the quokka?", "Are quokkas fed?")
	if first := w.approveOwn(t, r.ID, 1, "It is."); len(first.Duplicates) > 0 {
		t.Errorf("the first has duplicates: %+v", first.Duplicates)
	}
	must(t, w.Ready(ctx))
	second := w.approveOwn(t, r.ID, 2, "Yes, it is.")
	if len(second.Duplicates) != 1 || second.Duplicates[0].SourceN != 1 {
		t.Errorf("the same question under another name: %+v", second.Duplicates)
	}
	if third := w.approveOwn(t, r.ID, 3, "They are."); len(third.Duplicates) > 0 {
		t.Errorf("another question: %+v", third.Duplicates)
	}
	entries, err := w.LibraryEntries(ctx, w.reviewer, caiq.LibraryFilter{})
	must(t, err)
	found, err := w.Duplicates(ctx, w.reviewer, entries[0])
	if err != nil || len(found) != 1 {
		t.Errorf("of the first entry: %+v, %v", found, err)
	}
}

// A text that came in once with its identifier is known when it comes in without.
func TestSeenTextsAreRecognisedForGood(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "A")
	row := find(t, w.rows(t, r.ID), proposedYes)
	text := row.Question.Question.Text
	got := w.rows(t, w.uploadSheet(t, "B", strings.ToLower(text), "Where is the sea?").ID)[0].Answer
	if got.Proposal.Question.ID() != row.Question.Question.Key.ID() {
		t.Errorf("%q is recognised as %s, want %s", text, got.Proposal.Question, row.Question.Question.Key)
	}
	m, err := w.Match(ctx, w.reviewer, app.MatchInput{Texts: []app.Wording{{Text: text}}, ProfileID: "example-saas", Audience: caiq.ReleaseNDA})
	if err != nil || m[0].Kind != caiq.MatchKnown || !m[0].Filled {
		t.Errorf("match: %+v, %v", m, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
