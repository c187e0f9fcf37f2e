package workbook

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLists(t *testing.T) {
	t.Parallel()
	options := sheetOf("Yes", "No", "", "Not applicable ")
	options.name = "Answer lists"
	g := sheetOf("Own|Up|Down|", "x|x|x|x", "x|x|x|x")
	l := newLists([]*grid{options, g}, []definedName{
		{name: "Answers", sheet: -1, ref: "'Answer lists'!$A$1:$A$2"},
		{name: "answers", sheet: 1, ref: "$A$1:$C$1"},
		{name: "Same", sheet: -1, ref: "Other"},
		{name: "Other", sheet: -1, ref: "'Answer lists'!$A:$A"},
		{name: "Loop", sheet: -1, ref: "Loop"},
	})
	tests := []struct {
		name string
		v    scannedValidation
		want *choice
	}{
		{"an inline list", scannedValidation{formula: `"Yes, No ,,NA"`}, &choice{values: []string{"Yes", "No", "NA"}}},
		{"quotes inside", scannedValidation{formula: `"say ""yes"",no"`}, &choice{values: []string{`say "yes"`, "no"}}},
		{"options with commas", scannedValidation{formula: `"Yes"`, options: `"Yes, in part",No,"say ""no"""`}, &choice{values: []string{"Yes, in part", "No", `say "no"`}}},
		{"a range of the same sheet", scannedValidation{formula: "$A$1:$C$1"}, &choice{values: []string{"Own", "Up", "Down"}}},
		{"a range of another sheet", scannedValidation{formula: "'Answer lists'!$A$1:$A$4"}, &choice{values: []string{"Yes", "No", "Not applicable"}}},
		{"a sheet's own name before the workbook's", scannedValidation{formula: "Answers"}, &choice{values: []string{"Own", "Up", "Down"}}},
		{"a name of a name of a whole column", scannedValidation{formula: "Same"}, &choice{values: []string{"Yes", "No", "Not applicable"}}},
		{"a blank range allows anything", scannedValidation{formula: "$Z$1:$Z$9"}, &choice{}},
		{"a formula is not computed", scannedValidation{formula: "INDIRECT($A$1)"}, &choice{unknown: true}},
		{"a sheet that is not there", scannedValidation{formula: "Gone!$A$1:$A$2"}, &choice{unknown: true}},
		{"a name that goes in circles", scannedValidation{formula: "Loop"}, &choice{unknown: true}},
		{"a block of several columns", scannedValidation{formula: "$A$1:$B$2"}, &choice{unknown: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, l.resolve(&tt.v, g), cmp.AllowUnexported(choice{})); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGrid_listValidation(t *testing.T) {
	t.Parallel()
	g := sheetOf("x", "x", "x", "x", "x", "x")
	g.validations = []scannedValidation{
		{kind: "list", formula: "all", areas: []area{{1, 1, maxRow, maxCol}}},
		{kind: "whole", formula: "number", areas: []area{{1, 1, 6, 6}}},
		{kind: "list", formula: "some", areas: []area{{5, 3, 5, 3}, {2, 3, 3, 4}}},
	}
	want := []string{"all", "some", "some", "all", "some", "all"}
	for i, formula := range want {
		if v := g.listValidation(i+1, 3); v == nil || v.formula != formula {
			t.Errorf("C%d: got %+v, want %s", i+1, v, formula)
		}
	}
	if v := g.listValidation(9, 3); v != nil {
		t.Errorf("a row that is empty has %+v", v)
	}
}
