package workbook

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

// TestRead_layoutsOfCorpus reads real questionnaires with the layouts that they are
// read with: the same questions come back.
func TestRead_layoutsOfCorpus(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(corpus(t))
	must(t, err)
	for _, file := range files {
		t.Run(file.Name(), func(t *testing.T) {
			t.Parallel()
			f := openCorpus(t, file.Name())
			want := read(t, f, formats(), nil)
			layout := GuessLayout(want)
			got := read(t, f, formats(), &layout)
			if diff := cmp.Diff(keysOf(want), keysOf(got)); diff != "" {
				t.Errorf("questions (-guessed +with the layout):\n%s", diff)
			}
		})
	}
}

// keysOf lists the cells of the questions, as what they are read and their cells for answers.
func keysOf(q *caiq.Questionnaire) []string {
	keys := make([]string, len(q.Questions))
	for i := range q.Questions {
		x := &q.Questions[i]
		keys[i] = x.Sheet + "!" + x.Cell + " " + string(x.Key) + " " + x.Section
		for _, t := range x.Targets {
			keys[i] += " " + string(t.Role) + t.Cell
		}
	}
	return keys
}
