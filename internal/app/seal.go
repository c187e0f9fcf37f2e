package app

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"caique/internal/caiq"
)

// rowHash is the particular of an event that holds the hash of its object as the
// transaction left it, "" for one that was deleted. Reconcile compares the last
// one with what is there. Events from before it say nothing.
const rowHash = "row_sha256"

// memberHash is the same of the member whom an event about something else makes,
// see memberBy.
const memberHash = "member_sha256"

// content returns what of an object the trail vouches for, in a form that is the
// same however often it is stored and read: the columns of its row that change
// with an event only. It is nil for what no event speaks of yet.
type content func(ctx context.Context, store Store, workspaceID string, of sealed) (any, error)

// sealed names an object whose row is hashed: the noun, its id, and a version
// or number where the id has several.
type sealed struct {
	noun, id string
	n        int
	text     string // of a pick: the hash of its question's text
}

// contents is the table of what is hashed, by the noun of events' objects.
// Answers, comments and files are compared with other particulars.
func contents() map[string]content {
	return map[string]content{
		"workspaces":     workspaceContent,
		"members":        memberContent,
		"users":          userContent,
		"invitations":    invitationContent,
		"tokens":         tokenContent,
		"questionnaires": recordContent,
		"library":        libraryContent,
		"profiles":       profileContent,
		"exports":        exportContent,
		"picks":          pickContent,
	}
}

func workspaceContent(ctx context.Context, store Store, workspaceID string, of sealed) (any, error) {
	if of.id != workspaceID {
		return nil, nil // a new one: its own trail begins with it
	}
	w, err := store.Workspace(ctx, of.id)
	w.Head, w.HeadHash = 0, ""
	return w, err
}

func memberContent(ctx context.Context, store Store, workspaceID string, of sealed) (any, error) {
	m, err := store.Member(ctx, workspaceID, of.id)
	m.Email, m.Name, m.Disabled = "", "", false // the account's
	return m, err
}

// userContent is of accounts that have been used: those of before that never were
// may take on the name of a later invitation.
func userContent(ctx context.Context, store Store, _ string, of sealed) (any, error) {
	u, err := store.User(ctx, of.id)
	if err == nil && u.PasswordHash == "" {
		return nil, nil
	}
	return u, err
}

func invitationContent(ctx context.Context, store Store, workspaceID string, of sealed) (any, error) {
	return store.Invitation(ctx, workspaceID, of.id)
}

func tokenContent(ctx context.Context, store Store, workspaceID string, of sealed) (any, error) {
	t, err := store.Token(ctx, of.id)
	if err == nil && t.WorkspaceID != workspaceID {
		err = caiq.Errorf(caiq.NotFound, "not_found", "there is no such token")
	}
	t.LastUsed = t.Created // it counts up without an event
	return t, err
}

func recordContent(ctx context.Context, store Store, workspaceID string, of sealed) (any, error) {
	r, err := store.Record(ctx, workspaceID, of.id)
	r.Answers = caiq.StateCounts{} // the answers are compared one by one
	return r, err
}

func libraryContent(ctx context.Context, store Store, workspaceID string, of sealed) (any, error) {
	return store.LibraryEntry(ctx, workspaceID, of.id)
}

// profileContent is without the text, which its hash stands for.
func profileContent(ctx context.Context, store Store, workspaceID string, of sealed) (any, error) {
	p, err := store.Profile(ctx, workspaceID, of.id, of.n)
	p.YAML = nil
	return p, err
}

func exportContent(ctx context.Context, store Store, workspaceID string, of sealed) (any, error) {
	return store.Export(ctx, workspaceID, of.id)
}

func pickContent(ctx context.Context, store Store, workspaceID string, of sealed) (any, error) {
	picks, err := store.Picks(ctx, workspaceID, []string{of.text})
	if err != nil {
		return nil, err
	}
	for _, k := range picks {
		if k.RecordID == of.id && k.N == of.n {
			k.ByName, k.Confirmed = "", false // the account's, and the library's
			return k, nil
		}
	}
	return nil, caiq.Errorf(caiq.NotFound, "not_found", "there is no such pick")
}

