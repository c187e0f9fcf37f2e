package workbook

import "caique/internal/caiq"

// Scores from which a header is believed where two columns take answers.
const (
	verdictHeader = .5 // "Compliant?" does, "Status" alone does not
	replyHeader   = .8
)

// pairAnswers tells the columns of a table that heads two for the answer: Yes, No
// or a grade goes into "Compliant?", and what explains it into "Supplier response"
// beside it.
func (t *table) pairAnswers(g *grid, v *vocabulary, l *lists) {
	answer := t.columns[caiq.RoleAnswer]
	if answer == 0 {
		return
	}
	reply := answer
	switch head := t.answerHead(g, v, answer); {
	case head.reply && !t.listed(g, l, answer, offersAnswers):
		answer = t.verdictBefore(g, v, reply)
	case !head.reply:
		reply = t.replyBeside(g, v, answer)
	default:
		return
	}
	if answer == 0 || reply == 0 {
		return
	}
	t.columns[caiq.RoleAnswer] = answer
	for _, role := range []caiq.Role{caiq.RoleNotes, caiq.RoleDescription} {
		if t.columns[role] == 0 {
			t.columns[role] = reply
			return
		}
	}
}

// verdictBefore returns the column between the questions and the replies that is
// headed by words for Yes or No, or 0.
func (t *table) verdictBefore(g *grid, v *vocabulary, reply int) int {
	for col := reply - 1; col > t.columns[caiq.RoleQuestion]; col-- {
		if head := t.answerHead(g, v, col); t.roleOf(col) == "" && !head.reply && head.score > verdictHeader {
			return col
		}
	}
	return 0
}

// replyBeside returns the column right of the verdicts that is headed by words for
// an answer of any kind, or 0.
func (t *table) replyBeside(g *grid, v *vocabulary, verdict int) int {
	for col := verdict + 1; col <= verdict+maxOpenColumns; col++ {
		if head := t.answerHead(g, v, col); t.roleOf(col) == "" && head.reply && head.score >= replyHeader {
			return col
		}
	}
	return 0
}

// answerHead returns how the header says that a column takes answers, or the zero
// headerRole.
func (t *table) answerHead(g *grid, v *vocabulary, col int) headerRole {
	var best headerRole
	for _, row := range t.headers {
		if r := v.role(g.at(row, col).text); r.role == caiq.RoleAnswer && r.score > best.score {
			best = r
		}
	}
	return best
}
