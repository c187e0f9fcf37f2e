package answer_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/answer"
	"caique/internal/caiq"
)

// Random small profiles must keep the promises whatever they hold.
func TestPromisesHoldForRandomProfiles(t *testing.T) {
	t.Parallel()
	for seed := range uint64(150) {
		k := randomKnowledge(rand.New(rand.NewPCG(seed, 1)))
		for _, to := range []caiq.Release{caiq.ReleasePublic, caiq.ReleaseNDA, caiq.ReleaseInternal} {
			e := engine(t, k, audience(to))
			again := engine(t, k, audience(to))
			for _, q := range allQuestions() {
				p := propose(t, e, q)
				checkPromises(t, k, to, p)
				if diff := cmp.Diff(p, again.Propose(known(q))); diff != "" {
					t.Errorf("two runs differ: %s", diff)
				}
			}
			if t.Failed() {
				t.Fatalf("seed %d, audience %s", seed, to)
			}
		}
	}
}

// checkPromises relies on what randomKnowledge writes into each text: who says
// it, its class and its status, as in "acme|internal|implemented".
func checkPromises(t *testing.T, k *caiq.Knowledge, to caiq.Release, p caiq.Proposal) {
	t.Helper()
	told := p.Description + "\n" + p.Customer
	for _, class := range []caiq.Release{caiq.ReleasePublic, caiq.ReleaseNDA, caiq.ReleaseInternal} {
		if !class.VisibleTo(to) && strings.Contains(told, "|"+string(class)) {
			t.Errorf("%s tells %s facts to %s: %q", p.Question, class, to, told)
		}
	}
	if strings.Contains(p.Customer, host+"|") {
		t.Errorf("%s: a provider's words in column F: %q", p.Question, p.Customer)
	}
	switch p.Value {
	case caiq.Yes:
		if !strings.Contains(p.Description, "|implemented") && !strings.Contains(p.Description, "|csoc") && !strings.Contains(p.Description, "|answer") {
			t.Errorf("%s: Yes without anything implemented: %q", p.Question, p.Description)
		}
	case caiq.No:
		if !strings.Contains(p.Description, "|planned") && !strings.Contains(p.Description, "|absent") && !strings.Contains(p.Description, "|failed") {
			t.Errorf("%s: No without anything lacking: %q", p.Question, p.Description)
		}
	case caiq.NA:
		if !strings.Contains(p.Description, "|exclusion") {
			t.Errorf("%s: NA without an exclusion: %q", p.Question, p.Description)
		}
	}
	if p.Band == caiq.BandSupported && !anyAudited(k, p) {
		t.Errorf("%s: supported without audited evidence in the basis", p.Question)
	}
}

// anyAudited reports whether a step of the basis stands on a report or certificate that counts.
func anyAudited(k *caiq.Knowledge, p caiq.Proposal) bool {
	for _, s := range p.Basis {
		if s.Kind != caiq.StepEvidence || strings.Contains(s.Text, "does not count") {
			continue
		}
		party, id, _ := strings.Cut(s.Ref, ":")
		if e := k.Profiles[party].EvidenceByID(id); e != nil && e.Kind.Level() >= caiq.LevelCertified && e.Confirm == "" {
			return true
		}
	}
	return false
}

func allQuestions() []string {
	var out []string
	for _, f := range []string{"caiq-4.1", "caiq-4.0", "caiq-3.1", "caiq-1.1"} {
		for _, q := range knowledge().Formats[caiq.FormatID(f)].Questions {
			out = append(out, f+"/"+q.ID)
		}
	}
	return out
}

