package answer

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"caique/internal/caiq"
)

// voice is who speaks in sentences of the engine's own: "we" for a party that
// answers for itself, its short name where somebody else wrote about it.
type voice struct {
	we   bool
	name string
}

func voiceOf(p *caiq.Profile) voice { return voice{we: !p.Assessed(), name: p.Short} }

// subject joins the speaker and a verb: "we use", "AWS uses".
func (v voice) subject(plain, third string) string {
	if v.we {
		return "we " + plain
	}
	return v.name + " " + third
}

// our is the speaker's possessive: "our", "AWS's".
func (v voice) our() string {
	if v.we {
		return "our"
	}
	return possessive(v.name)
}

func possessive(name string) string {
	return name + "'s"
}

// sentence trims text, joins runs of blanks and closes it with a full stop.
func sentence(text string) string {
	text = tidy(text)
	if text == "" || strings.HasSuffix(text, `."`) || strings.HasSuffix(text, ".)") {
		return text
	}
	if last := text[len(text)-1]; last != '.' && last != '!' && last != '?' {
		text += "."
	}
	return text
}

// tidy trims text and joins its runs of blanks.
func tidy(text string) string {
	if strings.ContainsAny(text, "\t\n\r") || strings.Contains(text, "  ") || strings.TrimSpace(text) != text {
		return strings.Join(strings.Fields(text), " ")
	}
	return text
}

func trimStop(text string) string {
	return strings.TrimRight(tidy(text), ".")
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// paragraphs joins what is not empty, one paragraph a line.
func paragraphs(ps ...string) string {
	var out []string
	for _, p := range ps {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n")
}

// telling joins texts to one paragraph and leaves out sentences told before.
type telling struct{ told []string }

func (t *telling) paragraph(texts ...string) string {
	before := len(t.told)
	for _, text := range texts {
		for s := range sentences(sentence(text)) {
			t.told = appendNew(t.told, s)
		}
	}
	return strings.Join(t.told[before:], " ")
}

// sentences splits after a full stop that a blank and an upper-case letter
// follow. A split too many does no harm: the pieces are joined again.
func sentences(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start := 0
		for i := 0; i+2 < len(text); i++ {
			if c := text[i]; c != '.' && c != '!' && c != '?' || text[i+1] != ' ' {
				continue
			}
			if r, _ := utf8.DecodeRuneInString(text[i+2:]); unicode.IsUpper(r) {
				if !yield(text[start : i+1]) {
					return
				}
				start = i + 2
			}
		}
		if start < len(text) {
			yield(text[start:])
		}
	}
}

// joinWords joins as prose does: "a", "a and b", "a, b and c".
func joinWords(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
	}
}

func joinRefs(rs []caiq.Ref) string {
	words := make([]string, len(rs))
	for i, r := range rs {
		words[i] = string(r)
	}
	return joinWords(words)
}

func isV4(set string) bool {
	_, version, _ := strings.Cut(set, "-")
	return strings.HasPrefix(version, "4.")
}
