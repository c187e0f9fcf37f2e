package app_test

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/internal/search"
	"caique/mappings"
	"caique/questionnaires"
)

// overlay is a folder in which one file is another.
type overlay struct {
	fs.FS
	name string
	data []byte
}

func (o overlay) Open(name string) (fs.File, error) {
	if name == o.name {
		return fstest.MapFS{name: &fstest.MapFile{Data: o.data}}.Open(name)
	}
	return o.FS.Open(name)
}

// withPacks is the same installation started by a version with other packs.
func (w *world) withPacks(packs fs.FS) *app.Service {
	return app.NewService(app.Config{
		Store: w.store, Library: mapping.New(questionnaires.FS, packs), Now: w.clock.Now, Rand: &lockedReader{r: rand.NewChaCha8([32]byte{2})},
		Search: func() app.SearchIndex { return search.NewMemory() },
	})
}

func TestChangedPacksMakeApprovalsStaleBeforeAnythingIsProposedAnew(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	if _, err := w.Bulk(ctx, w.reviewer, r.ID, app.BulkInput{Action: app.ActApprove, Filter: caiq.RowFilter{Bands: []caiq.Band{caiq.BandSupported}}}); err != nil {
		t.Fatal(err)
	}
	approved := 0
	for _, v := range w.rows(t, r.ID) {
		if v.Answer.State != caiq.StateApproved {
			continue
		}
		if approved++; v.Stale {
			t.Errorf("question %d is stale from the start", v.Answer.N)
		}
	}
	text, err := mappings.FS.ReadFile("profiles/example-saas.yaml")
	if err != nil {
		t.Fatal(err)
	}
	same := w.withPacks(overlay{mappings.FS, "profiles/example-saas.yaml", append(text, "# A remark.\n"...)})
	views, err := same.Answers(ctx, w.reviewer, r.ID, caiq.RowFilter{Brief: true})
	if err != nil || slices.ContainsFunc(views, func(v app.AnswerView) bool { return v.Stale }) {
		t.Errorf("a remark made approvals stale, or failed: %v", err)
	}
	changed := strings.Replace(string(text), "SOC 2 Type II report", "SOC 2 Type 2 report", 1)
	next := w.withPacks(overlay{mappings.FS, "profiles/example-saas.yaml", []byte(changed)})
	for range 2 { // derived, then remembered
		views, err := next.Answers(ctx, w.reviewer, r.ID, caiq.RowFilter{Brief: true})
		if err != nil {
			t.Fatal(err)
		}
		stale := 0
		for _, v := range views {
			if v.Stale {
				stale++
				one, err := next.Answer(ctx, w.reviewer, r.ID, v.Answer.N)
				if err != nil || !one.Stale {
					t.Errorf("question %d by itself: stale %v, %v", v.Answer.N, one.Stale, err)
				}
			}
		}
		if stale == 0 {
			t.Errorf("%d of %d approvals are stale", stale, approved)
		}
		check, err := next.CheckExport(ctx, w.exporter, r.ID, app.ExportInput{Format: caiq.ExportXLSX, Audience: caiq.ReleaseNDA})
		if err != nil || len(check.Problems) != stale {
			t.Errorf("the export sees %d stale, %v", len(check.Problems), err)
		}
	}
	row := find(t, w.rows(t, r.ID), func(v app.AnswerView) bool { return v.Answer.State == caiq.StateApproved })
	for _, v := range w.rows(t, r.ID) {
		if one, err := next.Answer(ctx, w.reviewer, r.ID, v.Answer.N); err == nil && one.Stale {
			row = one
		}
	}
	_, err = next.Approve(ctx, w.second, r.ID, row.Answer.N, app.ApproveInput{Revision: row.Answer.Revision})
	wantCode(t, err, "basis_changed")
}

func TestEveryApprovalEndsForReview(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	r := w.upload(t, "Customer A")
	n := 0
	for _, v := range w.rows(t, r.ID) {
		if v.Answer.Value != "" && len(v.Problems) == 0 && v.Answer.EvidenceUntil.IsZero() {
			n = v.Answer.N
		}
	}
	if n == 0 { // all rest on something that runs out: write one that does not
		row := find(t, w.rows(t, r.ID), func(v app.AnswerView) bool { return v.Answer.Value == "" && v.Answer.EvidenceUntil.IsZero() })
		n = row.Answer.N
		text := caiq.Answer{Value: caiq.Yes, Ownership: caiq.OwnerCSP, Description: "We do."}
		if _, err := w.Edit(ctx, w.second, r.ID, n, app.EditInput{Revision: 1, Answer: text}); err != nil {
			t.Fatal(err)
		}
	}
	v, err := w.Approve(ctx, w.reviewer, r.ID, n, app.ApproveInput{Revision: w.rows(t, r.ID)[n-1].Answer.Revision})
	if err != nil || v.Answer.ApprovedUntil != w.Today().AddMonths(12) {
		t.Errorf("approved until %s, %v", v.Answer.ApprovedUntil, err)
	}
}

