package answer

import (
	"slices"

	"caique/internal/caiq"
)

// statedMonths is how long a party's own word is relied on after its review: the
// twelve months of a policy (reliableMonths), and half a year for the review
// itself. A yearly review is rarely held on the very day of the year before, and
// its date comes into the profile later still; a review that has been left out
// once leaves the word unproved.
const statedMonths = 18

// reviewedLately reports whether a review counts on the day: held by then, and
// not too long ago.
func reviewedLately(reviewed, asOf caiq.Date) bool {
	return !reviewed.IsZero() && !reviewed.After(asOf) && !lapsed(reviewed, asOf)
}

// lapsed reports whether a review is too long ago to count.
func lapsed(reviewed, asOf caiq.Date) bool {
	return !reviewed.IsZero() && asOf.After(StatedUntil(reviewed))
}

// StatedUntil is the last day on which a party's own word counts by its review.
func StatedUntil(reviewed caiq.Date) caiq.Date { return reviewed.AddMonths(statedMonths) }

// documented reports whether a document, reviewed lately, stands behind a control.
func documented(c *caiq.CompanyControl, asOf caiq.Date) bool {
	return c.Document != "" && reviewedLately(c.Reviewed, asOf)
}

// late reports whether a control should be in place by now and is only planned.
func (i *inquiry) late(c *caiq.CompanyControl) bool {
	return c.Status == caiq.Planned && !c.Target.IsZero() && c.Target.Before(i.e.opt.AsOf)
}

// statementNeed asks to review again what nothing stands behind but a document
// reviewed too long ago; false when that is not why a claim does not count.
func (i *inquiry) statementNeed(c claim) (caiq.Need, bool) {
	if c.control.Document == "" || !lapsed(c.control.Reviewed, i.e.opt.AsOf) {
		return caiq.Need{}, false
	}
	return need(codeStatement, own(i.v.profile, c.control.ID),
		"%s rests on %s, which was reviewed on %s and does not count on %s: review it again and enter the day.",
		c.control.ID, trimStop(c.control.Document), c.control.Reviewed.Long(), i.e.opt.AsOf.Long()), true
}

// directLapsed reports whether nothing stands behind a Yes of the profile but a
// review too long ago.
func (i *inquiry) directLapsed(a *caiq.DirectAnswer, backed bool) bool {
	return a.Answer == caiq.Yes && !backed && lapsed(a.Reviewed, i.e.opt.AsOf)
}

// unproven lists the providers that alone do a piece of what is asked while
// nothing of theirs that counts on the day shows it: their expected part is no
// ground for a Yes by itself.
func (i *inquiry) unproven(a *affirmation) []caiq.Need {
	var out []caiq.Need
	for _, s := range a.shares {
		if s.refusal != "" || !slices.ContainsFunc(s.tasks, i.unshown) {
			continue
		}
		out = append(out, i.providerNeed(s))
		for _, n := range s.needs {
			out = appendNew(out, n)
		}
		i.p.Candidates = appendNew(i.p.Candidates, s.candidates()...)
	}
	return out
}

// unshown reports whether nothing stands behind a task at a piece where we do nothing.
func (i *inquiry) unshown(t task) bool {
	oursToo := func(p partGround) bool { return len(p.ours) > 0 && slices.Contains(p.pieces, t.piece) }
	return !t.stands() && len(t.piece.ours) == 0 && !slices.ContainsFunc(i.g.parts, oursToo)
}

// providerNeed says what to get for a provider's part that nothing shows.
func (i *inquiry) providerNeed(s share) caiq.Need {
	day := i.e.opt.AsOf.Long()
	if s.use.Method == "inclusive" {
		return need(codeUnproved, s.use.Provider, "Only %s does this, and no report of ours that counts on %s includes it: enter the one that does.", s.name, day)
	}
	return need(codeUnproved, s.use.Provider,
		"Only %s does this, and nothing of its own that counts on %s shows it: get its report or certificate in force on that day and enter it in uses, as evidence of %s.",
		s.name, day, s.use.Provider)
}

// stands reports whether something counts for the task: evidence in force, if only
// the provider's own statement or a report that nobody has read yet.
func (t task) stands() bool { return t.level > caiq.LevelNone }

// candidates names what is expected of the provider and its controls.
func (s *share) candidates() []string {
	var out []string
	for _, d := range s.duties {
		out = append(out, d.what.ID+" (addresses "+d.at.ID()+")")
	}
	return slices.Concat(out, s.controls)
}