func randomKnowledge(r *rand.Rand) *caiq.Knowledge {
	us := acme()
	us.Evidence = randomEvidence(r)
	for n := range r.IntN(7) {
		us.Controls = append(us.Controls, randomControl(r, us, n))
	}
	for n := range r.IntN(3) {
		d := caiq.Duty{ID: fmt.Sprintf("CUEC-%d", n), Addresses: randomAddresses(r, ""), Release: randomClass(r)}
		d.Text = fmt.Sprintf("You do %d (%s|%s|cuec).", n, self, d.Release)
		us.CUECs = append(us.CUECs, d)
	}
	if r.IntN(3) == 0 {
		x := caiq.Exclusion{ID: "EXC-1", Addresses: randomAddresses(r, ""), ApprovedBy: "CISO", Date: date("2026-06-01"), Release: randomClass(r)}
		x.Reason = fmt.Sprintf("There is none (%s|%s|exclusion).", self, x.Release)
		us.Exclusions = append(us.Exclusions, x)
	}
	if r.IntN(4) == 0 {
		a := caiq.DirectAnswer{Question: "caiq-4.1/IAM-14.1", Answer: caiq.Yes, Release: randomClass(r), Owner: "CISO", Reviewed: date("2026-01-01")}
		a.Description = fmt.Sprintf("Yes (%s|%s|answer).", self, a.Release)
		us.Answers = append(us.Answers, a)
	}
	them := cloudco()
	them.Evidence = randomEvidence(r)
	for n := range r.IntN(4) {
		them.Controls = append(them.Controls, randomControl(r, them, n))
	}
	them.CUECs = []caiq.Duty{{ID: "T-1", Text: "You do this (" + host + "|public).", Addresses: randomAddresses(r, ""), Release: caiq.ReleasePublic}}
	if r.IntN(2) == 0 {
		us.Uses = []caiq.Use{randomUse(r)}
	}
	return knowledge(us, them)
}

func randomUse(r *rand.Rand) caiq.Use {
	class := randomClass(r)
	u := caiq.Use{Provider: host, For: "hosting", Method: pick(r, "carve-out", "inclusive"), MonitoredBy: pick(r, "C-0", "")}
	u.CSOCs = []caiq.Duty{{ID: "CSOC-1", Text: fmt.Sprintf("CloudCo does it (%s|%s|csoc).", self, class), Addresses: randomAddresses(r, ""), Release: class}}
	return u
}

// randomlyUnread leaves some evidence to be confirmed.
func randomlyUnread(r *rand.Rand, e *caiq.Evidence) {
	if r.IntN(4) == 0 {
		unread(e)
		e.NotMet, e.Deviations = nil, nil
		e.Available = "from the portal (x|" + string(e.Release) + ")"
	}
}

func randomEvidence(r *rand.Rand) []caiq.Evidence {
	report := soc2("soc2", func(e *caiq.Evidence) {
		e.Release = randomClass(r)
		e.Issuer = "Audit LLP (x|" + string(e.Release) + ")"
		e.Opinion = pick(r, caiq.Unqualified, caiq.Unqualified, caiq.Qualified, caiq.Adverse)
		if e.Opinion == caiq.Qualified {
			e.NotMet = []string{pick(r, "CC6.1", "CC5.3")}
		}
		if r.IntN(3) == 0 {
			e.Issued = date("2026-12-01")
		}
		if r.IntN(2) == 0 {
			d := caiq.Deviation{Control: "C-0", CriterionMet: r.IntN(2) == 0, Release: randomClass(r)}
			d.Text = "Something was late (x|" + string(d.Release) + ")."
			if r.IntN(2) == 0 {
				d.Remediated = date("2026-10-10")
			}
			e.Deviations = []caiq.Deviation{d}
		}
		randomlyUnread(r, e)
	})
	certificate := iso(func(e *caiq.Evidence) {
		e.Release = randomClass(r)
		e.Issuer = "Cert Ltd (x|" + string(e.Release) + ")"
		e.System = "All of it (x|" + string(e.Release) + ")"
		randomlyUnread(r, e)
	})
	document := policy("pol", func(e *caiq.Evidence) {
		e.Release = randomClass(r)
		e.Document = "Policy (x|" + string(e.Release) + ")"
	})
	return []caiq.Evidence{report, certificate, document}
}

func randomControl(r *rand.Rand, p *caiq.Profile, n int) caiq.CompanyControl {
	c := caiq.CompanyControl{
		ID: fmt.Sprintf("C-%d", n), Title: "Control", Release: randomClass(r), TargetRelease: caiq.ReleaseInternal,
		Status: pick(r, caiq.Implemented, caiq.Implemented, caiq.Implemented, caiq.Planned, caiq.Absent, caiq.Failed),
		Owner:  pick(r, "CISO", ""), Criteria: []string{pick(r, "CC6.1", "CC5.3", "CC6.4")},
		Evidence: pick(r, nil, []string{"soc2"}, []string{"iso"}, []string{"pol"}, []string{"soc2", "iso"}, []string{"gone"}),
	}
	mark := fmt.Sprintf("(%s|%s|%s)", p.ID, c.Release, c.Status)
	c.Statement = fmt.Sprintf("%s does it %s.", c.ID, mark)
	c.Reason, c.Remedy = "A reason "+mark+".", "A remedy "+mark+"."
	if r.IntN(2) == 0 {
		c.Document, c.Reviewed = "Handbook "+mark, date("2026-02-01")
	}
	c.Addresses = randomAddresses(r, mark)
	return c
}

