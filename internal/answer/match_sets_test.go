package answer

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"caique/internal/caiq"
	packs "caique/internal/mapping"
	"caique/internal/search"
	"caique/internal/workbook"
	"caique/mappings"
	"caique/questionnaires"
)

// pool is a catalogue to match against, with its index.
type pool struct {
	name      string
	catalogue *Catalogue
	matcher   *Matcher
	plain     *plainIndex
}

// trial is a labelled question. right is nil where nothing is: then nothing may
// be answered.
type trial struct {
	id    string
	text  Wording
	right func(*subject) bool
	tune  bool

	domains, criteria []string // labelled, if any
}

// trialSet is a labelled set.
type trialSet struct {
	name    string
	pool    *pool
	trials  []trial
	control bool // right is a matter of the control, not of the question

	criteria map[caiq.Ref][]string // of each control, where questions are labelled with criteria
}

// corpus finds the folder of real workbooks; its neighbour holds the references.
func corpus(t testing.TB) (workbooks, reference string) {
	t.Helper()
	dir := os.Getenv("CAIQUE_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "workbooks")
	}
	reference = filepath.Join(dir, "..", "reference")
	if _, err := os.Stat(reference); err != nil {
		if strings.Contains(os.Getenv("CAIQUE_TEST_REQUIRE"), "corpus") {
			t.Fatalf("the corpus is required and missing: %v", err)
		}
		t.Skip("the corpus of real questionnaires is not here (CAIQUE_CORPUS)")
	}
	return dir, reference
}

func library() *packs.Library { return packs.New(questionnaires.FS, mappings.FS) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // test data of ours: the stack says where
	}
	return v
}

func catalogueOf(lib *packs.Library, id caiq.FormatID) *Catalogue {
	f := must(lib.Format(id))
	c := &Catalogue{
		Format: f, Framework: must(lib.Framework(f.Framework)), Topics: must(lib.Topics()),
		Terms: must(lib.IndexTerms(f.Framework)), Beside: must(lib.Beside(f.Framework)), Lexicon: must(lib.Lexicon()), Model: modelOf(lib),
		Kin: must(lib.Kin(id)), Notes: make(map[string]caiq.Responsibility),
	}
	for _, control := range c.Framework.Controls {
		for _, n := range must(lib.Responsibilities(c.controlRef(control.ID))) {
			c.Notes[control.ID] = n
		}
	}
	return c
}

// modelOf is the model of the library, or while it is fitted one that weighs
// nothing: the old one may lack what the new one looks at.
func modelOf(lib *packs.Library) *caiq.MatchModel {
	if !*fitModel {
		return must(lib.MatchModel())
	}
	m := &caiq.MatchModel{Auto: 0.99, Offer: 0.2}
	for _, name := range signalNames() {
		m.Ranking = append(m.Ranking, caiq.Weight{Signal: name})
	}
	for _, name := range traitNames() {
		m.Confidence = append(m.Confidence, caiq.Weight{Signal: name})
	}
	return m
}

// criteriaCatalogue asks for SOC 2 criteria as if each were a question.
func criteriaCatalogue(lib *packs.Library) *Catalogue {
	f := must(lib.Framework("tsc-2017"))
	c := &Catalogue{
		Format: &caiq.Format{ID: "tsc-2017"}, Framework: &caiq.Framework{ID: "tsc-2017"},
		Terms: must(lib.IndexTerms("tsc-2017")), Lexicon: must(lib.Lexicon()), Model: modelOf(lib),
	}
	for _, x := range f.Criteria {
		c.Framework.Controls = append(c.Framework.Controls, caiq.Control{ID: x.ID, Title: x.Title, Domain: string(x.Category)})
		c.Format.Questions = append(c.Format.Questions, caiq.FormatQuestion{ID: x.ID, Control: x.ID})
		c.Topics = append(c.Topics, caiq.Topic{Questions: []caiq.Ref{caiq.MakeRef("tsc-2017", x.ID)}, Topic: x.Title, Also: c.Terms[x.ID]})
	}
	return c
}

func newPool(t testing.TB, name string, c *Catalogue, more ...caiq.Passage) *pool {
	t.Helper()
	x := search.NewMemory()
	ps := append(c.Passages(), more...)
	if err := x.Rebuild(t.Context(), each(ps), 1); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return &pool{name: name, catalogue: c, matcher: must(NewMatcher(c, x)), plain: newPlainIndex(t, c, more)}
}

