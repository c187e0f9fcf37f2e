package workbook

import (
	"fmt"

	"caique/internal/caiq"
)

// custom recognises the rows of a questionnaire of no known format one by one:
// by text alone, since identifiers of others' lists mean something else. The
// newest format that knows the text wins.
func (d *detector) custom(q *caiq.Questionnaire) error {
	if err := d.all(q.Questions); err != nil {
		return err
	}
	q.Format = caiq.FormatCustom
	known := 0
	for i := range q.Questions {
		question := &q.Questions[i]
		question.Match = d.byText(question)
		question.Key = key(question)
		if question.Match.Kind != caiq.MatchNone {
			known++
		}
	}
	q.Why = append(q.Why, rowsAsk(known, len(q.Questions))+" what a known format asks: not enough for any")
	if d.given == caiq.FormatCustom {
		q.Why = append(q.Why, "the layout file says so")
	}
	return nil
}

// all makes sure that every format was looked at with the topics.
func (d *detector) all(questions []caiq.Question) error {
	if len(d.seen) > 0 {
		return nil
	}
	for _, id := range d.candidates() {
		if _, err := d.judge(id, questions); err != nil {
			return err
		}
	}
	return d.readAgain(questions)
}

func (d *detector) byText(q *caiq.Question) caiq.Match {
	ambiguous := caiq.Match{Kind: caiq.MatchNone}
	for _, v := range d.seen {
		m := v.matcher.Match("", q.TextHash, q.Control)
		switch m.Kind {
		case caiq.MatchKnown:
			return m
		case caiq.MatchAmbiguous:
			if ambiguous.Kind == caiq.MatchNone {
				ambiguous = m
			}
		default:
		}
	}
	return ambiguous
}

// warnings tells what does not fit the format.
func (v *verdict) warnings(q *caiq.Questionnaire) caiq.Problems {
	var warnings caiq.Problems
	for i := range q.Questions {
		if w, ok := v.rowWarning(&q.Questions[i]); ok {
			warnings = append(warnings, w)
		}
	}
	return append(warnings, v.missing(q)...)
}

func (v *verdict) rowWarning(q *caiq.Question) (caiq.Problem, bool) {
	w := caiq.Problem{Sheet: q.Sheet, Cell: q.Cell, Warning: true}
	switch q.Match.Kind {
	case caiq.MatchNone:
		w.Code, w.Message = "unrecognised", "is no question of "+v.format.Title
	case caiq.MatchChanged:
		w.Code, w.Message = "changed_text", fmt.Sprintf("has the ID of %s but asks something else than %s", q.Match.Question.ID(), v.format.Title)
	case caiq.MatchAmbiguous:
		w.Code, w.Message = "ambiguous", fmt.Sprintf("could be any of %d questions of %s with this text", len(q.Match.Candidates), v.format.Title)
	default:
		if q.ID == "" || q.ID == q.Match.Question.ID() {
			return w, false
		}
		w.Code, w.Message = "other_id", fmt.Sprintf("has the ID %s but the text of %s", q.ID, q.Match.Question.ID())
	}
	return w, true
}

// rowsAsk is "1 of 3 rows asks", "2 of 3 rows ask".
func rowsAsk(n, of int) string {
	rows := "of " + caiq.Counted(of, "row", "rows")
	return caiq.Counted(n, rows+" asks", rows+" ask")
}

// missing tells which questions of the format the file leaves out, when it
// asks most of them.
func (v *verdict) missing(q *caiq.Questionnaire) caiq.Problems {
	asked := make(map[caiq.Ref]bool)
	for i := range q.Questions {
		asked[q.Questions[i].Match.Question] = true
	}
	var left []string
	expected := 0
	for _, fq := range v.format.Questions {
		if q.Lite && !fq.Lite {
			continue
		}
		expected++
		if !asked[v.format.Ref(fq)] {
			left = append(left, fq.ID)
		}
	}
	if len(left) == 0 || len(left)*10 > expected {
		return nil
	}
	return caiq.Problems{{
		Code: "missing_questions", Warning: true,
		Message: fmt.Sprintf("of the %d questions of %s %s not in the file: %s", expected, v.format.Title, caiq.Counted(len(left), "is", "are"), someOf(left)),
	}}
}
