package answer

import (
	"fmt"
	"slices"

	"caique/internal/caiq"
)

// Engine proposes answers for one profile, audience and day. It holds no state
// and is safe for concurrent use.
type Engine struct {
	opt   caiq.Options
	graph *graph
	all   *view            // everything the profile knows
	told  *view            // what the audience may know of it; all where nothing is withheld
	views map[string]*view // of every profile, with everything
}

// New prepares the engine for a profile of the knowledge. Errors are caiq.Error:
// not_found for an unknown profile, invalid for missing options and for direct
// answers without a value.
func New(k *caiq.Knowledge, profile string, opt caiq.Options) (*Engine, error) {
	if k == nil {
		return nil, caiq.Errorf(caiq.Invalid, "no_knowledge", "no knowledge to answer from")
	}
	p := k.Profiles[profile]
	if p == nil {
		return nil, caiq.Errorf(caiq.NotFound, "unknown_profile", "there is no profile %q", profile)
	}
	if opt.AsOf.IsZero() {
		return nil, caiq.Errorf(caiq.Invalid, "no_as_of", "no as-of date: answers depend on the day they are given for")
	}
	if !opt.Audience.Valid() {
		return nil, caiq.Errorf(caiq.Invalid, "bad_audience", "unknown audience %q", opt.Audience).
			WithHint("use public, nda or internal")
	}
	if err := checkAnswers(p); err != nil {
		return nil, err
	}
	e := &Engine{opt: opt, graph: newGraph(k), views: make(map[string]*view, len(k.Profiles))}
	for id, other := range k.Profiles {
		e.views[id], _ = newView(other, caiq.ReleaseInternal)
	}
	e.all = e.views[profile]
	e.told = e.all
	if told, hidden := newView(p, opt.Audience); hidden {
		e.told = told
	}
	return e, nil
}

func checkAnswers(p *caiq.Profile) error {
	for _, a := range p.Answers {
		if a.Answer != caiq.Yes && a.Answer != caiq.No && a.Answer != caiq.NA {
			return caiq.Errorf(caiq.Invalid, "bad_direct_answer", "profile %s answers %s with %q", p.ID, a.Question, a.Answer).
				WithHint("answer yes, no or na, or leave the direct answer out")
		}
	}
	return nil
}

// Propose suggests an answer to a question of a questionnaire, with its basis.
// A question that was not recognised stays blank.
func (e *Engine) Propose(q *caiq.Question) caiq.Proposal {
	switch q.Match.Kind {
	case caiq.MatchKnown, caiq.MatchChanged, caiq.MatchFound:
	case caiq.MatchPicked:
		if !q.Match.Question.IsQuestion() {
			return pickedElsewhere(q)
		}
	case caiq.MatchAmbiguous:
		return unrecognised(q, need(codeAmbiguous, string(q.Key), "Several questions have this text (%s): the row's identifier or control has to decide.", joinRefs(q.Match.Candidates)))
	default:
		return unrecognised(q, need(codeUnknown, string(q.Key), "This is no known question: answer it by hand."))
	}
	f := e.confirm(q)
	if q.Match.Kind != caiq.MatchFound {
		f.own, _ = e.graph.position(q.Match.Question)
	}
	whole := e.ask(q, &f, e.all)
	if e.told == e.all {
		return whole
	}
	return e.withhold(whole, e.ask(q, &f, e.told), f.reach)
}

// withhold returns what the audience may be told if it comes to the same answer
// as everything that is known; otherwise nothing.
func (e *Engine) withhold(whole, told caiq.Proposal, r *reach) caiq.Proposal {
	hidden := e.hidden(r)
	if whole.Value == told.Value && whole.Ownership == told.Ownership {
		told.Basis = append(told.Basis, hidden...)
		if told.Value == "" {
			told.Needs, told.Candidates, told.Band = whole.Needs, whole.Candidates, whole.Band
			told.Basis = slices.Concat(whole.Basis, hidden)
		}
		if whole.Band.Rank() > told.Band.Rank() {
			told.Band, told.Needs = whole.Band, slices.Concat(whole.Needs, told.Needs)
		}
		return told
	}
	whole.Basis = append(whole.Basis, hidden...)
	if whole.Blank() {
		return whole // blank for a reason of its own
	}
	whole.Answer = caiq.Answer{}
	whole.Band = caiq.BandWeak
	whole.Needs = append([]caiq.Need{need(codeWithheld, string(whole.Question),
		"What decides this answer may not go to this audience (%s): release it, or answer for a narrower audience.", e.opt.Audience)}, whole.Needs...)
	return whole
}

// hidden tells the reviewer what speaks to the question and is withheld.
func (e *Engine) hidden(r *reach) []caiq.Step {
	at := r.addresses()
	for _, bundles := range [][]bundle{r.near, r.far} {
		for n := range bundles {
			at = appendNew(at, bundles[n].addresses()...)
		}
	}
	var out []caiq.Step
	add := func(id string, class caiq.Release) {
		if !class.VisibleTo(e.opt.Audience) {
			out = append(out, caiq.Step{
				Kind: caiq.StepRelease, Ref: own(e.all.profile, id), Depth: 1,
				Text: fmt.Sprintf("Withheld from this audience (%s).", class),
			})
		}
	}
	for _, h := range hitsAt(e.all.controls, at) {
		add(h.what.ID, h.what.Release)
	}
	for _, h := range hitsAt(e.all.csocs, at) {
		add(h.what.ID, h.what.Release)
	}
	for _, h := range hitsAt(e.all.cuecs, at) {
		add(h.what.ID, h.what.Release)
	}
	for _, h := range hitsAt(e.all.exclusions, at) {
		add(h.what.ID, h.what.Release)
	}
	for _, q := range r.exact {
		if a := e.all.answers[q]; a != nil {
			add(string(a.Question), a.Release)
		}
	}
	return out
}

// nameOf is how prose names a profile.
func (e *Engine) nameOf(id string) string {
	v := e.views[id]
	switch {
	case v == nil:
		return id
	case v.profile.Short != "":
		return v.profile.Short
	default:
		return v.profile.Name
	}
}

// pickedElsewhere leaves a question open that a reviewer matched to one which is
// answered in the library alone.
func pickedElsewhere(q *caiq.Question) caiq.Proposal {
	p := unrecognised(q, need(codeUnknown, string(q.Match.Question), "The answer that was chosen for it is no longer offered: choose another, or answer by hand."))
	p.Basis[0].Text = matchText(q)
	return p
}

func unrecognised(q *caiq.Question, n caiq.Need) caiq.Proposal {
	p := newProposal(q)
	p.Basis = []caiq.Step{{Kind: caiq.StepMatch, Ref: string(q.Key), Text: "Not recognised as a known question."}}
	p.Needs = []caiq.Need{n}
	return p
}
