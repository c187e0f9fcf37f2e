package mapping

import "caique/internal/caiq"

func lintCrosswalk(at place, c *catalogue, cw *caiq.Crosswalk, name string) {
	lintSchema(at, cw.Schema)
	lintFileName(at.field("from"), string(cw.From)+"-to-"+string(cw.To), name)
	at.field("source").required(cw.Source)
	l := crosswalkLint{catalogue: c, crosswalk: cw, seen: make(map[string]string), same: make(map[string]string)}
	for i, e := range cw.Entries {
		l.entry(at.field("entries").item(i), e)
	}
	l.unmapped(at.field("entries"))
}

type crosswalkLint struct {
	*catalogue
	crosswalk *caiq.Crosswalk
	seen      map[string]string // control → its entry
	same      map[string]string // target of a same entry → that entry
}

func (l *crosswalkLint) entry(at place, e caiq.CrosswalkEntry) {
	l.member(at.field("control"), l.crosswalk.From, e.Control)
	if first, again := l.seen[e.Control]; again {
		at.field("control").errorf("duplicate_entry", "%s is mapped already by %s", e.Control, first)
	}
	l.seen[e.Control] = at.path
	targets := make(seen)
	for i, to := range e.To {
		l.member(at.field("to").item(i), l.crosswalk.To, to)
		if targets.again(to) {
			at.field("to").item(i).errorf("duplicate_target", "%s stands twice", to)
		}
	}
	oneOf(at.field("gap"), e.Gap, []caiq.Gap{caiq.GapNone, caiq.GapPartial, caiq.GapFull})
	l.gap(at, e)
	l.sameness(at, e)
	l.parts(at.field("missing"), e)
	l.entryCertified(at.field("certified"), e)
	at.field("carried_by").optional(e.CarriedBy)
	at.field("note").optional(e.Note)
}

// gap checks that level, targets and explanations go together.
func (l *crosswalkLint) gap(at place, e caiq.CrosswalkEntry) {
	soc2 := l.crosswalk.To == criteria
	switch {
	case e.Gap == caiq.GapFull && len(e.To) > 0 && e.Note == "":
		at.field("to").warnf("full_gap_with_targets", "a full gap has nothing to point to; where the source says so nevertheless, a note should explain it")
	case e.Gap != caiq.GapFull && len(e.To) == 0:
		at.errorf("target_missing", "only a full gap has an empty to")
	case e.Gap == caiq.GapPartial && soc2 && len(e.Missing) == 0 && e.Note == "":
		at.warnf("missing_parts", "a partial gap should list the missing parts, or say in a note why there are none")
	case e.Gap == caiq.GapFull && soc2 && e.CarriedBy == "":
		at.warnf("carried_by_missing", "say what evidence would carry the control instead")
	case e.Gap != caiq.GapPartial && !soc2 && len(e.Missing) > 0:
		at.field("missing").errorf("parts_of_no_gap", "only a partial gap between controls leaves parts")
	case e.Gap == caiq.GapNone && len(e.Missing) > 0 && e.Note == "":
		at.field("missing").errorf("own_judgement", "the source sees no gap: say in a note that the missing parts are own judgement")
	}
}

func (l *crosswalkLint) sameness(at place, e caiq.CrosswalkEntry) {
	if !e.Same {
		return
	}
	if e.Gap != caiq.GapNone || len(e.To) != 1 {
		at.field("same").errorf("not_the_same", "the same control has one target and no gap")
		return
	}
	if first, again := l.same[e.To[0]]; again {
		at.field("same").errorf("not_the_same", "%s says that %s is the same as another control", first, e.To[0])
	}
	l.same[e.To[0]] = at.path
}

func (l *crosswalkLint) parts(at place, e caiq.CrosswalkEntry) {
	questions, err := l.questionsOf(formatOf(l.crosswalk.From))
	ids := make(map[string]string)
	for i, p := range e.Missing {
		at := at.item(i)
		at.id(p.ID, ids)
		at.field("text").required(p.Text)
		lintCertified(at.field("certified"), p.Certified)
		l.sameCertified(at.field("certified"), p)
		if len(p.Questions) == 0 {
			at.field("questions").errorf("questions_missing", "name the questions that ask for the part")
		}
		for j, q := range p.Questions {
			at := at.field("questions").item(j)
			control, ok := questions[q]
			switch {
			case err != nil: // reported in its own file
			case !ok:
				at.errorf("unknown_question", "%s has no question %q", formatOf(l.crosswalk.From), clip(q))
			case control != e.Control:
				at.errorf("question_of_other_control", "%s belongs to %s, not to %s", q, control, e.Control)
			}
		}
	}
}

// formatOf names the questionnaire that asks about a framework's controls.
func formatOf(f caiq.FrameworkID) string {
	if version, ok := ccmVersion(string(f)); ok {
		return "caiq-" + version
	}
	return ""
}

func (l *crosswalkLint) unmapped(at place) {
	f, err := l.library.Framework(l.crosswalk.From)
	if err != nil {
		return // reported in its own file
	}
	for _, control := range f.Controls {
		if l.seen[control.ID] == "" {
			at.errorf("entry_missing", "%s has no entry", control.ID)
		}
	}
}
