package workbook

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"caique/internal/caiq"
)

// headingWords is the length up to which a text may be a heading that neither
// asks nor has an identifier or an answer.
const headingWords = 5

// headings tells the short texts of a table that head the rows below from those
// that ask in few words: "Access control" from "Legal name". Where answers go
// beside it a short text is a question unless something speaks for a heading.
type headings struct {
	told  bool           // nearly every row that asks has a cell beside it that says where it belongs
	named bool           // nearly every row that asks has an identifier
	usual headingLook    // what most rows look like
	fills map[int]bool   // backgrounds that are usual
	begin bool           // the first text is short: a table with headings begins with one
	alone map[int]bool   // short texts with one that asks above and below
	texts map[string]int // how often each short text stands there
}

// learnHeadings looks at the texts of the table from the top.
func (r *tableReader) learnHeadings() {
	r.heads = headings{fills: make(map[int]bool), alone: make(map[int]bool), texts: make(map[string]int)}
	rows, short := r.texted()
	r.learnLooks(rows, short)
	var run []int // short texts since one that asks
	for i, row := range rows {
		switch {
		case short[i] && r.apart(row):
		case short[i]:
			r.heads.begin = r.heads.begin || i == 0
			r.heads.texts[caiq.NormalizeText(r.text(row))]++
			run = append(run, row.num)
		default:
			if len(run) == 1 {
				r.heads.alone[run[0]] = true
			}
			run = run[:0]
		}
	}
}

// texted returns the rows that may ask or be headings, and which are short. Answers
// play no part: with some of them written the others are to be read as before.
func (r *tableReader) texted() (rows []gridRow, short []bool) {
	for _, row := range r.g.rows {
		text := r.text(row)
		if row.num <= r.t.headerEnd() || row.num > r.t.last || r.t.isHeader(row.num) || text == "" || aside(text) || r.acrossAnswers(row.num) {
			continue
		}
		rows = append(rows, row)
		short = append(short, isShort(text) && !isID(r.filled(row, caiq.RoleID)) && !asks(text))
	}
	return rows, short
}

// learnLooks learns what is usual: what most rows that ask look like, or most rows
// of all. A form may ask in short texts alone.
func (r *tableReader) learnLooks(rows []gridRow, short []bool) {
	var asking, all looks
	told, named := 0, 0
	for i, row := range rows {
		look := r.look(row)
		all.add(look)
		if short[i] {
			continue
		}
		asking.add(look)
		r.heads.fills[look.fill] = true
		told += one(r.belongs(row))
		named += one(isID(r.filled(row, caiq.RoleID)))
	}
	r.heads.usual = headingLook{
		bold:     asking.most(asking.bold) || all.most(all.bold),
		numbered: asking.most(asking.numbered) || all.most(all.numbered),
		loud:     asking.most(asking.loud) || all.most(all.loud),
	}
	for fill, rows := range all.fills {
		r.heads.fills[fill] = r.heads.fills[fill] || all.most(rows)
	}
	r.heads.told = asking.rows > 0 && float64(told) >= numberedShare*float64(asking.rows)
	r.heads.named = asking.rows > 0 && float64(named) >= numberedShare*float64(asking.rows)
}

// looks counts rows by what they look like.
type looks struct {
	rows, bold, numbered, loud int
	fills                      map[int]int
}

func (l *looks) add(look headingLook) {
	if l.fills == nil {
		l.fills = make(map[int]int)
	}
	l.rows++
	l.bold += one(look.bold)
	l.numbered += one(look.numbered)
	l.loud += one(look.loud)
	l.fills[look.fill]++
}

// most reports whether so many are more than half of the rows.
func (l *looks) most(rows int) bool { return 2*rows > l.rows }

// isHeading decides on a short text that does not ask.
func (r *tableReader) isHeading(row gridRow) bool {
	text, h := r.text(row), &r.heads
	switch {
	case !r.t.answers() || !r.writable(row) || r.apart(row):
		return true
	case r.belongs(row):
		return false
	case h.told || h.named || h.texts[caiq.NormalizeText(text)] > 1:
		return true
	case states(text) || startsLower(text):
		return false
	default:
		return h.begin && len(h.alone) > 1 && h.alone[row.num]
	}
}

// isShort reports whether a text has few enough words for a heading.
func isShort(text string) bool {
	words := 0
	for range strings.FieldsSeq(text) {
		if words++; words > headingWords {
			return false
		}
	}
	return true
}

// headingLook is how headings stand out.
type headingLook struct {
	bold, numbered, loud bool
	fill                 int // which background; 0 for none
}

// apart reports whether the row stands out from those that ask: it is bold,
// numbered, in capitals or has a background, and they are not or have another. A
// row that is filed like them is marked for another reason.
func (r *tableReader) apart(row gridRow) bool {
	if r.heads.told && r.belongs(row) {
		return false
	}
	look, usual := r.look(row), r.heads.usual
	return look.bold && !usual.bold || look.numbered && !usual.numbered || look.loud && !usual.loud ||
		look.fill != 0 && !r.heads.fills[look.fill]
}

// look returns what the row's question cell looks like.
func (r *tableReader) look(row gridRow) headingLook {
	text, style := r.text(row), r.g.look(row.at(r.t.columns[caiq.RoleQuestion]).style)
	return headingLook{bold: style.bold, numbered: sectionNumber.MatchString(text), loud: isLoud(text), fill: style.fill}
}

// sectionNumber is how a text begins that is numbered: "1. Crew", "A) Crew", "Part 2",
// and not "24 hour watch".
var sectionNumber = regexp.MustCompile(`^(?:\d+(?:\.\d+)*[.):]|\d+(?:\.\d+)+|[A-Z][.):]|(?i:part|section|chapter|teil|abschnitt|kapitel|partie|parte) (?:\d+|[A-Z]))(?:[\s:.-]|$)`)

// isLoud reports whether a text is in capitals, and no abbreviation.
func isLoud(text string) bool {
	const abbreviation = 5
	letters := 0
	for _, c := range text {
		if unicode.IsLower(c) {
			return false
		}
		letters += one(unicode.IsLetter(c))
	}
	return letters > abbreviation
}

// one is 1 if something is so.
func one(so bool) int {
	if so {
		return 1
	}
	return 0
}

// belongs reports whether a cell beside the question says where the row belongs,
// as the domain does. Numbers aside: a heading may have one too.
func (r *tableReader) belongs(row gridRow) bool {
	for role, col := range r.t.columns {
		if role == caiq.RoleQuestion || role == caiq.RoleID || role.Writable() {
			continue
		}
		if strings.TrimSpace(r.g.filled(row.num, col)) != "" {
			return true
		}
	}
	return false
}

// writable reports whether an answer may be written into the row.
func (r *tableReader) writable(row gridRow) bool {
	for role, col := range r.t.columns {
		if role.Writable() && r.target(role, row.num, row.at(col)).Locked == "" {
			return true
		}
	}
	return false
}

// startsLower tells "backups kept for a year" from "Backups": headings begin
// with a capital.
func startsLower(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(first)
}
