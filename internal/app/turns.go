package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"caique/internal/caiq"
)

// turn is a time in which one person alone imported versions of the workspace's
// own profiles that answer.
type turn struct {
	by    string
	after versions // as the turn left them
}

// maxTurns is how many turns are told apart: of those before, everybody counts as
// an author of all that is answered.
const maxTurns = 12

// turns returns those up to the knowledge, oldest first.
func (s *Service) turns(ctx context.Context, workspaceID string, k *knowing) ([]turn, error) {
	var imports []caiq.StoredProfile
	for id := range k.authors {
		all, err := s.store.ProfileVersions(ctx, workspaceID, id)
		if err != nil {
			return nil, err
		}
		for i, v := range all {
			if i > 0 && v.Created.Before(all[i-1].Created) {
				v.Created = all[i-1].Created // the clock was set back
				all[i] = v
			}
			if id != k.profile.ID || v.Version <= k.version {
				imports = append(imports, v)
			}
		}
	}
	slices.SortFunc(imports, func(a, b caiq.StoredProfile) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Version, b.Version))
	})
	var turns []turn
	now := make(versions)
	for _, v := range imports {
		now[v.ID] = v.Version
		if n := len(turns); n > 0 && turns[n-1].by == v.CreatedBy {
			turns[n-1].after = maps.Clone(now)
			continue
		}
		turns = append(turns, turn{v.CreatedBy, maps.Clone(now)})
	}
	return turns, nil
}

// credit names the authors of what was derived: who imported a statement that its
// basis names, and in whose turn its basis became another. So whoever takes a
// statement away, or changes a name, a date or what a statement addresses, is an
// author of what then reads differently.
func (s *Service) credit(ctx context.Context, workspaceID string, k *knowing, rows []suggestion, opt caiq.Options) error {
	if len(k.authors) == 0 {
		return nil // all built in
	}
	for i := range rows {
		rows[i].proposal.Authors = k.saidBy(rows[i].proposal.Basis)
	}
	turns, err := s.turns(ctx, workspaceID, k)
	if err != nil {
		return err
	}
	before := make([]string, len(rows))
	for n, t := range turns {
		late := len(turns) - n // with this one
		after := before
		if late <= maxTurns+1 {
			if after, err = s.basesAfter(ctx, workspaceID, k, t, rows, opt); err != nil {
				return err
			}
		}
		for i := range rows {
			if p := &rows[i].proposal; !p.Blank() && (late > maxTurns || after[i] != before[i]) {
				p.Authors = withAuthor(p.Authors, t.by)
			}
		}
		before = after
	}
	return nil
}

// basesAfter returns what the rows would rest on as a turn left the profiles; ""
// for those without an answer. What can no longer be read differs from all else.
func (s *Service) basesAfter(ctx context.Context, workspaceID string, k *knowing, t turn, rows []suggestion, opt caiq.Options) ([]string, error) {
	if t.after[k.profile.ID] == 0 {
		return make([]string, len(rows)), nil // a provider's came first
	}
	then, err := s.knowAt(ctx, workspaceID, k.format, k.profile.ID, t.after)
	var bases []string
	if err == nil {
		bases, err = then.bases.of(then, rows, opt)
	}
	if _, unreadable := asProblems(err); unreadable || caiq.KindOf(err) == caiq.Invalid {
		return slices.Repeat([]string{fmt.Sprint(t.after)}, len(rows)), nil
	}
	return bases, err
}

// maxBases bounds what one knowledge remembers.
const maxBases = 4096

// knownBases remembers what answers from one knowledge rest on: whoever imports a
// version has all questionnaires of the profile derived from the ones before.
type knownBases struct {
	mu    sync.Mutex
	known map[askedFor]string
}

// askedFor is all that the engine goes by.
type askedFor struct {
	opt   caiq.Options
	key   caiq.Ref
	match string
}

// of returns what the rows rest on; "" for those without an answer.
func (b *knownBases) of(k *knowing, rows []suggestion, opt caiq.Options) ([]string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known == nil || len(b.known) > maxBases {
		b.known = make(map[askedFor]string)
	}
	engine, err := k.engine(opt)
	if err != nil {
		return nil, err
	}
	bases := make([]string, len(rows))
	for i := range rows {
		match, err := json.Marshal(rows[i].asked.Match)
		if err != nil {
			return nil, err
		}
		q := askedFor{opt, rows[i].asked.Key, string(match)}
		basis, ok := b.known[q]
		if !ok {
			if p := engine.Propose(rows[i].asked); !p.Blank() {
				basis = basisHash(k.knowledge, p, opt.Audience)
			}
			b.known[q] = basis
		}
		bases[i] = basis
	}
	return bases, nil
}
