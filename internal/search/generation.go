package search

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// generation is an index as it was built at one time: one part for what is shared
// and one for each workspace, where there is any.
type generation struct {
	path  string           // the folder of the parts; "" in memory
	parts map[string]*part // by place
	stamp
}

// stamp is what a generation knows of itself.
type stamp struct {
	Mark    Mark    `json:"mark"`
	Lengths lengths `json:"lengths"`
}

// part holds the passages of one workspace, or those of none.
type part struct {
	bleve.Index
	kinds kindSets
}

// shared is the place of what belongs to no workspace.
const shared = "shared"

// placeOf names the part of a workspace; its name may hold anything.
func placeOf(workspace string) string {
	if workspace == "" {
		return shared
	}
	sum := sha256.Sum256([]byte(workspace))
	return "w-" + hex.EncodeToString(sum[:16])
}

// placesOf are the parts that a workspace sees, what is shared first.
func placesOf(workspace string) []string {
	if workspace == "" {
		return []string{shared}
	}
	return []string{shared, placeOf(workspace)}
}

// newPart makes an empty part and begins its first batch, with the canary.
func (g *generation) newPart(place string) (*part, *bleve.Batch, error) {
	path := ""
	if g.path != "" {
		path = filepath.Join(g.path, place)
	}
	b, err := bleve.NewUsing(path, newMapping(), scorch.Name, scorch.Name, map[string]any{"fieldTFRCacheThreshold": keptReaders})
	if err != nil {
		return nil, nil, damaged(err)
	}
	first := b.NewBatch()
	if err := first.Index(canaryID, document{Text: canaryWord}); err != nil {
		return nil, nil, errors.Join(damaged(err), b.Close())
	}
	return &part{Index: b}, first, nil
}

// keptReaders is how many readers of a field's words are kept for the next search.
const keptReaders = 32

// stampFile is where a generation on disk keeps its stamp, beside its parts.
const stampFile = "stamp"

// open opens all parts of a generation kept in a folder.
func (g *generation) open() error {
	entries, err := os.ReadDir(g.path)
	if err != nil {
		return fmt.Errorf("open search index: %w", err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		b, err := bleve.OpenUsing(filepath.Join(g.path, e.Name()), map[string]any{"bolt_timeout": "2s"})
		if err != nil {
			return damaged(err)
		}
		g.parts[e.Name()] = &part{Index: b}
		if same, err := asWeMap(b); err != nil || !same {
			return errors.Join(err, missing())
		}
	}
	text, err := os.ReadFile(filepath.Join(g.path, stampFile))
	if err != nil {
		return fmt.Errorf("open search index: %w", err)
	}
	if err := json.Unmarshal(text, &g.stamp); err != nil {
		return damaged(err)
	}
	return nil
}

// asWeMap reports whether a part reads texts as this version of the program does.
func asWeMap(b bleve.Index) (bool, error) {
	have, err := json.Marshal(b.Mapping())
	if err != nil {
		return false, err
	}
	want, err := json.Marshal(newMapping())
	return bytes.Equal(have, want), err
}

// stampAt says how much a generation holds now and keeps it beside the parts.
func (g *generation) stampAt(high int64) (stamp, error) {
	n, err := g.count()
	if err != nil {
		return stamp{}, damaged(err)
	}
	s := stamp{Mark{Count: n, High: high}, g.Lengths}
	if g.path == "" {
		return s, nil
	}
	text, err := json.Marshal(s)
	if err != nil {
		return stamp{}, damaged(err)
	}
	return s, write(filepath.Join(g.path, stampFile), text)
}

func (g *generation) close() error {
	var err error
	for _, b := range g.parts {
		err = errors.Join(err, b.Close())
	}
	return err
}

// count is how many passages there are, without canaries.
func (g *generation) count() (uint64, error) {
	var all uint64
	for _, b := range g.parts {
		n, err := b.DocCount()
		if err != nil {
			return 0, err
		}
		all += n - 1
	}
	return all, nil
}

// sound holds a generation against its own mark and looks the canary of each part
// up, so that one that opens but finds nothing is not taken for healthy.
func (g *generation) sound() error {
	n, err := g.count()
	if err != nil {
		return damaged(err)
	}
	if n != g.Mark.Count {
		return damaged(errors.New("the number of passages differs from what was written"))
	}
	for _, b := range g.parts {
		q := bleve.NewTermQuery(canaryWord)
		q.SetField(fieldText)
		res, err := b.Search(bleve.NewSearchRequestOptions(q, 1, 0, false))
		if err != nil {
			return damaged(err)
		}
		if len(res.Hits) != 1 || res.Hits[0].ID != canaryID {
			return damaged(errors.New("a passage that is there is not found"))
		}
	}
	return nil
}
