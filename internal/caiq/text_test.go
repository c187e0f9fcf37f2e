package caiq

import "testing"

func TestNormalizeText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"case, blanks and punctuation do not count", "  Are  policies,\nstandards — ESTABLISHED?", "are policies standards established"},
		{"numbers and marks stay", "Level 2 résumé", "level 2 résumé"},
		{"nothing is left of punctuation", " – ?! ", ""},
		{"a combining mark belongs to its letter", "re\u0301sume\u0301", "re\u0301sume\u0301"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := NormalizeText(c.in); got != c.want {
				t.Errorf("NormalizeText(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestTextHash(t *testing.T) {
	t.Parallel()
	if TextHash("Is it so?") != TextHash("IS IT SO") {
		t.Error("texts that normalise alike must hash alike")
	}
	if TextHash("Is it so?") == TextHash("Is it not so?") {
		t.Error("different texts must not hash alike")
	}
	if got := TextHash("…"); got != "" {
		t.Errorf("hash of nothing is %q, want empty", got)
	}
	// sha256("a"), as any other tool computes it
	if got, want := TextHash("A!"), "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"; got != want {
		t.Errorf("TextHash(A!) = %s, want %s", got, want)
	}
}

func TestNormalizeID(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"AIS- 02.2":        "AIS-02.2",
		" CO-02          ": "CO-02",
		"a&a-01.1":         "A&A-01.1",
		"I&S-03.1":         "I&S-03.1",
		"IAM-14":           "IAM-14",
		"\ufeffCAIQ-001":   "CAIQ-001",
		"Q 1":              "Q 1",
		"":                 "",
	} {
		if got := NormalizeID(in); got != want {
			t.Errorf("NormalizeID(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCounted(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 rows are", 1: "1 row is", 2: "2 rows are"} {
		if got := Counted(n, "row is", "rows are"); got != want {
			t.Errorf("Counted(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestControlID(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"IAM-14.1": "IAM-14", "A&A-01.2": "A&A-01", "IAM-14": "", "CAIQ-001": "", "v4.0": ""} {
		if got := ControlID(in); got != want {
			t.Errorf("ControlID(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzNormalizeText(f *testing.F) {
	f.Add("Are policies established?")
	f.Add("\xff\u0301")
	f.Fuzz(func(t *testing.T, s string) {
		once := NormalizeText(s)
		if twice := NormalizeText(once); twice != once {
			t.Errorf("not idempotent: %q → %q → %q", s, once, twice)
		}
	})
}
