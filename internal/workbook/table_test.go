package workbook

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteTablesRoundTrip(t *testing.T) {
	t.Parallel()
	table := Table{
		Name: "Mapping", Header: []string{"Question", "Control"}, Widths: []float64{20, 30},
		Lines: [][]string{{"IAM-14.1", "=1+1"}, {"_x0041_", "two\nlines & <marks>"}},
	}
	write := func() []byte {
		data, err := WriteTables(table, Table{Name: "Second", Header: []string{"A"}})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	data := write()
	if !bytes.Equal(data, write()) {
		t.Error("the same tables gave other bytes")
	}
	f, err := Open("mapping.xlsx", data, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Values([]CellRef{{"Mapping", "A1"}, {"Mapping", "A2"}, {"Mapping", "B2"}, {"Mapping", "A3"}, {"Mapping", "B3"}, {"Second", "A1"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Question", "IAM-14.1", "=1+1", "_x0041_", "two\nlines & <marks>", "A"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if bytes.Contains(data, []byte("<f>")) {
		t.Error("a text became a formula")
	}
}

func TestWriteCSVQuotesAndNeutralises(t *testing.T) {
	t.Parallel()
	got := string(WriteCSV([][]string{{"a", `say "x"`}, {"=1+1", " @SUM", "-", "ok"}}))
	want := "\"a\",\"say \"\"x\"\"\"\r\n\"'=1+1\",\"' @SUM\",\"'-\",\"ok\"\r\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
