package workbook

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// headerWord says what a header cell with these words heads.
type headerWord struct {
	role   caiq.Role // "" for columns that are not the answering party's
	words  string    // normalised
	weight float64   // 0..1: how surely the words alone mean the role
}

// headerWords is the whole vocabulary of column headers. Words longer than the
// ones listed count by their share: "Vendor answer" is half an "answer".
func headerWords() []headerWord {
	return []headerWord{
		{caiq.RoleID, "question id", 1},
		{caiq.RoleID, "questionid", 1},
		{caiq.RoleID, "question number", 1},
		{caiq.RoleID, "question no", 1},
		{caiq.RoleID, "question ref", 1},
		{caiq.RoleID, "question code", 1},
		{caiq.RoleID, "requirement id", 1},
		{caiq.RoleID, "id", 1},
		{caiq.RoleID, "qid", 1},
		{caiq.RoleID, "cid", 1}, // CAIQ 1.1
		{caiq.RoleID, "q number", 1},
		{caiq.RoleID, "number", .8},
		{caiq.RoleID, "ref", .8},
		{caiq.RoleID, "reference", .6},
		{caiq.RoleID, "item", .6},
		{caiq.RoleID, "code", .6},

		{caiq.RoleQuestion, "question", 1},
		{caiq.RoleQuestion, "questions", 1},
		{caiq.RoleQuestion, "question text", 1},
		{caiq.RoleQuestion, "assessment question", 1},
		{caiq.RoleQuestion, "assessment questions", 1},
		{caiq.RoleQuestion, "requirement", .8},
		{caiq.RoleQuestion, "requirements", .8},
		{caiq.RoleQuestion, "statement", .5},
		{caiq.RoleQuestion, "description", .4},

		{caiq.RoleControl, "control id", 1},
		{caiq.RoleControl, "cgid", 1}, // CAIQ 1.1
		{caiq.RoleControl, "control number", 1},
		{caiq.RoleControl, "control", .6},
		{caiq.RoleControlTitle, "control title", 1},
		{caiq.RoleControlTitle, "control name", 1},
		{caiq.RoleControlTitle, "control group", 1},
		{caiq.RoleSpecification, "control specification", 1},
		{caiq.RoleSpecification, "control description", 1},
		{caiq.RoleDomain, "control domain", 1},
		{caiq.RoleDomain, "domain title", 1},
		{caiq.RoleDomain, "domain", 1},
		{caiq.RoleDomain, "category", .8},
		{caiq.RoleDomain, "topic", .7},
		{caiq.RoleDomain, "area", .6},
		{caiq.RoleSection, "section", .8},

		{caiq.RoleAnswer, "answer", 1},
		{caiq.RoleAnswer, "answers", 1},
		{caiq.RoleAnswer, "response", 1},
		{caiq.RoleAnswer, "responses", 1},
		{caiq.RoleAnswer, "vendor answer", 1},
		{caiq.RoleAnswer, "vendor response", 1},
		{caiq.RoleAnswer, "caiq answer", 1},
		{caiq.RoleAnswer, "assessment answers", 1},
		{caiq.RoleAnswer, "yes no", 1},
		{caiq.RoleAnswer, "y n", 1},
		{caiq.RoleAnswer, "yes no na", 1},
		{caiq.RoleAnswer, "yes no n a", 1},
		{caiq.RoleAnswer, "answer yes no", 1},
		{caiq.RoleAnswer, "response yes no", 1},
		{caiq.RoleAnswer, "reply", 1},
		{caiq.RoleAnswer, "in place", .7},
		{caiq.RoleAnswer, "compliant", .6},
		{caiq.RoleAnswer, "implemented", .6},
		{caiq.RoleYes, "yes", 1},
		{caiq.RoleNo, "no", 1},
		{caiq.RoleNA, "na", 1},
		{caiq.RoleNA, "n a", 1},
		{caiq.RoleNA, "not applicable", 1},

		{caiq.RoleOwnership, "control ownership", 1},
		{caiq.RoleOwnership, "ssrm ownership", 1},
		{caiq.RoleOwnership, "ownership", .8},
		{caiq.RoleDescription, "implementation description", 1},
		{caiq.RoleDescription, "csp implementation description", 1},
		{caiq.RoleCustomer, "csc responsibilities", 1},
		{caiq.RoleCustomer, "customer responsibilities", 1},
		{caiq.RoleCustomer, "customer responsibility", 1},
		{caiq.RoleNotes, "notes", 1},
		{caiq.RoleNotes, "note", .8},
		{caiq.RoleNotes, "comments", 1},
		{caiq.RoleNotes, "comment", 1},
		{caiq.RoleNotes, "comments and notes", 1},
		{caiq.RoleNotes, "additional information", 1},
		{caiq.RoleNotes, "additional comments", 1},
		{caiq.RoleNotes, "additional details", 1},
		{caiq.RoleNotes, "details", 1},
		{caiq.RoleNotes, "details additional information", 1},
		{caiq.RoleNotes, "explanation", 1},
		{caiq.RoleNotes, "explanations", 1},
		{caiq.RoleNotes, "justification", .8},
		{caiq.RoleNotes, "remarks", .8},
		{caiq.RoleNotes, "evidence", .6},

		// Columns of whoever asked; whatever else the header says.
		{"", "reviewer", 1},
		{"", "analyst", 1},
		{"", "assessor", 1},
		{"", "auditor", 1},
		{"", "evaluator", 1},
		{"", "internal", 1},
		{"", "guidance", 1},
		{"", "instructions", 1},
		{"", "example", 1},
		{"", "score", 1},
		{"", "weight", 1},
		{"", "mandatory", 1},
		{"", "priority", 1},
		{"", "criticality", 1},
		{"", "mapping", 1},
		{"", "compliant response", 1},
		{"", "compliant override", 1},
		{"", "expected response", 1},
		{"", "expected answer", 1},
		{"", "preferred response", 1},
	}
}

