package search

import (
	"caique/internal/caiq"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

// Fields of an indexed passage.
const (
	fieldText      = "text"
	fieldTitle     = "title"
	fieldConcepts  = "concepts"
	fieldKind      = "kind"
	fieldRefs      = "refs"
	fieldWorkspace = "workspace"
)

// document is a passage as the index stores it.
type document struct {
	Text      string   `json:"text"`
	Title     string   `json:"title"`
	Concepts  []string `json:"concepts"`
	Kind      string   `json:"kind"`
	Refs      []string `json:"refs"`
	Workspace string   `json:"workspace"`
}

// shared stands for the empty workspace: an empty keyword is not indexed.
const shared = "*"

// The canary is in every index and in no workspace: searches never see it.
const (
	canaryID        = "\x00canary"
	canaryWorkspace = "\x00canary"
	canaryWord      = "caiquekanar" // as the stemmer leaves it
)

func newDocument(p *caiq.Passage) document {
	d := document{Text: p.Text, Title: p.Title, Concepts: p.Concepts, Kind: string(p.Kind), Workspace: p.Workspace}
	for _, r := range p.Refs {
		d.Refs = append(d.Refs, string(r))
	}
	if d.Workspace == "" {
		d.Workspace = shared
	}
	return d
}

func newCanary() document { return document{Text: canaryWord, Workspace: canaryWorkspace} }

func canaryQuery() query.Query {
	q := bleve.NewTermQuery(canaryWord)
	q.SetField(fieldText)
	return q
}

func newMapping() mapping.IndexMapping {
	text := bleve.NewTextFieldMapping()
	text.Analyzer = en.AnalyzerName
	text.IncludeTermVectors, text.IncludeInAll, text.DocValues = false, false, false
	word := bleve.NewTextFieldMapping()
	word.Analyzer = keyword.Name
	word.IncludeTermVectors, word.IncludeInAll, word.DocValues = false, false, false

	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt(fieldText, text)
	doc.AddFieldMappingsAt(fieldTitle, text)
	for _, name := range []string{fieldConcepts, fieldKind, fieldRefs, fieldWorkspace} {
		doc.AddFieldMappingsAt(name, word)
	}
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	m.DefaultAnalyzer = en.AnalyzerName
	m.ScoringModel = index.BM25Scoring
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}
