package search

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"caique/internal/caiq"

	"github.com/blevesearch/bleve/v2"
	"github.com/google/go-cmp/cmp"
)

func passages(ps ...caiq.Passage) iter.Seq2[caiq.Passage, error] {
	return func(yield func(caiq.Passage, error) bool) {
		for _, p := range ps {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func sample() []caiq.Passage {
	return []caiq.Passage{
		{ID: "t1", Kind: caiq.PassageTopic, Refs: []caiq.Ref{"caiq-4.1/IAM-14.1"}, Text: "Do administrators sign in with a second factor?", Concepts: []string{"mfa"}},
		{ID: "t2", Kind: caiq.PassageTopic, Refs: []caiq.Ref{"caiq-4.0/BCR-08.1", "caiq-4.1/BCR-08.1"}, Text: "Are backups taken every day?", Title: "Backup"},
		{ID: "a1", Kind: caiq.PassageLibrary, Workspace: "acme", Text: "Does the acme canary sing?"},
		{ID: "b1", Kind: caiq.PassageLibrary, Workspace: "bolt", Text: "Does the bolt canary sing?"},
	}
}

func built(t *testing.T, x *Index, ps ...caiq.Passage) *Index {
	t.Helper()
	if err := x.Rebuild(t.Context(), passages(ps...), 7); err != nil {
		t.Fatal(err)
	}
	return x
}

func ids(t *testing.T, x *Index, q caiq.PassageQuery) []string {
	t.Helper()
	hits, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, h := range hits {
		out = append(out, h.ID)
	}
	return out
}

func TestSearch(t *testing.T) {
	t.Parallel()
	x := built(t, NewMemory(), sample()...)
	t.Cleanup(func() { _ = x.Close() })
	for name, tc := range map[string]struct {
		q    caiq.PassageQuery
		want []string
	}{
		"words in another form are found":               {caiq.PassageQuery{Text: "daily backup"}, []string{"t2"}},
		"a concept is found without a word in common":   {caiq.PassageQuery{Text: "2FA?", Concepts: []string{"mfa"}}, []string{"t1"}},
		"a workspace sees its own and what is shared":   {caiq.PassageQuery{Text: "canary backups", Workspace: "acme"}, []string{"t2", "a1"}},
		"nobody sees a workspace without naming it":     {caiq.PassageQuery{Text: "acme bolt canary sing"}, nil},
		"the name of all is no workspace":               {caiq.PassageQuery{Text: "acme bolt canary sing", Workspace: "*"}, nil},
		"kinds limit":                                   {caiq.PassageQuery{Text: "canary backups", Workspace: "acme", Kinds: []caiq.PassageKind{caiq.PassageLibrary}}, []string{"a1"}},
		"a text without words finds nothing":            {caiq.PassageQuery{Text: "- ? !"}, nil},
		"the index's own canary is in no workspace":     {caiq.PassageQuery{Text: canaryWord, Workspace: "acme"}, nil},
		"operators are words, wildcards find nothing":   {caiq.PassageQuery{Text: "+kind:library *:* b*"}, nil},
		"the rarest words of a long text still find it": {caiq.PassageQuery{Text: longText() + " backups"}, []string{"t2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tc.want, ids(t, x, tc.q)); d != "" {
				t.Error(d)
			}
		})
	}
}

func longText() string {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "w%d ", i)
	}
	return b.String()[:16000]
}

func TestPassages(t *testing.T) {
	t.Parallel()
	x := built(t, NewMemory(), sample()...)
	t.Cleanup(func() { _ = x.Close() })
	got, err := x.Passages(t.Context(), "acme", []string{"a1", "b1", "t2", "none", canaryID})
	if err != nil {
		t.Fatal(err)
	}
	want := []caiq.Passage{sample()[2], sample()[1]}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("own and shared passages come back whole, others not: %s", d)
	}
}

func TestIndexSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	t.Run("nothing built", func(t *testing.T) {
		t.Parallel()
		x := NewMemory()
		if err := x.Check(Mark{}); caiq.CodeOf(err) != "index_missing" {
			t.Errorf("Check of an index never built: %v", err)
		}
		if _, err := x.Search(t.Context(), caiq.PassageQuery{Text: "backup"}); caiq.CodeOf(err) != "index_missing" {
			t.Errorf("searching it: %v", err)
		}
	})
	t.Run("behind its source", func(t *testing.T) {
		t.Parallel()
		x := built(t, NewMemory(), sample()...)
		if err := x.Check(Mark{Count: 4, High: 7}); err != nil {
			t.Errorf("as built: %v", err)
		}
		for _, m := range []Mark{{Count: 5, High: 7}, {Count: 4, High: 8}} {
			if err := x.Check(m); caiq.CodeOf(err) != "index_behind" {
				t.Errorf("Check(%+v): %v", m, err)
			}
		}
	})
	t.Run("as many passages, but one is not found", func(t *testing.T) {
		t.Parallel()
		x := built(t, NewMemory(), sample()...)
		part := x.live.parts[placeOf("bolt")]
		if err := errors.Join(part.Delete(canaryID), part.Index.Index("b2", document{Text: "no canary"})); err != nil {
			t.Fatal(err)
		}
		if err := x.Check(Mark{Count: 4, High: 7}); caiq.CodeOf(err) != "index_damaged" {
			t.Errorf("Check: %v", err)
		}
	})
	t.Run("fewer passages than were written", func(t *testing.T) {
		t.Parallel()
		x := built(t, NewMemory(), sample()...)
		if err := x.live.parts[shared].Delete("t1"); err != nil {
			t.Fatal(err)
		}
		if err := x.Check(Mark{Count: 4, High: 7}); caiq.CodeOf(err) != "index_damaged" {
			t.Errorf("Check: %v", err)
		}
	})
	t.Run("the same id twice", func(t *testing.T) {
		t.Parallel()
		err := NewMemory().Rebuild(t.Context(), passages(sample()[0], sample()[0]), 1)
		if caiq.CodeOf(err) != "passage_twice" {
			t.Errorf("Rebuild: %v", err)
		}
	})
	t.Run("a source that fails leaves the old one", func(t *testing.T) {
		t.Parallel()
		x := built(t, NewMemory(), sample()...)
		broken := errors.New("source gone")
		err := x.Rebuild(t.Context(), func(yield func(caiq.Passage, error) bool) { yield(caiq.Passage{}, broken) }, 9)
		if !errors.Is(err, broken) {
			t.Errorf("Rebuild: %v", err)
		}
		if err := x.Check(Mark{Count: 4, High: 7}); err != nil {
			t.Errorf("the old index: %v", err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := NewMemory().Rebuild(ctx, passages(sample()...), 1); !errors.Is(err, context.Canceled) {
			t.Errorf("Rebuild: %v", err)
		}
	})
}

func TestPutAndDelete(t *testing.T) {
	t.Parallel()
	x := built(t, NewMemory(), sample()...)
	t.Cleanup(func() { _ = x.Close() })
	ctx := t.Context()
	approved := []caiq.Passage{{ID: "a2", Kind: caiq.PassageLibrary, Workspace: "acme", Text: "Is a firewall in place?"}}
	if err := x.Put(ctx, approved, 8); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, x, caiq.PassageQuery{Text: "firewall", Workspace: "acme"}); len(got) != 1 {
		t.Errorf("what was put is not found at once: %v", got)
	}
	ofLibrary := caiq.PassageQuery{Text: "firewall", Workspace: "acme", Kinds: []caiq.PassageKind{caiq.PassageLibrary}}
	if got := ids(t, x, ofLibrary); len(got) != 1 {
		t.Errorf("of its kind it is not found: %v", got)
	}
	approved[0].Kind = caiq.PassageSeen
	if err := x.Put(ctx, approved, 8); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, x, ofLibrary); got != nil {
		t.Errorf("of the kind that it was it is still found: %v", got)
	}
	if err := x.Delete(ctx, []string{"a2", "never there"}, 9); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, x, caiq.PassageQuery{Text: "firewall", Workspace: "acme"}); got != nil {
		t.Errorf("what was deleted is still found: %v", got)
	}
	if err := x.Check(Mark{Count: 4, High: 9}); err != nil {
		t.Error(err)
	}
}

