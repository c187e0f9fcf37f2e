//go:build unix

package answer

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"caique/internal/caiq"
	"caique/internal/search"
)

// grown makes a library of n approved questions of one workspace: phrasings of
// ours with words exchanged, as the same question comes back from many customers.
// The same n gives the same library.
func grown(c *Catalogue, n int) []caiq.Passage {
	r := c.learn().reader
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	var texts []string
	var refs []caiq.Ref
	for _, q := range c.questions() {
		for _, t := range append([]string{q.topic}, q.also...) {
			texts, refs = append(texts, t), append(refs, q.refs[0])
		}
	}
	out := make([]caiq.Passage, n)
	for i := range out {
		k := rnd.IntN(len(texts))
		words, other := strings.Fields(texts[k]), strings.Fields(texts[rnd.IntN(len(texts))])
		for range 1 + len(words)/5 {
			words[rnd.IntN(len(words))] = other[rnd.IntN(len(other))]
		}
		text := strings.Join(words, " ")
		out[i] = caiq.Passage{
			ID: fmt.Sprintf("library:%d", i), Kind: caiq.PassageLibrary, Workspace: "acme", Refs: refs[k : k+1],
			Text: text, Concepts: r.read(text).concepts,
		}
	}
	return out
}

// BenchmarkGrowth matches a questionnaire of 261 questions beside a library of
// 10,000 and of 100,000 entries: build time, index size, time of a question (p50,
// p99) and of the whole questionnaire on all cores (the best of the rounds, since
// machines are busy), processor time of all cores, heap held, memory got from the
// system. The questions are the library's kind of text, so that each finds many
// that are like it.
func BenchmarkGrowth(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) { benchGrowth(b, n) })
	}
}

func benchGrowth(b *testing.B, n int) {
	c := catalogueOf(library(), "caiq-4.1")
	ps := append(c.Passages(), grown(c, n)...)
	x, err := search.Open(filepath.Join(b.TempDir(), "index"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = x.Close() })
	start := time.Now()
	if err := x.Rebuild(b.Context(), each(ps), int64(n)); err != nil {
		b.Fatal(err)
	}
	built := time.Since(start)
	size, err := x.Bytes()
	if err != nil {
		b.Fatal(err)
	}
	m := must(NewMatcher(c, x))
	questions := grown(c, 261)
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	heap := float64(mem.HeapAlloc) / 1e6
	best, whole := slices.Repeat([]time.Duration{time.Hour}, len(questions)), time.Hour
	cpu := cpuTime(b)
	for b.Loop() {
		start := time.Now()
		for i, took := range matchAll(b, m, questions) {
			best[i] = min(best[i], took)
		}
		whole = min(whole, time.Since(start))
	}
	b.ReportMetric((cpuTime(b)-cpu).Seconds()*1000/float64(b.N), "cpu-ms-261")
	b.ReportMetric(whole.Seconds()*1000, "ms-261")
	slices.Sort(best)
	b.ReportMetric(float64(best[len(best)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(best[len(best)*99/100].Microseconds())/1000, "ms-p99")
	runtime.ReadMemStats(&mem)
	b.ReportMetric(float64(mem.Sys)/1e6, "MB-sys")
	b.ReportMetric(heap, "MB-heap")
	b.ReportMetric(built.Seconds(), "s-build")
	b.ReportMetric(float64(size)/1e6, "MB-index")
}

// cpuTime is what the process has used of the cores so far: unlike the time on the
// clock it is the same on a busy machine.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// matchAll matches on all cores and returns how long each took.
func matchAll(b *testing.B, m *Matcher, questions []caiq.Passage) []time.Duration {
	b.Helper()
	took := make([]time.Duration, len(questions))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(questions); i = int(next.Add(1)) - 1 {
				start := time.Now()
				if _, err := m.Match(b.Context(), Wording{Text: questions[i].Text, Workspace: "acme"}); err != nil {
					b.Error(err)
				}
				took[i] = time.Since(start)
			}
		})
	}
	wg.Wait()
	return took
}
