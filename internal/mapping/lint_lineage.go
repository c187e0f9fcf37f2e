package mapping

import (
	"slices"

	"caique/internal/caiq"
)

func lintLineage(at place, c *catalogue, lin *caiq.Lineage, name string) {
	lintSchema(at, lin.Schema)
	lintFileName(at.field("from"), lineageName(lin.From, lin.To), name)
	at.field("source").required(lin.Source)
	l := lineageLint{catalogue: c, lineage: lin, from: make(map[string]string), to: make(map[string][]int)}
	var err error
	if l.before, err = c.library.Format(lin.From); err == nil {
		l.after, err = c.library.Format(lin.To)
	}
	if err != nil {
		at.errorf("unknown_version", "the formats %s and %s must both be readable", lin.From, lin.To)
		return
	}
	for i, e := range lin.Entries {
		l.entry(at.field("entries").item(i), i, e)
	}
	for i, e := range lin.Entries {
		l.targets(at.field("entries").item(i), e)
	}
	l.complete(at.field("entries"))
	l.reused(at.field("reused"))
}

type lineageLint struct {
	*catalogue
	lineage       *caiq.Lineage
	before, after *caiq.Format
	from          map[string]string // question → its entry
	to            map[string][]int  // successor → entries that name it
}

func (l *lineageLint) entry(at place, i int, e caiq.LineageEntry) {
	oneOf(at.field("relation"), e.Relation, relations())
	if e.From != "" {
		l.asked(at.field("from"), l.before, e.From)
		if first, again := l.from[e.From]; again {
			at.field("from").errorf("duplicate_entry", "%s has an entry already, %s", e.From, first)
		}
		l.from[e.From] = at.path
	}
	targets := make(seen)
	for j, to := range e.To {
		l.asked(at.field("to").item(j), l.after, to)
		if targets.again(to) {
			at.field("to").item(j).errorf("duplicate_target", "%s stands twice", to)
		}
		l.to[to] = append(l.to[to], i)
	}
	at.field("note").optional(e.Note)
	if e.Note == "" && explained(e.Relation) {
		at.warnf("note_missing", "say in a phrase what changed")
	}
	if e.Customers && !explained(e.Relation) {
		at.field("customers").errorf("customers_needless", "what is expected of customers carries over %s without saying so, or leads nowhere: leave it out", e.Relation)
	}
}

func relations() []caiq.Relation {
	return []caiq.Relation{
		caiq.LineageSame, caiq.LineageReworded, caiq.LineageChanged, caiq.LineageSplit,
		caiq.LineageMerged, caiq.LineageNew, caiq.LineageDropped,
	}
}

func explained(r caiq.Relation) bool {
	return r == caiq.LineageChanged || r == caiq.LineageSplit || r == caiq.LineageMerged
}

func (l *lineageLint) asked(at place, f *caiq.Format, id string) {
	if l.question(string(f.ID), id) == unknown {
		at.errorf("unknown_question", "%s has no question %q", f.ID, clip(id))
	}
}

// targets checks that the relation agrees with the number of questions on
// either side and, where the text is said to be the same, with the hashes.
func (l *lineageLint) targets(at place, e caiq.LineageEntry) {
	n := len(e.To)
	at = at.field("relation")
	switch e.Relation {
	case caiq.LineageSame, caiq.LineageReworded:
		if e.From == "" || n != 1 {
			at.errorf("relation_targets", "%s joins one question with one", e.Relation)
			return
		}
		if e.Relation == caiq.LineageSame {
			l.sameText(at, e.From, e.To[0])
		}
	case caiq.LineageChanged:
		if e.From == "" || n == 0 {
			at.errorf("relation_targets", "changed leads from a question to at least one")
		}
	case caiq.LineageSplit:
		if e.From == "" || n < 2 {
			at.errorf("relation_targets", "split leads from one question to several")
		}
	case caiq.LineageMerged:
		if e.From == "" || n != 1 || len(l.to[e.To[0]]) < 2 {
			at.errorf("relation_targets", "merged leads to one question that other entries lead to as well")
		}
	case caiq.LineageNew:
		if e.From != "" || n == 0 {
			at.errorf("relation_targets", "new has no from and names the new question in to")
		}
		for _, to := range e.To {
			if len(l.to[to]) > 1 {
				at.errorf("new_has_predecessor", "%s is called new, but another entry leads to it", to)
			}
		}
	case caiq.LineageDropped:
		if e.From == "" || n != 0 {
			at.errorf("relation_targets", "dropped has a from and no to")
		}
	}
}

func (l *lineageLint) sameText(at place, from, to string) {
	a, b := hashesOf(l.before, from), hashesOf(l.after, to)
	if len(a) == 0 || len(b) == 0 {
		return // no wording is known to compare
	}
	if !slices.ContainsFunc(a, func(h string) bool { return slices.Contains(b, h) }) {
		at.errorf("not_the_same_text", "%s and %s have no wording in common; call it reworded or changed", from, to)
	}
}

func hashesOf(f *caiq.Format, id string) []string {
	i := slices.IndexFunc(f.Questions, func(q caiq.FormatQuestion) bool { return q.ID == id })
	if i < 0 {
		return nil
	}
	return f.Questions[i].Hashes
}

// complete wants every question of either format spoken for.
func (l *lineageLint) complete(at place) {
	if l.lineage.Partial {
		return
	}
	for _, q := range l.before.Questions {
		if l.from[q.ID] == "" {
			at.errorf("entry_missing", "%s of %s has no entry; say partial: true where questions are left out on purpose", q.ID, l.before.ID)
		}
	}
	for _, q := range l.after.Questions {
		if len(l.to[q.ID]) == 0 {
			at.errorf("successor_missing", "%s of %s follows from nothing and is not called new", q.ID, l.after.ID)
		}
	}
}

// reused checks identifiers that stand for something else in the next format.
func (l *lineageLint) reused(at place) {
	ids := make(seen)
	for i, id := range l.lineage.Reused {
		at := at.item(i)
		l.asked(at, l.before, id)
		l.asked(at, l.after, id)
		if ids.again(id) {
			at.errorf("duplicate_entry", "%s stands twice", id)
		}
		for _, j := range l.to[id] {
			if e := l.lineage.Entries[j]; e.From == id && e.Relation.Carries() {
				at.errorf("reused_carries", "%s is called %s of the same number, so it is not reused", id, e.Relation)
			}
		}
	}
}