func randomAddresses(r *rand.Rand, mark string) []caiq.Address {
	all := []caiq.Ref{
		"ccm-4.1/IAM-13", "ccm-4.1/IAM-13#mfa", "ccm-4.1/IAM-14", "caiq-4.1/IAM-13.1", "caiq-4.1/IAM-14.1", "caiq-4.0/IAM-14.1",
		"ccm-4.1/GRC-01", "ccm-4.1/GRC-01#annual-review", "caiq-4.1/GRC-01.1", "caiq-4.1/GRC-01.2", "ccm-4.0/GRC-01", "ccm-4.1/DCS-01",
		"caiq-4.1/DSP-08.1", "caiq-4.1/DSP-18.1", "ccm-4.1/LOG-05", "ccm-4.0/LOG-05", "ccm-3.0.1/IAM-12",
	}
	var out []caiq.Address
	for range 1 + r.IntN(4) {
		a := caiq.Address{Ref: pick(r, all...)}
		if mark != "" && r.IntN(3) == 0 {
			a.Says = fmt.Sprintf("This is said of %s %s.", a.Ref, mark)
		}
		out = append(out, a)
	}
	return out
}

func randomClass(r *rand.Rand) caiq.Release {
	return pick(r, caiq.ReleasePublic, caiq.ReleasePublic, caiq.ReleaseNDA, caiq.ReleaseInternal)
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func TestLiftsRankWhatDecides(t *testing.T) {
	t.Parallel()
	k := knowledge(acme(
		control("GOV-01", at("caiq-4.1/GRC-01.1", "caiq-4.1/GRC-01.2"), documented()),
		control("AC-01", at("caiq-4.1/IAM-14.1"), documented()),
		control("AC-02", at("caiq-4.1/IAM-13.1"), proved("iso")),
		control("LOG-01", at("ccm-4.1/LOG-05"), status(caiq.Planned)),
		excludes("EXC-01", "2026-01-10", "ccm-4.1/DCS-01"),
	))
	e := engine(t, k)
	var ps []caiq.Proposal
	for _, q := range []string{"IAM-13.1", "IAM-14.1", "DCS-01.1", "LOG-05.1", "GRC-01.1", "GRC-01.2", "DSP-08.1"} {
		ps = append(ps, propose(t, e, "caiq-4.1/"+q))
	}
	var got []string
	for _, l := range e.Lifts(ps) {
		got = append(got, fmt.Sprintf("%d %s %s", len(l.Questions), l.Code, l.Ref))
		if l.Text == "" {
			t.Errorf("%s %s has no text", l.Code, l.Ref)
		}
	}
	want := []string{"2 not_audited acme:GOV-01", "1 declared acme:LOG-01", "1 no_control ccm-4.1/DSP-08", "1 not_audited acme:AC-01"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func BenchmarkPropose300(b *testing.B) {
	us := acme(
		uses(nil, "ccm-4.1/DCS-01"),
		control("AC-01", at("ccm-4.1/IAM-13", "caiq-4.1/IAM-13.1"), proved("soc2", "iso"), criteria("CC6.1")),
		control("AC-02", at("ccm-4.1/IAM-14"), proved("soc2"), criteria("CC6.1")),
		control("GOV-01", at("ccm-4.1/GRC-01", "ccm-4.1/GRC-01#annual-review"), proved("soc2", "pol"), criteria("CC5.3")),
		cuec(duty("CUEC-01", "ccm-4.1/IAM-13")),
	)
	e, err := answer.New(knowledge(us, provingHost()), self, caiq.Options{AsOf: date(day), Audience: caiq.ReleaseNDA})
	if err != nil {
		b.Fatal(err)
	}
	var questions []*caiq.Question
	for all := allQuestions(); len(questions) < 300; {
		questions = append(questions, known(all[len(questions)%len(all)]))
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, q := range questions {
			e.Propose(q)
		}
	}
}
