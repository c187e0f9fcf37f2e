package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"golang.org/x/mod/sumdb/note"

	"caique/internal/caiq"
	"caique/internal/mapping"
)

// Service is what the service can do, for every entry point: each use case
// checks the permission table, does its work in one transaction of the store
// and writes the event that says so.
type Service struct {
	store   Store
	library *mapping.Library
	now     func() time.Time
	newID   func() string
	rand    io.Reader
	signer  note.Signer
	key     note.Verifier
	sink    func(caiq.Checkpoint) error
	hasher  *hasher
	changes *changes
	known   *knowledgeCache
	fresh   *freshBases
	finders *finders
	shelves *shelves
}

// Config is what a Service is made of.
type Config struct {
	Store   Store
	Library *mapping.Library
	Now     func() time.Time // the wall clock; tests hand in their own
	Rand    io.Reader        // crypto/rand.Reader
	// Search makes the index that questions without known ids are matched with;
	// nil leaves them open.
	Search Search
	// Shelves opens the index of a workspace's own questions, answers and picks;
	// nil: they are not searched.
	Shelves OpenShelf
	// Signer signs checkpoints; nil leaves trails without.
	Signer note.Signer
	// Key checks them; nil takes no notice of checkpoints.
	Key note.Verifier
	// Sink receives each checkpoint, to be kept outside the database; nil for none.
	Sink func(caiq.Checkpoint) error
}

// NewService returns a service.
func NewService(c Config) *Service {
	own := &shelves{store: c.Store, open: c.Shelves, library: c.Library}
	return &Service{
		store: c.Store, library: c.Library, now: c.Now, newID: newIDs(c.Now, c.Rand), rand: c.Rand,
		signer: c.Signer, key: c.Key, sink: c.Sink, hasher: newHasher(c.Rand), changes: newChanges(), known: newKnowledgeCache(), fresh: newFreshBases(),
		finders: &finders{search: c.Search, library: c.Library, shelves: own}, shelves: own,
	}
}

// Ready reports whether the service can work: an error says what it waits for.
// Search indexes that are missing, behind or damaged are mended by asking; one
// that does not stand for what its workspace holds is never ready.
func (s *Service) Ready(ctx context.Context) error {
	if err := s.store.Ping(ctx); err != nil {
		return err
	}
	return s.shelves.ready(ctx, s.now())
}

// Close ends work in the background and closes the search indexes; the store is
// its owner's to close, afterwards.
func (s *Service) Close() error { return s.shelves.close() }

// Library returns the built-in knowledge.
func (s *Service) Library() *mapping.Library { return s.library }

// Today is the day, in UTC, on which evidence is judged by default.
func (s *Service) Today() caiq.Date { return caiq.DateOf(s.now()) }

// clock is the time as the store keeps it.
func (s *Service) clock() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// change is one use case's transaction: who does it, when, and what it reports
// to the trail.
type change struct {
	p           caiq.Principal
	workspaceID string
	now         time.Time
	events      []*caiq.Event
	known       *knowing // of the questionnaire under review, once it was needed
	rules       *rules   // likewise
}

// event adds an event by the principal to the trail; the caller completes it.
func (c *change) event(action Action, object string) *caiq.Event {
	e := &caiq.Event{
		WorkspaceID: c.workspaceID, At: c.now, Actor: c.p.User.ID, ActorKind: actorKind(c.p),
		Auth: c.p.Auth, RequestID: c.p.RequestID, Action: string(action), Object: object,
	}
	c.events = append(c.events, e)
	return e
}

func actorKind(p caiq.Principal) caiq.ActorKind {
	switch {
	case p.Auth == authCLI:
		return caiq.ActorCLI
	case p.User.ID == "":
		return caiq.ActorSystem
	case p.Scopes != nil:
		return caiq.ActorToken
	default:
		return caiq.ActorUser
	}
}

// detail returns the JSON object of an event's particulars.
func detail(v map[string]any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil { // only strings, numbers and lists of them are handed in
		return nil
	}
	return b
}

// transact checks that the principal may do the action and runs fn in a
// transaction of its workspace, with the events that fn reported.
func (s *Service) transact(ctx context.Context, p caiq.Principal, a Action, fn func(ctx context.Context, c *change) error) error {
	if err := Allow(p, a); err != nil {
		return err
	}
	return s.commit(ctx, p, p.Workspace.ID, fn)
}

// commit runs fn in a transaction of a workspace and appends its events.
func (s *Service) commit(ctx context.Context, p caiq.Principal, workspaceID string, fn func(ctx context.Context, c *change) error) error {
	c := &change{p: p, workspaceID: workspaceID, now: s.clock()}
	err := s.store.Tx(ctx, workspaceID, func(ctx context.Context) error {
		c.events = nil
		if err := fn(ctx, c); err != nil {
			return err
		}
		if len(c.events) == 0 {
			return nil
		}
		if err := seal(ctx, s.store, c.events); err != nil {
			return err
		}
		return s.store.AppendEvents(ctx, c.events...)
	})
	if err == nil && len(c.events) > 0 {
		for _, e := range c.events {
			s.changes.tell(e.WorkspaceID)
		}
		s.shelves.note(ctx, workspaceID, c.events)
	}
	return err
}

func recordObject(id string) string { return "questionnaires/" + id }

func answerObject(recordID string, n int) string {
	return fmt.Sprintf("questionnaires/%s/answers/%d", recordID, n)
}