// sealedBy returns what an event is the word on; ok is false when its object is
// compared otherwise, or is none.
func sealedBy(e *caiq.Event) (of sealed, ok bool) {
	noun, id, _ := strings.Cut(e.Object, "/")
	switch a := Action(e.Action); {
	case a == ActPick || a == ActUnpick:
		record, n, _ := strings.Cut(id, "/answers/")
		number, err := strconv.Atoi(n)
		return sealed{"picks", record, number, detailOf(e).Text}, err == nil
	case noun == "profiles":
		return sealed{noun: noun, id: id, n: e.Revision}, true
	case id == "" || strings.Contains(id, "/") || contents()[noun] == nil:
		return of, false
	default:
		return sealed{noun: noun, id: id}, true
	}
}

// memberBy returns the member whom an event about something else makes: the first
// of a workspace and of the installation.
func memberBy(e *caiq.Event) (of sealed, ok bool) {
	noun, id, _ := strings.Cut(e.Object, "/")
	switch Action(e.Action) {
	case ActWorkspaceCreate:
		of = sealed{noun: "members", id: detailOf(e).Admin}
		return of, noun == "workspaces" && id == e.WorkspaceID
	case actSetUp:
		return sealed{noun: "members", id: id}, noun == "users"
	default:
		return of, false
	}
}

// rowSHA256 hashes an object as it is; "" when it is not there. known is false
// when the trail does not vouch for it.
func rowSHA256(ctx context.Context, store Store, workspaceID string, of sealed) (sum string, known bool, err error) {
	v, err := contents()[of.noun](ctx, store, workspaceID, of)
	if err != nil && caiq.KindOf(err) == caiq.NotFound {
		return "", true, nil
	}
	if err != nil || v == nil {
		return "", false, err
	}
	text, err := withoutZeros(v)
	return hexSHA256(text), true, err
}

// withoutZeros is JSON with sorted keys and without what is empty, so that a
// field that later versions add leaves the hashes of older rows as they are.
func withoutZeros(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return nil, err
	}
	return json.Marshal(prune(tree))
}

// prune takes empty values out of objects; lists keep their places.
func prune(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for k, f := range x {
			if x[k] = prune(f); x[k] == nil {
				delete(x, k)
			}
		}
		if len(x) == 0 {
			return nil
		}
	case []any:
		for i := range x {
			x[i] = prune(x[i])
		}
		if len(x) == 0 {
			return nil
		}
	case json.Number:
		if x == "0" {
			return nil
		}
	case string:
		if x == "" || x == "0001-01-01T00:00:00Z" {
			return nil
		}
	case bool:
		if !x {
			return nil
		}
	}
	return v
}

// seal puts the hash of each event's object into the event; the last event of
// several on one object holds it.
func seal(ctx context.Context, store Store, events []*caiq.Event) error {
	type place struct {
		workspaceID string
		of          sealed
	}
	done := make(map[place]bool)
	for _, e := range slices.Backward(events) {
		for _, which := range []struct {
			by   func(*caiq.Event) (sealed, bool)
			name string
		}{{sealedBy, rowHash}, {memberBy, memberHash}} {
			of, ok := which.by(e)
			at := place{e.WorkspaceID, of}
			if !ok || done[at] {
				continue
			}
			done[at] = true
			sum, known, err := rowSHA256(ctx, store, e.WorkspaceID, of)
			if err == nil && known {
				err = addDetail(e, which.name, sum)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// addDetail adds a particular to an event.
func addDetail(e *caiq.Event, name string, value any) error {
	all := make(map[string]any)
	if e.Detail != nil {
		dec := json.NewDecoder(bytes.NewReader(e.Detail))
		dec.UseNumber()
		if err := dec.Decode(&all); err != nil {
			return err
		}
	}
	all[name] = value
	e.Detail = detail(all)
	return nil
}
