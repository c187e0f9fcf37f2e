package workbook

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"caique/internal/caiq"
)

// TestRead_shortTexts tells what asks in few words from what heads the rows below.
func TestRead_shortTexts(t *testing.T) {
	t.Parallel()
	style := func(s *excelize.Style, cells ...string) func(*testing.T, *excelize.File) {
		return func(t *testing.T, b *excelize.File) {
			t.Helper()
			id, err := b.NewStyle(s)
			must(t, err)
			for _, cell := range cells {
				must(t, b.SetCellStyle("Q", cell, cell, id))
			}
		}
	}
	bold := &excelize.Style{Font: &excelize.Font{Bold: true}}
	grey := &excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDDDDD"}}}
	tests := map[string]struct {
		rows string // by line
		more func(*testing.T, *excelize.File)
		want string // rows that are questions
	}{
		"an area beside each": {
			rows: "Area|Question|Answer|Comments\nBoats|oars per boat\nBoats|Rudders\nBoats|Do you sail?\nCrew|Captain's name\nCrew|Do you row?\nCrew|List of sailors",
			want: "2 3 4 5 6 7",
		},
		"an area beside each but the headings": {
			rows: "Area|Question|Answer\n|The fleet\nBoats|Do you sail?\nBoats|Rudders\nBoats|Do you steer?\n|The crew\nCrew|Do you row?\nCrew|Do you swim?\nCrew|Do you dive?",
			want: "3 4 5 7 8 9",
		},
		"headings above questions": {
			rows: "Question|Answer\nThe fleet\nDo you sail?\nDo you steer?\nThe crew\nDo you row?",
			want: "3 4 6",
		},
		"no heading at the beginning, so none later": {
			rows: "Question|Answer\nDo you sail?\nRudders on board\nDo you row?",
			want: "2 3 4",
		},
		"several short ones after each other": {
			rows: "Question|Answer\nLegal name\nHarbour\nDo you sail?\nCaptain",
			want: "2 3 4 5",
		},
		"one alone may be anything": {
			rows: "Question|Answer\nRudders on board\nDo you sail?\nDo you row?",
			want: "2 3 4",
		},
		"numbered headings": {
			rows: "Question|Answer\n1. The fleet\nLegal name\nHarbour\n2. The crew\nDo you row?\nCaptain",
			want: "3 4 6 7",
		},
		"a number is no numbering": {
			rows: "Question|Answer\nDo you sail?\n24 hour watch\nDo you row?",
			want: "2 3 4",
		},
		"a numbered form": {
			rows: "Question|Answer\n1. Legal name\n2. Harbour\n3. Captain",
			want: "2 3 4",
		},
		"a form of bold labels": {
			rows: "Question|Answer\nLegal name\nHarbour\nCaptain\nDo you row?",
			more: style(bold, "A2", "A3", "A4"),
			want: "2 3 4 5",
		},
		"a grey form": {
			rows: "Question|Answer\nLegal name\nHarbour\nCaptain",
			more: style(grey, "A2", "A3", "A4"),
			want: "2 3 4",
		},
		"loud headings": {
			rows: "Question|Answer\nDo you sail?\nTHE CREW\nVHF\nDo you row?",
			want: "2 4 5",
		},
		"everything numbered": {
			rows: "Question|Answer\n1. Do you sail?\n2. Rudders on board\n3. Do you row?",
			want: "2 3 4",
		},
		"sentences and lower case head nothing": {
			rows: "Question|Answer\nThe fleet\nDo you sail?\nBoats are painted\nDo you row?\nspare oars aboard\nDo you swim?",
			want: "3 4 5 6 7",
		},
		"what repeats is a heading": {
			rows: "Question|Answer\nDo you sail?\nGeneral\nDo you row?\nGeneral\nDo you swim?",
			want: "2 4 6",
		},
		"bold headings, and a list down to the last row": {
			rows: "Question|Answer\nDo you sail?\nThe crew\nRudders on board\nDo you row?",
			more: func(t *testing.T, b *excelize.File) {
				t.Helper()
				style(bold, "A3")(t, b)
				list(t, b, "Q", "B2:B9", `"Yes,No"`)
			},
			want: "2 4 5",
		},
		"grey headings": {
			rows: "Question|Answer\nDo you sail?\nThe crew\nRudders on board\nDo you row?",
			more: style(grey, "A3"),
			want: "2 4 5",
		},
		"everything bold": {
			rows: "Question|Answer\nDo you sail?\nRudders on board\nDo you row?",
			more: style(bold, "A2", "A3", "A4"),
			want: "2 3 4",
		},
		"merged over the answers": {
			rows: "Question|Answer\nDo you sail?\nThe crew\nRudders on board\nDo you row?",
			more: func(t *testing.T, b *excelize.File) { t.Helper(); must(t, b.MergeCell("Q", "A3", "B3")) },
			want: "2 4 5",
		},
		"no answer cell of its own": {
			rows: "Question|Answer\nDo you carry:\nOars\nSails\nDo you row?",
			more: func(t *testing.T, b *excelize.File) { t.Helper(); must(t, b.MergeCell("Q", "B2", "B4")) },
			want: "2 5",
		},
		"nothing to write to": {
			rows: "Area|Question\nBoats|Do you sail?\nBoats|Rudders on board\nCrew|Do you row?",
			want: "2 4",
		},
		"a dash": {
			rows: "Area|Question|Answer\nBoats|Do you sail?\nBoats|-\nCrew|Do you row?",
			want: "2 4",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := bookOf(t, func(b *excelize.File) {
				if test.more != nil {
					test.more(t, b)
				}
			}, strings.Split(test.rows, "\n")...)
			q := read(t, f, &catalogOf{}, nil)
			if got := rowsOf(q); got != test.want {
				t.Errorf("questions in rows %s, want %s; %v", got, test.want, q.Warnings)
			}
			layout := GuessLayout(q)
			if diff := cmp.Diff(q.Questions, read(t, f, &catalogOf{}, &layout).Questions); diff != "" {
				t.Errorf("read with the layout it was read with (-first +second):\n%s", diff)
			}
			layout.Sheets[0].EveryRow = true
			every := read(t, f, &catalogOf{}, &layout)
			if want := strings.Count(test.rows, "\n"); len(every.Questions) != want || !GuessLayout(every).Sheets[0].EveryRow {
				t.Errorf("with every_row there are questions in rows %s, want all %d", rowsOf(every), want)
			}
		})
	}
}

// rowsOf lists the rows of the questions.
func rowsOf(q *caiq.Questionnaire) string {
	var rows []string
	for i := range q.Questions {
		rows = append(rows, strings.TrimLeft(q.Questions[i].Cell, "ABC"))
	}
	return strings.Join(rows, " ")
}

// TestRead_shortTextsAnswered reads a sheet before and after some rows are answered.
func TestRead_shortTextsAnswered(t *testing.T) {
	t.Parallel()
	f := bookOf(t, nil, "Question|Answer", "Legal name", "Harbour", "Do you sail?", "Rudders on board", "Do you row?")
	before := read(t, f, &catalogOf{}, nil)
	out, err := f.Patch([]Edit{{Sheet: "Q", Cell: "B3", Text: "Kiel"}, {Sheet: "Q", Cell: "B6", Text: "Yes"}}, PatchOptions{})
	must(t, err)
	f, err = Open("test.xlsx", out, DefaultLimits())
	must(t, err)
	if want, got := "2 3 4 5 6", rowsOf(read(t, f, &catalogOf{}, nil)); rowsOf(before) != want || got != want {
		t.Errorf("questions in rows %s, then %s; want %s both times", rowsOf(before), got, want)
	}
}