func TestIndexOnDisk(t *testing.T) {
	t.Parallel()
	closed := func(t *testing.T) string {
		t.Helper()
		dir := filepath.Join(t.TempDir(), "index")
		x, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := built(t, x, sample()...).Close(); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	reopen := func(t *testing.T, dir string) *Index {
		t.Helper()
		x, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = x.Close() })
		return x
	}
	t.Run("closed and opened again it is whole", func(t *testing.T) {
		t.Parallel()
		x := reopen(t, closed(t))
		if err := x.Check(Mark{Count: 4, High: 7}); err != nil {
			t.Fatal(err)
		}
		if got := ids(t, x, caiq.PassageQuery{Text: "backup"}); len(got) != 1 {
			t.Errorf("found %v", got)
		}
	})
	for name, harm := range map[string]func(t *testing.T, dir string){
		"flipped bytes in a segment are noticed": func(t *testing.T, dir string) { t.Helper(); flip(t, dir) },
		"a lost file is noticed": func(t *testing.T, dir string) {
			t.Helper()
			if err := os.Remove(segment(t, dir)); err != nil {
				t.Fatal(err)
			}
		},
		"a lost workspace is noticed": func(t *testing.T, dir string) {
			t.Helper()
			found, err := filepath.Glob(filepath.Join(dir, genPrefix+"*", placeOf("acme")))
			if err != nil || len(found) != 1 {
				t.Fatalf("parts of acme: %v, %v", found, err)
			}
			if err := os.RemoveAll(found[0]); err != nil {
				t.Fatal(err)
			}
		},
		"a pointer to nowhere is noticed": func(t *testing.T, dir string) {
			t.Helper()
			if err := os.WriteFile(filepath.Join(dir, pointerFile), []byte("../"+genPrefix), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"one that was not closed is not trusted": func(t *testing.T, dir string) {
			t.Helper()
			if err := os.Remove(filepath.Join(dir, sealFile)); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name+" and mended by building again", func(t *testing.T) {
			t.Parallel()
			dir := closed(t)
			harm(t, dir)
			x := reopen(t, dir)
			if err := x.Check(Mark{Count: 4, High: 7}); caiq.CodeOf(err) != "index_missing" {
				t.Fatalf("Check: %v", err)
			}
			built(t, x, sample()...)
			if err := x.Check(Mark{Count: 4, High: 7}); err != nil {
				t.Error(err)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, genPrefix+"*")); len(left) != 1 {
				t.Errorf("generations left behind: %v", left)
			}
		})
	}
}

// TestIndexOfAnotherVersion holds that an index written with other analysis is
// built again, not asked.
func TestIndexOfAnotherVersion(t *testing.T) {
	t.Parallel()
	g := &generation{path: t.TempDir(), parts: make(map[string]*part)}
	other, err := bleve.New(filepath.Join(g.path, shared), bleve.NewIndexMapping())
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	err = g.open()
	t.Cleanup(func() { _ = g.close() })
	if caiq.CodeOf(err) != "index_missing" {
		t.Errorf("open: %v", err)
	}
}

func segment(t *testing.T, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, genPrefix+"*", "*", "store", "*.zap"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no segment: %v", err)
	}
	return found[0]
}

func flip(t *testing.T, dir string) {
	t.Helper()
	path := segment(t, dir)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 0x55
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSearchWhileRebuilding(t *testing.T) {
	t.Parallel()
	x := built(t, NewMemory(), sample()...)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				if hits, err := x.Search(t.Context(), caiq.PassageQuery{Text: "backups"}); err != nil || len(hits) != 1 {
					t.Errorf("hits %v, %v", hits, err)
				}
			}
		})
	}
	for range 5 {
		built(t, x, sample()...)
	}
	wg.Wait()
}
