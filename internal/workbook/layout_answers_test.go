package workbook

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"caique/internal/caiq"
)

// TestRead_customersColumns reads sheets whose columns are told by what stands in
// them as much as by their headers.
func TestRead_customersColumns(t *testing.T) {
	t.Parallel()
	type roles = map[caiq.Role]string
	tests := map[string]struct {
		rows []string
		list string // of column C
		want roles
	}{
		"a header that begins like a question": {
			[]string{"Area|What we want to know|Your answer|Notes", "Boats|Do you sail?", "Boats|rowing twice a week at least y/n"},
			"",
			roles{"domain": "A", "question": "B", "answer": "C", "notes": "D"},
		},
		"a header in other words that begins like a question": {
			[]string{"Area|What you should tell us|Your answer|Notes", "Boats|Do you sail?", "Boats|Do you row?"},
			"",
			roles{"domain": "A", "question": "B", "answer": "C", "notes": "D"},
		},
		"a row that asks is no header": {
			[]string{"1|What are the details of your fleet?|Response|Notes", "2|Do you sail ships?", "3|Do you row boats?", "4|Do you swim?"},
			"",
			roles{"id": "A", "question": "B"},
		},
		"a form of a word or two": {
			[]string{"Question|Answer", "Legal name|", "Harbour|", "Number of ships|", "Website|"},
			"",
			roles{"question": "A", "answer": "B"},
		},
		"guidance is no question": {
			[]string{"Question|Guidance|Answer", "Name|As in the register of ships", "Harbour|The one you mostly use"},
			"",
			roles{"question": "A", "answer": "C"},
		},
		"controls that are what is asked": {
			[]string{"Ref|Control description|Response|Comments", "1|Every boat has two oars.", "2|Sails are mended before winter."},
			"",
			roles{"id": "A", "question": "B", "answer": "C", "notes": "D"},
		},
		"controls in few words": {
			[]string{"Area|Security controls|Status|Explanation", "Boats|Oars|", "Boats|Sails and ropes|", "Crew|Are sailors trained?|"},
			"",
			roles{"domain": "A", "question": "B", "answer": "C", "notes": "D"},
		},
		"verdict and reply": {
			[]string{"Ref|Requirement|Compliant?|Supplier response", "1|Every boat has two oars.", "2|Sails are mended before winter."},
			"",
			roles{"id": "A", "question": "B", "answer": "C", "notes": "D"},
		},
		"verdict, reply and comments": {
			[]string{"Ref|Requirement|Yes/No|Response|Comments", "1|Every boat has two oars.", "2|Sails are mended before winter."},
			"",
			roles{"id": "A", "question": "B", "answer": "C", "description": "D", "notes": "E"},
		},
		"the status of whoever asked beside the answer": {
			[]string{"Ref|Requirement|Answer|Status", "1|Every boat has two oars.", "2|Sails are mended before winter."},
			"",
			roles{"id": "A", "question": "B", "answer": "C"},
		},
		"descriptions with a status that a list tells": {
			[]string{"Ref|Description|Status|Remarks", "1|Boats float in every weather.", "2|The mast stands upright."},
			"Met,Not met",
			roles{"id": "A", "question": "B", "answer": "C", "notes": "D"},
		},
		"descriptions with a status of any kind": {
			[]string{"Ref|Description|Status|Remarks", "1|Boats float in every weather.", "2|The mast stands upright."}, "Open,Closed", nil,
		},
		"a list of German answers": {
			[]string{"Nr.|Frage|Xyz|Abc", "1|Do you sail ships?", "2|Do you row boats?"},
			"Ja,Nein",
			roles{"id": "A", "question": "B", "answer": "C"},
		},
		"a list of French answers": {
			[]string{"Nr.|Question|Xyz|Abc", "1|Do you sail ships?", "2|Do you row boats?"},
			"Oui,Non,Sans objet",
			roles{"id": "A", "question": "B", "answer": "C"},
		},
		"a list of grades": {
			[]string{"Nr.|Question|Xyz|Abc", "1|Do you sail ships?", "2|Do you row boats?"},
			"Fully met,Partially met,Not met",
			roles{"id": "A", "question": "B", "answer": "C"},
		},
		"a list of grades with a word of one piece": {
			[]string{"Nr.|Question|Xyz|Abc", "1|Do you sail ships?", "2|Do you row boats?"},
			"Compliant,Noncompliant,N/A",
			roles{"id": "A", "question": "B", "answer": "C"},
		},
		"a list beside questions of a word or two": {
			[]string{"Nr.|Question|Xyz|Comments", "1|Oars aboard", "2|Sails"},
			"Yes,No",
			roles{"id": "A", "question": "B", "answer": "C", "notes": "D"},
		},
		"a list of German grades": {
			[]string{"Nr.|Question|Xyz|Abc", "1|Do you sail ships?", "2|Do you row boats?"},
			"Erfüllt,Teilweise erfüllt,Nicht erfüllt",
			roles{"id": "A", "question": "B", "answer": "C"},
		},
		"a list against a header in doubt": {
			[]string{"Nr.|Question|Xyz|Status", "1|Do you sail ships?", "2|Do you row boats?"},
			"Implemented,Not implemented",
			roles{"id": "A", "question": "B", "answer": "C"},
		},
		"grades one of which is missing": {
			[]string{"Nr.|Question|Xyz|Abc", "1|Do you sail ships?", "2|Do you row boats?"},
			"Met,Planned",
			roles{"id": "A", "question": "B"},
		},
		"a list of degrees": {
			[]string{"Nr.|Question|Xyz|Abc", "1|Do you sail ships?", "2|Do you row boats?"},
			"Full,Partial,None",
			roles{"id": "A", "question": "B", "answer": "C"},
		},
		"a section that is called as a header might be": {
			[]string{"|Question|Comments", "Compliance||", "1|Do you sail ships?", "2|Do you row boats?"},
			"",
			roles{"id": "A", "question": "B", "notes": "C"},
		},
		"requirements with a status": {
			[]string{"Ref|Description|Status|Remarks", "1|The boat must float.", "2|The mast must stand."},
			"",
			roles{"id": "A", "question": "B", "answer": "C", "notes": "D"},
		},
		"a list of the weather": {
			[]string{"Nr.|Question|Xyz|Abc", "1|Do you sail ships?", "2|Do you row boats?"},
			"Windy,Not windy",
			roles{"id": "A", "question": "B"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := bookOf(t, func(b *excelize.File) {
				if test.list != "" {
					list(t, b, "Q", "C2:C9", `"`+test.list+`"`)
				}
			}, test.rows...)
			if test.want == nil {
				if _, err := Read(f, &catalogOf{}, nil); caiq.CodeOf(err) != "no_questions" {
					t.Errorf("got error %v, want no_questions", err)
				}
				return
			}
			q := read(t, f, &catalogOf{}, nil)
			if diff := cmp.Diff(test.want, q.Sheets[0].Columns); diff != "" {
				t.Errorf("columns (-want +got):\n%s", diff)
			}
			again := GuessLayout(q)
			if diff := cmp.Diff(q.Questions, read(t, f, &catalogOf{}, &again).Questions); diff != "" {
				t.Errorf("read with the layout it was read with (-first +second):\n%s", diff)
			}
		})
	}
}
