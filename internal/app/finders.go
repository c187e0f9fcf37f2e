package app

import (
	"context"
	"sync"

	"caique/internal/caiq"
	"caique/internal/mapping"
)

// finders keeps a Finder for each format that profiles speak: building one takes
// longer than matching a questionnaire with it. They live as long as the service.
type finders struct {
	search  Search // nil: none
	shelves *shelves
	library *mapping.Library
	mu      sync.Mutex
	built   map[caiq.FormatID]*Finder
}

// get returns the finder of a format, building it for the first caller while
// the others wait.
func (f *finders) get(ctx context.Context, format caiq.FormatID) (*Finder, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if found := f.built[format]; found != nil {
		return found, nil
	}
	made, err := newFinder(context.WithoutCancel(ctx), f.library, format, f.search, f.shelves)
	if err != nil {
		return nil, err
	}
	if f.built == nil {
		f.built = make(map[caiq.FormatID]*Finder)
	}
	f.built[format] = made
	return made, nil
}

// match matches what the file's reading left open, as the command line does, and
// with what the workspace knows besides.
func (s *Service) match(ctx context.Context, workspaceID string, d *Draft) error {
	if s.finders.search == nil || !d.wantsSearch() {
		return nil
	}
	f, err := s.finders.get(ctx, caiq.FormatID("caiq-"+d.Profile.CCM))
	if err != nil {
		return err
	}
	d.matchings, err = f.MatchAll(ctx, workspaceID, d.Questionnaire.Questions, d.engine.Unsure)
	d.matcher = f.matcher
	return err
}
