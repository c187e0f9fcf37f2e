package caiq

// FormatID names a questionnaire family and version.
type FormatID string

// FormatCustom is any questionnaire that is not a known CAIQ.
const FormatCustom FormatID = "custom"

// Format is a questionnaire family and version: its questions, answer
// vocabulary and the signs by which a file of it is recognised. One YAML file
// of questionnaires/ each.
type Format struct {
	Schema    int         `yaml:"schema"` // 1
	ID        FormatID    `yaml:"id"`     // "caiq-4.0"
	Title     string      `yaml:"title"`  // "CSA CAIQ v4.0"
	Framework FrameworkID `yaml:"framework,omitempty"`
	Detect    Detect      `yaml:"detect"`
	Answers   Vocabulary  `yaml:"answers"`
	// Ownership lists the values of the ownership column as the official
	// drop-down spells them; empty for formats without that column.
	Ownership []Ownership      `yaml:"ownership,omitempty"`
	Questions []FormatQuestion `yaml:"questions"`
}

// Detect holds the signs of a format besides its question ids and hashes.
type Detect struct {
	// Labels are version labels as found in cell A1, a title row or a sheet
	// name, lower case: "v4.0.3", "caiqv4.0.3". The first match names the patch level.
	Labels []string `yaml:"labels"`
	// Editorial lists the TextHash of notes that the published file itself has where
	// answers go; they answer nothing.
	Editorial []string `yaml:"editorial,omitempty"`
}

// Vocabulary spells the answer values of a format.
type Vocabulary struct {
	Yes string `yaml:"yes"`
	No  string `yaml:"no"`
	NA  string `yaml:"na"`
}

// FormatQuestion is one question of a format. Official texts are not ours to
// ship: Hashes recognise them, topics (in topics.yaml) say in our words what is asked.
type FormatQuestion struct {
	ID      string   `yaml:"id"`      // "IAM-14.1"
	Control string   `yaml:"control"` // "IAM-14", of the format's framework
	Domain  string   `yaml:"domain,omitempty"`
	Lite    bool     `yaml:"lite,omitempty"`   // in the Lite subset
	Hashes  []string `yaml:"hashes,omitempty"` // TextHash of each known official wording
}

// Ref returns the question's reference, "caiq-4.0/IAM-14.1".
func (f *Format) Ref(q FormatQuestion) Ref { return MakeRef(string(f.ID), q.ID) }

// Topic says in our own words what questions ask; one topic serves all that ask
// the same. Its text's hash counts as a known hash of each of its questions.
type Topic struct {
	Questions []Ref    `yaml:"questions"` // "caiq-4.0/IAM-14.1"
	Topic     string   `yaml:"topic"`
	Also      []string `yaml:"also,omitempty"` // phrasings met in customers' own sheets
}

// MatchKind says how surely a row was recognised as a known question.
type MatchKind string

// How a row was recognised, from sure to not at all.
const (
	MatchKnown     MatchKind = "known"     // ID and text agree, or the text alone is unique
	MatchChanged   MatchKind = "changed"   // ID known, text differs: capped at partial
	MatchAmbiguous MatchKind = "ambiguous" // text shared by several questions, ID does not decide
	MatchFound     MatchKind = "found"     // no known ID: the wording was matched by search, capped at partial
	MatchPicked    MatchKind = "picked"    // a reviewer says what it asks
	MatchNone      MatchKind = "none"
	MatchLeft      MatchKind = "left" // as none, and search is not asked
)

// Match is what a row was recognised as.
type Match struct {
	Kind       MatchKind
	Question   Ref   // for MatchKnown, MatchChanged, MatchFound and MatchPicked
	Candidates []Ref // for MatchAmbiguous; for MatchNone those that search offers
	// Probability that Question is what is asked, for MatchFound.
	Probability float64
	// Pick is what the reviewer chose, for MatchPicked.
	Pick *Pick `json:"-"`
	// HasText is false when no wording of the question is known to compare with
	// (a format without hashes): the ID alone decided.
	HasText bool
	// Likely are the questions that the row's own words ask, most probable first;
	// none where nobody looked, or where the words ask something that no Yes answers.
	Likely []Likelihood
}

// Likelihood is a question that a text may ask.
type Likelihood struct {
	Question    Ref
	Probability float64 // 0 to 1
}

// Matcher recognises rows of one format by identifier and text hash.
type Matcher struct {
	format *Format
	byID   map[string]FormatQuestion
	byHash map[string][]FormatQuestion
}

// NewMatcher indexes a format's questions and, where given, the hashes of topics.
func NewMatcher(f *Format, topics []Topic) *Matcher {
	m := &Matcher{format: f, byID: make(map[string]FormatQuestion, len(f.Questions)), byHash: make(map[string][]FormatQuestion)}
	for _, q := range f.Questions {
		m.byID[q.ID] = q
		for _, h := range q.Hashes {
			m.byHash[h] = append(m.byHash[h], q)
		}
	}
	for _, t := range topics {
		hash := TextHash(t.Topic)
		for _, ref := range t.Questions {
			if q, ok := m.byID[ref.ID()]; ok && ref.Set() == string(f.ID) {
				m.byHash[hash] = append(m.byHash[hash], q)
			}
		}
	}
	return m
}

// Match recognises a row by its identifier, its text and, for texts that
// several questions share, its control.
func (m *Matcher) Match(id, textHash, control string) Match {
	id = NormalizeID(id)
	same := m.byHash[textHash]
	byID, known := m.byID[id]
	for _, q := range same {
		if q.ID == id {
			return Match{Kind: MatchKnown, Question: m.format.Ref(q), HasText: true}
		}
	}
	if len(same) == 1 {
		return Match{Kind: MatchKnown, Question: m.format.Ref(same[0]), HasText: true}
	}
	if len(same) > 1 {
		return m.byControl(same, NormalizeID(control))
	}
	switch {
	case known && len(byID.Hashes) == 0:
		return Match{Kind: MatchKnown, Question: m.format.Ref(byID)}
	case known:
		return Match{Kind: MatchChanged, Question: m.format.Ref(byID), HasText: true}
	default:
		return Match{Kind: MatchNone}
	}
}

func (m *Matcher) byControl(same []FormatQuestion, control string) Match {
	match := Match{Kind: MatchAmbiguous, HasText: true}
	var inControl []FormatQuestion
	for _, q := range same {
		match.Candidates = append(match.Candidates, m.format.Ref(q))
		if q.Control == control {
			inControl = append(inControl, q)
		}
	}
	if len(inControl) == 1 {
		return Match{Kind: MatchKnown, Question: m.format.Ref(inControl[0]), HasText: true}
	}
	return match
}