func each(ps []caiq.Passage) func(func(caiq.Passage, error) bool) {
	return func(yield func(caiq.Passage, error) bool) {
		for _, p := range ps {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// tuned says to which half a question belongs: by the hash of its id.
func tuned(id string) bool {
	sum := sha256.Sum256([]byte(id))
	return sum[0]%2 == 0
}

func readCSV(t testing.TB, path string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := make(map[string]string)
		for i, v := range row {
			if i < len(rows[0]) {
				m[rows[0][i]] = v
			}
		}
		out = append(out, m)
	}
	return out
}

func hasRef(want ...caiq.Ref) func(*subject) bool {
	return func(s *subject) bool {
		return slices.ContainsFunc(s.refs, func(r caiq.Ref) bool { return slices.Contains(want, r) })
	}
}

func inControl(want ...caiq.Ref) func(*subject) bool {
	return func(s *subject) bool { return s.group != nil && slices.Contains(want, s.group.ref) }
}

// official40 and official41 are CSA's texts, by question id.
func official40(t testing.TB, reference string) map[string]string {
	texts := make(map[string]string)
	for _, r := range readCSV(t, filepath.Join(reference, "csa-caiq-v4.0.3-normalized.csv")) {
		if id := r["CAIQ_Question ID"]; id != "" {
			texts[caiq.NormalizeID(id)] = r["CAIQ_Consensus Assessments Question"]
		}
	}
	return texts
}

func official41(t testing.TB, reference string) map[string]string {
	t.Helper()
	var file struct {
		Questions []struct {
			ID   string `json:"question_id"`
			Text string `json:"question"`
		} `json:"questions"`
	}
	readJSON(t, filepath.Join(reference, "csa-caiq-v4.1.0-full.json"), &file)
	texts := make(map[string]string)
	for _, q := range file.Questions {
		texts[caiq.NormalizeID(q.ID)] = q.Text
	}
	return texts
}

func readJSON(t testing.TB, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// officialSet asks with official texts, ids withheld.
func officialSet(name string, p *pool, texts map[string]string) trialSet {
	s := trialSet{name: name, pool: p}
	for _, q := range p.catalogue.Format.Questions {
		if text := texts[q.ID]; text != "" {
			s.trials = append(s.trials, trial{id: q.ID, text: Wording{Text: text}, right: hasRef(p.catalogue.Format.Ref(q)), tune: tuned(q.ID)})
		}
	}
	return s
}

// backwards lists the controls of CCM 4.0 that CSA maps to each control of 3.0.1.
func backwards(lib *packs.Library) map[string][]caiq.Ref {
	to := make(map[string][]caiq.Ref)
	for _, e := range must(lib.Crosswalk("ccm-4.0", "ccm-3.0.1")).Entries {
		for _, old := range e.To {
			to[old] = append(to[old], caiq.MakeRef("ccm-4.0", e.Control))
		}
	}
	return to
}

// olderSets ask with the questions of 3.0.1, with the headings of the file and
// without, and of 3.1.
func olderSets(t testing.TB, lib *packs.Library, p *pool, workbooks, reference string) []trialSet {
	t.Helper()
	to := backwards(lib)
	headed, bare, later := trialSet{name: "a 3.0.1", pool: p, control: true}, trialSet{name: "b 3.0.1", pool: p, control: true}, trialSet{name: "a 3.1", pool: p, control: true}
	name := "caiq-v3.0.1-blank-2017-09.xlsx"
	file := must(workbook.Open(name, must(fs.ReadFile(os.DirFS(workbooks), name)), workbook.DefaultLimits()))
	for _, q := range must(workbook.Read(file, lib, nil)).Questions {
		want := to[caiq.ControlID(q.ID)]
		if len(want) == 0 {
			continue
		}
		headed.trials = append(headed.trials, trial{id: q.ID, text: Wording{Text: q.Text, Headings: []string{q.Domain, q.Section}}, right: inControl(want...), tune: tuned(q.ID)})
		bare.trials = append(bare.trials, trial{id: q.ID, text: Wording{Text: q.Text}, right: inControl(want...), tune: tuned(q.ID)})
	}
	var derived struct {
		Questions []struct {
			ID      string `json:"question_id"`
			Text    string `json:"question"`
			Control string `json:"ccm_v3_control_id"`
			Domain  string `json:"ccm_v3_domain"`
			Title   string `json:"ccm_v3_control_title"`
		} `json:"questions"`
	}
	readJSON(t, filepath.Join(reference, "caiq-v3.1-questions-derived.json"), &derived)
	for _, q := range derived.Questions {
		if want := to[q.Control]; len(want) > 0 {
			later.trials = append(later.trials, trial{id: q.ID, text: Wording{Text: q.Text, Headings: []string{q.Domain, q.Title}}, right: inControl(want...), tune: tuned(q.ID)})
		}
	}
	return []trialSet{headed, later, bare}
}

// criteriaSet asks for the criteria of each CCM 4.0 control by its text.
func criteriaSet(t testing.TB, lib *packs.Library, p *pool, reference string) trialSet {
	t.Helper()
	s := trialSet{name: "c tsc", pool: p}
	texts := make(map[string]string)
	for _, r := range readCSV(t, filepath.Join(reference, "csa-caiq-v4.0.3-normalized.csv")) {
		if id := caiq.NormalizeID(r["Control ID"]); r["CAIQ_Control Specification"] != "" && texts[id] == "" {
			texts[id] = r["Control Title"] + ". " + r["CAIQ_Control Specification"]
		}
	}
	for _, e := range must(lib.Crosswalk("ccm-4.0", "tsc-2017")).Entries {
		if len(e.To) == 0 || texts[e.Control] == "" || e.Gap == caiq.GapFull {
			continue
		}
		var want []caiq.Ref
		for _, c := range e.To {
			want = append(want, caiq.MakeRef("tsc-2017", c))
		}
		s.trials = append(s.trials, trial{id: e.Control, text: Wording{Text: texts[e.Control]}, right: hasRef(want...), tune: tuned(e.Control)})
	}
	return s
}

// allSets builds every labelled set.
func allSets(t testing.TB) []trialSet {
	t.Helper()
	workbooks, reference := corpus(t)
	lib := library()
	p40, p41 := newPool(t, "caiq-4.0", catalogueOf(lib, "caiq-4.0")), newPool(t, "caiq-4.1", catalogueOf(lib, "caiq-4.1"))
	tsc := newPool(t, "tsc-2017", criteriaCatalogue(lib))
	sets := []trialSet{
		officialSet("a 4.0", p40, official40(t, reference)),
		officialSet("a 4.1", p41, official41(t, reference)),
	}
	sets = append(sets, olderSets(t, lib, p40, workbooks, reference)...)
	sets = append(sets, criteriaSet(t, lib, tsc, reference))
	sets = append(sets, ownWords(t, lib, p41, workbooks)...)
	sets = append(sets, hecvatSets(t, lib, reference)...)
	sets = append(sets, negatives(t, p41), customerSet(t, p41))
	return append(sets, commonSets(t, p41)...)
}
