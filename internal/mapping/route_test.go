package mapping

import (
	"strings"
	"testing"
)

func TestRoute(t *testing.T) {
	t.Parallel()
	edges := []edge{{"1-2", "1", "2"}, {"2-3", "2", "3"}, {"3-4", "3", "4"}, {"1-3", "1", "3"}, {"5-6", "5", "6"}}
	names := func(es []edge) string {
		var out []string
		for _, e := range es {
			out = append(out, e.name)
		}
		return strings.Join(out, " ")
	}
	for name, c := range map[string]struct {
		nodes []string
		want  string
	}{
		"no node has no way":                  {nil, ""},
		"one node has no way to go":           {[]string{"1"}, ""},
		"the shortest way is taken":           {[]string{"1", "4"}, "3-4 1-3"},
		"edges are walked backwards too":      {[]string{"4", "1"}, "1-3 3-4"},
		"two ways share an edge once":         {[]string{"1", "3", "4"}, "1-3 3-4"},
		"what cannot be reached is left out":  {[]string{"1", "6", "2"}, "1-2"},
		"a node that is nowhere is no matter": {[]string{"9", "1"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := names(route(edges, c.nodes)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