// approveAs uploads for an audience, words one answer and has it approved.
func (w *world) approveAs(t *testing.T, customer string, audience caiq.Release, n int, words string) {
	t.Helper()
	up, err := w.Upload(t.Context(), w.uploader, app.UploadInput{
		Name: "CAIQ.xlsx", Data: sample(t), ProfileID: "example-saas", Audience: audience,
		RecordInput: app.RecordInput{Customer: customer, NDA: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	row := w.rows(t, up.Record.ID)[n-1]
	if words != "" {
		text := row.Answer.Answer
		text.Description = words
		if row, err = w.Edit(t.Context(), w.reviewer, up.Record.ID, n, app.EditInput{Revision: 1, Answer: text}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err = w.Approve(t.Context(), w.second, up.Record.ID, n, app.ApproveInput{Revision: row.Answer.Revision}); err != nil {
		t.Fatal(err)
	}
}

func TestTheLibraryPrefersTheSameAudienceThenPeoplesWordsThenTheNewest(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	offered := func(w *world, audience caiq.Release, n int) string {
		up, err := w.Upload(ctx, w.uploader, app.UploadInput{
			Name: "CAIQ.xlsx", Data: sample(t), ProfileID: "example-saas", Audience: audience,
			RecordInput: app.RecordInput{Customer: "later " + string(audience), NDA: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		return w.rows(t, up.Record.ID)[n-1].Answer.Description //nolint:contextcheck // the test has one context
	}
	public := func(w *world) int { // a question that has an answer for everybody
		up, err := w.Upload(ctx, w.uploader, app.UploadInput{
			Name: "CAIQ.xlsx", Data: sample(t), ProfileID: "example-saas", Audience: caiq.ReleasePublic, RecordInput: app.RecordInput{Customer: "first"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return find(t, w.rows(t, up.Record.ID), proposedYes).Answer.N //nolint:contextcheck // the test has one context
	}
	t.Run("the same audience before a newer one of a wider audience", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		n := public(w)
		w.approveAs(t, "A", caiq.ReleaseNDA, n, "For readers under an NDA.")
		w.approveAs(t, "B", caiq.ReleasePublic, n, "For everybody.")
		if got := offered(w, caiq.ReleaseNDA, n); got != "For readers under an NDA." {
			t.Errorf("offered %q", got)
		}
	})
	t.Run("people's words before the engine's newer ones", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		n := public(w)
		w.approveAs(t, "A", caiq.ReleasePublic, n, "For everybody.")
		w.approveAs(t, "B", caiq.ReleaseNDA, n, "For readers under an NDA.")
		if got := offered(w, caiq.ReleaseInternal, n); got != "For readers under an NDA." {
			t.Errorf("of two worded ones the newest: offered %q", got)
		}
	})
	t.Run("nothing of a narrower audience goes to a wider one", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		n := public(w)
		w.approveAs(t, "A", caiq.ReleaseInternal, n, "For ourselves.")
		for _, audience := range []caiq.Release{caiq.ReleaseNDA, caiq.ReleasePublic} {
			if got := offered(w, audience, n); got == "For ourselves." {
				t.Errorf("offered to %s: %q", audience, got)
			}
		}
	})
}

func TestAnswersTo40AreCarriedOverTo41(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("CAIQUE_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "workbooks")
	}
	if _, err := os.Stat(dir); err != nil {
		if strings.Contains(os.Getenv("CAIQUE_TEST_REQUIRE"), "corpus") {
			t.Fatalf("corpus of real questionnaires required: %v", err)
		}
		t.Skipf("no corpus of real questionnaires: set CAIQUE_CORPUS (%v)", err)
	}
	ctx, w := t.Context(), newWorld(t)
	upload := func(name string) caiq.Record {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		up, err := w.Upload(ctx, w.uploader, app.UploadInput{
			Name: name, Data: data, ProfileID: "example-saas", RecordInput: app.RecordInput{Customer: "A", NDA: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		return up.Record
	}
	before := upload("caiq-v4.0.3-blank-official-2023-09-26.xlsx")
	bulk, err := w.Bulk(ctx, w.second, before.ID, app.BulkInput{Action: app.ActApprove, Filter: caiq.RowFilter{Bands: []caiq.Band{caiq.BandSupported, caiq.BandPartial}}})
	if err != nil || len(bulk.Changed) < 50 {
		t.Fatalf("approved %d, %v", len(bulk.Changed), err)
	}
	lineage, err := w.Library().Lineage("caiq-4.0", "caiq-4.1")
	if err != nil {
		t.Fatal(err)
	}
	from := make(map[caiq.Ref]caiq.LineageEntry)
	for _, e := range lineage.Entries {
		for _, to := range e.To {
			from[caiq.MakeRef("caiq-4.1", to)] = e
		}
	}
	carried := map[caiq.Relation]int{}
	for _, v := range w.rows(t, upload("caiq-v4.1.0-blank-official-2026-01-13.xlsx").ID) {
		if v.Answer.Source == "" {
			continue
		}
		e := from[v.Question.Question.Key]
		carried[e.Relation]++
		if !e.Relation.Carries() {
			t.Errorf("%s is %s of %s and was carried over", v.Question.Question.Key, e.Relation, e.From)
		}
		if e.Relation == caiq.LineageReworded && v.Answer.Proposal.Band != caiq.BandPartial && v.Answer.Proposal.Band != caiq.BandWeak {
			t.Errorf("%s is reworded and %s", v.Question.Question.Key, v.Answer.Proposal.Band)
		}
		named := false
		for _, st := range v.Answer.Proposal.Basis {
			named = named || st.Kind == caiq.StepLibrary && strings.Contains(st.Text, "caiq-4.0/"+e.From)
		}
		if !named {
			t.Errorf("%s does not name what it comes from", v.Question.Question.Key)
		}
	}
	if carried[caiq.LineageSame] == 0 || carried[caiq.LineageReworded] == 0 {
		t.Errorf("carried over: %v", carried)
	}
}
