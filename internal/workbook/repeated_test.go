package workbook

import (
	"strings"
	"testing"

	"caique/internal/caiq"

	"github.com/xuri/excelize/v2"
)

// TestRead_hiddenSheets has two sheets number their questions alike, the second
// one hidden: what is asked there only is read, what repeats is told.
func TestRead_hiddenSheets(t *testing.T) {
	t.Parallel()
	const header = "No|Question|Response"
	visible := []string{"1|Do you sail?", "2|Do you row?", "3|Do you swim?", "4|Do you dive?"}
	tests := []struct {
		name    string
		hidden  []string
		want    int
		warning string
	}{
		{"other texts under the same numbers are read", []string{"1|Do you fly?", "2|Do you glide?", "3|Do you hover?"}, 7, ""},
		{"half of it repeated is read whole", []string{"1|Do you sail?", "2|Do you row?", "3|Do you hover?"}, 7, ""},
		{"texts that differ by a word are read", []string{"1|Do you sail far?", "2|Do you row far?", "3|Do you swim far?"}, 7, ""},
		{"the same questions are left out and told", visible, 4, "4 rows are not read"},
		{"one row repeated is told as one", []string{"2|Do you row?"}, 4, "1 row is not read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := bookOf(t, func(b *excelize.File) {
				_, err := b.NewSheet("Secret")
				must(t, err)
				fillSheet(t, b, "Secret", append([]string{header}, tt.hidden...)...)
				must(t, b.SetSheetVisible("Secret", false))
			}, append([]string{header}, visible...)...)
			q := read(t, f, &catalogOf{}, nil)
			if len(q.Questions) != tt.want {
				t.Errorf("%d questions, want %d", len(q.Questions), tt.want)
			}
			if got := leftOut(q, "Secret"); (got == "") != (tt.warning == "") || !strings.HasPrefix(got, tt.warning) {
				t.Errorf("warning %q, want %q", got, tt.warning)
			}
			both := &caiq.Layout{Schema: 1, Sheets: []caiq.Sheet{
				{Name: "Q", HeaderRows: []int{1}, Columns: map[caiq.Role]string{caiq.RoleID: "A", caiq.RoleQuestion: "B", caiq.RoleAnswer: "C"}},
				{Name: "Secret", HeaderRows: []int{1}, Columns: map[caiq.Role]string{caiq.RoleID: "A", caiq.RoleQuestion: "B", caiq.RoleAnswer: "C"}},
			}}
			if n, want := len(read(t, f, &catalogOf{}, both).Questions), len(visible)+len(tt.hidden); n != want {
				t.Errorf("%d questions with a layout that names both sheets, want %d", n, want)
			}
		})
	}
}

func TestRead_layoutWithoutQuestions(t *testing.T) {
	t.Parallel()
	f := bookOf(t, nil, "ID|Question|Answer", "1|Do you sail?|")
	layout := &caiq.Layout{Schema: 1, Sheets: []caiq.Sheet{
		{Name: "Q", HeaderRows: []int{1}, Columns: map[caiq.Role]string{caiq.RoleQuestion: "B", caiq.RoleAnswer: "C"}},
		{Name: "Q", HeaderRows: []int{5}, Columns: map[caiq.Role]string{caiq.RoleQuestion: "D"}},
	}}
	q := read(t, f, &catalogOf{}, layout)
	if len(q.Warnings) != 1 || q.Warnings[0].Code != "no_questions" {
		t.Errorf("warnings %v, want that nothing was found where the layout looks", q.Warnings)
	}
}

// leftOut returns what the warnings say of rows of the sheet that are not read.
func leftOut(q *caiq.Questionnaire, sheet string) string {
	for _, w := range q.Warnings {
		if w.Sheet == sheet && (w.Code == "repeats_left_out" || w.Code == "not_asked") {
			return w.Message
		}
	}
	return ""
}
