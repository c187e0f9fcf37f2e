package caiq

// Lexicon is the vocabulary of security questionnaires: what means the same, and
// the signs by which a careful reader tells one question from another. One YAML
// file, mappings/vocabulary/lexicon.yaml. Phrases are matched by word stems.
type Lexicon struct {
	Schema int `yaml:"schema"` // 1
	// Stop are words that carry no meaning in a question: "please", "vendor".
	Stop []string `yaml:"stop"`
	// Filler are phrases that say nothing of what is asked: "in order to".
	Filler []string `yaml:"filler,omitempty"`
	// Concepts are things that have several names.
	Concepts []Concept `yaml:"concepts"`
	// Duties, Frequencies and Scopes are what is to be done, how often and for
	// whom; two questions about the same object differ in them.
	Duties      []Sign `yaml:"duties"`
	Frequencies []Sign `yaml:"frequencies"`
	Scopes      []Sign `yaml:"scopes"`
	// Types are the sorts of question by their opening words: list, describe, date.
	Types []Sign `yaml:"types"`
	// Adverse phrases turn a question round: Yes would be bad news.
	Adverse []string `yaml:"adverse"`
	// Unwelcome phrases do so too, but name what a control is there for: they leave
	// the match as it is and only forbid to answer by it.
	Unwelcome []string `yaml:"unwelcome,omitempty"`
	// Negators turn what follows them round: "not", "never". Harmless are phrases in
	// which they do not: "not limited to".
	Negators []string `yaml:"negators,omitempty"`
	Harmless []string `yaml:"harmless,omitempty"`
	// Proper are names of single things, a standard, law, certificate or product: only
	// an answer that says the name answers a question for it. Example are phrases with
	// which a name stands for its kind: "such as".
	Proper  []Sign   `yaml:"proper,omitempty"`
	Example []string `yaml:"example,omitempty"`
	// Hedges are phrases by which a sentence holds under a condition, or for some: "may",
	// "turned on", "who subscribe".
	Hedges []string `yaml:"hedges,omitempty"`
	// Foreign phrases put a question outside of what a security profile answers.
	Foreign []string `yaml:"foreign"`
	// Others phrases ask about somebody else, or about the product as a user sees it.
	Others []string `yaml:"others,omitempty"`
	// Entrusted is what of the asker's own a party holds: "our data" is asked about,
	// "our policy" is the asker's affair.
	Entrusted []string `yaml:"entrusted,omitempty"`
	// Mute are words of a question that its answer need not repeat: "support",
	// "deploy". They say that something is done, not what.
	Mute []string `yaml:"mute,omitempty"`
	// Style are words of formal questionnaires that say little by themselves: "evaluated",
	// "provisions". They are passed over where an identifier says what is asked.
	Style []string `yaml:"style,omitempty"`
	// Empty are texts that ask nothing: "comments", "see above".
	Empty []string `yaml:"empty"`
	// Facts are what is asked of the party itself; ids are Fact.ID.
	Facts []Sign `yaml:"facts"`
}

// Concept is a thing with several names.
type Concept struct {
	ID    string   `yaml:"id"`    // canonical, unique: "mfa"
	Names []string `yaml:"names"` // "multi-factor authentication", "2FA"
	// Broader are concepts that it is a case of; they count for less.
	Broader []string `yaml:"broader,omitempty"`
	// Same is set where all names mean the very same: an answer that says one answers a
	// question that says another.
	Same bool `yaml:"same,omitempty"`
}

// Sign is a meaning and the phrases that show it.
type Sign struct {
	ID      string   `yaml:"id"`
	Phrases []string `yaml:"phrases"`
	// Telling signs set questions apart: one that is asked for must be spoken of.
	Telling bool `yaml:"telling,omitempty"`
}

// IndexTerms lists, like the index at the back of a book, the terms by which
// people ask for each entry of a framework. One YAML file each, of
// mappings/vocabulary/: ccm-4.1.yaml, tsc-2017.yaml.
type IndexTerms struct {
	Schema    int         `yaml:"schema"` // 1
	Framework FrameworkID `yaml:"framework"`
	Entries   []IndexTerm `yaml:"entries"`
}

// IndexTerm lists the terms of one control or criterion.
type IndexTerm struct {
	Ref   string   `yaml:"ref"` // "IAM-14", "CC6.1"
	Terms []string `yaml:"terms"`
	// Beside is what people ask near a control that no question of it asks: a text
	// that comes nearest to that is not answered by a question.
	Beside []string `yaml:"beside,omitempty"`
}

// MatchModel holds what matching learnt from labelled questions. One YAML file,
// mappings/vocabulary/model.yaml, written by the fit.
type MatchModel struct {
	Schema int `yaml:"schema"` // 1
	// Fitted names the sets and how many questions of each the model was fitted on.
	Fitted []FittedSet `yaml:"fitted"`
	// Ranking weighs each signal of a candidate.
	Ranking []Weight `yaml:"ranking"`
	// Confidence weighs what makes the first candidate right; its logistic is a
	// probability.
	Confidence []Weight `yaml:"confidence"`
	// Auto is the probability from which a match answers, Offer that from which
	// it is shown.
	Auto  float64 `yaml:"auto"`
	Offer float64 `yaml:"offer"`
}

// FittedSet is a labelled set and the number of its questions used.
type FittedSet struct {
	Set       string `yaml:"set"`
	Questions int    `yaml:"questions"`
}

// Weight is the weight of a named signal.
type Weight struct {
	Signal string  `yaml:"signal"`
	Weight float64 `yaml:"weight"`
}
