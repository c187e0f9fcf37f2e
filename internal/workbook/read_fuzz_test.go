package workbook

import (
	"strings"
	"testing"

	"caique/internal/caiq"
)

// FuzzRead feeds sheets to everything between the cells and the questionnaire:
// it never panics, every question has its place and text, and what was read
// with a guessed layout reads the same with that layout given.
func FuzzRead(f *testing.F) {
	f.Add("ID|Question|Answer|Comments\n1|Do you sail?|Yes|\nA|Section||\n2|=Do you row?||", "A3:B4", `"Yes,No"`)
	f.Add("x\nControl Domain|Control ID|Question ID|Spec|Assessment Questions|Assessment Answers|||Notes\n|||||Yes|No|NA\na|b|c-1|d|Do you?||||", "F2:H2", "A")
	f.Add("Docs||Answer|Additional Information\nD-1|Do you plan ahead here?|\nTraining||Answer\nT-1|Do you train all staff?|=x", "A1:A2", "$A$1:$A$9")
	f.Add("Area|Question|Answer\na|MFA for all\na|Backups\n|Heading\nb|Do you?\nPart A\n|-", "B4:C4", `"Met,Not met"`)
	f.Add("Do you?\nDo we?\nDo they?\n#\n|Yes|No\n|Question\n", "A:C", "")
	f.Fuzz(func(t *testing.T, cells, merge, formula string) {
		g := sheetOf(strings.Split(cells, "\n")...)
		for i := range g.rows {
			for j := range g.rows[i].cells {
				c := &g.rows[i].cells[j]
				c.text, c.formula = strings.CutPrefix(c.text, "=")
			}
		}
		if a, ok := parseArea([]byte(merge)); ok {
			g.merges = append(g.merges, a)
			g.validations = append(g.validations, scannedValidation{kind: "list", areas: []area{a}, formula: formula})
		}
		names := []definedName{{name: "A", sheet: -1, ref: formula}}
		r := &reading{file: &File{Name: "fuzz", Kind: KindCSV}, vocabulary: newVocabulary(), grids: []*grid{g}, lists: newLists([]*grid{g}, names)}
		q := readGrid(t, r, nil)
		if q == nil {
			return
		}
		layout := GuessLayout(q)
		layout.Format = caiq.FormatCustom
		r.parts, r.warnings = nil, nil
		again := readGrid(t, r, &layout)
		if again == nil || len(again.Questions) < len(q.Questions) {
			t.Fatalf("%d questions with the layout guessed, fewer with it given: %+v", len(q.Questions), layout)
		}
	})
}

func readGrid(t *testing.T, r *reading, layout *caiq.Layout) *caiq.Questionnaire {
	t.Helper()
	must(t, r.tables(sharedIDs(), layout))
	r.leaveOut(layout)
	if len(r.parts) == 0 {
		return nil
	}
	q, err := r.questionnaire(sharedIDs(), layout)
	must(t, err)
	for i, x := range q.Questions {
		if x.Cell == "" || x.Key == "" || x.Text == "" && !x.Formula {
			t.Fatalf("question %d lacks its place, key or text: %+v", i, x)
		}
	}
	return q
}
