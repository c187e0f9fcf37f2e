package mapping

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

func TestLocateLayout(t *testing.T) {
	t.Parallel()
	data := []byte("schema: 1\nsheets:\n  - name: A\n    columns: {question: B}\n  - name: C\n    columns: {question: B}\n")
	found := caiq.Problems{{Field: "sheets[1].name", Code: "unknown_sheet"}, {Sheet: "A", Cell: "B2", Code: "of_the_file"}}
	got := LocateLayout("layout.yaml", data, found)
	want := caiq.Problems{{Sheet: "A", Cell: "B2", Code: "of_the_file"}, {File: "layout.yaml", Line: 5, Field: "sheets[1].name", Code: "unknown_sheet"}}
	if diff := cmp.Diff(error(want), got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if other := errors.New("something else"); !errors.Is(LocateLayout("layout.yaml", data, other), other) {
		t.Error("another error has changed")
	}
}
