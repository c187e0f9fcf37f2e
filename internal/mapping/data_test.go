package mapping

import "testing"

// Every data file is tested by existing. What ships gives no cause for a warning.
func TestLint_dataFiles(t *testing.T) {
	t.Parallel()
	l := packs()
	for _, name := range l.dataFiles() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, p := range l.lintFile(newCatalogue(l), name) {
				t.Errorf("%s (%s)", p, p.Code)
			}
		})
	}
}
