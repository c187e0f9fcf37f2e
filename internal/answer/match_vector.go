package answer

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
)

// component is the weight of one hashed term.
type component struct {
	term   uint32
	weight float64
}

// vector holds components by ascending term, each once, with the sum of their
// weights and their length.
type vector struct {
	parts      []component
	mass, norm float64
}

// newVector takes over the components and keeps the largest weight of each term.
func newVector(all []component) vector {
	slices.SortFunc(all, func(a, b component) int {
		return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(b.weight, a.weight))
	})
	v := vector{parts: slices.CompactFunc(all, func(a, b component) bool { return a.term == b.term })}
	for _, c := range v.parts {
		v.mass += c.weight
		v.norm += c.weight * c.weight
	}
	v.norm = math.Sqrt(v.norm)
	return v
}

// cosine of the angle between two vectors, 0 to 1.
func cosine(a, b *vector) float64 {
	var dot float64
	eachCommon(a, b, func(x, y float64) { dot += x * y })
	if dot == 0 {
		return 0
	}
	return dot / (a.norm * b.norm)
}

// covered is the share of a's mass in terms that b has too; 0 for an empty a.
func covered(a, b *vector) float64 {
	if a.mass == 0 {
		return 0
	}
	var sum float64
	eachCommon(a, b, func(x, _ float64) { sum += x })
	return sum / a.mass
}

func eachCommon(a, b *vector, each func(x, y float64)) {
	p, q := a.parts, b.parts
	for i, j := 0, 0; i < len(p) && j < len(q); {
		switch {
		case p[i].term < q[j].term:
			i++
		case p[i].term > q[j].term:
			j++
		default:
			each(p[i].weight, q[j].weight)
			i++
			j++
		}
	}
}

// union holds the terms of all vectors. It is kept for long, so without room to spare.
func union(vs ...*vector) vector {
	var all []component
	for _, v := range vs {
		all = append(all, v.parts...)
	}
	u := newVector(all)
	u.parts = slices.Clone(u.parts)
	return u
}

// sumOf adds up the directions of vectors: each has the same say.
func sumOf(vs ...*vector) vector {
	sum := make(map[uint32]float64)
	for _, v := range vs {
		for _, c := range v.parts {
			sum[c.term] += c.weight / v.norm // a vector with parts has a norm
		}
	}
	all := make([]component, 0, len(sum))
	for term, w := range sum {
		all = append(all, component{term, w})
	}
	return newVector(all)
}

func hashTerm(s string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s)) // never fails
	return h.Sum32()
}

func (v *vector) has(term uint32) bool {
	_, ok := slices.BinarySearchFunc(v.parts, term, func(c component, t uint32) int { return cmp.Compare(c.term, t) })
	return ok
}
