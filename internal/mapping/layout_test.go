package mapping

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

func TestLayout_roundTrip(t *testing.T) {
	t.Parallel()
	want := &caiq.Layout{Schema: 1, Format: "caiq-4.0", Sheets: []caiq.Sheet{{
		Name: "CAIQ: \"v4\" #1", HeaderRows: []int{2, 3},
		Columns: map[caiq.Role]string{caiq.RoleID: "A", caiq.RoleQuestion: "B", caiq.RoleAnswer: "XFD"},
	}}}
	data, err := EncodeLayout(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeLayout("layout.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

func TestDecodeLayout_refuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ data, code string }{
		"no sheets":             {"schema: 1\n", "sheets_missing"},
		"a sheet without name":  {"schema: 1\nsheets: [{header_rows: [1], columns: {question: B}}]\n", "empty_text"},
		"no question column":    {"schema: 1\nsheets: [{name: S, header_rows: [1], columns: {id: B}}]\n", "question_column_missing"},
		"an unknown role":       {"schema: 1\nsheets: [{name: S, columns: {question: B, kuestion: C}}]\n", "bad_value"},
		"a column beyond XFD":   {"schema: 1\nsheets: [{name: S, columns: {question: XFE}}]\n", "bad_column"},
		"a column by number":    {"schema: 1\nsheets: [{name: S, columns: {question: 2}}]\n", "bad_column"},
		"header rows backwards": {"schema: 1\nsheets: [{name: S, header_rows: [3, 2], columns: {question: B}}]\n", "bad_row"},
		"row zero":              {"schema: 1\nsheets: [{name: S, header_rows: [0], columns: {question: B}}]\n", "bad_row"},
		"another schema":        {"schema: 2\nsheets: [{name: S, columns: {question: B}}]\n", "bad_schema"},
		"a field of its own":    {"schema: 1\nsheet: [{name: S}]\n", "unknown_field"},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			t.Parallel()
			_, err := DecodeLayout("layout.yaml", []byte(c.data))
			var ps caiq.Problems
			if !errors.As(err, &ps) || !slices.ContainsFunc(ps, func(p caiq.Problem) bool { return p.Code == c.code && p.Line > 0 }) {
				t.Errorf("got %v, want code %s with a line", err, c.code)
			}
		})
	}
}
