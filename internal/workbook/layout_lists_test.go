package workbook

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"caique/internal/caiq"
)

// TestRead_listsTell reads columns whose drop-down lists say what goes there.
func TestRead_listsTell(t *testing.T) {
	t.Parallel()
	owners := []string{"CSP-owned", "CSC-owned", "3rd-party outsourced", "Shared CSP and CSC", "Shared CSP and 3rd-party"}
	yesNo := []string{"Yes", "No", "N/A"}
	tests := map[string]struct {
		header string
		lists  map[string][]string // by column
		want   map[caiq.Role]string
		told   int
	}{
		"owners under other words": {
			"ID|Question|Answer|Who is responsible|How",
			map[string][]string{"C": yesNo, "D": owners},
			map[caiq.Role]string{"id": "A", "question": "B", "answer": "C", "ownership": "D"},
			1,
		},
		"answers and owners under other words": {
			"ID|Question|Your word|Who is responsible|How",
			map[string][]string{"C": {"Yes, fully", "No", "Partly"}, "D": append(owners, "Not Determined")},
			map[caiq.Role]string{"id": "A", "question": "B", "answer": "C", "ownership": "D"},
			2,
		},
		"a header that tells comes first": {
			"ID|Question|In stock|Answer",
			map[string][]string{"C": yesNo},
			map[caiq.Role]string{"id": "A", "question": "B", "answer": "D"},
			0,
		},
		"marks are answers": {
			"ID|Question|Yes|No|In stock",
			map[string][]string{"E": yesNo},
			map[caiq.Role]string{"id": "A", "question": "B", "yes": "C", "no": "D"},
			0,
		},
		"of two none is chosen": {
			"ID|Question|Your word|In stock",
			map[string][]string{"C": yesNo, "D": yesNo},
			map[caiq.Role]string{"id": "A", "question": "B"},
			0,
		},
		"columns of whoever asked": {
			"ID|Question|Mandatory|Reviewer agrees",
			map[string][]string{"C": yesNo, "D": yesNo},
			map[caiq.Role]string{"id": "A", "question": "B"},
			0,
		},
		"lists of something else": {
			"ID|Question|Colour|Team",
			map[string][]string{"C": {"Red", "Green"}, "D": {"CSP-owned", "Team A", "Team B"}},
			map[caiq.Role]string{"id": "A", "question": "B"},
			0,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := bookOf(t, func(b *excelize.File) {
				for col, values := range test.lists {
					v := excelize.NewDataValidation(true)
					v.SetSqref(col + "2:" + col + "9")
					must(t, v.SetDropList(values))
					must(t, b.AddDataValidation("Q", v))
				}
			}, test.header, "1|Do you sail ships?", "2|Do you row boats?")
			q := read(t, f, &catalogOf{}, nil)
			if diff := cmp.Diff(test.want, q.Sheets[0].Columns); diff != "" {
				t.Errorf("columns (-want +got):\n%s", diff)
			}
			told := 0
			for _, w := range q.Warnings {
				if w.Code == "role_by_list" {
					told++
				}
			}
			if told != test.told {
				t.Errorf("%d columns told by lists, want %d: %v", told, test.told, q.Warnings)
			}
		})
	}
}
