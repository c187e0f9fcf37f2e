package mapping

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

func lintTopics(at place, c *catalogue, t *topics) {
	lintSchema(at, t.Schema)
	l := topicLint{catalogue: c, asked: make(map[caiq.Ref]string), texts: make(map[string]string)}
	for i, topic := range t.Topics {
		l.topic(at.field("topics").item(i), topic)
	}
	l.uncovered(at.field("topics"))
}

type topicLint struct {
	*catalogue
	asked map[caiq.Ref]string // question → its topic
	texts map[string]string   // hash of a topic or phrasing → where it stands
}

func (l *topicLint) topic(at place, t caiq.Topic) {
	if len(t.Questions) == 0 {
		at.field("questions").errorf("questions_missing", "name the questions that ask this")
	}
	for i, ref := range t.Questions {
		at := at.field("questions").item(i)
		if !ref.IsQuestion() {
			at.errorf("not_a_question", "%q is not of the form caiq-4.1/IAM-13.1", clip(string(ref)))
			continue
		}
		l.ref(at, ref)
		if first, again := l.asked[ref]; again {
			at.errorf("duplicate_entry", "%s has a topic already, %s", ref, first)
		}
		l.asked[ref] = at.path
	}
	at.field("topic").required(t.Topic)
	l.wording(at.field("topic"), t.Topic, t.Questions)
	for i, text := range t.Also {
		at.field("also").item(i).required(text)
		l.wording(at.field("also").item(i), text, t.Questions)
	}
}

// wording refuses a text that another topic has, since both would be recognised
// by it, and one that is the official text.
func (l *topicLint) wording(at place, text string, questions []caiq.Ref) {
	hash := caiq.TextHash(text)
	if hash == "" {
		return
	}
	if first, again := l.texts[hash]; again {
		at.errorf("duplicate_text", "%s says the same, word for word", first)
		return
	}
	l.texts[hash] = at.path
	for _, ref := range questions {
		f, err := l.library.Format(caiq.FormatID(ref.Set()))
		if err == nil && slices.Contains(hashesOf(f, ref.ID()), hash) {
			at.errorf("official_text", "this is the official text of %s, word for word; say it in own words", ref)
			return
		}
	}
}

// uncovered wants every question of a format that has topics to have one.
func (l *topicLint) uncovered(at place) {
	begun := make(map[string]bool)
	for ref := range l.asked {
		begun[ref.Set()] = true
	}
	for _, set := range sortedKeys(begun) {
		f, err := l.library.Format(caiq.FormatID(set))
		if err != nil {
			continue // reported at its references
		}
		var missing []string
		for _, q := range f.Questions {
			if l.asked[f.Ref(q)] == "" {
				missing = append(missing, q.ID)
			}
		}
		if len(missing) > 0 {
			at.warnf("topic_missing", "%s no topic: %s", caiq.Counted(len(missing), "question of "+set+" has", "questions of "+set+" have"), strings.Join(missing, ", "))
		}
	}
}
