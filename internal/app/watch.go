package app

import (
	"sync"

	"caique/internal/caiq"
)

// changes tells whoever listens that a workspace's trail has grown. It says no
// more: listeners read the events themselves, so none is lost by a slow one.
type changes struct {
	mu        sync.Mutex
	listeners map[string]map[chan struct{}]bool
}

func newChanges() *changes { return &changes{listeners: make(map[string]map[chan struct{}]bool)} }

func (c *changes) tell(workspaceID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for ch := range c.listeners[workspaceID] {
		select {
		case ch <- struct{}{}:
		default: // it has not looked since the last one
		}
	}
}

func (c *changes) listen(workspaceID string) (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listeners[workspaceID] == nil {
		c.listeners[workspaceID] = make(map[chan struct{}]bool)
	}
	c.listeners[workspaceID][ch] = true
	return ch, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.listeners[workspaceID], ch)
		if len(c.listeners[workspaceID]) == 0 {
			delete(c.listeners, workspaceID)
		}
	}
}

// Watch returns a channel that receives whenever the trail of the principal's
// workspace has grown, and a function that ends it. Read the events after the
// last one known with Events.
func (s *Service) Watch(p caiq.Principal) (<-chan struct{}, func(), error) {
	if err := Allow(p, ActRecordRead); err != nil {
		return nil, nil, err
	}
	ch, end := s.changes.listen(p.Workspace.ID)
	return ch, end, nil
}
