package app_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/internal/search"
	"caique/internal/store"
	"caique/mappings"
	"caique/questionnaires"
)

// clock is a time that tests set; it moves a little with every look.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// world is an installation in memory with one workspace and three people.
type world struct {
	*app.Service
	store   *store.Store
	random  *rand.ChaCha8
	clock   *clock
	key     note.Verifier
	outside []string // checkpoints kept outside the database

	admin, uploader, reviewer, second, exporter caiq.Principal
}

const password = "a long enough passphrase"

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldOf(t, false)
}

func newWorldOf(t testing.TB, singleOperator bool) *world {
	t.Helper()
	db, err := store.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldOn(t, db, singleOperator)
	t.Cleanup(func() { w.agrees(t) })
	return w
}

// agrees checks, after whatever a test did by way of the service, that the trail
// says all of it.
func (w *world) agrees(t testing.TB) {
	t.Helper()
	ctx := context.Background() // the test's own has ended
	all, err := w.store.Workspaces(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, ws := range append(all, caiq.Workspace{ID: caiq.Installation}) {
		problems, notes, err := app.Reconcile(ctx, w.store, ws.ID)
		if err != nil || len(problems) > 0 || len(notes) > 0 {
			t.Errorf("%s and its trail do not agree: %v %v %v", ws.ID, problems, notes, err)
		}
	}
}

// newWorldOn sets an empty database up.
func newWorldOn(t testing.TB, db *store.Store, singleOperator bool) *world {
	t.Helper()
	ctx := t.Context()
	t.Cleanup(func() { _ = db.Close() })
	w := &world{store: db, clock: &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
	random := rand.NewChaCha8([32]byte{1})
	w.random = random
	sk, vk, err := note.GenerateKey(random, "caique-test")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(sk)
	if err != nil {
		t.Fatal(err)
	}
	if w.key, err = note.NewVerifier(vk); err != nil {
		t.Fatal(err)
	}
	w.Service = app.NewService(app.Config{
		Store: db, Library: mapping.New(questionnaires.FS, mappings.FS), Now: w.clock.Now, Rand: &lockedReader{r: random}, Signer: signer, Key: w.key,
		Search:  func() app.SearchIndex { return search.NewMemory() },
		Shelves: func(string) (app.ShelfIndex, error) { return search.NewMemory(), nil },
		Sink:    func(c caiq.Checkpoint) error { w.outside = append(w.outside, c.Note); return nil },
	})
	t.Cleanup(func() { _ = w.Close() })
	secret, err := w.SetupLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	u, ws, err := w.SetUp(ctx, secret, app.Setup{Email: "Ada@Example.com", Name: "Ada", Password: password, Workspace: "Acme", SingleOperator: singleOperator})
	if err != nil {
		t.Fatal(err)
	}
	w.admin = w.enter(t, caiq.Principal{User: u, Auth: "pwd"}, ws.ID)
	w.uploader = w.person(t, "ulla", caiq.Uploader)
	w.reviewer = w.person(t, "rita", caiq.Reviewer)
	w.second = w.person(t, "sven", caiq.Reviewer)
	w.exporter = w.person(t, "emil", caiq.Exporter)
	return w
}

type lockedReader struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}

func (w *world) enter(t testing.TB, p caiq.Principal, workspaceID string) caiq.Principal {
	t.Helper()
	p, err := w.Enter(t.Context(), p, workspaceID)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (w *world) person(t testing.TB, name string, roles ...caiq.MemberRole) caiq.Principal {
	t.Helper()
	u := w.account(t, name)
	in, err := w.Invite(t.Context(), w.admin, u.Email, name, roles)
	if err != nil {
		t.Fatal(err)
	}
	p := caiq.Principal{User: u, Auth: "pwd"}
	if _, err := w.Join(t.Context(), p, in.Link); err != nil {
		t.Fatal(err)
	}
	return w.enter(t, p, w.admin.Workspace.ID)
}

// nobodys is the hash of no password.
const nobodys = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// account makes an account of somebody who belongs nowhere yet. To hash a password
// for each would take most of the tests' time.
func (w *world) account(t testing.TB, name string) caiq.User {
	t.Helper()
	u := caiq.User{ID: "user-" + name, Revision: 1, Email: name + "@example.com", Name: name, PasswordHash: nobodys, Created: w.clock.Now()}
	err := w.store.Tx(t.Context(), caiq.Installation, func(ctx context.Context) error {
		made := &caiq.Event{WorkspaceID: caiq.Installation, At: u.Created, ActorKind: caiq.ActorSystem, Action: "user.create", Object: "users/" + u.ID}
		return errors.Join(w.store.CreateUser(ctx, u), app.Seal(ctx, w.store, []*caiq.Event{made}), w.store.AppendEvents(ctx, made))
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func sample(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "questionnaires", "samples", "sample-caiq-4.0.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// upload uploads the sample workbook for a customer with an NDA.
func (w *world) upload(t *testing.T, customer string) caiq.Record {
	t.Helper()
	up, err := w.Upload(t.Context(), w.uploader, app.UploadInput{
		Name: "CAIQ.xlsx", Data: sample(t), ProfileID: "example-saas",
		RecordInput: app.RecordInput{Customer: customer, Product: "Example Cloud", NDA: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !up.Created {
		t.Fatal("the record was there already")
	}
	return up.Record
}

func (w *world) rows(t *testing.T, recordID string) []app.AnswerView {
	t.Helper()
	rows, err := w.Answers(t.Context(), w.reviewer, recordID, caiq.RowFilter{})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// find returns the first row that fits.
func find(t *testing.T, rows []app.AnswerView, fits func(app.AnswerView) bool) app.AnswerView {
	t.Helper()
	for _, r := range rows {
		if fits(r) {
			return r
		}
	}
	t.Fatal("no row fits")
	return app.AnswerView{}
}

func proposedYes(r app.AnswerView) bool {
	return r.Answer.State == caiq.StateProposed && r.Answer.Value == caiq.Yes && len(r.Problems) == 0
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if got := codeOf(err); got != code {
		t.Errorf("got error %v (code %q), want code %q", err, got, code)
	}
}

func codeOf(err error) string {
	if ps, ok := err.(caiq.Problems); ok { //nolint:errorlint // handed over bare
		return ps[0].Code
	}
	return caiq.CodeOf(err)
}

func (w *world) verify(t *testing.T) {
	t.Helper()
	for _, id := range []string{w.admin.Workspace.ID, caiq.Installation} {
		report, err := app.VerifyStored(context.Background(), w.store, id, w.outside, w.key)
		if err != nil {
			t.Fatal(err)
		}
		if !report.OK() || report.Events == 0 {
			t.Errorf("trail of %s: %+v", id, report)
		}
	}
}
