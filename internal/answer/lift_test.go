package answer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/answer"
	"caique/internal/caiq"
)

func TestLiftsAreToldApartByWhatTheyNameOrSay(t *testing.T) {
	t.Parallel()
	proposal := func(question caiq.Ref, n caiq.Need) caiq.Proposal {
		return caiq.Proposal{Question: question, Needs: []caiq.Need{n}}
	}
	got := engine(t, knowledge(acme())).Lifts([]caiq.Proposal{
		proposal("custom/1", caiq.Need{Code: "candidates", Text: "It asks for a date."}),
		proposal("custom/2", caiq.Need{Code: "candidates", Text: "Choose one."}),
		proposal("custom/3", caiq.Need{Code: "candidates", Text: "Choose one."}),
		proposal("custom/4", caiq.Need{Code: "not_audited", Ref: "acme:AC-01", Text: "AC-01, in short."}),
		proposal("custom/5", caiq.Need{Code: "not_audited", Ref: "acme:AC-01", Text: "AC-01, at length."}),
	})
	want := []answer.Lift{
		{Code: "candidates", Text: "Choose one.", Questions: []caiq.Ref{"custom/2", "custom/3"}},
		{Code: "not_audited", Ref: "acme:AC-01", Text: "AC-01, in short.", Questions: []caiq.Ref{"custom/4", "custom/5"}},
		{Code: "candidates", Text: "It asks for a date.", Questions: []caiq.Ref{"custom/1"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
