package web

import (
	"context"
	"strconv"
)

// Page is how lists are read: so many at a time, from where the last page ended.
type Page struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most"`
	After string `query:"cursor" maxLength:"200" doc:"The next of the page before, of the same list with the same filters"`
}

// position reads the cursor: where the page before ended; "" without one.
func (p Page) position(ctx context.Context) (string, error) {
	return readCursor(requestOf(ctx).list, p.After)
}

// number reads a cursor whose position is a number; 0 without one.
func (p Page) number(ctx context.Context) (int64, error) {
	text, err := p.position(ctx)
	if err != nil || text == "" {
		return 0, err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, errBadCursor()
	}
	return n, nil
}

// list is one page of things.
type list[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"Cursor of the page after this one; missing on the last"`
}

// listOf makes a page of what was read with one more than the limit: position
// names the last of those shown when more follow.
func listOf[S, T any](ctx context.Context, all []S, limit int, show func(*S) T, position func(*S) string) list[T] {
	out := list[T]{Items: make([]T, 0, min(len(all), limit))}
	for i := range all[:min(len(all), limit)] {
		out.Items = append(out.Items, show(&all[i]))
	}
	if len(all) > limit {
		out.Next = cursorAt(requestOf(ctx).list, position(&all[limit-1]))
	}
	return out
}
