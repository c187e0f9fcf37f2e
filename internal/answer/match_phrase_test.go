package answer

import "testing"

// Phrases are found by their stems, or where they are marked by their words.
func TestPhrases(t *testing.T) {
	t.Parallel()
	var p phrases
	for i, phrase := range []string{"=UPS", "regular review", "=container", "review", "recover"} {
		p.add(phrase, i)
	}
	for name, tc := range map[string]struct {
		text string
		want []int
	}{
		"a marked word":                      {"Is there a UPS?", []int{0}},
		"is not the word it has a stem with": {"Set it up; does the contract contain it?", nil},
		"but its plural":                     {"Containers", []int{2}},
		"other forms of a phrase":            {"Regular reviewing and recovering", []int{1, 4}},
		"the longest":                        {"regular reviews, then review", []int{1, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := p.find(wordsOf(tc.text))
			if len(got) != len(tc.want) {
				t.Fatalf("found %v, want %v", got, tc.want)
			}
			for i, s := range got {
				if s.what != tc.want[i] {
					t.Errorf("found %v, want %v", got, tc.want)
				}
			}
		})
	}
}

func TestStem(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{"ups": "ups", "up": "up", "use": "use", "used": "use", "us": "us", "keys": "kei", "key": "kei", "organisation": "organ", "organization": "organ"} {
		if got := stem(word); got != want {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
}
