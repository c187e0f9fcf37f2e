package mapping

import (
	"errors"
	"strings"
	"testing"

	"caique/internal/caiq"
	"caique/mappings"
	"caique/questionnaires"
)

// packs is a library of the real data, as the program embeds it.
func packs() *Library { return New(questionnaires.FS, mappings.FS) }

func TestLibrary_Knowledge(t *testing.T) {
	t.Parallel()
	l := packs()
	for _, format := range l.FormatIDs() {
		for _, profile := range l.ProfileIDs() {
			t.Run(string(format)+" answered by "+profile, func(t *testing.T) {
				t.Parallel()
				k, err := l.Knowledge(format, ProfileSource{Name: profile})
				if err != nil {
					t.Fatal(err)
				}
				if k.Formats[format] == nil || k.Profiles[profile] == nil || k.Answering != profile {
					t.Errorf("formats %d, profiles %d, answering %q", len(k.Formats), len(k.Profiles), k.Answering)
				}
			})
		}
	}
}

func TestLibrary_Format_unknown(t *testing.T) {
	t.Parallel()
	for _, id := range []caiq.FormatID{"caiq-9", "../x", "", "topics"} {
		if _, err := packs().Format(id); caiq.KindOf(err) != caiq.NotFound || caiq.CodeOf(err) != "unknown_format" {
			t.Errorf("Format(%q): %v", id, err)
		} else if e, ok := errors.AsType[*caiq.Error](err); !ok || !strings.Contains(e.Hint, "caiq-4.1") || strings.Contains(e.Hint, "topics") {
			t.Errorf("Format(%q): known are %q", id, e.Hint)
		}
	}
}
