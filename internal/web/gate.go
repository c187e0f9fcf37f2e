package web

import (
	"context"

	"caique/internal/caiq"
)

// gate lets so many through at once; so many others wait, the rest is refused.
type gate struct {
	running chan struct{}
	all     chan struct{} // running and waiting
}

func newGate(running, waiting int) *gate {
	return &gate{make(chan struct{}, running), make(chan struct{}, running+waiting)}
}

// join takes a place in the queue, Unavailable when it is full, and returns how
// to give it back.
func (g *gate) join() (leave func(), err error) {
	select {
	case g.all <- struct{}{}:
		return func() { <-g.all }, nil
	default:
		return nil, caiq.Errorf(caiq.Unavailable, "busy", "too much is going on at once").WithHint("try again in a few seconds")
	}
}

// pass waits for its turn in the queue.
func (g *gate) pass(ctx context.Context) (leave func(), err error) {
	select {
	case g.running <- struct{}{}:
		return func() { <-g.running }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
