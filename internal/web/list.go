package web

import (
	"strconv"

	"caique/internal/caiq"
)

// Page is how lists are read: so many at a time, from where the last page ended.
type Page struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most"`
	After string `query:"cursor" maxLength:"64" pattern:"^[0-9a-zA-Z-]*$" doc:"The next of the page before"`
}

// number reads a cursor that is a number; 0 without one.
func (p Page) number() (int64, error) {
	if p.After == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(p.After, 10, 64)
	if err != nil || n < 0 {
		return 0, caiq.Errorf(caiq.Invalid, "bad_cursor", "the cursor is none of this list").WithHint("pass on the next of the page before as it is")
	}
	return n, nil
}

// list is one page of things.
type list[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"Cursor of the page after this one; missing on the last"`
}

// listOf makes a page of what was read with one more than the limit: cursor
// names the last of those shown when more follow.
func listOf[S, T any](all []S, limit int, show func(*S) T, cursor func(*S) string) list[T] {
	out := list[T]{Items: make([]T, 0, min(len(all), limit))}
	for i := range all[:min(len(all), limit)] {
		out.Items = append(out.Items, show(&all[i]))
	}
	if len(all) > limit {
		out.Next = cursor(&all[limit-1])
	}
	return out
}
