package workbook

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

// sheetOf makes a grid from rows whose cells are separated by bars.
func sheetOf(rows ...string) *grid {
	g := &grid{name: "Sheet"}
	for i, row := range rows {
		r := gridRow{num: i + 1}
		for j, text := range strings.Split(row, "|") {
			if text = strings.TrimSpace(text); text != "" {
				r.cells = append(r.cells, gridCell{col: j + 1, text: text})
			}
		}
		if len(r.cells) > 0 {
			g.rows = append(g.rows, r)
		}
	}
	return g
}

func TestVocabulary(t *testing.T) {
	t.Parallel()
	tests := map[string]caiq.Role{
		"Question ID":                    caiq.RoleID,
		"question_id":                    caiq.RoleID,
		"QuestionID":                     caiq.RoleID,
		"#":                              caiq.RoleID,
		"Question #":                     caiq.RoleID,
		"Ref.":                           caiq.RoleID,
		"CID":                            caiq.RoleID,
		"Question":                       caiq.RoleQuestion,
		"Consensus Assessment Questions": caiq.RoleQuestion,
		"Security Question":              caiq.RoleQuestion,
		"Requirement":                    caiq.RoleQuestion,
		"CCM Control ID":                 caiq.RoleControl,
		"CGID":                           caiq.RoleControl,
		"CCM Control Title":              caiq.RoleControlTitle,
		"CCM Control Specification":      caiq.RoleSpecification,
		"Control Domain":                 caiq.RoleDomain,
		"CCM Domain Title":               caiq.RoleDomain,
		"Category":                       caiq.RoleDomain,
		"CSP CAIQ Answer":                caiq.RoleAnswer,
		"Vendor Response":                caiq.RoleAnswer,
		"Response (Yes/No/NA)":           caiq.RoleAnswer,
		"Supplier's Response":            caiq.RoleAnswer,
		"Yes":                            caiq.RoleYes,
		"N/A":                            caiq.RoleNA,
		"Not Applicable":                 caiq.RoleNA,
		"SSRM Control Ownership":         caiq.RoleOwnership,
		"Ownership":                      caiq.RoleOwnership,
		"CSP Implementation Description (Optional/Recommended)": caiq.RoleDescription,
		"CSC Responsibilities  (Optional/Recommended)":          caiq.RoleCustomer,
		"Comments and Notes":               caiq.RoleNotes,
		"Details / Additional Information": caiq.RoleNotes,
		"Reviewer Notes":                   "",
		"Analyst Notes":                    "",
		"Guidance":                         "",
		"Compliant Response":               "",
		"Reason for Question":              "",
		"Follow-Up Inquiries/Responses":    "",
		"CONSENSUS ASSESSMENTS INITIATIVE QUESTIONNAIRE v4.0.3": "",
		"Do you answer every question that a customer sends?":   "",
		"ISO/IEC 27001:2013": "",
		"":                   "",
	}
	v := newVocabulary()
	for text, want := range tests {
		if got := v.role(text).role; got != want {
			t.Errorf("%q heads %q, want %q", text, got, want)
		}
	}
}

