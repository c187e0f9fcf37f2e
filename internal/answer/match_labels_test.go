package answer

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"caique/internal/caiq"
	packs "caique/internal/mapping"
	"caique/internal/workbook"
)

func labels(t testing.TB, name string) []map[string]string {
	t.Helper()
	path := filepath.Join("testdata", "labels", name)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return readCSV(t, path)
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}

func refsIn(set string, ids []string) []caiq.Ref {
	var out []caiq.Ref
	for _, id := range ids {
		out = append(out, caiq.MakeRef(set, id))
	}
	return out
}

// ownWords are the sets of TrustDeck and Northwind, with labels by hand.
func ownWords(t testing.TB, lib *packs.Library, p *pool, workbooks string) []trialSet {
	t.Helper()
	var sets []trialSet
	for _, f := range []struct{ name, file, labels string }{
		{"d trustdeck", "trustdeck-caiq-lite-124q.csv", "trustdeck.csv"},
		{"d northwind", "security-questionnaire-northwind-ai-108q-answered.xlsx", "northwind.csv"},
	} {
		known := make(map[string]map[string]string)
		for _, l := range labels(t, f.labels) {
			known[l["text_sha256"]] = l
		}
		s := trialSet{name: f.name, pool: p, criteria: criteriaOf(lib, "ccm-4.1")}
		file := must(workbook.Open(f.file, must(fs.ReadFile(os.DirFS(workbooks), f.file)), workbook.DefaultLimits()))
		for _, q := range must(workbook.Read(file, lib, nil)).Questions {
			l := known[caiq.TextHash(q.Text)]
			if l == nil {
				continue
			}
			s.trials = append(s.trials, labelled(l["id"], Wording{Text: q.Text, Headings: []string{q.Domain, q.Section}}, l))
		}
		sets = append(sets, s)
	}
	return sets
}

// labelled makes a trial of a row of labels: without questions nothing is right.
func labelled(id string, w Wording, l map[string]string) trial {
	tr := trial{id: id, text: w, tune: tuned(id), domains: list(l["domains"]), criteria: list(l["criteria"])}
	if qs := list(l["questions"]); len(qs) > 0 {
		tr.right = hasRef(refsIn("caiq-4.1", qs)...)
	}
	return tr
}

// criteriaOf lists the criteria that CSA maps to each control.
func criteriaOf(lib *packs.Library, framework caiq.FrameworkID) map[caiq.Ref][]string {
	criteria := make(map[caiq.Ref][]string)
	for _, e := range must(lib.Crosswalk(framework, "tsc-2017")).Entries {
		criteria[caiq.MakeRef(string(framework), e.Control)] = e.To
	}
	return criteria
}

func customerSet(t testing.TB, p *pool) trialSet {
	t.Helper()
	s := trialSet{name: "g customer", pool: p}
	if _, err := os.Stat(filepath.Join("testdata", "labels", "customer.csv")); err != nil {
		return s
	}
	for _, l := range labels(t, "customer.csv") {
		s.trials = append(s.trials, labelled(l["id"], Wording{Text: l["text"]}, l))
	}
	return s
}

// commonSets are what customers ask most, in words of nobody in particular: those that a
// question of CAIQ answers, and those that none does. The model never learns from them.
func commonSets(t testing.TB, p *pool) []trialSet {
	t.Helper()
	asked, none := trialSet{name: "h common", pool: p}, trialSet{name: "h none", pool: p}
	for _, l := range labels(t, "common.csv") {
		s := &asked
		if l["questions"] == "" {
			s = &none
		}
		tr := labelled(l["id"], Wording{Text: l["text"]}, l)
		tr.tune = false
		s.trials = append(s.trials, tr)
	}
	return []trialSet{asked, none}
}

func negatives(t testing.TB, p *pool) trialSet {
	t.Helper()
	s := trialSet{name: "f negatives", pool: p}
	for _, l := range labels(t, "negatives.csv") {
		s.trials = append(s.trials, trial{id: l["id"], text: Wording{Text: l["text"]}, tune: tuned(l["id"])})
	}
	return s
}

// hecvatSets ask with HECVAT 4 for the question of HECVAT 3.
func hecvatSets(t testing.TB, lib *packs.Library, reference string) []trialSet {
	t.Helper()
	rows := readCSV(t, filepath.Join(reference, "hecvat-v3-to-v4-question-pairs.csv"))
	var older []caiq.Passage
	c := catalogueOf(lib, "caiq-4.1")
	c.Topics, c.Framework = nil, &caiq.Framework{ID: "ccm-4.1"}
	r := catalogueOf(lib, "caiq-4.1").learn().reader
	seen := make(map[string]bool)
	for _, row := range rows {
		if id := row["v3_id"]; id != "" && !seen[id] {
			seen[id] = true
			older = append(older, caiq.Passage{
				ID: "seen:" + id, Kind: caiq.PassageSeen, Refs: []caiq.Ref{caiq.MakeRef("hecvat-3", id)},
				Text: row["v3_question"], Concepts: r.read(row["v3_question"]).concepts,
			})
		}
	}
	c.Topics = must(lib.Topics())
	c.Format = nil
	p := newPool(t, "hecvat-3", c, older...)
	sets := []trialSet{{name: "e high", pool: p}, {name: "e medium", pool: p}}
	for _, row := range rows {
		if row["v3_id"] == "" || row["v4_id"] == "" {
			continue
		}
		tr := trial{id: row["v4_id"], text: Wording{Text: row["v4_question"]}, right: hasRef(caiq.MakeRef("hecvat-3", row["v3_id"])), tune: tuned(row["v4_id"])}
		switch row["llm_match_confidence"] {
		case "high":
			sets[0].trials = append(sets[0].trials, tr)
		case "medium":
			sets[1].trials = append(sets[1].trials, tr)
		}
	}
	return sets
}
