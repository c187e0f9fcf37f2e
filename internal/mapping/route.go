package mapping

import (
	"slices"
	"strings"
)

// edge is one crosswalk or lineage by the name of its file, "ccm-4.1-to-ccm-4.0".
type edge struct{ name, from, to string }

// edges reads a folder's file names. Lineages name the second format by its
// version alone.
func (l *Library) edges(folder string) []edge {
	var es []edge
	for _, name := range l.names(folder) {
		from, to, ok := strings.Cut(name, "-to-")
		if !ok {
			continue
		}
		if folder == lineageDir {
			to = "caiq-" + strings.TrimPrefix(to, "caiq-")
		}
		es = append(es, edge{name, from, to})
	}
	return es
}

// route returns the edges on the shortest ways from the first node to each of
// the others, walking edges either way, without repeating one.
func route[ID ~string](edges []edge, nodes []ID) []edge {
	if len(nodes) == 0 {
		return nil
	}
	reached := walk(edges, string(nodes[0]))
	var chosen []edge
	for _, node := range nodes[1:] {
		at := string(node)
		for e, ok := reached[at]; ok && e.name != ""; e, ok = reached[at] {
			if !slices.Contains(chosen, e) {
				chosen = append(chosen, e)
			}
			at = otherEnd(e, at)
		}
	}
	return chosen
}

// walk searches breadth-first and returns, for each node reached, the edge by
// which; the start has the zero edge.
func walk(edges []edge, start string) map[string]edge {
	reached := map[string]edge{start: {}}
	for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
		for _, e := range edges {
			if e.from != queue[0] && e.to != queue[0] {
				continue
			}
			next := otherEnd(e, queue[0])
			if _, ok := reached[next]; !ok {
				reached[next] = e
				queue = append(queue, next)
			}
		}
	}
	return reached
}

func otherEnd(e edge, at string) string {
	if e.from == at {
		return e.to
	}
	return e.from
}
