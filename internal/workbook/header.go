package workbook

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// A header holds a few words; longer cells are prose.
const (
	maxHeaderWords = 12
	maxHeaderBytes = 120
	// minHeaderScore is the least share of a header's words that must speak for a role.
	minHeaderScore = .4
	// shortHeader is the number of words up to which the last one decides:
	// "Vendor security response" is a response.
	shortHeader = 3
	// partOfHeader is what is left of a score that one part of a header earns.
	partOfHeader = .9
)

// vocabulary finds the role of header cells. Headers longer than the phrases of
// headerWords count by the share these have in them: "Vendor answer" is half an
// "answer".
type vocabulary struct {
	byFirst map[string][]headerPhrase // by first word
	known   map[string]headerRole     // by cell text; header rows repeat
	fold    *strings.Replacer
}

// headerPhrase is a headerWord, split.
type headerPhrase struct {
	headerWord
	split []string
}

// headerRole is a role and how surely a header means it, 0..1.
type headerRole struct {
	role  caiq.Role
	score float64
	asker bool // the column is that of whoever asked; it has no role
	reply bool // it takes an answer in whatever words, and not only Yes or No
}

func newVocabulary() *vocabulary {
	v := &vocabulary{
		byFirst: make(map[string][]headerPhrase),
		known:   make(map[string]headerRole),
		fold:    foldAccents(),
	}
	for _, w := range headerWords() {
		split := strings.Fields(w.words)
		v.byFirst[split[0]] = append(v.byFirst[split[0]], headerPhrase{w, split})
	}
	return v
}

// role returns what a cell with the text would head, or the zero headerRole.
func (v *vocabulary) role(text string) headerRole {
	if text == "" || len(text) > maxHeaderBytes {
		return headerRole{}
	}
	r, ok := v.known[text]
	if !ok {
		lower := strings.ToLower(text)
		if strings.ContainsFunc(lower, isFolded) {
			lower = v.fold.Replace(lower)
		}
		r = v.read(lower)
		v.known[text] = r
	}
	return r
}

// read takes the header as a whole, and else by its parts: "If yes, describe /
// Comments" heads comments.
func (v *vocabulary) read(text string) headerRole {
	fields := headerFields(text)
	if !slices.ContainsFunc(fields, func(word string) bool { return v.byFirst[word] != nil }) {
		return headerRole{} // most cells
	}
	best := v.score(fields)
	if best.asker {
		return best
	}
	text = strings.ReplaceAll(text, " / ", "\n")
	if !strings.ContainsFunc(text, isHeaderSeparator) {
		return best
	}
	for _, part := range strings.FieldsFunc(text, isHeaderSeparator) {
		r := v.score(headerFields(part))
		r.score *= partOfHeader
		if !isMark(r.role) && r.score >= minHeaderScore && r.score > best.score {
			best = r
		}
	}
	return best
}

func headerFields(text string) []string { return strings.Fields(caiq.NormalizeText(text)) }

// isHeaderSeparator tells what stands between two names of one column. A slash
// between blanks does too: "Inquiries/Responses" is one name.
func isHeaderSeparator(r rune) bool { return strings.ContainsRune("|\n()[]–;", r) }

func (v *vocabulary) score(header []string) headerRole {
	if len(header) > maxHeaderWords {
		return headerRole{}
	}
	best := v.phrases(header)
	if i := slices.IndexFunc(header, isPreposition); i > 0 && !best.asker {
		// "Response of the supplier" is a response, "Reason for question" a reason.
		head := v.phrases(header[:i])
		if head.score *= partOfHeader; head.score > best.score {
			best = head
		}
	}
	if best.score < minHeaderScore && !best.asker {
		return headerRole{}
	}
	return best
}

// phrases finds the phrase of the vocabulary that says most of the header.
func (v *vocabulary) phrases(header []string) headerRole {
	var best headerRole
	compound := !slices.ContainsFunc(header, isPreposition)
	for i, word := range header {
		for _, p := range v.byFirst[word] {
			if !hasPrefix(header[i:], p.split) {
				continue
			}
			if p.role == "" {
				return headerRole{asker: true}
			}
			last := compound && i+len(p.split) == len(header)
			if s := p.score(len(header), last); s > best.score {
				best = headerRole{role: p.role, score: s, reply: p.reply}
			}
		}
	}
	return best
}

// score grades a phrase found in a header of length words; last says that the
// header ends with it.
func (p headerPhrase) score(length int, last bool) float64 {
	share := float64(len(p.split)) / float64(length)
	switch {
	case isMark(p.role):
		if share < 1 {
			return 0 // they head a column of X marks only when they stand alone
		}
	case last && length <= shortHeader:
		share = max(share, .5)
	}
	return p.weight * share
}

func hasPrefix(words, prefix []string) bool {
	return len(words) >= len(prefix) && slices.Equal(words[:len(prefix)], prefix)
}

// isMark reports whether a column of the role takes a mark.
func isMark(role caiq.Role) bool {
	return role == caiq.RoleYes || role == caiq.RoleNo || role == caiq.RoleNA
}

// isPreposition tells "Reason for question", a reason, from "Security question".
func isPreposition(word string) bool {
	switch word {
	case "of", "for", "to", "in", "on", "by", "from", "with", "per":
		return true
	case "des", "du", "de", "del", "della", "dei", "der", "von", "vom", "van", "fur", "pour", "para", "durch", "zu", "zum", "zur":
		return true
	default:
		return false
	}
}
