package caiq

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMatcher(t *testing.T) {
	t.Parallel()
	own, shared, topic := TextHash("only here"), TextHash("asked twice"), "Our own words?"
	f := &Format{ID: "caiq-4.0", Questions: []FormatQuestion{
		{ID: "BCR-01.1", Control: "BCR-01", Hashes: []string{own}},
		{ID: "BCR-01.2", Control: "BCR-01", Hashes: []string{shared}},
		{ID: "GRC-01.2", Control: "GRC-01", Hashes: []string{shared}},
		{ID: "GRC-01.1", Control: "GRC-01"},
	}}
	m := NewMatcher(f, []Topic{{Questions: []Ref{"caiq-4.0/BCR-01.1", "caiq-4.1/GRC-01.1"}, Topic: topic}})
	known := func(id string) Match {
		return Match{Kind: MatchKnown, Question: MakeRef("caiq-4.0", id), HasText: true}
	}
	for _, c := range []struct {
		name, id, hash, control string
		want                    Match
	}{
		{"id and text agree", "BCR-01.1", own, "", known("BCR-01.1")},
		{"a stray blank in the id", "BCR- 01.1", own, "", known("BCR-01.1")},
		{"the text alone", "", own, "", known("BCR-01.1")},
		{"the text wins over a wrong id", "GRC-01.1", own, "", known("BCR-01.1")},
		{"a shared text, decided by id", "GRC-01.2", shared, "", known("GRC-01.2")},
		{"a shared text, decided by control", "", shared, "GRC-01", known("GRC-01.2")},
		{
			"a shared text, undecided", "", shared, "",
			Match{Kind: MatchAmbiguous, HasText: true, Candidates: []Ref{"caiq-4.0/BCR-01.2", "caiq-4.0/GRC-01.2"}},
		},
		{"our topic counts as its text", "", TextHash(topic), "", known("BCR-01.1")},
		{"a known id under another text", "BCR-01.1", TextHash("else"), "", Match{Kind: MatchChanged, Question: "caiq-4.0/BCR-01.1", HasText: true}},
		{"no text is known to compare", "GRC-01.1", TextHash("else"), "", Match{Kind: MatchKnown, Question: "caiq-4.0/GRC-01.1"}},
		{"neither", "X-1", TextHash("else"), "", Match{Kind: MatchNone}},
		{"an empty text is no match", "", "", "", Match{Kind: MatchNone}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, m.Match(c.id, c.hash, c.control)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRef(t *testing.T) {
	t.Parallel()
	r := Ref("ccm-4.1/IAM-13#mfa")
	if r.Set() != "ccm-4.1" || r.ID() != "IAM-13" || r.Part() != "mfa" || r.WithoutPart() != "ccm-4.1/IAM-13" || r.IsQuestion() {
		t.Errorf("parts of %s are wrong", r)
	}
	if q := MakeRef("caiq-4.1", "IAM-13.1"); !q.IsQuestion() || q.ID() != "IAM-13.1" || q.Part() != "" {
		t.Errorf("parts of %s are wrong", q)
	}
}

func TestBand(t *testing.T) {
	t.Parallel()
	if BandSupported.CappedAt(BandPartial) != BandPartial || BandWeak.CappedAt(BandPartial) != BandWeak {
		t.Error("a cap lowers a better band and leaves a worse one")
	}
	if !ReleasePublic.VisibleTo(ReleaseNDA) || ReleaseInternal.VisibleTo(ReleaseNDA) || Release("?").VisibleTo(ReleaseNDA) {
		t.Error("release classes are out of order")
	}
}

func TestProblem_String(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]Problem{
		"a.yaml:12: controls[3].owner: is empty": {File: "a.yaml", Line: 12, Field: "controls[3].owner", Message: "is empty"},
		"Sheet1!C12: not in the list":            {Sheet: "Sheet1", Cell: "C12", Message: "not in the list"},
		"no place":                               {Message: "no place"},
	} {
		if got := p.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
