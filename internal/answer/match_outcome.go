package answer

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// MatchOutcome says what may be done with a match.
type MatchOutcome string

// Outcomes of matching.
const (
	MatchedAuto    MatchOutcome = "auto"    // sure enough to answer, capped at partial
	MatchedFact    MatchOutcome = "fact"    // asks for a fact about the party
	MatchedOffered MatchOutcome = "offered" // candidates to choose from; nothing is filled in
	MatchedNone    MatchOutcome = "none"    // nothing comes near, or nothing is asked
)

// Matching is what a question in own words was matched to.
type Matching struct {
	Text       string
	Outcome    MatchOutcome
	Why        string      // why it is not answered, or not surely
	Candidates []Candidate // best first, five at most
	Facts      []string    // ids of caiq.Fact that are asked for
	// Parts are matched one by one where a compound question points to different
	// controls; empty otherwise.
	Parts []Matching

	Unfit bool // Yes does not answer it
}

// Candidate is a question, or a passage of the library, that may be meant.
type Candidate struct {
	Refs        []caiq.Ref // the catalogue's question first
	Control     caiq.Ref   // "" for passages of no known control
	Probability float64    // that it is the right one
	Signals     []Contribution
	// Strays says how the text asks something else, however near it comes; "" when
	// nothing speaks against it.
	Strays string
	// Reserve says why the answer to the candidate may not be one to the text,
	// although it is what the text asks for; "" when it is.
	Reserve string
	// Finer says how the text may ask for more than the candidate does.
	Finer string
}

// Contribution is what one signal adds to a candidate.
type Contribution struct {
	Signal string
	Value  float64 // 0 to 1
	Weight float64
}

// maxMatches is how many candidates are shown.
const maxMatches = 5

// form is how a question is put, which decides what an answer to it looks like.
type form string

const (
	formYesNo    form = "yesno"    // or a statement to agree with
	formDescribe form = "describe" // an answer in words that may begin with Yes
	formValue    form = "value"    // a value, name, date or list that the answer must hold
)

// yesNoWords open questions that Yes or No answers.
const yesNoWords = " do does did is are was were has have had can could will would should must may "

// formOf looks at how a question opens and what it asks for. A value asked for in
// a later part ("…, and how often?") does not count here: parts see to it.
func (r *reader) formOf(text string, q *reading) form {
	opening, _, _ := strings.Cut(caiq.NormalizeText(text), " ")
	if strings.Contains(yesNoWords, " "+opening+" ") {
		return formYesNo
	}
	for _, id := range r.types.names(q.types) {
		if id != "describe" {
			return formValue
		}
	}
	if q.types != 0 {
		return formDescribe
	}
	return formYesNo
}

// forbids says why a question is not answered by itself however near a match is;
// "" when nothing speaks against it.
func (r *reader) forbids(text string, q *reading) string {
	switch {
	case q.empty:
		return "It asks nothing."
	case q.foreign:
		return "It asks for something that a security profile does not hold."
	case q.others:
		return "It asks about somebody else, or about how the product is sold or used."
	case q.adverse:
		return "It is put the other way round: Yes would be bad news."
	case r.formOf(text, q) == formValue:
		return "It asks for a value, a date or a list, which Yes does not answer."
	default:
		return ""
	}
}

// vetoes says why Yes does not answer a question though its match stands; "" when
// nothing does. Unlike what forbids, it has no say in how sure a match is.
func (r *reader) vetoes(text string, q *reading) string {
	words := strings.Fields(caiq.NormalizeText(text))
	switch {
	case len(words) == 0:
		return ""
	case r.unwelcome.in(wordsOf(text)):
		return "It is put the other way round: Yes would be bad news."
	case strings.Contains(pastWords, " "+words[0]+" "):
		return "It asks what has happened, which no control tells."
	case slices.Contains(words[:min(5, len(words))], "any"):
		return "It asks whether there is any: Yes may be bad news, and depends on facts."
	case (words[0] == "what" || words[0] == "which") && r.formOf(text, q) != formDescribe:
		return "It asks for a value or a list, which Yes does not answer."
	case r.ofAsker(words):
		return "It asks about something of the asker's own."
	default:
		return ""
	}
}

// pastWords open questions about what happened. "Has" and "have" also ask for what
// is in place.
const pastWords = " did was were "

// ofAsker reports whether a text speaks of what is the asker's own and was not
// entrusted to the party.
func (r *reader) ofAsker(words []string) bool {
	for i, w := range words[:len(words)-1] {
		if w == "our" && !r.entrusted[wordOf(words[i+1]).plain] {
			return true
		}
	}
	return false
}
