package answer

import (
	"slices"
	"testing"

	"caique/internal/caiq"
)

// practiceFolds is into how many parts our own phrasings are cut; practiceWeight
// is how much one of them counts beside a question that was labelled.
const (
	practiceFolds  = 8
	practiceWeight = 0.12
)

// practiceSets ask with our own phrasings what a catalogue without them knows:
// in "p also" a phrasing is taken out and its question is right; in "p none" the
// whole question is, and nothing is right, however near its neighbours come. They
// are for fitting alone, as is "p never": more of what nothing answers.
func practiceSets(t testing.TB) []trialSet {
	t.Helper()
	never := trialSet{name: "p never", pool: newPool(t, "practice", catalogueOf(library(), "caiq-4.1"))}
	for _, l := range labels(t, "practice.csv") {
		never.trials = append(never.trials, trial{id: l["id"], text: Wording{Text: l["text"]}, tune: true})
	}
	sets := []trialSet{never}
	for fold := range practiceFolds {
		also, none := trialSet{name: "p also"}, trialSet{name: "p none"}
		c, d := catalogueOf(library(), "caiq-4.1"), catalogueOf(library(), "caiq-4.1")
		own := func(ref caiq.Ref) bool { return ref.Set() == "caiq-4.1" }
		var kept []caiq.Topic
		for i, topic := range c.Topics {
			at := slices.IndexFunc(topic.Questions, own)
			if at < 0 {
				continue
			}
			id := topic.Questions[at].ID()
			out := func(s string) bool { return int(hashTerm(s))%practiceFolds == fold }
			c.Topics[i].Also = slices.DeleteFunc(slices.Clone(topic.Also), out)
			for _, s := range slices.DeleteFunc(slices.Clone(topic.Also), func(s string) bool { return !out(s) }) {
				also.trials = append(also.trials, trial{id: id, text: Wording{Text: s}, right: hasRef(topic.Questions[at]), tune: true})
			}
			if !out(id) {
				kept = append(kept, topic)
				continue
			}
			for _, s := range append([]string{topic.Topic}, topic.Also...) {
				none.trials = append(none.trials, trial{id: id, text: Wording{Text: s}, tune: true})
			}
		}
		d.Topics = kept
		also.pool, none.pool = newPool(t, "practice", c), newPool(t, "practice", d)
		sets = append(sets, also, none)
	}
	return sets
}
