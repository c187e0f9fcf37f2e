package search

import (
	"caique/internal/caiq"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// Fields of an indexed passage.
const (
	fieldText     = "text"
	fieldTitle    = "title"
	fieldConcepts = "concepts"
	fieldKind     = "kind"
	fieldRefs     = "refs"
)

// document is a passage as the index stores it. Its workspace is told by the
// part that it is in.
type document struct {
	Text     string   `json:"text"`
	Title    string   `json:"title"`
	Concepts []string `json:"concepts"`
	Kind     string   `json:"kind"`
	Refs     []string `json:"refs"`
}

// The canary is in every part of an index; searches never see it.
const (
	canaryID   = "\x00canary"
	canaryWord = "caiquekanar" // as the stemmer leaves it
)

func newDocument(p *caiq.Passage) document {
	d := document{Text: p.Text, Title: p.Title, Concepts: p.Concepts, Kind: string(p.Kind)}
	for _, r := range p.Refs {
		d.Refs = append(d.Refs, string(r))
	}
	return d
}

func newMapping() mapping.IndexMapping {
	text := bleve.NewTextFieldMapping()
	text.Analyzer = en.AnalyzerName
	text.IncludeTermVectors, text.IncludeInAll, text.DocValues = false, false, false
	word := bleve.NewTextFieldMapping()
	word.Analyzer = keyword.Name
	word.IncludeTermVectors, word.IncludeInAll, word.DocValues = false, false, false
	lost := *word // of use to find by, not to read back
	lost.Store = false
	kept := *word
	kept.Index = false

	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt(fieldText, text)
	doc.AddFieldMappingsAt(fieldTitle, text)
	doc.AddFieldMappingsAt(fieldConcepts, &lost)
	doc.AddFieldMappingsAt(fieldKind, word)
	doc.AddFieldMappingsAt(fieldRefs, &kept)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	m.DefaultAnalyzer = en.AnalyzerName
	m.ScoringModel = index.BM25Scoring
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}
