package app

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"caique/internal/caiq"
)

// answerWords are the words of an answer, to be searched for names: normalised, with a
// blank at either end.
func answerWords(a caiq.Answer) string { return spoken(a.Description + "\n" + a.Customer) }

func spoken(text string) string { return " " + caiq.NormalizeText(text) + " " }

// namedIn reports whether an answer names evidence: by its title, by its document or
// by who issued it, where that is not the party itself.
func (e namedEvidence) namedIn(words string) bool {
	for _, name := range []string{e.Title, e.Document, e.auditor()} {
		if name != "" && strings.Contains(words, spoken(name)) {
			return true
		}
	}
	return false
}

// auditor is the name of who issued the evidence; "" for the party itself and for
// what only describes somebody ("an independent service auditor").
func (e namedEvidence) auditor() string {
	if first, _ := utf8.DecodeRuneInString(e.Issuer); !unicode.IsUpper(first) {
		return ""
	}
	if own := spoken(e.Issuer); own == spoken(e.Party.Name) || own == spoken(e.Party.Short) {
		return ""
	}
	return e.Issuer
}

// carried is the evidence that an answer stands on. The engine's words stand on all
// that it let count. A person's stand on what they name of that, and on none where
// the person does not say the Yes that the engine had evidence for.
func carried(k *caiq.Knowledge, a *caiq.StoredAnswer) []namedEvidence {
	counted := countedEvidence(k, a.Proposal.Basis)
	if !a.ByHand() {
		return counted
	}
	if a.Value != caiq.Yes || a.Proposal.Value != caiq.Yes {
		return nil
	}
	words := answerWords(a.Answer)
	named := func(e namedEvidence) bool {
		return e.namedIn(words) || e.Bridges != "" && slices.ContainsFunc(counted, func(o namedEvidence) bool {
			return o.Party == e.Party && o.ID == e.Bridges && o.namedIn(words)
		})
	}
	return slices.DeleteFunc(counted, func(e namedEvidence) bool { return !named(e) })
}

// withheldName is a name that belongs to evidence which an audience may not know of.
type withheldName struct {
	spoken string // normalised, see spoken
	ref    string // of the evidence
	class  caiq.Release
	who    bool // it names who issued it, not what it is called
}

// keptNames remembers what one knowledge withholds, by audience: every list of answers
// asks.
type keptNames struct {
	mu    sync.Mutex
	known map[caiq.Release][]withheldName
}

func (n *keptNames) withheld(k *caiq.Knowledge, audience caiq.Release) []withheldName {
	n.mu.Lock()
	defer n.mu.Unlock()
	names, ok := n.known[audience]
	if !ok {
		if names = withheldNames(k, audience); n.known == nil {
			n.known = make(map[caiq.Release][]withheldName)
		}
		n.known[audience] = names
	}
	return names
}

// withheldNames lists them for an audience. What evidence that it may know of is
// called, or by whom that was issued, is no secret.
func withheldNames(k *caiq.Knowledge, audience caiq.Release) []withheldName {
	var names []withheldName
	open := make(map[string]bool)
	for _, p := range k.Profiles {
		for i := range p.Evidence {
			e := namedEvidence{&p.Evidence[i], p}
			for n, name := range []string{e.Title, e.auditor()} {
				switch {
				case name == "":
				case e.Release.VisibleTo(audience):
					open[spoken(name)] = true
				default:
					names = append(names, withheldName{spoken(name), e.Ref(), e.Release, n == 1})
				}
			}
		}
	}
	names = slices.DeleteFunc(names, func(n withheldName) bool { return open[n.spoken] })
	slices.SortFunc(names, func(a, b withheldName) int { return strings.Compare(a.ref+a.spoken, b.ref+b.spoken) })
	return names
}

// nameProblems tells where a person's words name evidence that the audience may not
// know of. That there is a report may be said, after a second look; who audited, and
// so whose report it is, does not leave. What the engine writes is kept to the
// audience already.
func nameProblems(row *caiq.ReviewRow, names []withheldName, audience caiq.Release) caiq.Problems {
	var ps caiq.Problems
	if !row.Answer.ByHand() {
		return nil
	}
	q, told := &row.Question.Question, make(map[string]bool)
	for _, f := range textFields(row.Answer.Answer) {
		words := spoken(f.text)
		for _, n := range names {
			if told[f.name+n.spoken] || !strings.Contains(words, n.spoken) {
				continue
			}
			told[f.name+n.spoken] = true
			ps = append(ps, n.problem(q, f.name, audience))
		}
	}
	return ps
}

func (n withheldName) problem(q *caiq.Question, field string, audience caiq.Release) caiq.Problem {
	p := caiq.Problem{Sheet: q.Sheet, Cell: q.Cell, Field: field, Code: "names_withheld", Warning: !n.who}
	name := strings.TrimSpace(n.spoken)
	if n.who {
		p.Message = "it names " + name + ", who issued " + n.ref + ": that evidence is for the audience " + string(n.class) + " and this answer for " + string(audience) +
			". Leave the name out, or propose the questionnaire for a narrower audience"
		return p
	}
	p.Message = "it names " + n.ref + " (" + name + "), which is for the audience " + string(n.class) + ", and this answer is for " + string(audience) +
		": nothing of what it says may go along"
	return p
}
