package mapping

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"caique/internal/caiq"
)

// Dates are judged by the day on which somebody lints a profile of their own; what
// is built in is the same on every day. All of this warns only.

// statedMonths is how long answers rest on a document after its review.
const statedMonths = 18

// datesOf warns of what the day has overtaken: reviews that are still to come or too
// long ago, plans whose day has passed, and texts that tell of what happened after
// the review of the only document behind them.
func (l *profileLint) datesOf(at place) {
	if l.today.IsZero() {
		return
	}
	p := l.profile
	for i := range p.Evidence {
		e, at := &p.Evidence[i], at.field("evidence").item(i)
		l.reviewed(at, e.Reviewed, e.ReliableUntil)
	}
	for i := range p.Controls {
		l.controlDates(at.field("controls").item(i), &p.Controls[i])
	}
	for i, x := range p.Exclusions {
		l.notYet(at.field("exclusions").item(i).field("date"), x.Date)
	}
	for i, a := range p.Answers {
		at := at.field("answers").item(i)
		until := caiq.Date{}
		if a.Answer == caiq.Yes && len(a.Evidence) == 0 {
			until = a.Reviewed.AddMonths(statedMonths)
		}
		l.reviewed(at, a.Reviewed, until)
		if len(a.Evidence) == 0 {
			l.outran(at.field("description"), a.Description, a.Reviewed)
		}
	}
}

func (l *profileLint) controlDates(at place, c *caiq.CompanyControl) {
	if c.Status == caiq.Planned && !c.Target.IsZero() && c.Target.Before(l.today) {
		at.field("target").warnf("target_passed", "planned for %s, which has passed: no answer promises that day any more", c.Target)
	}
	until := caiq.Date{}
	if c.Status == caiq.Implemented && len(c.Evidence) == 0 {
		until = c.Reviewed.AddMonths(statedMonths)
	}
	l.reviewed(at, c.Reviewed, until)
	if c.Status != caiq.Implemented {
		return
	}
	behind := l.documented(c)
	l.outran(at.field("statement"), c.Statement, behind)
	for i, a := range c.Addresses {
		l.outran(at.field("addresses").item(i).field("says"), a.Says, behind)
	}
}

// reviewed checks the day of a review; until is the last day on which answers rest
// on it, zero where they do not rest on it alone.
func (l *profileLint) reviewed(at place, day, until caiq.Date) {
	at = at.field("reviewed")
	l.notYet(at, day)
	if !day.IsZero() && !until.IsZero() && l.today.After(until) {
		at.warnf("review_overdue", "reviewed on %s, which counts until %s: review it again and enter the day", day, until)
	}
}

func (l *profileLint) notYet(at place, day caiq.Date) {
	if day.After(l.today) {
		at.warnf("date_to_come", "%s is still to come: enter the day on which it was done", day)
	}
}

// documented is the last review of the documents behind a control; zero where
// something else stands behind it too.
func (l *profileLint) documented(c *caiq.CompanyControl) caiq.Date {
	last := c.Reviewed
	for _, id := range c.Evidence {
		e := l.evidenceByID[id]
		if e == nil || e.Kind != caiq.Policy && e.Kind != caiq.Statement {
			return caiq.Date{}
		}
		if e.Reviewed.After(last) {
			last = e.Reviewed
		}
	}
	return last
}

// outran warns of a text that tells of a day between the review of what stands
// behind it and today: the document cannot know of it.
func (l *profileLint) outran(at place, text string, review caiq.Date) {
	if review.IsZero() {
		return
	}
	for _, told := range daysIn(text) {
		if told.day.After(review) && !told.day.After(l.today) {
			at.warnf("later_than_review", "%q is later than %s, the last review of what stands behind this: take it out, or enter a later review", told.words, review)
			return
		}
	}
}

// tale is a day that a text tells of.
type tale struct {
	words string
	day   caiq.Date
}

const monthNames = `January|February|March|April|May|June|July|August|September|October|November|December`

var (
	dayInText     = regexp.MustCompile(`([A-Za-z]+ )?\b(?:(\d{1,2}) )?(` + monthNames + `) (\d{4})\b`)
	quarterInText = regexp.MustCompile(`\b(first|second|third|fourth) quarter of (\d{4})\b`)
)

// daysIn finds the days, months (by their first day) and quarters (by their last)
// in a text. What holds until, by or before a day tells nothing that happened on it.
func daysIn(text string) []tale {
	var out []tale
	for _, m := range dayInText.FindAllStringSubmatch(text, -1) {
		switch strings.ToLower(strings.TrimSpace(m[1])) {
		case "until", "by", "before":
			continue
		}
		month, _ := time.Parse("January", m[3])
		day, _ := strconv.Atoi(m[2])
		year, _ := strconv.Atoi(m[4])
		out = append(out, tale{strings.TrimPrefix(m[0], m[1]), caiq.Date{Year: year, Month: month.Month(), Day: max(day, 1)}})
	}
	for _, m := range quarterInText.FindAllStringSubmatch(text, -1) {
		year, _ := strconv.Atoi(m[2])
		quarter := map[string]time.Month{"first": 3, "second": 6, "third": 9, "fourth": 12}[m[1]]
		end := caiq.Date{Year: year, Month: quarter, Day: 1}.AddMonths(1).AddDays(-1)
		out = append(out, tale{m[0], end})
	}
	return out
}