func TestGuessTables(t *testing.T) {
	t.Parallel()
	type roles = map[caiq.Role]int
	tests := []struct {
		name    string
		rows    []string
		headers [][]int
		columns []roles
	}{
		{
			name:    "a header in the first row",
			rows:    []string{"ID|Question|Answer|Comments", "1|Do you encrypt data at rest?||", "2|Do you log access?||"},
			headers: [][]int{{1}},
			columns: []roles{{"id": 1, "question": 2, "answer": 3, "notes": 4}},
		},
		{
			name: "a header below a title and instructions, with a spacer column",
			rows: []string{
				"Security questionnaire of Example Bank", "", "Please answer all questions by Friday.", "",
				"|Ref|Topic|Requirement|Vendor response|Reviewer notes",
				"|A.1|Access|The vendor must enforce MFA.||", "|A.2|Access|The vendor must review rights yearly.||",
			},
			headers: [][]int{{5}},
			columns: []roles{{"id": 2, "domain": 3, "question": 4, "answer": 5}},
		},
		{
			name: "X-mark columns under a merged header of three rows",
			rows: []string{
				"||CONSENSUS ASSESSMENTS",
				"Control Domain|Control ID|Question ID|Control Specification|Assessment Questions|Assessment Answers|||Notes",
				"||||||||", "|||||Yes|No|Not Applicable|",
				"Apps|AIS-01|AIS-01.1|Software is tested.|Do you test your software before use?||||",
			},
			headers: [][]int{{2, 3, 4}},
			columns: []roles{{"domain": 1, "control": 2, "id": 3, "specification": 4, "question": 5, "yes": 6, "no": 7, "na": 8, "notes": 9}},
		},
		{
			name:    "a header split over two rows",
			rows:    []string{"No.|Question|Supplier|", "||Response|Comments", "1|Do you have a security policy?||", "2|Is it approved by management?||"},
			headers: [][]int{{1, 2}},
			columns: []roles{{"id": 1, "question": 2, "answer": 3, "notes": 4}},
		},
		{
			name: "section headers that repeat and never say question",
			rows: []string{
				"|General", "GEN-01|Name of the product offered||",
				"Documents|For all|Answer|Additional information", "DOC-01|Do you have a continuity plan?||", "DOC-02|Have you been audited?||",
				"Training|For all|Answer|Additional information", "TRA-01|Do you train your staff?||",
			},
			headers: [][]int{{3, 6}},
			columns: []roles{{"question": 2, "answer": 3, "notes": 4, "id": 1}},
		},
		{
			name: "two tables with different columns",
			rows: []string{
				"ID|Question|Answer", "1|Do you encrypt data?|", "2|Do you keep logs?|",
				"|ID|Domain|Question|Response|Comments", "|3|Access|Do you enforce strong passwords?||", "|4|Access|Do you lock accounts?||",
			},
			headers: [][]int{{1}, {4}},
			columns: []roles{{"id": 1, "question": 2, "answer": 3}, {"id": 2, "domain": 3, "question": 4, "answer": 5, "notes": 6}},
		},
		{
			name:    "no header at all, but rows that ask",
			rows:    []string{"1|Do you encrypt data at rest?", "2|Do you keep logs for a year?", "3|Is access reviewed?"},
			headers: [][]int{nil},
			columns: []roles{{"id": 1, "question": 2}},
		},
		{
			name:    "no header, and answers that look like one",
			rows:    []string{"1|Do you encrypt data at rest?|Yes|No", "2|Do you keep logs for a year?|Yes|No", "3|Is access reviewed?|No|Yes"},
			headers: [][]int{nil},
			columns: []roles{{"id": 1, "question": 2}},
		},
		{name: "a change log", rows: []string{"Version|Date|Control ID|Description of changes", "3.0.1|2014-09-16|MOS-02|Spelling of security"}},
		{name: "a change log with a status", rows: []string{"Version|Date|Description|Status", "1|2014-09-16|Spelling of the headers|Done", "2|2014-09-17|More on oars and sails|Open"}},
		{name: "an introduction", rows: []string{"Introduction", "This sheet explains the questionnaire.", "Question ID", "The identifiers."}},
		{name: "an empty sheet"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var headers [][]int
			var columns []roles
			for _, table := range guessTables(sheetOf(tt.rows...), newVocabulary(), newLists(nil, nil)) {
				headers = append(headers, table.headers)
				columns = append(columns, table.columns)
			}
			if diff := cmp.Diff(tt.headers, headers); diff != "" {
				t.Errorf("header rows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.columns, columns); diff != "" {
				t.Errorf("columns (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTableReader_questions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		rows []string
		want []string // cell, section
	}{
		{
			name: "sections, examples, instructions and footers are no questions, demands are",
			rows: []string{
				"Question|Answer|Comments",
				"Example: Do you like parrots?|Yes|They answer back",
				"Access control||",
				"Do you enforce MFA?||",
				"The vendor must revoke rights within a day.||",
				"Describe your backups.||",
				"Instructions: answer the next part for each region.||",
				"Operations||",
				"Logs of privileged actions kept and protected from change||",
				"End of questionnaire||",
				"© 2026 Example Bank||",
			},
			want: []string{"A4 Access control", "A5 Access control", "A6 Access control", "A9 Operations"},
		},
		{
			name: "identifiers decide where nearly every row has one",
			rows: []string{
				"ID|Question|Answer", "A|Organisation of security|", "A.1|Company name|", "A.2|Head office|", "A.3|Number of staff|",
				"A.4|Is there a policy?|", "A.5|Is it reviewed?|", "A.6|Is it signed?|", "B|Please read the notes below carefully before going on.|", "B.1|Contact|",
			},
			want: []string{
				"B3 Organisation of security", "B4 Organisation of security", "B5 Organisation of security",
				"B6 Organisation of security", "B7 Organisation of security", "B8 Organisation of security",
				"B9 Organisation of security", "B10 Organisation of security",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sheetOf(tt.rows...)
			tables := guessTables(g, newVocabulary(), newLists([]*grid{g}, nil))
			if len(tables) != 1 {
				t.Fatalf("found %d tables, want 1", len(tables))
			}
			r := &tableReader{g: g, t: tables[0], lists: newLists([]*grid{g}, nil), vocabulary: newVocabulary()}
			var got []string
			for _, q := range r.questions() {
				got = append(got, q.Cell+" "+q.Section)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("questions (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTableReader_cachedFormulas(t *testing.T) {
	t.Parallel()
	g := sheetOf("ID|Question|Answer", "1|Do you sail?|Yes")
	g.rows[1].cells[1].formula = true
	g.rows[1].cells[2].formula = true
	r := &tableReader{g: g, t: guessTables(g, newVocabulary(), newLists([]*grid{g}, nil))[0], lists: newLists([]*grid{g}, nil), vocabulary: newVocabulary()}
	q := r.questions()
	if len(q) != 1 || !q[0].Formula || q[0].Text != "Do you sail?" || q[0].Target(caiq.RoleAnswer).Locked != lockedFormula {
		t.Errorf("got %+v", q)
	}
}
