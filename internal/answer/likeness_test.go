package answer

import (
	"strings"
	"testing"
)

func TestLikeness(t *testing.T) {
	t.Parallel()
	lex, err := library().Lexicon()
	if err != nil {
		t.Fatal(err)
	}
	l := NewLikeness(lex)
	t.Run("the same thing under another name is alike, another duty or interval is not", func(t *testing.T) {
		t.Parallel()
		const text = "Is multi-factor authentication required for remote access?"
		for other, want := range map[string]bool{
			text: true,
			"Is multi-factor authentication required for remote access ?!": true,
			"Is MFA required for remote access?":                           true,
			"Is MFA for remote access reviewed annually?":                  false,
			"Are backups tested?":                                          false,
		} {
			if got := l.Of(text, other); got > 0.8 != want {
				t.Errorf("%q: %.2f", other, got)
			}
		}
	})
	t.Run("pieces are the text again, whatever it holds", func(t *testing.T) {
		t.Parallel()
		for text, hits := range map[string]string{
			"Are <b>back-ups</b> encrypted?":          "encrypted",
			"<script>alert('encryption')</script>":    "encryption",
			"We encrypt, and encrypt all; MFA is on.": "encrypt|encrypt|MFA",
			"Two-factor authentication":               "Two-factor authentication",
			"Nothing of it":                           "",
			"":                                        "",
			"\u00fcber-encrypted \U0001f510 encryption\xff": "encrypted \U0001f510 encryption",
		} {
			var whole strings.Builder
			var hit []string
			for _, p := range l.Pieces("Is it encrypted with 2FA", text) {
				whole.WriteString(p.Text)
				if p.Hit {
					hit = append(hit, p.Text)
				}
			}
			if got := strings.Join(hit, "|"); whole.String() != text || got != hits {
				t.Errorf("%q: hits %q, joined %q", text, got, whole.String())
			}
		}
	})
}
