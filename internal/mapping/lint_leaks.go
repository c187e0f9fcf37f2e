package mapping

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"caique/internal/caiq"
)

// secret is something that only the audience of a piece of evidence may read.
type secret struct {
	of      string // the evidence: "soc2-2026", "keystone-id:soc2-2026"
	what    string // for the message: "its issuer"
	words   string // normalised, between blanks
	name    string // a name of one word, which counts only as it is spelt; "" for all else
	release caiq.Release
}

// leaks finds texts for a wider audience that quote evidence for a narrower one:
// who issued it, when, and what deviated. What wider evidence shows as well is no secret.
func (l *profileLint) leaks(at place) {
	secrets := secretsOf(l.profile, "", l.profile)
	for _, u := range l.profile.Uses {
		p, err := l.library.provider(l.source, newParty(), u.Provider)
		if err != nil {
			continue // reported where it is used
		}
		secrets = append(secrets, secretsOf(withCopies(p, u.Evidence), p.ID+":", l.profile, p)...)
	}
	if !slices.ContainsFunc(secrets, func(s secret) bool { return s.release != caiq.ReleasePublic }) {
		return
	}
	l.eachText(at, func(at place, text string, release caiq.Release) { leak(at, text, release, secrets) })
}

// leak reports what a text of the class gives away, by the first evidence that it is of.
func leak(at place, text string, release caiq.Release, secrets []secret) {
	if text == "" {
		return
	}
	words := padded(text)
	told := make(seen)
	for _, s := range secrets {
		if s.release.VisibleTo(release) || !s.in(words, text) || told[s.words] || s.known(secrets, release) {
			continue
		}
		told[s.words] = true
		at.errorf("leaks_evidence", "this text is %s and gives away %s of %s, which is %s: say it without, or give the text that release", release, s.what, s.of, s.release)
	}
}

func (s secret) in(words, text string) bool {
	return strings.Contains(words, s.words) && strings.Contains(text, s.name)
}

// known reports whether evidence that the text's audience may read shows the same.
func (s secret) known(all []secret, audience caiq.Release) bool {
	return slices.ContainsFunc(all, func(o secret) bool { return o.words == s.words && o.release.VisibleTo(audience) })
}

// secretsOf lists what a party's evidence may give away; prefix comes before its
// ids. Names of the parties themselves are no secrets.
func secretsOf(p *caiq.Profile, prefix string, parties ...*caiq.Profile) []secret {
	var out []secret
	for i := range p.Evidence {
		e := &p.Evidence[i]
		add := func(what, text, name string, release caiq.Release) {
			if words := padded(text); strings.TrimSpace(words) != "" {
				out = append(out, secret{prefix + e.ID, what, words, name, release})
			}
		}
		if text, name := issuer(e, parties); text != "" {
			add("the issuer", text, name, e.Release)
		}
		for _, text := range periods(e) {
			add("the date", text, "", e.Release)
		}
		for _, d := range e.Deviations {
			release := narrower(d.Release, e.Release)
			add("a deviation", d.Text, "", release)
			add("the response to a deviation", d.Response, "", release)
			add("the remedy's date", d.Remediated.Long(), "", release)
		}
	}
	return out
}

// issuer returns an issuer's name without its legal form, and that name once
// more where it is one word; "" for a description and for a party's own name.
func issuer(e *caiq.Evidence, parties []*caiq.Profile) (text, name string) {
	text = withoutForm(e.Issuer)
	if first, _ := utf8.DecodeRuneInString(text); !unicode.IsUpper(first) && !unicode.IsDigit(first) {
		return "", ""
	}
	for _, p := range parties {
		for _, own := range []string{p.Name, p.Short} {
			if padded(withoutForm(own)) == padded(text) {
				return "", ""
			}
		}
	}
	if !strings.Contains(caiq.NormalizeText(text), " ") {
		name = text
	}
	return text, name
}

// withoutForm cuts the legal form off a company's name: people leave it out.
func withoutForm(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 || !slices.Contains(legalForms(), strings.ToLower(strings.ReplaceAll(words[len(words)-1], ".", ""))) {
		return strings.TrimSpace(name)
	}
	return strings.TrimRight(strings.Join(words[:len(words)-1], " "), ",")
}

func legalForms() []string {
	return []string{
		"ab", "ag", "as", "bv", "co", "corp", "gmbh", "inc", "kg", "limited", "llc", "llp", "lp", "ltd", "nv",
		"oy", "pbc", "pc", "plc", "pllc", "pty", "sa", "sarl", "sas", "se", "spa", "srl",
	}
}

// periods returns the dates of evidence as prose has them, its period also by
// months. The first day of a period tells nothing by itself: much begins on it.
func periods(e *caiq.Evidence) []string {
	var out []string
	for _, d := range []caiq.Date{e.To, e.AsOf, e.Issued} {
		if !d.IsZero() {
			out = append(out, d.Long())
		}
	}
	if !e.From.IsZero() && !e.To.IsZero() {
		out = append(out, month(e.From)+" to "+month(e.To))
	}
	return out
}

// month returns "September 2026".
func month(d caiq.Date) string {
	_, rest, _ := strings.Cut(d.Long(), " ")
	return rest
}

func narrower(a, b caiq.Release) caiq.Release {
	if a.VisibleTo(b) {
		return b
	}
	return a
}

func padded(text string) string { return " " + caiq.NormalizeText(text) + " " }

// eachText visits every text that answers quote, with the audience it may go to.
func (l *profileLint) eachText(at place, visit func(place, string, caiq.Release)) {
	p := l.profile
	for i := range p.Controls {
		c, at := &p.Controls[i], at.field("controls").item(i)
		visit(at.field("statement"), c.Statement, c.Release)
		visit(at.field("reason"), c.Reason, c.Release)
		visit(at.field("remedy"), c.Remedy, c.Release)
		visit(at.field("document"), c.Document, c.Release)
		eachSays(at, c.Addresses, c.Release, visit)
	}
	eachDuty(at.field("cuecs"), p.CUECs, visit)
	for i, u := range p.Uses {
		at := at.field("uses").item(i)
		visit(at.field("for"), u.For, caiq.ReleasePublic)
		eachDuty(at.field("csocs"), u.CSOCs, visit)
	}
	for i, x := range p.Exclusions {
		at := at.field("exclusions").item(i)
		visit(at.field("reason"), x.Reason, x.Release)
		eachSays(at, x.Addresses, x.Release, visit)
	}
	for i, a := range p.Answers {
		at := at.field("answers").item(i)
		visit(at.field("description"), a.Description, a.Release)
		visit(at.field("customer"), a.Customer, a.Release)
	}
	for i, f := range p.Facts {
		visit(at.field("facts").item(i).field("value"), f.Value, f.Release)
	}
}

func eachDuty(at place, ds []caiq.Duty, visit func(place, string, caiq.Release)) {
	for i, d := range ds {
		at := at.item(i)
		visit(at.field("text"), d.Text, d.Release)
		eachSays(at, d.Addresses, d.Release, visit)
	}
}

func eachSays(at place, as []caiq.Address, release caiq.Release, visit func(place, string, caiq.Release)) {
	for i, a := range as {
		visit(at.field("addresses").item(i).field("says"), a.Says, release)
	}
}
