package mapping

import "testing"

// Every data file is tested by existing. Warnings are advice and only logged.
func TestLint_dataFiles(t *testing.T) {
	t.Parallel()
	l := packs()
	for _, name := range l.dataFiles() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, p := range l.lintFile(newCatalogue(l), name) {
				if p.Warning {
					t.Logf("%s (%s)", p, p.Code)
				} else {
					t.Errorf("%s (%s)", p, p.Code)
				}
			}
		})
	}
}