// A header holds a few words; longer cells are prose.
const (
	maxHeaderWords = 12
	maxHeaderBytes = 120
	// minHeaderScore is the least share of a header's words that must speak for a role.
	minHeaderScore = .4
	// shortHeader is the number of words up to which the last one decides:
	// "Vendor security response" is a response.
	shortHeader = 3
)

// vocabulary finds the role of header cells.
type vocabulary struct {
	byFirst map[string][]headerPhrase // by first word
	known   map[string]headerRole     // by cell text; header rows repeat
	signs   *strings.Replacer
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
}

func newVocabulary() *vocabulary {
	v := &vocabulary{
		byFirst: make(map[string][]headerPhrase),
		known:   make(map[string]headerRole),
		signs:   strings.NewReplacer("#", " number ", "№", " number ", "_", " "),
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
		r = v.score(strings.Fields(caiq.NormalizeText(v.signs.Replace(text))))
		v.known[text] = r
	}
	return r
}

func (v *vocabulary) score(header []string) headerRole {
	if len(header) > maxHeaderWords {
		return headerRole{}
	}
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
				best = headerRole{role: p.role, score: s}
			}
		}
	}
	if best.score < minHeaderScore {
		return headerRole{}
	}
	return best
}

// score grades a phrase found in a header of length words; last says that the
// header ends with it.
func (p headerPhrase) score(length int, last bool) float64 {
	share := float64(len(p.split)) / float64(length)
	switch {
	case p.role == caiq.RoleYes || p.role == caiq.RoleNo || p.role == caiq.RoleNA:
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

// isPreposition tells "Reason for question", a reason, from "Security question".
func isPreposition(word string) bool {
	switch word {
	case "of", "for", "to", "in", "on", "by", "from", "with", "per":
		return true
	default:
		return false
	}
}
